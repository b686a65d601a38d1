"""Compile a network with the loss, metrics, optimizer and callbacks of its estimator."""

import tempfile
from pathlib import Path
from typing import Any

import keras

from galaxy_keras.catalog.classes import CALLBACKS, OPTIMIZERS
from galaxy_keras.catalog.keras_objects import construct, describe_error, require_classes
from galaxy_keras.catalog.losses_and_metrics import make_loss, make_metric, Measure, narrow_loss
from galaxy_keras.catalog.private_api import enter_safe_mode, use_dense_gradients
from galaxy_keras.errors import InputError
from galaxy_keras.estimator.contents import Estimator
from galaxy_keras.estimator.weights_file import check_room, WEIGHTS_SUFFIX
from galaxy_keras.log import say
from galaxy_keras.network.inner_names import use_inner_names
from training.scoring.output_metrics import ROW_LOSS


class BestEpoch(keras.callbacks.ModelCheckpoint):
    """Save the weights of the best epoch to a temporary file, and restore them at the end of the training."""

    def __init__(self, **options: Any):
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / f"best{WEIGHTS_SUFFIX}"
        super().__init__(str(self.path), save_best_only=True, save_weights_only=True, **options)

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
        """Check before the first epoch that the disk has room for the weights."""
        super().on_train_begin(logs)
        check_room(self.model, self.path)

    def on_train_end(self, logs: dict[str, float] | None = None) -> None:
        """Load the best weights; if no epoch was better than the threshold, keep the last weights."""
        if self.path.is_file():
            self.model.load_weights(self.path)
            say(f"Weights of the best epoch: {self.monitor} {float(self.best):.4g}")
        else:
            say(f"Weights of the last epoch: no epoch's {self.monitor} was better than {self.best}")
        self.folder.cleanup()


class RowLoss(keras.metrics.Mean):
    """The loss of one of several outputs, as a mean over batches weighted by their numbers of rows.

    Keras weights the total loss in the same way, but in Keras 3.15 the loss of a single output is the unweighted mean
    over the batches, the last of which may have fewer rows.
    """

    def __init__(self, loss: keras.losses.Loss):
        super().__init__(name=ROW_LOSS)
        self._loss = loss

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Add a batch."""
        super().update_state(self._loss(y_true, y_pred), sample_weight=keras.ops.shape(y_pred)[0])


# Classes that extend the Keras callback of the same name.
EXTENDED_CALLBACKS = {"ModelCheckpoint": BestEpoch}


def compile_network(model: keras.Model, estimator: Estimator, is_multilabel: bool) -> None:
    """Compile a network with the loss, metrics and optimizer of its estimator.

    Parameters
    ----------
    model
        If it has several named outputs, each output gets the loss and the metrics that fit its number of units, and
        Keras minimizes the sum of the losses.
    is_multilabel
        Whether each unit predicts an independent label.

    Raises
    ------
    InputError
        Keras refuses the loss, a metric or the optimizer; the message includes Keras' reason.
    """
    try:
        measures = _make_measures(model, estimator, is_multilabel)
        model.compile(optimizer=restore_optimizer(estimator.optimizer), **measures)
    except (ValueError, TypeError, AttributeError) as error:
        raise InputError(f"estimator: Keras cannot compile the network: {describe_error(error)}") from None


def compile_evaluation(model: keras.Model, estimator: Estimator, is_multilabel: bool) -> None:
    """Compile a network for evaluation only, without an optimizer; see :func:`compile_network`."""
    model.compile(optimizer=None, **_make_measures(model, estimator, is_multilabel))


def _make_measures(model: keras.Model, estimator: Estimator, is_multilabel: bool) -> dict[str, Any]:
    """Build the loss and the metrics of the network or of each output, as arguments of Keras' ``compile``."""

    def make_metrics(loss: Measure, unit_count: int) -> list[keras.Metric]:
        return [make_metric(metric, loss, unit_count, is_multilabel) for metric in estimator.metrics]

    if len(model.outputs) == 1:
        loss, unit_count = estimator.loss, model.outputs[0].shape[1]
        return {"loss": make_loss(loss), "metrics": make_metrics(loss, unit_count)}
    losses: dict[str, keras.losses.Loss] = {}
    metrics: dict[str, list[keras.Metric]] = {}
    for name, output in model.output.items():
        unit_count = output.shape[1]
        loss = narrow_loss(estimator.loss, unit_count)
        losses[name] = make_loss(loss)
        metrics[name] = [RowLoss(make_loss(loss)), *make_metrics(loss, unit_count)]
    return {"loss": losses, "metrics": metrics}


def restore_optimizer(serialized: dict[str, Any]) -> keras.optimizers.Optimizer:
    """Build the optimizer of an estimator file; on TensorFlow, with dense gradients of embeddings."""
    require_classes(serialized, "estimator, optimizer")
    # By the class itself, because keras.optimizers.deserialize of Keras 3.15 does not know all of them.
    optimizer_class: Any = OPTIMIZERS.list_classes()[OPTIMIZERS.find(serialized["class_name"])]
    with enter_safe_mode():
        optimizer = optimizer_class.from_config(use_inner_names(serialized["config"], "estimator, optimizer"))
    if keras.config.backend() == "tensorflow":
        use_dense_gradients(optimizer)
    return optimizer


def restore_callbacks(callbacks: list[dict[str, Any]]) -> list[keras.callbacks.Callback]:
    """Build the callbacks of an estimator file; only those that the builder offers.

    Raises
    ------
    InputError
        A callback is unknown, or Keras refuses a value.
    """
    classes = CALLBACKS.list_classes()
    restored = []
    for callback in callbacks:
        name = CALLBACKS.find(callback["class_name"])
        try:
            # Check the options again: some Keras callbacks write files or send data to other machines.
            options = CALLBACKS.complete(name, callback["config"])
            callback_class = EXTENDED_CALLBACKS.get(name, classes[name])
            restored.append(construct(callback_class, options, f"estimator, callback {name}"))
        except (TypeError, ValueError) as error:
            raise InputError(f"estimator, callbacks, {name}: {describe_error(error)}") from None
    return restored
