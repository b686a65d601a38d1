"""Parse references to earlier layers, by block number or by name."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from galaxy_keras.errors import InputError
from galaxy_keras.forms.document import LITERAL_LENGTH_LIMIT
from galaxy_keras.messages import quote, show

EXAMPLE = (
    "a layer's number or name, such as 1, or 3:2 for the second output of layer 3 (names with commas, colons or "
    "brackets in quotation marks)"
)
# One reference and the comma after it.
PART = re.compile(
    r"(?:(?P<mark>[\"'])(?P<quoted>.*?)(?P=mark)|(?P<plain>[^,]*?))\s*(?::(?P<output>[1-9]\d*))?\s*(?:,|$)", re.DOTALL
)
LISTED_NAMES = 10


@dataclass(frozen=True)
class Reference:
    """A reference to an output of a layer.

    Attributes
    ----------
    layer
        1-based block number, or the name of a layer.
    output
        1-based number of the output.
    """

    layer: str
    output: int = 1

    def __str__(self) -> str:
        name = show(self.layer)
        return name if self.output == 1 else f"{name}:{self.output}"

    def find(self, numbers: Mapping[str, int], limit: int, field: str) -> int:
        """Return the number of the block.

        Parameters
        ----------
        numbers
            Block numbers by layer name.
        limit
            Largest valid block number.
        field
            Name of the field in messages.

        Raises
        ------
        InputError
            The layer does not exist, or it is not an earlier layer.
        """
        number = int(self.layer) if re.fullmatch(r"-?\d{1,9}", self.layer) else numbers.get(self.layer)
        if number is not None and 1 <= number <= limit:
            return number
        if limit == 0:
            raise InputError(f"{field}: found {show(self.layer)}; expected an Input before it")
        before = [_write_name(name) for name, found in numbers.items() if found <= limit]
        more = ", ..." if len(before) > LISTED_NAMES else ""
        names = f", or a name ({', '.join(before[:LISTED_NAMES])}{more})" if before else ""
        raise InputError(f"{field}: found {show(self.layer)}; expected a layer from 1 to {limit}{names}")


def read_references(text: str | int | None, field: str) -> tuple[Reference, ...]:
    """Parse one or several references; empty text and an empty list return none.

    Raises
    ------
    InputError
        The text is not a list of references.
    """
    text = str("" if text is None else text)
    if len(text) > LITERAL_LENGTH_LIMIT:
        raise InputError(f"{field}: found {len(text):,} characters; expected at most {LITERAL_LENGTH_LIMIT:,}")
    rest = _strip_brackets(text)
    references = []
    while rest:
        found = PART.match(rest)
        assert found is not None, "the pattern matches every text"
        layer = (found["quoted"] or found["plain"] or "").strip()
        if re.match(r"-?\d+:", layer):
            raise InputError(f"{field}: found {quote(rest)}; expected {EXAMPLE}")
        if layer:
            references.append(Reference(layer, int(found["output"] or 1)))
        rest = rest[found.end() :].strip()
    return tuple(references)


def _strip_brackets(text: str) -> str:
    text = text.strip()
    while text[:1] + text[-1:] in ("[]", "()"):
        text = text[1:-1].strip()
    return text


def _write_name(name: str) -> str:
    """Return a name as a user can type it, in quotation marks unless it consists of letters and digits."""
    return name if re.fullmatch(r"\w{1,80}", name) else quote(name)
