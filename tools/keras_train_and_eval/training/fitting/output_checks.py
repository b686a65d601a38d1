"""Check that the outputs of a network fit a target, and choose their decision threshold."""

from galaxy_keras.catalog.losses_and_metrics import find_threshold, INTEGER_LOSSES, Measure, ONE_HOT_LOSSES
from galaxy_keras.errors import InputError
from galaxy_keras.messages import list_some, pluralize
from training.targets.targets import Target


def check_outputs(target: Target, task: str, loss: str, output_count: int) -> None:
    """Refuse a target that does not fit the network's last layer and the loss.

    Parameters
    ----------
    task
        ``classification`` or ``regression``.
    loss
        Keras' name of the loss.
    output_count
        Number of outputs per row.

    Raises
    ------
    InputError
        The number of outputs or the loss does not fit the target.
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
    count, warning = len(target.classes), f". {target.header_warning}" if target.header_warning else ""
    if output_count == 1:
        if count != 2:
            raise InputError(f"{last} for {count} classes; expected {count} outputs with softmax{warning}")
        if loss in (*INTEGER_LOSSES, *ONE_HOT_LOSSES):
            raise InputError(f"loss: found {loss} for a network with 1 output; expected binary_crossentropy")
    elif output_count != count:
        listed = list_some(target.classes, 10)
        raise InputError(f"{last} for {count} classes ({listed}); expected {count} outputs{warning}")


def choose_threshold(target: Target, loss: Measure, output_count: int) -> float | None:
    """Return the threshold above which a single output, or the output of one of several labels, is positive.

    None if the largest output decides.
    """
    if target.kind == "values" or (target.kind != "multilabel" and output_count > 1):
        return None
    return find_threshold(loss)
