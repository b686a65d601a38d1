"""Alphabets of sequences: their letters, the ambiguity codes of IUPAC and the complement of each letter.

Sequences are stored as codes, one ``uint8`` per letter: 0 is padding, 1 the first letter of the alphabet. Codes after
the letters are ambiguity codes, and the last code is an unknown letter.

The ambiguity codes are those of the Nomenclature Committee of the International Union of Biochemistry (1984) for
nucleotides, and of IUPAC-IUB (1983) for amino acids, with J for leucine or isoleucine.
"""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from galaxy_keras.errors import InputError
from galaxy_keras.messages import quote

PADDING = 0
# Entries of `Alphabet.code_of_byte` for characters that are skipped, and for those that are refused.
SKIPPED, REFUSED = 254, 255
BLANKS = b"\n\r\t "
NUCLEOTIDE_MIXTURES = {
    "R": "AG",
    "Y": "CT",
    "S": "CG",
    "W": "AT",
    "K": "GT",
    "M": "AC",
    "B": "CGT",
    "D": "AGT",
    "H": "ACT",
    "V": "ACG",
}
AMINO_ACID_MIXTURES = {"B": "DN", "Z": "EQ", "J": "IL"}
COMPLEMENTS = dict(zip("ACGTRYSWKMBDHV", "TGCAYRSWMKVHDB", strict=True))
# Maximum number of letters of an alphabet that a user types.
MAX_LETTERS = 100


@dataclass(frozen=True)
class Alphabet:
    """The letters that sequences consist of.

    Attributes
    ----------
    name
        ``dna``, ``rna``, ``protein`` or ``letters`` (given by the user).
    letters
        The known letters in upper case, in the order of the columns of a one-hot encoding.
    mixtures
        The known letters that each ambiguity code represents.
    unknowns
        Characters for an unknown letter; empty if every other letter is unknown.
    """

    name: str
    letters: str
    mixtures: dict[str, str] = field(default_factory=dict)
    unknowns: str = ""

    @property
    def has_strands(self) -> bool:
        """Whether the reverse complement is defined."""
        return self.name == "dna"

    @property
    def unknown(self) -> int:
        """Code of an unknown letter, which is also the largest code."""
        return len(self.letters) + len(self.mixtures) + 1

    @cached_property
    def code_of_byte(self) -> np.ndarray:
        """Code of each byte, uint8 of shape (256,); lower case letters have the codes of upper case letters."""
        codes = np.full(256, REFUSED, dtype=np.uint8)
        if not self.unknowns:
            codes[[byte for byte in range(33, 127) if byte != ord(">")]] = self.unknown
        symbols = self.letters + "".join(self.mixtures)
        known = {symbol: code for code, symbol in enumerate(symbols, start=1)}
        if self.name in ("dna", "rna"):
            # RNA is read as DNA, and uracil in a DNA file is taken for thymine.
            known["U"] = known["T"]
        for symbol, code in {**known, **dict.fromkeys(self.unknowns, self.unknown)}.items():
            codes[ord(symbol)] = codes[ord(symbol.lower())] = code
        codes[list(BLANKS)] = SKIPPED
        return codes

    @cached_property
    def complement(self) -> np.ndarray:
        """Code of the complement of each code, uint8 of shape (n_codes,); only for DNA."""
        symbols = self.letters + "".join(self.mixtures)
        of_symbol = [symbols.index(COMPLEMENTS[symbol]) + 1 for symbol in symbols]
        return np.array([PADDING, *of_symbol, self.unknown], dtype=np.uint8)

    def reverse_complement(self, codes: np.ndarray) -> np.ndarray:
        """Return the codes of the opposite strand, along the last axis; only for DNA."""
        return self.complement[codes[..., ::-1]]

    @cached_property
    def shares(self) -> np.ndarray:
        """Share of each letter in each code, float32 of shape (n_codes, n_letters).

        A letter is 1 in its column, an ambiguity code is an equal mixture of its letters, an unknown letter is an equal
        mixture of all letters, and padding is 0.
        """
        count = len(self.letters)
        table = np.zeros((self.unknown + 1, count), dtype=np.float32)
        table[1 : count + 1] = np.eye(count)
        for code, members in enumerate(self.mixtures.values(), start=count + 1):
            table[code, [self.letters.index(letter) for letter in members]] = 1 / len(members)
        table[self.unknown] = 1 / count
        return table


DNA = Alphabet("dna", "ACGT", NUCLEOTIDE_MIXTURES, "NX-.")
RNA = Alphabet("rna", "ACGT", NUCLEOTIDE_MIXTURES, "NX-.")
PROTEIN = Alphabet("protein", "ACDEFGHIKLMNPQRSTVWY", AMINO_ACID_MIXTURES, "XUO*-.")
ALPHABETS = {alphabet.name: alphabet for alphabet in (DNA, RNA, PROTEIN)}


def find_alphabet(name: str, letters: str) -> Alphabet:
    """Return an alphabet by its name.

    Parameters
    ----------
    letters
        The letters of the alphabet ``letters``.

    Raises
    ------
    InputError
        The letters are not different printable ASCII characters.
    """
    if name in ALPHABETS:
        return ALPHABETS[name]
    symbols = letters.upper()
    if not 2 <= len(symbols) <= MAX_LETTERS or len(set(symbols)) < len(symbols) or not _are_symbols(symbols):
        raise InputError(
            f"letters: found {quote(letters)}; expected from 2 to {MAX_LETTERS} different letters or other ASCII "
            "characters without spaces and >, such as HEC for the secondary structure"
        )
    return Alphabet("letters", symbols)


def _are_symbols(text: str) -> bool:
    return all(33 <= ord(symbol) < 127 and symbol != ">" for symbol in text)
