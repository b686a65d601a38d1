"""Errors during a training, explained for users."""

import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import keras

from galaxy_keras.errors import InputError
from galaxy_keras.estimator.weights_file import find_nonfinite
from galaxy_keras.messages import show


@contextmanager
def explain_unrepeatable_operation(seed: int | None) -> Iterator[None]:
    """Convert TensorFlow's error about an operation without a deterministic GPU implementation.

    If deterministic operations are required, TensorFlow raises the error when it reaches such an operation; see
    :func:`galaxy_keras.runtime.seed_everything`.

    Raises
    ------
    InputError
        With the seed and TensorFlow's name of the operation.
    """
    try:
        yield
    except Exception as error:
        reason = re.search(r"[^.:{}\n]*\bdeterminis[^.{}\n]*", str(error), re.IGNORECASE)
        if seed is None or type(error).__name__ != "UnimplementedError" or reason is None:
            raise
        raise InputError(
            f"estimator, seed: found {seed}, which requires repeatable results, but the GPU has no deterministic "
            f"implementation of an operation of this network ({reason.group().strip()}); expected no seed (None), "
            "other layers, or a job on the CPU"
        ) from None


def check_loss(epoch: int, loss: float, optimizer: dict[str, Any]) -> None:
    """Stop a training whose loss is not a finite number, because its weights are not finite either.

    Parameters
    ----------
    epoch
        Number of the epoch, from 1.
    optimizer
        The serialized optimizer of the estimator file.

    Raises
    ------
    InputError
        The loss is NaN or infinity.
    """
    if not math.isfinite(loss):
        raise InputError(
            f"epoch {epoch}: found the loss {loss}, which cannot be minimized; expected {_advise(optimizer)}"
        )


def check_trained_weights(network: keras.Model, optimizer: dict[str, Any]) -> None:
    """Refuse a network whose last training steps made weights that are not finite: it predicts the same for every row.

    Parameters
    ----------
    optimizer
        The serialized optimizer of the estimator file.

    Raises
    ------
    InputError
        A weight is NaN or infinity.
    """
    place = find_nonfinite(network)
    if place is not None:
        raise InputError(
            f"training: found NaN or infinity in the trained weights {show(place)}; expected {_advise(optimizer)}"
        )


def _advise(optimizer: dict[str, Any]) -> str:
    """Return settings that keep weights from growing without bound."""
    rate = optimizer["config"].get("learning_rate")
    lower = f"a learning_rate below {rate:g}" if isinstance(rate, int | float) else "a lower learning_rate"
    return (
        f"{lower}, clipnorm=1 in the optimizer, or columns on a similar scale (such as mean 0 and standard deviation 1)"
    )
