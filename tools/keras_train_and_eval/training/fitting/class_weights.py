"""Class weights of the loss: from the user's labels to Keras' class indices."""

from itertools import islice

import numpy as np

from galaxy_keras.errors import InputError
from galaxy_keras.log import say
from galaxy_keras.messages import list_some, quote, show
from training.targets.targets import Target

BALANCED = "balanced"
# Number of classes whose weight is logged.
WEIGHTS_LISTED = 20


def weigh_classes(
    class_weight: dict[str, float] | str | None, target: Target, rows: np.ndarray
) -> dict[int, float] | None:
    """Return the weight of each class, and log the weights.

    Parameters
    ----------
    class_weight
        As in the estimator: weights by label, ``balanced`` or None.
    rows
        Numbers of the training rows. Balanced weights are inversely proportional to the class frequencies in them.

    Returns
    -------
    dict or None
        Weights by class index; 1 for a label without a weight. None if all classes have the same weight.

    Raises
    ------
    InputError
        The target does not have exactly one class per row, or a label is unknown.
    """
    if class_weight is None:
        return None
    if target.outputs or target.strata is None:
        what = "several targets" if target.outputs else "several labels per row" if target.classes else "real numbers"
        raise InputError(f"class weights: found a target of {what}; expected one class per row, or no class weights")
    labels = [str(label) for label in target.classes]
    if isinstance(class_weight, str):
        weights = _balance(target.strata[rows])
    else:
        weights = dict.fromkeys(range(len(labels)), 1.0)
        weights |= {_find_label(label, labels): float(weight) for label, weight in class_weight.items()}
    listed = [f"{show(labels[index])} {weight:.4g}" for index, weight in islice(weights.items(), WEIGHTS_LISTED)]
    more = ", ..." if len(weights) > WEIGHTS_LISTED else ""
    say(f"Class weights: {', '.join(listed)}{more}")
    return weights


def _find_label(wanted: str, labels: list[str]) -> int:
    """Return the index of a label with the same text, or else with the same number, such as 1 for 1.0."""
    if wanted in labels:
        return labels.index(wanted)
    number = _read_number(wanted)
    same = [index for index, label in enumerate(labels) if number is not None and _read_number(label) == number]
    if len(same) != 1:
        raise InputError(f"class weights: found the label {quote(wanted)}; expected one of {list_some(labels, 20)}")
    return same[0]


def _read_number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _balance(class_indices: np.ndarray) -> dict[int, float]:
    from sklearn.utils.class_weight import compute_class_weight

    present = np.unique(class_indices)
    weights = compute_class_weight(BALANCED, classes=present, y=class_indices)
    return dict(zip(present.tolist(), weights.tolist(), strict=True))
