"""The callbacks' fields of the builder's form."""

from xml.etree.ElementTree import Element

from dev.forms.fields import choose, define, Field, make_element, write_macros
from dev.forms.option_fields import list_option_fields
from galaxy_keras.catalog.classes import CALLBACKS

# The order of the published forms; the others follow.
TITLES: dict[str, str] = {
    "None": "None",
    "EarlyStopping": "EarlyStopping -- Stop when a measure no longer gets better",
    "TerminateOnNaN": "TerminateOnNaN -- Stop when the loss is no number",
    "ReduceLROnPlateau": "ReduceLROnPlateau -- Reduce the learning rate when a measure no longer gets better",
    "CSVLogger": "CSVLogger -- Metrics of each epoch, an output of the training tool with or without it",
    "ModelCheckpoint": "ModelCheckpoint -- Train to the end, and keep the weights of the best epoch",
    "SwapEMAWeights": "SwapEMAWeights -- Validate with the moving average of the weights (needs use_ema)",
}
# Without fields: the first two do nothing here.
BARE = ("None", "CSVLogger")


def write_callbacks() -> str:
    """Give the text of the macro file."""
    return write_macros([define("repeat/callbacks", _repeat_callbacks())])


def _repeat_callbacks() -> Element:
    chooser = Field(
        "callback_type",
        "select",
        "None",
        options=tuple(TITLES.items()),
        label="Choose a callback",
        help="What watches the training and steps in.",
    )
    cases = []
    for name in TITLES:
        fields = [] if name in BARE else list_option_fields(CALLBACKS, name)
        cases.append((name, [field.to_element() for field in fields]))
    chosen = choose("callback_selection", chooser, cases)
    return make_element("repeat", children=[chosen], name="callbacks", title="callback", min=1, max=7, default=1)
