"""Bounds of numbers for which Keras repeats something or takes memory, beside the sizes of layers.

The sizes of layers, such as units, are bounded together, by the parameters and outputs of the network.
"""

from galaxy_keras.errors import InputError

# By the argument's name in Keras. Most are counts of repetitions, which Keras writes out one after the other.
LIMITS = {
    "power_iterations": 100,
    "num_ops": 100,
    "num_chains": 100,
    "chain_depth": 100,
    "ngrams": 100,
    "ns_steps": 100,
    "num_oov_indices": 100_000,
    "num_thresholds": 10_000,
    # A metric keeps a number for each pair of classes.
    "num_classes": 5_000,
}


def check_number(argument: str, value: float, place: str, error: type[InputError] = InputError) -> None:
    """Refuse a number above the bound of an argument; arguments without one take any.

    Raises
    ------
    InputError
        Of the class ``error``, with place and bound.
    """
    limit = LIMITS.get(argument)
    if limit is not None and value > limit:
        raise error(f"{place}, {argument}: found {value:,}; expected at most {limit:,}")
