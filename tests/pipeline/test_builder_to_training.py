"""Training of estimators with the settings that the builder chooses automatically."""

import pandas as pd
import pytest
from examples.default_forms import builder_form, training_form
from examples.scripts import TEST_DATA

from galaxy_keras.estimator.file import read_estimator

MEASURES = TEST_DATA / "iris_measures.tabular"


@pytest.fixture
def fit(run_tool, tmp_path):
    """Return a function that builds an estimator with default settings, trains it and returns it."""

    def fit(units, activation, target, task="KerasGClassifier", **changes):
        import keras

        architecture = tmp_path / "architecture.json"
        layers = [keras.Input((4,)), keras.layers.Dense(units, activation=activation)]
        architecture.write_text(keras.Sequential(layers).to_json())
        form = builder_form(task=task, **{"loss": "automatic", "metrics": ["automatic"], **changes})
        assert run_tool("keras_model_builder", form, architecture=architecture, outfile="estimator.zip") == 0
        files = {"estimator": tmp_path / "out" / "estimator.zip", "features": MEASURES, "target": target}
        outputs = {"outfile_result": "result", "outfile_object": "fitted.zip", "outfile_weights": "weights.h5"}
        assert run_tool("keras_train_and_eval", training_form(), **files, **outputs) == 0
        return read_estimator(tmp_path / "out" / "fitted.zip")

    return fit


@pytest.fixture
def write_target(tmp_path):
    """Return a function that writes a target computed from the iris measurements and species."""

    def write(make):
        table = pd.read_csv(MEASURES, sep="\t").join(pd.read_csv(TEST_DATA / "iris_species.tabular", sep="\t"))
        path = tmp_path / "target.tabular"
        make(table).to_csv(path, sep="\t", index=False)
        return path

    return write


def species(table):
    return table[["species"]]


def is_setosa(table):
    return (table[["species"]] == "setosa").replace({True: "yes", False: "no"})


def long_and_wide(table):
    return pd.DataFrame({"long": table["petal_length"] > 4, "wide": table["sepal_width"] > 3}).astype(int)


def widths(table):
    return table[["petal_width", "sepal_width"]]


@pytest.mark.parametrize(
    "units, activation, make, kind, threshold",
    [
        (1, "sigmoid", is_setosa, "labels", 0.5),
        (1, "linear", is_setosa, "labels", 0.0),
        (1, "tanh", is_setosa, "labels", 0.0),
        (3, "softmax", species, "labels", None),
        (3, "linear", species, "labels", None),
        (3, "tanh", species, "labels", None),
        (2, "sigmoid", long_and_wide, "multilabel", 0.5),
    ],
)
def test_automatic_settings_train_a_classifier(fit, write_target, units, activation, make, kind, threshold):
    estimator = fit(units, activation, write_target(make))
    assert (estimator.fitted.target_kind, estimator.fitted.threshold) == (kind, threshold)
    assert {"loss", "val_loss", "accuracy", "val_accuracy"} <= estimator.history.keys()


def test_automatic_settings_train_a_regressor(fit, write_target):
    estimator = fit(2, "linear", write_target(widths), task="KerasGRegressor")
    assert estimator.fitted.target_names == ["petal_width", "sepal_width"]
    assert "val_mean_absolute_error" in estimator.history


def test_settings_of_every_kind_can_be_combined(fit, write_target):
    """Combine options of loss and metrics, a schedule, weight averaging, class weights and callbacks."""
    estimator = fit(
        *(3, "softmax", write_target(species)),
        loss_options={"label_smoothing": 0.1},
        more_metrics=[
            ({"metric_type": "auc", "curve": "PR"}, "auc_pr"),
            ({"metric_type": "recall", "class_id": 2}, ""),
        ],
        optimizer="AdamW",
        schedule={"schedule_type": "CosineDecay", "decay_steps": 4},
        common_options={"use_ema": True, "global_clipnorm": 1.0},
        callbacks=[
            {"callback_type": "ModelCheckpoint", "monitor": "val_auc_pr"},
            {"callback_type": "SwapEMAWeights", "swap_on_epoch": True},
        ],
        class_weight={"class_weight_type": "given", "class_weights": [{"label": "virginica", "weight": 2}]},
        seed=1,
    )
    assert {"val_auc_pr", "val_recall"} <= estimator.history.keys()
    assert len(estimator.history["loss"]) == 2
