"""Which columns of a table a form chose."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from galaxy_keras.errors import TableError
from galaxy_keras.messages import list_some, quote, show

BY_NUMBER = ("by_index_number", "all_but_by_index_number")
BY_NAME = ("by_header_name", "all_but_by_header_name")
ALL_COLUMNS = "all_columns"
# Of a table, in a message about one that it does not have.
NAMES_LISTED = 20


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
        """Return the 0-based positions of the chosen columns, in the chosen order.

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
        left_out = set(named)
        rest = [position for position in range(column_count) if position not in left_out]
        if not rest:
            raise TableError(f"{table}: found every column left out; expected at least one to remain")
        return rest

    @property
    def names_its_columns(self) -> bool:
        """Whether each column was chosen by its number or name, not as one of the rest."""
        return self.option in (BY_NUMBER[0], BY_NAME[0])

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
        return list(_find_names(self.names.split(","), header, table))


@dataclass(frozen=True)
class JoinedColumns:
    """Columns of each of a network's inputs, in the order of the inputs; side by side they are the features."""

    inputs: tuple[ColumnChoice, ...]
    names_its_columns = True

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
            twice = next((position for position, count in Counter(group).items() if count > 1), None)
            if twice is not None:
                name = f" ({show(header[twice], 40)})" if header else ""
                raise TableError(f"{place}: found column {twice + 1}{name} twice; expected each column once")
            groups.append(group)
        return groups


def _find_names(parts: list[str], header: list[str], table: str) -> Iterator[int]:
    """Yield the positions of names that were typed between commas, which names may hold themselves.

    The longest run of parts that is a name of the table is one name; only names that begin with its first part are
    tried, so that many names take time in proportion.
    """
    # The first of columns of the same name is meant.
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
                    f"{table}: found no column named {quote(first)}; expected one of {list_some(header, NAMES_LISTED)}"
                )
            start += 1
