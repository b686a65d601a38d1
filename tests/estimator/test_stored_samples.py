"""Files of released versions stay readable; see the version policy in docs/file_formats.md."""

import json
import zipfile

import pytest
from examples.scripts import TEST_DATA

from galaxy_keras.estimator.file import read_estimator
from galaxy_keras.estimator.fitted_network import load_model, read_fitted_estimator
from galaxy_keras.network.architecture import build_skeleton, read_architecture
from galaxy_keras.plots.measure_tables import read_measures

UNFITTED, FITTED = sorted(TEST_DATA.glob("*_estimator.zip")), sorted(TEST_DATA.glob("fitted_*.zip"))
# The sample with a Lambda layer must be refused.
ARCHITECTURES = sorted(set(TEST_DATA.glob("*_architecture.json")) - {TEST_DATA / "lambda_architecture.json"})
WEIGHTS = sorted(TEST_DATA.glob("fitted_*.weights.h5"))
HISTORIES = sorted(TEST_DATA.glob("history_*.tabular"))


def name_file(path):
    return path.name


@pytest.mark.parametrize("path", UNFITTED, ids=name_file)
def test_an_estimator_of_version_1_is_read(path):
    assert read_estimator(path).fitted is None


@pytest.mark.parametrize("path", FITTED, ids=name_file)
def test_a_fitted_estimator_of_version_1_is_loaded(path):
    with zipfile.ZipFile(path) as archive:
        assert json.loads(archive.read("estimator.json"))["format_version"] == 1
    assert load_model(read_fitted_estimator(path), path).count_params() > 0


@pytest.mark.parametrize("path", ARCHITECTURES, ids=name_file)
def test_an_architecture_is_built(path):
    assert build_skeleton(read_architecture(path)).layers


@pytest.mark.parametrize("path", WEIGHTS, ids=name_file)
def test_weights_of_keras_3_are_loaded(path):
    estimator = path.with_name(path.name.replace(".weights.h5", ".zip"))
    assert load_model(read_fitted_estimator(estimator), estimator, path).count_params() > 0


@pytest.mark.parametrize("path", HISTORIES, ids=name_file)
def test_a_training_history_is_read(path):
    assert {"epoch", "loss", "val_loss"} <= set(read_measures(path, "training history").columns)


def test_each_format_has_a_sample():
    assert all([UNFITTED, FITTED, ARCHITECTURES, WEIGHTS, HISTORIES])
    assert TEST_DATA / "keras_2_architecture.json" in ARCHITECTURES
    members = [json.loads(zipfile.ZipFile(path).read("estimator.json"))["fitted"] for path in FITTED]
    assert any("heads" in fitted for fitted in members)
    assert any("unit" not in fitted["text"] for fitted in members if "text" in fitted)
