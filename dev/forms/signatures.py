"""What Keras' own signatures tell about its classes."""

import inspect
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from dev.forms.fields import Field

REQUIRED = inspect.Parameter.empty
KINDS = {bool: "boolean", int: "integer", float: "float", str: "select"}


@dataclass(frozen=True)
class Argument:
    """An argument of a class; ``default`` is :data:`REQUIRED` where Keras has none."""

    name: str
    default: Any

    @property
    def is_required(self) -> bool:
        """Whether Keras wants a value."""
        return self.default is REQUIRED


def list_classes(module: ModuleType, base: type) -> dict[str, type]:
    """Give the public classes of a module that stand below a base class, each once.

    Of several public names of a class its own is taken; a class whose own name is not public has the first one.
    """
    public = {name: item for name, item in vars(module).items() if isinstance(item, type) and issubclass(item, base)}
    names: dict[type, str] = {}
    for name, item in public.items():
        names.setdefault(item, item.__name__ if item.__name__ in public else name)
    return {name: item for item, name in names.items() if item is not base}


def list_arguments(class_: type) -> list[Argument]:
    """Give the arguments that a class names itself, without those that it only passes on."""
    parameters = inspect.signature(class_.__init__).parameters.values()
    named = [p for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY) and p.name != "self"]
    return [Argument(p.name, p.default) for p in named]


def make_field(argument: Argument, **known: Any) -> Field:
    """Make an argument's field: kind and value are those of its default, unless they are given as known."""
    default = None if argument.is_required else argument.default
    return Field(
        **{
            "name": argument.name,
            "kind": KINDS.get(type(default), ""),
            "value": default,
            "required": argument.is_required,
            "label": argument.name,
            **known,
        }
    )
