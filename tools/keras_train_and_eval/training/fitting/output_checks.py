"""What a network's outputs can say about a target, and above what they say yes."""

from galaxy_keras.catalog.losses_and_metrics import find_threshold, INTEGER_LOSSES, Measure, ONE_HOT_LOSSES
from galaxy_keras.errors import InputError
from galaxy_keras.messages import list_some, pluralize
from training.targets.targets import Target


def check_outputs(target: Target, task: str, loss: str, output_count: int) -> None:
    """Refuse a target that the network's last layer and the loss cannot express.

    Parameters
    ----------
    output_count
        Number of the network's outputs for a row.

    Raises
    ------
    InputError
        With the numbers found and what would be right.
    """
    place = f"output for {target.title}" if target.title else "last layer"
    last = f"architecture, {place}: found {pluralize(output_count, 'output')}"
    if target.strata is None:
        if output_count != len(target.names):
            what = "target column" if task == "regression" else "label"
            found = pluralize(len(target.names), what)
            raise InputError(f"{last} for {found}; expected as many outputs as columns")
        if loss in (*INTEGER_LOSSES, *ONE_HOT_LOSSES) and target.kind == "multilabel":
            raise InputError(
                f"loss: found {loss} for rows with none or several of the labels; expected binary_crossentropy"
            )
        return
    count, doubt = len(target.classes), f". {target.doubt}" if target.doubt else ""
    if output_count == 1:
        if count != 2:
            raise InputError(f"{last} for {count} classes; expected {count} outputs with softmax{doubt}")
        if loss in (*INTEGER_LOSSES, *ONE_HOT_LOSSES):
            raise InputError(f"loss: found {loss} for a network with 1 output; expected binary_crossentropy")
    elif output_count != count:
        listed = list_some(target.classes, 10)
        raise InputError(f"{last} for {count} classes ({listed}); expected {count} outputs{doubt}")


def choose_threshold(target: Target, loss: Measure, output_count: int) -> float | None:
    """Choose above what a single output, or one of several labels, is positive.

    None where the largest output decides.
    """
    if target.kind == "values" or (target.kind != "multilabel" and output_count > 1):
        return None
    return find_threshold(loss)
