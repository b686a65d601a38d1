"""Folds: every row is tested once in each repeat, by a network that has not seen it."""

from dataclasses import dataclass

import numpy as np
from sklearn.model_selection import GroupKFold, KFold, StratifiedKFold, TimeSeriesSplit

from galaxy_keras.errors import InputError
from training.splits.holdouts import SplitChoice, Strata

NAME = "Folds"
SPLITTERS = {"simple": KFold, "stratified": StratifiedKFold, "group": GroupKFold}


@dataclass(frozen=True)
class FoldChoice:
    """How to cut a table into folds.

    Attributes
    ----------
    method
        ``simple`` (random rows), ``stratified`` (the same share of each class in each fold), ``group`` (a group
        stands in one fold) or ``None`` (by order: each fold is tested after training on all rows before it).
    fold_count, repeat_count
        Folds of each repeat, and repeats with other random folds.
    seed
        Seed of the random choice.
    validation_size
        Share or number of each fold's training rows that are watched; None watches none.
    is_refitted
        Whether a last network learns from all rows.
    """

    method: str
    fold_count: int = 5
    repeat_count: int = 1
    seed: int | None = None
    validation_size: float | None = None
    is_refitted: bool = True

    @property
    def validation_split(self) -> SplitChoice | None:
        """How the watched rows are cut from a fold's training rows: as the folds themselves are."""
        if self.validation_size is None:
            return None
        return SplitChoice(
            "Validation rows of a fold", self.method, self.validation_size, self.seed, split_name="validation"
        )


def split_folds(
    row_count: int, choice: FoldChoice, strata: Strata | None, groups: np.ndarray | None
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Give the rows that stay and the rows that are tested of each fold, repeat after repeat.

    Parameters
    ----------
    strata, groups
        For ``stratified``, and the group of every row for ``group``.

    Raises
    ------
    InputError
        Too few rows, members of a class, or groups for so many folds.
    """
    if choice.method == "stratified" and strata is None:
        raise InputError(f"{NAME}, shuffle: found stratified for real-numbered targets; expected simple")
    if choice.method == "stratified":
        strata.refuse_small_class(NAME, np.arange(row_count), choice.fold_count, "one for each fold")
    rows = np.zeros((row_count, 1))
    classes = None if strata is None else strata.class_indices
    try:
        if choice.method == "None":
            return list(TimeSeriesSplit(choice.fold_count).split(rows))
        # One generator through all repeats, as scikit-learn's RepeatedKFold has it.
        generator = np.random.RandomState(choice.seed)
        folds = []
        for _ in range(choice.repeat_count):
            splitter = SPLITTERS[choice.method](choice.fold_count, shuffle=True, random_state=generator)
            folds += splitter.split(rows, classes, groups if choice.method == "group" else None)
        return folds
    except ValueError as error:
        raise InputError(f"{NAME}: {' '.join(str(error).split())}") from None
