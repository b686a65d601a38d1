"""The training itself: the network of an estimator, compiled, fitted and applied to the evaluation rows."""

import time
from dataclasses import dataclass, replace

import keras
import numpy as np

from class_weights import weigh_classes
from compiling import compile_network, restore_callbacks
from galaxy_keras import __version__
from galaxy_keras.architecture import build_model, output_activation
from galaxy_keras.errors import InputError
from galaxy_keras.estimator_file import Estimator, Fitted
from galaxy_keras.measures import check_metrics, MARGIN_LOSSES
from galaxy_keras.network_input import fit_features
from galaxy_keras.tables import Features
from targets import check_outputs, choose_threshold, Target

# Rows that go through the network at a time when nothing is learnt; larger than a training batch, and faster for it.
PREDICTION_BATCH_SIZE = 256
PROBABILITY_ACTIVATIONS = ("sigmoid", "softmax", "hard_sigmoid")


@dataclass(frozen=True)
class Parts:
    """Row numbers of the parts of a table; ``test`` is ``validation`` where a scheme has no rows of its own for it."""

    train: np.ndarray
    validation: np.ndarray
    test: np.ndarray


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
    """Print one line per epoch and keep the metrics of each."""

    def __init__(self):
        super().__init__()
        self.history: dict[str, list[float]] = {}

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Start the epoch's clock."""
        self.started = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Record and print the epoch's metrics."""
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(float(value))
        measures = "  ".join(f"{name} {value:.4g}" for name, value in (logs or {}).items())
        seconds = time.perf_counter() - self.started
        # The step of the progress is the epoch: whoever watches the job's output wants to see it at once.
        print(f"Epoch {epoch + 1}/{self.params['epochs']}: {measures}  ({seconds:.1f} s)", flush=True)


class Training:
    """An estimator's network with the data that it is about to learn.

    Parameters
    ----------
    estimator
        Unfitted or fitted; training always starts with fresh weights.
    features, target
        Of the same rows.

    Raises
    ------
    InputError
        The network cannot be built, or it does not fit the features, the target or the loss.
    """

    def __init__(self, estimator: Estimator, features: Features, target: Target):
        self.estimator = estimator
        self.target = target
        self.features = features
        self.model = build_model(estimator.architecture)
        self.inputs = fit_features(self.model, features)
        if len(self.model.outputs) != 1 or len(self.model.outputs[0].shape) != 2:
            shapes = ", ".join(str(tuple(output.shape[1:])) for output in self.model.outputs)
            raise InputError(
                f"architecture, last layer: found output shape {shapes}; expected one row of outputs "
                "(a Flatten layer, or return_sequences=False in the last recurrent layer, may be missing)"
            )
        self.output_count = self.model.outputs[0].shape[1]
        check_outputs(target, estimator.task, estimator.loss.name, self.output_count)
        check_metrics(estimator.metrics, estimator.loss, self.output_count)
        self.encoded = target.encode(estimator.loss.name, self.output_count)
        self._compile()

    @property
    def has_probabilities(self) -> bool:
        """Whether the outputs are probabilities of classes."""
        return (
            self.target.kind != "values"
            and self.estimator.loss.name not in MARGIN_LOSSES
            and output_activation(self.model) in PROBABILITY_ACTIVATIONS
        )

    def fit(self, parts: Parts) -> Estimator:
        """Train on the training rows, watch the validation rows, and give the fitted estimator."""
        log = EpochLog()
        settings = self.estimator.fit
        self.model.fit(
            self.inputs[parts.train],
            self.encoded[parts.train],
            epochs=settings.epochs,
            batch_size=settings.batch_size,
            steps_per_epoch=settings.steps_per_epoch,
            validation_data=(self.inputs[parts.validation], self.encoded[parts.validation]),
            validation_steps=settings.validation_steps,
            shuffle=settings.shuffle,
            class_weight=weigh_classes(settings.class_weight, self.target, parts.train),
            callbacks=[*restore_callbacks(settings.callbacks), log],
            verbose=0,
        )
        return replace(self.estimator, fitted=self.describe_fit(), history=log.history)

    def evaluate(self, rows: np.ndarray) -> Evaluation:
        """Pass rows through the network once and measure all that Keras can say about them."""
        outputs = self.model.predict(self.inputs[rows], batch_size=PREDICTION_BATCH_SIZE, verbose=0)
        truth = keras.ops.convert_to_tensor(self.encoded[rows])
        predicted = keras.ops.convert_to_tensor(outputs)
        self.model.reset_metrics()
        loss = float(self.model.compute_loss(x=None, y=truth, y_pred=predicted))
        measures = self.model.compute_metrics(x=None, y=truth, y_pred=predicted)
        return Evaluation(outputs, {**{name: float(value) for name, value in measures.items()}, "loss": loss})

    def _compile(self) -> None:
        compile_network(self.model, self.estimator, is_multilabel=self.target.kind == "multilabel")

    def describe_fit(self) -> Fitted:
        """Say what the network has learnt about, for the estimator file and for reading predictions."""
        return Fitted(
            target_kind=self.target.kind,
            classes=self.target.classes,
            target_names=self.target.names,
            feature_count=self.features.values.shape[1],
            feature_names=self.features.names,
            threshold=choose_threshold(self.target, self.estimator.loss, self.output_count),
            has_probabilities=self.has_probabilities,
            versions={"keras": keras.__version__, "galaxy_keras": __version__},
        )
