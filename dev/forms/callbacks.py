"""Macro with the fields of Keras' callbacks for the form of keras_model_builder."""

from xml.etree.ElementTree import Element

from dev.forms.fields import choose, define, Field, make_element, write_macros
from dev.forms.option_fields import list_option_fields
from galaxy_keras.catalog.classes import CALLBACKS

# In the order of the form; callbacks without effect come last.
TITLES: dict[str, str] = {
    "None": "None",
    "EarlyStopping": "EarlyStopping -- Stop when a metric no longer improves",
    "TerminateOnNaN": "TerminateOnNaN -- Stop when the loss is NaN",
    "ReduceLROnPlateau": "ReduceLROnPlateau -- Reduce the learning rate when a metric no longer improves",
    "ModelCheckpoint": "ModelCheckpoint -- Train to the end and keep the weights of the best epoch",
    "SwapEMAWeights": "SwapEMAWeights -- Validate with the moving average of the weights (needs use_ema)",
    "CSVLogger": "CSVLogger -- Kept for older workflows: no effect, the training tool always writes the metrics",
}
# Callbacks without fields, which have no effect.
BARE = ("None", "CSVLogger")


def write_callbacks() -> str:
    """Return the content of the macro file."""
    return write_macros([define("repeat/callbacks", _repeat_callbacks())])


def _repeat_callbacks() -> Element:
    chooser = Field(
        "callback_type",
        "select",
        "None",
        options=tuple(TITLES.items()),
        label="Choose a callback",
        help="Action during training.",
    )
    cases = []
    for name in TITLES:
        fields = [] if name in BARE else list_option_fields(CALLBACKS, name)
        cases.append((name, [field.to_element() for field in fields]))
    chosen = choose("callback_selection", chooser, cases)
    return make_element("repeat", children=[chosen], name="callbacks", title="callback", min=1, max=7, default=1)
