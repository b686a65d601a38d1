"""Types and ranges of the options of optimizers, schedules, losses, metrics and callbacks.

Keras does not check most of them. The form of the builder is generated from the same table.
"""

import sys
from dataclasses import dataclass
from typing import Any

from galaxy_keras.catalog.number_limits import LIMITS
from galaxy_keras.errors import InputError
from galaxy_keras.messages import quote


@dataclass(frozen=True)
class Option:
    """Allowed values of an option; an empty option has its default in Keras.

    Attributes
    ----------
    kind
        ``float``, ``int``, ``bool``, ``str``, or ``list`` for a list of numbers.
    least, most
        Inclusive limits, also for each number in a list.
    above, below
        Exclusive limits.
    choices
        All allowed values, if there are few.
    """

    kind: type = float
    least: float | None = None
    most: float | None = None
    above: float | None = None
    below: float | None = None
    choices: tuple[Any, ...] = ()

    def describe(self) -> str:
        """Return a description of the allowed values for a message."""
        if self.choices:
            return f"one of {', '.join(map(str, self.choices))}"
        if self.kind in (bool, str):
            return "True or False" if self.kind is bool else "text"
        words = (("from", self.least), ("above", self.above), ("to", self.most), ("to below", self.below))
        bounds = [
            f"{word} {bound:,}" if isinstance(bound, int) else f"{word} {bound:g}"
            for word, bound in words
            if bound is not None
        ]
        return " ".join([{int: "a whole number", float: "a number", list: "a list of numbers"}[self.kind], *bounds])

    def allows(self, number: float) -> bool:
        """Return whether a number is within the limits."""
        return (
            (self.least is None or number >= self.least)
            and (self.most is None or number <= self.most)
            and (self.above is None or number > self.above)
            and (self.below is None or number < self.below)
        )


SHARE, OPEN_SHARE = Option(least=0, most=1), Option(least=0, below=1)
NOT_NEGATIVE, POSITIVE = Option(least=0), Option(above=0)
# The backends use integers of 32 bits.
MAX_COUNT = 2**31 - 1
COUNT, COUNT_OR_ZERO = Option(int, least=1, most=MAX_COUNT), Option(int, least=0, most=MAX_COUNT)
NUMBER, FLAG, TEXT = Option(), Option(bool), Option(str)
# By argument. An argument has the same meaning in all classes except those in SPECIAL.
OPTIONS: dict[str, Option] = {
    # Optimizers
    "learning_rate": NOT_NEGATIVE,
    "decay": NOT_NEGATIVE,
    "momentum": SHARE,
    "rho": OPEN_SHARE,
    "beta_1": OPEN_SHARE,
    "beta_2": OPEN_SHARE,
    "adam_beta_1": OPEN_SHARE,
    "adam_beta_2": OPEN_SHARE,
    "beta_2_decay": Option(most=0),
    "epsilon": NOT_NEGATIVE,
    "epsilon_1": NOT_NEGATIVE,
    "epsilon_2": NOT_NEGATIVE,
    "nesterov": FLAG,
    "centered": FLAG,
    "amsgrad": FLAG,
    "relative_step": FLAG,
    "clip_threshold": POSITIVE,
    "initial_accumulator_value": NOT_NEGATIVE,
    "learning_rate_power": Option(most=0),
    "l1_regularization_strength": NOT_NEGATIVE,
    "l2_regularization_strength": NOT_NEGATIVE,
    "l2_shrinkage_regularization_strength": NOT_NEGATIVE,
    "beta": NOT_NEGATIVE,
    "warmup_steps": COUNT_OR_ZERO,
    "adam_weight_decay": NOT_NEGATIVE,
    "adam_lr_ratio": NOT_NEGATIVE,
    "exclude_embeddings": FLAG,
    "muon_a": NUMBER,
    "muon_b": NUMBER,
    "muon_c": NUMBER,
    "ns_steps": Option(int, least=1, most=LIMITS["ns_steps"]),
    "rms_rate": NOT_NEGATIVE,
    # All optimizers
    "weight_decay": NOT_NEGATIVE,
    "clipnorm": POSITIVE,
    "clipvalue": POSITIVE,
    "global_clipnorm": POSITIVE,
    "use_ema": FLAG,
    "ema_momentum": SHARE,
    "ema_overwrite_frequency": COUNT,
    "loss_scale_factor": POSITIVE,
    "gradient_accumulation_steps": Option(int, least=2, most=MAX_COUNT),
    # Schedules
    "initial_learning_rate": NOT_NEGATIVE,
    "decay_steps": COUNT,
    "first_decay_steps": COUNT,
    "decay_rate": NOT_NEGATIVE,
    "staircase": FLAG,
    "cycle": FLAG,
    "end_learning_rate": NOT_NEGATIVE,
    "power": POSITIVE,
    "alpha": SHARE,
    "warmup_target": NOT_NEGATIVE,
    "t_mul": POSITIVE,
    "m_mul": POSITIVE,
    "boundaries": Option(list, least=1),
    "values": Option(list, least=0),
    # Losses and metrics
    "reduction": Option(str, choices=("sum_over_batch_size", "mean_with_sample_weight", "mean", "sum")),
    "from_logits": FLAG,
    "label_smoothing": OPEN_SHARE,
    "apply_class_balancing": FLAG,
    "gamma": NOT_NEGATIVE,
    "q": Option(above=0, below=1),
    "delta": POSITIVE,
    "ignore_class": COUNT_OR_ZERO,
    "threshold": SHARE,
    "thresholds": SHARE,
    "top_k": COUNT,
    "class_id": COUNT_OR_ZERO,
    "k": COUNT,
    "num_thresholds": Option(int, least=2, most=LIMITS["num_thresholds"]),
    "curve": Option(str, choices=("ROC", "PR")),
    "summation_method": Option(str, choices=("interpolation", "minoring", "majoring")),
    "multi_label": FLAG,
    "recall": SHARE,
    "precision": SHARE,
    "specificity": SHARE,
    "sensitivity": SHARE,
    "average": Option(str, choices=("macro", "micro", "weighted")),
    "class_aggregation": Option(str, choices=("uniform_average", "variance_weighted_average")),
    "num_regressors": COUNT_OR_ZERO,
    "num_classes": Option(int, least=2, most=LIMITS["num_classes"]),
    "target_class_ids": Option(list, least=0),
    "axis": Option(int, choices=(0, -1)),
    "name": TEXT,
    # Callbacks
    "monitor": TEXT,
    "mode": Option(str, choices=("auto", "min", "max")),
    "min_delta": NUMBER,
    "patience": COUNT_OR_ZERO,
    "baseline": NUMBER,
    "restore_best_weights": FLAG,
    "start_from_epoch": COUNT_OR_ZERO,
    "factor": Option(above=0, below=1),
    "cooldown": COUNT_OR_ZERO,
    "min_lr": NOT_NEGATIVE,
    "initial_value_threshold": NUMBER,
    "swap_on_epoch": FLAG,
}
SPECIAL: dict[tuple[str, str], Option] = {
    ("Lion", "beta_1"): Option(above=0, below=1),
    ("FBetaScore", "beta"): POSITIVE,
    ("F1Score", "threshold"): Option(above=0, most=1),
    ("FBetaScore", "threshold"): Option(above=0, most=1),
}
# Defaults that differ from those of Keras: the history contains one number per metric, and a correlation along the
# outputs of a row is not defined for a single output.
DEFAULTS: dict[tuple[str, str], Any] = {
    ("F1Score", "average"): "macro",
    ("FBetaScore", "average"): "macro",
    ("ConcordanceCorrelation", "axis"): 0,
    ("PearsonCorrelation", "axis"): 0,
}


def check_option(place: str, option: Option, value: Any) -> Any:
    """Check a value, and convert it to the type that Keras expects.

    Parameters
    ----------
    place
        Name of the option in messages, such as ``optimizer Adam, beta_1``.

    Raises
    ------
    InputError
        The value has another type or is out of range.
    """
    fits = {
        bool: lambda: isinstance(value, bool),
        str: lambda: isinstance(value, str) and value != "",
        int: lambda: _is_number(value) and option.allows(value) and value == int(value),
        float: lambda: _is_number(value) and option.allows(value),
        list: lambda: isinstance(value, list) and value and all(_is_number(v) and option.allows(v) for v in value),
    }[option.kind]()
    if not fits or (option.choices and value not in option.choices):
        found = f"{value:g}" if isinstance(value, float) else quote(value)
        raise InputError(f"{place}: found {found}; expected {option.describe()}")
    return option.kind(value)


def _is_number(value: Any) -> bool:
    # math.isfinite fails if a whole number is too large for a float.
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= sys.float_info.max
