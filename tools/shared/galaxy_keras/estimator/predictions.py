"""From a network's outputs to what a user reads: labels, probabilities, values under their names."""

import numpy as np

from galaxy_keras.errors import InputError
from galaxy_keras.estimator.contents import Fitted, FittedOutput

PREDICTED = "Predicted"
NamedColumns = list[tuple[str, np.ndarray]]


def check_numbers(outputs: np.ndarray, first_row: int = 0) -> None:
    """Refuse a network's outputs that are not finite, of which labels would be decided all the same.

    Parameters
    ----------
    outputs
        Shape (n_samples, n_outputs).
    first_row
        Number of samples before them.

    Raises
    ------
    InputError
        With the sample.
    """
    wrong = ~np.isfinite(outputs).all(axis=1)
    if wrong.any():
        raise InputError(
            f"estimator: found NaN or infinity among the network's outputs for sample "
            f"{first_row + int(wrong.argmax()) + 1}; expected finite numbers (likely cause: a training whose loss grew "
            "beyond all bounds, or features far from those of the training)"
        )


def split_outputs(outputs: np.ndarray, output_layers: list[FittedOutput]) -> list[np.ndarray]:
    """Return each head's own part of outputs that stand side by side."""
    return np.split(outputs, np.cumsum([output.output_count for output in output_layers])[:-1], axis=1)


def predict_class_indices(outputs: np.ndarray, fitted: Fitted | FittedOutput) -> np.ndarray:
    """Decide for classes by the estimator's decision rule.

    Parameters
    ----------
    outputs
        Shape (n_samples, n_outputs), as the network gives them.

    Returns
    -------
    ndarray, int64
        Shape (n_samples,), positions in ``fitted.classes``; for ``multilabel`` shape (n_samples, n_labels), 0 or 1.
    """
    if fitted.target_kind == "multilabel":
        return (outputs > fitted.threshold).astype(np.int64)
    if fitted.threshold is not None:
        # Of one output or of two, the last one speaks for the second class.
        return (outputs[:, -1] > fitted.threshold).astype(np.int64)
    return outputs.argmax(axis=1)


def name_predictions(outputs: np.ndarray, fitted: Fitted | FittedOutput) -> NamedColumns:
    """Give predictions in the user's terms.

    Returns
    -------
    list of (name, values)
        ``Predicted`` with one label or one real number a row; for several labels or targets a column each.
    """
    if fitted.target_kind == "multi_output":
        parts = zip(fitted.outputs, split_outputs(outputs, fitted.outputs), strict=True)
        return [(output.title, name_predictions(part, output)[0][1]) for output, part in parts]
    if fitted.target_kind in ("labels", "one_hot"):
        # As objects: an array of text would give every row the room of the longest label.
        return [(PREDICTED, np.array(fitted.classes, dtype=object)[predict_class_indices(outputs, fitted)])]
    if fitted.target_kind == "multilabel":
        return _name_columns(fitted.target_names, predict_class_indices(outputs, fitted))
    if fitted.target_kind == "values" and outputs.shape[1] == 1:
        return [(PREDICTED, outputs[:, 0])]
    return _name_columns(fitted.target_names, outputs)


def estimate_probabilities(outputs: np.ndarray, fitted: Fitted | FittedOutput) -> np.ndarray:
    """Give each class' probability.

    Returns
    -------
    ndarray of shape (n_samples, n_classes), float32
        Classes in the order of ``fitted.classes``. A single output p is the probability of the second class: 1-p, p.

    Raises
    ------
    InputError
        The outputs are no probabilities.
    """
    if not fitted.has_probabilities:
        raise InputError(
            "method: found predict_proba for a network whose outputs are no probabilities; expected predict "
            "(or a classifier that ends in sigmoid or softmax)"
        )
    if fitted.target_kind != "multilabel" and outputs.shape[1] == 1:
        return np.hstack([1 - outputs, outputs])
    return outputs


def name_probabilities(outputs: np.ndarray, fitted: Fitted | FittedOutput) -> NamedColumns:
    """Give each class' probability under the class' label; see :func:`estimate_probabilities`.

    Of several targets the name of each stands before the label: ``species: setosa``.
    """
    if fitted.target_kind == "multi_output":
        parts = zip(fitted.outputs, split_outputs(outputs, fitted.outputs), strict=True)
        return [
            (f"{output.title}: {label}", p) for output, part in parts for label, p in name_probabilities(part, output)
        ]
    return _name_columns([str(label) for label in fitted.classes], estimate_probabilities(outputs, fitted))


def name_both(outputs: np.ndarray, fitted: Fitted) -> NamedColumns:
    """Give the probabilities, then the labels that follow from them; each of several labels as ``Predicted`` of it."""
    labels = name_predictions(outputs, fitted)
    if fitted.target_kind == "multilabel":
        labels = [(f"{PREDICTED} {name}", values) for name, values in labels]
    return [*name_probabilities(outputs, fitted), *labels]


def _name_columns(names: list[str], values: np.ndarray) -> NamedColumns:
    return list(zip(names, values.T, strict=True))
