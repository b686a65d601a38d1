"""References from a layer to layers before it, as people type them: numbers of blocks, or names."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from galaxy_keras.errors import InputError

EXAMPLE = "a layer's number or name, such as 1, or 3:2 for the second output of layer 3"


@dataclass(frozen=True)
class Reference:
    """A reference as it was typed.

    Attributes
    ----------
    layer
        Number of a block, 1-based, or a layer's name.
    output
        Which of the layer's outputs, 1-based.
    """

    layer: str
    output: int = 1

    def __str__(self) -> str:
        return self.layer if self.output == 1 else f"{self.layer}:{self.output}"

    def find(self, numbers: Mapping[str, int], limit: int, field: str) -> int:
        """Find the block that is meant.

        Parameters
        ----------
        numbers
            Blocks' numbers by their layers' names.
        limit
            Number of the last block that may be meant.
        field
            What messages call the place.

        Raises
        ------
        InputError
            There is no such layer, or it does not stand before this one.
        """
        number = int(self.layer) if re.fullmatch(r"-?\d+", self.layer) else numbers.get(self.layer)
        if number is not None and 1 <= number <= limit:
            return number
        if limit == 0:
            raise InputError(f"{field}: found {self.layer}; expected an Input before it")
        named = [name for name, found in numbers.items() if found <= limit]
        names = f", or a name ({', '.join(named)})" if named else ""
        raise InputError(f"{field}: found {self.layer}; expected a layer from 1 to {limit}{names}")


def read_references(text: str | int | None, field: str) -> tuple[Reference, ...]:
    """Read references, one or several in a list; blank text and an empty list give none.

    Raises
    ------
    InputError
        A part is no reference.
    """
    parts = [part.strip().strip("'\"") for part in str("" if text is None else text).strip(" []()").split(",")]
    references = []
    for part in parts:
        if not part:
            continue
        found = re.fullmatch(r"(?P<layer>-?[^:\[\]()]+?)(:(?P<output>[1-9]\d*))?", part)
        if found is None:
            raise InputError(f"{field}: found {part!r}; expected {EXAMPLE}")
        references.append(Reference(found["layer"].strip(), int(found["output"] or 1)))
    return tuple(references)
