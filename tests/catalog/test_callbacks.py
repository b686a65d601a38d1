"""Callbacks: what they watch is measured, in a direction that is known, and fits the optimizer."""

import pytest

from galaxy_keras.catalog.callbacks import check_callbacks, read_callback, settle_callbacks
from galaxy_keras.catalog.losses_and_metrics import read_loss, read_metric
from galaxy_keras.catalog.optimizers import make_optimizer
from galaxy_keras.errors import InputError

LOSS = read_loss("binary_crossentropy")
METRICS = [
    read_metric("acc"),
    read_metric("mae"),
    read_metric("auc", {"curve": "PR", "name": "auc_pr"}),
    read_metric("false_positives"),
]


def settle(monitor, **options):
    callback = read_callback("EarlyStopping", {"monitor": monitor, **options})
    return settle_callbacks([callback], LOSS, METRICS)[0]["config"]


@pytest.mark.parametrize(
    "monitor, name, mode",
    [
        ("val_loss", "val_loss", "min"),
        ("accuracy", "accuracy", "max"),
        ("val_acc", "val_accuracy", "max"),
        (" val_mae ", "val_mean_absolute_error", "min"),
        ("val_auc_pr", "val_auc_pr", "max"),
    ],
)
def test_monitored_metrics_get_their_name_and_direction(monitor, name, mode):
    config = settle(monitor)
    assert (config["monitor"], config["mode"]) == (name, mode)


def test_a_given_direction_stays():
    assert settle("val_loss", mode="max")["mode"] == "max"
    assert settle("false_positives", mode="min")["mode"] == "min"


@pytest.mark.parametrize(
    "monitor, message",
    [
        ("val_recall", "EarlyStopping, monitor: found val_recall; expected one of loss, val_loss, accuracy, val_accur"),
        ("auc", "monitor: found auc; expected one of .*auc_pr"),
        ("val_false_positives", "mode: found auto for val_false_positives, .*; expected min or max"),
    ],
)
def test_metrics_that_do_not_exist_cannot_be_monitored(monitor, message):
    with pytest.raises(InputError, match=message):
        settle(monitor)


def test_an_average_that_keras_would_lose_is_refused():
    callbacks = [read_callback("SwapEMAWeights", {"swap_on_epoch": True}), read_callback("EarlyStopping", {})]
    optimizer = make_optimizer("SGD", {"use_ema": True})
    with pytest.raises(InputError, match="swap_on_epoch: found it on together with EarlyStopping"):
        check_callbacks(callbacks, optimizer)
    check_callbacks(callbacks[:1], optimizer)


@pytest.mark.parametrize(
    "name, options, schedule, message",
    [
        ("ReduceLROnPlateau", {"decay": 0.1}, None, "decay: found it together with the callback ReduceLROnPlateau"),
        (
            *("ReduceLROnPlateau", {}, ("PolynomialDecay", {"decay_steps": 9})),
            "schedule PolynomialDecay: found it together with the callback ReduceLROnPlateau",
        ),
        ("SwapEMAWeights", {}, None, "callback SwapEMAWeights: found use_ema off in the optimizer; expected it on"),
    ],
)
def test_callbacks_and_optimizer_that_cannot_go_together_are_refused(name, options, schedule, message):
    with pytest.raises(InputError, match=message):
        check_callbacks([read_callback(name, {})], make_optimizer("SGD", options, schedule))
