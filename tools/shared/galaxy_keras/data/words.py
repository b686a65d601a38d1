"""What a text is split into: words, or characters where a language puts no blanks between words."""

import re
import unicodedata
from collections.abc import Callable
from functools import cache

WORDS, CHARACTERS = "words", "characters"
# Letters of a word that count; without a bound one row without blanks could fill the estimator file.
WORD_LENGTH = 100
# An apostrophe within a word, and the joiners of Persian and of the scripts of India, which cannot be seen.
JOINERS = "'’\u200c\u200d"
ASCII_WORD = re.compile(r"\w+(?:'\w+)*")
ASCII_CHARACTER = re.compile(r"\S")
# Thai, Lao, Burmese, Khmer, Japanese and Chinese.
LETTER_WITHOUT_BLANKS = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


def split_words(text: str) -> list[str]:
    """Return the words of a text in lower case, without what stands between them.

    Letters, digits and underscores make words, with all marks that belong to them, such as the vowels of Hindi.
    However a letter and its accent are encoded, the word is the same (Unicode's normal form C).
    """
    if text.isascii():
        words = ASCII_WORD.findall(text.lower())
    else:
        # Turkish İ becomes i and a dot, which is the dot that i has already.
        lower = unicodedata.normalize("NFC", text.lower().replace("i\u0307", "i"))
        words = _find_patterns()[0].findall(lower)
    return [word[:WORD_LENGTH] for word in words] if len(text) > WORD_LENGTH else words


def split_characters(text: str) -> list[str]:
    """Return the characters of a text as they are written, each with its marks; white space is left out."""
    if text.isascii():
        return ASCII_CHARACTER.findall(text)
    found = _find_patterns()[1].findall(unicodedata.normalize("NFC", text))
    return [character[:WORD_LENGTH] for character in found]


SPLITTERS: dict[str, Callable[[str], list[str]]] = {WORDS: split_words, CHARACTERS: split_characters}


def has_no_blanks(word: str) -> bool:
    """Tell whether a word is of a script that puts no blanks between words, and is longer than its words are."""
    return len(word) > 7 and LETTER_WITHOUT_BLANKS.match(word) is not None


@cache
def _find_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the patterns of a word and of a character in text beyond ASCII; Python's re has no class of marks."""
    marks = _list_marks()
    # Most words end at a blank or a point: a glance at the next character is faster than a look through all marks.
    word = rf"\w+(?:(?=[^\x00-&(-\u02ff])(?:[{JOINERS}]\w|[{marks}])[\w{marks}]*)*"
    return re.compile(word), re.compile(rf"\S[{marks}]*(?:[\u200c\u200d][{marks}]*)*")


def _list_marks() -> str:
    """Return all marks of Unicode as ranges of a pattern."""
    # There are none beyond but the last ones, which choose between forms of Chinese characters.
    codes = [*range(0x300, 0x20000), *range(0xE0100, 0xE01F0)]
    marks = [code for code in codes if unicodedata.category(chr(code)).startswith("M")]
    starts = [code for code in marks if not unicodedata.category(chr(code - 1)).startswith("M")]
    ends = [code for code in marks if not unicodedata.category(chr(code + 1)).startswith("M")]
    return "".join(f"{chr(start)}-{chr(end)}" for start, end in zip(starts, ends, strict=True))
