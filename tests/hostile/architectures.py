"""Hostile architectures: files, layer arguments and literals that an untrusted user could pass to the tools."""

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

import galaxy_keras.network.architecture as reader
from galaxy_keras.errors import InputError
from galaxy_keras.forms.document import parse_keyword_arguments, parse_literal
from hostile.mutations import mutate

HUGE, DEEP = 10**9, 200
INPUT = {"module": "keras.layers", "class_name": "InputLayer", "config": {"batch_shape": [None, 4], "name": "in"}}
# Values that may replace any value.
SUBSTITUTES: list[Any] = [
    *(
        None,
        True,
        0,
        -1,
        1.5,
        10**12,
        10**18,
        -(2**62),
        1e300,
        "",
        "x",
        "Dense",
        "/etc/passwd",
        "a\nb\x1b[31m",
        "ü" * 99,
    ),
    *([], {}, [[]], ["Sequential"], [None], {"class_name": 5}, {"class_name": ["Dense"], "config": 3}),
    *({"class_name": "Dense", "config": {}}, {"module": "os", "class_name": "system", "config": {"command": "true"}}),
    {"class_name": "__numpy__", "config": {"value": "x", "dtype": "U500000000"}},
]
KERAS_2 = {
    "class_name": "Sequential",
    "keras_version": "2.3.1",
    "config": {
        "name": "old",
        "layers": [
            {
                "class_name": "Dense",
                "config": {
                    "name": "dense",
                    "batch_input_shape": [None, 4],
                    "units": 3,
                    "dtype": {"class_name": "Policy", "config": {"name": "float32"}},
                    "kernel_initializer": {"class_name": "VarianceScaling", "config": {"distribution": "normal"}},
                    "kernel_regularizer": {"class_name": "L1L2", "config": {"l1": 0.0, "l2": 0.1}},
                },
            },
            {"class_name": "BatchNormalization", "config": {"name": "norm", "axis": [1]}},
            {
                "class_name": "Bidirectional",
                "config": {"layer": {"class_name": "LSTM", "config": {"units": 2}}, "merge_mode": "sum"},
            },
        ],
    },
}


def layer(class_name: str, **config: Any) -> dict[str, Any]:
    """Return a layer in the serialized form of Keras 3."""
    return {"module": "keras.layers", "class_name": class_name, "config": config}


def sequential(*layers: dict[str, Any], **config: Any) -> dict[str, Any]:
    """Return a sequential network with four inputs in the serialized form of Keras 3."""
    return {
        "module": "keras",
        "class_name": "Sequential",
        "config": {"name": "n", "layers": [INPUT, *layers], **config},
    }


def call(name: str, marker: Any = None) -> dict[str, Any]:
    """Return a call, in a functional network, of a layer with the output of the layer ``name``."""
    tensor = {"shape": [None, 4], "dtype": "float32", "keras_history": [name, 0, 0]}
    kwargs = {} if marker is None else {"mask": marker}
    return {"args": [{"class_name": "__keras_tensor__", "config": tensor}], "kwargs": kwargs}


def functional(*layers: dict[str, Any], output: str = "d") -> dict[str, Any]:
    """Return a functional network with four inputs in the serialized form of Keras 3."""
    first = {**INPUT, "name": "in", "inbound_nodes": []}
    config = {
        "name": "f",
        "layers": [first, *layers],
        "input_layers": [["in", 0, 0]],
        "output_layers": [[output, 0, 0]],
    }
    return {"module": "keras.src.models.functional", "class_name": "Functional", "config": config}


def node(name: str, described: dict[str, Any], *calls: dict[str, Any]) -> dict[str, Any]:
    """Return a layer of a functional network with its name and calls."""
    described = copy.deepcopy(described)
    described["config"]["name"] = name
    return {**described, "name": name, "inbound_nodes": list(calls) or [call("in")]}


def nest_networks(levels: int) -> dict[str, Any]:
    """Return nested networks, each of which calls the inner network ten times."""
    network = functional(node("d", layer("Dense", units=4)))
    for _ in range(levels):
        calls = [call("in"), *(call("d") for _ in range(9))]
        network = functional(node("d", network, *calls))
    return network


def nest(class_name: str, levels: int) -> dict[str, Any]:
    """Return a layer in ``levels`` wrappers."""
    wrapped = layer("Dense", units=2)
    for _ in range(levels):
        wrapped = layer(class_name, layer=wrapped)
    return wrapped


def document_samples() -> Iterator[tuple[str, Any]]:
    """Yield names and documents that each reader of architectures must refuse."""
    yield from _list_markers()
    yield from _list_oversized()
    yield from _list_forbidden()
    yield from _list_malformed()


def _list_markers() -> Iterator[tuple[str, Any]]:
    marker = {"class_name": "__numpy__", "config": {"value": "x", "dtype": "U500000000"}}
    yield (
        "a NumPy marker whose text type has two gigabytes",
        functional(node("d", layer("Dense", units=2), call("in", marker))),
    )
    bad = {"class_name": "__tensor__", "config": {"value": [1], "dtype": ["float32"]}}
    yield "a tensor marker with a list as dtype", functional(node("d", layer("Dense", units=2), call("in", bad)))
    yield (
        "a marker without configuration",
        functional(node("d", layer("Dense", units=2), call("in", {**marker, "config": 3}))),
    )


def _list_oversized() -> Iterator[tuple[str, Any]]:
    yield "a billion units", sequential(layer("Dense", units=HUGE))
    yield "a billion words", sequential(layer("Embedding", input_dim=HUGE, output_dim=100))
    yield "a billion repetitions", sequential(layer("RepeatVector", n=HUGE))
    yield "a trillion tokens", sequential(layer("CategoryEncoding", num_tokens=10**12, output_mode="one_hot"))
    yield "a billion unknown words", sequential(layer("IntegerLookup", vocabulary=[1], num_oov_indices=HUGE))
    yield (
        "a billion iterations",
        sequential(layer("SpectralNormalization", layer=layer("Dense", units=2), power_iterations=HUGE)),
    )
    yield "n-grams of a billion words", sequential(layer("TextVectorization", vocabulary=["a"], ngrams=HUGE))
    long = layer("RepeatVector", n=10**6)
    yield "a million unrolled steps", sequential(long, layer("LSTM", units=2, unroll=True))
    yield "a million time-distributed steps", sequential(long, layer("TimeDistributed", layer=layer("Dense", units=2)))
    yield "3,000 layers", sequential(*(layer("Dense", units=2, name=f"d{number}") for number in range(3_000)))
    yield "1,500 layers in a chain", sequential(*(layer("Dense", units=2, name=f"d{n}") for n in range(1_500)))
    yield "nested networks", nest_networks(20)
    yield "a layer wrapped 200 times", sequential(nest("TimeDistributed", DEEP))
    yield "a layer wrapped 40 times", sequential(nest("Bidirectional", 40))


def _list_forbidden() -> Iterator[tuple[str, Any]]:
    yield "a name of one megabyte", sequential(layer("Dense", units=2, name="n" * 2**20))
    yield "a file as vocabulary", sequential(layer("IntegerLookup", vocabulary="/etc/passwd"))
    yield "a file as weights", sequential(layer("Embedding", input_dim=2, output_dim=2, weights="/etc/passwd"))
    yield "another registered name", sequential({**layer("Dense", units=2), "registered_name": "Package>Evil"})
    yield "a missing output", functional(node("d", layer("Dense", units=2)), output="nothing")


def _list_malformed() -> Iterator[tuple[str, Any]]:
    for name in ("input_layers", "output_layers"):
        for wrong in (None, 5, [], [[]], [["d"]], "d", {"a": 5}, [[5, 0, 0]]):
            changed = functional(node("d", layer("Dense", units=2)))
            changed["config"][name] = wrong
            yield f"{name} {wrong!r}", changed
    for wrong in (["Sequential"], {"a": 1}, 5, None, True, "Model"):
        yield f"class_name {wrong!r}", {**sequential(layer("Dense", units=2)), "class_name": wrong}
        old = copy.deepcopy(KERAS_2)
        old["config"]["layers"][0]["class_name"] = wrong
        yield f"class_name {wrong!r} in Keras 2", old
    for wrong in (5, "text", True, [5], [[]]):
        yield f"config {wrong!r}", {**sequential(layer("Dense", units=2)), "config": wrong}
        yield f"config {wrong!r} in Keras 2", {**KERAS_2, "config": wrong}
        for number in range(3):
            old = copy.deepcopy(KERAS_2)
            old["config"]["layers"][number]["config"] = wrong
            yield f"config {wrong!r} of layer {number} in Keras 2", old
    old = copy.deepcopy(KERAS_2)
    deep = {"class_name": "Dense", "config": {"units": 2}}
    for _ in range(DEEP):
        deep = {"class_name": "TimeDistributed", "config": {"layer": deep}}
    old["config"]["layers"].append(deep)
    yield "a layer wrapped 200 times in Keras 2", old


def file_samples() -> Iterator[tuple[str, bytes]]:
    """Yield names and contents of files that each reader of architecture files must refuse."""
    for name, document in document_samples():
        yield name, json.dumps(document).encode()
    text = json.dumps(sequential(layer("Dense", units=7, name="wxyz")))
    wrapping = '{"class_name": "TimeDistributed", "config": {"layer": '
    old = json.dumps(KERAS_2).replace('{"class_name": "LSTM"', wrapping * 480 + '{"class_name": "LSTM"')
    old = old.replace('{"units": 2}}', '{"units": 2}}' + "}}" * 480)
    yield "a layer wrapped 480 times in Keras 2", old.encode()
    yield "a number of 5,000 digits", text.replace("7", "7" * 5_000).encode()
    yield "a number of 500 digits", text.replace("7", "7" * 500).encode()
    for number in ("NaN", "Infinity", "-Infinity", "1e999"):
        yield number, text.replace("7", number).encode()
    yield "half of a surrogate pair", text.replace("wxyz", "\\ud800").encode()
    yield "bytes that are not UTF-8", text.replace("wxyz", "\udcff").encode(errors="surrogateescape")
    yield "a duplicate key", text.replace('"units"', '"units": 3, "units"').encode()
    yield "nested lists", b"[" * 100_000
    yield "nested lists in a layer", text.replace("7", "[" * 5_000 + "]" * 5_000).encode()
    yield "nine megabytes", text.replace("wxyz", "n" * 9 * 2**20).encode()
    yield "eight megabytes of lists", b"[" + b"[]," * 2_700_000 + b"[]]"
    yield "zero bytes", bytes(1_000)
    yield "an empty file", b""
    yield "a number", b"5"
    yield "null", b"null"


def argument_samples() -> Iterator[tuple[str, str]]:
    """Yield layers of the form and text for ``kwargs`` that the tool must refuse."""
    yield "IntegerLookup", "vocabulary='/etc/passwd'"
    yield "IntegerLookup", "vocabulary=b'/etc/passwd'"
    yield "IntegerLookup", "vocabulary='gs://bucket/file'"
    yield "IntegerLookup", "vocabulary=[1], num_oov_indices=10**9"
    yield "IntegerLookup", "vocabulary=[1], num_oov_indices=1000000000"
    yield "Dense", "units=1000000000000"
    yield "Dense", f"units=0x{'f' * 4_000}"
    yield "Dense", "units=1e999"
    yield "Dense", "units=5) if 1 else dict(units=6"
    yield "Dense", "units=5)(units=6"
    yield "Dense", "units=5, name='\\ud800'"
    yield "Dense", f"units={'(' * 3_000}"
    yield "Dense", f"units={'-' * 9_000}1"
    yield "Dense", f"units={'[' * 150}{']' * 150}"
    yield "Dense", f"units=5, name='{'n' * 20_000}'"
    yield "Dense", "units={1, 2}"
    yield "Dense", "units=1j"
    yield "Dense", "units=..."
    yield "Dense", "units=5, kernel_initializer={'class_name': ['Zeros'], 'module': 'keras.initializers'}"
    yield "Dense", "units=5, kernel_initializer={'class_name': 'system', 'module': 'os', 'config': {'command': 'true'}}"
    yield "Dense", "units=5, activation='../../etc/passwd'"
    yield "Dense", "units=5, kernel_initializer='file:///etc/passwd'"
    yield "RepeatVector", "n=1000000000000"


BASES = (
    KERAS_2,
    sequential(layer("Dense", units=3), layer("Dropout", rate=0.5), build_input_shape=[None, 4]),
    functional(node("d", layer("Dense", units=3, kernel_regularizer="l2"))),
    functional(node("d", sequential(layer("Dense", units=4)), call("in"), call("d"))),
)


def samples(seed: int, count: int = 100) -> Iterator[tuple[str, bytes]]:
    """Yield changed architecture files, which may be valid; the same seed yields the same files."""
    rng = random.Random(seed)
    for number in range(count):
        document = mutate(rng.choice(BASES), rng, SUBSTITUTES)
        yield f"{seed}/{number}", json.dumps(document).encode()


def fuzz(seed: int) -> None:
    """Read and build a randomly changed document, and parse random text; only InputError may be raised."""
    rng = random.Random(seed)
    document = mutate(rng.choice(BASES), rng, SUBSTITUTES)
    try:
        if reader.is_keras_2(document):
            document = reader.convert_architecture(document, "a")
        reader.build_skeleton(reader.check_architecture(document, "a"), "a")
    except InputError as error:
        assert str(error)
    letters = "()[]{}'\"=,:.+-*#\\ \n0123456789abcexj_Nonetrue\x00ü\ud800"
    text = "".join(rng.choice(letters) for _ in range(rng.randint(0, 60)))
    for parse in (parse_literal, parse_keyword_arguments):
        try:
            parse(text, "field")
        except InputError as error:
            assert str(error)
