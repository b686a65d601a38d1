"""Read true and predicted class labels from two tables, make them comparable, and check that they match."""

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from galaxy_keras.data.tables import read_columns, TableSource
from galaxy_keras.errors import InputError
from galaxy_keras.forms.column_choices import ColumnChoice
from galaxy_keras.messages import list_some, quote

# An image with more classes would not be readable.
CLASS_LIMIT = 200
# Up to this number of distinct real numbers may be classes, such as 0.5, 1.0 and 1.5.
FEW_NUMBERS = 10
EXAMPLES = 3
NUMBERED = re.compile(r"([^0-9]*)([0-9]{0,18})")


@dataclass(frozen=True)
class LastColumn(ColumnChoice):
    """The last of the selected columns; the others are not read."""

    def positions(self, column_count: int, header: list[str] | None, table: str) -> list[int]:
        """Return the position of the last selected column in a list; see ``ColumnChoice.positions``."""
        return super().positions(column_count, header, table)[-1:]


@dataclass(frozen=True)
class LabelPairs:
    """True and predicted labels of the same rows.

    Attributes
    ----------
    true, predicted
        Text, shape (n_samples,). Equal numbers have equal text: 1 and 1.0 are both "1".
    classes
        All labels in natural order; see :func:`sort_key`.
    doubts
        Sentences about header options that may be wrong.
    """

    true: np.ndarray
    predicted: np.ndarray
    classes: list[str]
    doubts: list[str]

    def reorder(self, classes: list[str]) -> "LabelPairs":
        """Return the same labels with the classes in another order."""
        return replace(self, classes=classes)


@dataclass(frozen=True)
class _Column:
    source: TableSource
    title: str
    values: np.ndarray

    @property
    def name(self) -> str:
        return self.source.name

    @property
    def is_number(self) -> bool:
        return self.values.dtype.kind in "if"

    @property
    def first_row_stands_alone(self) -> bool:
        return not np.isin(self.values[:1], self.values[1:]).any()

    @property
    def title_is_a_label(self) -> bool:
        return self.source.has_header and normalize(self.title) in to_text(self.values)


def read_label_pairs(true: TableSource, predicted: TableSource) -> LabelPairs:
    """Read two columns of labels of the same samples.

    Parameters
    ----------
    true, predicted
        Tables whose column choice is a :class:`LastColumn`.

    Raises
    ------
    InputError
        The tables differ in length, contain no class labels or too many, or a header option does not match a table.
    """
    left, right = _read_column(true), _read_column(predicted)
    _check_row_counts(left, right)
    if not left.is_number and not right.is_number:
        # Text is compared literally: 01 and 1 may be two classes.
        pair = left.values.astype(str), right.values.astype(str)
    else:
        pair = to_text(left.values), to_text(right.values)
    counts = Counter(pair[0].tolist()) + Counter(pair[1].tolist())
    _refuse_real_numbers(right, left)
    _refuse_real_numbers(left, right)
    _refuse_header_as_row(left, right, pair, counts)
    classes = sorted(counts, key=sort_key)
    if len(classes) > CLASS_LIMIT:
        raise InputError(
            f"{left.name} and {right.name}: found {len(classes)} different labels, such as {list_labels(classes)}; "
            f"expected at most {CLASS_LIMIT} classes (likely cause: another column, or real numbers)"
        )
    _refuse_foreign_labels(left, right, pair)
    return LabelPairs(*pair, classes, list(_find_doubts(left, right, counts)))


def _read_column(source: TableSource) -> _Column:
    column = read_columns(source).iloc[:, 0]
    values = column.to_numpy()
    return _Column(source, str(column.name), values if values.dtype.kind in "if" else column.to_numpy(dtype=object))


def _check_row_counts(left: _Column, right: _Column) -> None:
    found, expected = len(right.values), len(left.values)
    if found == expected:
        return
    likely = ""
    if abs(found - expected) == 1:
        longer, shorter = (right, left) if found > expected else (left, right)
        likely = f" (likely cause: {_explain_one_row(longer, shorter)})"
    raise InputError(f"{right.name}: found {found} rows; expected {expected} as in the {left.name}{likely}")


def _explain_one_row(longer: _Column, shorter: _Column) -> str:
    """Guess which header option is wrong if one table has one row more than the other."""
    if not longer.source.has_header and longer.first_row_stands_alone:
        return f"row 1 of the {longer.name} is a header, and their header option says No"
    if shorter.title_is_a_label:
        return f"the {shorter.name} have no header, and their header option says Yes"
    return "a header option that does not fit its table"


def _refuse_real_numbers(column: _Column, other: _Column) -> None:
    """Refuse real numbers, which come from a regression or from a table of probabilities."""
    if column.values.dtype.kind != "f":
        return
    labels = np.unique(column.values)
    real = labels[labels != np.floor(labels)]
    shared = np.isin(real, other.values).any() if other.is_number else False
    # Classes may be real numbers, but then the same numbers occur many times in both tables.
    if (not shared and 2 * len(real) > len(labels)) or len(real) > max(FEW_NUMBERS, len(column.values) // 2):
        raise InputError(
            f"{column.name}: found real numbers, such as {real[0]:.4g}; expected class labels "
            "(likely cause: probabilities, or the values of a regression)"
        )


def _refuse_header_as_row(left: _Column, right: _Column, pair: tuple[np.ndarray, ...], counts: Counter) -> None:
    """Refuse tables whose labels in row 1 occur nowhere else, because they are probably headers."""
    if left.source.has_header or right.source.has_header or len(left.values) <= 2:
        return
    first = {pair[0][0], pair[1][0]}
    if len(first) == 2 and first == {label for label, count in counts.items() if count == 1}:
        raise InputError(
            f"{left.name}, row 1: found {quote(pair[0][0])}, and {quote(pair[1][0])} in the {right.name}, which "
            "occur nowhere else; expected labels (likely cause: row 1 is a header in both, and the header options "
            "say No)"
        )


def _refuse_foreign_labels(left: _Column, right: _Column, pair: tuple[np.ndarray, ...]) -> None:
    """Refuse numbers in one table and names in the other. Labels of the same kind may differ in every row."""
    if left.is_number == right.is_number or np.isin(pair[1], pair[0]).any():
        return
    found, expected = (list_labels(np.unique(labels).tolist()) for labels in (pair[1], pair[0]))
    raise InputError(
        f"{right.name}: found {found}, none of the {left.name}; expected labels such as {expected} "
        "(likely cause: another column, or a 0/1 column of one class)"
    )


def _find_doubts(left: _Column, right: _Column, counts: Counter) -> Iterator[str]:
    for column in (left, right):
        if column.title_is_a_label:
            yield (
                f"Row 1 of the {column.name}, {quote(column.title)}, was taken as header and is a label further "
                "down; if it is a label too, set the header option to No"
            )
    if left.source.has_header or right.source.has_header or left.is_number or right.is_number:
        return
    first = str(left.values[0])
    if first == str(right.values[0]) and counts[first] == 2 and len(left.values) > 2:
        yield f"The label {quote(first)} is in row 1 only; if it is a header, set the header options to Yes"


def to_text(values: np.ndarray) -> np.ndarray:
    """Return labels as text, with equal text for equal numbers: 1 and 1.0 are both "1"."""
    labels, positions = np.unique(values, return_inverse=True)
    return np.array([normalize(label) for label in labels.tolist()])[positions]


def normalize(label: object) -> str:
    """Return equal text for equal numbers, and other text unchanged."""
    number = _parse_number(label)
    if number is None:
        return str(label)
    return str(int(number)) if number.is_integer() else repr(number)


def _parse_number(label: object) -> float | None:
    try:
        number = float(str(label))
    except ValueError:
        return None
    # Python also parses 1_000 and nan, which are names in a table.
    return number if math.isfinite(number) and "_" not in str(label) else None


def sort_key(label: str) -> tuple[bool, float, list[tuple[str, int]], str]:
    """Return a key for the natural order: numbers by size, then text, with ``class 2`` before ``class 10``."""
    number = _parse_number(label)
    # Pairs of text and the number after it. At most 18 digits form one number.
    pieces = [(text, int(digits or 0)) for text, digits in NUMBERED.findall(label)]
    return number is None, number or 0.0, pieces, label


def list_labels(labels: list) -> str:
    """Return the first labels for a message."""
    return list_some(labels, EXAMPLES)
