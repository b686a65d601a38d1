"""What goes wrong in the middle of a training."""

import numpy as np
import pytest

from galaxy_keras.errors import InputError


@pytest.fixture
def failures(load_tool_module):
    return load_tool_module("keras_train_and_eval", "failures")


def test_an_array_beyond_all_memory_says_what_to_lower(failures):
    with pytest.raises(InputError, match="memory: .*128. PiB.*; expected a smaller batch_size than 16, fewer units"):
        with failures.explain_lack_of_memory(16):
            np.empty(2**54)


def test_the_backends_lack_of_memory_is_explained_as_well(failures):
    import tensorflow

    with pytest.raises(InputError, match=r"memory: .*shape\[9,9\].*; expected a smaller batch_size than 8"):
        with failures.explain_lack_of_memory(8):
            raise tensorflow.errors.ResourceExhaustedError(None, None, "OOM when allocating tensor with shape[9,9]")


def test_other_failures_keep_their_traceback(failures):
    with pytest.raises(ZeroDivisionError), failures.explain_lack_of_memory(8):
        1 / 0  # noqa: B018


@pytest.mark.parametrize("loss", [float("nan"), float("inf")])
@pytest.mark.parametrize(
    "rate, advice",
    [(0.5, "expected a learning_rate below 0.5"), ({"class_name": "x"}, "expected a lower learning_rate")],
)
def test_a_loss_that_is_no_number_names_the_epoch_and_what_to_try(failures, loss, rate, advice):
    with pytest.raises(InputError, match=f"epoch 7: found the loss {loss}.*{advice}, clipnorm=1"):
        failures.check_loss(7, loss, {"class_name": "Adam", "config": {"learning_rate": rate}})
