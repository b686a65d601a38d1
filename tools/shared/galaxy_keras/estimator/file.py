"""Read and write estimator files: zip archives of JSON and weights, without code.

The versions of the format are listed in :mod:`galaxy_keras.estimator.schema`.
"""

import dataclasses
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

from galaxy_keras.catalog.keras_objects import check_classes
from galaxy_keras.catalog.losses_and_metrics import Measure
from galaxy_keras.data.text_encoding import TextEncoding
from galaxy_keras.errors import ArchitectureError, EstimatorError
from galaxy_keras.estimator.archive import (
    ARCHITECTURE,
    DESCRIPTION,
    HISTORY,
    MAX_JSON,
    MEGABYTE,
    read_json_members,
    WEIGHTS,
)
from galaxy_keras.estimator.contents import Estimator, FitParameters, Fitted, FittedOutput
from galaxy_keras.estimator.schema import find_violation, FORMAT, FORMAT_VERSION
from galaxy_keras.files.json_documents import JsonFormat, parse_json
from galaxy_keras.files.writing import write_complete
from galaxy_keras.messages import quote
from galaxy_keras.network.architecture import check_architecture
from galaxy_keras.sequences.encoding import SequenceEncoding

# Keys of the fitted attributes that only some networks have.
OPTIONAL = ("text", "heads", "sequences")
# A fixed time stamp makes files of equal trainings identical.
MEMBER_DATE = (1980, 1, 1, 0, 0, 0)
# Limits of a JSON member. Within them, the parsed document needs at most a few hundred megabytes.
MAX_ENTRIES, MAX_OBJECTS = 5_000_000, 300_000
# A history may contain NaN for epochs in which a metric was undefined.
FORMATS = {
    name: JsonFormat(MAX_JSON, "an intact estimator", EstimatorError, may_be_nonfinite=name == HISTORY)
    for name in (DESCRIPTION, ARCHITECTURE, HISTORY)
}


def write_estimator(path: Path, estimator: Estimator, weights: Path | None = None) -> None:
    """Write an estimator file.

    If an error occurs, no file is written.

    Parameters
    ----------
    path
        File to write.
    estimator
        Must be fitted if ``weights`` is given.
    weights
        A Keras ``.weights.h5`` file, which is copied unchanged.

    Raises
    ------
    EstimatorError
        A JSON member is larger than :func:`read_estimator` accepts.
    """
    members = encode_members(estimator)
    with write_complete(path) as unfinished, zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, MEMBER_DATE), content, compress_type=zipfile.ZIP_DEFLATED)
        if weights is not None:
            # Stored without compression, because trained weights hardly compress.
            with (
                archive.open(zipfile.ZipInfo(WEIGHTS, MEMBER_DATE), "w", force_zip64=True) as member,
                weights.open("rb") as source,
            ):
                shutil.copyfileobj(source, member, MEGABYTE)


def encode_members(estimator: Estimator) -> dict[str, bytes]:
    """Return the JSON members of an estimator file by name.

    Raises
    ------
    EstimatorError
        A member is larger than :func:`read_estimator` accepts.
    """
    document = dataclasses.asdict(estimator)
    architecture, history = document.pop("architecture"), document.pop("history")
    if estimator.fitted:
        document["fitted"] = describe_fitted(estimator.fitted)
    documents = {
        DESCRIPTION: {"format": FORMAT, "format_version": FORMAT_VERSION, **document},
        ARCHITECTURE: architecture,
    }
    if estimator.fitted:
        documents[HISTORY] = history
    members = {name: (json.dumps(content, indent=2) + "\n").encode() for name, content in documents.items()}
    for name, content in members.items():
        _check_size(content, f"estimator, {name}")
    return members


def describe_fitted(fitted: Fitted) -> dict[str, Any]:
    """Return the fitted attributes as the file stores them; the key of the outputs is ``heads`` there."""
    document = dataclasses.asdict(fitted)
    document["heads"] = document.pop("outputs")
    return {name: value for name, value in document.items() if value is not None or name not in OPTIONAL}


def read_estimator(path: Path, name: str = "estimator") -> Estimator:
    """Read the JSON members of an estimator file and check each of them.

    The function does not import Keras, build the network or read weights. To check that the members agree with each
    other, use :func:`galaxy_keras.estimator.consistency.check_estimator`.

    Raises
    ------
    EstimatorError
        The file is not a zip archive, a member is unknown, missing, damaged or too large, the format is newer, or
        the content does not match the schema.
    ArchitectureError
        The architecture contains a refused layer or object.
    """
    members = read_json_members(path, name)
    document = _check_document(_read_json(members, DESCRIPTION, name), name)
    architecture = check_architecture(_read_json(members, ARCHITECTURE, name), f"{name}, {ARCHITECTURE}")
    history = {}
    if document["fitted"] is not None:
        for member in (WEIGHTS, HISTORY):
            if member not in members:
                raise EstimatorError(f"{name}: the member {member} is missing; expected it in a fitted estimator")
        history = _check_history(_read_json(members, HISTORY, name), name)
    try:
        check_classes(document["optimizer"], f"{name}, optimizer")
    except ArchitectureError as error:
        raise EstimatorError(str(error)) from None
    fitted = document["fitted"]
    return Estimator(
        **{key: document[key] for key in ("task", "optimizer", "seed")},
        loss=Measure(**document["loss"]),
        metrics=[Measure(**metric) for metric in document["metrics"]],
        fit=FitParameters(**document["fit"]),
        architecture=architecture,
        fitted=None if fitted is None else _make_fitted(fitted),
        history=history,
    )


def _make_fitted(document: dict[str, Any]) -> Fitted:
    fields = {name: value for name, value in document.items() if name not in OPTIONAL}
    text, outputs, sequences = (document.get(name) for name in OPTIONAL)
    return Fitted(
        **fields,
        text=None if text is None else TextEncoding(**text),
        outputs=None if outputs is None else [FittedOutput(**output) for output in outputs],
        sequences=None if sequences is None else SequenceEncoding(**sequences),
    )


def _read_json(members: dict[str, bytes], member: str, name: str) -> Any:
    if member not in members:
        raise EstimatorError(f"{name}: the member {member} is missing; expected an estimator of this tool suite")
    place = f"{name}, {member}"
    _check_size(members[member], place)
    return parse_json(members[member], place, FORMATS[member])


def _check_size(content: bytes, place: str) -> None:
    """Check the size and the number of entries of a JSON document, which limits the memory that parsing needs."""
    found = ((len(content), "bytes", MAX_JSON), (content.count(b","), "entries", MAX_ENTRIES))
    for count, what, most in (*found, (content.count(b"{"), "objects", MAX_OBJECTS)):
        if count > most:
            raise EstimatorError(f"{place}: found {count:,} {what}; expected at most {most:,}")


def _check_document(document: Any, name: str) -> dict[str, Any]:
    """Check the version of ``estimator.json``, then the document against the schema of that version."""
    place = f"{name}, {DESCRIPTION}"
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise EstimatorError(f"{place}: the document is not an estimator description; expected format '{FORMAT}'")
    version = document.get("format_version")
    if version != FORMAT_VERSION:
        raise EstimatorError(
            f"{place}: found format version {quote(version)}; expected {FORMAT_VERSION} "
            "(use the version of the tools that wrote the file, or a newer one)"
        )
    violation = find_violation(document)
    if violation:
        raise EstimatorError(f"{place}, {violation}")
    return document


def _check_history(document: Any, name: str) -> dict[str, list[float]]:
    lists = isinstance(document, dict) and all(isinstance(values, list) for values in document.values())
    if not lists or not all(isinstance(value, (int, float)) for values in document.values() for value in values):
        raise EstimatorError(f"{name}, {HISTORY}: found other content; expected a list of numbers for each metric")
    return document
