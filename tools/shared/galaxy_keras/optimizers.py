"""Optimizers from names and options to the serialised form that the estimator file holds, and back."""

import inspect
import math
from typing import Any

from galaxy_keras.architecture import describe_error
from galaxy_keras.errors import InputError

# Keras 2's `decay`: the learning rate divided by 1 + decay * step.
DECAY_SCHEDULE = "InverseTimeDecay"
# Least value, and the value that must not be reached or None; Keras itself takes these options unchecked.
RANGES: dict[str, tuple[float, float | None]] = {
    "learning_rate": (0, None),
    "decay": (0, None),
    "epsilon": (0, None),
    "rho": (0, 1),
    "beta_1": (0, 1),
    "beta_2": (0, 1),
}


def list_optimizers() -> dict[str, type]:
    """Give Keras' optimizers by class name."""
    import keras

    base = keras.optimizers.Optimizer
    found = {name: item for name, item in vars(keras.optimizers).items() if isinstance(item, type)}
    wrappers = ("Optimizer", "LossScaleOptimizer", "MultiOptimizer")
    return {name: item for name, item in found.items() if issubclass(item, base) and name not in wrappers}


def make_optimizer(class_name: str, options: dict[str, Any]) -> dict[str, Any]:
    """Make an optimizer and serialise it.

    Parameters
    ----------
    class_name
        Keras' class, in any letter case.
    options
        Keras' arguments, and ``decay`` of Keras 2. None leaves an option to Keras' default, zero is zero.

    Returns
    -------
    dict
        As ``keras.optimizers.serialize`` gives it, the learning rate with the digits that were given.

    Raises
    ------
    InputError
        Keras has no such optimizer or option, or refuses a value.
    """
    import keras

    classes = list_optimizers()
    optimizer_class = next((item for name, item in classes.items() if name.lower() == class_name.lower()), None)
    if optimizer_class is None:
        raise InputError(f"optimizer: found {class_name!r}; expected one of {', '.join(classes)}")
    class_name = optimizer_class.__name__
    allowed = inspect.signature(optimizer_class).parameters
    given = {name: value for name, value in options.items() if value is not None}
    for name, value in given.items():
        if name != "decay" and name not in allowed:
            raise InputError(f"optimizer {class_name}: found the option {name}; expected one of {', '.join(allowed)}")
        given[name] = _check_option(class_name, name, value, allowed[name].default if name in allowed else 0.0)
    decay = given.pop("decay", 0)
    rate = given.pop("learning_rate", allowed["learning_rate"].default)
    try:
        schedule = keras.optimizers.schedules.InverseTimeDecay(rate, decay_steps=1, decay_rate=decay)
        serialised = keras.optimizers.serialize(optimizer_class(learning_rate=schedule if decay else rate, **given))
    except Exception as error:  # Keras raises whatever an optimizer's constructor raises.
        raise InputError(f"optimizer {class_name}: {describe_error(error)}") from None
    if not decay:
        # Keras keeps it as a float32 and would write 0.0010000000474974513.
        serialised["config"]["learning_rate"] = rate
    return serialised


def read_options(optimizer: dict[str, Any]) -> dict[str, Any]:
    """Give a serialised optimizer's options as :func:`make_optimizer` takes them, ``decay`` included."""
    options = dict(optimizer["config"])
    rate = options.get("learning_rate")
    decay = 0.0
    if isinstance(rate, dict) and rate.get("class_name") == DECAY_SCHEDULE:
        options["learning_rate"], decay = rate["config"]["initial_learning_rate"], rate["config"]["decay_rate"]
    return {**options, "decay": decay}


def _check_option(class_name: str, name: str, value: Any, default: Any) -> Any:
    """Refuse a value that Keras would take and train on nonsense; give a whole number where a float belongs as one."""
    place = f"optimizer {class_name}, {name}"
    if name == "name":
        return value
    if isinstance(default, bool):
        if not isinstance(value, bool):
            raise InputError(f"{place}: found {value!r}; expected True or False")
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise InputError(f"{place}: found {value!r}; expected a number")
    least, limit = RANGES.get(name, (-math.inf, None))
    if value < least or (limit is not None and value >= limit):
        below = f" and below {limit:g}" if limit is not None else ""
        raise InputError(f"{place}: found {value:g}; expected a number not below {least:g}{below}")
    return float(value) if isinstance(default, float) else value
