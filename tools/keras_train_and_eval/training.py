"""The training itself: the network of an estimator, compiled, fitted and applied to the evaluation rows."""

import copy
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import keras
import numpy as np

from failures import check_loss, explain_lack_of_memory
from galaxy_keras import __version__
from galaxy_keras.architecture import output_activation
from galaxy_keras.errors import InputError
from galaxy_keras.estimator_file import Estimator, Fitted
from galaxy_keras.keras_runtime import seed_everything
from galaxy_keras.network_input import fit_columns, fit_features, NetworkInput
from galaxy_keras.row_batches import predict_rows, RowBatches
from galaxy_keras.tables import Features
from galaxy_keras.text import Texts
from precision import build_with_precision, FULL
from schemes import Parts
from targets import check_metrics, check_outputs, choose_threshold, MARGIN_LOSSES, Target

# Rows that go through the network at a time when nothing is learnt; larger than a training batch, and faster for it.
PREDICTION_BATCH_SIZE = 256
PROBABILITY_ACTIVATIONS = ("sigmoid", "softmax", "hard_sigmoid")


@dataclass(frozen=True)
class Evaluation:
    """What the network gives for the evaluation rows.

    Attributes
    ----------
    outputs
        Shape (n_rows, n_outputs), float32.
    measures
        Keras' loss and metrics by name.
    """

    outputs: np.ndarray
    measures: dict[str, float]


class EpochLog(keras.callbacks.Callback):
    """Print one line per epoch, keep the metrics of each, and stop a loss that is no number.

    Parameters
    ----------
    optimizer
        Serialised, for the advice.
    """

    def __init__(self, optimizer: dict[str, Any]):
        super().__init__()
        self.history: dict[str, list[float]] = {}
        self._optimizer = optimizer

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
        """Start the training's clock."""
        self._training_started = time.perf_counter()

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Start the epoch's clock."""
        self._epoch_started = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Record and print the epoch's metrics, its seconds, and the time that as many more would take."""
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(float(value))
        measures = "  ".join(f"{name} {value:.4g}" for name, value in (logs or {}).items())
        now, count, total = time.perf_counter(), epoch + 1, self.params["epochs"]
        left = (now - self._training_started) / count * (total - count)
        # The step of the progress is the epoch: whoever watches the job's output wants to see it at once.
        print(
            f"Epoch {count}/{total}: {measures}  ({now - self._epoch_started:.1f} s, {_write_time(left)} left)",
            flush=True,
        )
        check_loss(count, self.history["loss"][-1], self._optimizer)


class Training:
    """An estimator's network with the data that it is about to learn.

    Parameters
    ----------
    estimator
        Unfitted or fitted; training always starts with fresh weights.
    samples, target
        Of the same rows.
    precision
        See :func:`precision.build_with_precision`; the estimator file stays as it was.

    Raises
    ------
    InputError
        The network cannot be built, or it does not fit the features, the target or the loss.
    """

    def __init__(self, estimator: Estimator, samples: Features | Texts, target: Target, precision: str = FULL):
        self.estimator = estimator
        self._precision = precision
        self.target = target
        self.samples = samples
        with explain_lack_of_memory(estimator.fit.batch_size):
            self.model = build_with_precision(self.estimator.architecture, self._precision)
            fit_columns(self.model, samples.column_count, samples.source.name)
        if len(self.model.outputs) != 1 or len(self.model.outputs[0].shape) != 2:
            shapes = ", ".join(str(tuple(output.shape[1:])) for output in self.model.outputs)
            raise InputError(
                f"architecture, last layer: found output shape {shapes}; expected one row of outputs "
                "(a Flatten layer, or return_sequences=False in the last recurrent layer, may be missing)"
            )
        self.output_count = self.model.outputs[0].shape[1]
        check_outputs(target, estimator.task, estimator.loss, self.output_count)
        check_metrics(estimator.metrics, estimator.loss, self.output_count)
        self.encoded = target.encode(estimator.loss, self.output_count)
        self._compile()
        self.features: Features | None = None
        self.inputs: NetworkInput | None = None

    @property
    def has_probabilities(self) -> bool:
        """Whether the outputs are probabilities of classes."""
        return (
            self.target.kind != "values"
            and self.estimator.loss not in MARGIN_LOSSES
            and output_activation(self.model) in PROBABILITY_ACTIVATIONS
        )

    def fit(self, parts: Parts) -> Estimator:
        """Train on the training rows, watch the validation rows, and give the fitted estimator."""
        if self.inputs is not None:
            self._renew()
        features = self.samples.prepare(parts.train)
        if features is not self.features:
            self.features, self.inputs = features, fit_features(self.model, features)
        check_monitors(self.estimator.fit.callbacks, parts)
        log = EpochLog(self.estimator.optimizer)
        settings = self.estimator.fit
        watched = parts.validation
        with explain_lack_of_memory(settings.batch_size):
            self.model.fit(
                **self._feed(parts.train, np.random.default_rng(self.estimator.seed)),
                epochs=settings.epochs,
                steps_per_epoch=settings.steps_per_epoch,
                validation_data=None if watched is None else self._give(watched),
                validation_steps=None if watched is None else settings.validation_steps,
                callbacks=[*(_restore_callback(callback) for callback in settings.callbacks), log],
                verbose=0,
            )
        return replace(self.estimator, fitted=self.describe_fit(), history=log.history)

    def evaluate(self, rows: np.ndarray) -> Evaluation:
        """Pass rows through the network once and measure all that Keras can say about them."""
        with explain_lack_of_memory(PREDICTION_BATCH_SIZE):
            outputs = predict_rows(self.model, self.inputs, rows, PREDICTION_BATCH_SIZE)
        truth = keras.ops.convert_to_tensor(self.encoded[rows])
        predicted = keras.ops.convert_to_tensor(outputs)
        self.model.reset_metrics()
        loss = float(self.model.compute_loss(x=None, y=truth, y_pred=predicted))
        measures = self.model.compute_metrics(x=None, y=truth, y_pred=predicted)
        return Evaluation(outputs, {**{name: float(value) for name, value in measures.items()}, "loss": loss})

    def _feed(self, rows: np.ndarray, generator: np.random.Generator) -> dict[str, Any]:
        """Give rows to learn from as arguments of Keras' ``fit``."""
        batch_size = self.estimator.fit.batch_size
        if self.inputs.is_large:
            return {"x": RowBatches(self.inputs, rows, batch_size, self.encoded, generator)}
        return {"x": self.inputs.take(rows), "y": self.encoded[rows], "batch_size": batch_size}

    def _give(self, rows: np.ndarray) -> Any:
        """Give rows to watch."""
        if self.inputs.is_large:
            return RowBatches(self.inputs, rows, PREDICTION_BATCH_SIZE, self.encoded)
        return self.inputs.take(rows), self.encoded[rows]

    def _renew(self) -> None:
        """Start again with fresh weights, the same for each fold if the estimator has a seed."""
        keras.utils.clear_session()
        seed_everything(self.estimator.seed)
        self.model = build_with_precision(self.estimator.architecture, self._precision)
        fit_columns(self.model, self.samples.column_count, self.samples.source.name)
        self._compile()

    def _compile(self) -> None:
        try:
            self.model.compile(
                optimizer=_restore_optimizer(self.estimator.optimizer),
                loss=self.estimator.loss,
                metrics=list(self.estimator.metrics),
            )
        except (ValueError, TypeError, AttributeError) as error:
            raise InputError(f"estimator: Keras cannot compile the network: {_shorten(error)}") from None

    def describe_layers(self) -> list[tuple[str, str, str, int]]:
        """Give the name, class, output shape and number of parameters of each layer."""
        layers = []
        for layer in self.model.layers:
            # A layer that is used several times has no single output.
            shape = getattr(layer, "output", None)
            shapes = "several" if shape is None else str(keras.tree.map_structure(lambda x: tuple(x.shape[1:]), shape))
            layers.append((layer.name, type(layer).__name__, shapes, layer.count_params()))
        return layers

    def describe_fit(self) -> Fitted:
        """Say what the network has learnt about, for the estimator file and for reading predictions."""
        return Fitted(
            target_kind=self.target.kind,
            classes=self.target.classes,
            target_names=self.target.names,
            feature_count=self.features.column_count,
            feature_names=self.features.names,
            threshold=choose_threshold(self.target, self.estimator.loss, self.output_count),
            has_probabilities=self.has_probabilities,
            versions={"keras": keras.__version__, "galaxy_keras": __version__},
            text=self.features.text,
        )


def check_monitors(callbacks: list[dict[str, Any]], parts: Parts) -> None:
    """Refuse a callback that watches validation rows where there are none; Keras would only warn and never stop."""
    for callback in callbacks:
        monitor = callback["config"].get("monitor", "")
        if parts.validation is None and monitor.startswith("val_"):
            raise InputError(
                f"estimator, callbacks, {callback['class_name']}: found monitor {monitor} without validation rows; "
                f"expected {monitor.removeprefix('val_')}, or a scheme that watches rows"
            )


def _restore_optimizer(serialised: dict[str, Any]) -> keras.optimizers.Optimizer:
    """Make the optimizer of the estimator file, mended for embeddings on TensorFlow.

    TensorFlow gives an embedding's gradient as one slice per word *occurrence*. Keras 3.15 squares the slices before
    it has summed those of the same word, so that Adam, RMSprop and their kin divide by far too little for frequent
    words: the recurrent network of the tutorial then ends anywhere between 0.60 and 0.85 instead of at 0.86. A dense
    gradient has the sums, as it has with Keras' other backends.
    """
    # A copy: Keras writes the class name anew, in lower case, into what it is given.
    optimizer = keras.optimizers.deserialize(copy.deepcopy(serialised))
    if keras.config.backend() == "tensorflow":
        import tensorflow

        apply = optimizer.apply

        def apply_dense(gradients: list, trainable_variables: list | None = None) -> None:
            apply([None if g is None else tensorflow.convert_to_tensor(g) for g in gradients], trainable_variables)

        optimizer.apply = apply_dense
    return optimizer


def _restore_callback(callback: dict[str, Any]) -> keras.callbacks.Callback:
    """Make a callback of the estimator file; only those that the builder offers."""
    classes: dict[str, Callable[..., keras.callbacks.Callback]] = {
        "EarlyStopping": keras.callbacks.EarlyStopping,
        "ReduceLROnPlateau": keras.callbacks.ReduceLROnPlateau,
        "TerminateOnNaN": keras.callbacks.TerminateOnNaN,
    }
    name = callback["class_name"]
    if name not in classes:
        raise InputError(f"estimator, callbacks: found {name}; expected one of {', '.join(classes)}")
    try:
        return classes[name](**callback["config"])
    except (TypeError, ValueError) as error:
        raise InputError(f"estimator, callbacks, {name}: {_shorten(error)}") from None


def _write_time(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


def _shorten(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
