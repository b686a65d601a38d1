"""Memory: how much a job has, how much it took, and arrays that are larger."""

import os
import re
import resource
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from galaxy_keras.errors import InputError, MemoryShortageError
from galaxy_keras.log import say

# A table above this share of the memory is kept on disk: training needs room for the network and for copies of rows.
LARGEST_SHARE = 0.25


def find_memory() -> int:
    """Give the bytes of memory that Galaxy gave to the job, or else those that the machine has."""
    granted = os.environ.get("GALAXY_MEMORY_MB", "")
    if granted.isdigit() and int(granted):
        return int(granted) * 2**20
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def measure_peak_memory() -> float:
    """Give the largest resident memory of this process so far, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@contextmanager
def explain_lack_of_memory(advice: str) -> Iterator[None]:
    """Turn an error for memory that is not there, Python's or the backend's, into one that says what would need less.

    Parameters
    ----------
    advice
        What the user can lower.

    Raises
    ------
    MemoryShortageError
        The job needs more memory.
    InputError
        The graphics processor has too little; a job with more memory would not help.
    """
    try:
        yield
    except Exception as error:
        if not _is_lack_of_memory(error):
            raise
        asked = _describe(error) or "the system gave no more"
        found = f"found too little for the network ({asked}); expected {advice}, or"
        if _is_of_graphics_processor(error):
            raise InputError(f"memory of the graphics processor: {found} a processor with more of it") from None
        raise MemoryShortageError(f"memory: {found} a job with more memory") from None


def _is_lack_of_memory(error: Exception) -> bool:
    import keras

    if keras.config.backend() == "tensorflow":
        import tensorflow

        # The second is what TensorFlow says where it cannot copy an array to a graphics processor that is full.
        return isinstance(error, MemoryError | tensorflow.errors.ResourceExhaustedError) or (
            isinstance(error, tensorflow.errors.InternalError) and "Dst tensor is not initialized" in str(error)
        )
    # JAX has one class of errors for all that its compiled code can meet.
    return isinstance(error, MemoryError) or "RESOURCE_EXHAUSTED" in str(error)


def _is_of_graphics_processor(error: Exception) -> bool:
    """Tell whose memory was too little: a job on a graphics processor needs the other one as well."""
    import keras

    if isinstance(error, MemoryError) or re.search(r"device:CPU:\d+ by allocator", str(error)):
        return False
    return any(not device.startswith("cpu") for device in keras.distribution.list_devices())


def _describe(error: Exception) -> str:
    """Give the line of an error that says what was asked for."""
    # TensorFlow puts the name of a node in double braces first, and before an error of a training the way to it.
    lines = [" ".join(re.sub(r"\{\{.*?\}\}", "", line).split()) for line in str(error).splitlines()]
    asking = (line for line in lines if re.search(r"\bOOM when |[Oo]ut of memory|Dst tensor is not", line))
    return next(asking, lines[0] if lines else "")[:160]


def allocate(shape: tuple[int, int]) -> np.ndarray:
    """Give an array of float32 in memory, or, if it is too large, in a file that ends with the process."""
    if 4 * shape[0] * shape[1] <= LARGEST_SHARE * find_memory():
        return np.empty(shape, dtype=np.float32)
    with tempfile.TemporaryFile() as file:
        say(f"Table of {shape[0]:,} rows and {shape[1]:,} columns: kept on disk, read in batches")
        # The mapping outlives the file's name and handle.
        return np.memmap(file, dtype=np.float32, mode="w+", shape=shape)
