"""Create serialized optimizers and learning rate schedules from names and options."""

from typing import Any, TYPE_CHECKING

from galaxy_keras.catalog.classes import OPTIMIZERS, SCHEDULES
from galaxy_keras.catalog.keras_objects import construct, describe_error
from galaxy_keras.catalog.options import check_option, OPTIONS
from galaxy_keras.errors import InputError

if TYPE_CHECKING:
    from keras.optimizers.schedules import LearningRateSchedule

# `decay` of Keras 2 divides the learning rate by 1 + decay * step.
DECAY_SCHEDULE = "InverseTimeDecay"
PIECEWISE = "PiecewiseConstantDecay"
# Argument of schedules for the initial learning rate, which is that of the optimizer.
FIRST_RATE = "initial_learning_rate"
Schedule = tuple[str, dict[str, Any]]


def make_optimizer(class_name: str, options: dict[str, Any], schedule: Schedule | None = None) -> dict[str, Any]:
    """Create and serialize an optimizer.

    Parameters
    ----------
    class_name
        Name of the class, in any letter case.
    options
        Arguments of the class, and ``decay`` of Keras 2. None selects the default.
    schedule
        Class and options of a learning rate schedule; None uses a constant learning rate.

    Returns
    -------
    dict
        Result of ``keras.optimizers.serialize``, with the exact learning rate.

    Raises
    ------
    InputError
        Keras does not have the optimizer, schedule or option, or refuses a value.
    """
    import keras

    class_name = OPTIMIZERS.find(class_name)
    options = dict(options)
    decay = options.pop("decay", None)
    if decay is not None and check_option(f"optimizer {class_name}, decay", OPTIONS["decay"], decay):
        if schedule:
            raise InputError(f"decay: found it together with the schedule {schedule[0]}; expected one of the two")
        schedule = (DECAY_SCHEDULE, {"decay_steps": 1, "decay_rate": decay})
    complete = OPTIMIZERS.complete(class_name, options)
    rate = complete.pop("learning_rate")
    first = _make_schedule(schedule, rate) if schedule else rate
    try:
        # A fixed name, because Keras numbers the optimizers of a process.
        arguments = {"learning_rate": first, **complete, "name": class_name.lower()}
        optimizer = construct(OPTIMIZERS.list_classes()[class_name], arguments, f"optimizer {class_name}")
        serialized = keras.optimizers.serialize(optimizer)
    except InputError:
        raise
    except Exception as error:  # Constructors raise various exceptions.
        raise InputError(f"optimizer {class_name}: {describe_error(error)}") from None
    if not schedule:
        # Keras stores it as float32 and would write 0.0010000000474974513.
        serialized["config"]["learning_rate"] = rate
    return serialized


def read_options(optimizer: dict[str, Any]) -> dict[str, Any]:
    """Return the options of a serialized optimizer for :func:`make_optimizer`, including ``decay``."""
    offered = OPTIMIZERS.list_defaults(OPTIMIZERS.find(optimizer["class_name"]))
    options = {name: value for name, value in optimizer["config"].items() if name in offered}
    rate, decay = options["learning_rate"], 0.0
    if isinstance(rate, dict):
        config = rate["config"]
        options["learning_rate"] = config[FIRST_RATE] if FIRST_RATE in config else config["values"][0]
        if _is_decay(rate):
            decay = config["decay_rate"]
    return {**options, "decay": decay}


def read_schedule(optimizer: dict[str, Any]) -> Schedule | None:
    """Return the schedule of a serialized optimizer for :func:`make_optimizer`; ``decay`` is an option."""
    rate = optimizer["config"]["learning_rate"]
    if not isinstance(rate, dict) or _is_decay(rate):
        return None
    options = {name: value for name, value in rate["config"].items() if name not in ("name", FIRST_RATE)}
    if rate["class_name"] == PIECEWISE:
        options["values"] = options["values"][1:]
    return rate["class_name"], options


def _is_decay(schedule: dict[str, Any]) -> bool:
    config = schedule["config"]
    if schedule["class_name"] != DECAY_SCHEDULE or not config["decay_rate"]:
        return False
    return config["decay_steps"] == 1 and not config["staircase"]


def _make_schedule(schedule: Schedule, rate: float) -> "LearningRateSchedule":
    """Create a schedule with an initial learning rate."""
    class_name, options = SCHEDULES.find(schedule[0]), dict(schedule[1])
    place = f"schedule {class_name}"
    if class_name == PIECEWISE:
        complete = SCHEDULES.complete(class_name, options)
        boundaries, values = complete["boundaries"], complete["values"]
        if len(boundaries) != len(values) or boundaries != sorted(set(boundaries)):
            raise InputError(
                f"{place}: found {len(boundaries)} boundaries and {len(values)} values; expected rising boundaries, "
                "and a value for the steps behind each"
            )
        # TensorFlow does not multiply integers with gradients.
        complete["values"] = [float(value) for value in (rate, *values)]
    else:
        complete = SCHEDULES.complete(class_name, {**options, FIRST_RATE: rate})
        if complete.get("warmup_steps") and complete["warmup_target"] is None:
            raise InputError(f"{place}, warmup_target: the field is empty; expected a learning rate")
    try:
        return construct(SCHEDULES.list_classes()[class_name], complete, place)
    except InputError:
        raise
    except Exception as error:  # Constructors raise various exceptions.
        raise InputError(f"{place}: {describe_error(error)}") from None
