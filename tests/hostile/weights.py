"""Hostile weights files: HDF5 with links, huge or unusual datasets, and files of other formats."""

import io
import json
import pickle
import random
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import h5py
import numpy as np

from galaxy_keras.errors import InputError
from hostile.mutations import flip_bytes

TEST_DATA = Path(__file__).resolve().parents[2] / "test-data"
ESTIMATOR, WEIGHTS = TEST_DATA / "fitted_species.zip", TEST_DATA / "fitted_species.weights.h5"
KERNEL = "layers/dense/vars/0"
Sample = tuple[str, bytes]


def samples(seed: int = 0) -> Iterator[Sample]:
    """Yield the name and content of each hostile file for the network of ``fitted_species.zip``."""
    rng = random.Random(seed)
    yield from list_changed()
    yield from list_foreign()
    content = WEIGHTS.read_bytes()
    yield "cut", content[: len(content) // 2]
    yield "signature only", content[:8]
    yield "zeros after the signature", content[:8] + bytes(len(content) - 8)
    yield "noise after the signature", content[:8] + bytes(rng.randrange(256) for _ in range(4_000))


def list_changed() -> Iterator[Sample]:
    """Yield the weights of the network with one change per file."""
    for change in CHANGES:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "w.h5"
            path.write_bytes(WEIGHTS.read_bytes())
            with h5py.File(path, "r+") as file:
                change(file)
            yield change.__name__.replace("_", " "), path.read_bytes()


def list_foreign() -> Iterator[Sample]:
    """Yield files of other formats."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as keras_model:
        for name in ("metadata.json", "config.json", "model.weights.h5"):
            keras_model.writestr(name, "{}")
    yield "a .keras file", archive.getvalue()
    yield "an estimator", ESTIMATOR.read_bytes()
    yield "an architecture", (TEST_DATA / "dense_classifier_architecture.json").read_bytes()
    yield "JSON", json.dumps({"weights": [1, 2]}).encode()
    yield "a pickle", pickle.dumps({"weights": [1, 2]})
    yield "a table", (TEST_DATA / "iris_measures.tabular").read_bytes()
    yield "an empty file", b""
    yield "a gzip archive", b"\x1f\x8b\x08" + bytes(20)
    yield "NUL bytes", bytes(1_000)


def not_a_number(file: h5py.File) -> None:
    file[KERNEL][0, 0] = np.nan


def infinite(file: h5py.File) -> None:
    file[KERNEL][0, 0] = -np.inf


def deep_groups(file: h5py.File) -> None:
    group = file["layers"]
    for _ in range(3_000):
        group = group.create_group("g")


def cycle_of_groups(file: h5py.File) -> None:
    file["layers/dense/again"] = file["layers"]


def many_groups(file: h5py.File) -> None:
    # Each level has two links to the next: 2 ** 30 paths in a few bytes.
    groups = [file.create_group(f"level{number}") for number in range(30)]
    for outer, inner in zip(groups, groups[1:], strict=False):
        outer["a"], outer["b"] = inner, inner


def gigabytes_in_chunks(file: h5py.File) -> None:
    file.create_dataset("layers/dense/vars/9", (10**6, 10**6), "f4", chunks=(1_000, 1_000))


def gigabytes_compressed(file: h5py.File) -> None:
    file.create_dataset("layers/dense/vars/9", (10**5, 10**5), "f4", chunks=(1_000, 1_000), compression="gzip")


def gigabytes_unstored(file: h5py.File) -> None:
    file.create_dataset("layers/dense/vars/9", (10**5, 10**5), "f4")


def compressed(file: h5py.File) -> None:
    _rewrite(file, compression="gzip")


def other_shape(file: h5py.File) -> None:
    values = file[KERNEL][()].T
    del file[KERNEL]
    file[KERNEL] = values


def scalar_instead(file: h5py.File) -> None:
    del file[KERNEL]
    file[KERNEL] = 1.0


def empty_dataset(file: h5py.File) -> None:
    del file[KERNEL]
    file[KERNEL] = h5py.Empty("f4")


def group_instead(file: h5py.File) -> None:
    del file[KERNEL]
    file.create_group(KERNEL)


def named_type(file: h5py.File) -> None:
    file["layers/type"] = np.dtype("f8")


def text_instead(file: h5py.File) -> None:
    del file[KERNEL]
    file.create_dataset(KERNEL, data=["text"], dtype=h5py.string_dtype())


def references(file: h5py.File) -> None:
    del file[KERNEL]
    file.create_dataset(KERNEL, data=[file.ref], dtype=h5py.ref_dtype)


def compound_type(file: h5py.File) -> None:
    del file[KERNEL]
    file.create_dataset(KERNEL, data=np.zeros((4, 16), dtype=[("a", "f4"), ("b", "f4")]))


def external_link(file: h5py.File) -> None:
    del file[KERNEL]
    file[KERNEL] = h5py.ExternalLink("/etc/hostname", "/")


def soft_link(file: h5py.File) -> None:
    del file[KERNEL]
    file[KERNEL] = h5py.SoftLink("/layers/dense_1/vars/0")


def external_storage(file: h5py.File) -> None:
    del file[KERNEL]
    file.create_dataset(KERNEL, (4, 16), "f4", external=[("/etc/passwd", 0, h5py.h5f.UNLIMITED)])


def virtual_dataset(file: h5py.File) -> None:
    del file[KERNEL]
    layout = h5py.VirtualLayout(shape=(4, 16), dtype="f4")
    layout[:] = h5py.VirtualSource("/tmp/other.h5", "x", shape=(4, 16))
    file.create_virtual_dataset(KERNEL, layout)


def strange_names(file: h5py.File) -> None:
    file["layers/x\x1b[31m\nError: forged"] = h5py.SoftLink("/x")


def one_layer_more(file: h5py.File) -> None:
    file["layers/more/vars/0"] = np.zeros((4, 16), dtype="f4")


def no_layers(file: h5py.File) -> None:
    del file["layers"]


def keras_2_weights(file: h5py.File) -> None:
    del file["layers"]
    file.attrs["layer_names"] = ["dense"]


def keras_2_model(file: h5py.File) -> None:
    file.attrs["model_config"] = "{}"


def galaxy_ml_model(file: h5py.File) -> None:
    del file["layers"]
    file["-model_config-"] = "{}"


def _rewrite(file: h5py.File, **options: str) -> None:
    values = file[KERNEL][()]
    del file[KERNEL]
    file.create_dataset(KERNEL, data=values, **options)


CHANGES: list[Callable[[h5py.File], None]] = [
    *(not_a_number, infinite, deep_groups, cycle_of_groups, many_groups, gigabytes_in_chunks, gigabytes_compressed),
    *(gigabytes_unstored, compressed, other_shape, scalar_instead, empty_dataset, group_instead, named_type),
    *(text_instead, references, compound_type, external_link, soft_link, external_storage, virtual_dataset),
    *(strange_names, one_layer_more, no_layers, keras_2_weights, keras_2_model, galaxy_ml_model),
]


def fuzz(seed: int) -> None:
    """Read randomly changed weights as a prediction does; only InputError may be raised."""
    from galaxy_keras.estimator.fitted_network import load_model, read_fitted_estimator

    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "w.h5"
        path.write_bytes(flip_bytes(WEIGHTS.read_bytes(), rng))
        try:
            load_model(read_fitted_estimator(ESTIMATOR), ESTIMATOR, path)
        except InputError as error:
            assert str(error)
