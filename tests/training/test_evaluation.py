"""Losses and metrics of an evaluation, compared with those of Keras' ``evaluate`` for the same weights."""

import json

import keras
import numpy as np
import pandas as pd
import pytest
from test_compiling import NEEDED

from galaxy_keras.catalog.classes import LOSSES, METRICS
from galaxy_keras.catalog.losses_and_metrics import INTEGER_LOSSES, INTEGER_METRICS, make_loss, read_loss, read_metric
from galaxy_keras.catalog.optimizers import make_optimizer
from galaxy_keras.data.tables import Features, TableSource
from galaxy_keras.estimator.contents import Estimator, FitParameters
from galaxy_keras.forms.column_choices import ColumnChoice
from galaxy_keras.network import inputs
from training.fitting.training import Training
from training.splits import schemes
from training.targets import output_targets

ROW_COUNT, BATCH_SIZE = 22, 8
ROWS = np.random.default_rng(0).permutation(ROW_COUNT)
VALUES = np.random.default_rng(1).normal(size=(ROW_COUNT, 4)).astype(np.float32)
CLASS_INDICES = np.arange(ROW_COUNT) % 3
SPARSE, ONE_HOT, BINARY = "sparse_categorical_crossentropy", "categorical_crossentropy", "binary_crossentropy"
# Scale of the weights: probabilities of such outputs are 0 or 1 in float32.
SATURATING = 500.0


@pytest.fixture
def make_training(monkeypatch):
    """Build the training of a network with saturated outputs, without fitting it."""
    monkeypatch.setattr(keras.Model, "fit", lambda *_, **__: None)

    def make(layers, target, loss=SPARSE, metrics=(), precision="float32", task="classification", values=VALUES):
        network = layers if isinstance(layers, keras.Model) else keras.Sequential([keras.Input((4,)), *layers])
        loss = read_loss(loss) if isinstance(loss, str) else loss
        fit = FitParameters(batch_size=BATCH_SIZE, class_weight="balanced" if target.ndim == 1 else None)
        fit = fit if task == "classification" else FitParameters(batch_size=BATCH_SIZE)
        optimizer, architecture = make_optimizer("SGD", {}), json.loads(network.to_json())
        estimator = Estimator(task, loss, optimizer, list(metrics), fit, 1, architecture)
        features = Features(values, None, TableSource(None, "samples", False, ColumnChoice()))
        table = pd.DataFrame(target)
        trained = Training(estimator, features, output_targets.read_targets(table, estimator, False), precision)
        trained.fit(schemes.RowSplit(ROWS))
        generator = np.random.default_rng(2)
        trained.network.set_weights(
            [generator.normal(size=weight.shape) * SATURATING for weight in trained.network.get_weights()]
        )
        return trained

    return make


def evaluate_with_keras(training, truth, loss, metrics=(), values=VALUES, batch_size=BATCH_SIZE):
    """Evaluate the same weights with Keras only."""
    network = keras.models.model_from_json(json.dumps(training.estimator.architecture))
    network.set_weights(training.network.get_weights())
    network.compile(loss=loss, metrics=metrics)
    truth = [part[ROWS] for part in truth] if isinstance(truth, list) else truth[ROWS]
    return network.evaluate(values[ROWS], truth, batch_size=batch_size, verbose=0, return_dict=True)


def check(found, expected):
    assert found.keys() == expected.keys()
    for name, value in expected.items():
        np.testing.assert_allclose(found[name], value, rtol=1e-6, err_msg=name)


def dense(units, activation, **options):
    return keras.layers.Dense(units, activation=activation, **options)


@pytest.mark.parametrize("name", LOSSES.list_classes())
def test_every_loss_of_saturated_outputs_is_that_of_keras(make_training, name):
    loss = read_loss(name)
    training = make_training([dense(3, "tanh" if "Hinge" in name else "softmax")], CLASS_INDICES, loss)
    truth = CLASS_INDICES if loss.name in INTEGER_LOSSES else np.eye(3, dtype=np.float32)[CLASS_INDICES]
    found = training.evaluate(ROWS)
    check(found.measures, evaluate_with_keras(training, truth, make_loss(loss)))
    if loss.name in (SPARSE, ONE_HOT):
        # From probabilities, which Keras clips at 1e-7, the loss of a row is at most 16.
        assert found.measures["loss"] > 100


@pytest.mark.parametrize("loss", [SPARSE, ONE_HOT])
def test_every_metric_of_saturated_outputs_is_that_of_keras(make_training, loss):
    measures = [read_metric(name, NEEDED.get(name, {})) for name in METRICS.list_classes()]
    fitting = [measure for measure in measures if (measure.name in INTEGER_METRICS) == (loss in INTEGER_LOSSES)]
    training = make_training([dense(3, "softmax")], CLASS_INDICES, loss, fitting)
    truth = CLASS_INDICES if loss == SPARSE else np.eye(3, dtype=np.float32)[CLASS_INDICES]
    classes = METRICS.list_classes()
    keras_metrics = [classes[METRICS.find(m.name)](**{"name": m.column, **m.options}) for m in fitting]
    check(training.evaluate(ROWS).measures, evaluate_with_keras(training, truth, loss, keras_metrics))


CASES = {
    "one sigmoid unit": ([dense(1, "sigmoid")], {}),
    "regularized": ([dense(1, "sigmoid", kernel_regularizer="l2", activity_regularizer="l1")], {}),
    "masked rows": ([keras.layers.Masking(0.0), dense(1, "sigmoid")], {}),
    "summed": ([dense(1, "sigmoid")], {"reduction": "sum"}),
    "logits": ([dense(1, "linear")], {"from_logits": True}),
    "reshaped after the activation": ([dense(1, "sigmoid"), keras.layers.Reshape((1,))], {}),
}


@pytest.mark.parametrize("is_large", [False, True], ids=["at once", "in batches"])
@pytest.mark.parametrize("layers, options", CASES.values(), ids=CASES.keys())
def test_metrics_of_two_classes_are_those_of_keras(make_training, monkeypatch, layers, options, is_large):
    if is_large:
        monkeypatch.setattr(inputs, "LARGE_BYTES", 0)
    # With masking, every fourth row is masked.
    values = np.where(np.arange(ROW_COUNT)[:, None] % 4, VALUES, 0).astype(np.float32)
    truth = (np.arange(ROW_COUNT) % 2).astype(np.float32)
    network = keras.Sequential([keras.Input((4,)), *(type(layer).from_config(layer.get_config()) for layer in layers)])
    loss, is_logit = read_loss(BINARY, options), "from_logits" in options
    metrics = [read_metric("accuracy"), read_metric(BINARY, {"from_logits": is_logit})]
    training = make_training(network, truth, loss, metrics, values=values)
    found = training.evaluate(ROWS)
    keras_metrics = [keras.metrics.BinaryAccuracy(name="accuracy", threshold=0.0 if is_logit else 0.5)]
    keras_metrics.append(keras.metrics.BinaryCrossentropy(from_logits=is_logit))
    check(found.measures, evaluate_with_keras(training, truth[:, None], make_loss(loss), keras_metrics, values))
    np.testing.assert_allclose(found.outputs, training.network.predict(values[ROWS], verbose=0), rtol=1e-6)
    assert found.outputs.shape == (ROW_COUNT, 1)


def test_metrics_of_several_labels_or_numbers_are_those_of_keras(make_training):
    flags = np.random.default_rng(3).integers(0, 2, (ROW_COUNT, 2))
    training = make_training([dense(2, "sigmoid")], flags, BINARY, [read_metric("accuracy")])
    keras_metrics = [keras.metrics.BinaryAccuracy(name="accuracy")]
    check(
        training.evaluate(ROWS).measures, evaluate_with_keras(training, flags.astype(np.float32), BINARY, keras_metrics)
    )
    numbers = VALUES[:, :2].astype(float)
    metrics = [read_metric("r2_score"), read_metric("mean_absolute_error")]
    training = make_training([dense(2, "linear")], numbers, "huber", metrics, task="regression")
    keras_metrics = [keras.metrics.R2Score(), keras.metrics.MeanAbsoluteError()]
    check(
        training.evaluate(ROWS).measures,
        evaluate_with_keras(training, numbers.astype(np.float32), "huber", keras_metrics),
    )


@pytest.mark.parametrize("reduction", ["sum_over_batch_size", "sum"])
def test_metrics_of_several_outputs_are_those_of_keras(make_training, reduction):
    inputs = keras.Input((4,))
    network = keras.Model(inputs, [dense(3, "softmax", name="b")(inputs), dense(1, "sigmoid", name="a")(inputs)])
    flags = np.arange(ROW_COUNT) % 2
    loss, metrics = read_loss(ONE_HOT, {"reduction": reduction}), [read_metric("accuracy")]
    training = make_training(network, np.column_stack([CLASS_INDICES, flags]), loss, metrics)
    found = training.evaluate(ROWS)
    truth = [np.eye(3, dtype=np.float32)[CLASS_INDICES], flags[:, None].astype(np.float32)]
    losses = [
        keras.losses.CategoricalCrossentropy(reduction=reduction),
        keras.losses.BinaryCrossentropy(reduction=reduction),
    ]
    expected = evaluate_with_keras(training, truth, losses, [["accuracy"], ["accuracy"]])
    assert found.measures["loss"] == pytest.approx(expected["loss"], rel=1e-6)
    for name, output in (("0", "b"), ("1", "a")):
        assert found.measures[f"{name}_accuracy"] == pytest.approx(expected[f"{output}_accuracy"], rel=1e-6)
    # Keras 3.15 averages the losses of single outputs over batches, without their sizes; these add up to the loss.
    assert found.measures["loss"] == pytest.approx(found.measures["0_loss"] + found.measures["1_loss"], rel=1e-6)
    if reduction == "sum_over_batch_size":
        whole = evaluate_with_keras(training, truth, losses, [["accuracy"], ["accuracy"]], batch_size=ROW_COUNT)
        assert found.measures["0_loss"] == pytest.approx(whole["b_loss"], rel=1e-6)
        assert found.measures["1_loss"] == pytest.approx(whole["a_loss"], rel=1e-6)
    np.testing.assert_allclose(found.outputs, np.hstack(training.network.predict(VALUES[ROWS], verbose=0)), rtol=1e-6)


def test_metrics_in_mixed_precision_are_those_of_keras(make_training):
    layers = [dense(5, "relu"), dense(3, "softmax")]
    training = make_training(layers, CLASS_INDICES, SPARSE, [read_metric("accuracy")], precision="mixed_bfloat16")
    found = training.evaluate(ROWS)
    training.model.compile(loss=SPARSE, metrics=["accuracy"])
    arrays = (VALUES[ROWS], CLASS_INDICES[ROWS])
    check(found.measures, training.model.evaluate(*arrays, batch_size=BATCH_SIZE, verbose=0, return_dict=True))
    assert found.measures["loss"] > 100
