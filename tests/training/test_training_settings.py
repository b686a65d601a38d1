"""Settings of an estimator in a training: overrides, class weights, shuffling, mixed precision and the seed."""

import json

import numpy as np
import pandas as pd
from examples.default_forms import OUTPUTS
from examples.trainings import BINARY, check_same_weights, CLASSES, MEASURES, read_species, SPARSE, write_columns
from examples.weights import list_arrays

from galaxy_keras.catalog.losses_and_metrics import Measure
from galaxy_keras.estimator.contents import FitParameters
from galaxy_keras.estimator.file import read_estimator


def test_overridden_hyperparameters_are_used(train, make_estimator, tmp_path):
    overrides = [
        ("epochs", "2"),
        ("layers_1_Dense__config__units", "5"),
        ("lr", "0.5"),
        ("metrics", "['acc', 'sparse_categorical_accuracy']"),
    ]
    tables = train(make_estimator(), overrides=overrides)
    fitted = read_estimator(tmp_path / "out" / "fitted.zip")
    assert len(tables["history"]) == fitted.fit.epochs == 2
    assert fitted.architecture["config"]["layers"][1]["config"]["units"] == 5
    assert fitted.optimizer["config"]["learning_rate"] == 0.5
    assert fitted.metrics == [Measure("accuracy"), Measure("sparse_categorical_accuracy")]


def test_a_network_predicts_the_only_class_with_a_weight(train, make_estimator):
    fit = FitParameters(epochs=8, batch_size=8, class_weight={"setosa": 0, "virginica": 0})
    predicted = train(make_estimator(fit=fit))["predicted"]["Predicted"]
    assert (predicted == "versicolor").all()


def test_shuffle_changes_the_order_of_the_training_rows(train, make_estimator):
    """The seed is the same, so that only the order of the rows can change the loss."""
    losses = [
        train(make_estimator(fit=FitParameters(batch_size=16, shuffle=shuffle)))["history"]["loss"][0]
        for shuffle in (True, False, False)
    ]
    assert losses[0] != losses[1] == losses[2]


def test_mixed_precision_trains_with_16_bits_and_leaves_the_estimator_unchanged(
    train, make_estimator, tmp_path, monkeypatch
):
    import keras

    trained_with, fit = [], keras.Model.fit

    def record_fit(model, *args, **options):
        trained_with.append((model.dtype_policy.name, [layer.compute_dtype for layer in model.layers]))
        return fit(model, *args, **options)

    monkeypatch.setattr(keras.Model, "fit", record_fit)
    path = make_estimator(fit=FitParameters(epochs=20, batch_size=16))
    tables = train(path, precision="mixed_float16")
    assert trained_with == [("mixed_float16", ["float16", "float32"])]
    assert tables["result"]["accuracy"][0] > 0.8
    assert read_estimator(tmp_path / "out" / "fitted.zip").architecture == read_estimator(path).architecture
    arrays = list_arrays(tmp_path / "out" / "weights.h5")
    assert {str(array.dtype) for place, array in arrays.items() if place.startswith("layers")} == {"float32"}


def test_the_same_seed_gives_the_same_bytes(train, make_estimator, tmp_path):
    import keras

    layers = [keras.layers.Reshape((2, 2)), keras.layers.LSTM(6, dropout=0.2), keras.layers.Dropout(0.3)]
    estimator = make_estimator(layers=layers)
    runs = []
    for _ in range(2):
        train(estimator, split={"shuffle": "simple", "test_size": 0.2, "random_state": None})
        tables = [name for name in OUTPUTS.values() if name not in ("weights.h5", "fitted.zip")]
        files = {name: (tmp_path / "out" / name).read_bytes() for name in tables}
        runs.append((files, {place: a.tobytes() for place, a in list_arrays(tmp_path / "out" / "weights.h5").items()}))
    assert runs[0] == runs[1]


def test_the_weights_are_those_of_a_keras_script(train, make_estimator, tmp_path):
    import keras

    path = make_estimator()
    train(path, split={"shuffle": "None", "test_size": 0.2})
    x, y = pd.read_csv(MEASURES, sep="\t").to_numpy(dtype=np.float32), np.searchsorted(CLASSES, read_species())
    keras.utils.set_random_seed(9)
    network = keras.models.model_from_json(json.dumps(read_estimator(path).architecture))
    network.compile(keras.optimizers.Adam(0.03), loss=SPARSE, metrics=["accuracy"])
    network.fit(x[:120], y[:120], epochs=3, batch_size=16, validation_data=(x[120:], y[120:]), verbose=0)
    network.save_weights(tmp_path / "script.weights.h5")
    check_same_weights(list_arrays(tmp_path / "out" / "weights.h5"), list_arrays(tmp_path / "script.weights.h5"))


def test_the_gradients_of_a_repeated_word_are_summed(train, make_estimator, tmp_path):
    """Keras' Adam squares an embedding's gradient per word; a Dense layer on one-hot rows is the same network."""
    import keras

    words = np.tile(np.array([[1, 1, 1, 2], [2, 2, 3, 1]]), (10, 1))
    files = {
        "features": write_columns(tmp_path / "x.tsv", {f"word{i}": words[:, i] for i in range(4)}),
        "target": write_columns(tmp_path / "y.tsv", {"y": np.tile([0, 1], 10)}),
    }
    layers = [keras.layers.Embedding(4, 2, embeddings_initializer="ones"), keras.layers.GlobalAveragePooling1D()]
    estimator = make_estimator(outputs=1, activation="sigmoid", loss=BINARY, layers=layers)
    train(estimator, files=files, split={"shuffle": "None", "test_size": 0.2})
    found = list_arrays(tmp_path / "out" / "weights.h5")["layers/embedding/vars/0"]

    keras.utils.set_random_seed(9)
    original = keras.models.model_from_json(json.dumps(read_estimator(estimator).architecture))
    dense = keras.Sequential(
        [
            keras.Input((4, 4)),
            keras.layers.Dense(2, use_bias=False, kernel_initializer="ones"),
            keras.layers.GlobalAveragePooling1D(),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    dense.layers[-1].set_weights(original.layers[-1].get_weights())
    dense.compile(keras.optimizers.Adam(0.03), loss=BINARY)
    dense.fit(np.eye(4)[words[:16]], np.tile([0, 1], 8), epochs=3, batch_size=16, shuffle=False, verbose=0)
    np.testing.assert_allclose(found, dense.layers[0].get_weights()[0], rtol=1e-4)
