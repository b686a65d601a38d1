"""Check the fitted attributes of an estimator against its network."""

import math
from collections.abc import Iterable
from typing import Any, TYPE_CHECKING

from galaxy_keras.data.text_encoding import TextEncoding
from galaxy_keras.errors import EstimatorError, InputError
from galaxy_keras.estimator.contents import Fitted, FittedOutput
from galaxy_keras.estimator.schema import MAX_NAME_LENGTH, MAX_WORD_LENGTH
from galaxy_keras.messages import pluralize, quote
from galaxy_keras.network.inputs import fit_columns, fit_sequences
from galaxy_keras.network.outputs import join_outputs, Output, PROBABILITY_ACTIVATIONS, read_outputs
from galaxy_keras.sequences.encoding import check_encoding, SequenceEncoding

if TYPE_CHECKING:
    import keras

# Kinds of targets that have classes or labels.
CLASS_KINDS = ("labels", "one_hot", "multilabel")
KINDS_OF_TASK = {"classification": (*CLASS_KINDS, "multi_output"), "regression": ("values", "outputs")}
# Characters that end a cell or a line of a table.
NOT_IN_CELLS = frozenset("\t\r\n")


def check_fitted(fitted: Fitted, task: str, network: "keras.Model") -> None:
    """Check the fitted attributes against each other, the task and the network.

    Raises
    ------
    EstimatorError
        An attribute contradicts another one, the task or the network.
    """
    if fitted.target_kind not in KINDS_OF_TASK[task]:
        raise _contradict(
            "target_kind", quote(fitted.target_kind), f"one of {', '.join(KINDS_OF_TASK[task])} for a {task}"
        )
    _check_features(fitted)
    fit_network(network, fitted)
    if fitted.target_kind == "outputs":
        # The network was not trained by the tools: its outputs may have any shape and are returned unchanged.
        count = sum(math.prod(output.shape[1:]) for output in network.outputs)
        _check_target(fitted, Output("outputs", count, None), "")
        return
    output_layers = read_outputs(network)
    if fitted.outputs:
        _check_outputs(fitted, fitted.outputs, output_layers)
    else:
        _check_target(fitted, join_outputs(output_layers), "")


def fit_network(network: "keras.Model", fitted: Fitted) -> None:
    """Check that a network takes the samples of the fitted attributes; one without input shape is built for them.

    Raises
    ------
    InputError
        The shapes differ.
    """
    if fitted.sequences is None:
        fit_columns(network, fitted.feature_count, "estimator, feature_count")
    else:
        fit_sequences(network, fitted.sequences, "estimator, sequences")


def _check_features(fitted: Fitted) -> None:
    names, text = fitted.feature_names, fitted.text
    if names is not None:
        _check_names(names, "feature_names")
        _check_count(names, fitted.feature_count, "feature_names", "the value of feature_count")
    if fitted.sequences is not None:
        _check_sequences(fitted, fitted.sequences)
    if text is None:
        return
    if names is not None or text.length != fitted.feature_count:
        raise _contradict("text, length", quote(text.length), f"{fitted.feature_count}, and no feature names")
    _check_vocabulary(text)


def _check_sequences(fitted: Fitted, encoding: SequenceEncoding) -> None:
    try:
        letters = encoding.symbols.letters
        check_encoding(encoding)
    except InputError as error:
        raise EstimatorError(f"estimator, sequences, {error}") from None
    if encoding.letters != letters:
        raise _contradict("sequences, letters", quote(encoding.letters), f"{quote(letters)} for {encoding.alphabet}")
    if fitted.text is not None or fitted.feature_names is not None or encoding.column_count != fitted.feature_count:
        raise _contradict(
            "sequences",
            f"{encoding.column_count:,} values",
            f"{fitted.feature_count:,}, neither text nor feature names",
        )


def _check_vocabulary(text: TextEncoding) -> None:
    for word in text.words:
        if not isinstance(word, str) or len(word) > MAX_WORD_LENGTH:
            raise _contradict("text, words", quote(word), f"words of at most {MAX_WORD_LENGTH} letters")
    if len(set(text.words)) < len(text.words):
        raise _contradict("text, words", "the same word twice", "each word once")


def _check_outputs(fitted: Fitted, outputs: list[FittedOutput], output_layers: list[Output]) -> None:
    found = [output.output_count for output in outputs]
    units = [output.units for output in output_layers]
    if found != units:
        raise _contradict("heads, output_count", quote(found), f"{quote(units)} as the network's outputs")
    if fitted.classes or fitted.threshold is not None:
        raise _contradict("classes and threshold", "them together with heads", "them in each of the heads only")
    _check_names(fitted.target_names, "target_names")
    titles = [output.title for output in outputs]
    _check_names(titles, "heads, title")
    if len(set(titles)) < len(titles):
        raise _contradict("heads, title", "the same title twice", "a different title for each")
    for number, (one, output) in enumerate(zip(outputs, output_layers, strict=True), start=1):
        _check_target(one, output, f"head {number}, ")
    # An estimator has probabilities only if each of its outputs has.
    if fitted.has_probabilities and not all(output.has_probabilities for output in outputs):
        raise _contradict("has_probabilities", "true", "false, because one of the heads has none")


def _check_target(target: Fitted | FittedOutput, output: Output, place: str) -> None:
    """Check names, classes and threshold of a target against the output of the network."""
    unit_count = output.units or 0
    outputs = f"because the network has {pluralize(unit_count, 'output')}"
    _check_names(target.target_names, f"{place}target_names")
    if target.target_kind not in CLASS_KINDS:
        _check_count(target.target_names, unit_count, f"{place}target_names", outputs)
        if target.classes or target.threshold is not None or target.has_probabilities:
            raise _contradict(
                f"{place}target_kind",
                quote(target.target_kind),
                "a kind with classes, or neither classes nor a threshold nor probabilities",
            )
        return
    _check_classes(target.classes, f"{place}classes")
    is_single = unit_count == 1 and target.target_kind != "multilabel"
    _check_count(target.classes, 2 if is_single else unit_count, f"{place}classes", outputs)
    names = 1 if target.target_kind == "labels" else len(target.classes)
    _check_count(target.target_names, names, f"{place}target_names", f"for the target kind {target.target_kind}")
    _check_threshold(target, unit_count, place)
    if target.has_probabilities and output.activation not in PROBABILITY_ACTIVATIONS:
        raise _contradict(
            f"{place}has_probabilities",
            "true",
            f"false, because the last layer's activation is {output.activation or 'none'}, not sigmoid or softmax",
        )


def _check_threshold(target: Fitted | FittedOutput, output_count: int, place: str) -> None:
    threshold = target.threshold
    # A single output and independent labels need a threshold; for two outputs it is optional.
    is_needed = target.target_kind == "multilabel" or output_count == 1
    if (threshold is None and is_needed) or (threshold is not None and not is_needed and output_count != 2):
        expected = "a number" if is_needed else "null, because the largest output decides"
        raise _contradict(f"{place}threshold", quote(threshold), expected)
    if threshold is not None and target.has_probabilities and not 0 <= threshold <= 1:
        raise _contradict(f"{place}threshold", quote(threshold), "a probability from 0 to 1")


def _check_classes(classes: list[Any], place: str) -> None:
    for label in classes:
        if isinstance(label, bool) or not isinstance(label, (str, int, float)):
            raise _contradict(place, quote(label), "text or numbers")
    if "" in classes:
        raise _contradict(place, "an empty label", "a text or a number for each class")
    _check_names([label for label in classes if isinstance(label, str)], place)
    # 1 and 1.0 are the same number, and 1 and "1" the same column of a table.
    if min(len(set(classes)), len({str(label) for label in classes})) < len(classes):
        raise _contradict(place, "the same label twice", "each once")


def _check_names(names: Iterable[Any], place: str) -> None:
    """Check that names can be written to a cell of a table."""
    for name in names:
        if not isinstance(name, str):
            raise _contradict(place, quote(name), "text")
        if len(name) > MAX_NAME_LENGTH:
            raise _contradict(place, f"{len(name):,} characters", f"at most {MAX_NAME_LENGTH:,}")
        if not NOT_IN_CELLS.isdisjoint(name) or not _can_be_written(name):
            raise _contradict(place, quote(name), "text without tabs, line ends and characters that UTF-8 lacks")


def _can_be_written(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _check_count(items: list[Any], expected: int, place: str, because: str) -> None:
    if len(items) != expected:
        raise _contradict(
            place, f"{len(items):,} {'entry' if len(items) == 1 else 'entries'}", f"{expected:,}, {because}"
        )


def _contradict(place: str, found: str, expected: str) -> EstimatorError:
    return EstimatorError(f"estimator, {place}: found {found}; expected {expected}")
