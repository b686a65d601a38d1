"""The builder: both published revisions' settings to estimators that Keras compiles, and what it refuses."""

import re

import pytest
from conftest import ROOT, TEST_DATA
from forms import builder_form

from galaxy_keras.architecture import build_model
from galaxy_keras.estimator_file import read_estimator
from galaxy_keras.families import name_class
from galaxy_keras.measures import Measure
from galaxy_keras.optimizers import read_options

TOOL = "keras_model_builder"
LSTM = TEST_DATA / "lstm_architecture.json"
CLASSIFIER = TEST_DATA / "dense_classifier_architecture.json"
REGRESSOR = TEST_DATA / "dense_regressor_architecture.json"


def _list_options(parameter: str) -> list[str]:
    """Give the values that the wrapper's form offers for a select."""
    text = "".join(path.read_text() for path in sorted((ROOT / "tools" / TOOL).glob("*.xml")))
    select = re.search(rf'<param name="{parameter}" type="select".*?</param>', text, re.DOTALL).group()
    return re.findall(r'<option value="([^"]+)"', select)


@pytest.fixture
def build(run_tool, tmp_path):
    """Build an estimator and read it."""

    def build(architecture=LSTM, **changes):
        assert run_tool(TOOL, builder_form(**changes), architecture=architecture, outfile="e.zip") == 0
        return read_estimator(tmp_path / "out" / "e.zip")

    return build


@pytest.fixture
def compile_network(load_tool_module):
    """Compile an estimator's network as the training tool does."""
    compiling = load_tool_module("keras_train_and_eval", "compiling")

    def compile_network(estimator):
        network = build_model(estimator.architecture)
        compiling.compile_network(network, estimator, is_multilabel=False)
        return network

    return compile_network


def test_the_tutorials_estimator(build):
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
def test_every_loss_of_the_form_is_known_to_keras(build, compile_network, loss):
    """Under the name that the estimator holds (peers offered two that no Keras knows)."""
    network = compile_network(build(CLASSIFIER, loss=loss, metrics=[]))
    assert name_class(type(network.loss).__name__) == build(CLASSIFIER, loss=loss, metrics=[]).loss.name


def test_every_metric_of_the_form_is_kept_once(build):
    """All that a network with three outputs allows; the others are those of a target of numbers of classes."""
    names = [name for name in _list_options("metrics") if not name.startswith(("sparse_", "top_k"))]
    metrics = [metric.name for metric in build(CLASSIFIER, loss="categorical_crossentropy", metrics=names).metrics]
    assert len(set(metrics)) == len(metrics)
    assert "none" not in metrics
    assert {"accuracy", "mean_squared_error", "cosine_similarity", "auc", "r2_score"} <= set(metrics)
    assert len(metrics) > 25


@pytest.mark.parametrize("metrics", [[], ["none"], None], ids=["empty", "none", "null"])
def test_no_metric_may_be_chosen(build, metrics):
    assert build(metrics=metrics).metrics == []


def test_zeros_stay_zero_and_blanks_take_keras_defaults(build):
    options = read_options(build(options={"learning_rate": 0, "beta_1": 0, "beta_2": None, "epsilon": None}).optimizer)
    assert (options["learning_rate"], options["beta_1"]) == (0, 0)
    assert (options["beta_2"], options["epsilon"]) == (0.999, 1e-7)


def test_options_of_keras_2_are_mapped(build, capsys):
    options = {"learning_rate": 0.001, "lr": 0.02, "decay": 0.1, "momentum": 0.5, "nesterov": True}
    found = read_options(build(optimizer="SGD", options=options).optimizer)
    assert (found["learning_rate"], found["decay"], found["momentum"], found["nesterov"]) == (0.02, 0.1, 0.5, True)
    said = capsys.readouterr().out
    assert "lr 0.02 is used as learning_rate" in said
    assert "decay 0.1: the learning rate is divided by 1 + 0.1 * step" in said


def test_decay_lowers_the_learning_rate_as_keras_2_did(build, compile_network):
    schedule = compile_network(build(options={"lr": 0.1, "decay": 0.5})).optimizer._learning_rate
    assert [float(schedule(step)) for step in (0, 1, 4)] == pytest.approx([0.1, 0.1 / 1.5, 0.1 / 3])


def test_an_option_without_effect_is_named(build, capsys):
    build(optimizer="Nadam", options={"schedule_decay": 0.004}, fit={"verbose": 0})
    said = capsys.readouterr().out
    assert "schedule_decay was ignored" in said
    assert "verbose was ignored" in said


def test_callbacks_are_kept_but_the_log_which_always_comes(build, capsys):
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
    assert "CSVLogger was left out" in capsys.readouterr().out


def test_blank_batch_size_is_keras_32(build):
    assert build(fit={"batch_size": None}).fit.batch_size == 32


def test_the_list_of_parameters_names_layers_and_options(run_tool, tmp_path):
    options = {"architecture": LSTM, "outfile": "e.zip", "outfile_params": "p.tabular"}
    assert run_tool(TOOL, builder_form(options={"lr": 0.01}), **options) == 0
    rows = [line.split("\t") for line in (tmp_path / "out" / "p.tabular").read_text().splitlines()]
    assert rows[0] == ["", "Parameter", "Value"]
    values = {name: (mark, value) for mark, name, value in rows[1:]}
    assert values["learning_rate"] == ("@", "learning_rate: 0.01")
    assert values["layers_1_Embedding__config__output_dim"] == ("@", "layers_1_Embedding__config__output_dim: 8")


def test_a_prefitted_network_becomes_an_estimator(run_tool, tmp_path):
    form = {"mode_selection": {"mode_type": "prefitted"}}
    weights = TEST_DATA / "dense_classifier.weights.h5"
    assert run_tool(TOOL, form, architecture=CLASSIFIER, weights=weights, outfile="e.zip") == 0
    fitted = read_estimator(tmp_path / "out" / "e.zip").fitted
    assert (fitted.target_kind, fitted.feature_count, fitted.target_names) == ("outputs", 4, ["0", "1", "2"])


def test_weights_of_another_network_are_refused(check_refusal):
    form = {"mode_selection": {"mode_type": "prefitted"}}
    weights = TEST_DATA / "dense_classifier.weights.h5"
    line = check_refusal(TOOL, form, architecture=REGRESSOR, weights=weights, outfile="e.zip")
    assert "weights: found 43 weights; expected 31" in line


REFUSALS = {
    "cross-entropy for a regression": (REGRESSOR, {"task": "KerasGRegressor"}, "loss: found binary_crossentropy for"),
    "one output for classes": (LSTM, {"loss": "categorical_crossentropy"}, "loss: found categorical_crossentropy for"),
    "rate below zero": (LSTM, {"options": {"learning_rate": -1}}, "optimizer Adam, learning_rate: found -1"),
    "beta of one": (LSTM, {"options": {"beta_1": 1}}, "optimizer Adam, beta_1: found 1; expected"),
    "no epochs": (LSTM, {"fit": {"epochs": 0}}, "epochs: found 0; expected a whole number from 1"),
    "negative seed": (LSTM, {"seed": -1}, "seed: found -1; expected a whole number from 0"),
    "no JSON": (TEST_DATA / "not_json.json", {}, "architecture: found no JSON"),
    "Lambda": (TEST_DATA / "lambda_architecture.json", {}, "layer 4: found a Lambda layer"),
    "factor above one": (
        LSTM,
        {"callbacks": [{"callback_type": "ReduceLROnPlateau", "factor": 1.5}]},
        "callback ReduceLROnPlateau, factor: found 1.5; expected a number above 0 to below 1",
    ),
}


@pytest.mark.parametrize("architecture, changes, message", REFUSALS.values(), ids=REFUSALS.keys())
def test_what_cannot_be_trained_is_refused(check_refusal, architecture, changes, message):
    line = check_refusal(TOOL, builder_form(**changes), architecture=architecture, outfile="e.zip")
    assert message in line
