"""Weights of the classes in the loss, from the user's labels to the positions that Keras knows."""

from itertools import islice

import numpy as np

from galaxy_keras.errors import InputError
from galaxy_keras.log import say
from galaxy_keras.messages import list_some, quote, show
from training.targets.targets import Target

BALANCED = "balanced"
# Classes whose weight is printed.
WEIGHTS_LISTED = 20


def weigh_classes(wish: dict[str, float] | str | None, target: Target, rows: np.ndarray) -> dict[int, float] | None:
    """Give each class' weight, and print it.

    Parameters
    ----------
    wish
        As the estimator holds it: weights by label, ``balanced`` or None.
    rows
        Numbers of the training rows, which the balanced weights are inverse to.

    Returns
    -------
    dict or None
        Weights by position; a label that has none given has 1. None where all classes weigh the same.

    Raises
    ------
    InputError
        The target has no one class a row, or not the labels that have weights.
    """
    if wish is None:
        return None
    if target.outputs or target.strata is None:
        what = "several targets" if target.outputs else "several labels a row" if target.classes else "real numbers"
        raise InputError(f"class weights: found them for {what}; expected none, or a target with one class a row")
    labels = [str(label) for label in target.classes]
    if wish == BALANCED:
        weights = _balance(target.strata[rows])
    else:
        weights = dict.fromkeys(range(len(labels)), 1.0)
        weights |= {_find_label(label, labels): float(weight) for label, weight in wish.items()}
    listed = [f"{show(labels[position])} {weight:.4g}" for position, weight in islice(weights.items(), WEIGHTS_LISTED)]
    more = ", ..." if len(weights) > WEIGHTS_LISTED else ""
    say(f"Class weights: {', '.join(listed)}{more}")
    return weights


def _find_label(wanted: str, labels: list[str]) -> int:
    """Return the position of a label: as it is written, or else as the number that it is, such as 1 for 1.0."""
    if wanted in labels:
        return labels.index(wanted)
    number = _read_number(wanted)
    same = [position for position, label in enumerate(labels) if number is not None and _read_number(label) == number]
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
    weights = compute_class_weight("balanced", classes=present, y=class_indices)
    return dict(zip(present.tolist(), weights.tolist(), strict=True))
