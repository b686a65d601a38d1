"""Catalogs of the optimizers, schedules, losses, metrics and callbacks in the installed Keras."""

import inspect
import re
from dataclasses import dataclass, field
from typing import Any

from galaxy_keras.catalog.options import check_option, DEFAULTS, Option, OPTIONS, SPECIAL
from galaxy_keras.errors import InputError
from galaxy_keras.messages import quote


@dataclass(frozen=True)
class Catalog:
    """The public classes of Keras with a common base class.

    Attributes
    ----------
    word
        Name of such a class in messages.
    module, base
        Names of the public module and the base class.
    left_out
        Classes that estimators cannot contain, with the reason.
    left_out_options
        Arguments that the tools do not set, with the reason.
    """

    word: str
    module: str
    base: str
    left_out: dict[str, str]
    left_out_options: dict[str, str] = field(default_factory=dict)

    def list_classes(self) -> dict[str, type]:
        """Return the supported classes by name."""
        import keras

        module: Any = keras
        for part in self.module.split("."):
            module = getattr(module, part)
        base = getattr(module, self.base)
        public = [item for item in vars(module).values() if isinstance(item, type) and issubclass(item, base)]
        # If a class has several public names, use its own name.
        classes = {item.__name__: item for item in public if item is not base}
        return {name: item for name, item in classes.items() if name not in self.left_out}

    def find(self, name: str) -> str:
        """Return the name of a class for a name in any letter case, with or without underscores.

        Raises
        ------
        InputError
            The class does not exist, or it is not supported.
        """
        classes = self.list_classes()
        known = {_squeeze(known): known for known in classes}
        if _squeeze(name) in known:
            return known[_squeeze(name)]
        reason = {_squeeze(left): why for left, why in self.left_out.items()}.get(_squeeze(name))
        because = f" ({reason})" if reason else ""
        raise InputError(f"{self.word}: found {quote(name)}{because}; expected one of {', '.join(classes)}")

    def list_defaults(self, class_name: str) -> dict[str, Any]:
        """Return the options of a class with their defaults; required options have :data:`inspect.Parameter.empty`."""
        parameters = inspect.signature(self.list_classes()[class_name]).parameters.values()
        named = [p for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)]
        return {
            p.name: DEFAULTS.get((class_name, p.name), p.default)
            for p in named
            if p.name not in self.left_out_options and f"{class_name}.{p.name}" not in self.left_out_options
        }

    def complete(self, class_name: str, options: dict[str, Any]) -> dict[str, Any]:
        """Check options, and add the defaults of missing ones.

        Parameters
        ----------
        class_name
            Name from :meth:`find`.
        options
            Values by name; None selects the default.

        Raises
        ------
        InputError
            An option is unknown, a value is out of range, or a required value is missing.
        """
        defaults = self.list_defaults(class_name)
        place = f"{self.word} {class_name}"
        complete = dict(defaults)
        for name, value in options.items():
            if value is None:
                continue
            if name not in defaults:
                expected = ", ".join(defaults) or "none"
                raise InputError(f"{place}: found the option {name}; expected one of {expected}")
            complete[name] = check_option(f"{place}, {name}", find_option(class_name, name), value)
        for name, value in complete.items():
            if value is inspect.Parameter.empty:
                expected = find_option(class_name, name).describe()
                raise InputError(f"{place}, {name}: the field is empty; expected {expected}")
        return complete


def find_option(class_name: str, name: str) -> Option:
    """Return the allowed values of an option."""
    return SPECIAL.get((class_name, name), OPTIONS[name])


def name_class(class_name: str) -> str:
    """Return the name of a class in snake case, as Keras names losses and metrics."""
    apart = re.sub(r"(.)([A-Z][a-z0-9]+)", r"\1_\2", class_name.replace("IoU", "Iou"))
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", apart).lower()


def _squeeze(name: str) -> str:
    return name.lower().replace("_", "")


OPTIMIZERS = Catalog(
    "optimizer",
    "optimizers",
    "Optimizer",
    {
        "LossScaleOptimizer": "wraps another optimizer for half precision, for which Keras takes it by itself",
        "MultiOptimizer": "needs other optimizers and the layers of each",
    },
    {"name": "has no effect", "exclude_layers": "needs patterns of the names of variables"},
)
SCHEDULES = Catalog("schedule", "optimizers.schedules", "LearningRateSchedule", {}, {"name": "has no effect"})
LOSSES = Catalog(
    "loss",
    "losses",
    "Loss",
    {
        "CTC": "compares sequences of symbols of different lengths, which no table of targets holds",
        "Circle": "compares distances between the outputs of rows; the network's outputs would be no classes",
    },
    {
        "name": "has no effect",
        "dtype": "the backend's precision is used",
        "axis": "the outputs of a row are along the last axis",
    },
)
METRICS = Catalog(
    "metric",
    "metrics",
    "Metric",
    {
        "Accuracy": "counts outputs that equal the target exactly; the name accuracy selects the one that fits",
        "Mean": "is of one number, not of target and output",
        "Sum": "is of one number, not of target and output",
        "MeanMetricWrapper": "needs Python code",
        "IoU": "compares numbers of classes; OneHotIoU takes the outputs of a network",
        "MeanIoU": "compares numbers of classes; OneHotMeanIoU takes the outputs of a network",
    },
    {
        "dtype": "the backend's precision is used",
        "name": "is the column of the history",
        "CosineSimilarity.axis": "the outputs of a row are along the last axis",
        "CategoricalCrossentropy.axis": "the outputs of a row are along the last axis",
        "SparseCategoricalCrossentropy.axis": "the outputs of a row are along the last axis",
        "OneHotIoU.axis": "the outputs of a row are along the last axis",
        "OneHotMeanIoU.axis": "the outputs of a row are along the last axis",
        "AUC.thresholds": "the form has num_thresholds",
        "AUC.num_labels": "is the number of outputs, which Keras knows",
        "AUC.label_weights": "needs a number for each output",
        "from_sorted_ids": "the outputs of a network are not ranks",
        "sparse_y_pred": "the outputs of a network are not class indices",
        "BinaryIoU.target_class_ids": "both classes are counted",
    },
)
CALLBACKS = Catalog(
    "callback",
    "callbacks",
    "Callback",
    {
        "CallbackList": "holds other callbacks",
        "History": "is always kept: the training tool's output of metrics per epoch",
        "ProgbarLogger": "the training tool prints one line per epoch",
        "CSVLogger": "the training tool offers the metrics of each epoch as an output",
        "LambdaCallback": "needs Python code",
        "LearningRateScheduler": "needs Python code; the form has schedules",
        "BackupAndRestore": "is for a training that goes on after a crash; a job starts anew",
        "OrbaxCheckpoint": "needs a package that the tools do not have",
        "RemoteMonitor": "sends the metrics to another machine",
        "TensorBoard": "writes a folder for another program",
    },
    {
        "verbose": "the training tool prints one line per epoch",
        "raise_error": "the training ends either way",
        "filepath": "the best weights become those of the fitted estimator",
        "save_best_only": "is what this callback is for",
        "save_weights_only": "is what this callback is for",
        "save_freq": "each epoch's weights are looked at",
    },
)
