"""Read weights files."""

from pathlib import Path

import h5py
import numpy as np


def list_arrays(path: Path) -> dict[str, np.ndarray]:
    """Return all arrays of a weights file by their paths."""
    arrays = {}
    with h5py.File(path) as file:
        file.visititems(
            lambda place, item: arrays.update({place: item[()]}) if isinstance(item, h5py.Dataset) else None
        )
    return arrays
