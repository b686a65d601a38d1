"""Targets of a network with several outputs: which columns of the table each output learns."""

from dataclasses import replace

import numpy as np
import pandas as pd

from galaxy_keras.catalog.losses_and_metrics import INTEGER_LOSSES, ONE_HOT_LOSSES
from galaxy_keras.errors import InputError
from galaxy_keras.estimator.contents import Estimator
from galaxy_keras.messages import list_some
from galaxy_keras.network.architecture import build_skeleton
from galaxy_keras.network.outputs import Head, name_output_layers, read_heads
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
    heads = read_heads(build_skeleton(estimator.architecture))
    excludes = estimator.loss.name in (*INTEGER_LOSSES, *ONE_HOT_LOSSES)
    if all(head.is_independent for head in heads) and not excludes and holds_flags(table):
        return read_target(table, estimator.task, has_header)
    targets = tuple(
        _read_target_of_head(table.iloc[:, columns], head, has_header)
        for columns, head in zip(_assign_columns(table, heads), heads, strict=True)
    )
    positions = np.column_stack([target.positions for target in targets])
    return Target("multi_output", [], [str(name) for name in table.columns], positions, table, targets)


def _assign_columns(table: pd.DataFrame, heads: list[Head]) -> list[range]:
    """Give the columns of each output: one each, or as many as it has units."""
    count, units = table.shape[1], [head.units for head in heads]
    sizes = [1] * len(heads) if count == len(heads) else units
    if count != sum(sizes):
        listed = " and ".join(str(number) for number in units)
        raise InputError(
            f"{TARGET}: found {count} column{'s' if count != 1 else ''} for a network with {len(heads)} outputs "
            f"({listed} units); expected {len(heads)} columns of labels, one for each output, or {sum(units)} 0/1 "
            "columns, one for each unit"
        )
    ends = np.cumsum(sizes)
    return [range(end - size, end) for end, size in zip(ends, sizes, strict=True)]


def _read_target_of_head(table: pd.DataFrame, head: Head, has_header: bool) -> Target:
    target = read_target(table, "classification", has_header)
    if target.kind == "multilabel":
        row = int((target.positions.sum(axis=1) != 1).argmax())
        raise InputError(
            f"{TARGET}, columns {list_some(target.names)}, sample {row + 1}: found "
            f"{int(target.positions[row].sum())} of the classes of the output {head.name}; expected exactly one"
        )
    return replace(target, title=target.names[0] if len(target.names) == 1 else head.name)
