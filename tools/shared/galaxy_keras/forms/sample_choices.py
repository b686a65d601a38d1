"""The samples of a form, whatever they are: columns of a table, a sparse matrix, or text."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from galaxy_keras.data.sparse import read_sparse_features
from galaxy_keras.data.tables import Features, read_features, TableSource
from galaxy_keras.data.text import TextChoice, Texts
from galaxy_keras.data.words import WORDS
from galaxy_keras.errors import InputError
from galaxy_keras.forms.column_choices import ColumnChoice, JoinedColumns

# Kinds of the published forms whose estimators the suite does not have.
GENOMIC = ("seq_fasta", "refseq_and_interval", "variant_effect")
# What the form offers; a job that was sent without the form may hold anything.
TEXT_BOUNDS = {"skip_top": (0, 2**31), "num_words": (1, 500_000), "maxlen": (1, 1_000_000)}
# How columns are chosen for each of several inputs of a network: the field of a block, and the option of a selector.
SEVERAL = {"several": ("columns", "by_index_number"), "several_by_name": ("names", "by_header_name")}


@dataclass(frozen=True)
class SampleChoice:
    """The samples that a form names.

    Attributes
    ----------
    kind
        ``tabular``, ``one_table`` (with the target), ``several`` or ``several_by_name`` (columns for each input of the
        network), ``sparse`` or ``text``.
    source
        Where they are.
    text
        How a vocabulary is learnt, for ``text`` in training.
    """

    kind: str
    source: TableSource
    text: TextChoice | None = None

    @classmethod
    def from_form(cls, inputs: Mapping[str, Any], path: Path, name: str) -> "SampleChoice":
        """Read ``input_options``; ``name`` is what messages call the file.

        Raises
        ------
        InputError
            A kind of input that only published estimators could read.
        """
        kind = inputs["selected_input"]
        if kind in GENOMIC:
            raise InputError(
                f"selected_input: found {kind}, which needs the generators of sequences that published estimators "
                "brought as pickles; expected tabular data, a sparse matrix or text"
            )
        if kind in SEVERAL:
            columns = _join_columns(inputs["network_inputs"], *SEVERAL[kind])
        elif kind == "sparse":
            columns = ColumnChoice()
        else:
            columns = ColumnChoice.from_form(
                inputs["column_selector_options_1"], "selected_column_selector_option", "col1"
            )
        text = _read_text_choice(inputs["text"]) if "text" in inputs else None
        return cls(kind, TableSource(path, name, bool(inputs.get("header1")), columns), text)


def read_samples(choice: SampleChoice) -> Features | Texts:
    """Read the samples.

    Raises
    ------
    TableError
        What cannot be read, with its place.
    """
    if choice.kind == "sparse":
        return read_sparse_features(choice.source.path, choice.source.name)
    return Texts(choice.source, choice.text) if choice.kind == "text" else read_features(choice.source)


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
