"""Which rows train, validate and test."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.model_selection import GroupShuffleSplit, ShuffleSplit, StratifiedShuffleSplit

from galaxy_keras.errors import InputError

# scikit-learn's own, for a share left blank.
DEFAULT_SHARE = 0.25


@dataclass(frozen=True)
class SplitChoice:
    """How to hold rows out.

    Attributes
    ----------
    name
        What messages and the log call the holdout.
    method
        ``None`` (the last rows), ``simple`` (random rows), ``stratified`` (random rows, class by class) or ``group``
        (whole groups).
    share
        Share 0–1 of the rows, or of the groups, that is held out; None means 0.25.
    seed
        Seed of the random choice.
    group_names
        The groups to hold out; empty leaves the choice of groups to chance.
    """

    name: str
    method: str = "simple"
    share: float | None = 0.2
    seed: int | None = None
    group_names: tuple[str, ...] = ()


def split_rows(
    rows: np.ndarray, choice: SplitChoice, strata: np.ndarray | None, groups: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    """Split row numbers in a part that stays and a part that is held out.

    Parameters
    ----------
    rows
        Row numbers to split, shape (n_rows,).
    choice
        How.
    strata
        Class of every row of the table, for ``stratified``; None for real numbers.
    groups
        Group of every row of the table, for ``group``.

    Returns
    -------
    (kept, held out)
        Row numbers in the order that scikit-learn's splitters give them.

    Raises
    ------
    InputError
        A share outside 0–1, a part without rows, a class too small to stand on both sides, an unknown group.
    """
    share = DEFAULT_SHARE if choice.share is None else choice.share
    if not 0 < share < 1:
        raise InputError(f"{choice.name}, test_size: found {share:g}; expected a share between 0 and 1")
    if choice.method == "None":
        kept_count = len(rows) - int(np.ceil(share * len(rows)))
        kept, held = rows[:kept_count], rows[kept_count:]
    elif choice.method == "group":
        kept, held = _split_groups(rows, choice, share, groups)
    else:
        kept, held = _split_at_random(rows, choice, share, strata)
    if not len(kept) or not len(held):
        raise InputError(
            f"{choice.name}, test_size: found a share of {share:g} of {len(rows)} rows, which leaves a part empty; "
            "expected a share with at least one row on each side"
        )
    return kept, held


def _split_at_random(rows: np.ndarray, choice: SplitChoice, share: float, strata: np.ndarray | None):
    if choice.method == "stratified":
        if strata is None:
            raise InputError(f"{choice.name}, shuffle: found stratified for real-numbered targets; expected simple")
        splitter = StratifiedShuffleSplit(n_splits=1, test_size=share, random_state=choice.seed)
        strata = strata[rows]
    else:
        splitter, strata = ShuffleSplit(n_splits=1, test_size=share, random_state=choice.seed), None
    try:
        kept, held = next(splitter.split(rows, strata))
    except ValueError as error:
        raise InputError(f"{choice.name}: {' '.join(str(error).split())}") from None
    return rows[kept], rows[held]


def _split_groups(rows: np.ndarray, choice: SplitChoice, share: float, groups: np.ndarray | None):
    if groups is None:
        raise InputError(f"{choice.name}, shuffle: found group without a group column; expected one in Test holdout")
    # Names come from a text field: numbers are compared as they are written.
    group_of_row = groups[rows].astype(str)
    if choice.group_names:
        _refuse_unknown_groups(choice, group_of_row)
        is_held = np.isin(group_of_row, choice.group_names)
        return rows[~is_held], rows[is_held]
    splitter = GroupShuffleSplit(n_splits=1, test_size=share, random_state=choice.seed)
    try:
        kept, held = next(splitter.split(rows, groups=group_of_row))
    except ValueError as error:
        raise InputError(f"{choice.name}: {' '.join(str(error).split())}") from None
    return rows[kept], rows[held]


def _refuse_unknown_groups(choice: SplitChoice, groups: Sequence[str]) -> None:
    known = sorted(set(groups))
    for name in choice.group_names:
        if name not in known:
            listed = ", ".join(known[:20]) + (", ..." if len(known) > 20 else "")
            raise InputError(f"{choice.name}, group_names: found {name!r}; expected one of {listed}")
