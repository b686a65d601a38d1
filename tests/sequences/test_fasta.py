"""FASTA files: every layout that programs write, and what is refused."""

import gzip

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from galaxy_keras.errors import InputError
from galaxy_keras.sequences import fasta
from galaxy_keras.sequences.alphabets import DNA, find_alphabet, PROTEIN, RNA


@pytest.fixture
def read(tmp_path):
    def read(content, alphabet=DNA, **options):
        path = tmp_path / "sequences.fasta"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return fasta.read_fasta(path, "Sequences", alphabet, **options)

    return read


def spell(records, alphabet=DNA):
    """Return the sequences of records as text, with ambiguity codes as X."""
    symbols = np.array(["-", *alphabet.letters, *("X" * (len(alphabet.mixtures) + 1))])
    return ["".join(symbols[records.sequences.read_whole(row)]) for row in range(len(records.headers))]


@pytest.mark.parametrize(
    "content",
    [
        ">a first\nACGT\nAC\n>b\nGG\n",
        ">a first\r\nACGT\r\nAC\r\n>b\r\nGG",
        "\n\n>a first\nac gt\n\nac\n\n> b \n\ngg\n\n",
        gzip.compress(b">a first\nACGTAC\n>b\nGG\n"),
        gzip.compress(b">a first\nACGTAC\n") + gzip.compress(b">b\nGG\n"),
        b">a first\nACUTAC\n>b\nGG\n".replace(b"ACUTAC", b"ACGUAC"),
    ],
    ids=["plain", "CRLF without last line end", "blank lines and lower case", "gzip", "blocks of gzip", "uracil"],
)
def test_every_layout_gives_the_same_records(read, content):
    records = read(content)
    assert records.headers == ["a first", "b"]
    assert records.ids == ["a", "b"]
    assert spell(records) == ["ACGTAC", "GG"]


@settings(max_examples=200, deadline=None)
@given(
    records=st.lists(
        st.tuples(st.text("ab> |1", min_size=1, max_size=12), st.text("ACGTNacgt", min_size=1, max_size=40)), min_size=1
    ),
    width=st.integers(1, 50),
    chunk=st.integers(13, 80),
)
def test_records_do_not_depend_on_line_width_or_chunks(tmp_path_factory, records, width, chunk):
    records = [(f"x{header}", sequence + "A") for header, sequence in records]
    text = "".join(
        f">{header}\n" + "".join(f"{s[i : i + width]}\n" for i in range(0, len(s), width)) for header, s in records
    )
    path = tmp_path_factory.mktemp("fasta") / "sequences.fasta"
    path.write_text(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fasta, "CHUNK_BYTES", chunk)
        found = fasta.read_fasta(path, "Sequences", DNA)
    assert found.headers == [header.strip() for header, _ in records]
    assert spell(found) == [sequence.upper().replace("N", "X") for _, sequence in records]


def test_rna_and_proteins_have_their_letters(read):
    assert spell(read(">a\nACGU\n", RNA), RNA) == ["ACGT"]
    assert spell(read(">a\nMKVB*\n", PROTEIN), PROTEIN) == ["MKVXX"]
    states = find_alphabet("letters", "HEC")
    assert spell(read(">a\nhecT\n", states), states) == ["HECX"]


REFUSED = {
    "nothing": ("", "Sequences: found an empty file; expected FASTA records"),
    "blank lines only": ("\n \n", "Sequences: found an empty file"),
    "a table": ("id\tclass\na\t1\n", r"Sequences: found 'id\tclass' at the start; expected FASTA"),
    "no name": (">a\nAC\n>\nGG\n", "Sequences, record 2: found a header without a name"),
    "an empty record": (">a\nAC\n>b\n>c\n\n", "Sequences, record b: found an empty sequence (and for 'c')"),
    "no known letter": (">a\nAC\n>b\nNN\n", "Sequences, record b: found a sequence without a known letter"),
    "a protein": (">a\nACGT\n>b x\nAC\nGMKVE\n", "Sequences, record b x, letter 7: found 'E'"),
    "NUL": (b">a\nAC\0GT\n", r"Sequences, record a, letter 3: found '\x00'; expected a letter of DNA"),
    "half a gzip file": (gzip.compress(b">a\n" + b"ACGT" * 999)[:-12], "Sequences: found a damaged or incomplete gzip"),
    "damaged gzip": (b"\x1f\x8b" + b"\1" * 50, "Sequences: found a damaged or incomplete gzip file"),
    "a long header": (">" + "a" * 20_000 + "\nAC\n", "Sequences, record 1: found a header of more than 10,000 bytes"),
}


@pytest.mark.parametrize("content, message", REFUSED.values(), ids=REFUSED.keys())
def test_other_files_are_refused_with_their_place(read, content, message):
    with pytest.raises(InputError) as error:
        read(content)
    assert str(error.value).startswith(message)


def test_a_header_without_end_is_refused_before_it_fills_the_memory(read, monkeypatch):
    monkeypatch.setattr(fasta, "CHUNK_BYTES", 4096)
    with pytest.raises(InputError, match="record 1: found a header of more than 10,000 bytes"):
        read(">" + "a" * 1_000_000)


def test_unknown_letters_are_refused_if_the_form_says_so(read):
    with pytest.raises(InputError, match="record b, letter 2: found 'N'; expected a known letter"):
        read(">a\nAC\n>b\nRNA\n", refuses_unknown=True)


def test_identifiers_must_differ():
    with pytest.raises(InputError, match="Sequences: found identifiers more than once: 'b', 'a'; expected each once"):
        fasta.check_ids(["a", "b", "b", "a", "a", "c"], "Sequences")
