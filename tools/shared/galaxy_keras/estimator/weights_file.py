"""Weights files: Keras' ``.weights.h5`` layout, checked before Keras sees them."""

import math
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from galaxy_keras.errors import EstimatorError
from galaxy_keras.files.foreign_files import BROKEN_HDF5, describe_foreign_weights, recognize, WEIGHTS
from galaxy_keras.files.hdf5_checks import count_numbers
from galaxy_keras.files.writing import write_complete
from galaxy_keras.messages import show
from galaxy_keras.network.inner_names import to_shown

if TYPE_CHECKING:
    import keras

# Keras goes by this ending; Galaxy's datasets end in .dat.
WEIGHTS_SUFFIX = ".weights.h5"


def save_weights(model: "keras.Model", path: Path) -> None:
    """Write a network's weights, complete or not at all."""
    with write_complete(path, suffix=WEIGHTS_SUFFIX) as beside:
        check_room(model, beside)
        model.save_weights(beside)
        _show_names(beside)


def _show_names(path: Path) -> None:
    """Put the user's names of layers in the place of the inner ones; Keras goes by their classes and their order."""
    import h5py

    def rename(place: str, item: object) -> None:
        name = item.attrs.get("name")
        if isinstance(name, str) and name != to_shown(name):
            item.attrs["name"] = to_shown(name)

    with h5py.File(path, "r+") as file:
        file.visititems(rename)


def check_room(model: "keras.Model", path: Path) -> None:
    """Raise an OSError where a disk has no room for a network's weights: HDF5 ends the process there."""
    # Only what has been compiled has the attribute.
    optimizer = getattr(model, "optimizer", None)
    variables = [*model.variables, *(optimizer.variables if optimizer else [])]
    # HDF5 adds a few kilobytes for each variable.
    size = sum((8 if "64" in item.dtype else 4) * math.prod(item.shape) + 2**13 for item in variables) + 2**16
    try:
        with path.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, size)
    finally:
        path.unlink(missing_ok=True)


def check_weights(network: "keras.Model", path: Path, name: str = "weights") -> None:
    """Refuse a weights file that cannot be of a network.

    Parameters
    ----------
    network
        With or without memory for its weights.
    path
        HDF5 file in the layout of Keras' ``.weights.h5``, under any file name.
    name
        What messages call the file.

    Raises
    ------
    EstimatorError
        Another kind of file, content other than plain numbers, or another number of weights.
    """
    kind = recognize(path)
    if kind not in (WEIGHTS, BROKEN_HDF5):
        raise EstimatorError(f"{name}: {describe_foreign_weights(kind)}")
    found, expected = count_numbers(path, name), network.count_params()
    if found != expected:
        raise EstimatorError(
            f"{name}: found {found:,} weights; expected {expected:,} as the architecture has "
            "(these are the weights of another network)"
        )


def load_weights(model: "keras.Model", path: Path, name: str = "weights") -> None:
    """Load weights into a built network; see :func:`check_weights`.

    Raises
    ------
    EstimatorError
        As :func:`check_weights`, weights of other shapes, or weights that are not finite numbers.
    """
    check_weights(model, path, name)
    with tempfile.TemporaryDirectory() as folder:
        link = Path(folder) / f"model{WEIGHTS_SUFFIX}"
        os.symlink(path.resolve(), link)
        try:
            model.load_weights(link)
        except MemoryError:
            raise
        except Exception as error:  # Keras and h5py raise whatever a layer or HDF5 reports.
            reason = show(" ".join(str(error).split()), 200)
            raise EstimatorError(f"{name}: found weights that do not fit the architecture: {reason}") from None
    place = find_nonfinite(model)
    if place is not None:
        raise EstimatorError(
            f"{name}, {show(place)}: found NaN or infinity; expected finite numbers (likely cause: a training whose "
            "loss grew beyond all bounds)"
        )


def find_nonfinite(model: "keras.Model") -> str | None:
    """Return the path of the first weights of a network that hold NaN or infinity; None where all are finite."""
    import keras

    for variable in model.weights:
        values = keras.ops.convert_to_numpy(variable)
        if values.dtype.kind not in "iub" and not np.isfinite(values).all():
            return variable.path
    return None
