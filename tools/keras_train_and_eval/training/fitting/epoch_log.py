"""Callbacks that name, record and log the per-epoch metrics."""

import time
from typing import Any

import keras

from galaxy_keras.errors import InputError
from galaxy_keras.log import say_progress
from galaxy_keras.progress import format_duration
from training.fitting.failures import check_loss
from training.scoring.output_metrics import name_measures
from training.splits.schemes import RowSplit
from training.targets.targets import Target


class NamedMeasures(keras.callbacks.Callback):
    """Rename the metrics of each epoch to the user's names; see :func:`output_metrics.name_measures`.

    Keras passes the same dictionary to all callbacks in order, so this callback must be the first.
    """

    def __init__(self, target: Target, columns: list[str]):
        super().__init__()
        self._target = target
        self._columns = columns

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Rename the metrics in place."""
        if logs is not None:
            named = name_measures(logs, self._target, self._columns)
            logs.clear()
            logs.update(named)


class EpochLog(keras.callbacks.Callback):
    """Record the metrics of each epoch, log one line per epoch, and stop if the loss is not a finite number.

    Attributes
    ----------
    history
        Per-epoch metrics by name.

    Parameters
    ----------
    optimizer
        The serialized optimizer, for the advice in the error message.
    """

    def __init__(self, optimizer: dict[str, Any]):
        super().__init__()
        self.history: dict[str, list[float]] = {}
        self._optimizer = optimizer

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Start the clock of the epoch, and that of all epochs after the first, in which Keras compiles the network."""
        self._epoch_started = time.perf_counter()
        if epoch == 1:
            self._second_started = self._epoch_started

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Record the metrics of the epoch and log them with its seconds and the estimated remaining time."""
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(float(value))
        measures = "  ".join(f"{name} {value:.4g}" for name, value in (logs or {}).items())
        now, count, total = time.perf_counter(), epoch + 1, self.params["epochs"]
        left = ""
        if epoch:
            left = f", {format_duration((now - self._second_started) / epoch * (total - count))} left"
        say_progress(f"Epoch {count}/{total}: {measures}  ({now - self._epoch_started:.1f} s{left})")
        check_loss(count, self.history["loss"][-1], self._optimizer)


def check_monitors(callbacks: list[dict[str, Any]], row_split: RowSplit) -> None:
    """Refuse a callback that monitors validation rows if there are none; Keras would only warn.

    Raises
    ------
    InputError
        A callback monitors a metric of validation rows, which the split does not have.
    """
    for callback in callbacks:
        monitor = callback["config"].get("monitor", "")
        if row_split.validation is None and monitor.startswith("val_"):
            raise InputError(
                f"estimator, callbacks, {callback['class_name']}: found monitor {monitor} without validation rows; "
                f"expected {monitor.removeprefix('val_')}, or a scheme with validation rows"
            )
