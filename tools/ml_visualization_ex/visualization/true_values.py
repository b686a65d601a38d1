"""Read true labels or values in the form of the predictions of a fitted network."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from galaxy_keras.data.table_cells import read_flags
from galaxy_keras.data.tables import read_columns, TableSource
from galaxy_keras.errors import InputError
from galaxy_keras.estimator.fitted_network import FittedNetwork
from galaxy_keras.log import say
from galaxy_keras.messages import list_some
from galaxy_keras.plots.class_labels import to_text
from galaxy_keras.plots.measure_tables import to_numbers


def read_truth(network: FittedNetwork, source: TableSource) -> np.ndarray:
    """Read true values in the form of the predictions.

    Returns
    -------
    ndarray
        Class indices, shape (n_samples,); 0 or 1 per label, or real numbers, shape (n_samples, n_targets).

    Raises
    ------
    InputError
        The table contains unknown labels, or other columns than those that the estimator predicts.
    """
    table, fitted = read_columns(source), network.fitted
    if fitted.target_kind not in ("labels", "one_hot"):
        return _read_numbers(_find_columns(table, fitted.target_names, source), source)
    classes = [str(label) for label in fitted.classes]
    if fitted.target_kind == "one_hot" and (table.shape[1] == len(classes) or set(classes) <= set(table.columns)):
        return _read_flags(_find_columns(table, classes, source), source)
    return _find_positions(table.iloc[:, -1].to_numpy(dtype=object), fitted.classes, source)


def _find_columns(table: pd.DataFrame, names: Sequence[str], source: TableSource) -> pd.DataFrame:
    """Return the column of each target by name, or by position if the table or the estimator has no names."""
    names = list(names)
    found = table[names] if set(names) <= set(table.columns) else table
    if found.shape[1] != len(names):
        raise InputError(
            f"{source.name}: found {found.shape[1]} columns; expected the {len(names)} that the estimator predicts: "
            f"{list_some(names)}"
        )
    if found is table and len(names) > 1:
        if source.has_header and names != [str(number) for number in range(len(names))]:
            raise InputError(
                f"{source.name}: found the columns {list_some(table.columns)}; expected the names of those that the "
                f"estimator predicts: {list_some(names)}"
            )
        say(f"The columns of the {source.name} are used in this order: {list_some(names)}")
    return found


def _read_numbers(table: pd.DataFrame, source: TableSource) -> np.ndarray:
    return table.apply(read_flags).apply(to_numbers, name=source.name, has_header=source.has_header).to_numpy()


def _read_flags(table: pd.DataFrame, source: TableSource) -> np.ndarray:
    """Read one column of 0 and 1 per class, and return the class index of each row."""
    flags = _read_numbers(table, source)
    wrong = np.flatnonzero(~np.isin(flags, (0, 1)).all(axis=1) | (flags.sum(axis=1) != 1))
    if len(wrong):
        raise InputError(
            f"{source.name}, row {wrong[0] + 1 + source.has_header}: found {list_some(flags[wrong[0]].tolist())}; "
            "expected 1 in the column of the class and 0 in all others"
        )
    return flags.argmax(axis=1)


def _find_positions(labels: np.ndarray, classes: Sequence[object], source: TableSource) -> np.ndarray:
    # Text is compared literally: 01 and 1 may be two classes. 1.0 equals 1.
    labels, names = labels.astype(str), [str(label) for label in classes]
    if not set(labels) <= set(names):
        labels, names = to_text(labels), to_text(np.array(names, dtype=object)).tolist()
    unknown = sorted(set(labels.tolist()) - set(names))
    if unknown:
        raise InputError(f"{source.name}: found {list_some(unknown, 3)}; expected labels of {list_some(names, 3)}")
    places = {label: place for place, label in enumerate(names)}
    return np.array([places[label] for label in labels.tolist()])
