"""The loss and the metric that follow from what a network ends in, where the form leaves them to the tool."""

from galaxy_keras.catalog.losses_and_metrics import F_SCORES, HALF, Measure, narrow_loss
from galaxy_keras.errors import InputError
from galaxy_keras.network.outputs import Head


def choose_loss(task: str, heads: list[Head]) -> Measure:
    """Choose the loss that fits task and outputs.

    Raises
    ------
    InputError
        No loss certainly fits.
    """
    chosen = [_choose_loss_of_head(task, head) for head in heads]
    if len(heads) == 1:
        return chosen[0]
    widest = max(range(len(heads)), key=lambda number: heads[number].units)
    if [narrow_loss(chosen[widest], head.units) for head in heads] != chosen:
        raise InputError(
            f"loss: found automatic for outputs with {', '.join(head.activation for head in heads)}; expected a loss "
            "by name, or the same activation in all (softmax; an output of one unit may have sigmoid beside it)"
        )
    return chosen[widest]


def _choose_loss_of_head(task: str, head: Head) -> Measure:
    if task == "regression":
        return Measure("mean_squared_error")
    is_single = head.units == 1
    if head.is_independent:
        return Measure("binary_crossentropy")
    if head.activation == "softmax":
        return Measure("categorical_crossentropy")
    if head.activation == "linear" and head.units is not None:
        return Measure("binary_crossentropy" if is_single else "categorical_crossentropy", {"from_logits": True})
    if head.activation == "tanh" and head.units is not None:
        return Measure("hinge" if is_single else "categorical_hinge")
    raise InputError(
        f"loss: found automatic for a classifier that ends in {head.activation or 'a layer without activation'}; "
        "expected a loss by name, or a last layer with sigmoid (two classes) or softmax (several)"
    )


def choose_metric(task: str) -> Measure:
    """Choose the metric that fits the task."""
    return Measure("accuracy" if task == "classification" else "mean_absolute_error")


def settle_metric(metric: Measure, heads: list[Head]) -> Measure:
    """Give an F score of single labels the threshold that it needs; without one it takes each output for positive."""
    is_single_label = all(head.units == 1 or head.is_independent for head in heads)
    if metric.name not in F_SCORES or metric.options.get("threshold") is not None or not is_single_label:
        return metric
    return Measure(metric.name, {**metric.options, "threshold": HALF})
