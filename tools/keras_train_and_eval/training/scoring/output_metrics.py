"""Losses, metrics and scores of several targets: each under its target's name, and their mean."""

from collections.abc import Iterable

import numpy as np

from galaxy_keras.catalog.callbacks import HELD_OUT
from galaxy_keras.errors import InputError
from galaxy_keras.network.inner_names import to_shown
from training.targets.targets import TARGET, Target

# Keras makes names of variables of them, which a column's name could not be.
KEY = "output_{}"
# No metric of a user has the inner name. The metric that holds an output's loss; see :class:`compiling.RowLoss`.
ROW_LOSS = "row>loss"


def name_keys(target: Target) -> list[str]:
    """Give the names by which Keras knows the outputs of several targets, in their order."""
    return [KEY.format(number) for number in range(1, len(target.outputs) + 1)]


def join_measures(each: dict[str, dict[str, float]]) -> dict[str, float]:
    """Put measures of several targets together.

    Parameters
    ----------
    each
        Measures by name, by the targets' titles; the same for each.

    Returns
    -------
    dict
        The mean over the targets by the measures' own names, then each target's as ``title_name``.
    """
    names = next(iter(each.values()))
    means = {name: float(np.mean([measures[name] for measures in each.values()])) for name in names}
    own = {f"{title}_{name}": value for title, measures in each.items() for name, value in measures.items()}
    return {**means, **own}


def name_measures(measures: dict[str, float], target: Target, columns: Iterable[str]) -> dict[str, float]:
    """Return measures under the user's names, those of several outputs by their targets; see :func:`join_measures`.

    Parameters
    ----------
    measures
        As Keras names them, those of validation rows too if there are any. The loss is the sum over the targets.
    columns
        Of the metrics.
    """
    measures = {to_shown(name): value for name, value in measures.items()}
    if not target.outputs:
        return measures
    named = {}
    for before in ("", HELD_OUT):
        if f"{before}loss" in measures:
            each = {
                output.title: {
                    "loss": measures[f"{before}{key}_{ROW_LOSS}"],
                    **{column: measures[f"{before}{key}_{column}"] for column in columns},
                }
                for key, output in zip(name_keys(target), target.outputs, strict=True)
            }
            joined = {**join_measures(each), "loss": measures[f"{before}loss"]}
            named.update({f"{before}{name}": value for name, value in joined.items()})
    return named


def check_names(target: Target, measures: Iterable[str]) -> None:
    """Refuse columns of the target by whose names two measures, or one of watched rows and another, were the same.

    Parameters
    ----------
    measures
        Names of loss, metrics and scores.
    """
    names = list(dict.fromkeys(measures))
    named = [*names, *(f"{output.title}_{name}" for output in target.outputs for name in names)]
    everything = [*named, *(f"{HELD_OUT}{name}" for name in named)]
    twice = next((name for name in everything if everything.count(name) > 1), None)
    if twice is not None:
        titles = ", ".join(output.title for output in target.outputs)
        raise InputError(
            f"{TARGET}: found the outputs' targets {titles}, by which {twice} would stand for two measures; expected "
            "other names"
        )
