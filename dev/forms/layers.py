"""The layers' fields of the architecture form: a macro for each layer of Keras."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

import keras

from dev.forms import layer_table as table
from dev.forms.fields import choose, define, expand, Field, make_element, write_macros
from dev.forms.signatures import Argument, list_arguments, list_classes, make_field

# glu halves the width, threshold has no default: as mere names they make no layer.
ACTIVATIONS_WITH_ARGUMENTS = ("glu", "threshold")
# The order of the published forms; the others follow.
FIRST_ACTIVATIONS = (
    *("linear", "softmax", "elu", "selu", "softplus", "softsign", "relu", "tanh", "sigmoid", "hard_sigmoid"),
    "exponential",
)
ACTIVATION_ARGUMENTS = ("activation", "recurrent_activation")
INPUT = "Input"
SHARED = "SharedLayer"
INPUT_OF_LAYER = "param/inbound_nodes"
INPUTS_OF_LAYER = "param/merging_layers"


def write_layers() -> str:
    """Give the text of the macro file."""
    return write_macros(
        [
            *(_define_activations(default) for default in ("linear", "tanh", "sigmoid")),
            define("conditional/layer/sequential", _choose_layer("sequential")),
            define("conditional/layer/functional", _choose_layer("functional")),
            *(_define_layer(name) for name in _list_layers()),
            *(_define_gone_layer(name) for name in table.GONE),
        ]
    )


def list_fields(layer: str) -> list[Field]:
    """Give a layer's own fields, one for each argument but those for its weights and those that are left out."""
    layer_class = list_classes(keras.layers, keras.layers.Layer)[layer]
    return [_make_field(layer, argument) for argument in list_arguments(layer_class) if _is_offered(layer, argument)]


def _is_offered(layer: str, argument: Argument) -> bool:
    if argument.name.endswith(tuple(f"_{ending}" for ending in table.WEIGHT_SETTINGS)):
        return False
    return argument.name not in table.LEFT_OUT_ARGUMENTS or (layer, argument.name) in table.SPECIAL


def _make_field(layer: str, argument: Argument) -> Field:
    """Join what the signature says of an argument with what the table says."""
    known = {
        "name": table.PUBLISHED_NAMES.get((layer, argument.name), argument.name),
        **table.ARGUMENTS.get(argument.name, {}),
        **table.SPECIAL.get((layer, argument.name), {}),
    }
    if argument.name in ACTIVATION_ARGUMENTS:
        known["value"] = argument.default if isinstance(argument.default, str) else "linear"
        known["options_macro"] = f"options/activation/{known['value']}"
    return make_field(argument, **known)


def _list_layers() -> Iterator[str]:
    for names in table.GROUPS.values():
        yield from names


def _choose_layer(model_type: str) -> Element:
    """Make the conditional from which a layer is chosen; only functional networks have merging layers."""
    names = [name for name in _list_layers() if model_type == "functional" or name not in table.MERGING]
    options = [
        (name, f"{group} -- {name}") for group, members in table.GROUPS.items() for name in members if name in names
    ]
    options += [(name, f"Keras 2 -- {name} ({fate})") for name, (_, fate) in table.GONE.items()]
    first = []
    if model_type == "functional":
        options = [(INPUT, "Input -- Input"), *options, (SHARED, "Core -- Layer used before, with the same weights")]
        first = [expand(f"layer/{INPUT}"), expand(f"layer/{SHARED}", expand(INPUT_OF_LAYER))]
    chooser = Field(
        "layer_type",
        "select",
        options[0][0],
        options=tuple(options),
        label="Choose the type of layer",
        help="The group stands before the layer's name; type a part of the name to find it.",
    )
    conditional = choose("layer_selection", chooser, [])
    conditional.extend([*first, *(_use_layer(name, model_type) for name in (*names, *table.GONE))])
    return conditional


def _use_layer(name: str, model_type: str) -> Element:
    if model_type == "sequential":
        return expand(f"layer/{name}")
    return expand(f"layer/{name}", expand(INPUTS_OF_LAYER if name in table.MERGING else INPUT_OF_LAYER))


def _define_layer(name: str) -> Element:
    """Make a layer's macro: essential fields, its input in a functional network, and the others in a section."""
    fields = list_fields(name)
    shown = [field for field in fields if field.required or field.name in table.ESSENTIAL]
    if len(fields) <= table.FEW_ARGUMENTS:
        shown = fields
    children = [field.to_element() for field in shown]
    if name in table.MORE_FIELDS:
        children.append(expand(table.MORE_FIELDS[name]))
    children += [make_element("yield"), _make_keyword_field().to_element()]
    hidden = [field.to_element() for field in fields if field not in shown]
    if hidden:
        children.append(make_element("section", children=hidden, name="advanced", title="Advanced options"))
    return define(f"layer/{name}", make_element("when", children=children, value=name))


def _define_gone_layer(name: str) -> Element:
    fields = [_make_field(name, Argument(argument, None)) for argument in table.GONE[name][0] if argument != "kwargs"]
    children = [*(field.to_element() for field in fields), make_element("yield"), _make_keyword_field().to_element()]
    return define(f"layer/{name}", make_element("when", children=children, value=name))


def _make_keyword_field() -> Field:
    return Field("kwargs", **table.ARGUMENTS["kwargs"])


def _define_activations(default: str) -> Element:
    """Make the options of an activation function, with one of them chosen."""
    names = [name for name, item in vars(keras.activations).items() if callable(item) and not isinstance(item, type)]
    # An activation may be public under two names.
    own = {name for name in names if getattr(keras.activations, name).__name__ == name}
    rest = sorted(own - {*FIRST_ACTIVATIONS, *ACTIVATIONS_WITH_ARGUMENTS, "get", "serialize", "deserialize"})
    options = [
        make_element("option", name, value=name, **({"selected": "true"} if name == default else {}))
        for name in (*FIRST_ACTIVATIONS, *rest)
    ]
    return define(f"options/activation/{default}", *options)
