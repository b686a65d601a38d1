"""Weights files as arrays."""

from pathlib import Path

import h5py
import numpy as np


def list_arrays(path: Path) -> dict[str, np.ndarray]:
    """Return every array of a weights file by its place."""
    arrays = {}
    with h5py.File(path) as file:
        file.visititems(
            lambda place, item: arrays.update({place: item[()]}) if isinstance(item, h5py.Dataset) else None
        )
    return arrays
