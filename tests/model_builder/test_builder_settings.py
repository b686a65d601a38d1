"""Settings of the builder's form: losses, metrics, optimizers, schedules, callbacks and fit parameters."""

import re

import pytest
from examples.default_forms import builder_form
from examples.scripts import ROOT, TEST_DATA

from galaxy_keras.catalog.classes import name_class
from galaxy_keras.catalog.losses_and_metrics import Measure
from galaxy_keras.catalog.optimizers import read_options, read_schedule
from galaxy_keras.estimator.file import read_estimator
from galaxy_keras.network.architecture import build_model
from training.fitting import compiling

TOOL = "keras_model_builder"
LSTM = TEST_DATA / "lstm_architecture.json"
CLASSIFIER = TEST_DATA / "dense_classifier_architecture.json"


def _list_options(parameter: str) -> list[str]:
    """Return the values of a select parameter in the wrapper's form."""
    text = "".join(path.read_text() for path in sorted((ROOT / "tools" / TOOL).glob("*.xml")))
    select = re.search(rf'<param name="{parameter}" type="select".*?</param>', text, re.DOTALL).group()
    return re.findall(r'<option value="([^"]+)"', select)


@pytest.fixture
def compile_network():
    """Compile an estimator's network as the training tool does."""

    def compile_network(estimator):
        network = build_model(estimator.architecture)
        compiling.compile_network(network, estimator, is_multilabel=False)
        return network

    return compile_network


def test_the_tutorial_settings_create_an_estimator(build):
    estimator = build(seed=5)
    assert (estimator.task, estimator.loss.name, estimator.metrics) == (
        "classification",
        "binary_crossentropy",
        [Measure("accuracy")],
    )
    assert estimator.optimizer["class_name"] == "Adam"
    assert (estimator.fit.epochs, estimator.fit.batch_size, estimator.seed) == (2, 128, 5)
    assert (estimator.fit.shuffle, estimator.fit.class_weight) == (True, None)
    assert estimator.fitted is None


@pytest.mark.parametrize("optimizer", _list_options("optimizer_type"))
def test_every_optimizer_of_the_form_compiles(build, compile_network, optimizer):
    assert type(compile_network(build(optimizer=optimizer)).optimizer).__name__ == optimizer


@pytest.mark.parametrize("loss", [loss for loss in _list_options("loss") if loss != "automatic"])
def test_every_loss_of_the_form_exists_in_keras(build, compile_network, loss):
    """The name in Keras is the name in the estimator."""
    network = compile_network(build(CLASSIFIER, loss=loss, metrics=[]))
    assert name_class(type(network.loss).__name__) == build(CLASSIFIER, loss=loss, metrics=[]).loss.name


def test_every_metric_of_the_form_is_stored_once(build):
    """The sparse and top-k metrics are excluded, because they need integer targets."""
    names = [name for name in _list_options("metrics") if not name.startswith(("sparse_", "top_k"))]
    metrics = [metric.name for metric in build(CLASSIFIER, loss="categorical_crossentropy", metrics=names).metrics]
    assert len(set(metrics)) == len(metrics)
    assert "none" not in metrics
    assert {"accuracy", "mean_squared_error", "cosine_similarity", "auc", "r2_score"} <= set(metrics)
    assert len(metrics) > 25


@pytest.mark.parametrize("metrics", [[], ["none"], None], ids=["empty", "none", "null"])
def test_metrics_are_optional(build, metrics):
    assert build(metrics=metrics).metrics == []


def test_zeros_are_kept_and_empty_fields_use_the_defaults_of_keras(build):
    options = read_options(build(options={"learning_rate": 0, "beta_1": 0, "beta_2": None, "epsilon": None}).optimizer)
    assert (options["learning_rate"], options["beta_1"]) == (0, 0)
    assert (options["beta_2"], options["epsilon"]) == (0.999, 1e-7)


def test_an_optimizer_without_options_is_accepted(run_tool, tmp_path):
    form = builder_form()
    form["mode_selection"]["compile_params"]["optimizer_selection"] = {"optimizer_type": "SGD", "__current_case__": 0}
    assert run_tool(TOOL, form, architecture=LSTM, outfile="e.zip") == 0
    optimizer = read_estimator(tmp_path / "out" / "e.zip").optimizer
    assert (optimizer["class_name"], optimizer["config"]["learning_rate"]) == ("SGD", 0.01)


def test_options_of_keras_2_are_converted(build, capsys):
    options = {"learning_rate": 0.001, "lr": 0.02, "decay": 0.1, "momentum": 0.5, "nesterov": True}
    found = read_options(build(optimizer="SGD", options=options).optimizer)
    assert (found["learning_rate"], found["decay"], found["momentum"], found["nesterov"]) == (0.02, 0.1, 0.5, True)
    said = capsys.readouterr().out
    assert "lr 0.02 is used as learning_rate" in said
    assert "decay 0.1: the learning rate is divided by 1 + 0.1 * step" in said


def test_decay_reduces_the_learning_rate_as_in_keras_2(build, compile_network):
    schedule = compile_network(build(options={"lr": 0.1, "decay": 0.5})).optimizer._learning_rate
    assert [float(schedule(step)) for step in (0, 1, 4)] == pytest.approx([0.1, 0.1 / 1.5, 0.1 / 3])


def test_ignored_options_are_logged(build, capsys):
    build(optimizer="Nadam", options={"schedule_decay": 0.004}, fit={"verbose": 0})
    said = capsys.readouterr().out
    assert "schedule_decay was ignored" in said
    assert "verbose is ignored" in said


def test_callbacks_except_csv_logger_are_stored(build, capsys):
    callbacks = [
        {"callback_type": "EarlyStopping", "monitor": "val_loss", "mode": "auto", "min_delta": 0, "patience": 0,
         "baseline": None, "restore_best_weights": True},
        {"callback_type": "CSVLogger"},
        {"callback_type": "TerminateOnNaN"},
        {"callback_type": "None"},
        {"callback_type": "ReduceLROnPlateau", "monitor": "loss", "mode": "min", "factor": 0.1, "patience": 10,
         "min_delta": 0.0001, "cooldown": 0, "min_lr": 0},
    ]  # fmt: skip
    found = build(callbacks=callbacks).fit.callbacks
    assert [c["class_name"] for c in found] == ["EarlyStopping", "TerminateOnNaN", "ReduceLROnPlateau"]
    assert found[0]["config"]["restore_best_weights"] is True
    assert found[0]["config"]["patience"] == 0
    assert "CSVLogger was removed" in capsys.readouterr().out


def test_empty_fit_parameters_use_the_defaults(build):
    fit = build(fit={"batch_size": None, "validation_split": None, "shuffle": None}).fit
    assert (fit.batch_size, fit.validation_split, fit.shuffle) == (32, 0.1, True)


def test_options_of_loss_metrics_and_schedule_are_stored(build):
    estimator = build(
        CLASSIFIER,
        loss="categorical_focal_crossentropy",
        loss_options={"gamma": 3, "label_smoothing": 0.1},
        metrics=["none"],
        more_metrics=[({"metric_type": "auc", "curve": "PR"}, "auc_pr"), ({"metric_type": "auc", "curve": "ROC"}, "")],
        schedule={"schedule_type": "PiecewiseConstantDecay", "boundaries": "10, 20", "values": "0.1,0.01,"},
        common_options={"clipnorm": 1.5, "use_ema": True},
    )
    assert (estimator.loss.options["gamma"], estimator.loss.options["label_smoothing"]) == (3.0, 0.1)
    assert [(m.column, m.options["curve"]) for m in estimator.metrics] == [("auc_pr", "PR"), ("auc", "ROC")]
    options = {"boundaries": [10, 20], "values": [0.1, 0.01]}
    assert read_schedule(estimator.optimizer) == ("PiecewiseConstantDecay", options)
    assert (read_options(estimator.optimizer)["clipnorm"], read_options(estimator.optimizer)["use_ema"]) == (1.5, True)


def test_class_weights_are_stored_by_label(build):
    weights = {
        "class_weight_type": "given",
        "class_weights": [{"label": " yes ", "weight": 5}, {"label": "no", "weight": 0}],
    }
    assert build(class_weight=weights).fit.class_weight == {"yes": 5, "no": 0}
    assert build(class_weight={"class_weight_type": "balanced"}).fit.class_weight == "balanced"
