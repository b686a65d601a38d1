"""Create valid and invalid architectures and weights for the tests of the architecture and builder tools.

Run it in the environment of the tools: ``python test-data/make_architectures.py``. It writes to its own folder.
"""

import copy
import json
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tools" / "shared"))

from galaxy_keras.runtime import configure_keras, seed_everything

configure_keras()

import keras

from galaxy_keras.estimator.weights_file import save_weights
from galaxy_keras.files.writing import write_json

SEED = 11


def make_network(input_shape: tuple[int, ...], layers: list[keras.Layer]) -> keras.Sequential:
    """Create a sequential network with fixed names."""
    return keras.Sequential([keras.Input(input_shape, name="input"), *layers], name="network")


def describe(network: keras.Model) -> dict[str, Any]:
    """Return the architecture of a network."""
    return json.loads(network.to_json())


def add_lambda(architecture: dict[str, Any]) -> dict[str, Any]:
    """Append a layer that would run code; the code is invalid."""
    changed = copy.deepcopy(architecture)
    code = {"class_name": "__lambda__", "config": {"code": "4wAAAAA=", "defaults": None, "closure": None}}
    layer = {"module": "keras.layers", "class_name": "Lambda", "config": {"name": "code", "function": code}}
    changed["config"]["layers"].append(layer)
    return changed


def make_keras_2_architecture() -> dict[str, Any]:
    """Return an architecture of Keras 2, which does not contain module names."""
    dense = {"class_name": "Dense", "config": {"name": "dense_1", "units": 1, "batch_input_shape": [None, 4]}}
    network = {"name": "sequential_1", "layers": [dense]}
    return {"class_name": "Sequential", "config": network, "keras_version": "2.3.1", "backend": "tensorflow"}


def make_two_outputs() -> keras.Model:
    """Make a functional network with two outputs, one for three classes and one for two."""
    inputs = keras.Input((4,), name="input")
    hidden = keras.layers.Dense(16, activation="relu", name="hidden")(inputs)
    three = keras.layers.Dense(3, activation="softmax", name="three")(hidden)
    two = keras.layers.Dense(1, activation="sigmoid", name="two")(hidden)
    return keras.Model(inputs, [three, two], name="network")


def main() -> None:
    """Make everything."""
    seed_everything(SEED)
    layers = keras.layers
    lstm = make_network(
        (20,),
        [
            layers.Embedding(50, 8, name="embedding"),
            layers.LSTM(6, name="lstm"),
            layers.Dense(1, activation="sigmoid", name="output"),
        ],
    )
    classifier = make_network(
        (4,),
        [
            layers.Dense(5, activation="relu", name="hidden"),
            layers.Dropout(0.5, name="dropout"),
            layers.Dense(3, activation="softmax", name="output"),
        ],
    )
    regressor = make_network((4,), [layers.Dense(5, activation="relu", name="hidden"), layers.Dense(1, name="output")])
    write_json(HERE / "lstm_architecture.json", describe(lstm))
    write_json(HERE / "dense_classifier_architecture.json", describe(classifier))
    write_json(HERE / "dense_regressor_architecture.json", describe(regressor))
    write_json(HERE / "two_heads_architecture.json", describe(make_two_outputs()))
    save_weights(classifier, HERE / "dense_classifier.weights.h5")
    write_json(HERE / "lambda_architecture.json", add_lambda(describe(regressor)))
    write_json(HERE / "keras_2_architecture.json", make_keras_2_architecture())
    (HERE / "not_json.json").write_text("This is not JSON.\n")


if __name__ == "__main__":
    main()
