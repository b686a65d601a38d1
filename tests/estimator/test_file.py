"""Reading and writing estimator files, and refusal of damaged and hostile archives."""

import json
import zipfile
from dataclasses import replace

import pytest
from examples.scripts import TEST_DATA

from galaxy_keras.errors import ArchitectureError, EstimatorError
from galaxy_keras.estimator.archive import extract_weights
from galaxy_keras.estimator.file import describe_fitted, read_estimator, write_estimator

FITTED = TEST_DATA / "fitted_species.zip"


def rewrite(target, change=lambda members: None, source=FITTED):
    """Copy an estimator file with changed members."""
    with zipfile.ZipFile(source) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target


def change_json(member, **changes):
    def change(members):
        document = json.loads(members[member])
        document.update(changes)
        members[member] = json.dumps(document).encode()

    return change


def test_an_estimator_is_read_as_it_was_written(tmp_path):
    estimator = read_estimator(FITTED)
    weights = tmp_path / "w.weights.h5"
    extract_weights(FITTED, weights)
    write_estimator(tmp_path / "copy.zip", estimator, weights)
    assert read_estimator(tmp_path / "copy.zip") == estimator
    write_estimator(tmp_path / "again.zip", read_estimator(tmp_path / "copy.zip"), weights)
    assert (tmp_path / "again.zip").read_bytes() == (tmp_path / "copy.zip").read_bytes()


def test_an_unfitted_estimator_has_two_members(tmp_path):
    estimator = replace(read_estimator(FITTED), fitted=None, history={})
    write_estimator(tmp_path / "unfitted.zip", estimator)
    assert zipfile.ZipFile(tmp_path / "unfitted.zip").namelist() == ["estimator.json", "architecture.json"]
    assert read_estimator(tmp_path / "unfitted.zip") == estimator


def test_a_vocabulary_is_read_as_it_was_written_and_an_invalid_one_is_refused(tmp_path):
    source = TEST_DATA / "fitted_texts.zip"
    estimator = read_estimator(source)
    assert estimator.fitted.text.words[:2] == ["film", "the"]
    weights = tmp_path / "w.weights.h5"
    extract_weights(source, weights)
    write_estimator(tmp_path / "copy.zip", estimator, weights)
    assert read_estimator(tmp_path / "copy.zip") == estimator
    fitted = {**describe_fitted(estimator.fitted), "text": {"words": ["a" * 101], "length": 6}}
    path = rewrite(tmp_path / "bad.zip", change_json("estimator.json", fitted=fitted), source)
    with pytest.raises(EstimatorError, match=r"\$.fitted"):
        read_estimator(path)


def test_outputs_are_read_as_they_were_written_and_need_the_kind_multi_output(tmp_path):
    source = TEST_DATA / "fitted_two_targets.zip"
    estimator = read_estimator(source)
    assert [output.title for output in estimator.fitted.outputs] == ["species", "size"]
    weights = tmp_path / "w.weights.h5"
    extract_weights(source, weights)
    write_estimator(tmp_path / "copy.zip", estimator, weights)
    assert read_estimator(tmp_path / "copy.zip") == estimator
    fitted = describe_fitted(estimator.fitted)
    without = {name: value for name, value in fitted.items() if name != "heads"}
    for changed in (without, {**fitted, "target_kind": "labels"}, {**fitted, "heads": fitted["heads"][:1]}):
        path = rewrite(tmp_path / "bad.zip", change_json("estimator.json", fitted=changed), source)
        with pytest.raises(EstimatorError, match=r"\$.fitted"):
            read_estimator(path)


LAMBDA = {"module": "keras.layers", "class_name": "Lambda", "config": {"name": "l"}, "registered_name": None}


@pytest.mark.parametrize(
    "change, error, message",
    [
        pytest.param(lambda m: m.update({"../evil.py": b""}), EstimatorError, "a path outside", id="climbing path"),
        pytest.param(lambda m: m.update({"/etc/x": b""}), EstimatorError, "a path outside", id="absolute path"),
        pytest.param(lambda m: m.update({"model.pkl": b""}), EstimatorError, "unknown member, 'model.pkl'", id="extra"),
        pytest.param(
            lambda m: m.pop("architecture.json"), EstimatorError, "member architecture.json is missing", id="missing"
        ),
        pytest.param(
            lambda m: m.pop("estimator.json"), EstimatorError, "member estimator.json is missing", id="no description"
        ),
        pytest.param(
            lambda m: m.pop("model.weights.h5"), EstimatorError, "member model.weights.h5 is missing", id="no weights"
        ),
        pytest.param(
            lambda m: m.pop("history.json"), EstimatorError, "member history.json is missing", id="no history"
        ),
        pytest.param(
            lambda m: m.update({"estimator.json": b"{"}), EstimatorError, "the file is not JSON", id="bad JSON"
        ),
        pytest.param(
            lambda m: m.update({"estimator.json": b"[]"}), EstimatorError, "not an estimator descr", id="a list"
        ),
        pytest.param(
            lambda m: m.update({"estimator.json": b"[" * 100_000}), EstimatorError, "nested deeper", id="deep JSON"
        ),
        pytest.param(
            change_json("estimator.json", format_version=2), EstimatorError, "format version 2; expected 1", id="newer"
        ),
        pytest.param(
            change_json("estimator.json", seed="x"),
            EstimatorError,
            r"\$.seed: found 'x'; expected a whole number or null",
            id="wrong type",
        ),
        pytest.param(
            change_json("estimator.json", extra=1),
            EstimatorError,
            "found the unknown entry 'extra'; expected only format",
            id="extra key",
        ),
        pytest.param(
            change_json("estimator.json", optimizer={"module": "os", "class_name": "system", "config": {}}),
            EstimatorError,
            "optimizer: found class os.system",
            id="foreign optimizer",
        ),
        pytest.param(
            change_json("architecture.json", config={"name": "s", "layers": [LAMBDA]}),
            ArchitectureError,
            "layer 1: found a Lambda layer",
            id="lambda",
        ),
    ],
)
def test_damaged_and_hostile_archives_are_refused(tmp_path, change, error, message):
    with pytest.raises(error, match=message):
        read_estimator(rewrite(tmp_path / "estimator.zip", change))


@pytest.mark.parametrize(
    "content, message",
    [
        pytest.param(b"", "an empty file", id="empty"),
        pytest.param(b"not a zip", "a text file", id="text"),
        pytest.param(b"PK\x03\x04 cut off", "a damaged zip archive", id="cut"),
    ],
)
def test_a_file_that_is_not_a_zip_archive_is_refused(tmp_path, content, message):
    path = tmp_path / "estimator.zip"
    path.write_bytes(content)
    with pytest.raises(EstimatorError, match=rf"estimator: found {message}; expected an estimator \(zip\)"):
        read_estimator(path)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_weights_of_zeros_are_extracted_with_any_compression(tmp_path, method):
    """Zeros compress to a thousandth of their size, like the content of a zip bomb."""
    zeros, source, target = bytes(20 * 2**20), tmp_path / "e.zip", tmp_path / "w.weights.h5"
    with zipfile.ZipFile(FITTED) as archive, zipfile.ZipFile(source, "w", method) as copy:
        for name in archive.namelist():
            copy.writestr(name, zeros if name == "model.weights.h5" else archive.read(name))
    extract_weights(source, target)
    assert target.read_bytes() == zeros
    assert sorted(path.name for path in tmp_path.iterdir()) == ["e.zip", "w.weights.h5"]


def test_weights_much_larger_than_the_archive_are_refused(tmp_path):
    source = rewrite(tmp_path / "e.zip", lambda members: members.update({"model.weights.h5": bytes(65 * 2**20)}))
    with zipfile.ZipFile(source) as archive, zipfile.ZipFile(tmp_path / "packed.zip", "w", 8) as packed:
        for name in archive.namelist():
            packed.writestr(name, archive.read(name))
    source.unlink()
    with pytest.raises(EstimatorError, match="model.weights.h5: found more than 67,108,864 bytes"):
        extract_weights(tmp_path / "packed.zip", tmp_path / "w.weights.h5")
    assert [path.name for path in tmp_path.iterdir()] == ["packed.zip"]


def test_an_estimator_above_the_size_limit_is_not_written(tmp_path):
    estimator = read_estimator(FITTED)
    history = {"loss": [0.0] * 6_000_000}
    with pytest.raises(EstimatorError, match="estimator, history.json: found 5,999,999 entries; expected at most"):
        write_estimator(
            tmp_path / "e.zip", replace(estimator, history=history), TEST_DATA / "fitted_species.weights.h5"
        )
    assert list(tmp_path.iterdir()) == []


def test_a_member_above_the_size_limit_is_refused(tmp_path):
    path = tmp_path / "estimator.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("estimator.json", b" " * (65 * 2**20))
    with pytest.raises(EstimatorError, match="estimator.json: found more than 67,108,864 bytes; expected at most"):
        read_estimator(path)


def test_a_duplicate_member_is_refused(tmp_path):
    path = rewrite(tmp_path / "estimator.zip")
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(path, "a") as archive:
        archive.writestr("estimator.json", b"{}")
    with pytest.raises(EstimatorError, match="estimator.json twice"):
        read_estimator(path)


def test_damaged_weights_are_refused(tmp_path):
    data = bytearray(rewrite(tmp_path / "estimator.zip").read_bytes())
    place = data.find(b"\x89HDF")
    data[place + 200] ^= 0xFF
    (tmp_path / "estimator.zip").write_bytes(data)
    with pytest.raises(EstimatorError, match="damaged zip archive .*Bad CRC"):
        extract_weights(tmp_path / "estimator.zip", tmp_path / "w.weights.h5")
