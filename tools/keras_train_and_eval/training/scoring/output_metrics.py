"""Names of losses, metrics and scores if there are several targets: one per target, and their mean."""

from collections.abc import Iterable

import numpy as np

from galaxy_keras.catalog.callbacks import VALIDATION_PREFIX
from galaxy_keras.errors import InputError
from galaxy_keras.network.inner_names import to_shown
from training.targets.targets import TARGET, Target

# Keras derives names of variables from output names, for which the name of a column may not be valid.
KEY = "output_{}"
# Name of the metric that computes the loss of an output; see :class:`compiling.RowLoss`. Users' metrics cannot have it.
ROW_LOSS = "row>loss"


def name_keys(target: Target) -> list[str]:
    """Return Keras' names of the outputs of several targets, in their order."""
    return [KEY.format(number) for number in range(1, len(target.outputs) + 1)]


def join_measures(each: dict[str, dict[str, float]]) -> dict[str, float]:
    """Join the metrics of several targets.

    Parameters
    ----------
    each
        Metrics by name, by the titles of the targets; the same names for each.

    Returns
    -------
    dict
        The mean over the targets as ``name``, then the metrics of each target as ``title_name``.
    """
    names = next(iter(each.values()))
    means = {name: float(np.mean([measures[name] for measures in each.values()])) for name in names}
    of_targets = {f"{title}_{name}": value for title, measures in each.items() for name, value in measures.items()}
    return {**means, **of_targets}


def name_measures(measures: dict[str, float], target: Target, columns: Iterable[str]) -> dict[str, float]:
    """Return metrics by the user's names; those of several outputs by their targets, see :func:`join_measures`.

    Parameters
    ----------
    measures
        Loss and metrics by Keras' names, including those of validation rows. The loss is the sum over the targets.
    columns
        Names of the metrics.
    """
    measures = {to_shown(name): value for name, value in measures.items()}
    if not target.outputs:
        return measures
    named = {}
    for prefix in ("", VALIDATION_PREFIX):
        if f"{prefix}loss" in measures:
            each = {
                output.title: {
                    "loss": measures[f"{prefix}{key}_{ROW_LOSS}"],
                    **{column: measures[f"{prefix}{key}_{column}"] for column in columns},
                }
                for key, output in zip(name_keys(target), target.outputs, strict=True)
            }
            joined = {**join_measures(each), "loss": measures[f"{prefix}loss"]}
            named.update({f"{prefix}{name}": value for name, value in joined.items()})
    return named


def check_names(target: Target, measures: Iterable[str]) -> None:
    """Refuse target names with which two metrics would have the same name.

    Parameters
    ----------
    measures
        Names of the loss, the metrics and the scores.

    Raises
    ------
    InputError
        Two metrics would have the same name.
    """
    names = list(dict.fromkeys(measures))
    named = [*names, *(f"{output.title}_{name}" for output in target.outputs for name in names)]
    everything = [*named, *(f"{VALIDATION_PREFIX}{name}" for name in named)]
    duplicate = next((name for name in everything if everything.count(name) > 1), None)
    if duplicate is not None:
        titles = ", ".join(output.title for output in target.outputs)
        raise InputError(
            f"{TARGET}: found the target names {titles}, with which two metrics would have the name {duplicate}; "
            "expected other names"
        )
