"""The form of each layer as its wrapper has it: what Galaxy sends where only the required fields are filled."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

FOLDER = Path(__file__).resolve().parent.parent / "tools" / "keras_model_config"
MACROS = {
    macro.get("name"): macro
    for file in ("layer_fields.xml", "weight_fields.xml", "layers.xml")
    for macro in ElementTree.parse(FOLDER / file).getroot()
}


def list_offered_layers(model_type: str) -> list[str]:
    """Give the values from which a layer is chosen."""
    conditional = MACROS[f"conditional/layer/{model_type}"].find("conditional")
    return [option.get("value") for option in conditional.find("param")]


def fill_layer(layer_type: str, **values: Any) -> dict[str, Any]:
    """Give the content of ``layer_selection`` for a layer, with the form's defaults for what is not given."""
    selection = {"layer_type": layer_type, **_fill(MACROS[f"layer/{layer_type}"].find("when"))}
    for name, value in values.items():
        place = selection if name in selection or name not in selection.get("advanced", {}) else selection["advanced"]
        place[name] = value
    return selection


def list_params(macro: str) -> Iterator[Element]:
    """Give all fields and conditionals of a macro, those of the macros that it uses included."""
    return _walk(MACROS[macro])


def _walk(element: Element) -> Iterator[Element]:
    for child in element:
        if child.tag in ("param", "conditional"):
            yield child
        yield from _walk(MACROS.get(child.get("macro"), []) if child.tag == "expand" else child)


def _fill(element: Element) -> dict[str, Any]:
    """Give each field's default, nested as Galaxy nests sections and conditionals."""
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
