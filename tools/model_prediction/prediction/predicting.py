"""The prediction itself: block by block through the network and into the table, in a memory that stays the same."""

import math
import time
from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np

from galaxy_keras.data.tables import open_table
from galaxy_keras.errors import InputError
from galaxy_keras.estimator.predictions import check_numbers, NamedColumns
from galaxy_keras.log import put_first, say_progress
from galaxy_keras.messages import quote
from galaxy_keras.network.batches import predict_rows
from galaxy_keras.network.inputs import fit_columns, fit_features
from galaxy_keras.progress import write_time
from prediction.sample_blocks import Block, Samples

# What a block may hold of features and of outputs, each: 4 million numbers take 16 MB.
NUMBERS_PER_BLOCK = 4_000_000
ROWS_PER_BLOCK = 65_536
# What all layers may give for a batch, and the bounds of its rows: more at a time is faster as far as it stays in the
# processor's reach.
NUMBERS_PER_BATCH = 16_000_000
SMALLEST_BATCH, LARGEST_BATCH = 32, 4096
SECONDS_BETWEEN_LINES = 10


def predict_samples(
    model: keras.Model, samples: Samples, name_outputs: Callable[[np.ndarray], NamedColumns], path: Path, table: str
) -> None:
    """Predict all samples and write the table, complete or not at all.

    Parameters
    ----------
    name_outputs
        Gives the result's columns for the network's outputs of some rows.
    table
        What messages call the samples.

    Raises
    ------
    InputError
        Samples that do not fit the network, or outputs that are no numbers.
    """
    fit_columns(model, samples.column_count, table, samples.source)
    batch_size = choose_batch_size(model, samples.column_count)
    started = said = time.perf_counter()
    done = 0
    with open_table(path) as write:
        for block in samples.read(choose_block_rows(model, samples.column_count)):
            write(predict_block(model, block, name_outputs, batch_size))
            done += block.features.row_count
            now = time.perf_counter()
            if now - said > SECONDS_BETWEEN_LINES and done < samples.row_count:
                said = now
                left = (now - started) / done * (samples.row_count - done)
                say_progress(f"{done:,} of {samples.row_count:,} rows predicted, {write_time(left)} left")
    put_first(f"{done} rows predicted in {time.perf_counter() - started:.1f} s, {batch_size} at a time")


def predict_block(
    model: keras.Model, block: Block, name_outputs: Callable[[np.ndarray], NamedColumns], batch_size: int
) -> NamedColumns:
    """Give the result's columns for a block of rows."""
    inputs = fit_features(model, block.features)
    outputs = predict_rows(model, inputs, np.arange(block.features.row_count), batch_size)
    check_numbers(outputs, block.features.first_row)
    columns = [*block.identifiers, *name_outputs(outputs)]
    names = [name for name, _ in columns]
    twice = next((name for name, _ in block.identifiers if names.count(name) > 1), None)
    if twice is not None:
        raise InputError(
            f"identifiers: found the column {quote(twice)}, which the result has already; expected other names in "
            "the result"
        )
    return columns


def choose_batch_size(model: keras.Model, column_count: int) -> int:
    """Choose how many rows go through the network at a time: a power of two that bounds what its layers give."""
    largest = max(SMALLEST_BATCH, NUMBERS_PER_BATCH // _count_numbers(model, column_count))
    return min(LARGEST_BATCH, 2 ** int(math.log2(largest)))


def choose_block_rows(model: keras.Model, column_count: int) -> int:
    """Choose how many rows are read, predicted and written before the next ones are read."""
    outputs = sum(_count(tensor, column_count) for tensor in model.outputs)
    return min(ROWS_PER_BLOCK, max(1, NUMBERS_PER_BLOCK // max(column_count, outputs)))


def _count_numbers(model: keras.Model, column_count: int) -> int:
    """Count the numbers that all layers give for a row."""
    # A layer that is used several times has no single output.
    outputs = keras.tree.flatten([getattr(layer, "output", []) for layer in model.layers])
    return max(1, sum(_count(tensor, column_count) for tensor in outputs))


def _count(tensor: keras.KerasTensor, column_count: int) -> int:
    # An open length is that of the input.
    return math.prod(column_count if size is None else size for size in tensor.shape[1:])
