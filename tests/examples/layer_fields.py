"""Forms of every layer as Galaxy writes them if only the required fields are set."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from dev.forms import layer_table
from examples.default_forms import config_form

FOLDER = Path(__file__).resolve().parents[2] / "tools" / "keras_model_config"
MACROS = {
    macro.get("name"): macro
    for file in ("layer_fields.xml", "weight_fields.xml", "layers.xml")
    for macro in ElementTree.parse(FOLDER / file).getroot()
}

LAYERS = [name for names in layer_table.GROUPS.values() for name in names]
# Values of required fields.
VALUES = {
    "units": 3,
    "filters": 2,
    "kernel_size": "2",
    "rate": 0.5,
    "stddev": 0.5,
    "n": 2,
    "dims": "(2, 1)",
    "equation": "abc,cd->abd",
    "input_dim": 9,
    "output_dim": 4,
    "pool_size": "2",
    "output_size": "2",
    "num_heads": 2,
    "key_dim": 3,
    "head_dim": 2,
    "num_query_heads": 2,
    "num_key_value_heads": 1,
    "mean": "2",
    "variance": "4",
    "scale": "0.5",
    "bin_boundaries": "[1, 2]",
    "num_tokens": 9,
    "num_bins": 5,
    "vocabulary": "[1, 2, 3]",
    "factor": "0.5",
    "height": 4,
    "width": 4,
    "height_factor": "0.25",
    "width_factor": "0.25",
    "target_shape": "(4, 6)",
    "axis": "2",
}
SEQUENCE, IMAGE, VOLUME, FRAMES = (6, 4), (8, 8, 3), (4, 4, 4, 2), (3, 6, 6, 2)
SHAPES = {
    **dict.fromkeys((name for name in LAYERS if "2D" in name), IMAGE),
    **dict.fromkeys((name for name in LAYERS if "3D" in name), VOLUME),
    **dict.fromkeys(layer_table.GROUPS["Preprocessing of images"], IMAGE),
    "ConvLSTM1D": (3, 6, 2),
    "ConvLSTM2D": FRAMES,
    "ConvLSTM3D": (2, 3, 3, 3, 1),
    "Embedding": (6,),
    "ReversibleEmbedding": (6,),
    "RepeatVector": (4,),
    "CategoryEncoding": (4,),
    "Hashing": (4,),
    "HashedCrossing": (1,),
    "IntegerLookup": (4,),
    "Discretization": (4,),
    "STFTSpectrogram": (600, 1),
    "MelSpectrogram": (4096,),
}
# Values for single layers.
MORE = {
    "Rescaling": {"scale": "0.5"},
    "Concatenate": {"axis": -1},
    "GroupNormalization": {"groups": 2},
    "RandomErasing": {"scale": "(0.02, 0.33)"},
    "RandomElasticTransform": {"scale": "1.0"},
    "RandomPerspective": {"scale": "1.0"},
    "ContrastLimitedAdaptiveHistogramEqualization": {"tile_grid_size": "(2, 2)"},
    "Discretization": {"num_bins": None},
    "EinsumDense": {"output_shape": "(None, 5)"},
    "RandomPosterization": {"factor": "4"},
}


def list_offered_layers(model_type: str) -> list[str]:
    """Return the layers that the form offers."""
    conditional = MACROS[f"conditional/layer/{model_type}"].find("conditional")
    return [option.get("value") for option in conditional.find("param")]


def fill_layer(layer_type: str, **values: Any) -> dict[str, Any]:
    """Return the content of ``layer_selection`` for a layer, with the defaults of the form for other fields."""
    selection = {"layer_type": layer_type, **_fill(MACROS[f"layer/{layer_type}"].find("when"))}
    for name, value in values.items():
        place = selection if name in selection or name not in selection.get("advanced", {}) else selection["advanced"]
        place[name] = value
    return selection


def list_params(macro: str) -> Iterator[Element]:
    """Yield all fields and conditionals of a macro and of the macros that it expands."""
    return _walk(MACROS[macro])


def _walk(element: Element) -> Iterator[Element]:
    for child in element:
        if child.tag in ("param", "conditional"):
            yield child
        yield from _walk(MACROS.get(child.get("macro"), []) if child.tag == "expand" else child)


def _fill(element: Element) -> dict[str, Any]:
    """Return the defaults of all fields, nested as Galaxy nests sections and conditionals."""
    filled: dict[str, Any] = {}
    for child in element:
        if child.tag == "param":
            filled[child.get("name")] = _read_default(child)
        elif child.tag == "section":
            filled[child.get("name")] = _fill(child)
        elif child.tag == "conditional":
            chosen = _read_default(child.find("param"))
            when = next(when for when in child.findall("when") if when.get("value") == chosen)
            filled[child.get("name")] = {child.find("param").get("name"): chosen, **_fill(when)}
        elif child.tag == "expand" and child.get("macro") in MACROS:
            filled.update(_fill(MACROS[child.get("macro")]))
    return filled


def _read_default(param: Element) -> Any:
    kind, value = param.get("type"), param.get("value")
    if kind == "boolean":
        return param.get("checked") == "true"
    if kind == "select":
        options = [option for child in param for option in (_options(child))]
        return next((o.get("value") for o in options if o.get("selected") == "true"), options[0].get("value"))
    if kind == "text":
        return value
    return None if not value else {"integer": int, "float": float}[kind](value)


def _options(child: Element) -> list[Element]:
    if child.tag == "option":
        return [child]
    return list(MACROS.get(child.get("macro"), []))


def _fill_required(layer: str, **inputs: str) -> dict:
    selection = fill_layer(layer)
    asked = {param.get("name") for param in list_params(f"layer/{layer}")}
    blank = {name for fields in (selection, selection.get("advanced", {})) for name, v in fields.items() if not v}
    given = {name: value for name, value in VALUES.items() if name in asked & blank and value is not False}
    keep = {"axis"} if layer != "Dot" else set()
    return fill_layer(layer, **{n: v for n, v in given.items() if n not in keep} | MORE.get(layer, {}), **inputs)


def make_layer_form(layer: str) -> dict[str, Any]:
    """Return a form of keras_model_config for a small network with a given layer."""
    shape = str(SHAPES.get(layer, SEQUENCE))
    if layer not in layer_table.MERGING:
        return config_form(_fill_required(layer), input_shape=shape)
    inputs = [fill_layer("Input", shape=shape, dtype="int64" if layer == "HashedCrossing" else "float32")] * 2
    blocks = [{"layer_selection": each} for each in (*inputs, _fill_required(layer, merging_layers="[1, 2]"))]
    network = {"model_type": "functional", "layers": blocks, "input_layers": "[1, 2]", "output_layers": "[3]"}
    return {"model_selection": network}
