"""What goes wrong in the middle of a training, said so that a user can mend it."""

import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from galaxy_keras.errors import InputError


@contextmanager
def explain_unrepeatable_operation(seed: int | None) -> Iterator[None]:
    """Turn the refusal of an operation that a graphics processor cannot repeat into an error that names the seed.

    TensorFlow refuses such an operation when it meets it, once repeatable ones are asked for; see
    :func:`galaxy_keras.keras_runtime.seed_everything`.

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
    """Stop a training whose loss is no number any more; its weights are none either.

    Parameters
    ----------
    epoch
        From 1.
    optimizer
        Serialised, as the estimator file has it.
    """
    if math.isfinite(loss):
        return
    rate = optimizer["config"].get("learning_rate")
    lower = f"a learning_rate below {rate:g}" if isinstance(rate, int | float) else "a lower learning_rate"
    raise InputError(
        f"epoch {epoch}: found the loss {loss}, with which nothing can be learnt; expected {lower}, clipnorm=1 in the "
        "optimizer, or columns brought to a similar scale (such as mean 0 and standard deviation 1)"
    )
