"""Read and encode the target columns of a table."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from galaxy_keras.catalog.losses_and_metrics import INTEGER_LOSSES
from galaxy_keras.data.table_cells import read_flags
from galaxy_keras.data.table_hints import explain_cell
from galaxy_keras.errors import InputError
from galaxy_keras.estimator.predictions import NamedColumns
from galaxy_keras.messages import list_some, quote, show

TARGET = "Dataset containing class labels or target values"
# More distinct whole numbers than this, with few rows for each, are not classes.
MANY_CLASSES = 1000
# What programs write for a missing value, in lower case; these are not classes.
MISSING = ("nan", "na", "n/a", "#n/a", "null", "<na>")


@dataclass(frozen=True)
class Target:
    """An encoded target.

    Attributes
    ----------
    kind
        See :class:`galaxy_keras.estimator.contents.Fitted`.
    classes
        Labels in the order of their class indices; empty for real numbers.
    names
        Names of the target columns.
    y
        For ``labels`` and ``one_hot`` the class index of each row, shape (n_samples,); for ``multilabel`` 0 or 1, shape
        (n_samples, n_labels); for ``values`` the numbers, shape (n_samples,) or (n_samples, n_targets); for
        ``multi_output`` the class indices of all targets, shape (n_samples, n_targets).
    table
        The target columns of the user's table.
    outputs
        For ``multi_output``, the target of each of the network's outputs.
    title
        If this is one of several targets, its name in scores and predictions.
    header_warning
        A sentence about a header option that may be wrong; empty if it looks right.
    """

    kind: str
    classes: list[Any]
    names: list[str]
    y: np.ndarray
    table: pd.DataFrame
    outputs: tuple["Target", ...] = ()
    title: str = ""
    header_warning: str = ""

    @property
    def each(self) -> tuple["Target", ...]:
        """The targets of the network's outputs, or this target alone."""
        return self.outputs or (self,)

    @property
    def strata(self) -> np.ndarray | None:
        """Class, or combination of classes, of each row as an index; None if rows do not have exactly one class."""
        if self.outputs:
            return np.unique(self.y, axis=0, return_inverse=True)[1]
        return self.y if self.kind in ("labels", "one_hot") else None

    def encode(self, loss: str, output_count: int) -> np.ndarray:
        """Encode the target as a loss expects it.

        Parameters
        ----------
        output_count
            Number of units of the network's output.

        Returns
        -------
        ndarray
            Class indices, shape (n_samples,), for losses that take integers; otherwise float32, shape
            (n_samples, n_outputs).
        """
        if self.strata is None:
            return self.y.reshape(len(self.y), -1).astype(np.float32)
        if loss in INTEGER_LOSSES:
            return self.y
        if output_count == 1:
            return self.y.reshape(-1, 1).astype(np.float32)
        return np.eye(output_count, dtype=np.float32)[self.y]

    def name_truth(self, rows: np.ndarray) -> NamedColumns:
        """Return the true values of some rows as in the user's table, with a column of labels for one-hot columns."""
        columns = [(name, self.table.iloc[rows, i].to_numpy()) for i, name in enumerate(self.names)]
        one_hot = [target for target in self.each if target.kind == "one_hot"]
        labels = [(target.title or "Label", np.array(target.classes)[target.y[rows]]) for target in one_hot]
        return [*columns, *labels]


def read_target(table: pd.DataFrame, task: str, has_header: bool = True) -> Target:
    """Determine the kind of a target and encode it.

    Parameters
    ----------
    table
        The target columns, as :func:`galaxy_keras.data.tables.read_columns` returns them.
    task
        ``classification`` or ``regression``.
    has_header
        Whether the form declares row 1 a header.

    Raises
    ------
    InputError
        A regression target has text, a classification target has real numbers, or there is only one class.
    """
    if task == "regression" or table.shape[1] > 1:
        table = _read_flags(table)
    names = [str(name) for name in table.columns]
    for name, column in table.items():
        if not _is_numeric(column):
            _refuse_missing(column, str(name))
    if task == "regression":
        return _read_values(table, names)
    return _read_labels(table, names, has_header) if len(names) == 1 else _read_label_columns(table, names)


def holds_flags(table: pd.DataFrame) -> bool:
    """Return whether all cells of a target table are 0, 1 or Boolean values."""
    return bool(_read_flags(table).isin((0, 1)).to_numpy().all())


def _read_flags(table: pd.DataFrame) -> pd.DataFrame:
    flags = pd.DataFrame({i: read_flags(table.iloc[:, i]) for i in range(table.shape[1])})
    return flags.set_axis(table.columns, axis=1)


def _is_numeric(column: pd.Series) -> bool:
    return column.dtype.kind in "if"


def _refuse_missing(column: pd.Series, name: str) -> None:
    """Refuse rows without a value."""
    rows = np.flatnonzero(column.astype(str).str.lower().isin(MISSING))
    if len(rows):
        listed = list_some((rows + 1).tolist(), 10)
        raise InputError(
            f"{TARGET}, column {show(name)}: the value is missing ({column.iloc[rows[0]]}) in "
            f"sample{'s' * (len(rows) > 1)} {listed}; expected a value in every row"
        )


def _read_values(table: pd.DataFrame, names: list[str]) -> Target:
    # Numbers in an unusual format, such as 01, were read as text.
    values = table.apply(pd.to_numeric, errors="coerce").to_numpy(dtype=np.float64)
    wrong = np.argwhere(~np.isfinite(values))
    if len(wrong):
        row, column = wrong[0]
        cell, place = str(table.iloc[row, column]), f"column {show(names[column])}, sample {row + 1}"
        likely = explain_cell([cell], 0) or " (to predict classes, build the estimator with KerasGClassifier)"
        raise InputError(f"{TARGET}, {place}: found the text {quote(cell)} for a regression; expected a number{likely}")
    return Target("values", [], names, values[:, 0] if len(names) == 1 else values, table)


def _read_label_columns(table: pd.DataFrame, names: list[str]) -> Target:
    """Read several 0/1 columns: one-hot if every row has exactly one 1, otherwise multilabel."""
    if not all(_is_numeric(column) for _, column in table.items()) or not table.isin((0, 1)).to_numpy().all():
        raise InputError(
            f"{TARGET}: found {len(names)} columns with values other than 0 and 1; expected one column of labels, or "
            "one 0/1 column per class"
        )
    flags = table.to_numpy(dtype=np.int64)
    if not (flags.sum(axis=1) == 1).all():
        return Target("multilabel", names, names, flags, table)
    if np.count_nonzero(flags.any(axis=0)) == 1:
        raise InputError(f"{TARGET}: found rows of only one class; expected at least two classes")
    return Target("one_hot", names, names, flags.argmax(axis=1), table)


def _read_labels(table: pd.DataFrame, names: list[str], has_header: bool) -> Target:
    column = table.iloc[:, 0].to_numpy()
    classes, class_indices = _sort_classes(column)
    is_real = column.dtype.kind == "f" and np.any(classes != np.floor(classes))
    if (is_real or (column.dtype.kind in "if" and len(classes) > MANY_CLASSES)) and len(classes) > len(column) // 2:
        raise InputError(
            f"{TARGET}: found {len(classes)} different numbers in {len(column)} rows, such as {classes[0]}; expected "
            "classes (to predict real numbers, build the estimator with KerasGRegressor)"
        )
    if len(classes) == 1:
        raise InputError(
            f"{TARGET}, column {show(names[0])}: found only one class, {show(str(classes[0]))}; expected at least two "
            "classes"
        )
    labels = classes.tolist()
    warning = "" if has_header else _describe_likely_header(labels, class_indices)
    return Target("labels", labels, names, class_indices.astype(np.int64), table, header_warning=warning)


def _describe_likely_header(classes: list[Any], class_indices: np.ndarray) -> str:
    """Return a warning if row 1 is the only row of its class and all other classes have more rows; otherwise empty."""
    single = np.flatnonzero(np.bincount(class_indices) == 1)
    if single.tolist() != [class_indices[0]] or len(class_indices) <= len(classes):
        return ""
    first = quote(classes[class_indices[0]])
    return (
        f"{TARGET}: only row 1 has the class {first}; if it is a header, set the header option to Yes "
        f"(classes: {list_some(classes, 10)})"
    )


def _sort_classes(column: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the sorted labels and each row's class index; labels that are all numbers, such as +1, sort by value."""
    classes, class_indices = np.unique(column, return_inverse=True)
    sizes = pd.to_numeric(pd.Series(classes), errors="coerce")
    if sizes.isna().any():
        return classes, class_indices
    order = np.argsort(sizes.to_numpy(), kind="stable")
    return classes[order], np.argsort(order)[class_indices]
