"""The classification report against scikit-learn called directly."""

import numpy as np
import pytest
from sklearn.metrics import classification_report

from galaxy_keras.plots import class_labels, label_plots

TRUE = ["b", "c", "a", "c", "c", "b", "a", "c", "a"]
PREDICTED = ["b", "c", "a", "b", "c", "a", "a", "c", "d"]


@pytest.fixture
def report():
    """Make the report's plot."""
    labels = class_labels
    plots = label_plots
    pairs = labels.LabelPairs(np.array(TRUE), np.array(PREDICTED), ["a", "b", "c", "d"], [])
    return plots.plot_classification_report(pairs, "T", "Blues")


def test_the_report_equals_scikit_learn(report):
    expected = classification_report(TRUE, PREDICTED, output_dict=True, zero_division=0)
    for row in report.table.itertuples():
        name = row[1].replace("average", "avg")
        measures = [expected[name][key] for key in ("precision", "recall", "f1-score", "support")]
        assert [row.precision, row.recall, row.f1, row.rows] == pytest.approx(measures)
    assert report.table["class"].tolist() == ["a", "b", "c", "d", "macro average", "weighted average"]


def test_the_report_shows_fractions_and_numbers_of_rows(report):
    assert report.image.rows[:4] == ["a (3)", "b (2)", "c (4)", "d (0)"]
    assert report.image.columns == ["precision", "recall", "F1"]
    assert report.image.largest == 1.0
    np.testing.assert_allclose(report.image.values, report.table[["precision", "recall", "f1"]])
