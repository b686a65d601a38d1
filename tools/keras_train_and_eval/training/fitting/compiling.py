"""What the estimator file says of loss, metrics, optimizer and callbacks, made into Keras' objects."""

import tempfile
from pathlib import Path
from typing import Any

import keras

from galaxy_keras.catalog.classes import CALLBACKS, OPTIMIZERS
from galaxy_keras.catalog.keras_objects import construct, describe_error, require_classes
from galaxy_keras.catalog.losses_and_metrics import make_loss, make_metric, Measure, narrow_loss
from galaxy_keras.catalog.private_api import enter_safe_mode
from galaxy_keras.errors import InputError
from galaxy_keras.estimator.contents import Estimator
from galaxy_keras.estimator.weights_file import check_room, WEIGHTS_SUFFIX
from galaxy_keras.log import say
from galaxy_keras.network.inner_names import use_inner_names
from training.scoring.output_metrics import ROW_LOSS


class BestEpoch(keras.callbacks.ModelCheckpoint):
    """Keep the weights of the best epoch in a file, and give them back to the network when the training ends."""

    def __init__(self, **options: Any):
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / f"best{WEIGHTS_SUFFIX}"
        super().__init__(str(self.path), save_best_only=True, save_weights_only=True, **options)

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
        """Refuse a full disk before the first epoch."""
        super().on_train_begin(logs)
        check_room(self.model, self.path)

    def on_train_end(self, logs: dict[str, float] | None = None) -> None:
        """Load the best weights; where no epoch passed the threshold, the last ones stay."""
        if self.path.is_file():
            self.model.load_weights(self.path)
            say(f"Weights of the best epoch: {self.monitor} {float(self.best):.4g}")
        else:
            say(f"Weights of the last epoch: no epoch's {self.monitor} was better than {self.best}")
        self.folder.cleanup()


class RowLoss(keras.metrics.Mean):
    """The loss of one of several outputs, averaged over batches by their rows, as Keras averages the sum of all.

    Keras' own loss of an output is a mean of the batches, the last of which may be smaller.
    """

    def __init__(self, loss: keras.losses.Loss):
        super().__init__(name=ROW_LOSS)
        self._loss = loss

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Add a batch."""
        super().update_state(self._loss(y_true, y_pred), sample_weight=keras.ops.shape(y_pred)[0])


# Callbacks that are more than Keras' class of the name.
OWN_CALLBACKS = {"ModelCheckpoint": BestEpoch}


def compile_network(model: keras.Model, estimator: Estimator, is_multilabel: bool) -> None:
    """Compile a network as its estimator says.

    Parameters
    ----------
    model
        With one row of outputs, or several by name: then each has the loss and the metrics of its own number of units,
        and Keras trains with the sum of the losses.
    is_multilabel
        Whether each output stands for a label of its own.

    Raises
    ------
    InputError
        Keras refuses loss, metrics or optimizer; the message holds Keras' reason.
    """
    try:
        measures = _make_measures(model, estimator, is_multilabel)
        model.compile(optimizer=restore_optimizer(estimator.optimizer), **measures)
    except (ValueError, TypeError, AttributeError) as error:
        raise InputError(f"estimator: Keras cannot compile the network: {describe_error(error)}") from None


def compile_evaluation(model: keras.Model, estimator: Estimator, is_multilabel: bool) -> None:
    """Compile a network for its evaluation alone, without an optimizer; see :func:`compile_network`."""
    model.compile(optimizer=None, **_make_measures(model, estimator, is_multilabel))


def _make_measures(model: keras.Model, estimator: Estimator, is_multilabel: bool) -> dict[str, Any]:
    """Make the loss and the metrics, or those of each output."""

    def make_metrics(loss: Measure, unit_count: int) -> list[keras.Metric]:
        return [make_metric(metric, loss, unit_count, is_multilabel) for metric in estimator.metrics]

    if len(model.outputs) == 1:
        loss, unit_count = estimator.loss, model.outputs[0].shape[1]
        return {"loss": make_loss(loss), "metrics": make_metrics(loss, unit_count)}
    made: dict[str, dict[str, Any]] = {"loss": {}, "metrics": {}}
    for name, output in model.output.items():
        unit_count = output.shape[1]
        loss = narrow_loss(estimator.loss, unit_count)
        row_loss = RowLoss(make_loss(loss))
        made["loss"][name], made["metrics"][name] = make_loss(loss), [row_loss, *make_metrics(loss, unit_count)]
    return made


def restore_optimizer(serialized: dict[str, Any]) -> keras.optimizers.Optimizer:
    """Make the optimizer of the estimator file, mended for embeddings on TensorFlow.

    TensorFlow gives an embedding's gradient as one slice per word *occurrence*. Keras 3.15 squares the slices before
    it has summed those of the same word, so that Adam, RMSprop and their kin divide by far too little for frequent
    words: the recurrent network of the tutorial then ends anywhere between 0.60 and 0.85 instead of at 0.86. A dense
    gradient has the sums, as it has with Keras' other backends.
    """
    require_classes(serialized, "estimator, optimizer")
    # By the class itself: keras.optimizers.deserialize does not know them all.
    optimizer_class = OPTIMIZERS.list_classes()[OPTIMIZERS.find(serialized["class_name"])]
    with enter_safe_mode():
        optimizer = optimizer_class.from_config(use_inner_names(serialized["config"], "estimator, optimizer"))
    if keras.config.backend() == "tensorflow":
        import tensorflow

        apply = optimizer.apply

        def apply_dense(gradients: list, trainable_variables: list | None = None) -> None:
            apply([None if g is None else tensorflow.convert_to_tensor(g) for g in gradients], trainable_variables)

        optimizer.apply = apply_dense
    return optimizer


def restore_callbacks(callbacks: list[dict[str, Any]]) -> list[keras.callbacks.Callback]:
    """Make the callbacks of the estimator file; only those that the builder offers.

    Raises
    ------
    InputError
        An unknown callback, or a value that Keras refuses.
    """
    classes = CALLBACKS.list_classes()
    made = []
    for callback in callbacks:
        name = CALLBACKS.find(callback["class_name"])
        try:
            # Its options are checked anew: some of Keras' callbacks write files or send what they see elsewhere.
            options = CALLBACKS.complete(name, callback["config"])
            made.append(construct(OWN_CALLBACKS.get(name, classes[name]), options, f"estimator, callback {name}"))
        except (TypeError, ValueError) as error:
            raise InputError(f"estimator, callbacks, {name}: {describe_error(error)}") from None
    return made
