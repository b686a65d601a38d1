"""Which rows are held out of a table: the last, random ones, whole groups, or those that a column names."""

from dataclasses import dataclass

import numpy as np
from sklearn.model_selection import GroupShuffleSplit, ShuffleSplit, StratifiedShuffleSplit

from galaxy_keras.errors import InputError
from galaxy_keras.messages import list_some, quote

# scikit-learn's own, for a size left blank.
DEFAULT_SIZE = 0.25
# What a column of parts may say, in any letter case.
SPLIT_NAMES = {
    "train": "train",
    "training": "train",
    "val": "validation",
    "valid": "validation",
    "validation": "validation",
    "test": "test",
    "testing": "test",
}


@dataclass(frozen=True)
class SplitChoice:
    """How to hold rows out.

    Attributes
    ----------
    name
        What messages and the log call the holdout.
    method
        ``None`` (the last rows), ``simple`` (random rows), ``stratified`` (random rows, class by class), ``group``
        (whole groups) or ``column`` (the rows whose part a column names).
    size
        Share 0–1 of the rows, or of the groups, that is held out, or from 2 their number; None means 0.25.
    seed
        Seed of the random choice.
    group_names
        The groups to hold out; empty leaves the choice of groups to chance.
    split_name
        ``validation`` or ``test``: what a column of parts calls this holdout.
    """

    name: str
    method: str = "simple"
    size: float | None = 0.2
    seed: int | None = None
    group_names: tuple[str, ...] = ()
    split_name: str = "test"


@dataclass(frozen=True)
class Strata:
    """Classes of which a split keeps the shares.

    Attributes
    ----------
    class_indices
        Class of every row of the table, as its place in ``labels``.
    labels
        As the user knows them.
    """

    class_indices: np.ndarray
    labels: list[str]

    def refuse_small_class(self, name: str, rows: np.ndarray, least: int, purpose: str) -> None:
        """Refuse a class with fewer than ``least`` of some rows; scikit-learn names none, or only warns.

        Parameters
        ----------
        name
            What the message calls the split.
        purpose
            What so many rows are for.
        """
        counts = np.bincount(self.class_indices[rows], minlength=len(self.labels))
        small = np.flatnonzero((counts > 0) & (counts < least))
        if not len(small):
            return
        smallest = small[counts[small].argmin()]
        count = int(counts[smallest])
        others = f" (too few rows in {len(small)} classes)" if len(small) > 1 else ""
        raise InputError(
            f"{name}: found the class {quote(self.labels[smallest])} with {count} row{'s' * (count > 1)} among "
            f"{len(rows)}{others}; expected at least {least} rows of each class, {purpose}"
        )


def split_rows(
    rows: np.ndarray, choice: SplitChoice, strata: Strata | None, groups: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    """Split row numbers in a part that stays and a part that is held out.

    Parameters
    ----------
    rows
        Row numbers to split, shape (n_rows,).
    choice
        How.
    strata
        For ``stratified``; None for real numbers.
    marks
        Group or part of every row of the table, for ``group`` and ``column``.

    Returns
    -------
    (kept, held out)
        Row numbers in the order that scikit-learn's splitters give them.

    Raises
    ------
    InputError
        A size that fits no part, a part without rows, a class too small to stand on both sides, an unknown group or
        part.
    """
    if choice.method == "column":
        kept, held = _split_by_column(rows, choice, groups)
    else:
        size = _check_size(choice)
        if choice.method == "None":
            kept_count = len(rows) - (size if isinstance(size, int) else int(np.ceil(size * len(rows))))
            kept, held = rows[: max(kept_count, 0)], rows[max(kept_count, 0) :]
        elif choice.method == "group":
            kept, held = _split_groups(rows, choice, size, groups)
        else:
            kept, held = _split_at_random(rows, choice, size, strata)
    if not len(kept) or not len(held):
        empty, rest = ("the training", "this holdout") if not len(kept) else ("this holdout", "the training")
        raise InputError(
            f"{choice.name}: found all {len(rows)} rows in {rest}, which leaves a part empty; "
            f"expected at least one row for {empty}"
        )
    return kept, held


def _check_size(choice: SplitChoice) -> float | int:
    """Give a share as a number below 1, a count as an integer: that is how scikit-learn tells them apart."""
    size = DEFAULT_SIZE if choice.size is None else choice.size
    if 0 < size < 1:
        return size
    if size > 1 and float(size).is_integer():
        return int(size)
    raise InputError(
        f"{choice.name}, test_size: found {size:g}; expected a share between 0 and 1, or from 2 a whole number of rows"
    )


def _split_at_random(rows: np.ndarray, choice: SplitChoice, size: float | int, strata: Strata | None):
    if choice.method == "stratified":
        if strata is None:
            raise InputError(f"{choice.name}, shuffle: found stratified for real-numbered targets; expected simple")
        strata.refuse_small_class(choice.name, rows, 2, "one for each part of a stratified split")
        splitter = StratifiedShuffleSplit(n_splits=1, test_size=size, random_state=choice.seed)
        classes = strata.class_indices[rows]
    else:
        splitter, classes = ShuffleSplit(n_splits=1, test_size=size, random_state=choice.seed), None
    try:
        kept, held = next(splitter.split(rows, classes))
    except ValueError as error:
        raise InputError(f"{choice.name}: {_explain(error)}") from None
    return rows[kept], rows[held]


def _split_groups(rows: np.ndarray, choice: SplitChoice, size: float | int, groups: np.ndarray | None):
    if groups is None:
        raise InputError(
            f"{choice.name}, shuffle: found group without a group column; expected one of its own, or "
            "GroupShuffleSplit in Test holdout, whose column serves both"
        )
    # Names come from a text field: numbers are compared as they are written.
    group_of_row = groups[rows].astype(str)
    if choice.group_names:
        _refuse_unknown_groups(choice, group_of_row)
        is_held = np.isin(group_of_row, choice.group_names)
        return rows[~is_held], rows[is_held]
    splitter = GroupShuffleSplit(n_splits=1, test_size=size, random_state=choice.seed)
    try:
        kept, held = next(splitter.split(rows, groups=group_of_row))
    except ValueError as error:
        raise InputError(f"{choice.name}: {_explain(error)}") from None
    return rows[kept], rows[held]


def _refuse_unknown_groups(choice: SplitChoice, groups: np.ndarray) -> None:
    known = sorted(set(groups))
    for name in choice.group_names:
        if name not in known:
            raise InputError(f"{choice.name}, group_names: found {quote(name)}; expected one of {list_some(known, 20)}")


def _split_by_column(rows: np.ndarray, choice: SplitChoice, groups: np.ndarray | None):
    if groups is None:
        raise InputError(
            f"{choice.name}, shuffle: found a split by column without a column; expected one of its own, or the same "
            "method in Test holdout, whose column serves both"
        )
    splits = np.array([SPLIT_NAMES.get(str(group).lower(), "") for group in groups[rows]])
    unknown = np.flatnonzero(splits == "")
    if len(unknown):
        row = rows[unknown[0]]
        raise InputError(
            f"{choice.name}, column of parts, sample {row + 1}: found {quote(str(groups[row]))}; "
            "expected train, validation or test"
        )
    is_held = splits == choice.split_name
    return rows[~is_held], rows[is_held]


def _explain(error: ValueError) -> str:
    return " ".join(str(error).split())
