"""Plot the scores of a recursive feature elimination."""

import ast
import itertools

import numpy as np
import pandas as pd

from galaxy_keras.errors import InputError
from galaxy_keras.messages import quote
from galaxy_keras.plots.charts import Chart, EMPHASIS, Panel, Plot, Series

# Column names in the results of scikit-learn's RFECV.
FEATURE_COUNTS = "n_features"
# Limits of the field: characters, and the largest number of features.
STEPS_LENGTH = 1_000_000
MAX_STEP = 10**9


def plot_feature_elimination(table: pd.DataFrame, title: str, steps: str) -> Plot:
    """Plot the scores of a recursive feature elimination, starting with the fewest features.

    Parameters
    ----------
    table
        Scores in the first column or in ``mean_test_score``; optionally numbers of features in ``n_features``.
    steps
        Text of the form: a list with one entry per row. Numbers are numbers of features; text labels the points.
    """
    scores = table["mean_test_score"] if "mean_test_score" in table else table.iloc[:, 0]
    if scores.isna().all():
        raise InputError("scores of the feature elimination: the scores contain no number; expected at least one")
    entries = _read_steps(steps, len(table))
    counts, hover = None, None
    if entries and all(isinstance(entry, int) for entry in entries):
        counts = np.array(entries)
    elif entries:
        hover = [str(entry) for entry in entries]
    if counts is None and FEATURE_COUNTS in table:
        counts = table[FEATURE_COUNTS].to_numpy()
    label = "Number of features selected" if counts is not None else "Step, the fewest features first"
    x = counts if counts is not None else np.arange(1, len(table) + 1)
    errors = table["std_test_score"] if "std_test_score" in table else None
    line = Series(x, scores, color=0, marker="o", error=errors, hover=hover)
    best = int(np.nanargmax(scores))
    star = Series(x[best : best + 1], scores.iloc[best : best + 1], "highest score", "points", EMPHASIS, marker="*")
    numbers = pd.DataFrame({"n_features" if counts is not None else "step": x, "score": scores.to_numpy()})
    if hover:
        numbers["label"] = hover
    note = f"Highest score: {scores.iloc[best]:.4g} at {'step ' if counts is None else ''}{x[best]:g}"
    note += " features" if counts is not None else ""
    return Plot(numbers, Chart(title, [Panel(label, "Score", [line, star], whole_x=True)]), [note])


def _read_steps(text: str, count: int) -> list[object]:
    """Parse a list or a range of numbers."""
    if not text.strip():
        return []
    expected = f"a list with {count} entries, such as [1, 2, 3], or range(1, {count + 1})"
    try:
        if len(text) > STEPS_LENGTH:
            raise ValueError
        node = ast.parse(text.strip(), mode="eval").body
        # list(range(…)) is the same as range(…).
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "list" and len(node.args) == 1:
            node = node.args[0]
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "range":
            steps = range(*(ast.literal_eval(argument) for argument in node.args))
            entries: list[object] = list(itertools.islice(steps, count + 1))
        else:
            entries = list(ast.literal_eval(node))
        if any(isinstance(entry, int) and abs(entry) > MAX_STEP for entry in entries):
            raise ValueError
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        raise InputError(f"steps: found {quote(text)}; expected {expected}") from None
    if len(entries) != count:
        found = f"{len(entries)} entries" if len(entries) <= count else f"more than {count} entries"
        raise InputError(f"steps: found {found}; expected {expected}, as the table has rows")
    return entries
