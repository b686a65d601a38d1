"""The target column(s): from what the user's table says to what the network is trained on, once and for all uses."""

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
# More distinct whole numbers than this, and hardly a row for each, are no classes.
MANY_CLASSES = 1000
# What programs write where a value is missing, in lower case; none of it is a class.
MISSING = ("nan", "na", "n/a", "#n/a", "null", "<na>")


@dataclass(frozen=True)
class Target:
    """An encoded target.

    Attributes
    ----------
    kind
        See :class:`galaxy_keras.estimator.file.Fitted`.
    classes
        Labels in the order of their positions; empty for real numbers.
    names
        Names of the target columns.
    y
        Position of each row's class, shape (n_samples,); for ``multilabel`` 0/1, shape (n_samples, n_labels); for
        ``values`` the numbers, shape (n_samples,) or (n_samples, n_targets); for ``multi_output`` those of each
        target side by side.
    table
        The columns as the user gave them.
    outputs
        For ``multi_output`` the target of each of the network's outputs.
    title
        What its scores and predictions are called, where it is one of several.
    doubt
        A sentence about a header option that may be wrong; else empty.
    """

    kind: str
    classes: list[Any]
    names: list[str]
    y: np.ndarray
    table: pd.DataFrame
    outputs: tuple["Target", ...] = ()
    title: str = ""
    doubt: str = ""

    @property
    def each(self) -> tuple["Target", ...]:
        """The targets that this one is made of: itself, if it is one."""
        return self.outputs or (self,)

    @property
    def strata(self) -> np.ndarray | None:
        """Class, or combination of classes, of each row; None where rows have no one class."""
        if self.outputs:
            return np.unique(self.y, axis=0, return_inverse=True)[1]
        return self.y if self.kind in ("labels", "one_hot") else None

    def encode(self, loss: str, output_count: int) -> np.ndarray:
        """Give the target the form that a loss compares with the network's outputs.

        Returns
        -------
        ndarray
            Whole numbers, shape (n_samples,), for losses that take them; else float32, shape
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
        """Give the true values of some rows as the user gave them; one-hot columns get one column of labels more."""
        columns = [(name, self.table.iloc[rows, i].to_numpy()) for i, name in enumerate(self.names)]
        one_hot = [target for target in self.each if target.kind == "one_hot"]
        labels = [(target.title or "Label", np.array(target.classes)[target.y[rows]]) for target in one_hot]
        return [*columns, *labels]


def read_target(table: pd.DataFrame, task: str, has_header: bool = True) -> Target:
    """Find out what a target table holds and encode it.

    Parameters
    ----------
    table
        As :func:`galaxy_keras.data.tables.read_columns` gives it.
    task
        ``classification`` or ``regression``.
    has_header
        Whether row 1 was taken as names, as the form says.

    Raises
    ------
    InputError
        Text as real numbers, real numbers as classes, or one class only.
    """
    if task == "regression" or table.shape[1] > 1:
        table = _read_flags(table)
    names = [str(name) for name in table.columns]
    text_columns = [name for name, dtype in zip(names, table.dtypes, strict=True) if dtype.kind not in "if"]
    for name in text_columns:
        _refuse_missing(table.iloc[:, names.index(name)], name)
    if task == "regression":
        # Numbers that are not written as numbers are, such as 01, have been read as text.
        values = table.apply(pd.to_numeric, errors="coerce").to_numpy(dtype=np.float64)
        wrong = np.argwhere(~np.isfinite(values))
        if len(wrong):
            row, column = wrong[0]
            cell, place = str(table.iloc[row, column]), f"column {show(names[column])}, sample {row + 1}"
            likely = explain_cell([cell], 0) or " (for classes build the estimator with KerasGClassifier)"
            raise InputError(f"{TARGET}, {place}: found text for a regression, {quote(cell)}; expected numbers{likely}")
        return Target("values", [], names, values[:, 0] if len(names) == 1 else values, table)
    if len(names) == 1:
        return _read_labels(table, names, has_header)
    if text_columns or not table.isin((0, 1)).to_numpy().all():
        raise InputError(
            f"{TARGET}: found {len(names)} columns with values other than 0 and 1; expected one column of labels, or "
            "one 0/1 column a class"
        )
    flags = table.to_numpy(dtype=np.int64)
    if (flags.sum(axis=1) == 1).all():
        used = np.count_nonzero(flags.any(axis=0))
        if used == 1:
            raise InputError(f"{TARGET}: found rows of one class only; expected at least two classes")
        return Target("one_hot", names, names, flags.argmax(axis=1), table)
    return Target("multilabel", names, names, flags, table)


def holds_flags(table: pd.DataFrame) -> bool:
    """Tell whether all cells of a target table are 0, 1 or logical values."""
    return bool(_read_flags(table).isin((0, 1)).to_numpy().all())


def _read_flags(table: pd.DataFrame) -> pd.DataFrame:
    flags = pd.DataFrame({place: read_flags(table.iloc[:, place]) for place in range(table.shape[1])})
    return flags.set_axis(table.columns, axis=1)


def _refuse_missing(column: pd.Series, name: str) -> None:
    """Refuse rows without a value: neither a class nor a number that could be learnt."""
    rows = np.flatnonzero(column.astype(str).str.lower().isin(MISSING))
    if len(rows):
        listed = ", ".join(str(row + 1) for row in rows[:10]) + (f" and {len(rows) - 10} more" * (len(rows) > 10))
        raise InputError(
            f"{TARGET}, column {show(name)}: found no value ({column.iloc[rows[0]]}) for sample{'s' * (len(rows) > 1)} "
            f"{listed}; expected a value in every row"
        )


def _read_labels(table: pd.DataFrame, names: list[str], has_header: bool) -> Target:
    column = table.iloc[:, 0].to_numpy()
    classes, class_indices = _sort_classes(column)
    is_real = column.dtype.kind == "f" and np.any(classes != np.floor(classes))
    if (is_real or (column.dtype.kind in "if" and len(classes) > MANY_CLASSES)) and len(classes) > len(column) // 2:
        raise InputError(
            f"{TARGET}: found {len(classes)} different numbers in {len(column)} rows, such as {classes[0]}; expected "
            "classes (for real numbers build the estimator with KerasGRegressor)"
        )
    if len(classes) == 1:
        raise InputError(
            f"{TARGET}, column {show(names[0])}: found one class only, {show(str(classes[0]))}; expected at least two "
            "classes"
        )
    labels = classes.tolist()
    doubt = "" if has_header else _doubt_first_row(labels, class_indices)
    return Target("labels", labels, names, class_indices.astype(np.int64), table, doubt=doubt)


def _doubt_first_row(classes: list[Any], class_indices: np.ndarray) -> str:
    """Say that row 1 may be a header, where it is the only row of its class and no other class has one row."""
    alone = np.flatnonzero(np.bincount(class_indices) == 1)
    if alone.tolist() != [class_indices[0]] or len(class_indices) <= len(classes):
        return ""
    first = quote(classes[class_indices[0]])
    return (
        f"{TARGET}: only row 1 has the class {first}; if it is a header, set the header option to Yes "
        f"(classes: {list_some(classes, 10)})"
    )


def _sort_classes(column: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give a column's different labels, numbers by size even if they are text such as +1, and each row's position."""
    classes, class_indices = np.unique(column, return_inverse=True)
    sizes = pd.to_numeric(pd.Series(classes), errors="coerce")
    if sizes.isna().any():
        return classes, class_indices
    order = np.argsort(sizes.to_numpy(), kind="stable")
    return classes[order], np.argsort(order)[class_indices]
