"""Scores of predictions, compared with scikit-learn's functions."""

import numpy as np
import pytest
from sklearn import metrics

from galaxy_keras.errors import InputError
from galaxy_keras.estimator.scores import compute_score, Predictions

Y_TRUE = np.array([0, 1, 2, 1, 0, 2])
Y_PRED = np.array([0, 2, 2, 1, 1, 2])
PROBABILITIES = np.random.default_rng(0).dirichlet([1, 1, 1], 6)
LABELS = np.array([[1, 0], [0, 1], [1, 1], [0, 0]])


def test_scores_of_classes_use_class_indices_or_probabilities():
    predictions = Predictions(Y_PRED, PROBABILITIES, class_count=3)
    assert compute_score("accuracy", Y_TRUE, predictions) == pytest.approx(metrics.accuracy_score(Y_TRUE, Y_PRED))
    expected = metrics.roc_auc_score(Y_TRUE, PROBABILITIES, multi_class="ovr")
    assert compute_score("roc_auc_ovr", Y_TRUE, predictions) == pytest.approx(expected)


def test_scores_of_several_labels_are_those_of_their_columns():
    probabilities = np.array([[0.9, 0.4], [0.2, 0.3], [0.6, 0.8], [0.7, 0.1]])
    predictions = Predictions((probabilities > 0.5).astype(int), probabilities, class_count=2)
    expected = metrics.f1_score(LABELS, probabilities > 0.5, average="macro")
    assert compute_score("f1_macro", LABELS, predictions) == pytest.approx(expected)
    assert compute_score("roc_auc", LABELS, predictions) == pytest.approx(metrics.roc_auc_score(LABELS, probabilities))


def test_scores_of_real_numbers_are_larger_for_better_predictions():
    y_true, y_pred = np.array([1.0, 2.0, 5.0, 3.0]), np.array([1.0, 4.0, 6.0, 3.5])
    assert compute_score("r2", y_true, Predictions(y_pred)) == pytest.approx(metrics.r2_score(y_true, y_pred))
    assert compute_score("max_error", y_true, Predictions(y_pred)) == -2
    assert compute_score("spearman_correlation", y_true, Predictions(y_true**2)) == pytest.approx(1)


def test_a_score_of_probabilities_is_undefined_without_them():
    with pytest.raises(ValueError, match="not probabilities"):
        compute_score("neg_log_loss", Y_TRUE, Predictions(Y_PRED, class_count=3))


def test_an_unknown_score_is_refused():
    with pytest.raises(InputError, match="found 'other_score'; expected a score that scikit-learn knows"):
        compute_score("other_score", Y_TRUE, Predictions(Y_PRED, class_count=3))
