"""Read and check callbacks in their serialized form, as the estimator file contains them."""

from typing import Any

from galaxy_keras.catalog.classes import CALLBACKS
from galaxy_keras.catalog.losses_and_metrics import ACCURACY, make_metric, Measure, OLD_METRICS
from galaxy_keras.catalog.optimizers import read_options
from galaxy_keras.catalog.private_api import find_metric_direction
from galaxy_keras.errors import InputError

# Prefix of metrics of the validation rows.
VALIDATION_PREFIX = "val_"
LOWERS_RATE, SWAPS_WEIGHTS, STOPS = "ReduceLROnPlateau", "SwapEMAWeights", "EarlyStopping"
Serialized = dict[str, Any]


def read_callback(name: str, options: dict[str, Any]) -> Serialized:
    """Return the serialized form of a callback.

    Raises
    ------
    InputError
        The callback is not supported, or an option is unknown or out of range.
    """
    class_name = CALLBACKS.find(name)
    options = dict(options)
    if isinstance(options.get("monitor"), str):
        options["monitor"] = _rename_monitor(options["monitor"].strip())
    return {"class_name": class_name, "config": CALLBACKS.complete(class_name, options)}


def settle_callbacks(callbacks: list[Serialized], loss: Measure, metrics: list[Measure]) -> list[Serialized]:
    """Check that the monitored metrics exist, and determine whether larger or smaller values are better.

    Parameters
    ----------
    callbacks
        Serialized callbacks from :func:`read_callback`.

    Raises
    ------
    InputError
        A callback monitors a metric that does not exist, or that has no better direction.
    """
    return [_settle_direction(callback, loss, metrics) if _watches(callback) else callback for callback in callbacks]


def check_callbacks(callbacks: list[Serialized], optimizer: dict[str, Any]) -> None:
    """Refuse callbacks that conflict with the optimizer.

    Raises
    ------
    InputError
        Two settings change the learning rate, or a callback needs averages of the weights that the optimizer does not
        keep or that Keras would lose.
    """
    configs = {callback["class_name"]: callback["config"] for callback in callbacks}
    rate = optimizer["config"]["learning_rate"]
    if LOWERS_RATE in configs and isinstance(rate, dict):
        what = "decay" if read_options(optimizer)["decay"] else f"schedule {rate['class_name']}"
        raise InputError(f"{what}: found it together with the callback {LOWERS_RATE}; expected one of the two")
    if SWAPS_WEIGHTS not in configs:
        return
    if not optimizer["config"].get("use_ema"):
        raise InputError(f"callback {SWAPS_WEIGHTS}: found use_ema off in the optimizer; expected it on")
    if configs[SWAPS_WEIGHTS]["swap_on_epoch"] and STOPS in configs:
        # Keras 3.15 swaps the weights once too often if a training ends early.
        raise InputError(
            f"callback {SWAPS_WEIGHTS}, swap_on_epoch: found it on together with {STOPS}, after which the fitted "
            "network would lack the average; expected it off, or ModelCheckpoint instead"
        )


def _watches(callback: Serialized) -> bool:
    return "monitor" in callback["config"]


def _rename_monitor(monitor: str) -> str:
    """Return the name of a monitored metric in Keras 3, such as ``val_accuracy`` for ``val_acc``."""
    prefix = VALIDATION_PREFIX if monitor.startswith(VALIDATION_PREFIX) else ""
    name = monitor.removeprefix(VALIDATION_PREFIX)
    return prefix + OLD_METRICS.get(name, name)


def _settle_direction(callback: Serialized, loss: Measure, metrics: list[Measure]) -> Serialized:
    config, place = callback["config"], f"callback {callback['class_name']}"
    watched = config["monitor"].removeprefix(VALIDATION_PREFIX)
    columns = {metric.column: metric for metric in metrics}
    if watched != "loss" and watched not in columns:
        known = ", ".join(
            ["loss", "val_loss", *(f"{p}{column}" for column in columns for p in ("", VALIDATION_PREFIX))]
        )
        raise InputError(f"{place}, monitor: found {config['monitor']}; expected one of {known}")
    if config["mode"] != "auto":
        return callback
    mode = "min" if watched == "loss" else _find_direction(columns[watched], loss)
    if mode is None:
        raise InputError(
            f"{place}, mode: found auto for {config['monitor']}, which may be better larger or smaller; "
            "expected min or max"
        )
    return {**callback, "config": {**config, "mode": mode}}


def _find_direction(metric: Measure, loss: Measure) -> str | None:
    if metric.name == ACCURACY:
        return "max"
    direction = find_metric_direction(make_metric(metric, loss, output_count=1))
    return {"up": "max", "down": "min"}.get(str(direction))
