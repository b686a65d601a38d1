"""Predict samples in blocks and write the table, so that memory does not depend on the number of rows."""

import math
import time
from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np

from galaxy_keras.data.tables import open_table
from galaxy_keras.errors import InputError
from galaxy_keras.estimator.predictions import check_numbers, NamedColumns
from galaxy_keras.log import put_first
from galaxy_keras.messages import quote
from galaxy_keras.network.batches import predict_rows
from galaxy_keras.network.inputs import fit_columns, fit_features
from galaxy_keras.progress import Progress
from prediction.sample_blocks import Block, FastaSamples, Samples

# Maximum number of features and of outputs per block: 4 million float32 numbers need 16 MB.
NUMBERS_PER_BLOCK = 4_000_000
ROWS_PER_BLOCK = 65_536
# Maximum number of outputs of all layers per batch, and limits of the batch size. Larger batches are faster while they
# fit into the processor's cache.
NUMBERS_PER_BATCH = 16_000_000
MIN_BATCH, MAX_BATCH = 32, 4096


def predict_samples(
    model: keras.Model,
    samples: Samples,
    name_outputs: Callable[[np.ndarray], NamedColumns],
    path: Path,
    table: str,
    *,
    averages_strands: bool = False,
) -> None:
    """Predict all samples and write the table.

    If an error occurs, no file is written.

    Parameters
    ----------
    name_outputs
        Converts the network's outputs, shape (n_samples, n_outputs), to the columns of the result.
    table
        Name of the samples in messages.
    averages_strands
        Whether outputs for sequences are means over the sequence and its reverse complement.

    Raises
    ------
    InputError
        The samples do not match the network, or an output is not finite.
    """
    if not isinstance(samples, FastaSamples):
        fit_columns(model, samples.column_count, table, samples.source)
    batch_size = choose_batch_size(model, samples.column_count)
    started, done = time.perf_counter(), 0
    progress = Progress(samples.row_count, "rows predicted")
    with open_table(path) as write:
        for block in samples.read(choose_block_rows(model, samples.column_count)):
            write(predict_block(model, block, name_outputs, batch_size, averages_strands=averages_strands))
            done += block.features.row_count
            progress.advance(block.features.row_count)
    put_first(f"{done} rows predicted in {time.perf_counter() - started:.1f} s, {batch_size} at a time")


def predict_block(
    model: keras.Model,
    block: Block,
    name_outputs: Callable[[np.ndarray], NamedColumns],
    batch_size: int,
    *,
    averages_strands: bool = False,
) -> NamedColumns:
    """Return the columns of the result for a block of rows."""
    inputs = fit_features(model, block.features)
    rows = np.arange(block.features.row_count)
    outputs = predict_rows(model, inputs, rows, batch_size)
    if averages_strands:
        # Row n + i is the reverse complement of row i.
        outputs = (outputs + predict_rows(model, inputs, rows + len(rows), batch_size)) / 2
    check_numbers(outputs, block.features.first_row)
    columns = [*block.identifiers, *name_outputs(outputs)]
    names = [name for name, _ in columns]
    twice = next((name for name, _ in block.identifiers if names.count(name) > 1), None)
    if twice is not None:
        raise InputError(
            f"identifiers: found the column {quote(twice)}, but the result has a column of that name; expected "
            "another name"
        )
    return columns


def choose_batch_size(model: keras.Model, column_count: int) -> int:
    """Choose the number of rows per batch: a power of two that limits the total size of the layers' outputs."""
    largest = max(MIN_BATCH, NUMBERS_PER_BATCH // _count_numbers(model, column_count))
    return min(MAX_BATCH, 2 ** int(math.log2(largest)))


def choose_block_rows(model: keras.Model, column_count: int) -> int:
    """Choose the number of rows that are read, predicted and written at a time."""
    outputs = sum(_count(tensor, column_count) for tensor in model.outputs)
    return min(ROWS_PER_BLOCK, max(1, NUMBERS_PER_BLOCK // max(column_count, outputs)))


def _count_numbers(model: keras.Model, column_count: int) -> int:
    """Return the number of outputs of all layers per row."""
    # A layer that is used several times does not have the attribute.
    outputs = keras.tree.flatten([getattr(layer, "output", []) for layer in model.layers])
    return max(1, sum(_count(tensor, column_count) for tensor in outputs))


def _count(tensor: keras.KerasTensor, column_count: int) -> int:
    # A variable size is the number of input columns.
    return math.prod(column_count if size is None else size for size in tensor.shape[1:])
