"""Hostile estimator files: archives, JSON and settings that no tool of the suite writes."""

import io
import json
import random
import struct
import tempfile
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from galaxy_keras.errors import InputError
from hostile.mutations import flip_bytes, mutate

TEST_DATA = Path(__file__).resolve().parents[2] / "test-data"
FITTED, TWO_TARGETS, TEXTS, SITES = (
    TEST_DATA / f"fitted_{name}.zip" for name in ("species", "two_targets", "texts", "sites")
)
PARTS = ("estimator.json", "architecture.json", "history.json")
Members = dict[str, bytes]
Sample = tuple[str, bytes]


def read_members(path: Path = FITTED) -> Members:
    """Return the members of an estimator from the test data by name."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(members: Members, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip archive of the members."""
    file = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(file, "w", method) as archive:
        warnings.simplefilter("ignore")
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def samples(seed: int = 0) -> Iterator[Sample]:
    """Yield the name and content of each hostile file; the name starts with the kind of the file.

    A prediction refuses all of them. A training does not read the results of an earlier training, so it accepts files
    of the kind ``fitted``.
    """
    yield from list_archives(random.Random(seed))
    yield from list_json()
    yield from list_settings()
    yield from list_fitted()


def list_archives(rng: random.Random) -> Iterator[Sample]:
    """Yield zip archives with wrong sizes, unusual compression, or members that are not those of an estimator."""
    members = read_members()
    good = pack(members)
    zeros = bytes(70 * 2**20)
    bombs = {**members, "estimator.json": zeros}, {**members, "model.weights.h5": zeros}
    for method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        yield f"archive: method {method}", pack(members, method)
        yield f"archive: bomb by method {method}", pack({**members, "estimator.json": bytes(2**23)}, method)
    for bomb, member in zip(bombs, ("estimator.json", "model.weights.h5"), strict=True):
        content = pack(bomb)
        yield f"archive: bomb in {member}", content
        yield f"archive: bomb in {member}, false size", _set_size(content, member, 100)
    yield "archive: false small size", _set_size(good, "estimator.json", 10)
    yield "archive: encrypted", _set_fields(good, 6, 8, struct.pack("<H", 1))
    yield "archive: unknown method", _set_fields(good, 8, 10, struct.pack("<H", 99))
    yield "archive: newer version", _set_fields(good, 4, 6, struct.pack("<H", 90))
    yield "archive: many members", pack({f"{number}": b"" for number in range(20_000)})
    yield "archive: cut", good[: len(good) // 2]
    yield "archive: end only", good[-22:]
    yield "archive: garbage before the list", good[:-22].replace(b"PK\x01\x02", b"PK\x09\x09") + good[-22:]
    start = good.find(b"estimator.json") + 200
    yield "archive: damaged stream", good[:start] + bytes(rng.randrange(256) for _ in range(60)) + good[start + 60 :]
    weights = pack(members, zipfile.ZIP_STORED)
    place = weights.find(b"\x89HDF") + 3_000
    yield "archive: bad checksum", weights[:place] + bytes([weights[place] ^ 255]) + weights[place + 1 :]
    for name in ("../x", "/etc/x", "a\\b", "estimator.json\0", "évil", "x\x1b[31m\nError: forged", "model.pkl"):
        yield f"archive: member {name!r}", pack({**members, name: b"x"})
    for name in members:
        yield f"archive: without {name}", pack({other: content for other, content in members.items() if other != name})
    yield "archive: not a zip", b"not a zip"
    yield "archive: empty", b""


def list_json() -> Iterator[Sample]:
    """Yield invalid JSON, and JSON that would take much time or memory."""
    contents = {
        "not UTF-8": b"\xff\xfe{}",
        "a list": b"[]",
        "null": b"null",
        "empty": b"",
        "deep": b"[" * 1_000_000,
        "deep objects": b'{"a":' * 200_000,
        "many objects": b"[" + b'{"":0},' * 400_000 + b"0]",
        "many lists": b"[" + b"[]," * 6_000_000 + b"0]",
        "a long number": b'{"format": ' + b"9" * 5_000 + b"}",
        "a long text": b'{"format": "' + b"x" * 10_000_000 + b'"}',
    }
    for part in PARTS:
        for name, content in contents.items():
            yield f"json: {part}, {name}", pack({**read_members(), part: content})
    places = {
        "three million classes": (b'"setosa"', b", ".join([b"null"] * 3_000_000)),
        "a class of 4,000 digits": (b'"setosa"', b"9" * 4_000),
        "a class that is not a number": (b'"setosa"', b"NaN"),
        "a class that is infinite": (b'"setosa"', b"-Infinity"),
        "a class that is too large": (b'"setosa"', b"1e999"),
        "a seed of 30 digits": (b'"seed": 7', b'"seed": ' + b"1" * 30),
    }
    for name, (old, new) in places.items():
        members = read_members()
        assert old in members["estimator.json"], name
        members["estimator.json"] = members["estimator.json"].replace(old, new, 1)
        yield f"json: {name}", pack(members)


SCHEDULE = {"module": "keras.optimizers.schedules", "registered_name": None}
LAYER = {"module": "keras.layers", "class_name": "Dense", "config": {"units": 3}, "registered_name": None}
STOP = {"monitor": "val_loss", "min_delta": 0, "patience": 0, "mode": "auto"}
# Places in estimator.json and values that the builder does not write.
SETTINGS: list[tuple[str, Any]] = [
    ("task", "clustering"),
    ("seed", -1),
    ("seed", 6.0),
    ("seed", True),
    ("loss.name", "lambda"),
    ("loss.name", "mean_squared_error\t"),
    ("loss.options", {"reduction": "none"}),
    ("loss.options", {"reduction": 5}),
    ("loss.options", {"from_logits": "yes"}),
    ("loss.options", {"unknown": 1}),
    ("loss.options", {"label_smoothing": 1e300}),
    ("metrics", [{"name": "accuracy", "options": {"name": "a\tb"}}]),
    ("metrics", [{"name": "accuracy", "options": {"name": "a\nb"}}]),
    ("metrics", [{"name": "accuracy", "options": {"name": "val_x"}}]),
    ("metrics", [{"name": "accuracy", "options": {"name": "x" * 20_000}}]),
    ("metrics", [{"name": "accuracy", "options": {"name": 5}}]),
    ("metrics", [{"name": "accuracy", "options": {}}] * 2),
    ("metrics", [{"name": "accuracy", "options": {"name": "loss"}}]),
    ("metrics", [{"name": "accuracy", "options": {}}] * 2_000),
    ("metrics", [{"name": "Mean", "options": {}}]),
    ("metrics", [{"name": "auc", "options": {"curve": "x"}}]),
    ("metrics", [{"name": "auc", "options": {"num_thresholds": 10**15 + 0.5}}]),
    ("optimizer.class_name", "Layer"),
    ("optimizer.class_name", "LossScaleOptimizer"),
    ("optimizer.class_name", ["Adam"]),
    ("optimizer.module", "os"),
    ("optimizer.module", None),
    ("optimizer.config", {}),
    ("optimizer.config", []),
    ("optimizer.config.learning_rate", None),
    ("optimizer.config.learning_rate", -1.0),
    ("optimizer.config.learning_rate", True),
    ("optimizer.config.learning_rate", "0.1"),
    ("optimizer.config.learning_rate", [0.1]),
    ("optimizer.config.learning_rate", {}),
    ("optimizer.config.learning_rate", LAYER),
    ("optimizer.config.learning_rate", {**SCHEDULE, "class_name": "ExponentialDecay"}),
    ("optimizer.config.learning_rate", {**SCHEDULE, "class_name": "ExponentialDecay", "config": {}}),
    ("optimizer.config.learning_rate", {**SCHEDULE, "class_name": "ExponentialDecay", "config": 5}),
    ("optimizer.config.learning_rate", {**SCHEDULE, "class_name": "PiecewiseConstantDecay", "config": {"values": []}}),
    ("optimizer.config.learning_rate", {**SCHEDULE, "class_name": "InverseTimeDecay", "config": {"decay_rate": 1}}),
    ("optimizer.config.beta_1", "x"),
    ("optimizer.config.beta_1", 7),
    ("optimizer.config.clipnorm", [1]),
    ("fit.epochs", 0),
    ("fit.epochs", 6.0),
    ("fit.epochs", "2"),
    ("fit.batch_size", 10**15),
    ("fit.batch_size", True),
    ("fit.steps_per_epoch", 0),
    ("fit.validation_split", 1),
    ("fit.class_weight", {}),
    ("fit.class_weight", {"a": -1}),
    ("fit.class_weight", {"a": "b"}),
    ("fit.class_weight", {str(number): 1 for number in range(150_000)}),
    ("fit.class_weight", [1]),
    ("fit.callbacks", [{"class_name": "EarlyStopping"}]),
    ("fit.callbacks", [{"class_name": "EarlyStopping", "config": {"monitor": 5}}]),
    ("fit.callbacks", [{"class_name": "EarlyStopping", "config": {**STOP, "monitor": "unknown"}}]),
    ("fit.callbacks", [{"class_name": "EarlyStopping", "config": {**STOP, "patience": "x"}}]),
    ("fit.callbacks", [{"class_name": "EarlyStopping", "config": {**STOP, "unknown": 1}}]),
    ("fit.callbacks", [{"class_name": "LambdaCallback", "config": {}}]),
    ("fit.callbacks", [{"class_name": "ModelCheckpoint", "config": {"filepath": "/tmp/x"}}]),
    ("fit.callbacks", [{"class_name": "SwapEMAWeights", "config": {}}]),
    ("fit.callbacks", [{"class_name": "ReduceLROnPlateau", "config": {"factor": 5}}]),
    ("fit.callbacks", [{"class_name": "TerminateOnNaN", "config": {}}] * 2_000),
    ("fit.callbacks", [None] * 1_000_000),
    ("unknown", 1),
]


def list_settings() -> Iterator[Sample]:
    """Yield estimators with settings that the builder does not write."""
    for place, value in SETTINGS:
        yield f"settings: {place} = {str(value)[:60]}", _change(FITTED, place, value)


# Changes of an estimator with three classes, one with two targets, one that reads text, and one that reads sequences.
CONTRADICTIONS: list[tuple[Path, str, Any]] = [
    *((FITTED, "fitted.classes", classes) for classes in ([], ["a"], ["a", "b"], ["a", "b", "c", "d"])),
    (FITTED, "fitted.classes", ["a", "b", ""]),
    *((FITTED, "fitted.classes", ["a", "b", value]) for value in ("a", None, True, [], {}, "c\td", "c\n", "\ud800")),
    (FITTED, "fitted.classes", ["a", "b", "x" * 1_000_000]),
    (FITTED, "fitted.classes", [1, 2, 1.0]),
    (FITTED, "fitted.classes", [1, 2, "1"]),
    (FITTED, "fitted.classes", "abc"),
    *((FITTED, "fitted.target_names", names) for names in ([], ["a", "b"], [5], ["a\tb"], ["x" * 20_000], None)),
    *((FITTED, "fitted.target_kind", kind) for kind in ("values", "outputs", "multilabel", "one_hot", "multi_output")),
    *((FITTED, "fitted.threshold", value) for value in (0.5, "x", [])),
    (FITTED, "fitted.has_probabilities", 1),
    *((FITTED, "fitted.feature_count", count) for count in (0, 3, 5, 4.0, 10**15)),
    *((FITTED, "fitted.feature_names", names) for names in ([], ["a"], [1, 2, 3, 4], ["a", "b", "c", "d\te"], "abcd")),
    (FITTED, "fitted.heads", []),
    (FITTED, "fitted.text", {}),
    (FITTED, "fitted.text", {"words": ["a"], "length": 4, "pads_front": True, "trims_front": True}),
    (FITTED, "fitted.versions", {"keras": 3}),
    (FITTED, "fitted", {}),
    (FITTED, "task", "regression"),
    (TWO_TARGETS, "fitted.heads.0.output_count", 4),
    (TWO_TARGETS, "fitted.heads.0.output_count", 3.0),
    (TWO_TARGETS, "fitted.heads.0.classes", ["a", "b"]),
    (TWO_TARGETS, "fitted.heads.0.title", "size"),
    (TWO_TARGETS, "fitted.heads.0.title", "a\tb"),
    (TWO_TARGETS, "fitted.heads.0.threshold", 0.5),
    (TWO_TARGETS, "fitted.heads.0.target_kind", "values"),
    (TWO_TARGETS, "fitted.heads.0.target_names", []),
    (TWO_TARGETS, "fitted.heads.0", None),
    (TWO_TARGETS, "fitted.heads", [None] * 1_000_000),
    (TWO_TARGETS, "fitted.classes", ["a"]),
    (TWO_TARGETS, "fitted.threshold", 0.5),
    (TEXTS, "fitted.text.words", []),
    (TEXTS, "fitted.text.words", ["a", "a"]),
    (TEXTS, "fitted.text.words", ["a", 5]),
    (TEXTS, "fitted.text.words", ["a" * 101]),
    (TEXTS, "fitted.text.words", ["a"] * 600_000),
    (TEXTS, "fitted.text.length", 5),
    (TEXTS, "fitted.text.length", 10**15),
    (TEXTS, "fitted.feature_names", ["a"] * 6),
    (TEXTS, "fitted.threshold", None),
    (TEXTS, "fitted.threshold", 7),
    *((SITES, "fitted.sequences.alphabet", name) for name in ("rna", "protein", "letters", "../dna", None)),
    *((SITES, "fitted.sequences.letters", letters) for letters in ("ACG", "ACGG", "ACG>", "AC\tG", "A" * 200, 5)),
    *((SITES, "fitted.sequences.length", length) for length in (0, 39, 41, 40.0, 2**40)),
    *((SITES, "fitted.sequences.coding", coding) for coding in ("k_mers", "pickle", None)),
    *((SITES, "fitted.sequences.k", k) for k in (0, -1, 2**40, "1")),
    *((SITES, "fitted.sequences.stride", stride) for stride in (0, 2**40)),
    (SITES, "fitted.sequences.unknown", "guess"),
    (SITES, "fitted.sequences.padding", ""),
    (SITES, "fitted.sequences", {}),
    (SITES, "fitted.sequences", [{}] * 100_000),
    (SITES, "fitted.text", {"words": ["a"], "length": 160, "pads_front": True, "trims_front": True}),
    (SITES, "fitted.feature_names", ["a"] * 160),
    (SITES, "fitted.feature_count", 161),
]


def list_fitted() -> Iterator[Sample]:
    """Yield fitted estimators whose parts contradict each other, the network or the weights."""
    for path, place, value in CONTRADICTIONS:
        yield f"fitted: {path.stem}, {place} = {str(value)[:60]}", _change(path, place, value)
    for units in (17, 10**9):
        members = read_members()
        architecture = json.loads(members["architecture.json"])
        architecture["config"]["layers"][1]["config"]["units"] = units
        yield f"fitted: {units:,} units", pack({**members, "architecture.json": json.dumps(architecture).encode()})
    members = read_members()
    architecture = json.loads(members["architecture.json"])
    architecture["config"]["layers"][-1]["config"]["activation"] = "linear"
    changed = {**members, "architecture.json": json.dumps(architecture).encode()}
    yield "fitted: probabilities without softmax", pack(changed)
    for values in ([], {"loss": 5}, {"loss": ["x"]}, {"loss": [None]}):
        yield f"fitted: history {values}", pack({**members, "history.json": json.dumps(values).encode()})


def fuzz(seed: int) -> None:
    """Read a randomly changed estimator as a prediction does; only InputError may be raised."""
    from galaxy_keras.estimator.fitted_network import load_model, read_fitted_estimator

    rng = random.Random(seed)
    members = read_members(rng.choice((FITTED, TWO_TARGETS, TEXTS)))
    kind = rng.random()
    if kind < 0.25:
        content = flip_bytes(pack(members, rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))), rng)
    else:
        part = rng.choice((*PARTS, "estimator.json", "estimator.json"))
        if kind < 0.4:
            changed = flip_bytes(members[part], rng)
        else:
            changed = json.dumps(mutate(json.loads(members[part]), rng)).encode()
        content = pack({**members, part: changed}, zipfile.ZIP_STORED)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "estimator.zip"
        path.write_bytes(content)
        try:
            load_model(read_fitted_estimator(path), path)
        except InputError as error:
            assert str(error)


def _change(path: Path, place: str, value: Any) -> bytes:
    """Return an estimator with a changed value at a place of its description, such as ``fit.epochs``."""
    members = read_members(path)
    document = json.loads(members["estimator.json"])
    holder = document
    *way, last = (int(part) if part.isdigit() else part for part in place.split("."))
    for part in way:
        holder = holder[part]
    holder[last] = value
    return pack({**members, "estimator.json": json.dumps(document).encode()})


def _set_size(content: bytes, member: str, size: int) -> bytes:
    """Return the archive with a false size of a member in both of its headers."""
    changed = bytearray(content)
    for place, offset in _find_headers(content, member, 22, 24):
        changed[place + offset : place + offset + 4] = struct.pack("<I", size)
    return bytes(changed)


def _set_fields(content: bytes, local: int, central: int, value: bytes) -> bytes:
    """Return the archive with a changed field in both headers of ``estimator.json``."""
    changed = bytearray(content)
    for place, offset in _find_headers(content, "estimator.json", local, central):
        changed[place + offset : place + offset + len(value)] = value
    return bytes(changed)


def _find_headers(content: bytes, member: str, local: int, central: int) -> list[tuple[int, int]]:
    """Return the positions of the local and the central header of a member, each with the offset of the field."""
    name = member.encode()
    first, second = content.find(name) - 30, content.rfind(b"PK\x01\x02", 0, content.rfind(name))
    return [(first, local), (second, central)]
