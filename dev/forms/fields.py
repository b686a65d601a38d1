"""Write fields of a Galaxy form to macro files."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

NOTICE = " Generated from Keras' signatures by `python3 -m dev forms`; change dev/forms and run it again. "


@dataclass(frozen=True)
class Field:
    """One field of a form.

    Attributes
    ----------
    name
        Name of the argument in Keras or in the published form.
    kind
        Galaxy's type: ``integer``, ``float``, ``text``, ``boolean`` or ``select``.
    value
        Initial value; None leaves the field empty.
    required
        Whether the form refuses an empty field; otherwise an empty field means Keras' default.
    least, most
        Bounds of a number.
    multiple
        Whether any number of options can be selected.
    options
        Values of a select, or pairs of value and label.
    options_macro
        Name of a macro with the options that several selects share.
    label, help
        Texts of the form; the default label is the name.
    pattern, message
        Regular expression for the text, and the message if it does not match.
    """

    name: str
    kind: str
    value: Any = None
    required: bool = False
    least: float | None = None
    most: float | None = None
    multiple: bool = False
    options: tuple[str | tuple[str, str], ...] = ()
    options_macro: str = ""
    label: str = ""
    help: str = ""
    pattern: str = ""
    message: str = ""

    def to_element(self) -> Element:
        """Write the field as Galaxy's ``param``, with the attributes in the usual order."""
        attributes: dict[str, Any] = {"name": self.name, "type": self.kind, "min": self.least, "max": self.most}
        if self.kind == "boolean":
            # Published workflows contain these values.
            attributes |= {"truevalue": "booltrue", "falsevalue": "boolfalse"}
            attributes["checked"] = str(bool(self.value)).lower()
        elif self.kind != "select":
            attributes["value"] = "" if self.value is None else str(self.value)
        if self.multiple:
            attributes["multiple"] = "true"
        if self.multiple or (self.kind in ("integer", "float", "text") and not self.required):
            attributes["optional"] = "true"
        attributes |= {"label": self.label or self.name, "help": self.help or None}
        element = make_element("param", **attributes)
        for option in self.options:
            value, label = option if isinstance(option, tuple) else (option, option)
            selected = "true" if value == self.value else None
            element.append(make_element("option", label, value=value, selected=selected))
        if self.options_macro:
            element.append(expand(self.options_macro))
        if self.kind == "text":
            element.append(expand("text_as_typed"))
        if self.pattern:
            element.append(make_element("validator", self.pattern, type="regex", message=self.message))
        return element


def make_element(tag: str, text: str | None = None, children: Iterable[Element] = (), **attributes: Any) -> Element:
    """Make an XML element; attributes that are None are omitted."""
    element = Element(tag, {name: str(value) for name, value in attributes.items() if value is not None})
    element.text = text
    element.extend(children)
    return element


def expand(macro: str, *children: Element, **tokens: str) -> Element:
    """Expand a macro; the children replace its ``yield``."""
    return make_element("expand", children=children, macro=macro, **tokens)


def define(macro: str, *children: Element) -> Element:
    """Define a macro."""
    return make_element("xml", children=children, name=macro)


def choose(name: str, chooser: Field, cases: Iterable[tuple[str, Iterable[Element]]]) -> Element:
    """Make a conditional: a select, and the fields of each of its values."""
    whens = [make_element("when", children=children, value=value) for value, children in cases]
    return make_element("conditional", children=[chooser.to_element(), *whens], name=name)


def write_macros(macros: Iterable[Element]) -> str:
    """Return the content of a macro file."""
    root = make_element("macros", children=[cast(Element, ElementTree.Comment(NOTICE)), *macros])
    ElementTree.indent(root, "    ")
    # The replacement only affects tags, because ">" is escaped in texts and attributes.
    return ElementTree.tostring(root, encoding="unicode").replace(" />", "/>") + "\n"


def replace_file(path: Path, text: str) -> bool:
    """Write a generated file if its content has changed, and return whether it has."""
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return False
    path.write_text(text, encoding="utf-8")
    return True
