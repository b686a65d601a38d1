"""Sample choices of the forms: columns of a table, a sparse matrix, text, or sequences."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from galaxy_keras.data.sequence_samples import check_strands, read_fasta_samples, SequenceChoice, SequenceSamples
from galaxy_keras.data.sparse import read_sparse_features
from galaxy_keras.data.tables import Features, read_features, TableSource
from galaxy_keras.data.text import TextChoice, Texts
from galaxy_keras.data.words import WORDS
from galaxy_keras.errors import InputError
from galaxy_keras.forms.column_choices import ColumnChoice, JoinedColumns
from galaxy_keras.sequences.alphabets import find_alphabet
from galaxy_keras.sequences.encoding import SequenceEncoding

# Kinds of samples of the published forms that the suite does not support.
GENOMIC = ("refseq_and_interval", "variant_effect")
SEQUENCES = "seq_fasta"
# Bounds of the form fields, checked because API calls can bypass the form.
TEXT_BOUNDS = {"skip_top": (0, 2**31), "num_words": (1, 500_000), "maxlen": (1, 1_000_000)}
# For networks with several inputs: the form field with the columns of an input, and the option of `ColumnChoice`.
SEVERAL = {"several": ("columns", "by_index_number"), "several_by_name": ("names", "by_header_name")}


Samples = Features | Texts | SequenceSamples


@dataclass(frozen=True)
class SampleChoice:
    """The samples that are chosen in a form.

    Attributes
    ----------
    kind
        ``tabular``, ``one_table`` (features and target in one table), ``several`` or ``several_by_name`` (columns for
        each input of the network), ``sparse``, ``text`` or ``seq_fasta``.
    source
        The file and the chosen columns.
    text
        How the vocabulary is learned, for ``text`` in training.
    sequences
        How sequences are encoded, for ``seq_fasta`` in training.
    """

    kind: str
    source: TableSource
    text: TextChoice | None = None
    sequences: SequenceChoice | None = None

    @classmethod
    def from_form(cls, inputs: Mapping[str, Any], path: Path, name: str) -> "SampleChoice":
        """Read the conditional ``input_options``.

        Parameters
        ----------
        inputs
            Fields of the conditional.
        path
            The file with the samples.
        name
            Name of the file in messages.

        Raises
        ------
        InputError
            The suite does not support the kind of samples, or a field is out of bounds.
        """
        kind = inputs["selected_input"]
        if kind in GENOMIC:
            raise InputError(
                f"selected_input: found {kind}, which requires the sequence generators of the published estimators "
                "(pickles); expected tabular data, a sparse matrix or text"
            )
        columns: ColumnChoice | JoinedColumns
        if kind in SEVERAL:
            columns = _join_columns(inputs["network_inputs"], *SEVERAL[kind])
        elif kind in ("sparse", SEQUENCES):
            columns = ColumnChoice()
        else:
            columns = ColumnChoice.from_form(
                inputs["column_selector_options_1"], "selected_column_selector_option", "col1"
            )
        text = _read_text_choice(inputs["text"]) if "text" in inputs else None
        sequences = _read_sequence_choice(inputs["sequences"]) if "sequences" in inputs else None
        return cls(kind, TableSource(path, name, bool(inputs.get("header1")), columns), text, sequences)


def read_samples(choice: SampleChoice) -> Samples:
    """Read the chosen samples.

    Raises
    ------
    TableError
        The file cannot be read; the message names the row and column.
    """
    if choice.kind == "sparse":
        return read_sparse_features(choice.source.path, choice.source.name)
    if choice.kind == "text" and choice.text is not None:
        return Texts(choice.source, choice.text)
    if choice.kind == SEQUENCES and choice.sequences is not None:
        return read_fasta_samples(choice.source, choice.sequences)
    return read_features(choice.source)


def _join_columns(blocks: list[Mapping[str, Any]], field: str, option: str) -> JoinedColumns:
    choices = []
    for number, block in enumerate(blocks, start=1):
        place = f"{field} of input {number}"
        choices.append(ColumnChoice.from_form({"option": option, place: block[field]}, "option", place))
    return JoinedColumns(tuple(choices))


def _read_text_choice(fields: Mapping[str, Any]) -> TextChoice:
    for field, (lowest, highest) in TEXT_BOUNDS.items():
        if not lowest <= fields[field] <= highest:
            raise InputError(f"{field}: found {fields[field]}; expected a number from {lowest} to {highest:,}")
    return TextChoice(
        skipped_count=fields["skip_top"],
        vocabulary_size=fields["num_words"],
        length=fields["maxlen"],
        pads_front=fields["padding"] == "pre",
        trims_front=fields["truncating"] == "pre",
        unit=fields.get("unit") or WORDS,
    )


def _read_sequence_choice(fields: Mapping[str, Any]) -> SequenceChoice:
    alphabet = find_alphabet(fields["alphabet"], fields.get("letters") or "")
    similar_count = fields.get("similar")
    if similar_count is not None and similar_count < 2:
        raise InputError(f"similar: found {similar_count}; expected 2 or more letters")
    return SequenceChoice(
        SequenceEncoding(
            alphabet=alphabet.name,
            letters=alphabet.letters,
            coding=fields["coding"],
            k=fields["k"],
            stride=fields["stride"],
            length=fields.get("length") or 0,
            padding=fields["padding"],
            truncating=fields["truncating"],
            unknown=fields["unknown"],
        ),
        strands=check_strands(fields["strands"], alphabet),
        similar_count=similar_count,
        header_pattern=fields.get("header_pattern") or "",
    )
