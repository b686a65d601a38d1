"""Cross-validation folds."""

from dataclasses import dataclass

import numpy as np
from sklearn.model_selection import GroupKFold, KFold, StratifiedKFold, TimeSeriesSplit

from galaxy_keras.errors import InputError
from training.splits.holdouts import SplitChoice, Strata

NAME = "Folds"
SPLITTERS = {"simple": KFold, "stratified": StratifiedKFold, "group": GroupKFold}


@dataclass(frozen=True)
class FoldChoice:
    """How to split a table into folds.

    Attributes
    ----------
    method
        ``simple`` (random rows), ``stratified`` (each fold keeps the class proportions), ``group`` (all rows of a group
        are in one fold) or ``None`` (by order: training rows come before the test rows of each fold).
    fold_count
        Number of folds per repeat.
    repeat_count
        Number of repeats, each with other random folds.
    seed
        Seed of the random split.
    validation_size
        Fraction or number of each fold's training rows to use as validation rows; None uses no validation rows.
    is_refitted
        Whether to train a final network on all rows.
    """

    method: str
    fold_count: int = 5
    repeat_count: int = 1
    seed: int | None = None
    validation_size: float | None = None
    is_refitted: bool = True

    @property
    def validation_split(self) -> SplitChoice | None:
        """How to split validation rows from a fold's training rows: by the method of the folds."""
        if self.validation_size is None:
            return None
        return SplitChoice(
            "Validation rows of a fold", self.method, self.validation_size, self.seed, split_name="validation"
        )


def split_folds(
    row_count: int, choice: FoldChoice, strata: Strata | None, groups: np.ndarray | None
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return the numbers of the training rows and the test rows of each fold, repeat after repeat.

    Parameters
    ----------
    strata
        Classes for ``stratified``; None if rows do not have exactly one class.
    groups
        Group of every row for ``group``.

    Raises
    ------
    InputError
        There are too few rows, rows of a class, or groups for the number of folds.
    """
    if choice.method == "stratified":
        if strata is None:
            raise InputError(
                f"{NAME}, shuffle: found stratified for a target without one class per row; expected simple"
            )
        strata.refuse_small_class(NAME, np.arange(row_count), choice.fold_count, "one for each fold")
    rows = np.zeros((row_count, 1))
    classes = None if strata is None else strata.class_indices
    try:
        if choice.method == "None":
            return list(TimeSeriesSplit(choice.fold_count).split(rows))
        # All repeats share one generator, as in scikit-learn's RepeatedKFold.
        generator = np.random.RandomState(choice.seed)
        folds: list[tuple[np.ndarray, np.ndarray]] = []
        for _ in range(choice.repeat_count):
            splitter = SPLITTERS[choice.method](choice.fold_count, shuffle=True, random_state=generator)
            folds += splitter.split(rows, classes, groups if choice.method == "group" else None)
        return folds
    except ValueError as error:
        raise InputError(f"{NAME}: {' '.join(str(error).split())}") from None
