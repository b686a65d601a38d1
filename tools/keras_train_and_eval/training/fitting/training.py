"""The training itself: the network of an estimator, compiled, fitted and applied to the evaluation rows."""

from dataclasses import dataclass, replace
from typing import Any

import keras
import numpy as np

from galaxy_keras import __version__
from galaxy_keras.data.known_words import KnownWords
from galaxy_keras.data.tables import Features
from galaxy_keras.data.text import Texts
from galaxy_keras.estimator.contents import Estimator, Fitted
from galaxy_keras.estimator.file import encode_members
from galaxy_keras.estimator.fitted_checks import check_fitted
from galaxy_keras.memory import explain_lack_of_memory
from galaxy_keras.network.batches import RowBatches, take_target
from galaxy_keras.network.inner_names import to_shown
from galaxy_keras.network.inputs import fit_columns, fit_features, NetworkInput
from galaxy_keras.runtime import seed_everything
from training.fitting.class_weights import weigh_classes
from training.fitting.compiling import compile_evaluation, compile_network, restore_callbacks
from training.fitting.epoch_log import check_monitors, EpochLog, NamedMeasures
from training.fitting.evaluation import EvaluatedNetwork
from training.fitting.failures import check_trained_weights, explain_unrepeatable_operation
from training.fitting.network_outputs import arrange_arrays, arrange_outputs, match_outputs
from training.fitting.precision import build_with_precision, FULL
from training.scoring.output_metrics import name_keys, name_measures
from training.splits.schemes import RowSplit
from training.targets.targets import Target


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


class Training:
    """An estimator's network with the data that it is about to learn.

    Attributes
    ----------
    network, model
        The estimator's network, whose weights are saved, and what is trained: the same layers, with the outputs as the
        targets need them.
    outputs
        What each target is learnt by.

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
        self._build()
        self.outputs = match_outputs(self.network, target, estimator)
        self.encoded = arrange_arrays([output.encoded for output in self.outputs], target)
        self._compile()
        self.features: Features | None = None
        self.inputs: NetworkInput | None = None

    @property
    def has_probabilities(self) -> bool:
        """Whether the outputs are probabilities of classes."""
        return all(output.has_probabilities for output in self.outputs)

    def fit(self, row_split: RowSplit) -> Estimator:
        """Train on the training rows, watch the validation rows, and give the fitted estimator."""
        if self.inputs is not None:
            self._renew()
        features = self.samples.prepare(row_split.train)
        if features is not self.features:
            self.features, self.inputs = features, fit_features(self.network, features)
            if features.text is not None:
                known = KnownWords(features.text.unit)
                known.add(features.values[row_split.scored])
                known.report(f"{row_split.scored_name} rows")
        check_monitors(self.estimator.fit.callbacks, row_split)
        self._check_readable()
        log = EpochLog(self.estimator.optimizer)
        naming = NamedMeasures(self.target, self._metric_names)
        settings = self.estimator.fit
        watched = row_split.validation
        advice = f"a smaller batch_size than {settings.batch_size}, fewer units or columns"
        with explain_lack_of_memory(advice), explain_unrepeatable_operation(self.estimator.seed):
            self.model.fit(
                **self._feed_training(row_split.train),
                epochs=settings.epochs,
                steps_per_epoch=settings.steps_per_epoch,
                validation_data=None if watched is None else self._feed_validation(watched),
                validation_steps=None if watched is None else settings.validation_steps,
                class_weight=weigh_classes(settings.class_weight, self.target, row_split.train),
                # Names first: the others watch measures by them.
                callbacks=[naming, *restore_callbacks(settings.callbacks), log],
                verbose=0,
            )
        check_trained_weights(self.network, self.estimator.optimizer)
        return replace(self.estimator, fitted=self.describe_fit(), history=log.history)

    def evaluate(self, rows: np.ndarray) -> Evaluation:
        """Pass rows through the network once and measure all that Keras can say about them."""
        if self._evaluated is None:
            self._evaluated = EvaluatedNetwork(self.model, name_keys(self.target))
            compile_evaluation(self._evaluated, self.estimator, self.target.kind == "multilabel")
        outputs, measures = self._evaluated.evaluate_rows(**self._feed(rows))
        return Evaluation(outputs, name_measures(measures, self.target, self._metric_names))

    @property
    def _metric_names(self) -> list[str]:
        return [metric.column for metric in self.estimator.metrics]

    def _feed(self, rows: np.ndarray, generator: np.random.Generator | None = None) -> dict[str, Any]:
        """Return rows in batches of the training's size, as arguments of Keras' ``fit`` and ``evaluate``.

        Parameters
        ----------
        generator
            Shuffles large rows, which come in batches already: Keras would only shuffle the batches.
        """
        batch_size = self.estimator.fit.batch_size
        if self.inputs.is_large:
            return {"x": RowBatches(self.inputs, rows, batch_size, self.encoded, generator)}
        return {"x": self.inputs.take(rows), "y": take_target(self.encoded, rows), "batch_size": batch_size}

    def _feed_training(self, rows: np.ndarray) -> dict[str, Any]:
        """Return rows to learn from as arguments of Keras' ``fit``."""
        shuffle = self.estimator.fit.shuffle
        if self.inputs.is_large:
            generator = np.random.default_rng(self.estimator.seed) if shuffle else None
            return {**self._feed(rows, generator), "shuffle": False}
        return {**self._feed(rows), "shuffle": shuffle}

    def _feed_validation(self, rows: np.ndarray) -> Any:
        """Return validation rows as Keras' ``fit`` takes them; it makes batches of them as large as the training's."""
        fed = self._feed(rows)
        return (fed["x"], fed["y"]) if "y" in fed else fed["x"]

    def _check_readable(self) -> None:
        """Refuse what the estimator file could not hold, such as a label of a million letters, before the training."""
        fitted = self.describe_fit()
        check_fitted(fitted, self.estimator.task, self.network)
        encode_members(replace(self.estimator, fitted=fitted))

    def _renew(self) -> None:
        """Start again with fresh weights, the same for each fold if the estimator has a seed."""
        keras.utils.clear_session()
        seed_everything(self.estimator.seed)
        self._build()
        self._compile()

    def _build(self) -> None:
        """Build the estimator's network, and what is trained."""
        self.network = build_with_precision(self.estimator.architecture, self._precision)
        source = self.samples.source
        # Words of a text are not columns of a table.
        table = source if isinstance(self.samples, Features) else None
        fit_columns(self.network, self.samples.column_count, source.name, table)
        self.model = arrange_outputs(self.network, self.target)
        # The first evaluation makes it; of several it is compiled once.
        self._evaluated: EvaluatedNetwork | None = None

    def _compile(self) -> None:
        compile_network(self.model, self.estimator, is_multilabel=self.target.kind == "multilabel")

    def describe_layers(self) -> list[tuple[str, str, str, int]]:
        """Give the name, class, output shape and number of parameters of each layer."""
        layers = []
        for layer in self.network.layers:
            # A layer that is used several times has no single output.
            shape = getattr(layer, "output", None)
            shapes = "several" if shape is None else str(keras.tree.map_structure(lambda x: tuple(x.shape[1:]), shape))
            layers.append((to_shown(layer.name), type(layer).__name__, shapes, layer.count_params()))
        return layers

    def describe_fit(self) -> Fitted:
        """Say what the network has learnt about, for the estimator file and for reading predictions."""
        output_layers = [output.describe() for output in self.outputs]
        is_one = len(output_layers) == 1
        return Fitted(
            target_kind=self.target.kind,
            classes=self.target.classes,
            target_names=self.target.names,
            feature_count=self.features.column_count,
            feature_names=self.features.names,
            threshold=output_layers[0].threshold if is_one else None,
            has_probabilities=self.has_probabilities,
            versions={"keras": keras.__version__, "galaxy_keras": __version__},
            text=self.features.text,
            outputs=None if is_one else output_layers,
        )
