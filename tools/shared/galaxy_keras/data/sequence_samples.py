"""Sequences as samples of a network: read from the files of a form, encoded for training or prediction."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from galaxy_keras.data.table_rows import TableSource
from galaxy_keras.data.tables import Features
from galaxy_keras.errors import InputError
from galaxy_keras.log import say
from galaxy_keras.messages import pluralize
from galaxy_keras.sequences.alphabets import Alphabet
from galaxy_keras.sequences.encoding import check_encoding, EncodedSequences, ONE_HOT, REFUSE, SequenceEncoding
from galaxy_keras.sequences.fasta import check_ids, FastaRecords, read_fasta
from galaxy_keras.sequences.letters import Sequences
from galaxy_keras.sequences.similarity import group_identical, group_similar

# Strands of the training sequences.
ONE_STRAND, BOTH_STRANDS, RANDOM_STRAND = "one", "both", "random"


# Where the labels of windows are from.
FROM_NAME, FROM_SCORE, FROM_OVERLAP = "name", "score", "overlap"


@dataclass(frozen=True)
class WindowChoice:
    """Windows of a genome.

    Attributes
    ----------
    intervals
        BED file; the centers of its intervals are the centers of the windows.
    targets
        BED file whose intervals are positive; required for ``overlap``.
    excluded
        BED file of intervals that windows must not overlap.
    uses_strand
        Whether windows on the strand ``-`` are reverse complements.
    label
        Where the label is: ``name`` (column 4), ``score`` (column 5) or ``overlap`` (coverage by ``targets``).
    bin_width, bin_share
        For ``overlap``: number of letters in the center of a window, and the fraction (0 to 1) of them that a positive
        window has covered.
    max_unknown
        Largest fraction (0 to 1) of unknown letters of a window.
    """

    intervals: Path
    targets: Path | None = None
    excluded: Path | None = None
    uses_strand: bool = True
    label: str = FROM_NAME
    bin_width: int = 200
    bin_share: float = 0.5
    max_unknown: float = 1.0


@dataclass(frozen=True)
class SequenceChoice:
    """How the sequences of a form are read and encoded.

    Attributes
    ----------
    encoding
        The encoding; its length is 0 if the longest sequence decides.
    strands
        Strands of DNA in training: ``one`` (as in the file), ``both`` (each training sequence twice) or ``random`` (one
        of them, drawn in each epoch).
    similar_count
        Sequences that share so many letters in a row stay in one split; None for identical sequences only.
    header_pattern
        Where the label is in the header; empty if it is elsewhere. See ``labels.read_header_labels``.
    files
        Paths of the FASTA files.
    file_names
        Names of the files, which are the classes if there are several; empty if they are not known.
    windows
        For a genome: the intervals whose windows are the sequences.
    """

    encoding: SequenceEncoding
    strands: str = ONE_STRAND
    similar_count: int | None = None
    header_pattern: str = ""
    files: tuple[Path, ...] = ()
    file_names: tuple[str, ...] = ()
    windows: WindowChoice | None = None


@dataclass(frozen=True)
class SequenceRecords:
    """Sequences as they are read, before they are encoded.

    Attributes
    ----------
    headers, ids
        Header and identifier of each sequence.
    sequences
        The sequences.
    file_of_row
        Number of the file of each sequence, from 0.
    labels
        Target columns of the file itself, with one row per sequence; None if it has none.
    chromosomes
        Chromosome of each sequence of a genome; otherwise None.
    kept
        Number in the file of each sequence if some were left out; None if all are kept.
    """

    headers: list[str]
    ids: list[str]
    sequences: Sequences
    file_of_row: np.ndarray
    labels: pd.DataFrame | None = None
    chromosomes: np.ndarray | None = None
    kept: np.ndarray | None = None


class SequenceSamples:
    """Sequences for the training.

    Attributes
    ----------
    source
        Name of the samples in messages.
    choice
        How they are encoded, with the final length.
    records
        The sequences with their identifiers.
    together
        Group of each sequence: those of one group must be in the same split.

    Raises
    ------
    InputError
        The options do not fit the sequences.
    """

    def __init__(self, source: TableSource, choice: SequenceChoice, records: SequenceRecords):
        self.source = source
        self.records = records
        self.sequences = records.sequences
        self.choice = replace(choice, encoding=_set_length(choice.encoding, self.sequences))
        self.together = self._group()

    @property
    def encoding(self) -> SequenceEncoding:
        """How the sequences are encoded."""
        return self.choice.encoding

    @property
    def row_count(self) -> int:
        """Number of sequences."""
        return len(self.sequences)

    @property
    def column_count(self) -> int:
        """Number of values per encoded sequence."""
        return self.encoding.column_count

    def prepare(self, rows: np.ndarray) -> Features:
        """Return the sequences as network input; the encoding does not depend on the training rows."""
        return Features(EncodedSequences(self.sequences, self.encoding), None, self.source, sequences=self.encoding)

    def _group(self) -> np.ndarray:
        count = self.choice.similar_count
        groups = group_identical(self.sequences) if count is None else group_similar(self.sequences, count)
        sizes = np.bincount(groups)
        repeated = int(sizes[sizes > 1].sum())
        if repeated:
            strand = " (either strand)" if self.sequences.alphabet.has_strands else ""
            what = "are identical to" if count is None else f"share {count} letters in a row with"
            say(
                f"Similarity: {repeated:,} of {self.row_count:,} sequences {what} another one{strand}; a random split "
                "keeps them together"
            )
        return groups


def read_fasta_samples(source: TableSource, choice: SequenceChoice) -> SequenceSamples:
    """Read the FASTA files of a choice.

    Raises
    ------
    InputError
        A file cannot be read, an identifier occurs twice, or the options do not fit the sequences.
    """
    names = _name_files(source, choice)
    files = [_read(path, name, choice) for path, name in zip(choice.files, names, strict=True)]
    ids = [identifier for one in files for identifier in one.ids]
    check_ids(ids, source.name)
    headers = [header for one in files for header in one.headers]
    file_of_row = np.repeat(np.arange(len(files)), [len(one.headers) for one in files])
    records = SequenceRecords(headers, ids, _join([one.sequences for one in files]), file_of_row)
    return SequenceSamples(source, choice, records)


def _join(parts: Sequence[Sequences]) -> Sequences:
    """Return the sequences of several files as one."""
    if len(parts) == 1:
        return parts[0]
    letters = np.concatenate([part.letters for part in parts])
    return Sequences.from_lengths(parts[0].alphabet, letters, np.concatenate([part.lengths for part in parts]))


def describe_encoding(encoding: SequenceEncoding) -> str:
    """Describe an encoding in a few words, with the shape of a sample."""
    if encoding.coding == ONE_HOT:
        return f"one-hot, shape {encoding.sample_shape}"
    return (
        f"{pluralize(encoding.sample_shape[0], 'k-mer')} of {pluralize(encoding.k, 'letter')}, shape "
        f"{encoding.sample_shape}, embedding with input_dim {encoding.k_mer_count + 2:,} or more"
    )


def _name_files(source: TableSource, choice: SequenceChoice) -> list[str]:
    if len(choice.files) == 1:
        return [source.name]
    names = choice.file_names or [str(number) for number in range(1, len(choice.files) + 1)]
    return [f"{source.name}, {name}" for name in names]


def _read(path: Path, name: str, choice: SequenceChoice) -> FastaRecords:
    return read_fasta(path, name, choice.encoding.symbols, refuses_unknown=choice.encoding.unknown == REFUSE)


def _set_length(encoding: SequenceEncoding, sequences: Sequences) -> SequenceEncoding:
    """Set the length to that of the longest sequence if the form does not give one, and log what is padded or cut."""
    complete = check_encoding(replace(encoding, length=encoding.length or int(sequences.lengths.max())))
    describe_lengths(sequences, complete)
    return complete


def describe_lengths(sequences: Sequences, encoding: SequenceEncoding) -> None:
    """Log the lengths of sequences, their encoding, and how many of them are padded or cut."""
    lengths = sequences.lengths
    padded, cut = (lengths < encoding.length).sum(), (lengths > encoding.length).sum()
    say(
        f"Sequences: {len(lengths):,} of {lengths.min():,} to {lengths.max():,} letters; "
        f"{describe_encoding(encoding)}; padded: {padded:,}, cut: {cut:,}"
    )


def check_strands(strands: str, alphabet: Alphabet) -> str:
    """Return the choice of strands, or refuse it for letters without a complement.

    Raises
    ------
    InputError
        The alphabet is not DNA.
    """
    if strands != ONE_STRAND and not alphabet.has_strands:
        raise InputError(
            f"reverse complement: found {strands} for {alphabet.name}; expected none, because only DNA has one"
        )
    return strands
