"""Holdouts: split rows by order, at random, by groups or by a column of the table."""

from dataclasses import dataclass

import numpy as np
from sklearn.model_selection import GroupShuffleSplit, ShuffleSplit, StratifiedShuffleSplit

from galaxy_keras.errors import InputError
from galaxy_keras.messages import list_some, quote

# scikit-learn's default, used if the size is blank.
DEFAULT_SIZE = 0.25
# Accepted values of a split column, in any letter case.
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
    """How to split a holdout from the training rows.

    Attributes
    ----------
    name
        Name of the holdout in messages and in the log.
    method
        ``None`` (the last rows), ``simple`` (random rows), ``stratified`` (random rows of each class), ``group``
        (whole groups) or ``column`` (the rows that a split column assigns).
    size
        Fraction (0–1) of the rows, or of the groups; or their number, from 2. None means 0.25.
    seed
        Seed of the random split.
    group_names
        Groups of the holdout; if empty, they are drawn at random.
    split_name
        ``validation`` or ``test``: the value of a split column for this holdout.
    """

    name: str
    method: str = "simple"
    size: float | None = 0.2
    seed: int | None = None
    group_names: tuple[str, ...] = ()
    split_name: str = "test"


@dataclass(frozen=True)
class Strata:
    """The classes whose proportions a stratified split keeps.

    Attributes
    ----------
    class_indices
        Index in ``labels`` of the class of every row of the table.
    labels
        The labels as the user knows them.
    """

    class_indices: np.ndarray
    labels: list[str]

    def refuse_small_class(self, name: str, rows: np.ndarray, least: int, purpose: str) -> None:
        """Refuse a class with too few rows; scikit-learn does not name the class, or only warns.

        Parameters
        ----------
        name
            Name of the split in the message.
        rows
            Numbers of the rows to split.
        least
            Required number of rows per class.
        purpose
            Why so many rows are required, for the message.

        Raises
        ------
        InputError
            A class has fewer than ``least`` rows.
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
    """Split row numbers into training rows and a holdout.

    Parameters
    ----------
    rows
        Row numbers to split, shape (n_rows,).
    choice
        How to split.
    strata
        Classes for ``stratified``; None if rows do not have exactly one class.
    groups
        For ``group`` the group and for ``column`` the split name of every row of the table.

    Returns
    -------
    (training rows, holdout)
        Row numbers in the order in which scikit-learn's splitters return them.

    Raises
    ------
    InputError
        The size is not valid, one side has no rows, a class has too few rows, or a group or split name is unknown.
    """
    if choice.method == "column":
        train, holdout = _split_by_column(rows, choice, groups)
    else:
        size = _check_size(choice)
        if choice.method == "None":
            train_count = len(rows) - (size if isinstance(size, int) else int(np.ceil(size * len(rows))))
            train, holdout = rows[: max(train_count, 0)], rows[max(train_count, 0) :]
        elif choice.method == "group":
            train, holdout = _split_by_group(rows, choice, size, groups)
        else:
            train, holdout = _split_at_random(rows, choice, size, strata)
    if not len(train) or not len(holdout):
        full, empty = ("the training", "this holdout") if len(train) else ("this holdout", "the training")
        raise InputError(
            f"{choice.name}: found all {len(rows)} rows in {full} and none in {empty}; "
            "expected at least one row in each"
        )
    return train, holdout


def _check_size(choice: SplitChoice) -> float | int:
    """Return a fraction as a float and a number of rows as an integer, which scikit-learn distinguishes by type."""
    size = DEFAULT_SIZE if choice.size is None else choice.size
    if 0 < size < 1:
        return size
    if size > 1 and float(size).is_integer():
        return int(size)
    raise InputError(
        f"{choice.name}, test_size: found {size:g}; expected a fraction between 0 and 1, or a whole number of rows "
        "from 2"
    )


def _split_at_random(
    rows: np.ndarray, choice: SplitChoice, size: float | int, strata: Strata | None
) -> tuple[np.ndarray, np.ndarray]:
    if choice.method == "stratified":
        if strata is None:
            raise InputError(
                f"{choice.name}, shuffle: found stratified for a target without one class per row; expected simple"
            )
        strata.refuse_small_class(choice.name, rows, 2, "one for each side of a stratified split")
        splitter = StratifiedShuffleSplit(n_splits=1, test_size=size, random_state=choice.seed)
        return _split_by(splitter, rows, choice.name, y=strata.class_indices[rows])
    return _split_by(ShuffleSplit(n_splits=1, test_size=size, random_state=choice.seed), rows, choice.name)


def _split_by_group(
    rows: np.ndarray, choice: SplitChoice, size: float | int, groups: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    if groups is None:
        raise InputError(
            f"{choice.name}, shuffle: found group without a group column; expected a column for this holdout, or "
            "GroupShuffleSplit in Test holdout, whose column is then used for both"
        )
    # The names come from a text field: groups that are numbers are compared as text.
    group_of_row = groups[rows].astype(str)
    if choice.group_names:
        _refuse_unknown_groups(choice, group_of_row)
        is_in_holdout = np.isin(group_of_row, choice.group_names)
        return rows[~is_in_holdout], rows[is_in_holdout]
    splitter = GroupShuffleSplit(n_splits=1, test_size=size, random_state=choice.seed)
    return _split_by(splitter, rows, choice.name, groups=group_of_row)


def _refuse_unknown_groups(choice: SplitChoice, groups: np.ndarray) -> None:
    known = sorted(set(groups))
    for name in choice.group_names:
        if name not in known:
            raise InputError(f"{choice.name}, group_names: found {quote(name)}; expected one of {list_some(known, 20)}")


def _split_by(
    splitter: ShuffleSplit | StratifiedShuffleSplit | GroupShuffleSplit,
    rows: np.ndarray,
    name: str,
    **labels: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Split row numbers with a scikit-learn splitter; ``labels`` are its ``y`` or ``groups``."""
    try:
        train, holdout = next(splitter.split(rows, **labels))
    except ValueError as error:
        raise InputError(f"{name}: {' '.join(str(error).split())}") from None
    return rows[train], rows[holdout]


def _split_by_column(rows: np.ndarray, choice: SplitChoice, groups: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    if groups is None:
        raise InputError(
            f"{choice.name}, shuffle: found a split by column without a column; expected a column for this holdout, "
            "or the same method in Test holdout, whose column is then used for both"
        )
    split_of_row = np.array([SPLIT_NAMES.get(str(value).lower(), "") for value in groups[rows]])
    unknown = np.flatnonzero(split_of_row == "")
    if len(unknown):
        row = rows[unknown[0]]
        raise InputError(
            f"{choice.name}, split column, sample {row + 1}: found {quote(str(groups[row]))}; "
            "expected train, validation or test"
        )
    is_in_holdout = split_of_row == choice.split_name
    return rows[~is_in_holdout], rows[is_in_holdout]
