"""Trainings on text and character sequences."""

import json
import re
import zipfile

import numpy as np
import pandas as pd
import pytest
from examples.default_forms import prediction_form
from examples.scripts import TEST_DATA
from examples.trainings import BINARY, write_columns

from galaxy_keras.estimator.contents import FitParameters
from galaxy_keras.estimator.file import read_estimator

TEXT = {"skip_top": 1, "num_words": 7, "maxlen": 5, "padding": "pre", "truncating": "post"}
REVIEW_COLUMNS = {"columns1": ("by_header_name", "review"), "columns2": ("by_header_name", "label")}


@pytest.fixture
def make_text_estimator(make_estimator):
    """Write an estimator that reads five words."""

    def make(word_count=9):
        import keras

        layers = [keras.layers.Embedding(word_count, 4), keras.layers.Flatten()]
        fit = FitParameters(epochs=10, batch_size=16)
        return make_estimator(outputs=1, activation="sigmoid", loss=BINARY, layers=layers, inputs=5, fit=fit)

    return make


@pytest.fixture
def reviews(tmp_path):
    """Write reviews and their labels; the last row has words that no other row has."""
    generator = np.random.default_rng(0)
    labels = generator.integers(0, 2, 120)
    texts = [f"The film was {generator.choice([['bad', 'awful'], ['good', 'great']][label])}" for label in labels]
    texts[-1] += " unheard unheard"
    return write_columns(tmp_path / "reviews.tsv", {"review": texts, "label": labels})


def test_predictions_use_the_vocabulary_of_the_training_rows(train, make_text_estimator, reviews, tmp_path, run_tool):
    # The last row is a validation row.
    split = {"shuffle": "None", "test_size": 0.2}
    files = {"features": reviews, "target": reviews}
    tables = train(make_text_estimator(), files=files, kind="text", text=TEXT, split=split, **REVIEW_COLUMNS)
    assert tables["result"]["accuracy"][0] > 0.9
    fitted = tmp_path / "out" / "fitted.zip"
    text = read_estimator(fitted).fitted.text
    assert set(text.words) < {"the", "film", "was", "bad", "awful", "good", "great"}
    assert len(text.words) == 6
    new = write_columns(tmp_path / "new.tsv", {"words": ["GREAT, good!", "The film was awful"]})
    form = prediction_form(kind="text")
    assert run_tool("model_prediction", form, estimator=fitted, features=new, outfile_predict="p") == 0
    assert pd.read_csv(tmp_path / "out" / "p", sep="\t")["Predicted"].tolist() == [1, 0]


def test_the_log_counts_known_characters_in_trainings_and_predictions(
    train, make_text_estimator, tmp_path, run_tool, capsys
):
    generator = np.random.default_rng(0)
    motifs = ["AAAA", "CCCC"]
    labels = generator.integers(0, 2, 60)
    path = write_columns(tmp_path / "dna.tsv", {"dna": [f"{motifs[label]}G" for label in labels], "label": labels})
    columns = {"columns1": ("by_header_name", "dna"), "columns2": ("by_header_name", "label")}
    text = {**TEXT, "unit": "characters", "skip_top": 0}
    tables = train(make_text_estimator(), files={"features": path, "target": path}, kind="text", text=text, **columns)
    assert tables["result"]["accuracy"][0] == 1
    log = capsys.readouterr().out
    assert "Data: 60 rows, 5 characters; target: 2 classes" in log
    assert "Vocabulary: 3 of 3 distinct characters in the training rows; most frequent characters skipped: 0" in log
    assert "Known characters in 12 validation rows: 100% of 60" in log
    fitted = tmp_path / "out" / "fitted.zip"
    assert read_estimator(fitted).fitted.text.unit == "characters"
    new = write_columns(tmp_path / "new.tsv", {"dna": ["CCCC", "AAA A", "TTTT"]})
    form = prediction_form(kind="text")
    assert run_tool("model_prediction", form, estimator=fitted, features=new, outfile_predict="p") == 0
    assert pd.read_csv(tmp_path / "out" / "p", sep="\t")["Predicted"].tolist()[:2] == [1, 0]
    log = capsys.readouterr().out
    assert "Known characters in 3 rows: 67% of 12" in log
    assert "Warning: 1 of the 3 rows contain no known characters; their predictions do not depend on their text" in log


def test_estimator_files_without_a_unit_hold_words():
    with zipfile.ZipFile(TEST_DATA / "fitted_texts.zip") as archive:
        assert "unit" not in json.loads(archive.read("estimator.json"))["fitted"]["text"]
    assert read_estimator(TEST_DATA / "fitted_texts.zip").fitted.text.unit == "words"


def test_a_vocabulary_beyond_the_embedding_is_refused(check_training_refusal, make_text_estimator, reviews):
    files = {"features": reviews, "target": reviews}
    line = check_training_refusal(make_text_estimator(7), files, kind="text", text=TEXT, **REVIEW_COLUMNS)
    assert re.search(r"found a vocabulary of [67] words; expected at most 5", line)
