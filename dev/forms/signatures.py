"""What Keras' own signatures tell about its classes."""

import inspect
from dataclasses import dataclass
from types import ModuleType
from typing import Any

REQUIRED = inspect.Parameter.empty


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
    """Give the public classes of a module that stand below a base class, each once and under its own name."""
    found = (item for item in vars(module).values() if isinstance(item, type) and issubclass(item, base))
    return {item.__name__: item for item in found if item is not base}


def list_arguments(class_: type) -> list[Argument]:
    """Give the arguments that a class names itself, without those that it only passes on."""
    parameters = inspect.signature(class_.__init__).parameters.values()
    named = [p for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY) and p.name != "self"]
    return [Argument(p.name, p.default) for p in named]
