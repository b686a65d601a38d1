"""Match a table of labels to sequences by identifier, and read labels from headers."""

import numpy as np

from galaxy_keras.errors import InputError
from galaxy_keras.messages import list_some, pluralize, quote, show

PLACEHOLDER = "{label}"


def find_id_column(columns: list[list[str]], ids: list[str], headers: list[str]) -> tuple[int, list[str]] | None:
    """Return the position of the column that holds the identifiers, and the identifiers in the form it uses.

    Parameters
    ----------
    columns
        Cells of each column of the label table.
    ids, headers
        First words and whole texts of the headers of the sequences.

    Returns
    -------
    (int, list of str) or None
        None if no column contains most of the identifiers.
    """
    for keys in (ids, headers):
        wanted = set(keys)
        for position, cells in enumerate(columns):
            if len(wanted.intersection(cells)) * 2 > len(wanted):
                return position, keys
    return None


def match_rows(cells: list[str], keys: list[str], table: str, name: str) -> np.ndarray:
    """Return the row of the label table of each sequence.

    Parameters
    ----------
    cells
        Identifiers in the table.
    keys
        Identifiers of the sequences.
    table, name
        Names of the table and of the sequences in messages.

    Raises
    ------
    InputError
        Identifiers are missing, additional or repeated; the message names them.
    """
    problems = []
    rows = {cell: row for row, cell in enumerate(cells)}
    if len(rows) < len(cells):
        seen: set[str] = set()
        twice = list(dict.fromkeys(cell for cell in cells if cell in seen or seen.add(cell)))  # type: ignore[func-returns-value]
        problems.append(f"more than once: {list_some(twice)}")
    wanted = set(keys)
    missing = [key for key in keys if key not in rows]
    if missing:
        problems.append(f"without a label: {list_some(missing)} ({pluralize(len(missing), 'sequence')})")
    extra = [cell for cell in rows if cell not in wanted]
    if extra:
        problems.append(f"without a sequence: {list_some(extra)} ({pluralize(len(extra), 'row')})")
    if problems:
        raise InputError(
            f"{table}: found identifiers {'; '.join(problems)}; expected each identifier of the {name} exactly once"
        )
    return np.array([rows[key] for key in keys])


def read_header_labels(headers: list[str], pattern: str, name: str) -> list[str]:
    """Return the label in each header.

    Parameters
    ----------
    pattern
        The text before the label, ``{label}``, and the text after it; for example ``|{label}`` or ``class={label};``.
        Without text after it, the label ends at the end of the header.

    Raises
    ------
    InputError
        The pattern has no placeholder, or a header does not match it.
    """
    if pattern.count(PLACEHOLDER) != 1:
        raise InputError(f"header pattern: found {quote(pattern)}; expected {PLACEHOLDER} once, as in |{PLACEHOLDER}")
    before, after = pattern.split(PLACEHOLDER)
    return [_read_header_label(header, before, after, pattern, name) for header in headers]


def _read_header_label(header: str, before: str, after: str, pattern: str, name: str) -> str:
    start = header.rfind(before) if not after else header.find(before)
    label = header[start + len(before) :] if start >= 0 else ""
    end = label.find(after) if after else len(label)
    label = label[:end].strip() if end >= 0 else ""
    if not label:
        raise InputError(f"{name}, record {show(header)}: found a header without a label; expected {quote(pattern)}")
    return label
