"""Train and evaluate the network of an estimator."""

from dataclasses import dataclass, replace
from typing import Any

import keras
import numpy as np

from galaxy_keras import __version__
from galaxy_keras.data.known_words import KnownWords
from galaxy_keras.data.sequence_samples import BOTH_STRANDS, RANDOM_STRAND, SequenceSamples
from galaxy_keras.data.tables import Features
from galaxy_keras.estimator.contents import Estimator, Fitted
from galaxy_keras.estimator.file import encode_members
from galaxy_keras.estimator.fitted_checks import check_fitted
from galaxy_keras.forms.sample_choices import Samples
from galaxy_keras.memory import explain_memory_shortage
from galaxy_keras.network.batches import RowBatches, take_target
from galaxy_keras.network.inner_names import to_shown
from galaxy_keras.network.inputs import fit_columns, fit_features, fit_sequences, NetworkInput
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
    """Outputs and metrics of some rows.

    Attributes
    ----------
    outputs
        Shape (n_rows, n_outputs), float32.
    measures
        Keras' loss and metrics by name.
    """

    outputs: np.ndarray
    measures: dict[str, float]


@dataclass(frozen=True)
class _Data:
    """Features of all rows, and the same features as input of the network."""

    features: Features
    inputs: NetworkInput


class Training:
    """A network with the samples and the target that it is trained on, in one or more runs.

    Attributes
    ----------
    network
        The estimator's network, whose weights are saved.
    model
        The trained model: the same layers, with the outputs arranged for the targets.
    outputs
        The output of each target.

    Parameters
    ----------
    estimator
        Unfitted or fitted; training always starts with new weights.
    samples, target
        Samples and target of the same rows.
    precision
        See :func:`precision.build_with_precision`; the estimator file does not change.

    Raises
    ------
    InputError
        The network cannot be built, or it does not fit the features, the target or the loss.
    """

    def __init__(self, estimator: Estimator, samples: Samples, target: Target, precision: str = FULL):
        self.estimator = estimator
        self.target = target
        self.samples = samples
        self._precision = precision
        self._data: _Data | None = None
        # Compiled by the first evaluation of a run, and used by all of them.
        self._evaluated: EvaluatedNetwork | None = None
        self._build()
        self.outputs = match_outputs(self.network, target, estimator)
        self.encoded = arrange_arrays([output.encoded for output in self.outputs], target)
        self._compile()

    @property
    def has_probabilities(self) -> bool:
        """Whether the outputs are class probabilities."""
        return all(output.has_probabilities for output in self.outputs)

    def fit(self, row_split: RowSplit) -> Estimator:
        """Train a new network on the training rows of a split and return the fitted estimator."""
        if self._data is not None:
            self._renew()
        self._prepare(row_split)
        check_monitors(self.estimator.fit.callbacks, row_split)
        self._check_file()
        log = EpochLog(self.estimator.optimizer)
        naming = NamedMeasures(self.target, self._metric_names)
        settings = self.estimator.fit
        validation = row_split.validation
        advice = f"a smaller batch_size than {settings.batch_size}, fewer units or columns"
        with explain_memory_shortage(advice), explain_unrepeatable_operation(self.estimator.seed):
            self.model.fit(
                **self._feed_training(row_split.train),
                epochs=settings.epochs,
                steps_per_epoch=settings.steps_per_epoch,
                validation_data=None if validation is None else self._feed_validation(validation),
                validation_steps=None if validation is None else settings.validation_steps,
                class_weight=weigh_classes(settings.class_weight, self.target, row_split.train),
                # Naming comes first, because the other callbacks use the new names.
                callbacks=[naming, *restore_callbacks(settings.callbacks), log],
                verbose=0,
            )
        check_trained_weights(self.network, self.estimator.optimizer)
        return replace(self.estimator, fitted=self.describe_fit(), history=log.history)

    def evaluate(self, rows: np.ndarray) -> Evaluation:
        """Evaluate rows in a single pass through the network."""
        if self._evaluated is None:
            self._evaluated = EvaluatedNetwork(self.model, name_keys(self.target))
            compile_evaluation(self._evaluated, self.estimator, self._is_multilabel)
        outputs, measures = self._evaluated.evaluate_rows(**self._feed(rows))
        return Evaluation(outputs, name_measures(measures, self.target, self._metric_names))

    def describe_layers(self) -> list[tuple[str, str, str, int]]:
        """Return the name, class, output shape and number of parameters of each layer."""
        layers = []
        for layer in self.network.layers:
            # A layer that is used several times has no single output.
            output = getattr(layer, "output", None)
            shape = "several" if output is None else str(keras.tree.map_structure(lambda x: tuple(x.shape[1:]), output))
            layers.append((to_shown(layer.name), type(layer).__name__, shape, layer.count_params()))
        return layers

    def describe_fit(self) -> Fitted:
        """Describe the features and targets of the trained network, as the estimator file stores them."""
        features = self._fitted_data.features
        output_layers = [output.describe() for output in self.outputs]
        has_one_output = len(output_layers) == 1
        return Fitted(
            target_kind=self.target.kind,
            classes=self.target.classes,
            target_names=self.target.names,
            feature_count=features.column_count,
            feature_names=features.names,
            threshold=output_layers[0].threshold if has_one_output else None,
            has_probabilities=self.has_probabilities,
            versions={"keras": keras.__version__, "galaxy_keras": __version__},
            text=features.text,
            outputs=None if has_one_output else output_layers,
            sequences=features.sequences,
        )

    @property
    def _fitted_data(self) -> _Data:
        if self._data is None:
            raise RuntimeError("Call fit before the network is evaluated or described")
        return self._data

    @property
    def _metric_names(self) -> list[str]:
        return [metric.column for metric in self.estimator.metrics]

    @property
    def _is_multilabel(self) -> bool:
        return self.target.kind == "multilabel"

    def _prepare(self, row_split: RowSplit) -> None:
        """Prepare the features; those of a text depend on the vocabulary of the training rows."""
        features = self.samples.prepare(row_split.train)
        if self._data is not None and features is self._data.features:
            return
        self._data = _Data(features, fit_features(self.network, features))
        if features.text is not None:
            known = KnownWords(features.text.unit)
            known.add(features.values[row_split.evaluation])
            known.report(f"{row_split.evaluation_name} rows")

    def _feed(
        self,
        rows: np.ndarray,
        generator: np.random.Generator | None = None,
        strand_generator: np.random.Generator | None = None,
    ) -> dict[str, Any]:
        """Return rows in batches of the training's size, as arguments of Keras' ``fit`` and ``evaluate``.

        Parameters
        ----------
        generator
            Shuffles rows that are read in batches, of which Keras would only shuffle the batches.
        strand_generator
            Draws the strands of sequences; see :class:`RowBatches`.
        """
        inputs, batch_size = self._fitted_data.inputs, self.estimator.fit.batch_size
        if inputs.is_large:
            return {"x": RowBatches(inputs, rows, batch_size, self.encoded, generator, strand_generator)}
        return {"x": inputs.take(rows), "y": take_target(self.encoded, rows), "batch_size": batch_size}

    def _add_strands(self, rows: np.ndarray) -> np.ndarray:
        """Add the reverse complements of sequences if the form asks for both strands."""
        if isinstance(self.samples, SequenceSamples) and self.samples.choice.strands == BOTH_STRANDS:
            return np.concatenate([rows, rows + self.samples.row_count])
        return rows

    def _make_strand_generator(self) -> np.random.Generator | None:
        if isinstance(self.samples, SequenceSamples) and self.samples.choice.strands == RANDOM_STRAND:
            return np.random.default_rng(self.estimator.seed)
        return None

    def _feed_training(self, rows: np.ndarray) -> dict[str, Any]:
        """Return training rows as arguments of Keras' ``fit``."""
        shuffle = self.estimator.fit.shuffle
        if self._fitted_data.inputs.is_large:
            generator = np.random.default_rng(self.estimator.seed) if shuffle else None
            return {**self._feed(self._add_strands(rows), generator, self._make_strand_generator()), "shuffle": False}
        return {**self._feed(rows), "shuffle": shuffle}

    def _feed_validation(self, rows: np.ndarray) -> Any:
        """Return validation rows as ``validation_data`` of Keras' ``fit``, which uses the training's batch size."""
        fed = self._feed(rows)
        return (fed["x"], fed["y"]) if "y" in fed else fed["x"]

    def _check_file(self) -> None:
        """Refuse before the training what the estimator file cannot store, such as a label of a million letters."""
        fitted = self.describe_fit()
        check_fitted(fitted, self.estimator.task, self.network)
        encode_members(replace(self.estimator, fitted=fitted))

    def _renew(self) -> None:
        """Build the network again with new weights; with a seed, all folds start with the same weights."""
        keras.utils.clear_session()
        seed_everything(self.estimator.seed)
        self._evaluated = None
        self._build()
        self._compile()

    def _build(self) -> None:
        """Build the estimator's network and the trained model."""
        self.network = build_with_precision(self.estimator.architecture, self._precision)
        source = self.samples.source
        # The words of a text are not columns of a table.
        table = source if isinstance(self.samples, Features) else None
        if isinstance(self.samples, SequenceSamples):
            fit_sequences(self.network, self.samples.encoding, source.name)
        else:
            fit_columns(self.network, self.samples.column_count, source.name, table)
        self.model = arrange_outputs(self.network, self.target)

    def _compile(self) -> None:
        compile_network(self.model, self.estimator, self._is_multilabel)
