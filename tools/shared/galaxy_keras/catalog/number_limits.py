"""Limits of numbers for which Keras repeats operations or allocates memory.

Sizes of layers, such as units, have a common limit on the parameters and outputs of the network.
"""

from galaxy_keras.errors import InputError

# Limits by argument. Most are numbers of repetitions, which Keras unrolls.
LIMITS = {
    "power_iterations": 100,
    "num_ops": 100,
    "num_chains": 100,
    "chain_depth": 100,
    "ngrams": 100,
    "ns_steps": 100,
    "num_oov_indices": 100_000,
    "num_thresholds": 10_000,
    # A metric stores one number per pair of classes.
    "num_classes": 5_000,
}


def check_number(argument: str, value: float, place: str, error: type[InputError] = InputError) -> None:
    """Refuse a number above the limit of an argument; other arguments accept any number.

    Raises
    ------
    InputError
        The number is too large; the class of the exception is ``error``.
    """
    limit = LIMITS.get(argument)
    if limit is not None and value > limit:
        raise error(f"{place}, {argument}: found {value:,}; expected at most {limit:,}")
