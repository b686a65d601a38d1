"""Fields of a Galaxy form, and the macro files that hold them."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

NOTICE = " Generated from Keras' signatures by `python3 -m dev forms`; change dev/forms and run it again. "


@dataclass(frozen=True)
class Field:
    """One field of a form.

    Attributes
    ----------
    name
        Keras' name of the argument, or that of a published form.
    kind
        Galaxy's type: ``integer``, ``float``, ``text``, ``boolean`` or ``select``.
    value
        What stands in the field at first; None leaves it blank.
    required
        A blank field is refused by the form; else it leaves the argument to Keras' default.
    least, most
        Bounds of a number.
    multiple
        Whether several values of a select can be chosen, or none.
    options
        Values of a select, or pairs of value and label.
    options_macro
        Name of the macro that holds the options, where several selects share them.
    label, help
        What a person reads; the name where there is no label.
    pattern, message
        Regular expression of a text, and what the form says where it does not match.
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
        """Write the field as Galaxy's ``param``, attributes in the order of the house."""
        attributes = {"name": self.name, "type": self.kind, "min": self.least, "max": self.most}
        if self.kind == "boolean":
            # The words of the published forms, which workflows hold.
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
            chosen = {"selected": "true"} if value == self.value else {}
            element.append(make_element("option", label, value=value, **chosen))
        if self.options_macro:
            element.append(expand(self.options_macro))
        if self.kind == "text":
            element.append(expand("text_as_typed"))
        if self.pattern:
            element.append(make_element("validator", self.pattern, type="regex", message=self.message))
        return element


def make_element(tag: str, text: str | None = None, children: Iterable[Element] = (), **attributes: Any) -> Element:
    """Make an XML element; attributes that are None are left out."""
    element = Element(tag, {name: str(value) for name, value in attributes.items() if value is not None})
    element.text = text
    element.extend(children)
    return element


def expand(macro: str, *children: Element, **tokens: str) -> Element:
    """Use a macro; children take the place of its ``yield``."""
    return make_element("expand", children=children, macro=macro, **tokens)


def define(macro: str, *children: Element) -> Element:
    """Define a macro."""
    return make_element("xml", children=children, name=macro)


def choose(name: str, chooser: Field, cases: Iterable[tuple[str, Iterable[Element]]]) -> Element:
    """Make a conditional: a select, and for each of its values the fields that it brings."""
    whens = [make_element("when", children=children, value=value) for value, children in cases]
    return make_element("conditional", children=[chooser.to_element(), *whens], name=name)


def write_macros(macros: Iterable[Element]) -> str:
    """Give the text of a macro file."""
    root = make_element("macros", children=[ElementTree.Comment(NOTICE), *macros])
    ElementTree.indent(root, "    ")
    # In an attribute or a text, a ">" is written as &gt;.
    return ElementTree.tostring(root, encoding="unicode").replace(" />", "/>") + "\n"


def replace_file(path: Path, text: str) -> bool:
    """Write a generated file if it has changed, and say whether it had."""
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return False
    path.write_text(text, encoding="utf-8")
    return True
