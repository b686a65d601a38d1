"""Memory: how much a job has, how much it took, and arrays that are larger."""

import os
import re
import resource
import tempfile

import numpy as np

from galaxy_keras.errors import MemoryShortageError

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


def is_lack_of_memory(error: Exception) -> bool:
    """Tell whether an error, Python's or the backend's, says that there is too little memory."""
    import keras

    if keras.config.backend() == "tensorflow":
        import tensorflow

        return isinstance(error, MemoryError | tensorflow.errors.ResourceExhaustedError)
    # JAX has one class of errors for all that its compiled code can meet.
    return isinstance(error, MemoryError) or "RESOURCE_EXHAUSTED" in str(error)


def describe_lack_of_memory(error: Exception, expected: str) -> MemoryShortageError:
    """Make the message for memory that is not there: what was asked for, and what would need less."""
    # TensorFlow puts the name of a node in double braces first.
    asked = " ".join(re.sub(r"\{\{.*?\}\}", "", str(error)).split())[:160] or "the system gave no more"
    return MemoryShortageError(f"memory: found too little for the network ({asked}); expected {expected}")


def allocate(shape: tuple[int, int]) -> np.ndarray:
    """Give an array of float32 in memory, or, if it is too large, in a file that ends with the process."""
    if 4 * shape[0] * shape[1] <= LARGEST_SHARE * find_memory():
        return np.empty(shape, dtype=np.float32)
    with tempfile.TemporaryFile() as file:
        print(f"Table of {shape[0]:,} rows and {shape[1]:,} columns: kept on disk, read in batches", flush=True)
        # The mapping outlives the file's name and handle.
        return np.memmap(file, dtype=np.float32, mode="w+", shape=shape)
