"""The builder: both published revisions' settings to estimators that Keras compiles, and what it refuses."""

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
def compile_network():
    """Compile an estimator's network as the training tool does."""

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


def test_an_optimizer_without_options_is_honored(run_tool, tmp_path):
    form = builder_form()
    form["mode_selection"]["compile_params"]["optimizer_selection"] = {"optimizer_type": "SGD", "__current_case__": 0}
    assert run_tool(TOOL, form, architecture=LSTM, outfile="e.zip") == 0
    optimizer = read_estimator(tmp_path / "out" / "e.zip").optimizer
    assert (optimizer["class_name"], optimizer["config"]["learning_rate"]) == ("SGD", 0.01)


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


def test_blank_fields_take_their_defaults(build):
    fit = build(fit={"batch_size": None, "validation_split": None, "shuffle": None}).fit
    assert (fit.batch_size, fit.validation_split, fit.shuffle) == (32, 0.1, True)


def test_the_log_says_each_thing_once_and_the_result_first(build, capsys):
    """Peers printed the whole estimator twice."""
    build()
    said = capsys.readouterr().out.splitlines()
    assert said == [
        "Estimator: classification, loss binary_crossentropy, optimizer Adam (learning rate 0.001), metrics accuracy, "
        "2 epochs, batch size 128",
        "The metric acc is called accuracy in Keras 3",
    ]


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


def make_architecture(path, units, activation, layers=(), input_shape=(4,)):
    """Write the architecture of a network whose last layer is dense."""
    import keras

    inputs = [keras.Input(input_shape)] if input_shape else []
    network = keras.Sequential([*inputs, *layers, keras.layers.Dense(units, activation=activation)])
    path.write_text(network.to_json())
    return path


@pytest.mark.parametrize(
    "task, units, activation, loss, options, metric",
    [
        ("KerasGClassifier", 1, "sigmoid", "binary_crossentropy", {"from_logits": False}, "accuracy"),
        ("KerasGClassifier", 3, "sigmoid", "binary_crossentropy", {"from_logits": False}, "accuracy"),
        ("KerasGClassifier", 3, "softmax", "categorical_crossentropy", {"from_logits": False}, "accuracy"),
        ("KerasGClassifier", 1, "linear", "binary_crossentropy", {"from_logits": True}, "accuracy"),
        ("KerasGClassifier", 3, "linear", "categorical_crossentropy", {"from_logits": True}, "accuracy"),
        ("KerasGClassifier", 1, "tanh", "hinge", {}, "accuracy"),
        ("KerasGClassifier", 3, "tanh", "categorical_hinge", {}, "accuracy"),
        ("KerasGRegressor", 2, "linear", "mean_squared_error", {}, "mean_absolute_error"),
    ],
)
@pytest.mark.parametrize("input_shape", [(4,), None], ids=["built", "unbuilt"])
def test_loss_and_metric_follow_from_task_and_last_layer(
    build, tmp_path, capsys, task, units, activation, loss, options, metric, input_shape
):
    architecture = make_architecture(tmp_path / "a.json", units, activation, input_shape=input_shape)
    estimator = build(architecture, task=task, loss="automatic", metrics=["automatic"])
    assert estimator.loss.name == loss
    assert options.items() <= estimator.loss.options.items()
    assert estimator.metrics[0].name == metric
    said = capsys.readouterr().out
    assert f": {loss}" in said
    assert f"Metric chosen for {estimator.task}: {metric}" in said


def test_an_f_score_of_one_output_gets_a_threshold(build):
    """Without one Keras takes the largest output of a row for positive, and that is always the only one."""
    more = [({"metric_type": "f_beta_score", "beta": 2.0, "average": "macro", "threshold": None}, "")]
    metrics = build(metrics=["f1_score"], more_metrics=more).metrics
    assert [(m.name, m.options["threshold"]) for m in metrics] == [("f1_score", 0.5), ("f_beta_score", 0.5)]


def test_options_of_loss_metrics_and_schedule_are_kept(build):
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


def test_class_weights_are_kept_by_label(build):
    weights = {
        "class_weight_type": "given",
        "class_weights": [{"label": " yes ", "weight": 5}, {"label": "no", "weight": 0}],
    }
    assert build(class_weight=weights).fit.class_weight == {"yes": 5, "no": 0}
    assert build(class_weight={"class_weight_type": "balanced"}).fit.class_weight == "balanced"


def test_the_description_names_what_was_changed(run_tool, tmp_path):
    form = builder_form(
        options={"learning_rate": 0.02, "beta_1": 0.5},
        schedule={"schedule_type": "CosineDecay", "decay_steps": 90},
        callbacks=[{"callback_type": "EarlyStopping", "monitor": "val_loss", "patience": 3}],
        more_metrics=[({"metric_type": "auc", "curve": "PR"}, "")],
        seed=4,
    )
    options = {"architecture": LSTM, "outfile": "e.zip", "outfile_description": "d.txt"}
    assert run_tool(TOOL, form, **options) == 0
    lines = (tmp_path / "out" / "d.txt").read_text().splitlines()
    for line in (
        "Task                classification",
        "Loss                binary_crossentropy",
        "                    auc (curve='PR')",
        "Optimizer           Adam (beta_1=0.5)",
        "Learning rate       0.02",
        "Callbacks           EarlyStopping (patience=3, mode='min')",
        "Seed                4",
        "@\tschedule__decay_steps\tschedule__decay_steps: 90",
        "@\tloss__label_smoothing\tloss__label_smoothing: 0.0",
    ):
        assert line in lines
    assert any(line.startswith("Schedule            CosineDecay (decay_steps=90") for line in lines)
    assert any(line.startswith("Versions            Keras 3") for line in lines)


DOUBTS = {
    "regression between 0 and 1": (
        ("KerasGRegressor", 1, "sigmoid"),
        "mse",
        "keeps the outputs between 0 and 1",
    ),
    "counts below zero": (("KerasGRegressor", 1, "linear"), "poisson", "poisson wants outputs above 0"),
    "loss for classes": (("KerasGRegressor", 1, "linear"), "hinge", "the loss hinge is made for classes"),
    "metric for classes": (("KerasGRegressor", 1, "linear"), "mse", "the metric accuracy is made for classes"),
    "margins of shares": (("KerasGClassifier", 1, "sigmoid"), "hinge", "hinge wants outputs below 0 for one class"),
    "classes that exclude": (("KerasGClassifier", 3, "sigmoid"), "categorical_crossentropy", "exclude each other"),
    "labels of their own": (("KerasGClassifier", 3, "softmax"), "binary_crossentropy", "is for labels of their own"),
    "no probabilities": (
        ("KerasGClassifier", 3, "relu"),
        "categorical_crossentropy",
        "activation is relu",
    ),
    "nothing keeps them": (("KerasGClassifier", 3, "linear"), "mse", "compares the outputs with 0 and 1, and nothing"),
    "a sign": (("KerasGClassifier", 1, "sigmoid"), "cosine_similarity", "nothing but the sign of a single output"),
}


@pytest.mark.parametrize("network, loss, doubt", DOUBTS.values(), ids=DOUBTS.keys())
def test_what_is_likely_wrong_is_a_warning(build, tmp_path, capsys, network, loss, doubt):
    task, units, activation = network
    build(make_architecture(tmp_path / "a.json", units, activation), task=task, loss=loss)
    said = [line for line in capsys.readouterr().out.splitlines() if line.startswith("Warning: ")]
    assert any(doubt in line for line in said), said


def test_thresholds_of_logits_are_a_warning(build, tmp_path, capsys):
    architecture = make_architecture(tmp_path / "a.json", 1, "linear")
    build(architecture, loss="automatic", metrics=["precision"])
    assert "precision compares the outputs with thresholds from 0 to 1" in capsys.readouterr().out


@pytest.mark.parametrize("architecture", [LSTM, CLASSIFIER, REGRESSOR], ids=["binary", "classes", "numbers"])
def test_what_fits_gives_no_warning(build, capsys, architecture):
    task = "KerasGRegressor" if architecture == REGRESSOR else "KerasGClassifier"
    build(architecture, task=task, loss="automatic", metrics=["automatic"])
    assert "Warning" not in capsys.readouterr().out


REFUSALS = {
    "cross-entropy for a regression": (REGRESSOR, {"task": "KerasGRegressor"}, "loss: found binary_crossentropy for"),
    "one output for classes": (LSTM, {"loss": "categorical_crossentropy"}, "loss: found categorical_crossentropy for"),
    "rate below zero": (LSTM, {"options": {"learning_rate": -1}}, "optimizer Adam, learning_rate: found -1"),
    "beta of one": (LSTM, {"options": {"beta_1": 1}}, "optimizer Adam, beta_1: found 1; expected"),
    "no epochs": (LSTM, {"fit": {"epochs": 0}}, "epochs: found 0; expected a whole number from 1"),
    "negative seed": (LSTM, {"seed": -1}, "seed: found -1; expected a whole number from 0"),
    "no JSON": (TEST_DATA / "not_json.json", {}, "architecture: the file is not JSON"),
    "Lambda": (TEST_DATA / "lambda_architecture.json", {}, "layer 4: found a Lambda layer"),
    "factor above one": (
        LSTM,
        {"callbacks": [{"callback_type": "ReduceLROnPlateau", "factor": 1.5}]},
        "callback ReduceLROnPlateau, factor: found 1.5; expected a number above 0 to below 1",
    ),
    "an option of another loss": (
        LSTM,
        {"loss_options": {"delta": 1.0}},
        "loss BinaryCrossentropy: found the option delta; expected one of from_logits",
    ),
    "logits of probabilities": (
        LSTM,
        {"loss_options": {"from_logits": True}},
        "loss binary_crossentropy, from_logits: found it on for a last layer with sigmoid",
    ),
    "probabilities of logits": (
        REGRESSOR,
        {},
        "outputs are logits; expected the activation sigmoid in the last layer, or from_logits in the loss",
    ),
    "an output for each class": (
        REGRESSOR,
        {"loss": "categorical_hinge", "task": "KerasGClassifier"},
        "loss: found categorical_hinge for a network with 1 output; expected binary_crossentropy",
    ),
    "metric of another target": (
        CLASSIFIER,
        {"loss": "sparse_categorical_crossentropy", "metrics": ["auc"]},
        "metrics: found auc with sparse_categorical_crossentropy and 3 outputs",
    ),
    "metric that is not measured": (
        LSTM,
        {"callbacks": [{"callback_type": "EarlyStopping", "monitor": "val_auc"}]},
        "callback EarlyStopping, monitor: found val_auc; expected one of loss, val_loss, accuracy, val_accuracy",
    ),
    "schedule and plateau": (
        LSTM,
        {
            "schedule": {"schedule_type": "PolynomialDecay", "decay_steps": 5},
            "callbacks": [{"callback_type": "ReduceLROnPlateau", "monitor": "loss"}],
        },
        "schedule PolynomialDecay: found it together with the callback ReduceLROnPlateau",
    ),
    "weights of numbers": (
        REGRESSOR,
        {"task": "KerasGRegressor", "loss": "mse", "metrics": [], "class_weight": {"class_weight_type": "balanced"}},
        "class weights: found them for a regression",
    ),
    "too many weights": (
        LSTM,
        {
            "class_weight": {
                "class_weight_type": "given",
                "class_weights": [{"label": label, "weight": 1} for label in "abc"],
            }
        },
        "class weights: found 3 labels for a network with 1 output; expected at most 2",
    ),
    "a label twice": (
        LSTM,
        {
            "class_weight": {
                "class_weight_type": "given",
                "class_weights": [{"label": "a", "weight": 1}, {"label": "a", "weight": 2}],
            }
        },
        "class weight 2: found the label a twice",
    ),
    "no list of numbers": (
        LSTM,
        {"schedule": {"schedule_type": "PiecewiseConstantDecay", "boundaries": "ten", "values": "0.1"}},
        "PiecewiseConstantDecay, boundaries: found",
    ),
}


def test_no_loss_is_guessed_for_a_last_layer_that_fits_none(check_refusal, tmp_path):
    architecture = make_architecture(tmp_path / "a.json", 3, "relu")
    line = check_refusal(TOOL, builder_form(loss="automatic"), architecture=architecture, outfile="e.zip")
    assert "loss: found automatic for a classifier that ends in relu; expected a loss by name" in line


def _write_outputs(path, ends):
    import keras

    inputs = keras.Input((4,))
    path.write_text(
        keras.Model(inputs, [keras.layers.Dense(units, activation=name)(inputs) for units, name in ends]).to_json()
    )
    return path


@pytest.mark.parametrize(
    "ends, task, loss",
    [
        ([(2, "linear"), (3, "linear")], "KerasGRegressor", "mean_squared_error"),
        ([(2, "linear"), (1, "softplus")], "KerasGRegressor", "mean_squared_error"),
        ([(2, "sigmoid"), (3, "sigmoid")], "KerasGClassifier", "binary_crossentropy"),
        ([(2, "softmax"), (3, "softmax")], "KerasGClassifier", "categorical_crossentropy"),
        ([(1, "sigmoid"), (3, "softmax")], "KerasGClassifier", "categorical_crossentropy"),
        ([(2, "linear"), (1, "linear")], "KerasGClassifier", "categorical_crossentropy"),
        ([(1, "tanh"), (3, "tanh")], "KerasGClassifier", "categorical_hinge"),
    ],
)
def test_several_outputs_get_the_loss_that_fits_all_of_them(build, tmp_path, ends, task, loss):
    assert build(_write_outputs(tmp_path / "a.json", ends), loss="automatic", task=task).loss.name == loss


def test_each_output_with_classes_of_its_own_is_named_with_its_loss(run_tool, tmp_path, capsys):
    files = {"architecture": _write_outputs(tmp_path / "a.json", [(1, "sigmoid"), (3, "softmax")])}
    form = builder_form(loss="automatic", metrics=["automatic"])
    assert run_tool(TOOL, form, **files, outfile="e.zip", outfile_description="text") == 0
    assert re.search(r"Outputs +dense\w*: 1 unit, sigmoid, binary_", (tmp_path / "out" / "text").read_text())
    said = capsys.readouterr().out
    assert "Loss chosen for classification and sigmoid and softmax: categorical_crossentropy" in said
    assert re.search(r"Output dense\w*: 1 unit, sigmoid, binary_crossentropy\n", said)
    assert re.search(r"Output dense\w*: 3 units, softmax, categorical_crossentropy\n", said)
    assert "Warning" not in said


@pytest.mark.parametrize(
    "ends, changes, message",
    [
        ([(2, "sigmoid"), (3, "softmax")], {"loss": "automatic"}, "found automatic for outputs with sigmoid, softmax"),
        ([(1, "linear"), (3, "softmax")], {"loss": "automatic"}, "expected a loss by name, or the same activation in"),
        ([(1, "softmax"), (3, "softmax")], {"loss": "mse"}, "found softmax over 1 unit"),
        (
            [(1, "sigmoid"), (3, "softmax")],
            {"loss": "automatic", "class_weight": {"class_weight_type": "balanced"}},
            "class weights: found them for a network with 2 outputs that each have their own classes",
        ),
        (
            [(1, "sigmoid"), (3, "softmax")],
            {"loss": "automatic", "metrics": ["categorical_accuracy"]},
            "metrics: found categorical_accuracy with binary_crossentropy and 1 output",
        ),
    ],
)
def test_several_outputs_that_do_not_go_together_are_refused(check_refusal, tmp_path, ends, changes, message):
    architecture = _write_outputs(tmp_path / "a.json", ends)
    assert message in check_refusal(TOOL, builder_form(**changes), architecture=architecture, outfile="e.zip")


@pytest.mark.parametrize("architecture, changes, message", REFUSALS.values(), ids=REFUSALS.keys())
def test_what_cannot_be_trained_is_refused(check_refusal, architecture, changes, message):
    line = check_refusal(TOOL, builder_form(**changes), architecture=architecture, outfile="e.zip")
    assert message in line
