"""Make text of forms and files printable, short and a single line; every message quotes through this module."""

from collections.abc import Iterable
from typing import Any

# Maximum number of characters of a quoted value and of a whole message. Galaxy shows the first 255 characters of a
# failed job.
QUOTE_LENGTH = 80
MESSAGE_LENGTH = 1_000


def quote(value: Any, length: int = QUOTE_LENGTH) -> str:
    """Return a value as messages quote it.

    Parameters
    ----------
    value
        Text or any other value from a form or a file.
    length
        Maximum number of characters; longer values end in ``...``.

    Returns
    -------
    str
        Python's ``repr``, which escapes line breaks, control characters and lone surrogates. Never raises.
    """
    if isinstance(value, (str, bytes)):
        # Cut first: a cell can contain megabytes.
        value = value[: length + 1]
    try:
        text = repr(value)
    except (ValueError, RecursionError):
        # An integer of more than 4,300 digits, or lists that are nested too deep.
        text = f"a {type(value).__name__} that is too large to show"
    return _cut(text, length)


def show(text: str, length: int = QUOTE_LENGTH) -> str:
    """Return text without quotation marks, such as a name, with unprintable characters escaped, cut to ``length``."""
    return _cut(_escape(str(text[: length + 1])), length)


def list_some(items: Iterable[Any], limit: int = 5) -> str:
    """Return the first items, quoted and separated by commas, and the number of the other items."""
    listed = list(items)
    text = ", ".join(quote(item) for item in listed[:limit])
    return f"{text} and {len(listed) - limit:,} more" if len(listed) > limit else text


def pluralize(count: int, noun: str) -> str:
    """Return a count with its noun, such as ``1 output`` or ``1,200 outputs``."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def make_one_line(text: str, length: int = MESSAGE_LENGTH) -> str:
    """Return a message with unprintable characters escaped, so that quoted text cannot forge a second line."""
    return _cut(_escape(text[: length + 1]), length)


def _escape(text: str) -> str:
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 3] + "..."
