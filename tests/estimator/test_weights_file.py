"""Reading and writing weights files, and refusal of other weights and of hidden HDF5 content."""

import h5py
import numpy as np
import pytest
from examples.scripts import TEST_DATA

from galaxy_keras.errors import EstimatorError
from galaxy_keras.estimator.file import read_estimator
from galaxy_keras.estimator.weights_file import load_weights, save_weights
from galaxy_keras.network.architecture import build_model


@pytest.fixture
def species_model():
    return build_model(read_estimator(TEST_DATA / "fitted_species.zip").architecture)


def test_weights_are_read_from_any_file_name(tmp_path, species_model):
    load_weights(species_model, TEST_DATA / "fitted_species.weights.h5")
    path = tmp_path / "dataset_1.dat"
    save_weights(species_model, path)
    fresh = build_model(read_estimator(TEST_DATA / "fitted_species.zip").architecture)
    load_weights(fresh, path)
    for found, expected in zip(fresh.get_weights(), species_model.get_weights(), strict=True):
        np.testing.assert_array_equal(found, expected)
    assert [item.name for item in tmp_path.iterdir()] == ["dataset_1.dat"]


def test_weights_of_a_network_with_random_generators_are_loaded(tmp_path):
    """Keras 3.15 does not save the states of random generators; the file has fewer arrays than the network."""
    import keras

    model = keras.Sequential([keras.Input((4,)), keras.layers.Dropout(0.5), keras.layers.Dense(2)])
    saved = model.get_weights()
    assert len(model.variables) > len(saved)
    save_weights(model, tmp_path / "w.h5")
    model.set_weights([array + 1 for array in saved])
    load_weights(model, tmp_path / "w.h5")
    for found, expected in zip(model.get_weights(), saved, strict=True):
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("name", ["fitted_is_setosa", "fitted_petal_width"])
def test_weights_of_another_network_are_refused(species_model, name):
    with pytest.raises(EstimatorError, match="weights: found .* weights; expected 131 .*another network"):
        load_weights(species_model, TEST_DATA / f"{name}.weights.h5")


@pytest.mark.parametrize("content, found", [(b"", "an empty file"), (b"text", "a text file")], ids=["empty", "text"])
def test_a_file_that_is_not_hdf5_is_refused(tmp_path, species_model, content, found):
    (tmp_path / "w.h5").write_bytes(content)
    with pytest.raises(EstimatorError, match=rf"weights: found {found}; expected Keras weights \(HDF5\)"):
        load_weights(species_model, tmp_path / "w.h5")


def _link_outside(file):
    file["layers/dense/vars/0"] = h5py.ExternalLink("/etc/hostname", "/")


def _link_soft(file):
    file["layers/dense/vars/0"] = h5py.SoftLink("/layers/dense/vars/1")


def _make_virtual(file):
    layout = h5py.VirtualLayout(shape=(4, 16), dtype="f4")
    layout[:] = h5py.VirtualSource("other.h5", "x", shape=(4, 16))
    file.create_virtual_dataset("layers/dense/vars/0", layout)


def _store_outside(file):
    file.create_dataset("layers/dense/vars/0", (4, 16), "f4", external=[("outside.raw", 0, h5py.h5f.UNLIMITED)])


def _store_objects(file):
    file.create_dataset("layers/dense/vars/0", data=["text"], dtype=h5py.string_dtype())


@pytest.mark.parametrize("trick", [_link_outside, _link_soft, _make_virtual, _store_outside, _store_objects])
def test_links_and_objects_are_refused_before_keras_reads_them(tmp_path, species_model, trick):
    with h5py.File(tmp_path / "w.h5", "w") as file:
        trick(file)
    with pytest.raises(EstimatorError, match="layers/dense/vars/0: found"):
        load_weights(species_model, tmp_path / "w.h5")
