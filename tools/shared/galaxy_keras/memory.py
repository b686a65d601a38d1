"""Memory of a job: the available amount, the peak, and arrays that are stored on disk."""

import os
import re
import resource
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from galaxy_keras.errors import InputError, MemoryShortageError
from galaxy_keras.log import say

# A table that needs more than this fraction of the memory is kept on disk: training also needs memory for the network
# and for copies of rows.
MAX_MEMORY_FRACTION = 0.25


def find_memory() -> int:
    """Return the memory that Galaxy assigned to the job or, without such a limit, that of the machine, in bytes."""
    assigned = os.environ.get("GALAXY_MEMORY_MB", "")
    if assigned.isdigit() and int(assigned):
        return int(assigned) * 2**20
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def measure_peak_memory() -> float:
    """Return the peak resident memory of this process in MB (2**20 bytes)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@contextmanager
def explain_memory_shortage(advice: str) -> Iterator[None]:
    """Convert an out-of-memory error of Python or the backend to a message that states what needs less memory.

    Parameters
    ----------
    advice
        What the user can reduce, such as ``fewer units``.

    Raises
    ------
    MemoryShortageError
        The job needs more memory.
    InputError
        The GPU has too little memory; a job with more memory would not help.
    """
    try:
        yield
    except Exception as error:
        if not _is_memory_shortage(error):
            raise
        reason = _describe(error) or "the system has no more"
        message = f"not enough for the network ({reason}); expected {advice}, or"
        if _is_gpu_error(error):
            raise InputError(f"GPU memory: {message} a GPU with more memory") from None
        raise MemoryShortageError(f"memory: {message} a job with more memory") from None


def _is_memory_shortage(error: Exception) -> bool:
    import keras

    if keras.config.backend() == "tensorflow":
        import tensorflow

        # TensorFlow 2.19 raises an InternalError if it cannot copy an array to a full GPU.
        return isinstance(error, MemoryError | tensorflow.errors.ResourceExhaustedError) or (
            isinstance(error, tensorflow.errors.InternalError) and "Dst tensor is not initialized" in str(error)
        )
    # JAX has one error class for all errors of compiled code.
    return isinstance(error, MemoryError) or "RESOURCE_EXHAUSTED" in str(error)


def _is_gpu_error(error: Exception) -> bool:
    """Return whether the memory of the GPU was too small; a job on a GPU can also lack memory of the CPU."""
    import keras

    if isinstance(error, MemoryError) or re.search(r"device:CPU:\d+ by allocator", str(error)):
        return False
    return any(not device.startswith("cpu") for device in keras.distribution.list_devices())


def _describe(error: Exception) -> str:
    """Return the line of an error that states the requested memory."""
    # TensorFlow 2.19 begins with the name of a node in double braces. In training, the graph's nodes precede the error.
    lines = [" ".join(re.sub(r"\{\{.*?\}\}", "", line).split()) for line in str(error).splitlines()]
    requests = (line for line in lines if re.search(r"\bOOM when |[Oo]ut of memory|Dst tensor is not", line))
    return next(requests, lines[0] if lines else "")[:160]


def allocate(shape: tuple[int, int]) -> np.ndarray:
    """Return an uninitialized float32 array in memory or, if it is too large, in a temporary file.

    Parameters
    ----------
    shape
        Numbers of rows and columns."""
    if 4 * shape[0] * shape[1] <= MAX_MEMORY_FRACTION * find_memory():
        return np.empty(shape, dtype=np.float32)
    with tempfile.TemporaryFile() as file:
        say(f"Table of {shape[0]:,} rows and {shape[1]:,} columns: kept on disk, read in batches")
        # The mapping stays valid after the file is closed and removed.
        return np.memmap(file, dtype=np.float32, mode="w+", shape=shape)
