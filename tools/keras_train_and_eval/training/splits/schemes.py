"""Schemes: how many networks are trained, and on which training, validation and test rows."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from galaxy_keras.errors import InputError
from galaxy_keras.estimator.predictions import NamedColumns
from galaxy_keras.messages import quote, show
from training.splits.folds import FoldChoice, NAME
from training.splits.holdouts import SPLIT_NAMES, SplitChoice, Strata
from training.splits.similar_rows import split_folds_together, split_together
from training.targets.targets import Target

Choice = TypeVar("Choice", SplitChoice, FoldChoice)


@dataclass(frozen=True)
class Scheme:
    """A scheme of the form; if all are None, the network is trained on every row.

    Attributes
    ----------
    test_split
        The holdout that the scores are computed on.
    validation_split
        The validation rows, split from the rows outside ``test_split``; if None, the rows of ``test_split`` are also
        the validation rows.
    folds
        Cross-validation, instead of holdouts.
    """

    test_split: SplitChoice | None = None
    validation_split: SplitChoice | None = None
    folds: FoldChoice | None = None


@dataclass(frozen=True)
class Groups:
    """Groups, or the values of a split column, of every row; None if no split needs them.

    Attributes
    ----------
    first
        For the first holdout or the folds.
    validation
        For the validation holdout; if None, it uses those of the test holdout.
    together
        Rows of one group stay in the same split if rows are drawn at random: similar sequences. None for independent
        rows.
    """

    first: np.ndarray | None = None
    validation: np.ndarray | None = None
    together: np.ndarray | None = None


@dataclass(frozen=True)
class RowSplit:
    """Row numbers of the training, validation and test rows of one run.

    Attributes
    ----------
    train
        Training rows.
    validation
        Validation rows; None if there are none.
    test
        Test rows: the same array as ``validation`` if a scheme has one holdout for both, or None if all rows are
        training rows.
    """

    train: np.ndarray
    validation: np.ndarray | None = None
    test: np.ndarray | None = None

    @property
    def evaluation(self) -> np.ndarray:
        """Evaluation rows, which the scores are computed on: the test rows or, without them, the training rows."""
        return self.train if self.test is None else self.test

    @property
    def evaluation_name(self) -> str:
        """Name of the split that the evaluation rows are."""
        if self.test is None:
            return "training"
        return "validation" if self.test is self.validation else "test"

    def __str__(self) -> str:
        validation_count = 0 if self.validation is None else len(self.validation)
        # Scores of rows that were used in training need this remark.
        used = "" if self.evaluation_name == "test" else f" (the {self.evaluation_name} rows)"
        return f"{len(self.train)} train, {validation_count} validate, {len(self.evaluation)} evaluate{used}"


@dataclass(frozen=True)
class Plan:
    """The runs of a training in order.

    Attributes
    ----------
    runs
        One run, or one for each fold.
    refit
        The rows of the final network after cross-validation; None without one.
    is_cross_validation
        Whether the runs are folds.
    """

    runs: list[RowSplit]
    refit: RowSplit | None = None
    is_cross_validation: bool = False


def plan_runs(scheme: Scheme, target: Target, groups: Groups, seed: int | None) -> Plan:
    """Split the rows for each run of a scheme.

    Parameters
    ----------
    seed
        Seed of the estimator, used for splits without a seed.

    Raises
    ------
    InputError
        A split is not possible, leaves no rows on one side, or leaves a class without training rows.
    """
    rows = np.arange(len(target.y))
    if scheme.folds is not None:
        return _plan_folds(rows, _add_seed(scheme.folds, seed), target, groups)
    if scheme.test_split is None:
        return Plan([RowSplit(rows)])
    test_split = _add_seed(scheme.test_split, seed)
    train, test = split_together(rows, test_split, list_strata(target), groups.first, groups.together)
    if scheme.validation_split is None:
        _refuse_unused_split(groups.first, test_split, "test", "the scheme Train, Validate and Test")
        row_split = RowSplit(train, test, test)
    else:
        validation_split = _add_seed(scheme.validation_split, seed)
        train, validation = _split_validation(train, test_split, validation_split, target, groups)
        row_split = RowSplit(train, validation, test)
    _check_classes(test_split.name, row_split, target)
    return Plan([row_split])


def list_strata(target: Target) -> Strata | None:
    """Return the class of each row, or the combination of classes of several targets; None without classes."""
    if target.strata is None:
        return None
    if not target.outputs:
        return Strata(target.strata, [str(label) for label in target.classes])
    # In the order in which Target.strata numbers them.
    combinations = np.unique(target.y, axis=0)
    labels = [
        ", ".join(
            f"{output.title} {output.classes[i]}" for output, i in zip(target.outputs, class_indices, strict=True)
        )
        for class_indices in combinations
    ]
    return Strata(target.strata, labels)


def name_splits(row_split: RowSplit) -> dict[str, np.ndarray]:
    """Return the row numbers of each split by its name; one holdout for validation and test is listed once."""
    named = {"train": row_split.train, "validation": row_split.validation, "test": row_split.test}
    if row_split.test is row_split.validation:
        del named["test"]
    return {name: rows for name, rows in named.items() if rows is not None}


def name_split(plan: Plan, row_count: int) -> NamedColumns:
    """Return the split of each row, one column per run; a cell is empty if the run does not use the row."""
    columns: NamedColumns = [("row", np.arange(1, row_count + 1))]
    for number, row_split in enumerate(plan.runs, start=1):
        split_of_row = np.full(row_count, "", dtype=object)
        for name, rows in name_splits(row_split).items():
            split_of_row[rows] = name
        columns.append((f"fold_{number}" if plan.is_cross_validation else "part", split_of_row))
    return columns


def _split_validation(
    rest: np.ndarray, test_split: SplitChoice, split: SplitChoice, target: Target, groups: Groups
) -> tuple[np.ndarray, np.ndarray]:
    """Split the rows outside the test holdout into training and validation rows."""
    # The column of the test holdout also serves the validation holdout if both use the same method.
    is_shared = groups.validation is None and split.method == test_split.method
    if not is_shared:
        _refuse_unused_split(groups.first, test_split, "validation", "a validation holdout by the same column")
    column = groups.first if is_shared else groups.validation
    train, validation = split_together(rest, split, list_strata(target), column, groups.together)
    if groups.validation is not None:
        _refuse_unused_split(groups.validation[rest], split, "test", "train or validation")
    return train, validation


def _plan_folds(rows: np.ndarray, choice: FoldChoice, target: Target, groups: Groups) -> Plan:
    strata = list_strata(target)
    split = _make_validation_splitter(choice, strata, groups)
    runs = []
    folds = split_folds_together(len(rows), choice, strata, groups.first, groups.together)
    for number, (train, test) in enumerate(folds, start=1):
        row_split = RowSplit(*split(train), test)
        _check_classes(f"{NAME}, fold {number}", row_split, target)
        runs.append(row_split)
    return Plan(runs, RowSplit(*split(rows)) if choice.is_refitted else None, is_cross_validation=True)


def _make_validation_splitter(
    choice: FoldChoice, strata: Strata | None, groups: Groups
) -> Callable[[np.ndarray], tuple[np.ndarray, np.ndarray | None]]:
    """Return a function that splits row numbers into training rows and validation rows, or None without them."""
    validation_split = choice.validation_split

    def split(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
        if validation_split is None:
            return rows, None
        return split_together(rows, validation_split, strata, groups.first, groups.together)

    return split


def _add_seed(choice: Choice, seed: int | None) -> Choice:
    return choice if choice.seed is not None else replace(choice, seed=seed)


def _refuse_unused_split(groups: np.ndarray | None, split: SplitChoice, split_name: str, expected: str) -> None:
    """Refuse rows that a split column assigns to a split that the scheme does not use."""
    if groups is None or split.method != "column":
        return
    if split_name in {SPLIT_NAMES[str(value).lower()] for value in groups}:
        raise InputError(
            f"{split.name}, split column: found {split_name} rows, which are not used; expected {expected}"
        )


def _check_classes(name: str, row_split: RowSplit, target: Target) -> None:
    """Refuse a class without training rows: the network cannot learn it, and the scores would not show why."""
    for one in target.each:
        if one.strata is None:
            continue
        classes = np.unique(one.strata[row_split.train])
        for holdout in (row_split.validation, row_split.test):
            if holdout is None:
                continue
            missing = np.setdiff1d(one.strata[holdout], classes)
            if len(missing):
                count = np.count_nonzero(one.strata[holdout] == missing[0])
                of_target = f" of {show(one.title)}" if one.title else ""
                label = quote(str(one.classes[missing[0]]))
                raise InputError(
                    f"{name}: found the class {label}{of_target} only outside the training rows ({count}); "
                    "expected every class among the training rows (a stratified split keeps the class proportions)"
                )
