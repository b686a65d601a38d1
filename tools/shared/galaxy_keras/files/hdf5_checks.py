"""Check untrusted HDF5 files: no links, only plain numbers, and no more numbers than the file stores."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from galaxy_keras.errors import EstimatorError, InputError
from galaxy_keras.messages import show

if TYPE_CHECKING:
    import h5py

# Keras nests the group of an inner layer in the group of the outer layer.
MAX_GROUP_DEPTH = 64
MAX_ENTRIES = 200_000
# Paths of numbers that are not weights: state of the optimizer and of random generators.
OTHER_NUMBERS = ("optimizer/", "seed_generator/", "/seed_generator/")


def count_numbers(path: Path, name: str) -> int:
    """Count the weights in an HDF5 file.

    Parameters
    ----------
    name
        Name of the file in messages.

    Raises
    ------
    EstimatorError
        The file is damaged, contains links or deeply nested groups, or declares more numbers than it stores.
    """
    import h5py

    try:
        with h5py.File(path, "r") as file:
            sizes = {place: _check_dataset(item, f"{name}, {show(place)}") for place, item in _walk(file, name)}
    except (InputError, MemoryError):
        raise
    except Exception as error:  # h5py raises many kinds of errors for damaged files.
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
    """Yield each dataset with its path, without recursion; cyclic groups end at the maximum depth."""
    import h5py

    waiting, count = [("", file)], 0
    while waiting:
        before, group = waiting.pop()
        for key in group:
            place, count = f"{before}{key}", count + 1
            if place.count("/") > MAX_GROUP_DEPTH or count > MAX_ENTRIES:
                raise EstimatorError(
                    f"{name}: found groups more than {MAX_GROUP_DEPTH} deep or more than {MAX_ENTRIES:,} entries; "
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
    """Return the number of values of a dataset and their size in bytes."""
    import h5py

    is_plain = isinstance(item, h5py.Dataset) and item.shape is not None and item.dtype.kind in "fiub"
    if not is_plain or item.is_virtual or item.external:
        raise EstimatorError(f"{place}: found data other than plain numbers; expected weights")
    if item.id.get_create_plist().get_nfilters():
        raise EstimatorError(f"{place}: found compressed data; expected weights as Keras writes them")
    if item.nbytes > item.id.get_storage_size():
        raise EstimatorError(
            f"{place}: the file declares {item.size:,} numbers that it does not contain; expected weights"
        )
    return item.size, item.nbytes
