"""The estimator file: one zip from the builder to the predictor, with JSON and weights and no code in it."""

import dataclasses
import json
import shutil
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jsonschema

from galaxy_keras.architecture import check_architecture, check_classes
from galaxy_keras.errors import ArchitectureError, EstimatorError
from galaxy_keras.estimator_schema import FORMAT, FORMAT_VERSION, SCHEMA
from galaxy_keras.measures import Measure
from galaxy_keras.outputs import write_complete

WEIGHTS_MEMBER = "model.weights.h5"
MEGABYTE = 2**20
# Bounds on what is read from a stranger's file; the weights' is that of a network of four billion parameters.
MEMBER_SIZE_LIMITS = {
    "estimator.json": 16 * MEGABYTE,
    "architecture.json": 64 * MEGABYTE,
    WEIGHTS_MEMBER: 16_384 * MEGABYTE,
    "history.json": 64 * MEGABYTE,
}
# Of what fitting adds, what only some networks have.
OPTIONAL = ("text", "heads")
# A fixed time stamp: the same training gives the same bytes.
MEMBER_DATE = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class FitParameters:
    """What goes to Keras' ``fit``.

    Attributes
    ----------
    epochs
        Passes over the training rows.
    batch_size
        Rows per weight update.
    steps_per_epoch, validation_steps
        Batches per epoch; None takes all.
    validation_split
        Share 0–1 of the rows held back, where a tool has no holdout of its own.
    shuffle
        Whether the rows are put in another order before each epoch.
    class_weight
        Weight in the loss by the user's label, as text; ``balanced`` for weights that are inverse to the classes'
        numbers of training rows; None for equal weights.
    callbacks
        Serialised callbacks: ``{"class_name": …, "config": {…}}``.
    """

    epochs: int = 1
    batch_size: int = 32
    steps_per_epoch: int | None = None
    validation_steps: int | None = None
    validation_split: float | None = None
    shuffle: bool = True
    class_weight: dict[str, float] | str | None = None
    callbacks: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class TextEncoding:
    """A vocabulary and how rows are brought to one length; stored in the estimator file.

    Attributes
    ----------
    words
        In lower case; the first has number 2. Number 1 stands for every other word, 0 fills a short row up.
    length
        Words of each row.
    pads_front, trims_front
        Whether a short row is filled up, and a long one cut, at its front; otherwise at its end.
    unit
        ``words`` or ``characters``: what the vocabulary holds.
    """

    words: list[str]
    length: int
    pads_front: bool
    trims_front: bool
    unit: str = "words"


@dataclass(frozen=True)
class FittedHead:
    """What one of several outputs with targets of their own has learnt about; see :class:`Fitted`.

    Attributes
    ----------
    title
        What its predictions are called.
    target_kind
        ``labels`` or ``one_hot``.
    output_count
        Numbers that the output gives for a row.
    """

    title: str
    target_kind: str
    classes: list[Any]
    target_names: list[str]
    output_count: int
    threshold: float | None
    has_probabilities: bool


@dataclass(frozen=True)
class Fitted:
    """What fitting adds to an estimator.

    Attributes
    ----------
    target_kind
        ``labels`` (one column of classes), ``one_hot`` (one 0/1 column a class), ``multilabel`` (independent 0/1
        columns), ``values`` (real numbers), ``multi_output`` (a target of its own for each of several outputs), or
        ``outputs`` (weights from elsewhere: the network's outputs as they are).
    classes
        The user's labels in the order of the network's outputs; empty for real numbers and several targets.
    target_names
        Names of the target columns.
    feature_count
        Number of input columns.
    feature_names
        Their names in order, or None where the table had no header.
    threshold
        A single output, or one of several labels, is positive above it; None where the largest output decides.
    has_probabilities
        Whether the outputs are probabilities.
    versions
        Versions of Keras and of the suite that fitted.
    text
        The vocabulary, where the network reads text.
    heads
        The network's outputs in their order, for ``multi_output``.
    """

    target_kind: str
    classes: list[Any]
    target_names: list[str]
    feature_count: int
    feature_names: list[str] | None
    threshold: float | None
    has_probabilities: bool
    versions: dict[str, str]
    text: TextEncoding | None = None
    heads: list[FittedHead] | None = None


@dataclass(frozen=True)
class Estimator:
    """An estimator: a network, how to train it, and, once fitted, what it has learnt.

    Attributes
    ----------
    task
        ``classification`` or ``regression``.
    loss, optimizer, metrics
        What goes to Keras' ``compile``, the optimizer in Keras' serialised form.
    seed
        Seed of the training; None leaves it random.
    architecture
        The architecture file's content.
    history
        Metrics per epoch, after fitting.
    """

    task: str
    loss: Measure
    optimizer: dict[str, Any]
    metrics: list[Measure]
    fit: FitParameters
    seed: int | None
    architecture: dict[str, Any]
    fitted: Fitted | None = None
    history: dict[str, list[float]] = field(default_factory=dict)


def write_estimator(path: Path, estimator: Estimator, weights: Path | None = None) -> None:
    """Write an estimator as a zip, complete or not at all.

    Parameters
    ----------
    path
        Where the zip shall stand.
    estimator
        Fitted if ``weights`` is given.
    weights
        A Keras ``.weights.h5`` file, copied in as it is.
    """
    document = dataclasses.asdict(estimator)
    architecture, history = document.pop("architecture"), document.pop("history")
    for name in OPTIONAL:
        if estimator.fitted and document["fitted"][name] is None:
            del document["fitted"][name]
    members = {
        "estimator.json": {"format": FORMAT, "format_version": FORMAT_VERSION, **document},
        "architecture.json": architecture,
    }
    if weights is not None:
        members["history.json"] = history
    with write_complete(path) as beside, zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            member = zipfile.ZipInfo(name, MEMBER_DATE)
            archive.writestr(member, json.dumps(content, indent=2) + "\n", compress_type=zipfile.ZIP_DEFLATED)
        if weights is not None:
            # Stored, not deflated: trained weights hardly shrink.
            with (
                archive.open(zipfile.ZipInfo(WEIGHTS_MEMBER, MEMBER_DATE), "w", force_zip64=True) as member,
                weights.open("rb") as source,
            ):
                shutil.copyfileobj(source, member, MEGABYTE)


def read_estimator(path: Path, name: str = "estimator") -> Estimator:
    """Read an estimator's JSON members and check them; nothing is built and no weight is read.

    Raises
    ------
    EstimatorError
        No zip, a member that is unknown, missing, damaged or too large, a newer format, or content that does not
        fit the schema.
    ArchitectureError
        The architecture holds what the suite refuses.
    """
    with _open_archive(path, name) as archive:
        document = _read_json(archive, "estimator.json", name)
        _check_document(document, name)
        architecture = check_architecture(_read_json(archive, "architecture.json", name), f"{name}, architecture.json")
        is_fitted = document["fitted"] is not None
        for member in (WEIGHTS_MEMBER, "history.json"):
            if is_fitted and member not in archive.namelist():
                raise EstimatorError(f"{name}: found no member {member}; expected it in a fitted estimator")
        history = _read_json(archive, "history.json", name) if is_fitted else {}
    try:
        check_classes(document["optimizer"], f"{name}, optimizer")
    except ArchitectureError as error:
        raise EstimatorError(str(error)) from None
    return Estimator(
        **{key: document[key] for key in ("task", "optimizer", "seed")},
        loss=Measure(**document["loss"]),
        metrics=[Measure(**metric) for metric in document["metrics"]],
        fit=FitParameters(**document["fit"]),
        architecture=architecture,
        fitted=_read_fitted(document["fitted"]) if is_fitted else None,
        history=history,
    )


def _read_fitted(document: dict[str, Any]) -> Fitted:
    text, heads = (document.get(name) for name in OPTIONAL)
    return Fitted(
        **{
            **document,
            "text": None if text is None else TextEncoding(**text),
            "heads": None if heads is None else [FittedHead(**head) for head in heads],
        }
    )


def extract_weights(path: Path, target: Path, name: str = "estimator") -> None:
    """Copy a fitted estimator's weights to a file of their own, whose name must end in ``.weights.h5`` for Keras."""
    with _open_archive(path, name) as archive, target.open("wb") as file:
        try:
            with archive.open(WEIGHTS_MEMBER) as member:
                shutil.copyfileobj(member, file, MEGABYTE)
        except (zipfile.BadZipFile, EOFError, ValueError) as error:
            raise EstimatorError(f"{name}, {WEIGHTS_MEMBER}: found a damaged member ({error})") from None


def _open_archive(path: Path, name: str) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError):
        raise EstimatorError(
            f"{name}: found no zip archive; expected an estimator made by 'Create deep learning model' or "
            "'Deep learning training and evaluation'"
        ) from None
    names = archive.namelist()
    for member in archive.infolist():
        climbs = member.filename.startswith("/") or ".." in Path(member.filename).parts
        if member.filename not in MEMBER_SIZE_LIMITS:
            found = "a path that climbs out of the archive" if climbs else "an unknown member"
            known = ", ".join(MEMBER_SIZE_LIMITS)
            raise EstimatorError(f"{name}: found {found}, {member.filename!r}; expected only {known}")
        if names.count(member.filename) > 1:
            raise EstimatorError(f"{name}: found the member {member.filename} twice; expected it once")
        limit = MEMBER_SIZE_LIMITS[member.filename]
        if member.file_size > limit:
            raise EstimatorError(
                f"{name}, {member.filename}: found {member.file_size:,} bytes; expected at most {limit:,}"
            )
    return archive


def _read_json(archive: zipfile.ZipFile, member: str, name: str) -> Any:
    if member not in archive.namelist():
        raise EstimatorError(f"{name}: found no member {member}; expected an estimator of this tool suite")
    try:
        return json.loads(archive.read(member).decode("utf-8"))
    except (zipfile.BadZipFile, EOFError, ValueError, RecursionError, NotImplementedError, RuntimeError) as error:
        raise EstimatorError(f"{name}, {member}: found no readable JSON ({error}); expected an intact file") from None


def _check_document(document: Any, name: str) -> None:
    """Check ``estimator.json`` against its schema; the version first, because another version has another schema."""
    place = f"{name}, estimator.json"
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise EstimatorError(f"{place}: found no estimator description; expected format {FORMAT!r}")
    version = document.get("format_version")
    if version != FORMAT_VERSION:
        raise EstimatorError(
            f"{place}: found format version {version!r}; expected {FORMAT_VERSION} "
            "(use the version of the tools that wrote the file, or a newer one)"
        )
    errors = sorted(jsonschema.Draft202012Validator(SCHEMA).iter_errors(document), key=lambda error: error.json_path)
    if errors:
        raise EstimatorError(f"{place}, {errors[0].json_path}: {errors[0].message[:200]}")
