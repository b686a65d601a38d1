"""Macros with the fields of Keras' optimizers and learning-rate schedules for the form of keras_model_builder."""

from xml.etree.ElementTree import Element

from dev.forms.fields import choose, define, Field, make_element, write_macros
from dev.forms.option_fields import list_option_fields, make_option_field
from galaxy_keras.catalog.classes import OPTIMIZERS, SCHEDULES
from galaxy_keras.catalog.options import NOT_NEGATIVE

# The order of the published forms; the others follow.
TITLES: dict[str, str] = {
    "SGD": "stochastic gradient descent",
    "RMSprop": "gradients divided by their moving root mean square",
    "Adagrad": "learning rate adapted per parameter",
    "Adadelta": "Adagrad with a moving window of gradients",
    # The words of the tutorial
    "Adam": "Adam optimizer",
    "Adamax": "Adam with the infinity norm",
    "Nadam": "Adam with Nesterov momentum",
    "Ftrl": "follow the regularized leader, for large sparse data",
    "AdamW": "Adam with decoupled weight decay",
    "Adafactor": "Adam with less memory",
    "Lamb": "Adam for large batches",
    "Lion": "sign of the gradient with momentum",
    "Muon": "orthogonalized updates of matrices, Adam for other weights",
    "ScheduleFreeAdamW": "AdamW without a schedule",
}
SCHEDULE_TITLES: dict[str, str] = {
    "ExponentialDecay": "exponential decay",
    "InverseTimeDecay": "divided by 1 + decay_rate * step / decay_steps",
    "PolynomialDecay": "polynomial decay to end_learning_rate",
    "CosineDecay": "cosine decay with an optional warm-up",
    "CosineDecayRestarts": "cosine decay with restarts",
    "PiecewiseConstantDecay": "constant between boundaries",
}
NO_SCHEDULE = "constant"
# Options of Keras 2 in the published forms.
OLD_OPTIONS = {
    **dict.fromkeys(("SGD", "RMSprop", "Adagrad", "Adadelta", "Adam", "Adamax"), ("decay", "lr")),
    "Nadam": ("lr", "schedule_decay"),
}
# Options of all optimizers, once in the form.
COMMON = (
    *("weight_decay", "clipnorm", "clipvalue", "global_clipnorm", "use_ema", "ema_momentum"),
    *("ema_overwrite_frequency", "gradient_accumulation_steps", "loss_scale_factor"),
)
# Set by another field: a schedule starts with the learning rate of the optimizer.
FIRST_RATE = ("initial_learning_rate",)


def write_optimizers() -> str:
    """Return the content of the macro file."""
    return write_macros(
        [
            define("conditional/optimizer", _choose_optimizer()),
            define("section/common_options", _make_common_section()),
            define("conditional/schedule", _choose_schedule()),
        ]
    )


def _choose_optimizer() -> Element:
    chooser = Field(
        "optimizer_type",
        "select",
        "Adam",
        options=tuple((name, f"{name} - {title}") for name, title in TITLES.items()),
        label="Select an optimizer",
        help="Adam is suitable for most networks.",
    )
    cases = [(name, [_make_options_section(name)]) for name in TITLES]
    return choose("optimizer_selection", chooser, cases)


def _make_options_section(name: str) -> Element:
    fields = list_option_fields(OPTIMIZERS, name, without=COMMON)
    fields += [make_option_field(option, option=NOT_NEGATIVE) for option in OLD_OPTIONS.get(name, ())]
    children = [field.to_element() for field in fields]
    return make_element("section", children=children, name="optimizer_options", title="Optimizer Advanced Options")


def _make_common_section() -> Element:
    defaults = {**OPTIMIZERS.list_defaults("SGD"), "weight_decay": None}
    children = [make_option_field(name, defaults[name]).to_element() for name in COMMON]
    return make_element(
        "section", children=children, name="common_options", title="Gradient clipping, weight decay and moving averages"
    )


def _choose_schedule() -> Element:
    options = [(NO_SCHEDULE, "constant - fixed learning rate")]
    options += [(name, f"{name} - {title}") for name, title in SCHEDULE_TITLES.items()]
    chooser = Field(
        "schedule_type",
        "select",
        NO_SCHEDULE,
        options=tuple(options),
        label="Learning-rate schedule",
        help="Change of the learning rate during training, in steps (batches).",
    )
    cases: list[tuple[str, list[Element]]] = [(NO_SCHEDULE, [])]
    for name in SCHEDULE_TITLES:
        fields = list_option_fields(SCHEDULES, name, without=FIRST_RATE)
        cases.append((name, [field.to_element() for field in fields]))
    return choose("schedule_selection", chooser, cases)
