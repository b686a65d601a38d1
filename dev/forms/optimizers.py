"""The optimizers' and schedules' fields of the builder's form."""

from xml.etree.ElementTree import Element

from dev.forms.fields import choose, define, Field, make_element, write_macros
from dev.forms.option_fields import list_option_fields, make_option_field
from galaxy_keras.catalog.classes import OPTIMIZERS, SCHEDULES
from galaxy_keras.catalog.options import NOT_NEGATIVE

# The order of the published forms; the others follow.
TITLES: dict[str, str] = {
    "SGD": "stochastic gradient descent",
    "RMSprop": "gradients divided by their recent size",
    "Adagrad": "smaller steps for weights that moved much",
    "Adadelta": "Adagrad that forgets",
    # The words of the tutorial
    "Adam": "Adam optimizer",
    "Adamax": "Adam with the largest instead of the mean gradient",
    "Nadam": "Adam with Nesterov momentum",
    "Ftrl": "follow the regularized leader, for wide sparse data",
    "AdamW": "Adam with weight decay apart from the loss",
    "Adafactor": "Adam that needs less memory",
    "Lamb": "Adam for large batches",
    "Lion": "signs of gradients with momentum",
    "Muon": "orthogonal steps for weight matrices, Adam for the rest",
    "ScheduleFreeAdamW": "AdamW that needs no schedule",
}
SCHEDULE_TITLES: dict[str, str] = {
    "ExponentialDecay": "falls by the same share",
    "InverseTimeDecay": "is divided by 1 + decay_rate * step / decay_steps",
    "PolynomialDecay": "falls to end_learning_rate in decay_steps",
    "CosineDecay": "falls along a cosine, after a warm-up if wanted",
    "CosineDecayRestarts": "falls along a cosine again and again",
    "PiecewiseConstantDecay": "falls in stairs",
}
NO_SCHEDULE = "constant"
# Options of Keras 2 in the published forms.
OLD_OPTIONS = {
    **dict.fromkeys(("SGD", "RMSprop", "Adagrad", "Adadelta", "Adam", "Adamax"), ("decay", "lr")),
    "Nadam": ("schedule_decay", "lr"),
}
# All optimizers have these; the form has them once.
COMMON = (
    *("weight_decay", "clipnorm", "clipvalue", "global_clipnorm", "use_ema", "ema_momentum"),
    *("ema_overwrite_frequency", "gradient_accumulation_steps", "loss_scale_factor"),
)
# Given by another field: the start of a schedule is the optimizer's learning rate.
FIRST_RATE = ("initial_learning_rate",)


def write_optimizers() -> str:
    """Give the text of the macro file."""
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
        help="Adam is a good first choice; published workflows keep their own.",
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
        "section", children=children, name="common_options", title="Limits of gradients, weight decay, averages"
    )


def _choose_schedule() -> Element:
    options = [(NO_SCHEDULE, "constant - the learning rate stays as it is")]
    options += [(name, f"{name} - {title}") for name, title in SCHEDULE_TITLES.items()]
    chooser = Field(
        "schedule_type",
        "select",
        NO_SCHEDULE,
        options=tuple(options),
        label="Learning-rate schedule",
        help="How the learning rate changes during the training, counted in steps (batches).",
    )
    cases: list[tuple[str, list[Element]]] = [(NO_SCHEDULE, [])]
    for name in SCHEDULE_TITLES:
        fields = list_option_fields(SCHEDULES, name, without=FIRST_RATE)
        cases.append((name, [field.to_element() for field in fields]))
    return choose("schedule_selection", chooser, cases)
