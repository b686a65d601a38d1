"""Choose the automatic loss and metric from the output layers of a network."""

from galaxy_keras.catalog.losses_and_metrics import F_SCORES, HALF, Measure, narrow_loss
from galaxy_keras.errors import InputError
from galaxy_keras.network.outputs import Output


def choose_loss(task: str, output_layers: list[Output]) -> Measure:
    """Choose the loss that matches the task and the outputs.

    Raises
    ------
    InputError
        The choice is ambiguous.
    """
    chosen = [_choose_loss_of_output(task, output) for output in output_layers]
    if len(output_layers) == 1:
        return chosen[0]
    widest = max(range(len(output_layers)), key=lambda number: output_layers[number].units or 0)
    if [narrow_loss(chosen[widest], output.units) for output in output_layers] != chosen:
        activations = ", ".join(str(output.activation) for output in output_layers)
        raise InputError(
            f"loss: found automatic for outputs with {activations}; expected a loss by name, "
            "or the same activation in all (softmax; outputs of one unit may have sigmoid)"
        )
    return chosen[widest]


def _choose_loss_of_output(task: str, output: Output) -> Measure:
    if task == "regression":
        return Measure("mean_squared_error")
    is_single = output.units == 1
    if output.is_independent:
        return Measure("binary_crossentropy")
    if output.activation == "softmax":
        return Measure("categorical_crossentropy")
    if output.activation == "linear" and output.units is not None:
        return Measure("binary_crossentropy" if is_single else "categorical_crossentropy", {"from_logits": True})
    if output.activation == "tanh" and output.units is not None:
        return Measure("hinge" if is_single else "categorical_hinge")
    raise InputError(
        f"loss: found automatic for a classifier that ends in {output.activation or 'a layer without activation'}; "
        "expected a loss by name, or a last layer with sigmoid (two classes) or softmax (several)"
    )


def choose_metric(task: str) -> Measure:
    """Choose the metric that matches the task."""
    return Measure("accuracy" if task == "classification" else "mean_absolute_error")


def settle_metric(metric: Measure, output_layers: list[Output]) -> Measure:
    """Set the threshold of an F score for binary or independent outputs.

    Without a threshold, Keras takes the largest output of a row as positive. If there is only one output, it is always
    positive (seen in Keras 3.15.1).
    """
    is_single_label = all(output.units == 1 or output.is_independent for output in output_layers)
    if metric.name not in F_SCORES or metric.options.get("threshold") is not None or not is_single_label:
        return metric
    return Measure(metric.name, {**metric.options, "threshold": HALF})
