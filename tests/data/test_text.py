"""Text encoding: splitting into words, vocabulary, padding and trimming."""

import sys
import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from galaxy_keras.data.tables import TableSource
from galaxy_keras.data.text import TextChoice, TextEncoder, Texts
from galaxy_keras.data.text_encoding import TextEncoding
from galaxy_keras.data.words import split_characters, split_words
from galaxy_keras.errors import InputError, TableError
from galaxy_keras.forms.column_choices import ColumnChoice

ROWS = ["The cat's tail", "the DOG, the tail!", "Äpfel fly"]


@pytest.fixture
def read(tmp_path):
    """Return a function that reads rows of text."""

    def read(rows, choice=None):
        path = tmp_path / "x.tsv"
        path.write_text("review\n" + "".join(f"{row}\n" for row in rows))
        return Texts(TableSource(path, "reviews", True, ColumnChoice()), choice or TextChoice())

    return read


def test_words_are_ranked_by_their_frequency_in_the_training_rows(read):
    texts = read(ROWS, TextChoice(0, 10, 4))
    assert texts.learn(np.array([0, 1])).words == ["the", "tail", "cat's", "dog"]
    # The words of the last row are unknown, because it is not a training row.
    assert texts.prepare(np.array([0, 1])).values.tolist() == [[0, 2, 4, 3], [2, 5, 2, 3], [0, 0, 1, 1]]
    assert texts.learn(np.array([2])).words == ["fly", "äpfel"]


def test_the_most_frequent_and_the_rarest_words_are_skipped(read):
    encoding = read(ROWS, TextChoice(1, 2, 4)).learn(np.arange(3))
    assert encoding.words == ["tail", "cat's"]


@pytest.mark.parametrize(
    "pads_front, trims_front, expected",
    [
        (True, True, [[3, 4, 5], [0, 0, 2]]),
        (True, False, [[2, 3, 4], [0, 0, 2]]),
        (False, True, [[3, 4, 5], [2, 0, 0]]),
        (False, False, [[2, 3, 4], [2, 0, 0]]),
    ],
)
def test_rows_are_padded_and_trimmed_at_either_end(read, pads_front, trims_front, expected):
    encoding = TextEncoding(["a", "b", "c", "d"], 3, pads_front, trims_front)
    assert read(["a b c d", "a"]).encode(encoding).values.tolist() == expected


@given(st.lists(st.text(st.characters(blacklist_categories=("Cs", "Cc", "Z")), min_size=1), min_size=1, max_size=5))
def test_any_text_becomes_indices_of_the_vocabulary(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("text") / "x.tsv"
    path.write_text("review\n" + "".join(f"a {row}\n" for row in rows))
    texts = Texts(TableSource(path, "reviews", True, ColumnChoice()), TextChoice(0, 3, 4))
    features = texts.prepare(np.arange(len(rows)))
    assert features.values.shape == (len(rows), 4)
    assert features.values.max() < len(features.text.words) + 2


WORDS = {
    "Hindi": ("हिन्दी भाषा में।", ["हिन्दी", "भाषा", "में"]),
    "Thai": ("ภาษาไทย ดี", ["ภาษาไทย", "ดี"]),
    "Tamil": ("தமிழ் மொழி", ["தமிழ்", "மொழி"]),
    "Bengali": ("বাংলা ভাষা", ["বাংলা", "ভাষা"]),
    "decomposed accents": ("Cafe\u0301, CAF\u00c9", ["caf\u00e9"] * 2),
    "Turkish": ("İstanbul I\u0307STANBUL", ["istanbul"] * 2),
    "Persian, with an invisible joiner": ("می\u200cخواهم", ["می\u200cخواهم"]),
    "apostrophes": ("don't l’été 'x' a''b", ["don't", "l’été", "x", "a", "b"]),
    "symbols with a mark": ("ok \u2764\ufe0f", ["ok"]),
}


@pytest.mark.parametrize("text, expected", WORDS.values(), ids=WORDS.keys())
def test_words_are_not_split(text, expected):
    assert split_words(text) == expected


def test_characters_keep_their_marks_and_their_case():
    assert split_characters("C(=O) c") == ["C", "(", "=", "O", ")", "c"]
    assert split_characters("हिन्दी Cafe\u0301") == ["हि", "न्", "दी", "C", "a", "f", "\u00e9"]
    assert split_characters("日本語 です。") == ["日", "本", "語", "で", "す", "。"]


@given(st.text(st.characters(blacklist_categories=("Cs",))))
def test_words_do_not_depend_on_the_encoding_of_letters(text):
    words = split_words(text)
    assert all(words)
    assert split_words(" ".join(words)) == words
    # Compare lower-case text, because the lower case of letters with several accents depends on their order.
    small = unicodedata.normalize("NFC", text.lower())
    assert split_words(small) == split_words(unicodedata.normalize("NFD", small))


def test_all_marks_of_unicode_belong_to_words():
    marks = [chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)).startswith("M")]
    assert len(marks) > 2_000
    assert [mark for mark in marks if len(split_words(f"a{mark}b")) != 1] == []


def test_text_can_be_split_into_characters(read):
    texts = read(["ACGT", "AACC"], TextChoice(0, 10, 5, unit="characters"))
    features = texts.prepare(np.arange(2))
    assert features.text == TextEncoding(["A", "C", "G", "T"], 5, True, True, "characters")
    assert features.values.tolist() == [[0, 2, 3, 4, 5], [0, 2, 2, 3, 3]]
    assert TextEncoder(features.text).encode(["ACX"]).tolist() == [[0, 0, 2, 3, 1]]


def test_the_log_has_the_numbers_of_vocabulary_and_known_words(read, capsys):
    encoding = read([*ROWS, "the"], TextChoice(1, 2, 4)).learn(np.arange(4))
    encoder = TextEncoder(encoding)
    encoder.encode(["The cat's tail", "birds sing"])
    encoder.known_words.report("rows")
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        "Vocabulary: 2 of 6 distinct words in the training rows; most frequent words skipped: 1",
        "Known words in 2 rows: 40% of 5",
        "Warning: 1 of the 2 rows contain no known words; their predictions do not depend on their text",
    ]


WITHOUT_SPACES = {
    "Chinese": ["今天天气很好我们去公园散步吧", "这部电影非常精彩值得一看，演员的表演也很出色"],
    "Thai": ["ภาพยนตร์เรื่องนี้สนุกมาก และนักแสดงเล่นได้ดีเยี่ยม"],
    "DNA": ["ACGTACGTTAGC", "TTAGCATCGA"],
}


@pytest.mark.parametrize("rows", WITHOUT_SPACES.values(), ids=WITHOUT_SPACES.keys())
def test_text_without_spaces_causes_a_warning(read, capsys, rows):
    read(rows)
    assert "Warning: " in (log := capsys.readouterr().out)
    assert "if words are not separated by spaces, split the text into characters" in log
    read(rows, TextChoice(unit="characters"))
    read([*ROWS, "हिन्दी भाषा में लिखा", "今天 天气 很 好"])
    assert capsys.readouterr().out == ""


def test_skipping_most_of_the_text_causes_a_warning(read, capsys):
    read(["aaa aac aag aaa aac", "aac aaa aaa ccc"], TextChoice(2, 10, 5)).learn(np.arange(2))
    expected = "Warning: the 2 skipped words make up 78% of the text; skip fewer words"
    assert expected in capsys.readouterr().out.splitlines()


def test_skipping_all_words_is_refused(read):
    with pytest.raises(InputError, match="reviews: found 6 distinct words in the training rows; expected more than"):
        read(ROWS, TextChoice(6, 10, 4)).learn(np.arange(3))


def test_two_columns_of_text_are_refused(tmp_path):
    path = tmp_path / "x.tsv"
    path.write_text("a\tb\nc\td\n")
    with pytest.raises(TableError, match="reviews: found 2 columns for the text; expected one"):
        Texts(TableSource(path, "reviews", True, ColumnChoice()), TextChoice())
