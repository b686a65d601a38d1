"""Text as word numbers: what is a word, which words are known, and how rows come to one length."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from galaxy_keras.columns import ColumnChoice
from galaxy_keras.errors import InputError, TableError
from galaxy_keras.estimator_file import TextEncoding
from galaxy_keras.tables import TableSource
from galaxy_keras.text import TextChoice, Texts

ROWS = ["The cat's tail", "the DOG, the tail!", "Äpfel fly"]


@pytest.fixture
def read(tmp_path):
    """Read rows of text with a choice."""

    def read(rows, choice=None):
        path = tmp_path / "x.tsv"
        path.write_text("review\n" + "".join(f"{row}\n" for row in rows))
        return Texts(TableSource(path, "reviews", True, ColumnChoice()), choice)

    return read


def test_words_are_ranked_by_how_often_they_stand_in_the_training_rows(read):
    texts = read(ROWS, TextChoice(0, 10, 4))
    assert texts.learn(np.array([0, 1])).words == ["the", "tail", "cat's", "dog"]
    # The last row's words are known to nobody that has not learnt from it.
    assert texts.prepare(np.array([0, 1])).values.tolist() == [[0, 2, 4, 3], [2, 5, 2, 3], [0, 0, 1, 1]]
    assert texts.learn(np.array([2])).words == ["fly", "äpfel"]


def test_the_most_frequent_words_are_skipped_and_rare_ones_too(read):
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
def test_rows_are_brought_to_one_length_at_either_end(read, pads_front, trims_front, expected):
    encoding = TextEncoding(["a", "b", "c", "d"], 3, pads_front, trims_front)
    assert read(["a b c d", "a"]).encode(encoding).values.tolist() == expected


@given(st.lists(st.text(st.characters(blacklist_categories=("Cs", "Cc", "Z")), min_size=1), min_size=1, max_size=5))
def test_any_text_becomes_numbers_of_the_vocabulary(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("text") / "x.tsv"
    path.write_text("review\n" + "".join(f"a {row}\n" for row in rows))
    texts = Texts(TableSource(path, "reviews", True, ColumnChoice()), TextChoice(0, 3, 4))
    features = texts.prepare(np.arange(len(rows)))
    assert features.values.shape == (len(rows), 4)
    assert features.values.max() < len(features.text.words) + 2


def test_more_skipped_words_than_there_are_is_refused(read):
    with pytest.raises(InputError, match="reviews: found 6 different words in the training rows; expected more than"):
        read(ROWS, TextChoice(6, 10, 4)).learn(np.arange(3))


def test_two_columns_are_no_text(tmp_path):
    path = tmp_path / "x.tsv"
    path.write_text("a\tb\nc\td\n")
    with pytest.raises(TableError, match="reviews: found 2 columns of text; expected one"):
        Texts(TableSource(path, "reviews", True, ColumnChoice()))
