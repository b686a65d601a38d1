"""Conversion of a network's outputs to labels, probabilities and values."""

import numpy as np
import pytest

from galaxy_keras.errors import InputError
from galaxy_keras.estimator.contents import Fitted
from galaxy_keras.estimator.predictions import name_both, name_predictions, name_probabilities


def fitted(kind="labels", classes=(), targets=("y",), threshold=None, has_probabilities=True):
    return Fitted(kind, list(classes), list(targets), 1, None, threshold, has_probabilities, {})


def as_dict(columns):
    return {name: values.tolist() for name, values in columns}


ONE = np.array([[0.2], [0.5], [0.7]], dtype=np.float32)
THREE = np.array([[0.2, 0.7, 0.1], [0.3, 0.3, 0.4]], dtype=np.float32)


def test_a_single_output_is_compared_with_the_threshold():
    assert as_dict(name_predictions(ONE, fitted(classes=["no", "yes"], threshold=0.5))) == {
        "Predicted": ["no", "no", "yes"]
    }
    assert as_dict(name_predictions(ONE - 0.5, fitted(classes=[1, 2], threshold=0.0))) == {"Predicted": [1, 1, 2]}


def test_the_class_with_the_largest_output_is_predicted():
    assert as_dict(name_predictions(THREE, fitted(classes=[10, 20, 40]))) == {"Predicted": [20, 40]}
    assert as_dict(name_predictions(THREE, fitted("one_hot", ["a", "b", "c"]))) == {"Predicted": ["b", "c"]}


def test_the_second_of_two_outputs_is_compared_with_the_threshold():
    outputs = np.array([[0.8, 0.2], [0.6, 0.4], [0.1, 0.9]], dtype=np.float32)
    assert as_dict(name_predictions(outputs, fitted(classes=["no", "yes"]))) == {"Predicted": ["no", "no", "yes"]}
    lower = fitted(classes=["no", "yes"], threshold=0.3)
    assert as_dict(name_predictions(outputs, lower)) == {"Predicted": ["no", "yes", "yes"]}


def test_labels_follow_probabilities():
    one = as_dict(name_both(ONE, fitted(classes=["no", "yes"], threshold=0.5)))
    assert list(one) == ["no", "yes", "Predicted"]
    several = as_dict(name_both(THREE, fitted("multilabel", "abc", targets="abc", threshold=0.25)))
    assert list(several) == ["a", "b", "c", "Predicted a", "Predicted b", "Predicted c"]
    assert several["Predicted b"] == [1, 1]


def test_independent_labels_are_predicted_separately():
    found = as_dict(name_predictions(THREE, fitted("multilabel", "abc", targets="abc", threshold=0.25)))
    assert found == {"a": [0, 1], "b": [1, 1], "c": [0, 1]}


def test_values_are_named_by_target():
    assert list(as_dict(name_predictions(ONE, fitted("values")))) == ["Predicted"]
    assert list(as_dict(name_predictions(THREE, fitted("values", targets="abc")))) == ["a", "b", "c"]


def test_probabilities_are_named_by_label():
    found = as_dict(name_probabilities(ONE, fitted(classes=["no", "yes"], threshold=0.5)))
    assert found["yes"] == pytest.approx([0.2, 0.5, 0.7])
    assert found["no"] == pytest.approx([0.8, 0.5, 0.3])
    assert list(as_dict(name_probabilities(THREE, fitted(classes=[1, 2, 3])))) == ["1", "2", "3"]


def test_probabilities_of_other_outputs_are_refused():
    with pytest.raises(InputError, match="found predict_proba for a network whose outputs are not probabilities"):
        name_probabilities(ONE, fitted(classes=["no", "yes"], threshold=0.0, has_probabilities=False))
