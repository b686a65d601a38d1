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
        check_room(model, beside)
        model.save_weights(beside)


def check_room(model: "keras.Model", path: Path) -> None:
    """Raise an OSError where a disk has no room for a network's weights: HDF5 ends the process there."""
    variables = [*model.variables, *getattr(getattr(model, "optimizer", None), "variables", ())]
    # HDF5 adds a few kilobytes for each variable.
    size = sum((8 if "64" in item.dtype else 4) * math.prod(item.shape) + 2**13 for item in variables) + 2**16
    try:
        with path.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, size)
    finally:
        path.unlink(missing_ok=True)


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
    expected = model.count_params()
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


def _count_numbers(path: Path, name: str) -> int:
    """Count the numbers in a weights file and refuse all that could reach outside the file."""
    import h5py

    sizes = []

    # h5py's visits end with the first answer that is not None; an exception must not pass through them.
    def find_link(place: str, link: object) -> str | None:
        return None if isinstance(link, h5py.HardLink) else place

    def find_foreign_data(place: str, item: h5py.Group | h5py.Dataset) -> str | None:
        if not isinstance(item, h5py.Dataset):
            return None
        if item.is_virtual or item.external or item.dtype.kind not in "fiub":
            return place
        if not place.startswith("optimizer/"):
            sizes.append(item.size)
        return None

    try:
        with h5py.File(path, "r") as file:
            link = file.visititems_links(find_link)
            foreign = None if link else file.visititems(find_foreign_data)
    except (OSError, RuntimeError, KeyError):
        raise EstimatorError(f"{name}: found no readable HDF5 file; expected Keras weights (h5)") from None
    if link:
        raise EstimatorError(f"{name}, {link}: found a link; expected weights inside the file")
    if foreign:
        raise EstimatorError(f"{name}, {foreign}: found data that are no plain numbers; expected weights")
    return sum(sizes)
