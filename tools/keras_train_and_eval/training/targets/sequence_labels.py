"""Read the labels of sequences: from a table, from their headers, or from the names of their files."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd

from galaxy_keras.data.sequence_samples import SequenceSamples
from galaxy_keras.data.table_rows import MeasuredTable, TableSource
from galaxy_keras.data.table_shape import explain_row_counts, measure_table
from galaxy_keras.data.tables import CELLS_PER_CHUNK, read_columns, WHOLE_NUMBER
from galaxy_keras.errors import InputError
from galaxy_keras.forms.column_choices import ColumnChoice
from galaxy_keras.log import say
from galaxy_keras.messages import list_some, quote
from galaxy_keras.sequences.labels import find_id_column, match_rows, read_header_labels

# Name of the target if it is not from a table.
LABEL = "label"
# Number of columns of a table that are searched for identifiers.
COLUMNS_SEARCHED = 20
FASTA_SUFFIX = re.compile(r"\.(fa|fas|fasta|fna|ffn|faa|frn)(\.gz)?$", re.IGNORECASE)


def read_sequence_labels(
    samples: SequenceSamples, source: TableSource | None
) -> tuple[pd.DataFrame, np.ndarray | None]:
    """Read the labels of sequences in the order of the sequences, and log where they are from.

    Parameters
    ----------
    source
        The label table; None if the labels are in the headers or in the names of several files.

    Returns
    -------
    (DataFrame, ndarray or None)
        The target columns; and the row of the table of each sequence, None if the table is not sorted by identifiers.

    Raises
    ------
    InputError
        Labels are missing or from two places, or the identifiers of the table differ from the sequences'.
    """
    pattern, file_count = samples.choice.header_pattern, len(samples.choice.files)
    if source is not None and pattern:
        raise InputError(
            f"header pattern: found {quote(pattern)} and a {source.name}; expected labels from one of them"
        )
    if source is not None:
        return _read_table(samples, source)
    if pattern:
        labels = read_header_labels(samples.records.headers, pattern, samples.source.name)
        say(f"Labels: from the headers, {pattern}")
    elif file_count > 1:
        names = [FASTA_SUFFIX.sub("", name) for name in samples.choice.file_names]
        if len(set(names)) < file_count:
            raise InputError(
                f"{samples.source.name}: found files of the same name {list_some(names)}; expected a name per class"
            )
        labels = np.array(names, dtype=object)[samples.records.file_of_row].tolist()
        say(f"Labels: the names of the {file_count} files")
    else:
        raise InputError(
            f"{samples.source.name}: found one file and no labels; expected a dataset of labels, a header pattern, or "
            "one file per class"
        )
    return pd.DataFrame({LABEL: _type_labels(labels)}), None


def _read_table(samples: SequenceSamples, source: TableSource) -> tuple[pd.DataFrame, np.ndarray | None]:
    table = measure_table(source)
    searched = list(range(min(table.column_count, COLUMNS_SEARCHED)))
    cells = _read_cells(table, searched)
    found = find_id_column(cells, samples.records.ids, samples.records.headers)
    if found is None:
        if table.row_count != samples.row_count:
            likely = explain_row_counts(table.row_count, source, samples.row_count, samples.source)
            raise InputError(
                f"{source.name}: found {table.row_count} rows, and no column with the identifiers of the sequences; "
                f"expected {samples.row_count} rows in the order of the sequences, or a column of identifiers{likely}"
            )
        say(f"Labels: from the {source.name}, in the order of the sequences, because no column has their identifiers")
        return read_columns(source), None
    position, keys = found
    order = match_rows(cells[position], keys, source.name, samples.source.name)
    say(f"Labels: from the {source.name}, matched by the identifiers in {table.name_column(position)}")
    columns = read_columns(_leave_out(source, table, position))
    return columns.iloc[order].reset_index(drop=True), order


def _read_cells(table: MeasuredTable, positions: list[int]) -> list[list[str]]:
    rows = max(1, CELLS_PER_CHUNK // table.column_count)
    text = pd.concat([block for _, block in table.read_blocks(rows, texts=positions)], ignore_index=True)
    return [[cell.strip() for cell in text[position]] for position in positions]


def _leave_out(source: TableSource, table: MeasuredTable, position: int) -> TableSource:
    """Return the source without its column of identifiers, which is never a label if there are others."""
    chosen = table.find_columns()
    rest = [one for one in chosen if one != position]
    if len(rest) == len(chosen) or not rest:
        return source
    say(f"{source.name}: the target does not include the identifiers")
    return replace(source, columns=ColumnChoice("by_index_number", numbers=tuple(one + 1 for one in rest)))


def _type_labels(labels: list[str]) -> np.ndarray:
    """Return whole numbers as integers, other numbers as floats, and text unchanged."""
    numbers = np.asarray(pd.to_numeric(np.array(labels, dtype=object), errors="coerce"), dtype=np.float64)
    if not np.isfinite(numbers).all():
        return np.array(labels, dtype=object)
    if all(WHOLE_NUMBER.fullmatch(label) for label in set(labels)) and np.abs(numbers).max() < 2**53:
        return numbers.astype(np.int64)
    return numbers
