"""Layers, losses and options with the names of Keras 2 and of published workflows."""

import json

import pytest
from examples.default_forms import builder_form, config_form, functional_form, layer_block
from examples.scripts import TEST_DATA

from galaxy_keras.catalog.optimizers import read_options
from galaxy_keras.estimator.file import read_estimator

CLASSIFIER = TEST_DATA / "dense_classifier_architecture.json"
REGRESSOR = TEST_DATA / "dense_regressor_architecture.json"
LSTM = TEST_DATA / "lstm_architecture.json"


@pytest.fixture
def configure(run_tool, tmp_path):
    """Return a function that runs the script and returns classes and configurations of the layers."""

    def configure(form, **outputs):
        assert run_tool("keras_model_config", form, outfile="a.json", **outputs) == 0
        layers = json.loads((tmp_path / "out" / "a.json").read_text())["config"]["layers"]
        return [(layer["class_name"], layer["config"]) for layer in layers]

    return configure


@pytest.fixture
def build(run_tool, tmp_path):
    """Return a function that runs the script and reads the estimator."""

    def build(architecture, **changes):
        form = builder_form(**changes)
        assert run_tool("keras_model_builder", form, architecture=architecture, outfile="e.zip") == 0
        return read_estimator(tmp_path / "out" / "e.zip")

    return build


def test_layers_of_keras_2_are_converted(configure, capsys):
    layers = configure(
        config_form(
            layer_block("CuDNNGRU", units=5),
            {"layer_type": "ThresholdedReLU", "theta": 0.75},
            {"layer_type": "LeakyReLU", "alpha": 0.125},
            {"layer_type": "ReLU", "max_value": 0.0, "negative_slope": 0.0},
            input_shape="(6, 4)",
        )
    )
    said = capsys.readouterr().out
    assert "layer 1 (CuDNNGRU): CuDNNGRU is GRU in Keras 3, reset_after=True" in said
    assert "layer 4 (ReLU): max_value 0 was ignored, because the layer would give 0 for every input" in said
    configs = dict(layers[1:4])
    assert configs["GRU"]["reset_after"] is True
    assert configs["ReLU"]["threshold"] == 0.75
    assert configs["LeakyReLU"]["negative_slope"] == 0.125
    assert layers[4][1]["max_value"] is None


def test_an_embedding_may_contain_the_input_shape_and_length(configure, capsys):
    arguments = "input_length=500, batch_input_shape=(None, 500)"
    embedding = {"layer_type": "Embedding", "input_dim": 9, "output_dim": 4, "kwargs": arguments}
    layers = configure(config_form(embedding, {"layer_type": "LSTM", "units": 3, "kwargs": ""}, input_shape=""))
    assert layers[0][1]["batch_shape"] == [None, 500]
    assert "layer 1 (Embedding): input_length was ignored; Keras 3 does not need it" in capsys.readouterr().out


def test_the_default_output_layer_is_the_last_layer(configure, capsys):
    form = functional_form(
        layer_block("Input", shape="(8,)"),
        layer_block("Dense", units=8, inbound_nodes="1"),
        layer_block("GaussianDropout", rate=0.25, inbound_nodes="2"),
        layer_block("Add", merging_layers="[1, 3]"),
        layer_block("RepeatVector", n=3, inbound_nodes="4"),
        layer_block("Dot", merging_layers="[5, 5]", axis="2", normalize=True),
    )
    classes = [name for name, _ in configure(form)]
    said = capsys.readouterr().out
    assert "output_layers: not set; using 6" in said
    assert "layer 6 (Dot): output shape (None, 3, 3), 0 parameters" in said
    assert classes == ["InputLayer", "Dense", "GaussianDropout", "Add", "RepeatVector", "Dot"]


def test_losses_and_metrics_of_keras_2_are_converted(build, capsys):
    estimator = build(
        REGRESSOR,
        task="KerasGRegressor",
        loss="logcosh",
        metrics=["mse", "mae", "cosine"],
        optimizer="RMSprop",
        options={"lr": 0.02, "decay": 0.5},
    )
    assert estimator.loss.name == "log_cosh"
    assert [metric.name for metric in estimator.metrics] == [
        "mean_squared_error",
        "mean_absolute_error",
        "cosine_similarity",
    ]
    assert read_options(estimator.optimizer)["decay"] == 0.5
    said = capsys.readouterr().out
    assert "The loss logcosh is called log_cosh in Keras 3" in said
    assert build(CLASSIFIER, loss="kullback_leibler_divergence", metrics=[]).loss.name == "kl_divergence"


def test_zeros_of_an_optimizer_are_kept(build):
    options = {"learning_rate_power": 0.0, "initial_accumulator_value": 0.0}
    found = read_options(build(CLASSIFIER, loss="mse", optimizer="Ftrl", options=options).optimizer)
    assert (found["learning_rate_power"], found["initial_accumulator_value"]) == (0.0, 0.0)


def test_ignored_fields_are_logged(build, capsys):
    build(LSTM, fit={"validation_split": 0.3, "steps_per_epoch": 7, "validation_steps": 3, "verbose": 2})
    said = capsys.readouterr().out
    assert "validation_split is stored" in said
    assert "verbose is ignored" in said


def test_all_callbacks_can_be_combined(build, capsys):
    callbacks = [
        {"callback_type": "EarlyStopping", "monitor": "loss", "min_delta": 0.0, "patience": 0},
        {"callback_type": "ReduceLROnPlateau", "monitor": "val_loss", "factor": 0.25, "min_lr": 0.002},
        {"callback_type": "TerminateOnNaN"},
        {"callback_type": "CSVLogger"},
        {"callback_type": "None"},
        {"callback_type": "ModelCheckpoint", "monitor": "val_acc"},
        {"callback_type": "SwapEMAWeights"},
    ]
    fit = build(LSTM, optimizer="Muon", common_options={"use_ema": True, "ema_momentum": 0.9}, callbacks=callbacks).fit
    found = {callback["class_name"]: callback["config"] for callback in fit.callbacks}
    assert list(found) == ["EarlyStopping", "ReduceLROnPlateau", "TerminateOnNaN", "ModelCheckpoint", "SwapEMAWeights"]
    assert found["EarlyStopping"]["monitor"] == "loss"
    assert (found["ReduceLROnPlateau"]["factor"], found["ReduceLROnPlateau"]["min_lr"]) == (0.25, 0.002)
    assert found["ModelCheckpoint"]["monitor"] == "val_accuracy"
    assert found["SwapEMAWeights"]["swap_on_epoch"] is False
    assert "CSVLogger was removed" in capsys.readouterr().out


def test_metrics_with_options_and_class_weights_are_stored(build):
    weights = [{"label": "setosa", "weight": 2}, {"label": "Iris [virginica]", "weight": 0.5}]
    estimator = build(
        CLASSIFIER,
        loss="categorical_focal_crossentropy",
        loss_options={"gamma": 3},
        metrics=["automatic", "f1_score"],
        more_metrics=[({"metric_type": "precision_at_recall", "recall": 0.75, "class_id": 2}, "")],
        class_weight={"class_weight_type": "given", "class_weights": weights},
    )
    options = estimator.metrics[-1].options
    assert (options["recall"], options["class_id"]) == (0.75, 2)
    assert estimator.fit.class_weight == {"setosa": 2, "Iris [virginica]": 0.5}


def test_an_architecture_of_keras_2_is_converted(build, capsys):
    build(TEST_DATA / "keras_2_architecture.json", loss="automatic", metrics=["automatic"])
    assert "architecture: written by Keras 2.3.1, converted to Keras 3" in capsys.readouterr().out
