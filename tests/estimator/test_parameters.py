"""List of parameters and hyperparameter overrides."""

from dataclasses import replace

import pytest
from examples.scripts import TEST_DATA

from galaxy_keras.catalog.callbacks import read_callback
from galaxy_keras.catalog.losses_and_metrics import read_metric
from galaxy_keras.catalog.optimizers import make_optimizer, read_options, read_schedule
from galaxy_keras.errors import InputError
from galaxy_keras.estimator.file import read_estimator
from galaxy_keras.estimator.parameters import list_parameters, set_parameter, set_parameters
from galaxy_keras.network.architecture import read_architecture


@pytest.fixture
def estimator():
    return read_estimator(TEST_DATA / "species_estimator.zip")


def layer_config(estimator, number):
    return estimator.architecture["config"]["layers"][number]["config"]


def test_the_list_is_sorted_by_depth_and_marked(estimator):
    rows = list_parameters(estimator)
    groups = {name: group for group, name, _ in rows[:-1]}
    assert groups["epochs"] == groups["layers_1_Dense__config__units"] == "@"
    assert groups["layers_1_Dense__config__name"] == groups["callbacks"] == "*"
    depths = [min(name.count("__"), 2) for _, name, _ in rows[:-1]]
    assert depths == sorted(depths)
    assert rows[-1][:2] == ("", "Note:")


@pytest.mark.parametrize(
    "name, value, found",
    [
        ("epochs", 7, lambda e: e.fit.epochs),
        ("batch_size", 5, lambda e: e.fit.batch_size),
        ("seed", None, lambda e: e.seed),
        ("loss", "kl_divergence", lambda e: e.loss.name),
        ("metrics", ["accuracy", "cosine_similarity"], lambda e: [metric.name for metric in e.metrics]),
        ("learning_rate", 0, lambda e: e.optimizer["config"]["learning_rate"]),
        ("beta_1", 0.0, lambda e: e.optimizer["config"]["beta_1"]),
        ("shuffle", False, lambda e: e.fit.shuffle),
        ("class_weight", {"setosa": 2}, lambda e: e.fit.class_weight),
        ("loss__ignore_class", 1, lambda e: e.loss.options["ignore_class"]),
        ("clipnorm", 2.0, lambda e: e.optimizer["config"]["clipnorm"]),
        ("layers_1_Dense__config__units", 9, lambda e: layer_config(e, 1)["units"]),
        ("layers_2_Dense__config__activation", "sigmoid", lambda e: layer_config(e, 2)["activation"]),
        (
            "layers_1_Dense__config__kernel_initializer__config__seed",
            3,
            lambda e: layer_config(e, 1)["kernel_initializer"]["config"]["seed"],
        ),
    ],
)
def test_a_parameter_is_overridden(estimator, name, value, found):
    changed = set_parameter(estimator, name, value)
    assert found(changed) == value
    assert estimator == read_estimator(TEST_DATA / "species_estimator.zip")


def test_old_names_are_accepted(estimator):
    assert set_parameter(estimator, "lr", 0.5).optimizer["config"]["learning_rate"] == 0.5


def test_another_optimizer_keeps_common_options(estimator):
    changed = set_parameter(estimator, "optimizer", "rmsprop").optimizer
    assert changed["class_name"] == "RMSprop"
    assert changed["config"]["learning_rate"] == pytest.approx(0.02)


def test_another_loss_keeps_common_options(estimator):
    smooth = set_parameters(estimator, [("loss", "categorical_crossentropy")])
    smooth = set_parameter(smooth, "loss__label_smoothing", 0.2)
    focal = set_parameter(smooth, "loss", "categorical_focal_crossentropy").loss
    assert (focal.options["label_smoothing"], focal.options["gamma"]) == (0.2, 2.0)


def test_metrics_keep_options_by_column_name(estimator):
    area = read_metric("auc", {"curve": "PR", "name": "auc_pr"})
    changed = set_parameter(replace(estimator, metrics=[area]), "metrics", ["auc_pr", "auc"])
    assert changed.metrics == [area, read_metric("auc")]


def test_an_option_of_a_metric_is_overridden_by_column_name(estimator):
    measured = replace(estimator, metrics=[read_metric("auc"), read_metric("auc", {"curve": "PR", "name": "area"})])
    assert "metrics__area__curve: 'PR'" in [text for _, _, text in list_parameters(measured)]
    changed = set_parameters(measured, [("metrics__area__num_thresholds", 50), ("metrics__auc__curve", "PR")])
    assert changed.metrics == [
        read_metric("auc", {"curve": "PR"}),
        read_metric("auc", {"curve": "PR", "num_thresholds": 50, "name": "area"}),
    ]


@pytest.mark.parametrize(
    "name, value, message",
    [
        ("metrics__auc__curv", "PR", "does not have this parameter; expected a name such as metrics__auc__curve"),
        ("metrics__area__curve", "PR", "does not have this parameter; expected a name such as metrics__auc__curve"),
        ("metrics__auc__curve", "PRC", "metric AUC, curve: found 'PRC'; expected one of ROC, PR"),
        ("metrics__auc__num_thresholds", 1, "metric AUC, num_thresholds: found 1; expected"),
    ],
)
def test_invalid_options_of_metrics_are_refused(estimator, name, value, message):
    with pytest.raises(InputError, match=message):
        set_parameter(replace(estimator, metrics=[read_metric("auc")]), name, value)


def test_a_schedule_and_its_options_are_overridden(estimator):
    changed = replace(estimator, optimizer=make_optimizer("SGD", {}, ("PolynomialDecay", {"decay_steps": 10})))
    changed = set_parameters(changed, [("schedule__power", 2.0), ("learning_rate", 0.5)])
    assert read_schedule(changed.optimizer)[1]["power"] == 2.0
    assert read_options(changed.optimizer)["learning_rate"] == 0.5
    assert read_schedule(set_parameter(changed, "schedule", "CosineDecay").optimizer)[1]["decay_steps"] == 10
    assert set_parameter(changed, "schedule", None).optimizer["config"]["learning_rate"] == 0.5


def test_a_metric_that_a_callback_monitors_cannot_be_removed(estimator):
    stopping = read_callback("EarlyStopping", {"monitor": "val_accuracy"})
    early_stopping = replace(estimator, fit=replace(estimator.fit, callbacks=[stopping]))
    with pytest.raises(InputError, match="EarlyStopping, monitor: found val_accuracy; expected one of loss, val_loss$"):
        set_parameter(early_stopping, "metrics", [])


def test_layers_are_removed_by_their_original_names(estimator):
    changed = set_parameters(estimator, [("layers_1_Dense", None), ("layers_2_Dense__config__units", 4)])
    layers = changed.architecture["config"]["layers"]
    assert [layer["class_name"] for layer in layers] == ["InputLayer", "Dense"]
    assert layers[1]["config"]["units"] == 4


@pytest.mark.parametrize(
    "name, value, message",
    [
        ("learning_rates", 1, "does not have this parameter; expected a name such as learning_rate"),
        ("layers_0_Dense__config__units", 1, "expected a name such as .*layers_1_Dense__config__units"),
        ("zzz", 1, "expected a name from the builder's list"),
        ("callbacks", [], "found a fixed parameter"),
        ("epochs", 0, "epochs: found 0; expected a whole number from 1"),
        ("epochs", "5", "epochs: found '5'; expected a whole number"),
        ("epochs", True, "epochs: found True"),
        ("learning_rate", "fast", "learning_rate: found 'fast'; expected a number"),
        ("loss", "no_such_loss", "loss: found 'no_such_loss'; expected one of"),
        ("class_weight", "equal", "class_weight: found 'equal'; expected None, 'balanced', or a non-negative weight"),
        ("shuffle", 1, "shuffle: found 1; expected True or False"),
        ("schedule", "CosineDecay", "schedule CosineDecay, decay_steps: the field is empty"),
        ("metrics", [1], "metrics: found \\[1\\]; expected a list of names"),
        ("optimizer", "sgdd", "optimizer: found 'sgdd'; expected one of"),
        ("layers_1_Dense__config__units", "many", "found 'many'; expected a number"),
        (
            "layers_1_Dense__config__kernel_initializer",
            {"module": "os", "class_name": "system"},
            "found class os.system",
        ),
    ],
)
def test_invalid_names_and_values_are_refused(estimator, name, value, message):
    with pytest.raises(InputError, match=message):
        set_parameter(estimator, name, value)


def test_stateful_layers_are_refused(estimator):
    estimator = replace(estimator, architecture=read_architecture(TEST_DATA / "lstm_architecture.json"))
    with pytest.raises(InputError, match=r"layer 3 \(LSTM\), stateful: found it on; expected False"):
        set_parameter(estimator, "layers_2_LSTM__config__stateful", True)
