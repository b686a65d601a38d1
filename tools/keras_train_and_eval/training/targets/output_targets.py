"""Assign the target columns of a table to the outputs of a network."""

from collections.abc import Sequence
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
    """Determine the kind of a target for an estimator's network and encode it.

    Outputs of real numbers, or of probabilities of independent labels, share one target, whose columns they take from
    left to right. Other outputs have one target each: a column of labels, or one 0/1 column per unit.

    Parameters
    ----------
    table
        The target columns.
    has_header
        Whether the form declares row 1 a header.

    Raises
    ------
    InputError
        As for :func:`targets.read_target`, or the number of columns does not fit the outputs.
    """
    if estimator.task == "regression" or len(name_output_layers(estimator.architecture)) == 1:
        return read_target(table, estimator.task, has_header)
    outputs = read_outputs(build_skeleton(estimator.architecture))
    is_exclusive = estimator.loss.name in (*INTEGER_LOSSES, *ONE_HOT_LOSSES)
    if all(output.is_independent for output in outputs) and not is_exclusive and holds_flags(table):
        return read_target(table, estimator.task, has_header)
    targets = tuple(
        _read_output_target(table.iloc[:, columns], output, has_header)
        for columns, output in zip(_assign_columns(table, outputs), outputs, strict=True)
    )
    class_indices = np.column_stack([target.y for target in targets])
    return Target("multi_output", [], [str(name) for name in table.columns], class_indices, table, targets)


def _assign_columns(table: pd.DataFrame, outputs: Sequence[Output]) -> list[range]:
    """Return the column positions of each output: one per output, or one per unit."""
    count = table.shape[1]
    # The layers of a network with several outputs are built, so that their units are known.
    units = [output.units for output in outputs if output.units is not None]
    sizes = [1] * len(outputs) if count == len(outputs) else units
    if count != sum(sizes):
        listed = " and ".join(str(number) for number in units)
        raise InputError(
            f"{TARGET}: found {pluralize(count, 'column')} for a network with {len(outputs)} outputs "
            f"({listed} units); expected {len(outputs)} columns of labels, one per output, or {sum(units)} 0/1 "
            "columns, one per unit"
        )
    ends = np.cumsum(sizes).tolist()
    return [range(end - size, end) for end, size in zip(ends, sizes, strict=True)]


def _read_output_target(table: pd.DataFrame, output: Output, has_header: bool) -> Target:
    target = read_target(table, "classification", has_header)
    if target.kind == "multilabel":
        row = int((target.y.sum(axis=1) != 1).argmax())
        raise InputError(
            f"{TARGET}, columns {list_some(target.names)}, sample {row + 1}: found "
            f"{int(target.y[row].sum())} of the classes of the output {output.name}; expected exactly one"
        )
    return replace(target, title=target.names[0] if len(target.names) == 1 else output.name)
