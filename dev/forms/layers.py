"""Macros with the fields of Keras' layers for the form of keras_model_config."""

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from xml.etree.ElementTree import Element

import keras

from dev.forms import layer_table as table
from dev.forms.fields import choose, define, expand, Field, make_element, write_macros
from dev.forms.signatures import Argument, list_arguments, list_classes, make_field

# glu halves the width and threshold needs a value, so they do not work by name.
ACTIVATIONS_WITH_ARGUMENTS = ("glu", "threshold")
# Offered by every layer, in the order of the published forms; the layer Activation offers all functions.
FIRST_ACTIVATIONS = (
    *("linear", "softmax", "elu", "selu", "softplus", "softsign", "relu", "tanh", "sigmoid", "hard_sigmoid"),
    *("exponential", "gelu", "leaky_relu", "mish", "silu"),
)
ALL_ACTIVATIONS = "all"
INPUT = "Input"
SHARED = "SharedLayer"
INPUT_OF_LAYER = "param/inbound_nodes"
INPUTS_OF_LAYER = "param/merging_layers"


def write_layers() -> str:
    """Return the content of the macro file."""
    return write_macros(
        [
            *(_define_activations(which) for which in ("linear", "tanh", ALL_ACTIVATIONS)),
            define("conditional/layer/sequential", _choose_layer("sequential")),
            define("conditional/layer/functional", _choose_layer("functional")),
            *(define(macro, field.to_element()) for field, macro in _name_macros().items()),
            *(_define_layer(name) for name in _list_layers()),
            *(_define_gone_layer(name) for name in table.GONE),
        ]
    )


def list_fields(layer: str) -> list[Field]:
    """Return the fields of a layer: one per argument, except for weight settings and arguments that are left out."""
    layer_class = list_classes(keras.layers, keras.layers.Layer)[layer]
    return [_make_field(layer, argument) for argument in list_arguments(layer_class) if _is_offered(layer, argument)]


def _is_offered(layer: str, argument: Argument) -> bool:
    if argument.name.endswith(tuple(f"_{ending}" for ending in table.WEIGHT_SETTINGS)):
        return False
    return argument.name not in table.LEFT_OUT_ARGUMENTS or (layer, argument.name) in table.SPECIAL


def _make_field(layer: str, argument: Argument) -> Field:
    """Make a field from the signature of an argument and the table."""
    known = {
        "name": table.PUBLISHED_NAMES.get((layer, argument.name), argument.name),
        **table.ARGUMENTS.get(argument.name, {}),
        **table.SPECIAL.get((layer, argument.name), {}),
    }
    if argument.is_required and argument.name in table.FIRST_VALUES:
        known["value"] = table.FIRST_VALUES[argument.name]
    if argument.name == "activation":
        known["value"] = argument.default if isinstance(argument.default, str) else "linear"
        which = ALL_ACTIVATIONS if layer == "Activation" else known["value"]
        known["options_macro"] = f"options/activation/{which}"
    return make_field(argument, **known)


def _list_layers() -> Iterator[str]:
    for names in table.GROUPS.values():
        yield from names


def _choose_layer(model_type: str) -> Element:
    """Make the conditional that selects a layer; only functional networks have merging layers."""
    names = [name for name in _list_layers() if model_type == "functional" or name not in table.MERGING]
    options = [
        (name, f"{group} -- {name}") for group, members in table.GROUPS.items() for name in members if name in names
    ]
    options += [(name, f"Kept for older workflows -- {name} ({fate})") for name, (_, fate) in table.GONE.items()]
    first = []
    if model_type == "functional":
        options = [(INPUT, "Input -- Input"), *options, (SHARED, "Core -- Reuse an earlier layer with its weights")]
        first = [expand(f"layer/{INPUT}"), expand(f"layer/{SHARED}", expand(INPUT_OF_LAYER))]
    chooser = Field(
        "layer_type",
        "select",
        options[0][0],
        options=tuple(options),
        label="Choose the type of layer",
        help="Layers are sorted by group. Type a part of the name to search.",
    )
    conditional = choose("layer_selection", chooser, [])
    conditional.extend([*first, *(_use_layer(name, model_type) for name in (*names, *table.GONE))])
    return conditional


def _use_layer(name: str, model_type: str) -> Element:
    if model_type == "sequential":
        return expand(f"layer/{name}")
    return expand(f"layer/{name}", expand(INPUTS_OF_LAYER if name in table.MERGING else INPUT_OF_LAYER))


def _define_layer(name: str) -> Element:
    """Make the macro of a layer: essential fields, the input in functional networks, and a section for the others."""
    fields = list_fields(name)
    shown = [field for field in fields if field.required or field.name in table.ESSENTIAL]
    if len(fields) <= table.FEW_ARGUMENTS:
        shown = fields
    children = _write_fields(shown)
    if name in table.MORE_FIELDS:
        children.append(expand(table.MORE_FIELDS[name]))
    children += [make_element("yield"), *_write_fields([_make_keyword_field()])]
    hidden = _write_fields(field for field in fields if field not in shown)
    if hidden:
        children.append(make_element("section", children=hidden, name="advanced", title="Advanced options"))
    return define(f"layer/{name}", make_element("when", children=children, value=name))


def _define_gone_layer(name: str) -> Element:
    fields = _list_gone_fields(name)
    children = [*_write_fields(fields), make_element("yield"), *_write_fields([_make_keyword_field()])]
    return define(f"layer/{name}", make_element("when", children=children, value=name))


def _list_gone_fields(name: str) -> list[Field]:
    arguments = [Argument(argument, None) for argument in table.GONE[name][0] if argument != "kwargs"]
    return [_make_field(name, argument) for argument in arguments]


@cache
def _name_macros() -> dict[Field, str]:
    """Return the fields that several layers have, with the names of their macros."""
    fields = [field for name in _list_layers() for field in list_fields(name)]
    fields += [field for name in table.GONE for field in _list_gone_fields(name)]
    repeated = [field for field, count in Counter(fields).items() if count > 1]
    variants: Counter[str] = Counter()
    macros = {_make_keyword_field(): "param/kwargs"}
    for field in repeated:
        variants[field.name] += 1
        number = variants[field.name]
        macros[field] = f"param/{field.name}" if number == 1 else f"param/{field.name}/{number}"
    return macros


def _write_fields(fields: Iterable[Field]) -> list[Element]:
    """Write fields as elements: those of several layers expand a macro."""
    macros = _name_macros()
    return [expand(macros[field]) if field in macros else field.to_element() for field in fields]


def _make_keyword_field() -> Field:
    return Field("kwargs", **table.ARGUMENTS["kwargs"])


def _define_activations(which: str) -> Element:
    """Make the options of an activation function: all functions, or the common ones with a given default."""
    names = list(FIRST_ACTIVATIONS)
    if which == ALL_ACTIVATIONS:
        public = {name: item for name, item in vars(keras.activations).items() if callable(item)}
        # An activation may be public under two names.
        own = {name for name, item in public.items() if getattr(item, "__name__", "") == name}
        functions = {name for name in own if not isinstance(public[name], type)}
        left_out = {*FIRST_ACTIVATIONS, *ACTIVATIONS_WITH_ARGUMENTS, "get", "serialize", "deserialize"}
        names += sorted(functions - left_out)
    default = "linear" if which == ALL_ACTIVATIONS else which
    options = [make_element("option", name, value=name, selected="true" if name == default else None) for name in names]
    return define(f"options/activation/{which}", *options)
