"""Read class scores and true labels from two tables, and match them by the names of the classes if both have them."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from galaxy_keras.data.tables import read_columns, TableSource
from galaxy_keras.errors import InputError
from galaxy_keras.log import say
from galaxy_keras.messages import quote, show
from galaxy_keras.plots.class_labels import list_labels, normalize, sort_key, to_text
from galaxy_keras.plots.measure_tables import to_numbers

TRUE = "true labels"
SCORES = "predicted scores"
# Name of the column of predicted labels in tables of the training and prediction tools.
PREDICTED = "Predicted"
# Column of class names that the training tool writes after one-hot columns.
ONE_HOT_LABEL = "Label"


@dataclass(frozen=True)
class ScoredClass:
    """A class, or one of several labels, with its score in every row.

    Attributes
    ----------
    is_true
        Whether a row belongs to the class, shape (n_samples,), bool.
    scores
        Shape (n_samples,), float64; higher means more likely.
    other
        Name of the remaining rows.
    """

    name: str
    is_true: np.ndarray
    scores: np.ndarray
    other: str = "other"


@dataclass(frozen=True)
class ScoredClasses:
    """The classes of two tables.

    Attributes
    ----------
    classes
        The classes to plot.
    notes
        Sentences about omitted classes.
    is_complete
        Whether no class is omitted, so that averages are those of all classes.
    """

    classes: list[ScoredClass]
    notes: list[str]
    is_complete: bool = True


def read_scored_classes(
    true: TableSource, scores: TableSource, positive: str = "", least_positives: int = 0
) -> ScoredClasses:
    """Read true labels and scores of the same rows.

    A single column of labels yields one result per class against the rest. Of two classes, only the second one in order
    (or ``positive``) is used, because the first one would repeat it. Several columns are one label each.

    Parameters
    ----------
    true, scores
        Tables with a header. The column ``Predicted`` of the scores is not used.
    positive
        Label of the class to use, or several labels separated by commas; empty uses all classes.
    least_positives
        Classes with fewer rows are omitted.

    Raises
    ------
    InputError
        The tables do not match, or every class occurs in all rows or in none.
    """
    truth, table = read_columns(true), read_columns(scores)
    if len(truth) != len(table):
        raise InputError(f"{scores.name}: found {len(table)} rows; expected {len(truth)} as in the {true.name}")
    table = _drop_labels(table, truth, scores)
    if truth.shape[1] > 1 and truth.columns[-1] == ONE_HOT_LABEL and _is_flags(truth.iloc[:, :-1]):
        truth = truth.iloc[:, -1:]
    if truth.shape[1] == 1:
        found = list(_split_labels(truth.iloc[:, 0], table, positive.strip(), true, scores))
    else:
        found = list(_pair_columns(truth, table, positive.strip(), true, scores))
    return _leave_out(found, least_positives, true)


def _drop_labels(table: pd.DataFrame, truth: pd.DataFrame, source: TableSource) -> pd.DataFrame:
    """Remove the predicted labels, and refuse other columns that are not numbers."""
    if table.columns[-1] == PREDICTED and table.shape[1] > 1:
        table = table.iloc[:, :-1]
    elif table.columns[-1] == PREDICTED and _are_labels(table.iloc[:, 0], truth.iloc[:, -1]):
        raise InputError(
            f"{source.name}: found predicted labels only; expected a score or probability for each row "
            "(predict again with predict_proba)"
        )
    return table.apply(to_numbers, name=source.name)


def _are_labels(column: pd.Series, truth: pd.Series) -> bool:
    return set(to_text(column.to_numpy())) <= set(to_text(truth.to_numpy()))


def _is_flags(table: pd.DataFrame) -> bool:
    return bool(table.isin((0, 1)).to_numpy().all())


def _split_labels(
    column: pd.Series, table: pd.DataFrame, positive: str, true: TableSource, scores: TableSource
) -> Iterator[ScoredClass]:
    """Yield each class of one column of labels against the rest."""
    # Text is compared literally: 01 and 1 may be two classes.
    labels = to_text(column.to_numpy()) if column.dtype.kind in "if" else column.to_numpy(dtype=object).astype(str)
    classes = sorted(set(labels.tolist()), key=sort_key)
    if len(classes) == 1:
        raise InputError(f"{true.name}: found the label {quote(classes[0])} only; expected at least two classes")
    wanted = _find_labels(positive, classes, true) if positive else classes[1:] if len(classes) == 2 else classes
    by_class = _name_scores(table, classes, wanted, true, scores)
    for name in wanted:
        other = next(label for label in classes if label != name) if len(classes) == 2 else "other"
        yield ScoredClass(name, labels == name, by_class[name], other)


def _find_labels(typed: str, classes: list[str], true: TableSource) -> list[str]:
    """Return the label in a text field, which may itself contain commas, or several labels separated by commas."""

    def find(text: str) -> str:
        return text if text in classes else normalize(text)

    labels = [find(typed)] if find(typed) in classes else [find(part.strip()) for part in typed.split(",")]
    unknown = [label for label in labels if label not in classes]
    if unknown:
        raise InputError(
            f"positive label: found {quote(unknown[0])}; expected a label of the {true.name}: {list_labels(classes)}"
        )
    return list(dict.fromkeys(labels))


def _name_scores(
    table: pd.DataFrame, classes: list[str], wanted: list[str], true: TableSource, scores: TableSource
) -> dict[str, np.ndarray]:
    """Return the scores of each class: the column of its label, or the only column."""
    names, keys = [str(name) for name in table.columns], wanted
    if not set(keys) <= set(names):
        names, keys = [normalize(name) for name in names], [normalize(name) for name in wanted]
    if set(keys) <= set(names) and len(set(keys)) == len(keys):
        return {name: table.iloc[:, names.index(key)].to_numpy() for name, key in zip(wanted, keys, strict=True)}
    if table.shape[1] == 1 and len(wanted) == 1:
        return {wanted[0]: table.iloc[:, 0].to_numpy()}
    # Tables of other programs number their columns in the order of the classes.
    if names == [str(number) for number in range(len(classes))]:
        return {name: table.iloc[:, classes.index(name)].to_numpy() for name in wanted}
    raise InputError(
        f"{scores.name}: found the columns {list_labels(names)} for the {true.name} {list_labels(classes)}; expected a "
        "column of scores under each label, or one column for two classes"
    )


def _pair_columns(
    truth: pd.DataFrame, table: pd.DataFrame, positive: str, true: TableSource, scores: TableSource
) -> Iterator[ScoredClass]:
    """Yield several columns of labels, each with the scores of the same name or, failing that, the same position.

    ``positive`` is the positive label in each column, or else the names of the columns to use.
    """
    wanted = set(truth.columns)
    if positive and normalize(positive) not in to_text(truth.to_numpy(dtype=object).ravel()):
        wanted, positive = set(_find_labels(positive, [str(name) for name in truth.columns], true)), ""
    by_name = set(truth.columns) <= set(table.columns)
    if not by_name and table.shape[1] < truth.shape[1]:
        raise InputError(
            f"{scores.name}: found {table.shape[1]} columns of scores; expected {truth.shape[1]}, one for each column "
            f"of the {true.name}"
        )
    if not by_name and truth.shape[1] > 1:
        say(f"The columns of the {scores.name} are used in the order of the {true.name}: their names differ")
    for place, name in enumerate(truth.columns):
        if name not in wanted:
            continue
        labels = to_text(truth.iloc[:, place].to_numpy())
        classes = sorted(set(labels.tolist()), key=sort_key)
        if len(classes) > 2:
            raise InputError(
                f"{true.name}, column {show(str(name))}: found {len(classes)} labels ({list_labels(classes)}); "
                "expected two in each of several columns"
            )
        # In a column of zeros, the only label is the negative one.
        second = classes[1] if len(classes) == 2 else "1"
        column = table[name] if by_name else table.iloc[:, place]
        yield ScoredClass(str(name), labels == (normalize(positive) or second), column.to_numpy())


def _leave_out(classes: list[ScoredClass], least_positives: int, true: TableSource) -> ScoredClasses:
    """Omit classes that occur in all rows or in too few, with a note for each."""
    kept, notes = [], []
    for scored in classes:
        count = int(scored.is_true.sum())
        if count < max(1, least_positives) or count == len(scored.is_true):
            notes.append(f"Left out: {show(scored.name)}, which has {count} of {len(scored.is_true)} rows")
        else:
            kept.append(scored)
    if not kept:
        raise InputError(
            f"{true.name}: every class occurs in all rows or in fewer than {max(1, least_positives)}; expected "
            f"at least one class that does not ({'; '.join(notes[:3])})"
        )
    return ScoredClasses(kept, notes)
