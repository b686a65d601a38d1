"""Weights files: Keras' ``.weights.h5`` layout, checked before Keras sees them."""

import math
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from galaxy_keras.errors import EstimatorError
from galaxy_keras.outputs import write_complete

if TYPE_CHECKING:
    import keras

# Keras goes by this ending; Galaxy's datasets end in .dat.
WEIGHTS_SUFFIX = ".weights.h5"


def save_weights(model: "keras.Model", path: Path) -> None:
    """Write a network's weights, complete or not at all."""
    with write_complete(path, suffix=WEIGHTS_SUFFIX) as beside:
        model.save_weights(beside)


def load_weights(model: "keras.Model", path: Path, name: str = "weights") -> None:
    """Load weights into a built network.

    Parameters
    ----------
    model
        Of the architecture that the weights belong to.
    path
        HDF5 file in the layout of Keras' ``.weights.h5``, under any file name.
    name
        What messages call the file.

    Raises
    ------
    EstimatorError
        No HDF5 file, content other than plain numbers, or weights of another architecture.
    """
    found = _count_numbers(path, name)
    expected = sum(math.prod(variable.shape) for variable in _values(model))
    if found != expected:
        raise EstimatorError(
            f"{name}: found {found:,} weights; expected {expected:,} as the architecture has "
            "(these are the weights of another network)"
        )
    with tempfile.TemporaryDirectory() as folder:
        link = Path(folder) / f"model{WEIGHTS_SUFFIX}"
        os.symlink(path.resolve(), link)
        try:
            model.load_weights(link)
        except (ValueError, KeyError, OSError) as error:
            reason = " ".join(str(error).split())[:200]
            raise EstimatorError(f"{name}: found weights that do not fit the architecture: {reason}") from None


def _values(model: "keras.Model") -> list:
    """Give the variables that Keras writes: weights and the states of random generators."""
    return [*model.weights, *(v for v in model.non_trainable_variables if all(v is not w for w in model.weights))]


def _count_numbers(path: Path, name: str) -> int:
    """Count the numbers in a weights file and refuse all that could reach outside the file."""
    import h5py

    def check_link(place: str, link: object) -> None:
        if not isinstance(link, h5py.HardLink):
            raise EstimatorError(f"{name}, {place}: found a link; expected weights inside the file")

    sizes = []

    def check_dataset(place: str, item: h5py.Group | h5py.Dataset) -> None:
        if not isinstance(item, h5py.Dataset):
            return
        if item.is_virtual or item.external or item.dtype.kind not in "fiub":
            raise EstimatorError(f"{name}, {place}: found data that are no plain numbers; expected weights")
        if not place.startswith("optimizer/"):
            sizes.append(item.size)

    try:
        with h5py.File(path, "r") as file:
            file.visititems_links(check_link)
            file.visititems(check_dataset)
    except (OSError, RuntimeError, KeyError):
        raise EstimatorError(f"{name}: found no readable HDF5 file; expected Keras weights (h5)") from None
    return sum(sizes)
