"""Every optimizer, schedule, loss, metric and callback of the builder, compiled and fitted to one batch."""

import json

import numpy as np
import pytest

from galaxy_keras.catalog.callbacks import read_callback, settle_callbacks
from galaxy_keras.catalog.classes import CALLBACKS, LOSSES, METRICS, name_class, OPTIMIZERS, SCHEDULES
from galaxy_keras.catalog.losses_and_metrics import (
    check_metrics,
    INTEGER_LOSSES,
    INTEGER_METRICS,
    join_metrics,
    Measure,
    read_loss,
    read_metric,
)
from galaxy_keras.catalog.optimizers import make_optimizer
from galaxy_keras.errors import ArchitectureError, InputError
from galaxy_keras.estimator.contents import Estimator, FitParameters
from training.fitting import compiling

ROWS = np.linspace(-1, 1, 24, dtype=np.float32).reshape(6, 4)
CLASS_INDICES = np.array([0, 2, 1, 2, 0, 1])
ONE_HOT = np.eye(3, dtype=np.float32)[CLASS_INDICES]
# Required options.
NEEDED = {
    "ExponentialDecay": {"decay_steps": 2, "decay_rate": 0.5},
    "InverseTimeDecay": {"decay_steps": 2, "decay_rate": 0.5},
    "PolynomialDecay": {"decay_steps": 2},
    "CosineDecay": {"decay_steps": 2, "warmup_target": 0.1, "warmup_steps": 1},
    "CosineDecayRestarts": {"first_decay_steps": 2},
    "PiecewiseConstantDecay": {"boundaries": [1, 2], "values": [0.1, 0.01]},
    "PrecisionAtRecall": {"recall": 0.5},
    "RecallAtPrecision": {"precision": 0.5},
    "SensitivityAtSpecificity": {"specificity": 0.5},
    "SpecificityAtSensitivity": {"sensitivity": 0.5},
    "OneHotIoU": {"num_classes": 3, "target_class_ids": [0, 2]},
    "OneHotMeanIoU": {"num_classes": 3},
    "TopKCategoricalAccuracy": {"k": 2},
    "SparseTopKCategoricalAccuracy": {"k": 2},
}


def make_estimator(loss="mean_squared_error", metrics=(), optimizer=None, callbacks=(), activation="softmax"):
    import keras

    network = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, activation=activation)])
    loss = loss if isinstance(loss, Measure) else read_loss(loss)
    return Estimator(
        task="classification",
        loss=loss,
        optimizer=optimizer or make_optimizer("SGD", {}),
        metrics=list(metrics),
        fit=FitParameters(callbacks=settle_callbacks(list(callbacks), loss, list(metrics))),
        seed=1,
        architecture=json.loads(network.to_json()),
    )


@pytest.fixture
def fit():
    """Compile and fit an estimator's network as the training tool does, and return the network and its history."""
    from galaxy_keras.network.architecture import build_model

    def fit(estimator, epochs=1):
        network = build_model(estimator.architecture)
        compiling.compile_network(network, estimator, is_multilabel=False)
        target = CLASS_INDICES if estimator.loss.name in INTEGER_LOSSES else ONE_HOT
        callbacks = compiling.restore_callbacks(estimator.fit.callbacks)
        validation = (ROWS, target)
        fitted = network.fit(ROWS, target, epochs=epochs, validation_data=validation, callbacks=callbacks, verbose=0)
        return network, fitted.history

    return fit


@pytest.mark.parametrize("name", OPTIMIZERS.list_classes())
def test_every_optimizer_changes_the_weights(fit, name):
    """The weights are averaged, and must have the average at the end."""
    estimator = make_estimator(optimizer=make_optimizer(name, {"use_ema": True, "clipnorm": 1.0}))
    network, history = fit(estimator)
    assert type(network.optimizer).__name__ == name
    assert np.isfinite(history["loss"]).all()
    assert np.abs(network.get_weights()[1]).max() > 0


@pytest.mark.parametrize("name", SCHEDULES.list_classes())
def test_every_schedule_sets_the_learning_rate(fit, name):
    optimizer = make_optimizer("Adam", {"learning_rate": 0.5}, (name, NEEDED[name]))
    network, _ = fit(make_estimator(optimizer=optimizer), epochs=3)
    assert float(network.optimizer.learning_rate) < 0.5
    assert type(network.optimizer._learning_rate).__name__ == name


@pytest.mark.parametrize("name", LOSSES.list_classes())
def test_every_loss_is_a_finite_number(fit, name):
    activation = "tanh" if "Hinge" in name else "softmax"
    _, history = fit(make_estimator(read_loss(name), activation=activation))
    assert np.isfinite(history["loss"]).all()


def read_needed(name):
    return read_metric(name, NEEDED.get(name, {}))


def test_every_metric_is_a_finite_number(fit):
    measures = [read_needed(name) for name in METRICS.list_classes()]
    for loss in ("categorical_crossentropy", "sparse_categorical_crossentropy"):
        fitting = [m for m in measures if (m.name in INTEGER_METRICS) == (loss in INTEGER_LOSSES)]
        metrics = join_metrics([read_metric("acc"), *fitting])
        check_metrics(metrics, read_loss(loss), 3)
        _, history = fit(make_estimator(loss, metrics))
        for metric in metrics:
            assert np.isfinite(float(history[metric.column][0])), metric
            assert np.isfinite(float(history[f"val_{metric.column}"][0])), metric


@pytest.mark.parametrize("name", CALLBACKS.list_classes())
def test_every_callback_can_be_used_in_a_training(fit, name):
    optimizer = make_optimizer("SGD", {"use_ema": name == "SwapEMAWeights"})
    _, history = fit(make_estimator(optimizer=optimizer, callbacks=[read_callback(name, {})]), epochs=2)
    assert np.isfinite(history["loss"]).all()


def test_the_weights_of_the_best_epoch_are_restored(fit, capsys):
    """With an increasing learning rate, the last epoch is worse than the first."""
    checkpoint = read_callback("ModelCheckpoint", {"monitor": "val_loss"})
    optimizer = make_optimizer(
        "SGD", {"learning_rate": 0.1}, ("PiecewiseConstantDecay", {"boundaries": [2], "values": [80]})
    )
    network, history = fit(
        make_estimator("mse", optimizer=optimizer, callbacks=[checkpoint], activation="linear"), epochs=4
    )
    assert history["val_loss"][-1] > min(history["val_loss"])
    assert network.evaluate(ROWS, ONE_HOT, verbose=0) == pytest.approx(min(history["val_loss"]), rel=1e-5)
    assert "Weights of the best epoch: val_loss" in capsys.readouterr().out


def test_the_last_weights_remain_if_no_epoch_is_better(fit, capsys):
    checkpoint = read_callback("ModelCheckpoint", {"initial_value_threshold": -1.0})
    network, history = fit(make_estimator(callbacks=[checkpoint]), epochs=2)
    assert network.evaluate(ROWS, ONE_HOT, verbose=0) == pytest.approx(history["val_loss"][-1], rel=1e-5)
    assert "no epoch's val_loss was better than -1" in capsys.readouterr().out


def test_unknown_callbacks_of_an_estimator_are_refused():
    restore = compiling.restore_callbacks
    with pytest.raises(InputError, match="callback: found 'RemoteMonitor' .sends the metrics to another machine"):
        restore([{"class_name": "RemoteMonitor", "config": {}}])


@pytest.mark.parametrize(
    "loss, options, output_count, is_multilabel, expected",
    [
        ("binary_crossentropy", {}, 1, False, ("BinaryAccuracy", 0.5)),
        ("binary_crossentropy", {"from_logits": True}, 1, False, ("BinaryAccuracy", 0.0)),
        ("hinge", {}, 1, False, ("BinaryAccuracy", 0.0)),
        ("binary_crossentropy", {}, 3, True, ("BinaryAccuracy", 0.5)),
        ("sparse_categorical_crossentropy", {}, 3, False, ("SparseCategoricalAccuracy", None)),
        ("categorical_crossentropy", {}, 3, False, ("CategoricalAccuracy", None)),
    ],
)
def test_accuracy_becomes_the_metric_that_fits_the_loss(loss, options, output_count, is_multilabel, expected):
    """Keras 3.15 would treat several labels as classes, and use the threshold 0.5 for margins and logits."""
    from galaxy_keras.catalog.losses_and_metrics import make_metric

    metric = make_metric(read_metric("acc"), read_loss(loss, options), output_count, is_multilabel)
    threshold = metric.get_config().get("threshold")
    assert (type(metric).__name__, threshold, metric.name) == (*expected, "accuracy")


def test_losses_and_metrics_are_found_by_their_names():
    for catalog in (LOSSES, METRICS):
        for class_name in catalog.list_classes():
            assert catalog.find(name_class(class_name)) == class_name


def test_a_learning_rate_of_a_foreign_class_is_refused(fit):
    rate = {"module": "keras.models", "class_name": "load_model", "config": {}}
    optimizer = make_optimizer("SGD", {})
    optimizer["config"]["learning_rate"] = rate
    with pytest.raises(ArchitectureError, match="^estimator, optimizer: found class keras.models.load_model; expected"):
        fit(make_estimator(optimizer=optimizer))


def test_options_of_the_optimizer_may_be_zero():
    restore = compiling.restore_optimizer
    optimizer = restore(make_optimizer("Adam", {"learning_rate": 0.0, "beta_1": 0.0}))
    assert float(optimizer.learning_rate) == optimizer.beta_1 == 0


def test_an_embedding_learns_the_same_with_xla():
    """Keras uses XLA by default on a GPU, unless deterministic operations are required."""
    import keras

    compile_network = compiling.compile_network
    words = np.array([[0, 1, 1], [2, 1, 0], [1, 1, 1], [2, 2, 0], [0, 0, 1], [1, 2, 1]])
    first = keras.Sequential([keras.Input((3,)), keras.layers.Embedding(3, 2), keras.layers.Flatten()])
    first.add(keras.layers.Dense(3, activation="softmax"))
    weights = []
    for is_compiled in (False, True):
        network = keras.models.clone_model(first)
        network.set_weights(first.get_weights())
        compile_network(network, make_estimator(optimizer=make_optimizer("Adam", {})), is_multilabel=False)
        # Keras' setter refuses it after another test has required deterministic operations in this process.
        network._jit_compile = is_compiled
        network.fit(words, ONE_HOT, epochs=3, shuffle=False, verbose=0)
        weights.append(network.get_weights())
    assert not np.allclose(weights[0][0], first.get_weights()[0])
    for plain, compiled in zip(*weights, strict=True):
        np.testing.assert_allclose(compiled, plain, rtol=1e-4, atol=1e-6)
