"""Schemes: how often a network is trained, and on which rows it learns, is watched and is scored."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from galaxy_keras.errors import InputError
from galaxy_keras.estimator.predictions import NamedColumns
from galaxy_keras.messages import quote, show
from training.splits.folds import FoldChoice, NAME, split_folds
from training.splits.holdouts import SPLIT_NAMES, split_rows, SplitChoice, Strata
from training.targets.targets import Target


@dataclass(frozen=True)
class Scheme:
    """A scheme of the form; all None trains on every row.

    Attributes
    ----------
    test_split
        The holdout that the scores are computed on.
    validation_split
        The rows that are watched during training, cut from what ``test_split`` leaves; None where the first holdout
        serves for both.
    folds
        Cross-validation, in place of holdouts.
    """

    test_split: SplitChoice | None = None
    validation_split: SplitChoice | None = None
    folds: FoldChoice | None = None


@dataclass(frozen=True)
class Groups:
    """Group or part of every row, where a split needs it.

    Attributes
    ----------
    first
        For the first holdout or the folds.
    validation
        For the validation holdout alone; None lets it share those of the test holdout.
    """

    first: np.ndarray | None = None
    validation: np.ndarray | None = None


@dataclass(frozen=True)
class RowSplit:
    """Row numbers of the parts of a table.

    Attributes
    ----------
    train
        What the network learns from.
    validation
        What is watched during training; None where nothing is.
    test
        What the scores are of: ``validation`` itself where a scheme has no rows of its own for it, and None where
        nothing is held out.
    """

    train: np.ndarray
    validation: np.ndarray | None = None
    test: np.ndarray | None = None

    @property
    def scored(self) -> np.ndarray:
        """The rows that the scores are of: the training rows themselves where nothing is held out."""
        return self.train if self.test is None else self.test

    @property
    def scored_name(self) -> str:
        """What these rows are called."""
        if self.test is None:
            return "training"
        return "validation" if self.test is self.validation else "test"

    def __str__(self) -> str:
        watched = 0 if self.validation is None else len(self.validation)
        # Whoever reads the scores must know of rows that the training has seen.
        seen = "" if self.scored_name == "test" else f" (the {self.scored_name} rows)"
        return f"{len(self.train)} train, {watched} validate, {len(self.scored)} evaluate{seen}"


@dataclass(frozen=True)
class Plan:
    """What is trained, in order.

    Attributes
    ----------
    rounds
        One, or one for each fold.
    refit
        The rows of a last network after cross-validation; None without one.
    is_crossed
        Whether the rounds are folds.
    """

    runs: list[RowSplit]
    refit: RowSplit | None = None
    is_crossed: bool = False


def plan_runs(scheme: Scheme, target: Target, groups: Groups, seed: int | None) -> Plan:
    """Split the rows as a scheme says; a split without a seed of its own takes the estimator's.

    Raises
    ------
    InputError
        A split that cannot be made, that leaves a part empty, or that leaves a class to held-out rows only.
    """
    rows = np.arange(len(target.y))
    if scheme.folds is not None:
        return _plan_folds(rows, scheme.folds, target, groups.first, seed)
    if scheme.test_split is None:
        return Plan([RowSplit(rows)])
    test_split, validation_split = scheme.test_split, scheme.validation_split
    train, test = split_rows(rows, _seeded(test_split, seed), list_strata(target), groups.first)
    if validation_split is None:
        _refuse_other_split(groups.first, test_split, "test", "the scheme Train, Validate and Test")
        row_split = RowSplit(train, test, test)
    else:
        row_split = RowSplit(*_split_rest(train, scheme, target, groups, seed), test)
    _check_classes(test_split.name, row_split, target)
    return Plan([row_split])


def list_strata(target: Target) -> Strata | None:
    """Return the class of each row, or the combination of classes of several targets; None without classes."""
    if target.strata is None:
        return None
    if not target.outputs:
        return Strata(target.strata, [str(label) for label in target.classes])
    # In the order in which Target.strata counts them.
    combinations = np.unique(target.y, axis=0)
    labels = [
        ", ".join(
            f"{output.title} {output.classes[place]}" for output, place in zip(target.outputs, places, strict=True)
        )
        for places in combinations
    ]
    return Strata(target.strata, labels)


def name_splits(row_split: RowSplit) -> dict[str, np.ndarray]:
    """Give the rows of each part under its name; rows that are watched and scored stand there once."""
    named = {"train": row_split.train, "validation": row_split.validation, "test": row_split.test}
    if row_split.test is row_split.validation:
        del named["test"]
    return {name: rows for name, rows in named.items() if rows is not None}


def name_split(plan: Plan, row_count: int) -> NamedColumns:
    """Give the part of each row, one column for the only round or one for each fold; empty where a row has none."""
    columns: NamedColumns = [("row", np.arange(1, row_count + 1))]
    for number, row_split in enumerate(plan.runs, start=1):
        names = np.full(row_count, "", dtype=object)
        for name, rows in name_splits(row_split).items():
            names[rows] = name
        columns.append((f"fold_{number}" if plan.is_crossed else "part", names))
    return columns


def _split_rest(
    rest: np.ndarray, scheme: Scheme, target: Target, groups: Groups, seed: int | None
) -> tuple[np.ndarray, np.ndarray]:
    """Split what the test holdout leaves into training and validation rows."""
    test_split, split = scheme.test_split, scheme.validation_split
    # Its groups or parts are those of the test holdout's column, if that is a column of such and it has none itself.
    own = groups.validation
    is_shared = own is None and split.method == test_split.method
    if not is_shared:
        _refuse_other_split(groups.first, test_split, "validation", "the validation holdout by the same column")
    train, validation = split_rows(rest, _seeded(split, seed), list_strata(target), groups.first if is_shared else own)
    if own is not None:
        _refuse_other_split(own[rest], split, "test", "train or validation")
    return train, validation


def _plan_folds(
    rows: np.ndarray, choice: FoldChoice, target: Target, groups: np.ndarray | None, seed: int | None
) -> Plan:
    choice = _seeded(choice, seed)
    watch, strata = choice.validation_split, list_strata(target)

    def cut(train: np.ndarray) -> Sequence[np.ndarray | None]:
        return (train, None) if watch is None else split_rows(train, watch, strata, groups)

    runs = []
    for number, (train, test) in enumerate(split_folds(len(rows), choice, strata, groups), start=1):
        row_split = RowSplit(*cut(train), test)
        _check_classes(f"{NAME}, fold {number}", row_split, target)
        runs.append(row_split)
    return Plan(runs, RowSplit(*cut(rows)) if choice.is_refitted else None, is_crossed=True)


def _seeded(choice, seed: int | None):
    return choice if choice.seed is not None else replace(choice, seed=seed)


def _refuse_other_split(groups: np.ndarray | None, split: SplitChoice, split_name: str, expected: str) -> None:
    if split.method == "column" and split_name in {SPLIT_NAMES[str(group).lower()] for group in groups}:
        raise InputError(f"{split.name}, column of parts: found {split_name} rows; expected {expected} for them")


def _check_classes(name: str, row_split: RowSplit, target: Target) -> None:
    """Refuse a class that no training row has: the network cannot learn it, and the scores would not say so."""
    for one in target.each:
        if one.strata is None:
            continue
        learnt = np.unique(one.strata[row_split.train])
        for held in (row_split.validation, row_split.test):
            missing = [] if held is None else np.setdiff1d(one.strata[held], learnt)
            if len(missing):
                count = np.count_nonzero(one.strata[held] == missing[0])
                of_target = f" of {show(one.title)}" if one.title else ""
                label = quote(str(one.classes[missing[0]]))
                raise InputError(
                    f"{name}: found the class {label}{of_target} in held-out rows only ({count}); "
                    "expected every class among the training rows (a stratified split keeps the share of each)"
                )
