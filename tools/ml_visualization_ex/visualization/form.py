"""The part of the form that belongs to the chosen plot, with the datasets that were chosen in it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from galaxy_keras.data.tables import TableSource
from galaxy_keras.errors import InputError
from galaxy_keras.forms.column_choices import ColumnChoice
from galaxy_keras.messages import quote
from galaxy_keras.plots.charts import PlotStyle
from galaxy_keras.plots.class_labels import LastColumn

# Names of the formats in the published forms, and what they are.
FORMATS = {"plotly_html": "html", "matplotlib_svg": "svg"}
# Names of the form that are no names of matplotlib's.
COLOR_MAPS = {"Summer": "summer", "Autumn": "autumn"}
# Dots; viewers open no larger images.
LONGEST_SIDE = 20_000
# The smallest and the largest value of each field; the form has the same, but not every job comes from the form.
BOUNDS = {
    "bins": (2, 200),
    "report_minimum_n_positives": (0, 2**63 - 1),
    "predicted_column": (1, 1_000_000),
    "threshold": (0, math.inf),
    "n_repeats": (1, 100),
    "max_rows": (2, 1_000_000),
    "largest": (1, 60),
    "seed": (0, 2**32 - 1),
    "width": (1, 100),
    "height": (1, 100),
    "resolution": (30, 1200),
    "font_size": (4, 40),
}
REAL = ("threshold", "width", "height", "font_size")
OPTION, VALUE = "selected_column_selector_option", "col1"


@dataclass(frozen=True)
class PlotForm:
    """What a person asked for.

    Attributes
    ----------
    fields
        The plot's part of the form. Fields that a published revision did not have are missing in it, and blank ones
        may be null.
    files
        Datasets by their fields' names; a list where a field takes several.
    dataset_names
        What the datasets of such a field are called in the history.
    """

    fields: Mapping[str, Any]
    files: Mapping[str, Any]
    dataset_names: tuple[str, ...] = ()

    @property
    def file_format(self) -> str:
        """``html``, ``png``, ``svg`` or ``pdf``."""
        chosen = self.fields["plot_format"]
        return FORMATS.get(chosen, chosen)

    @property
    def color_map(self) -> str:
        """matplotlib's name of the color map."""
        chosen = self.fields["plot_color"]
        return COLOR_MAPS.get(chosen, chosen)

    def text(self, field: str, default: str = "") -> str:
        """Give what was typed, or the default where nothing was."""
        return (self.fields.get(field) or "").strip() or default

    def number(self, field: str, default: float | None = None) -> Any:
        """Give a number, or the default where the field is blank."""
        value = self.fields.get(field)
        return default if value is None or value == "" else check_number(field, value)

    def flag(self, field: str) -> bool:
        """Tell whether a box is ticked."""
        return bool(self.fields.get(field))

    def path(self, field: str) -> Path | None:
        """Give a dataset, or None where an optional one was not chosen."""
        return self.files.get(field)

    def table(self, field: str, name: str) -> TableSource:
        """Give a table with a header, of which every column counts."""
        return TableSource(self.files[field], name, True, ColumnChoice())

    def chosen_columns(self, field: str, name: str, selector: str, has_header: bool = True) -> TableSource:
        """Give a table with the columns that a selector chose."""
        columns = ColumnChoice.from_form(self.fields[selector], OPTION, VALUE)
        return TableSource(self.files[field], name, has_header, columns)

    def true_column(self, name: str) -> TableSource:
        """Give the table of what is true, with the last of the chosen columns."""
        columns = LastColumn.from_form(self.fields["column_selector_options_true"], OPTION, VALUE)
        return TableSource(self.files["infile_true"], name, self.flag("header_true"), columns)

    def predicted_column(self, name: str) -> TableSource:
        """Give the table of what was predicted, with the chosen column or the last one."""
        number = self.number("predicted_column")
        columns = LastColumn() if number is None else ColumnChoice("by_index_number", (number,))
        return TableSource(self.files["infile_predicted"], name, self.flag("header_predicted"), columns)


def check_number(field: str, value: Any) -> float:
    """Return a field's number.

    Raises
    ------
    InputError
        It is not a number, not a whole one where it must be, or beyond the bounds of its field.
    """
    low, high = BOUNDS[field]
    types = (int, float) if field in REAL else int
    if not isinstance(value, types) or isinstance(value, bool) or not low <= value <= high:
        kind = "a number" if field in REAL else "a whole number"
        ends = f"from {low} to {high}" if high < 2**62 else f"of {low} or more"
        raise InputError(f"{field}: found {quote(value)}; expected {kind} {ends}")
    return value


def read_plot_style(fields: Mapping[str, Any] | None) -> PlotStyle:
    """Read how the image shall look; forms of the published revisions say nothing about it.

    Raises
    ------
    InputError
        The image would have more dots than a viewer opens.
    """
    chosen = {name: value for name, value in (fields or {}).items() if value not in (None, "")}
    numbers = ("width", "height", "resolution", "font_size")
    texts = ("x_label", "y_label", "palette")
    style = PlotStyle(
        **{name: check_number(name, chosen[name]) for name in numbers if name in chosen},
        **{name: chosen[name] for name in texts if name in chosen},
    )
    longest = max(style.width or 0, style.height or 0)
    if longest * style.resolution > LONGEST_SIDE:
        raise InputError(
            f"resolution: found {style.resolution} dots in an inch for an image of {longest:g} inches; "
            f"expected at most {LONGEST_SIDE:,} dots a side"
        )
    return style
