"""Read the public classes of Keras and the arguments in their signatures."""

import inspect
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from dev.forms.fields import Field

REQUIRED = inspect.Parameter.empty
KINDS = {bool: "boolean", int: "integer", float: "float", str: "select"}


@dataclass(frozen=True)
class Argument:
    """An argument of a class; ``default`` is :data:`REQUIRED` if Keras has none."""

    name: str
    default: Any

    @property
    def is_required(self) -> bool:
        """Whether Keras has no default."""
        return self.default is REQUIRED


def list_classes(module: ModuleType, base: type) -> dict[str, type]:
    """Return the public subclasses of a class in a module by name, each once.

    If a class has several public names, its ``__name__`` is preferred to the first one.
    """
    public = {name: item for name, item in vars(module).items() if isinstance(item, type) and issubclass(item, base)}
    names: dict[type, str] = {}
    for name, item in public.items():
        names.setdefault(item, item.__name__ if item.__name__ in public else name)
    return {name: item for item, name in names.items() if item is not base}


def list_arguments(class_: type) -> list[Argument]:
    """Return the named arguments of a class, without ``*args`` and ``**kwargs``."""
    parameters = inspect.signature(class_).parameters.values()
    named = [p for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)]
    return [Argument(p.name, p.default) for p in named]


def make_field(argument: Argument, **known: Any) -> Field:
    """Make the field of an argument; kind and value follow from the default unless ``known`` has them."""
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
