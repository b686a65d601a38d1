"""What an estimator is: a network, how to train it, and, once fitted, what it has learned."""

from dataclasses import dataclass, field
from typing import Any

from galaxy_keras.catalog.losses_and_metrics import Measure


@dataclass(frozen=True)
class FitParameters:
    """What goes to Keras' ``fit``.

    Attributes
    ----------
    epochs
        Passes over the training rows.
    batch_size
        Rows per weight update.
    steps_per_epoch, validation_steps
        Batches per epoch; None takes all.
    validation_split
        Fraction (0–1) of the rows to hold back, where a tool has no holdout of its own.
    shuffle
        Whether to shuffle the rows before each epoch.
    class_weight
        Weight in the loss by the user's label, as text; ``balanced`` for weights that are inverse to the classes'
        numbers of training rows; None for equal weights.
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
class TextEncoding:
    """A vocabulary and how rows are brought to one length; stored in the estimator file.

    Attributes
    ----------
    words
        In lower case; the first has number 2. Number 1 stands for every other word, 0 fills a short row up.
    length
        Words of each row.
    pads_front, trims_front
        Whether a short row is filled up, and a long one cut, at its front; otherwise at its end.
    unit
        ``words`` or ``characters``: what the vocabulary holds.
    """

    words: list[str]
    length: int
    pads_front: bool
    trims_front: bool
    unit: str = "words"


@dataclass(frozen=True)
class FittedOutput:
    """What one of several outputs with targets of their own has learnt about; see :class:`Fitted`.

    Attributes
    ----------
    title
        What its predictions are called.
    target_kind
        ``labels`` or ``one_hot``.
    output_count
        Numbers that the output gives for a row.
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
    """What fitting adds to an estimator.

    Attributes
    ----------
    target_kind
        ``labels`` (one column of classes), ``one_hot`` (one 0/1 column a class), ``multilabel`` (independent 0/1
        columns), ``values`` (real numbers), ``multi_output`` (a target of its own for each of several outputs), or
        ``outputs`` (weights from elsewhere: the network's outputs as they are).
    classes
        The user's labels in the order of the network's outputs; empty for real numbers and several targets.
    target_names
        Names of the target columns.
    feature_count
        Number of input columns.
    feature_names
        Their names in order, or None where the table had no header.
    threshold
        A single output, or one of several labels, is positive above it; None where the largest output decides.
    has_probabilities
        Whether the outputs are probabilities.
    versions
        Versions of Keras and of the suite that fitted.
    text
        The vocabulary, where the network reads text.
    outputs
        The network's outputs in their order, for ``multi_output``.
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


@dataclass(frozen=True)
class Estimator:
    """An estimator: a network, how to train it, and, once fitted, what it has learnt.

    Attributes
    ----------
    task
        ``classification`` or ``regression``.
    loss, optimizer, metrics
        What goes to Keras' ``compile``, the optimizer in Keras' serialized form.
    seed
        Seed of the training; None leaves it random.
    architecture
        The architecture file's content.
    history
        Metrics per epoch, after fitting.
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
