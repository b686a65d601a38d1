"""What goes wrong in the middle of a training, said so that a user can mend it."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from galaxy_keras.errors import InputError
from galaxy_keras.memory import describe_lack_of_memory, is_lack_of_memory


@contextmanager
def explain_lack_of_memory(batch_size: int) -> Iterator[None]:
    """Turn the backend's error for memory that is not there into one that names what to lower.

    Parameters
    ----------
    batch_size
        Rows that go through the network at a time.
    """
    try:
        yield
    except Exception as error:
        if not is_lack_of_memory(error):
            raise
        lower = f"a smaller batch_size than {batch_size}, fewer units or columns, or a job with more memory"
        raise describe_lack_of_memory(error, lower) from None


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
