"""The memory of a job, arrays on disk, and messages of out-of-memory errors."""

import re

import numpy as np
import pytest

from galaxy_keras.errors import InputError, MemoryShortageError
from galaxy_keras.memory import allocate, explain_memory_shortage, find_memory, measure_peak_memory

# Messages of TensorFlow 2.19; the first is that of a job on the CPU.
CPU_SHORTAGE = (
    "{{function_node __wrapped__Fill}} OOM when allocating tensor with shape[9,9] and type float on "
    "/job:localhost/replica:0/task:0/device:CPU:0 by allocator cpu [Op:Fill]"
)
GPU_SHORTAGE = CPU_SHORTAGE.replace("CPU:0", "GPU:0").replace("allocator cpu", "allocator GPU_0_bfc")
FULL_GPU = (
    "Failed copying input tensor from /job:localhost/replica:0/task:0/device:CPU:0 to "
    "/job:localhost/replica:0/task:0/device:GPU:0 in order to run _EagerConst: Dst tensor is not initialized."
)


def test_the_memory_of_the_job_is_that_assigned_by_galaxy(monkeypatch):
    monkeypatch.setenv("GALAXY_MEMORY_MB", "3000")
    assert find_memory() == 3000 * 2**20
    monkeypatch.delenv("GALAXY_MEMORY_MB")
    assert find_memory() / 2**20 > measure_peak_memory()


def test_a_large_table_is_kept_on_disk(monkeypatch, capsys):
    monkeypatch.setenv("GALAXY_MEMORY_MB", "1")
    assert type(allocate((1000, 60))) is np.ndarray
    large = allocate((1000, 70))
    assert isinstance(large, np.memmap)
    large[:] = 7
    assert large[[5, 999]].sum() == 2 * 70 * 7
    assert "1,000 rows and 70 columns: kept on disk" in capsys.readouterr().out


@pytest.fixture
def with_a_gpu(monkeypatch):
    """Add a GPU to the devices that Keras lists."""
    import keras

    monkeypatch.setattr(keras.distribution, "list_devices", lambda: ["cpu:0", "gpu:0"])


def test_the_message_of_a_memory_error_states_what_to_reduce(with_a_gpu):
    message = "memory: .*128. PiB.*; expected fewer units, or a job with more memory"
    with pytest.raises(MemoryShortageError, match=message), explain_memory_shortage("fewer units"):
        np.empty(2**54)


def test_a_memory_error_of_the_backend_is_explained():
    """Uses a real error of TensorFlow."""
    import tensorflow

    message = r"memory: not enough .*shape\[100000000,10000000\].*; expected less, or a job with more memory"
    with pytest.raises(MemoryShortageError, match=message), explain_memory_shortage("less"):
        tensorflow.ones((10**8, 10**7))


@pytest.mark.parametrize(
    "error, text",
    [("ResourceExhaustedError", GPU_SHORTAGE), ("InternalError", FULL_GPU)],
    ids=["in a network", "during a copy"],
)
def test_a_full_gpu_does_not_request_a_job_with_more_memory(with_a_gpu, error, text):
    import tensorflow

    with pytest.raises(InputError, match="expected less, or a GPU with more memory") as caught:
        with explain_memory_shortage("less"):
            raise getattr(tensorflow.errors, error)(None, None, text)
    assert str(caught.value).startswith("GPU memory: not enough for the network (")
    assert caught.value.exit_code == 1


def test_a_job_on_a_gpu_can_lack_memory_of_the_cpu(with_a_gpu):
    import tensorflow

    with pytest.raises(MemoryShortageError, match=re.escape("(OOM when allocating tensor with shape[9,9]")):
        with explain_memory_shortage("less"):
            raise tensorflow.errors.ResourceExhaustedError(None, None, CPU_SHORTAGE)


def test_other_errors_keep_their_traceback():
    with pytest.raises(ZeroDivisionError), explain_memory_shortage("less"):
        1 / 0  # noqa: B018
