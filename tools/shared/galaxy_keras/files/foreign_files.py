"""Recognize files of the wrong kind by their content, and tell users how to convert them."""

from pathlib import Path

from galaxy_keras.files.bounded_zip import open_zip

HEAD_BYTES = 4096
HDF5_SIGNATURE = b"\x89HDF\r\n\x1a\n"
# Kinds of files as messages name them.
EMPTY, BINARY, TEXT = "an empty file", "a binary file of another kind", "a text file"
JSON, ARCHITECTURE = "a JSON file", "an architecture (JSON)"
PICKLE, GZIP = "a pickle", "a gzip archive"
ZIP, BROKEN_ZIP, ESTIMATOR = "a zip archive of another kind", "a damaged zip archive", "an estimator"
KERAS_MODEL, SAVED_MODEL = "a whole model in Keras' format .keras", "a zip archive of a TensorFlow SavedModel"
HDF5, BROKEN_HDF5 = "an HDF5 file of another kind", "a damaged HDF5 file"
WEIGHTS, OLD_WEIGHTS = "Keras weights", "weights in the format of Keras 2"
OLD_MODEL, GALAXY_ML = "a whole model in the HDF5 format of Keras 2", "a model in Galaxy-ML's format h5mlm"

_CONVERT_MODEL = (
    "expected Keras 3 weights: in Python, keras.models.load_model(file).save_weights('name.weights.h5') writes them"
)
# Advice for each kind of file if weights are expected.
FOR_WEIGHTS = {
    OLD_WEIGHTS: "expected Keras 3 weights: in Python, after model.load_weights(file), "
    "model.save_weights('name.weights.h5') writes them",
    OLD_MODEL: _CONVERT_MODEL,
    KERAS_MODEL: _CONVERT_MODEL,
    ESTIMATOR: "expected weights; those of a fitted estimator are the member model.weights.h5 of the zip archive",
    ARCHITECTURE: "expected the network's weights, as Keras' model.save_weights('name.weights.h5') writes them",
}
WEIGHTS_EXPECTED = "expected Keras weights (HDF5), as model.save_weights('name.weights.h5') writes them"
_MAKE_ESTIMATOR = "expected an estimator (zip): run 'Create deep learning model'"
_PREFITTED = f"{_MAKE_ESTIMATOR} with the architecture (model.to_json()) and Keras 3 weights"
# Advice for each kind of file if an estimator is expected.
FOR_ESTIMATOR = {
    ARCHITECTURE: f"{_MAKE_ESTIMATOR} on this architecture first",
    WEIGHTS: f"{_MAKE_ESTIMATOR} with the architecture and these weights",
    OLD_WEIGHTS: _PREFITTED,
    OLD_MODEL: _PREFITTED,
    KERAS_MODEL: _PREFITTED,
    SAVED_MODEL: _PREFITTED,
    GALAXY_ML: f"{_MAKE_ESTIMATOR} of this version on the architecture",
    PICKLE: f"{_MAKE_ESTIMATOR}; the tools do not open pickles, which can run code",
}
ESTIMATOR_EXPECTED = (
    "expected an estimator (zip) made by 'Create deep learning model' or 'Deep learning training and evaluation'"
)


def describe_foreign_weights(kind: str) -> str:
    """Return what was found instead of weights, and what to do."""
    return f"found {kind}; {FOR_WEIGHTS.get(kind, WEIGHTS_EXPECTED)}"


def describe_foreign_estimator(path: Path) -> str:
    """Return what was found instead of an estimator, and what to do."""
    kind = recognize(path)
    return f"found {kind}; {FOR_ESTIMATOR.get(kind, ESTIMATOR_EXPECTED)}"


def recognize(path: Path) -> str:
    """Return the kind of an untrusted file, one of the constants of this module, without building anything from it."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if not head:
        return EMPTY
    if head.startswith(HDF5_SIGNATURE):
        return _recognize_hdf5(path)
    if head.startswith(b"PK"):
        return _recognize_zip(path)
    if head.startswith(b"\x1f\x8b"):
        return GZIP
    # The first bytes of pickle protocols 2 to 5.
    if head[:1] == b"\x80" and head[1:2] in (b"\x02", b"\x03", b"\x04", b"\x05"):
        return PICKLE
    return _recognize_text(head)


def _recognize_text(head: bytes) -> str:
    # The last character may be cut off.
    text = head.decode("utf-8", errors="ignore")
    if b"\0" in head or len(text.encode()) < len(head) - 3:
        return BINARY
    if not text.lstrip().startswith(("{", "[")):
        return TEXT
    return ARCHITECTURE if '"class_name"' in text and '"config"' in text else JSON


def _recognize_zip(path: Path) -> str:
    try:
        with open_zip(path) as archive:
            names = archive.namelist()
    except Exception:  # zipfile raises many kinds of errors for damaged archives.
        return BROKEN_ZIP
    if "estimator.json" in names:
        return ESTIMATOR
    if "config.json" in names and "metadata.json" in names:
        return KERAS_MODEL
    return SAVED_MODEL if any(name.rpartition("/")[2] == "saved_model.pb" for name in names) else ZIP


def _recognize_hdf5(path: Path) -> str:
    import h5py

    try:
        with h5py.File(path, "r") as file:
            # h5py returns names that are not UTF-8 as bytes.
            names, attributes = list(map(str, file)), list(map(str, file.attrs))
    except Exception:  # h5py raises many kinds of errors for damaged files.
        return BROKEN_HDF5
    if "model_config" in attributes or "model_weights" in names:
        return OLD_MODEL
    if "layer_names" in attributes:
        return OLD_WEIGHTS
    if any(name.startswith("-") and name.endswith("-") for name in names):
        return GALAXY_ML
    # Keras 3.0 wrote the second name.
    return WEIGHTS if {"layers", "_layer_checkpoint_dependencies"} & set(names) else HDF5
