"""The target column(s): from what the user's table says to what the network is trained on, once and for all uses."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from galaxy_keras.errors import InputError
from galaxy_keras.measures import choose_border, INTEGER_LOSSES, Measure, ONE_HOT_LOSSES
from galaxy_keras.predictions import NamedColumns

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
        See :class:`galaxy_keras.estimator_file.Fitted`.
    classes
        Labels in the order of their positions; empty for real numbers.
    names
        Names of the target columns.
    positions
        Position of each row's class, shape (n_samples,); for ``multilabel`` 0/1, shape (n_samples, n_labels); for
        ``values`` the numbers, shape (n_samples,) or (n_samples, n_targets); for ``multi_output`` those of each
        target side by side.
    table
        The columns as the user gave them.
    heads
        For ``multi_output`` the target of each of the network's outputs.
    title
        What its scores and predictions are called, where it is one of several.
    """

    kind: str
    classes: list[Any]
    names: list[str]
    positions: np.ndarray
    table: pd.DataFrame
    heads: tuple["Target", ...] = ()
    title: str = ""

    @property
    def each(self) -> tuple["Target", ...]:
        """The targets that this one is made of: itself, if it is one."""
        return self.heads or (self,)

    @property
    def strata(self) -> np.ndarray | None:
        """Class, or combination of classes, of each row; None where rows have no one class."""
        if self.heads:
            return np.unique(self.positions, axis=0, return_inverse=True)[1]
        return self.positions if self.kind in ("labels", "one_hot") else None

    def encode(self, loss: str, output_count: int) -> np.ndarray:
        """Give the target the form that a loss compares with the network's outputs.

        Returns
        -------
        ndarray
            Whole numbers, shape (n_samples,), for losses that take them; else float32, shape
            (n_samples, n_outputs).
        """
        if self.strata is None:
            return self.positions.reshape(len(self.positions), -1).astype(np.float32)
        if loss in INTEGER_LOSSES:
            return self.positions
        if output_count == 1:
            return self.positions.reshape(-1, 1).astype(np.float32)
        return np.eye(output_count, dtype=np.float32)[self.positions]

    def name_truth(self, rows: np.ndarray) -> NamedColumns:
        """Give the true values of some rows as the user gave them; one-hot columns get one column of labels more."""
        columns = [(name, self.table.iloc[rows, i].to_numpy()) for i, name in enumerate(self.names)]
        one_hot = [target for target in self.each if target.kind == "one_hot"]
        labels = [(target.title or "Label", np.array(target.classes)[target.positions[rows]]) for target in one_hot]
        return [*columns, *labels]


def read_target(table: pd.DataFrame, task: str) -> Target:
    """Find out what a target table holds and encode it.

    Parameters
    ----------
    table
        As :func:`galaxy_keras.tables.read_columns` gives it.
    task
        ``classification`` or ``regression``.

    Raises
    ------
    InputError
        Text as real numbers, real numbers as classes, or one class only.
    """
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
            raise InputError(
                f"{TARGET}, column {names[column]}, sample {row + 1}: found text for a regression, "
                f"{table.iloc[row, column]!r}; expected numbers "
                "(for classes build the estimator with KerasGClassifier)"
            )
        return Target("values", [], names, values[:, 0] if len(names) == 1 else values, table)
    if len(names) == 1:
        return _read_labels(table, names)
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


def _refuse_missing(column: pd.Series, name: str) -> None:
    """Refuse rows without a value: neither a class nor a number that could be learnt."""
    rows = np.flatnonzero(column.astype(str).str.lower().isin(MISSING))
    if len(rows):
        listed = ", ".join(str(row + 1) for row in rows[:10]) + (f" and {len(rows) - 10} more" * (len(rows) > 10))
        raise InputError(
            f"{TARGET}, column {name}: found no value ({column.iloc[rows[0]]}) for sample{'s' * (len(rows) > 1)} "
            f"{listed}; expected a value in every row"
        )


def _read_labels(table: pd.DataFrame, names: list[str]) -> Target:
    column = table.iloc[:, 0].to_numpy()
    classes, positions = _sort_classes(column)
    is_real = column.dtype.kind == "f" and np.any(classes != np.floor(classes))
    if (is_real or (column.dtype.kind in "if" and len(classes) > MANY_CLASSES)) and len(classes) > len(column) // 2:
        raise InputError(
            f"{TARGET}: found {len(classes)} different numbers in {len(column)} rows, such as {classes[0]}; expected "
            "classes (for real numbers build the estimator with KerasGRegressor)"
        )
    if len(classes) == 1:
        raise InputError(
            f"{TARGET}, column {names[0]}: found one class only, {classes[0]!s}; expected at least two classes"
        )
    return Target("labels", classes.tolist(), names, positions.astype(np.int64), table)


def _sort_classes(column: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give a column's different labels, numbers by size even if they are text such as +1, and each row's position."""
    classes, positions = np.unique(column, return_inverse=True)
    sizes = pd.to_numeric(pd.Series(classes), errors="coerce")
    if sizes.isna().any():
        return classes, positions
    order = np.argsort(sizes.to_numpy(), kind="stable")
    return classes[order], np.argsort(order)[positions]


def check_outputs(target: Target, task: str, loss: str, output_count: int) -> None:
    """Refuse a target that the network's last layer and the loss cannot express.

    Parameters
    ----------
    output_count
        Number of the network's outputs for a row.

    Raises
    ------
    InputError
        With the numbers found and what would be right.
    """
    place = f"output for {target.title}" if target.title else "last layer"
    last = f"architecture, {place}: found {output_count} output{'s' if output_count != 1 else ''}"
    if target.strata is None:
        if output_count != len(target.names):
            what = "target columns" if task == "regression" else "labels"
            raise InputError(f"{last} for {len(target.names)} {what}; expected as many outputs as columns")
        if loss in (*INTEGER_LOSSES, *ONE_HOT_LOSSES) and target.kind == "multilabel":
            raise InputError(
                f"loss: found {loss} for rows with none or several of the labels; expected binary_crossentropy"
            )
        return
    count = len(target.classes)
    if output_count == 1:
        if count != 2:
            raise InputError(f"{last} for {count} classes; expected {count} outputs with softmax")
        if loss in (*INTEGER_LOSSES, *ONE_HOT_LOSSES):
            raise InputError(f"loss: found {loss} for a network with 1 output; expected binary_crossentropy")
    elif output_count != count:
        listed = ", ".join(str(label) for label in target.classes[:10]) + (", ..." if count > 10 else "")
        raise InputError(f"{last} for {count} classes ({listed}); expected {count} outputs")


def choose_threshold(target: Target, loss: Measure, output_count: int) -> float | None:
    """Choose above what a single output, or one of several labels, is positive.

    None where the largest output decides.
    """
    if target.kind == "values" or (target.kind != "multilabel" and output_count > 1):
        return None
    return choose_border(loss)
