"""Write architecture files with given output layers."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any


def make_architecture(
    path: Path, units: int, activation: str, layers: Sequence[Any] = (), input_shape: tuple[int, ...] | None = (4,)
) -> Path:
    """Write a sequential network that ends with a dense layer; without an input shape it is not built."""
    import keras

    inputs = [keras.Input(input_shape)] if input_shape else []
    network = keras.Sequential([*inputs, *layers, keras.layers.Dense(units, activation=activation)])
    path.write_text(network.to_json())
    return path


def write_outputs(path: Path, outputs: Sequence[tuple[int, str]]) -> Path:
    """Write a network with one dense output layer for each pair of units and activation."""
    import keras

    inputs = keras.Input((4,))
    layers = [keras.layers.Dense(units, activation=activation)(inputs) for units, activation in outputs]
    path.write_text(keras.Model(inputs, layers).to_json())
    return path
