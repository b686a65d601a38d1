"""Column choices of the forms; ``positions`` converts a choice to 0-based column positions of a table."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from galaxy_keras.errors import TableError
from galaxy_keras.messages import list_some, quote, show

BY_NUMBER = ("by_index_number", "all_but_by_index_number")
BY_NAME = ("by_header_name", "all_but_by_header_name")
ALL_COLUMNS = "all_columns"
# Maximum number of column names in a message about a missing column.
MAX_NAMES_LISTED = 20


@dataclass(frozen=True)
class ColumnChoice:
    """A column selector of a form; :meth:`positions` converts it to 0-based column positions.

    Attributes
    ----------
    option
        One of ``by_index_number``, ``all_but_by_index_number``, ``by_header_name``, ``all_but_by_header_name`` and
        ``all_columns``.
    numbers
        1-based column numbers, for the options by number.
    names
        Comma-separated column names as entered, for the options by name.
    """

    option: str = ALL_COLUMNS
    numbers: tuple[int, ...] = ()
    names: str = ""

    @classmethod
    def from_form(cls, selector: Mapping[str, Any], option_field: str, value_field: str) -> "ColumnChoice":
        """Read the conditional of a column selector.

        Parameters
        ----------
        selector
            Fields of the conditional.
        option_field, value_field
            Names of the fields with the option and the columns, such as ``selected_column_selector_option`` and
            ``col1``.

        Raises
        ------
        TableError
            No column number or name is given for an option that requires one.
        """
        option, value = selector[option_field], selector.get(value_field)
        if option in BY_NUMBER:
            # The form sends a list; an API call may send a single number.
            picked = value if isinstance(value, list) else [value]
            numbers = [number for number in picked if number not in (None, "")]
            if not numbers:
                raise TableError(f"{value_field}: no column is selected; expected at least one column number")
            return cls(option, numbers=tuple(int(number) for number in numbers))
        if option in BY_NAME:
            names = value or ""
            if not names.strip(" ,"):
                raise TableError(f"{value_field}: no column name is given; expected names separated by commas")
            return cls(option, names=names)
        return cls()

    @classmethod
    def from_text(cls, text: str | None, field: str) -> "ColumnChoice":
        """Read one column that was entered as a number or a name.

        Parameters
        ----------
        field
            Name of the field in messages.
        """
        by_number = (text or "").strip().isdecimal()
        return cls.from_form({"option": BY_NUMBER[0] if by_number else BY_NAME[0], field: text}, "option", field)

    def positions(self, column_count: int, header: list[str] | None, table: str) -> list[int]:
        """Return the 0-based positions of the chosen columns, in the order of the choice.

        Parameters
        ----------
        column_count
            Number of columns of the table.
        header
            Column names of the table, or None if it has no header.
        table
            Name of the table in messages.

        Raises
        ------
        TableError
            The table lacks a chosen number or name, columns are chosen by name in a table without a header, or all
            columns are excluded.
        """
        if self.option == ALL_COLUMNS:
            return list(range(column_count))
        named = self._named(header, table) if self.option in BY_NAME else self._numbered(column_count, table)
        if not self.option.startswith("all_but"):
            return named
        excluded = set(named)
        rest = [position for position in range(column_count) if position not in excluded]
        if not rest:
            raise TableError(f"{table}: all columns are excluded; expected at least one to remain")
        return rest

    @property
    def is_explicit(self) -> bool:
        """Whether each column is chosen by its number or name, not by excluding others."""
        return self.option in (BY_NUMBER[0], BY_NAME[0])

    def widths(self, column_count: int, header: list[str] | None, table: str) -> None:
        """Return None: the choice does not assign columns to the inputs of the network."""

    def _numbered(self, column_count: int, table: str) -> list[int]:
        for number in self.numbers:
            if not 1 <= number <= column_count:
                raise TableError(f"{table}: found column number {number}; expected a number from 1 to {column_count}")
        return [number - 1 for number in self.numbers]

    def _named(self, header: list[str] | None, table: str) -> list[int]:
        if header is None:
            raise TableError(
                f"{table}: columns are chosen by name, but the header option is No; "
                "expected Yes, or columns chosen by number"
            )
        return list(_find_names(self.names.split(","), header, table))


@dataclass(frozen=True)
class JoinedColumns:
    """Column choices for the inputs of a network, in the order of the inputs; concatenated, they are the features."""

    inputs: tuple[ColumnChoice, ...]
    is_explicit = True

    def positions(self, column_count: int, header: list[str] | None, table: str) -> list[int]:
        """Return the 0-based positions of all columns; see :meth:`ColumnChoice.positions`.

        Raises
        ------
        TableError
            As in :meth:`ColumnChoice.positions`, or one input reads a column twice. Two inputs may read the same
            column.
        """
        return [position for group in self._group(column_count, header, table) for position in group]

    def widths(self, column_count: int, header: list[str] | None, table: str) -> tuple[int, ...]:
        """Return the number of columns of each input."""
        return tuple(len(group) for group in self._group(column_count, header, table))

    def _group(self, column_count: int, header: list[str] | None, table: str) -> list[list[int]]:
        groups = []
        for number, choice in enumerate(self.inputs, start=1):
            place = f"{table}, input {number} of the network"
            group = choice.positions(column_count, header, place)
            repeated = next((position for position, count in Counter(group).items() if count > 1), None)
            if repeated is not None:
                name = f" ({show(header[repeated], 40)})" if header else ""
                raise TableError(f"{place}: found column {repeated + 1}{name} twice; expected each column once")
            groups.append(group)
        return groups


def _find_names(parts: list[str], header: list[str], table: str) -> Iterator[int]:
    """Yield the positions of comma-separated names, which may contain commas themselves.

    The longest sequence of parts that is a name of the table is taken as one name. Only names that begin with the first
    part are tried, so that the time is proportional to the number of names.

    Parameters
    ----------
    parts
        The entered text, split at commas.
    """
    # If several columns have the same name, use the first.
    positions = {name: position for position, name in reversed(list(enumerate(header)))}
    lengths: dict[str, set[int]] = {}
    for name in positions:
        lengths.setdefault(name.split(",", 1)[0].strip(), set()).add(name.count(",") + 1)
    start = 0
    while start < len(parts):
        first = parts[start].strip()
        for length in sorted(lengths.get(first, ()), reverse=True):
            name = ",".join(parts[start : start + length]).strip()
            if name in positions:
                yield positions[name]
                start += length
                break
        else:
            if first:
                raise TableError(
                    f"{table}: the column {quote(first)} is missing; expected one of "
                    f"{list_some(header, MAX_NAMES_LISTED)}"
                )
            start += 1
