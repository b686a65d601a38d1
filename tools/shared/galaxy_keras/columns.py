"""Which columns of a table a form chose."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from galaxy_keras.errors import TableError

BY_NUMBER = ("by_index_number", "all_but_by_index_number")
BY_NAME = ("by_header_name", "all_but_by_header_name")
ALL_COLUMNS = "all_columns"


@dataclass(frozen=True)
class ColumnChoice:
    """A column selector of the forms.

    Attributes
    ----------
    option
        One of ``by_index_number``, ``all_but_by_index_number``, ``by_header_name``, ``all_but_by_header_name`` and
        ``all_columns``.
    numbers
        1-based column numbers, for the options by number.
    names
        Column names separated by commas as they were typed, for the options by name.
    """

    option: str = ALL_COLUMNS
    numbers: tuple[int, ...] = ()
    names: str = ""

    @classmethod
    def from_form(cls, selector: Mapping[str, Any], option_field: str, value_field: str) -> "ColumnChoice":
        """Read a selector's conditional, such as ``selected_column_selector_option`` with ``col1``."""
        option, value = selector[option_field], selector.get(value_field)
        if option in BY_NUMBER:
            # One picked column arrives bare from an API call, in a list from the form.
            picked = value if isinstance(value, list) else [value]
            numbers = [number for number in picked if number not in (None, "")]
            if not numbers:
                raise TableError(f"{value_field}: found no column number; expected at least one")
            return cls(option, numbers=tuple(int(number) for number in numbers))
        if option in BY_NAME:
            if not (value or "").strip(" ,"):
                raise TableError(f"{value_field}: found no column name; expected names separated by commas")
            return cls(option, names=value)
        return cls()

    @classmethod
    def from_text(cls, text: str | None, field: str) -> "ColumnChoice":
        """Read one column that was typed, by its number or its name; ``field`` is what messages call the place."""
        by_number = (text or "").strip().isdecimal()
        return cls.from_form({"option": BY_NUMBER[0] if by_number else BY_NAME[0], field: text}, "option", field)

    def positions(self, column_count: int, header: list[str] | None, table: str) -> list[int]:
        """Find the 0-based positions of the chosen columns, in the chosen order.

        Parameters
        ----------
        column_count
            Number of columns of the table.
        header
            Its column names, or None where it has no header.
        table
            What messages call the table.

        Raises
        ------
        TableError
            A number or name that the table does not have, a name in a table without header, or nothing left.
        """
        if self.option == ALL_COLUMNS:
            return list(range(column_count))
        named = self._named(header, table) if self.option in BY_NAME else self._numbered(column_count, table)
        if not self.option.startswith("all_but"):
            return named
        rest = [position for position in range(column_count) if position not in set(named)]
        if not rest:
            raise TableError(f"{table}: found every column left out; expected at least one to remain")
        return rest

    def widths(self, column_count: int, header: list[str] | None, table: str) -> None:
        """Say nothing about the inputs of the network: the columns go to them from left to right."""

    def _numbered(self, column_count: int, table: str) -> list[int]:
        for number in self.numbers:
            if not 1 <= number <= column_count:
                raise TableError(f"{table}: found column number {number}; expected a number from 1 to {column_count}")
        return [number - 1 for number in self.numbers]

    def _named(self, header: list[str] | None, table: str) -> list[int]:
        if header is None:
            raise TableError(
                f"{table}: found columns chosen by name in a table said to have no header; "
                "expected the header option to be Yes, or columns chosen by number"
            )
        parts = [part.strip() for part in self.names.split(",")]
        found, start = [], 0
        while start < len(parts):
            # A name may hold commas itself: the longest run of parts that is a name of the table is one name.
            for end in range(len(parts), start, -1):
                name = ",".join(self.names.split(",")[start:end]).strip()
                if name in header:
                    found.append(header.index(name))
                    start = end
                    break
            else:
                if parts[start]:
                    raise TableError(f"{table}: found no column named {parts[start]!r}; expected {_list(header)}")
                start += 1
        return found


@dataclass(frozen=True)
class JoinedColumns:
    """Columns of each of a network's inputs, in the order of the inputs; side by side they are the features."""

    inputs: tuple[ColumnChoice, ...]

    def positions(self, column_count: int, header: list[str] | None, table: str) -> list[int]:
        """Find the 0-based positions of all columns; see :meth:`ColumnChoice.positions`.

        Raises
        ------
        TableError
            Also a column that one input would read twice; two inputs may read the same one.
        """
        return [position for group in self._group(column_count, header, table) for position in group]

    def widths(self, column_count: int, header: list[str] | None, table: str) -> tuple[int, ...]:
        """Give the number of columns of each input."""
        return tuple(len(group) for group in self._group(column_count, header, table))

    def _group(self, column_count: int, header: list[str] | None, table: str) -> list[list[int]]:
        groups = []
        for number, choice in enumerate(self.inputs, start=1):
            place = f"{table}, input {number} of the network"
            group = choice.positions(column_count, header, place)
            twice = next((position for position in group if group.count(position) > 1), None)
            if twice is not None:
                name = f" ({header[twice]})" if header else ""
                raise TableError(f"{place}: found column {twice + 1}{name} twice; expected each column once")
            groups.append(group)
        return groups


def _list(names: list[str]) -> str:
    return "one of " + ", ".join(repr(name) for name in names[:20]) + (", ..." if len(names) > 20 else "")
