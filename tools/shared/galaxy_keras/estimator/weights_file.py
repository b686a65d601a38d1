"""Read and write weights files in Keras' ``.weights.h5`` layout; files are checked before Keras reads them."""

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

# Keras selects the format by this suffix; Galaxy datasets end in .dat.
WEIGHTS_SUFFIX = ".weights.h5"


def save_weights(model: "keras.Model", path: Path) -> None:
    """Write the weights of a network; if an error occurs, no file is written."""
    with write_complete(path, suffix=WEIGHTS_SUFFIX) as unfinished:
        check_room(model, unfinished)
        model.save_weights(unfinished)
        _show_names(unfinished)


def _show_names(path: Path) -> None:
    """Replace inner layer names by the user's names; Keras matches layers by class and order."""
    import h5py

    def rename(place: str, item: "h5py.Group | h5py.Dataset") -> None:
        name = item.attrs.get("name")
        if isinstance(name, str) and name != to_shown(name):
            item.attrs["name"] = to_shown(name)

    with h5py.File(path, "r+") as file:
        file.visititems(rename)


def check_room(model: "keras.Model", path: Path) -> None:
    """Raise OSError if the disk has too little space for the weights; HDF5 would end the process instead."""
    # Only compiled networks have the attribute.
    optimizer = getattr(model, "optimizer", None)
    variables = [*model.variables, *(optimizer.variables if optimizer else [])]
    # HDF5 needs a few additional kilobytes per variable.
    size = sum((8 if "64" in item.dtype else 4) * math.prod(item.shape) + 2**13 for item in variables) + 2**16
    try:
        with path.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, size)
    finally:
        path.unlink(missing_ok=True)


def check_weights(network: "keras.Model", path: Path, name: str = "weights") -> None:
    """Check that a weights file can belong to a network.

    Parameters
    ----------
    network
        Variables may be uninitialized.
    path
        HDF5 file in the layout of Keras' ``.weights.h5``; any file name.
    name
        Name of the file in messages.

    Raises
    ------
    EstimatorError
        The file is not a weights file, contains something other than arrays of numbers, or has a different number of
        weights.
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
        See :func:`check_weights`; also if shapes differ or a weight is not finite.
    """
    check_weights(model, path, name)
    with tempfile.TemporaryDirectory() as folder:
        link = Path(folder) / f"model{WEIGHTS_SUFFIX}"
        os.symlink(path.resolve(), link)
        try:
            model.load_weights(link)
        except MemoryError:
            raise
        except Exception as error:  # Keras, its layers and h5py raise many types of errors.
            reason = show(" ".join(str(error).split()), 200)
            raise EstimatorError(f"{name}: found weights that do not fit the architecture: {reason}") from None
    place = find_nonfinite(model)
    if place is not None:
        raise EstimatorError(
            f"{name}, {show(place)}: found NaN or infinity; expected finite numbers (likely cause: the loss "
            "diverged during training)"
        )


def find_nonfinite(model: "keras.Model") -> str | None:
    """Return the path of the first variable with NaN or infinity; None if all weights are finite."""
    import keras

    for variable in model.weights:
        values = keras.ops.convert_to_numpy(variable)
        if values.dtype.kind not in "iub" and not np.isfinite(values).all():
            return variable.path
    return None
