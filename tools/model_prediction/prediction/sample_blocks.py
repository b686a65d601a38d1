"""Read the samples to predict in blocks of rows, which limits memory for tables of any size."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from galaxy_keras.data.sequence_samples import describe_lengths
from galaxy_keras.data.sparse import SparseRows
from galaxy_keras.data.table_rows import MeasuredTable, TableSource
from galaxy_keras.data.table_shape import explain_row_counts, measure_table
from galaxy_keras.data.tables import Features
from galaxy_keras.data.text import read_text_blocks, TextEncoder
from galaxy_keras.data.text_encoding import TextEncoding
from galaxy_keras.errors import InputError
from galaxy_keras.estimator.contents import Fitted
from galaxy_keras.estimator.fitted_network import order_columns
from galaxy_keras.estimator.predictions import NamedColumns
from galaxy_keras.forms.column_choices import ColumnChoice
from galaxy_keras.forms.sample_choices import SampleChoice, SEQUENCES
from galaxy_keras.sequences.encoding import EncodedSequences, REFUSE, SequenceEncoding
from galaxy_keras.sequences.fasta import check_ids, read_fasta

# Column of the identifiers of sequences.
ID = "id"


@dataclass(frozen=True)
class Block:
    """A block of rows.

    Attributes
    ----------
    features
        Dense features in the order of the training.
    identifiers
        Columns that are copied unchanged.
    """

    features: Features
    identifiers: NamedColumns


class SparseSamples:
    """Rows of a sparse matrix, with identifiers from a separate table."""

    def __init__(self, choice: SampleChoice, identifiers: TableSource | None):
        self.source = choice.source
        self._rows = SparseRows(choice.source.path, choice.source.name)
        self.row_count, self.column_count = self._rows.row_count, self._rows.column_count
        self._identifiers: MeasuredTable | None = None
        if identifiers is None:
            return
        self._identifiers = measure_table(identifiers)
        found = self._identifiers.row_count
        if found != self.row_count:
            likely = explain_row_counts(found, identifiers, self.row_count, choice.source)
            expected = f"{self.row_count} as in the {self.source.name}"
            raise InputError(f"{identifiers.name}: found {found} rows; expected {expected}{likely}")

    def read(self, rows: int) -> Iterator[Block]:
        """Yield blocks of ``rows`` rows."""
        first, identifiers = 0, self._read_identifiers(rows)
        for values in self._rows.read(rows):
            yield Block(Features(values.toarray(), None, self.source, first_row=first), next(identifiers))
            first += values.shape[0]
        # The reader checks the number of rows only at the end of the table.
        next(identifiers, None)

    def _read_identifiers(self, rows: int) -> Iterator[NamedColumns]:
        if self._identifiers is None:
            yield from ([] for _ in range(0, self.row_count, rows))
        else:
            for _, texts in self._identifiers.read_blocks(rows, texts=self._identifiers.find_columns()):
                yield name_identifiers(self._identifiers, texts)


class TableSamples:
    """Rows of a table of numbers."""

    def __init__(self, choice: SampleChoice, identifiers: tuple[int, ...], fitted: Fitted):
        self._table = measure_table(choice.source)
        self._table.note_numbers_as_header()
        self._identifiers = find_identifiers(self._table, identifiers)
        copied = set(self._identifiers)
        positions = [place for place in self._table.find_columns() if place not in copied]
        if self._table.header and fitted.feature_names:
            # A column that several inputs of the network use occurs once in the table.
            positions = list(dict.fromkeys(positions))
        order = order_columns(self._table.name_columns(positions), fitted, choice.source.name)
        self._positions = positions if order is None else [positions[place] for place in order]
        # Messages about a cell need the columns in the order in which they are read.
        self.source = replace(
            choice.source,
            columns=ColumnChoice("by_index_number", numbers=tuple(place + 1 for place in self._positions)),
        )
        self.row_count, self.column_count = self._table.row_count, len(self._positions)
        # Columns that were ordered by name have the same widths per input as in the training.
        self._widths = self._table.find_widths() if order is None else None

    def read(self, rows: int) -> Iterator[Block]:
        """Yield blocks of ``rows`` rows."""
        names, first = self._table.name_columns(self._positions), 0
        for values, others in self._table.read_blocks(rows, self._positions, self._identifiers):
            features = Features(values, names, self.source, first_row=first, widths=self._widths)
            yield Block(features, name_identifiers(self._table, others))
            first += len(values)


class TextSamples:
    """Rows of text, encoded as word indices of the estimator's vocabulary."""

    def __init__(self, choice: SampleChoice, identifiers: tuple[int, ...], encoding: TextEncoding):
        self._table = measure_table(choice.source)
        self._identifiers = find_identifiers(self._table, identifiers)
        # The columns are words, so messages cannot name columns of the table.
        self.source = None
        self._encoding = encoding
        self.row_count, self.column_count = self._table.row_count, encoding.length

    def read(self, rows: int) -> Iterator[Block]:
        """Yield blocks of ``rows`` rows."""
        encoder, first = TextEncoder(self._encoding), 0
        for texts, others in read_text_blocks(self._table, rows, self._identifiers):
            features = Features(encoder.encode(texts), None, self._table.source, self._encoding, first)
            yield Block(features, name_identifiers(self._table, others))
            first += len(texts)
        encoder.known_words.report("rows")


class FastaSamples:
    """Sequences of a FASTA file with their identifiers."""

    def __init__(self, source: TableSource, encoding: SequenceEncoding):
        # The letters are not columns of a table, so messages cannot name one.
        self.source = None
        self._source, self._encoding = source, encoding
        refuses_unknown = encoding.unknown == REFUSE
        records = read_fasta(source.path, source.name, encoding.symbols, refuses_unknown=refuses_unknown)
        check_ids(records.ids, source.name)
        self._ids, self._sequences = records.ids, records.sequences
        self.row_count, self.column_count = len(records.headers), encoding.column_count
        describe_lengths(self._sequences, encoding)

    def read(self, rows: int) -> Iterator[Block]:
        """Yield blocks of ``rows`` rows."""
        for first in range(0, self.row_count, rows):
            chosen = slice(first, first + rows)
            values = EncodedSequences(self._sequences.take(chosen), self._encoding)
            features = Features(values, None, self._source, first_row=first, sequences=self._encoding)
            yield Block(features, [(ID, np.array(self._ids[chosen], dtype=object))])


Samples = SparseSamples | TableSamples | TextSamples | FastaSamples


def open_samples(
    choice: SampleChoice, identifiers: tuple[int, ...], identifier_table: TableSource | None, fitted: Fitted
) -> Samples:
    """Open the samples to predict.

    Parameters
    ----------
    identifiers
        1-based numbers of columns that are copied to the result and are not features.
    identifier_table
        For a sparse matrix: a table of the same rows whose columns are copied to the result.

    Raises
    ------
    InputError
        The samples are of another kind than the network reads, the columns differ from those of the
        training, or a table cannot be read.
    """
    expected = "sequences" if fitted.sequences else "text" if fitted.text else "numbers"
    found = {SEQUENCES: "sequences", "text": "text"}.get(choice.kind, "numbers")
    if found != expected:
        raise InputError(f"selected_input: found {found} for an estimator that reads {expected}; expected {expected}")
    if fitted.sequences is not None:
        return FastaSamples(choice.source, fitted.sequences)
    if choice.kind == "sparse":
        return SparseSamples(choice, identifier_table)
    return TextSamples(choice, identifiers, fitted.text) if fitted.text else TableSamples(choice, identifiers, fitted)


def find_identifiers(table: MeasuredTable, numbers: tuple[int, ...]) -> list[int]:
    """Return the 0-based positions of the identifier columns."""
    choice = ColumnChoice("by_index_number", numbers=numbers)
    return choice.positions(table.column_count, table.header, f"{table.source.name}, identifiers")


def name_identifiers(table: MeasuredTable, columns: pd.DataFrame) -> NamedColumns:
    """Return identifier columns with their names, or with their numbers if the table has no header."""
    positions = list(columns)
    names = table.name_columns(positions) or [f"column {position + 1}" for position in positions]
    return [(name, np.asarray(columns[position])) for name, position in zip(names, positions, strict=True)]
