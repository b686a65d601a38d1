"""Arrays larger than a job's memory, and how that memory is found."""

import re

import numpy as np
import pytest

from galaxy_keras.errors import InputError, MemoryShortageError
from galaxy_keras.memory import allocate, explain_lack_of_memory, find_memory, measure_peak_memory

# As TensorFlow 2.19 says it; the first line is that of a job on the processor alone.
LACK_ON_THE_HOST = (
    "{{function_node __wrapped__Fill}} OOM when allocating tensor with shape[9,9] and type float on "
    "/job:localhost/replica:0/task:0/device:CPU:0 by allocator cpu [Op:Fill]"
)
LACK_ON_A_GPU = LACK_ON_THE_HOST.replace("CPU:0", "GPU:0").replace("allocator cpu", "allocator GPU_0_bfc")
FULL_GPU = (
    "Failed copying input tensor from /job:localhost/replica:0/task:0/device:CPU:0 to "
    "/job:localhost/replica:0/task:0/device:GPU:0 in order to run _EagerConst: Dst tensor is not initialized."
)


def test_galaxys_grant_is_the_memory_of_the_job(monkeypatch):
    monkeypatch.setenv("GALAXY_MEMORY_MB", "3000")
    assert find_memory() == 3000 * 2**20
    monkeypatch.delenv("GALAXY_MEMORY_MB")
    assert find_memory() / 2**20 > measure_peak_memory()


def test_a_table_beyond_its_share_of_the_memory_lies_on_disk(monkeypatch, capsys):
    monkeypatch.setenv("GALAXY_MEMORY_MB", "1")
    assert type(allocate((1000, 60))) is np.ndarray
    large = allocate((1000, 70))
    assert isinstance(large, np.memmap)
    large[:] = 7
    assert large[[5, 999]].sum() == 2 * 70 * 7
    assert "1,000 rows and 70 columns: kept on disk" in capsys.readouterr().out


@pytest.fixture
def with_a_gpu(monkeypatch):
    """Let Keras list one more device."""
    import keras

    monkeypatch.setattr(keras.distribution, "list_devices", lambda: ["cpu:0", "gpu:0"])


def test_an_array_beyond_all_memory_says_what_to_lower(with_a_gpu):
    message = "memory: .*128. PiB.*; expected fewer units, or a job with more memory"
    with pytest.raises(MemoryShortageError, match=message), explain_lack_of_memory("fewer units"):
        np.empty(2**54)


def test_the_backends_own_lack_of_memory_is_explained():
    """Really asked for: what TensorFlow says is its own."""
    import tensorflow

    message = r"memory: found too little .*shape\[100000000,10000000\].*; expected less, or a job with more memory"
    with pytest.raises(MemoryShortageError, match=message), explain_lack_of_memory("less"):
        tensorflow.ones((10**8, 10**7))


@pytest.mark.parametrize(
    "error, text",
    [("ResourceExhaustedError", LACK_ON_A_GPU), ("InternalError", FULL_GPU)],
    ids=["in a network", "on the way"],
)
def test_a_full_graphics_processor_is_no_reason_for_a_job_with_more_memory(with_a_gpu, error, text):
    import tensorflow

    with pytest.raises(InputError, match="expected less, or a processor with more of it") as caught:
        with explain_lack_of_memory("less"):
            raise getattr(tensorflow.errors, error)(None, None, text)
    assert str(caught.value).startswith("memory of the graphics processor: found too little for the network (")
    assert caught.value.exit_code == 1


def test_the_hosts_memory_counts_beside_a_graphics_processor(with_a_gpu):
    import tensorflow

    with pytest.raises(MemoryShortageError, match=re.escape("(OOM when allocating tensor with shape[9,9]")):
        with explain_lack_of_memory("less"):
            raise tensorflow.errors.ResourceExhaustedError(None, None, LACK_ON_THE_HOST)


def test_other_failures_keep_their_traceback():
    with pytest.raises(ZeroDivisionError), explain_lack_of_memory("less"):
        1 / 0  # noqa: B018
