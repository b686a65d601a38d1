"""Weights of the classes in the loss, from the user's labels to the positions that Keras knows."""

from itertools import islice

import numpy as np

from galaxy_keras.errors import InputError
from galaxy_keras.messages import list_some, quote, show
from targets import Target

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
    if target.heads or target.strata is None:
        what = "several targets" if target.heads else "several labels a row" if target.classes else "real numbers"
        raise InputError(f"class weights: found them for {what}; expected none, or a target with one class a row")
    labels = [str(label) for label in target.classes]
    if wish == BALANCED:
        weights = _balance(target.strata[rows])
    else:
        for label in wish:
            if label not in labels:
                raise InputError(
                    f"class weights: found the label {quote(label)}; expected one of {list_some(labels, 20)}"
                )
        weights = {position: float(wish.get(label, 1.0)) for position, label in enumerate(labels)}
    listed = [f"{show(labels[position])} {weight:.4g}" for position, weight in islice(weights.items(), WEIGHTS_LISTED)]
    more = ", ..." if len(weights) > WEIGHTS_LISTED else ""
    print(f"Class weights: {', '.join(listed)}{more}", flush=True)
    return weights


def _balance(positions: np.ndarray) -> dict[int, float]:
    from sklearn.utils.class_weight import compute_class_weight

    present = np.unique(positions)
    weights = compute_class_weight("balanced", classes=present, y=positions)
    return dict(zip(present.tolist(), weights.tolist(), strict=True))
