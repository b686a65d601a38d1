"""Names of losses and metrics: those of Keras 3, and the older ones that forms and published workflows hold."""

from galaxy_keras.architecture import describe_error
from galaxy_keras.errors import InputError

OLD_LOSSES = {
    "logcosh": "log_cosh",
    "kullback_leibler_divergence": "kl_divergence",
    "cosine_proximity": "cosine_similarity",
    "cosine": "cosine_similarity",
    "mse": "mean_squared_error",
    "mae": "mean_absolute_error",
    "mape": "mean_absolute_percentage_error",
    "msle": "mean_squared_logarithmic_error",
}
OLD_METRICS = {**OLD_LOSSES, "acc": "accuracy"}
NO_METRIC = "none"


def name_loss(name: str) -> str:
    """Give Keras 3's name of a loss, and print a line where it is another than the one given.

    Raises
    ------
    InputError
        Keras has no such loss.
    """
    import keras

    current = OLD_LOSSES.get(name, name)
    try:
        keras.losses.get(current)
    except Exception as error:  # Keras raises what the look-up of the name raises.
        raise InputError(f"loss: {describe_error(error)}; expected a name such as mean_squared_error") from None
    return _report("loss", name, current)


def name_metrics(names: list[str]) -> list[str]:
    """Give Keras 3's names of metrics, each once and without ``none``, and print a line for each that is another.

    Raises
    ------
    InputError
        Keras has no such metric.
    """
    import keras

    found = []
    for name in names:
        if name == NO_METRIC:
            continue
        current = OLD_METRICS.get(name, name)
        try:
            keras.metrics.get(current)
        except Exception as error:  # Keras raises what the look-up of the name raises.
            raise InputError(f"metrics: {describe_error(error)}; expected a name such as accuracy") from None
        if current not in found:
            found.append(_report("metric", name, current))
    return found


def _report(what: str, name: str, current: str) -> str:
    if name != current:
        print(f"The {what} {name} is called {current} in Keras 3")
    return current
