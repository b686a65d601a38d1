"""Targets of a network with several outputs: which columns of the table each output learns."""

from dataclasses import replace

import numpy as np
import pandas as pd

from galaxy_keras.catalog.losses_and_metrics import INTEGER_LOSSES, ONE_HOT_LOSSES
from galaxy_keras.errors import InputError
from galaxy_keras.estimator.contents import Estimator
from galaxy_keras.messages import list_some, pluralize
from galaxy_keras.network.architecture import build_skeleton
from galaxy_keras.network.outputs import name_output_layers, Output, read_outputs
from training.targets.targets import holds_flags, read_target, TARGET, Target


def read_targets(table: pd.DataFrame, estimator: Estimator, has_header: bool) -> Target:
    """Find out what a target table holds for an estimator's network, and encode it.

    ``has_header`` is what the form says about the table.

    Outputs that give real numbers, or probabilities of labels that do not exclude each other, share one target, whose
    columns go to them from left to right. Others have a target each: a column of labels, or a 0/1 column for each of
    their units.

    Raises
    ------
    InputError
        As :func:`targets.read_target`, or a number of columns that fits the outputs in neither way.
    """
    if estimator.task == "regression" or len(name_output_layers(estimator.architecture)) == 1:
        return read_target(table, estimator.task, has_header)
    output_layers = read_outputs(build_skeleton(estimator.architecture))
    excludes = estimator.loss.name in (*INTEGER_LOSSES, *ONE_HOT_LOSSES)
    if all(output.is_independent for output in output_layers) and not excludes and holds_flags(table):
        return read_target(table, estimator.task, has_header)
    targets = tuple(
        _read_target_of_output(table.iloc[:, columns], output, has_header)
        for columns, output in zip(_assign_columns(table, output_layers), output_layers, strict=True)
    )
    class_indices = np.column_stack([target.y for target in targets])
    return Target("multi_output", [], [str(name) for name in table.columns], class_indices, table, targets)


def _assign_columns(table: pd.DataFrame, output_layers: list[Output]) -> list[range]:
    """Give the columns of each output: one each, or as many as it has units."""
    count, units = table.shape[1], [output.units for output in output_layers]
    sizes = [1] * len(output_layers) if count == len(output_layers) else units
    if count != sum(sizes):
        listed = " and ".join(str(number) for number in units)
        raise InputError(
            f"{TARGET}: found {pluralize(count, 'column')} for a network with {len(output_layers)} outputs "
            f"({listed} units); expected {len(output_layers)} columns of labels, one for each output, or "
            f"{sum(units)} 0/1 columns, one for each unit"
        )
    ends = np.cumsum(sizes)
    return [range(end - size, end) for end, size in zip(ends, sizes, strict=True)]


def _read_target_of_output(table: pd.DataFrame, output: Output, has_header: bool) -> Target:
    target = read_target(table, "classification", has_header)
    if target.kind == "multilabel":
        row = int((target.y.sum(axis=1) != 1).argmax())
        raise InputError(
            f"{TARGET}, columns {list_some(target.names)}, sample {row + 1}: found "
            f"{int(target.y[row].sum())} of the classes of the output {output.name}; expected exactly one"
        )
    return replace(target, title=target.names[0] if len(target.names) == 1 else output.name)
