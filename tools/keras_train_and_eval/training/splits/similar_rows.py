"""Split rows at random so that rows of one group, such as similar sequences, stay in the same split.

The groups are split in place of the rows, with the class of their first row; then each row follows its group.
"""

from dataclasses import replace

import numpy as np

from training.splits.folds import FoldChoice, split_folds
from training.splits.holdouts import split_rows, SplitChoice, Strata

# Methods that draw rows at random; other methods follow an order or a column of the user.
RANDOM_METHODS = ("simple", "stratified")


def split_together(
    rows: np.ndarray,
    choice: SplitChoice,
    strata: Strata | None,
    groups: np.ndarray | None,
    together: np.ndarray | None,
) -> tuple[np.ndarray, np.ndarray]:
    """Split row numbers into training rows and a holdout; see :func:`holdouts.split_rows`.

    Parameters
    ----------
    together
        Group of every row of the table whose rows stay in the same split; None for independent rows.
    """
    if together is None or choice.method not in RANDOM_METHODS:
        return split_rows(rows, choice, strata, groups)
    first = np.unique(together[rows], return_index=True)[1]
    if len(first) == len(rows):
        return split_rows(rows, choice, strata, groups)
    _, held_out = split_rows(rows[np.sort(first)], choice, strata, groups)
    is_in_holdout = np.isin(together[rows], together[held_out])
    return rows[~is_in_holdout], rows[is_in_holdout]


def split_folds_together(
    row_count: int,
    choice: FoldChoice,
    strata: Strata | None,
    groups: np.ndarray | None,
    together: np.ndarray | None,
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return the numbers of the training rows and the test rows of each fold; see :func:`folds.split_folds`.

    Parameters
    ----------
    together
        Group of every row; see :func:`split_together`.
    """
    if together is None or choice.method not in RANDOM_METHODS:
        return split_folds(row_count, choice, strata, groups)
    first = np.sort(np.unique(together, return_index=True)[1])
    if len(first) == row_count:
        return split_folds(row_count, choice, strata, groups)
    of_groups = None if strata is None else replace(strata, class_indices=strata.class_indices[first])
    folds = []
    for _, test in split_folds(len(first), choice, of_groups, groups):
        is_test = np.isin(together, together[first[test]])
        folds.append((np.flatnonzero(~is_test), np.flatnonzero(is_test)))
    return folds
