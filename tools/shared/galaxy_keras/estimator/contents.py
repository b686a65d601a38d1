"""Dataclasses for the contents of an estimator: network, training settings and fitted attributes."""

from dataclasses import dataclass, field
from typing import Any

from galaxy_keras.catalog.losses_and_metrics import Measure
from galaxy_keras.data.text_encoding import TextEncoding
from galaxy_keras.errors import EstimatorError
from galaxy_keras.sequences.encoding import SequenceEncoding


@dataclass(frozen=True)
class FitParameters:
    """Arguments of Keras' ``fit``.

    Attributes
    ----------
    epochs
        Passes over the training rows.
    batch_size
        Rows per weight update.
    steps_per_epoch, validation_steps
        Number of batches per epoch; None uses all rows.
    validation_split
        Fraction (0–1) of the training rows to use as validation rows. The training tool uses its own holdout instead.
    shuffle
        Whether to shuffle the rows before each epoch.
    class_weight
        Weight of each class in the loss, with the user's labels as keys (text). ``balanced``: weights inversely
        proportional to class frequencies in the training rows. None: equal weights.
    callbacks
        Serialized callbacks: ``{"class_name": …, "config": {…}}``.
    """

    epochs: int = 1
    batch_size: int = 32
    steps_per_epoch: int | None = None
    validation_steps: int | None = None
    validation_split: float | None = None
    shuffle: bool = True
    class_weight: dict[str, float] | str | None = None
    callbacks: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class FittedOutput:
    """Fitted attributes of one output of a network with one target per output; see :class:`Fitted`.

    Attributes
    ----------
    title
        Column name of the predictions.
    target_kind
        ``labels`` or ``one_hot``.
    output_count
        Number of units of the output.
    """

    title: str
    target_kind: str
    classes: list[Any]
    target_names: list[str]
    output_count: int
    threshold: float | None
    has_probabilities: bool


@dataclass(frozen=True)
class Fitted:
    """Fitted attributes of an estimator.

    Attributes
    ----------
    target_kind
        ``labels`` (one column of classes), ``one_hot`` (one 0/1 column per class), ``multilabel`` (independent 0/1
        columns), ``values`` (real numbers), ``multi_output`` (one target per output) or ``outputs`` (the weights come
        from another source and the network's outputs are returned unchanged).
    classes
        The user's labels in the order of the network's outputs; empty for real numbers and ``multi_output``.
    target_names
        Names of the target columns.
    feature_count
        Number of input columns.
    feature_names
        Names of the input columns in order; None if the table had no header.
    threshold
        An output above the threshold is positive; None if the class with the largest output is predicted.
    has_probabilities
        Whether the outputs are probabilities.
    versions
        Versions of Keras and of this package that trained the network.
    text
        Vocabulary of a network that reads text; otherwise None.
    outputs
        The network's outputs in order, for ``multi_output``; otherwise None.
    sequences
        The encoding of a network that reads sequences; otherwise None.
    """

    target_kind: str
    classes: list[Any]
    target_names: list[str]
    feature_count: int
    feature_names: list[str] | None
    threshold: float | None
    has_probabilities: bool
    versions: dict[str, str]
    text: TextEncoding | None = None
    outputs: list[FittedOutput] | None = None
    sequences: SequenceEncoding | None = None


@dataclass(frozen=True)
class Estimator:
    """A network with its training settings and, after training, its fitted attributes.

    Attributes
    ----------
    task
        ``classification`` or ``regression``.
    loss, optimizer, metrics
        Arguments of Keras' ``compile``; the optimizer in Keras' serialized form.
    seed
        Random seed of the training; None for a different result each time.
    architecture
        Content of the architecture file.
    history
        After training: the values of each metric, one per epoch.
    """

    task: str
    loss: Measure
    optimizer: dict[str, Any]
    metrics: list[Measure]
    fit: FitParameters
    seed: int | None
    architecture: dict[str, Any]
    fitted: Fitted | None = None
    history: dict[str, list[float]] = field(default_factory=dict)

    def require_fitted(self) -> Fitted:
        """Return the fitted attributes.

        Raises
        ------
        EstimatorError
            The estimator is not fitted.
        """
        if self.fitted is None:
            raise EstimatorError("estimator: found an unfitted estimator; expected the output of the training tool")
        return self.fitted
