"""Convert a network's outputs to named columns of labels, probabilities or values."""

import numpy as np

from galaxy_keras.errors import InputError
from galaxy_keras.estimator.contents import Fitted, FittedOutput

PREDICTED = "Predicted"
NamedColumns = list[tuple[str, np.ndarray]]


def check_numbers(outputs: np.ndarray, first_row: int = 0) -> None:
    """Check that a network's outputs are finite; otherwise labels would be predicted from NaN.

    Parameters
    ----------
    outputs
        Shape (n_samples, n_outputs).
    first_row
        Number of samples before the first row of ``outputs``.

    Raises
    ------
    InputError
        An output is NaN or infinite; the message contains the number of the sample.
    """
    wrong = ~np.isfinite(outputs).all(axis=1)
    if wrong.any():
        raise InputError(
            f"estimator: found NaN or infinity among the network's outputs for sample "
            f"{first_row + int(wrong.argmax()) + 1}; expected finite numbers (likely cause: the loss diverged during "
            "training, or the features are far outside of the range of the training data)"
        )


def split_outputs(outputs: np.ndarray, output_layers: list[FittedOutput]) -> list[np.ndarray]:
    """Split concatenated outputs, shape (n_samples, n_outputs), into one array per output layer."""
    return np.split(outputs, np.cumsum([output.output_count for output in output_layers])[:-1], axis=1)


def predict_class_indices(outputs: np.ndarray, fitted: Fitted | FittedOutput) -> np.ndarray:
    """Predict classes by the threshold or, without a threshold, by the largest output.

    Parameters
    ----------
    outputs
        Outputs of the network, shape (n_samples, n_outputs).

    Returns
    -------
    ndarray, int64
        Shape (n_samples,), positions in ``fitted.classes``; for ``multilabel`` shape (n_samples, n_labels), 0 or 1.
    """
    if fitted.target_kind == "multilabel":
        return (outputs > fitted.threshold).astype(np.int64)
    if fitted.threshold is not None:
        # The last output is that of the positive (second) class, also if there is only one output.
        return (outputs[:, -1] > fitted.threshold).astype(np.int64)
    return outputs.argmax(axis=1)


def name_predictions(outputs: np.ndarray, fitted: Fitted | FittedOutput) -> NamedColumns:
    """Return predictions as labels or values.

    Returns
    -------
    list of (name, values)
        ``Predicted`` with one label or number per row; for several labels or targets, one column for each.
    """
    if isinstance(fitted, Fitted) and fitted.outputs:
        parts = zip(fitted.outputs, split_outputs(outputs, fitted.outputs), strict=True)
        return [(output.title, name_predictions(part, output)[0][1]) for output, part in parts]
    if fitted.target_kind in ("labels", "one_hot"):
        # Objects, because in a text array each row needs as much memory as the longest label.
        return [(PREDICTED, np.array(fitted.classes, dtype=object)[predict_class_indices(outputs, fitted)])]
    if fitted.target_kind == "multilabel":
        return _name_columns(fitted.target_names, predict_class_indices(outputs, fitted))
    if fitted.target_kind == "values" and outputs.shape[1] == 1:
        return [(PREDICTED, outputs[:, 0])]
    return _name_columns(fitted.target_names, outputs)


def estimate_probabilities(outputs: np.ndarray, fitted: Fitted | FittedOutput) -> np.ndarray:
    """Return the probability of each class.

    Returns
    -------
    ndarray of shape (n_samples, n_classes), float32
        Classes in the order of ``fitted.classes``. A single output p is the probability of the second class: 1-p, p.

    Raises
    ------
    InputError
        The outputs are not probabilities.
    """
    if not fitted.has_probabilities:
        raise InputError(
            "method: found predict_proba for a network whose outputs are not probabilities; expected predict "
            "(or a classifier that ends in sigmoid or softmax)"
        )
    if fitted.target_kind != "multilabel" and outputs.shape[1] == 1:
        return np.hstack([1 - outputs, outputs])
    return outputs


def name_probabilities(outputs: np.ndarray, fitted: Fitted | FittedOutput) -> NamedColumns:
    """Return one column of probabilities per class, named by the label; see :func:`estimate_probabilities`.

    If there are several targets, the name starts with the target's title: ``species: setosa``.
    """
    if isinstance(fitted, Fitted) and fitted.outputs:
        parts = zip(fitted.outputs, split_outputs(outputs, fitted.outputs), strict=True)
        return [
            (f"{output.title}: {label}", p) for output, part in parts for label, p in name_probabilities(part, output)
        ]
    return _name_columns([str(label) for label in fitted.classes], estimate_probabilities(outputs, fitted))


def name_both(outputs: np.ndarray, fitted: Fitted) -> NamedColumns:
    """Return probabilities, then predicted labels; columns of independent labels start with ``Predicted``."""
    labels = name_predictions(outputs, fitted)
    if fitted.target_kind == "multilabel":
        labels = [(f"{PREDICTED} {name}", values) for name, values in labels]
    return [*name_probabilities(outputs, fitted), *labels]


def _name_columns(names: list[str], values: np.ndarray) -> NamedColumns:
    return list(zip(names, values.T, strict=True))
