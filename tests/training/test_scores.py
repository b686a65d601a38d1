"""Scores of predictions, compared with those of scikit-learn."""

from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from examples.scripts import ROOT
from sklearn import metrics

from galaxy_keras.errors import InputError
from galaxy_keras.estimator.scores import RENAMED_SCORES
from training.scoring import scores
from training.targets import targets

TRUTH = ["b", "a", "b", "c", "a", "c", "b", "a"]
Y_PRED = np.array([1, 0, 2, 2, 0, 1, 1, 1])
ROWS = np.arange(8)


def test_scores_of_three_classes_are_those_of_scikit_learn():
    target = targets.read_target(pd.DataFrame({"y": TRUTH}), "classification")
    probabilities = np.random.default_rng(0).dirichlet([1, 1, 1], 8)
    names = scores.list_scores("accuracy", ["f1_macro", "precision_wighted", "neg_log_loss"], "classification")
    found = scores.compute_scores(names, target, ROWS, Y_PRED, probabilities)
    y_true = np.array([0, 1, 2])[np.searchsorted(["a", "b", "c"], TRUTH)]
    assert found == pytest.approx(
        {
            "accuracy": metrics.accuracy_score(y_true, Y_PRED),
            "f1_macro": metrics.f1_score(y_true, Y_PRED, average="macro"),
            "precision_weighted": metrics.precision_score(y_true, Y_PRED, average="weighted"),
            "neg_log_loss": -metrics.log_loss(y_true, probabilities),
        }
    )


def test_the_second_of_two_text_labels_is_the_positive_class():
    target = targets.read_target(pd.DataFrame({"y": ["neg", "pos", "pos", "neg"]}), "classification")
    probabilities = np.array([[0.9, 0.1], [0.6, 0.4], [0.2, 0.8], [0.7, 0.3]])
    found = scores.compute_scores(["f1", "roc_auc"], target, np.arange(4), np.array([0, 0, 1, 0]), probabilities)
    assert found == pytest.approx({"f1": 2 / 3, "roc_auc": 1.0})


def list_offered_scores():
    """Return the scores that the form offers, by task."""
    macros = ElementTree.parse(ROOT / "tools" / "keras_train_and_eval" / "scoring.xml").getroot()
    options = macros.findall("xml[@name='options/scores']/option")
    return {
        task: [option.get("value") for option in options if option.text.lower().startswith(task)]
        for task in ("classification", "regression")
    }


def test_the_form_offers_all_scores_of_scikit_learn_except_those_of_clusters():
    clusters = {name for name in metrics.get_scorer_names() if name.endswith(("rand_score", "info_score"))}
    clusters |= {"completeness_score", "fowlkes_mallows_score", "homogeneity_score", "v_measure_score"}
    offered = {name for names in list_offered_scores().values() for name in names}
    names = {**scores.MISSPELLED_SCORES, **RENAMED_SCORES}
    assert {names.get(name, name) for name in offered} == {
        *(set(metrics.get_scorer_names()) - clusters),
        "spearman_correlation",
    }


def test_every_score_of_the_form_can_be_computed_for_a_target():
    two = targets.read_target(pd.DataFrame({"y": [0, 1] * 4}), "classification")
    flags = targets.read_target(pd.DataFrame({"a": [1, 1, 0, 0], "b": [1, 0, 1, 1]}), "classification")
    values = targets.read_target(pd.DataFrame({"y": [1.0, 2.0, 3.5]}), "regression")
    offered = list_offered_scores()
    for name in offered["classification"]:
        target = flags if name.endswith("_samples") else two
        scores.check_scores(scores.list_scores(name, [], "classification"), target, np.arange(4), True)
    for name in [*offered["regression"], "default"]:
        scores.check_scores(scores.list_scores(name, [], "regression"), values, np.arange(3), False)


def test_probability_scores_of_three_classes_are_those_of_scikit_learn():
    target = targets.read_target(pd.DataFrame({"y": TRUTH}), "classification")
    probabilities = np.random.default_rng(0).dirichlet([1, 1, 1], 8)
    names = scores.list_scores("roc_auc_ovr", ["matthews_corrcoef", "top_k_accuracy"], "classification")
    found = scores.compute_scores(names, target, ROWS, Y_PRED, probabilities)
    y_true = np.searchsorted(["a", "b", "c"], TRUTH)
    assert found == pytest.approx(
        {
            "roc_auc_ovr": metrics.roc_auc_score(y_true, probabilities, multi_class="ovr"),
            "matthews_corrcoef": metrics.matthews_corrcoef(y_true, Y_PRED),
            "top_k_accuracy": metrics.top_k_accuracy_score(y_true, probabilities, k=2),
        }
    )


@pytest.mark.parametrize(
    "name, message",
    [
        pytest.param("f1", "found f1, which cannot be computed for the evaluation rows: .*multiclass", id="binary"),
        pytest.param("f1_samples", "found f1_samples, which cannot be computed", id="multilabel"),
    ],
)
def test_scores_for_another_kind_of_target_are_refused(name, message):
    target = targets.read_target(pd.DataFrame({"y": TRUTH}), "classification")
    with pytest.raises(InputError, match=message):
        scores.check_scores([name], target, ROWS, True)


def test_a_score_that_is_not_defined_for_the_evaluation_rows_is_refused():
    target = targets.read_target(pd.DataFrame({"y": [0, 0, 0, 1]}), "classification")
    with pytest.raises(InputError, match="found roc_auc"):
        scores.check_scores(["roc_auc"], target, np.arange(3), True)


COUNTS = [0, 1, 5, 2]


@pytest.mark.parametrize(
    "name, values",
    [
        # This deviance is not defined for a prediction of zero.
        ("neg_mean_poisson_deviance", COUNTS),
        ("neg_mean_squared_log_error", [-0.5, 2, 3]),
        ("neg_mean_gamma_deviance", [0.5, 2, 3]),
        ("r2", [2, 2, 2]),
    ],
)
def test_a_score_that_is_defined_for_some_predictions_is_accepted(name, values):
    target = targets.read_target(pd.DataFrame({"y": values}), "regression")
    rows = np.arange(len(values))
    scores.check_scores([name], target, rows, False)
    predicted = target.y + 0.25
    found = scores.compute_scores([name], target, rows, predicted, None)
    assert found == {name: metrics.get_scorer(name)._score_func(target.y, predicted) * (-1) ** (name != "r2")}


@pytest.mark.parametrize(
    "name, values",
    [("neg_mean_gamma_deviance", COUNTS), ("neg_mean_poisson_deviance", [-1, 2, 3]), ("spearman_correlation", [2, 2])],
)
def test_a_score_that_is_not_defined_for_any_prediction_is_refused(name, values):
    target = targets.read_target(pd.DataFrame({"y": values}), "regression")
    with pytest.raises(InputError, match=f"found {name}, which cannot be computed for the evaluation rows: .*n"):
        scores.check_scores([name], target, np.arange(len(values)), False)


def test_a_score_keeps_its_name_in_the_form():
    """The form has max_error of published workflows, with the sign of scikit-learn's neg_max_error."""
    names = scores.list_scores("max_error", [], "regression")
    target = targets.read_target(pd.DataFrame({"y": [1.0, 2.0, 5.0]}), "regression")
    found = scores.compute_scores(names, target, np.arange(3), np.array([1.0, 4.0, 6.0]), None)
    assert found == {"max_error": -2.0}
    with pytest.raises(InputError, match="found max_error for a classification"):
        scores.list_scores("max_error", [], "classification")


def test_probability_scores_are_refused_without_probabilities():
    target = targets.read_target(pd.DataFrame({"y": [0, 1, 0, 1]}), "classification")
    with pytest.raises(InputError, match="neg_log_loss.*not probabilities"):
        scores.check_scores(["neg_log_loss"], target, np.arange(4), False)


@pytest.mark.parametrize(
    "name, task, message",
    [
        ("r2", "classification", "found r2 for a classification"),
        ("accuracy", "regression", "found accuracy for a regression"),
        ("binarize_auc_scorer", "classification", "expected roc_auc"),
        ("no_such_score", "classification", None),
    ],
)
def test_scores_for_another_task_are_refused(name, task, message):
    target = targets.read_target(pd.DataFrame({"y": [0, 1, 0, 1]}), "classification")
    with pytest.raises(InputError, match=message or "expected a score that scikit-learn knows"):
        scores.check_scores(scores.list_scores(name, [], task), target, np.arange(4), True)


def test_duplicate_scores_are_removed():
    assert scores.list_scores("default", ["accuracy", "f1", "f1"], "classification") == ["accuracy", "f1"]


def test_a_score_that_is_not_defined_for_the_predictions_is_nan(capsys):
    target = targets.read_target(pd.DataFrame({"y": [1.0, 2.0, 3.0]}), "regression")
    found = scores.compute_scores(
        ["neg_mean_squared_log_error", "r2"], target, np.arange(3), np.array([-9, 2, 3]), None
    )
    assert np.isnan(found["neg_mean_squared_log_error"])
    assert np.isfinite(found["r2"])
    assert "neg_mean_squared_log_error is undefined for these predictions" in capsys.readouterr().out


@pytest.mark.parametrize(
    "name, compute",
    [
        ("neg_log_loss", lambda y, p: -metrics.log_loss(y, p, labels=range(3))),
        ("neg_brier_score", lambda y, p: -metrics.brier_score_loss(y, p, labels=range(3))),
        ("d2_log_loss_score", lambda y, p: metrics.d2_log_loss_score(y, p, labels=range(3))),
        ("d2_brier_score", lambda y, p: metrics.d2_brier_score(y, p, labels=range(3))),
        ("top_k_accuracy", lambda y, p: metrics.top_k_accuracy_score(y, p, labels=range(3))),
    ],
)
def test_evaluation_rows_can_lack_a_class(name, compute):
    target = targets.read_target(pd.DataFrame({"y": list("abcab")}), "classification")
    rows, probabilities = np.array([0, 1, 3, 4]), np.random.default_rng(1).dirichlet([1, 1, 1], 4)
    scores.check_scores([name], target, rows, True)
    found = scores.compute_scores([name], target, rows, probabilities.argmax(axis=1), probabilities)
    assert found[name] == pytest.approx(compute(target.y[rows], probabilities))


def test_a_score_that_needs_every_class_names_the_missing_one():
    target = targets.read_target(pd.DataFrame({"y": list("abcab")}), "classification")
    with pytest.raises(InputError, match="roc_auc_ovr.*they do not contain the class c; expected another split"):
        scores.check_scores(["roc_auc_ovr"], target, np.array([0, 1, 3, 4]), True)
    with pytest.raises(InputError, match="roc_auc, which.*needs two classes, and there are 3; expected roc_auc_ovr"):
        scores.check_scores(["roc_auc"], target, np.arange(5), True)
