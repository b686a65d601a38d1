"""HDF5 files from strangers: nothing outside the file, nothing but plain numbers, and no more than is really there."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from galaxy_keras.errors import EstimatorError, InputError
from galaxy_keras.messages import show

if TYPE_CHECKING:
    import h5py

# Keras nests a group in the next for each layer within a layer.
DEEPEST_GROUP = 64
MOST_ENTRIES = 200_000
# What a weights file may hold beside weights: the optimizer's numbers, and states of random generators.
OTHER_NUMBERS = ("optimizer/", "seed_generator/", "/seed_generator/")


def count_numbers(path: Path, name: str) -> int:
    """Count the weights in an HDF5 file.

    Parameters
    ----------
    name
        What messages call the file.

    Raises
    ------
    EstimatorError
        The file is damaged, reaches outside itself, is nested too deep, or declares more numbers than it stores.
    """
    import h5py

    try:
        with h5py.File(path, "r") as file:
            sizes = {place: _check_dataset(item, f"{name}, {show(place)}") for place, item in _walk(file, name)}
    except (InputError, MemoryError):
        raise
    except Exception as error:  # h5py raises whatever HDF5 reports of a damaged file.
        raise EstimatorError(
            f"{name}: found a damaged HDF5 file ({show(str(error))}); expected an intact file"
        ) from None
    stored = path.stat().st_size
    if sum(bytes_taken for _, bytes_taken in sizes.values()) > stored:
        raise EstimatorError(f"{name}: found more numbers than fit into the file's {stored:,} bytes; expected weights")
    return sum(count for place, (count, _) in sizes.items() if not _is_other(place))


def _is_other(place: str) -> bool:
    first, second, inside = OTHER_NUMBERS
    return place.startswith((first, second)) or inside in place


def _walk(file: "h5py.File", name: str) -> Iterator[tuple[str, "h5py.Dataset"]]:
    """Yield each dataset with its place. Without recursion, and with an end where groups hold each other."""
    import h5py

    waiting, count = [("", file)], 0
    while waiting:
        before, group = waiting.pop()
        for key in group:
            place, count = f"{before}{key}", count + 1
            if place.count("/") > DEEPEST_GROUP or count > MOST_ENTRIES:
                raise EstimatorError(
                    f"{name}: found groups more than {DEEPEST_GROUP} deep or more than {MOST_ENTRIES:,} entries; "
                    "expected Keras weights"
                )
            if not isinstance(group.get(key, getlink=True), h5py.HardLink):
                raise EstimatorError(f"{name}, {show(place)}: found a link; expected weights inside the file")
            item = group[key]
            if isinstance(item, h5py.Group):
                waiting.append((f"{place}/", item))
            else:
                yield place, item


def _check_dataset(item: "h5py.Dataset", place: str) -> tuple[int, int]:
    """Return the count of a dataset's numbers and the bytes that they take."""
    import h5py

    is_plain = isinstance(item, h5py.Dataset) and item.shape is not None and item.dtype.kind in "fiub"
    if not is_plain or item.is_virtual or item.external:
        raise EstimatorError(f"{place}: found data that are not plain numbers; expected weights")
    if item.id.get_create_plist().get_nfilters():
        raise EstimatorError(f"{place}: found compressed data; expected weights as Keras writes them")
    if item.nbytes > item.id.get_storage_size():
        raise EstimatorError(f"{place}: found {item.size:,} numbers declared that are not stored; expected weights")
    return item.size, item.nbytes
