"""Split text into words, or into characters for languages without spaces between words."""

import re
import unicodedata
from collections.abc import Callable
from functools import cache

WORDS, CHARACTERS = "words", "characters"
# Words are cut to this number of characters; otherwise one row without spaces could fill the estimator file.
MAX_WORD_LENGTH = 100
# Apostrophes within words, and the invisible joiners of Persian and Indian scripts.
JOINERS = "'’\u200c\u200d"
ASCII_WORD = re.compile(r"\w+(?:'\w+)*")
ASCII_CHARACTER = re.compile(r"\S")
# Thai, Lao, Burmese, Khmer, Japanese and Chinese.
SPACELESS_LETTER = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


def split_words(text: str) -> list[str]:
    """Return the words of a text in lower case, without spaces and punctuation.

    A word consists of letters, digits, underscores and their combining marks, such as the vowel signs of Hindi. Words
    are normalized (Unicode's normal form C), so that the encoding of accents does not matter.
    """
    if text.isascii():
        words = ASCII_WORD.findall(text.lower())
    else:
        # Python lower-cases the Turkish İ to i and a combining dot.
        lower = unicodedata.normalize("NFC", text.lower().replace("i\u0307", "i"))
        words = _find_patterns()[0].findall(lower)
    return [word[:MAX_WORD_LENGTH] for word in words] if len(text) > MAX_WORD_LENGTH else words


def split_characters(text: str) -> list[str]:
    """Return the characters of a text with their combining marks, without white space; the case is kept."""
    if text.isascii():
        return ASCII_CHARACTER.findall(text)
    found = _find_patterns()[1].findall(unicodedata.normalize("NFC", text))
    return [character[:MAX_WORD_LENGTH] for character in found]


SPLITTERS: dict[str, Callable[[str], list[str]]] = {WORDS: split_words, CHARACTERS: split_characters}


def lacks_spaces(word: str) -> bool:
    """Return whether a word of a script without spaces is so long that it probably consists of several words."""
    return len(word) > 7 and SPACELESS_LETTER.match(word) is not None


@cache
def _find_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return patterns of a word and a character of non-ASCII text; Python's ``re`` has no class for combining marks."""
    marks = _list_marks()
    # Most words end at a space or a period, so checking the next character first is faster than trying all marks.
    word = rf"\w+(?:(?=[^\x00-&(-\u02ff])(?:[{JOINERS}]\w|[{marks}])[\w{marks}]*)*"
    return re.compile(word), re.compile(rf"\S[{marks}]*(?:[\u200c\u200d][{marks}]*)*")


def _list_marks() -> str:
    """Return all combining marks of Unicode as ranges for a character class."""
    # The second range contains the variation selectors, the only marks above the first range.
    codes = [*range(0x300, 0x20000), *range(0xE0100, 0xE01F0)]
    marks = [code for code in codes if unicodedata.category(chr(code)).startswith("M")]
    starts = [code for code in marks if not unicodedata.category(chr(code - 1)).startswith("M")]
    ends = [code for code in marks if not unicodedata.category(chr(code + 1)).startswith("M")]
    return "".join(f"{chr(start)}-{chr(end)}" for start, end in zip(starts, ends, strict=True))
