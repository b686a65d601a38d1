"""What goes wrong in the middle of a training, said so that a user can mend it."""

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
    """Turn the refusal of an operation that a graphics processor cannot repeat into an error that names the seed.

    TensorFlow refuses such an operation when it meets it, once repeatable ones are asked for; see
    :func:`galaxy_keras.runtime.seed_everything`.

    Raises
    ------
    InputError
        With the operation as TensorFlow names it.
    """
    try:
        yield
    except Exception as error:
        reason = re.search(r"[^.:{}\n]*\bdeterminis[^.{}\n]*", str(error), re.IGNORECASE)
        if seed is None or type(error).__name__ != "UnimplementedError" or reason is None:
            raise
        raise InputError(
            f"estimator, seed: found {seed}, with which each training must be the same, and the graphics processor has "
            f"no such form of an operation of this network ({reason.group().strip()}); expected no seed (None), other "
            "layers, or a job on the CPU"
        ) from None


def check_loss(epoch: int, loss: float, optimizer: dict[str, Any]) -> None:
    """Stop a training whose loss is not a finite number; its weights are not either.

    Parameters
    ----------
    epoch
        From 1.
    optimizer
        Serialized, as the estimator file has it.
    """
    if math.isfinite(loss):
        return
    raise InputError(
        f"epoch {epoch}: found the loss {loss}, with which nothing can be learned; expected {_advise(optimizer)}"
    )


def check_trained_weights(network: keras.Model, optimizer: dict[str, Any]) -> None:
    """Refuse a network that its last steps have broken: it would give the same plausible labels for every row.

    Parameters
    ----------
    optimizer
        Serialized, as the estimator file has it.
    """
    place = find_nonfinite(network)
    if place is not None:
        raise InputError(
            f"training: found NaN or infinity in the weights {show(place)} at its end, which predict nothing; expected "
            f"{_advise(optimizer)}"
        )


def _advise(optimizer: dict[str, Any]) -> str:
    """Say what keeps a training from growing beyond all bounds."""
    rate = optimizer["config"].get("learning_rate")
    lower = f"a learning_rate below {rate:g}" if isinstance(rate, int | float) else "a lower learning_rate"
    return (
        f"{lower}, clipnorm=1 in the optimizer, or columns brought to a similar scale (such as mean 0 and standard "
        "deviation 1)"
    )
