"""Files of the wrong kind are recognized, and the message says what to do."""

import json
import pickle
import zipfile

import keras
import pytest
from examples.scripts import TEST_DATA

from galaxy_keras.errors import EstimatorError
from galaxy_keras.estimator.file import read_estimator
from galaxy_keras.estimator.weights_file import check_weights
from galaxy_keras.files.foreign_files import recognize
from galaxy_keras.network.architecture import build_model

SPECIES = TEST_DATA / "fitted_species.zip"


@pytest.fixture(scope="module")
def network():
    return build_model(read_estimator(SPECIES).architecture)


@pytest.mark.filterwarnings("ignore:You are saving your model as an HDF5 file")
@pytest.mark.parametrize(
    "name, found",
    [
        ("model.h5", "a whole model in the HDF5 format of Keras 2"),
        ("model.keras", "a whole model in Keras' format .keras"),
    ],
)
def test_a_whole_model_is_recognized(network, tmp_path, name, found):
    network.save(tmp_path / name)
    path = (tmp_path / name).rename(tmp_path / "dataset_1.dat")
    mend = r"keras.models.load_model\(file\).save_weights"
    with pytest.raises(EstimatorError, match=f"^weights: found {found}; expected Keras 3 weights: in Python, {mend}"):
        check_weights(network, path)
    with pytest.raises(EstimatorError, match=f"estimator: found {found}; .* run 'Create deep learning model' with the"):
        read_estimator(path)


def test_weights_of_keras_2_are_recognized(network, tmp_path):
    import h5py
    from keras.src.legacy.saving.legacy_h5_format import save_weights_to_hdf5_group

    with h5py.File(tmp_path / "w.h5", "w") as file:
        save_weights_to_hdf5_group(file, network)
    with pytest.raises(EstimatorError, match="weights: found weights in the format of Keras 2; .* model.load_weights"):
        check_weights(network, tmp_path / "w.h5")


def test_other_kinds_are_recognized(tmp_path):
    path = tmp_path / "file"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("model/saved_model.pb", b"")
    assert recognize(path) == "a zip archive of a TensorFlow SavedModel"
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        path.write_bytes(pickle.dumps({"a": 1}, protocol))
        assert recognize(path) == "a pickle"
    path.write_text(json.dumps({"a": "ä" * 10_000}, ensure_ascii=False))
    assert recognize(path) == "a JSON file"
    path.write_text("x" + "ä" * 10_000)
    assert recognize(path) == "a text file"
    for name, kind in {
        "lstm_architecture.json": "an architecture (JSON)",
        "fitted_species.zip": "an estimator",
        "fitted_species.weights.h5": "Keras weights",
        "iris_species.tabular": "a text file",
    }.items():
        assert recognize(TEST_DATA / name) == kind


def test_an_architecture_instead_of_an_estimator_refers_to_the_builder(tmp_path):
    with pytest.raises(EstimatorError, match=r"found an architecture \(JSON\); .*'Create deep learning model' on this"):
        read_estimator(TEST_DATA / "lstm_architecture.json")


def test_weights_that_keras_saves_are_recognized(tmp_path):
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
    model.compile("adam", "mse")
    model.save_weights(tmp_path / "m.weights.h5")
    assert recognize(tmp_path / "m.weights.h5") == "Keras weights"
