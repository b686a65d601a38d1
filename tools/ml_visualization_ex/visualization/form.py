"""Read the form of the visualization tool."""

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

# Names of formats in the published forms.
FORMATS = {"plotly_html": "html", "matplotlib_svg": "svg"}
# Color maps whose names in the form differ from those in matplotlib.
COLOR_MAPS = {"Summer": "summer", "Autumn": "autumn"}
# Pixels; image viewers cannot open larger images.
MAX_SIDE = 20_000
# Smallest and largest value of each field. The form has the same limits, but API calls can bypass it.
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
    """Values of the fields of the selected plot, and its datasets.

    Attributes
    ----------
    fields
        Fields of the plot type. Fields that a published revision lacks are missing, and empty fields may be None.
    files
        Paths of datasets by field; a list if a field takes several.
    dataset_names
        Names of the datasets of such a field in the history.
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
        """Name of the color map in matplotlib."""
        chosen = self.fields["plot_color"]
        return COLOR_MAPS.get(chosen, chosen)

    def text(self, field: str, default: str = "") -> str:
        """Return the text of a field, or the default if it is empty."""
        return (self.fields.get(field) or "").strip() or default

    def number(self, field: str, default: float | None = None) -> Any:
        """Return the number of a field, or the default if it is empty."""
        value = self.fields.get(field)
        return default if value is None or value == "" else check_number(field, value)

    def flag(self, field: str) -> bool:
        """Return whether a box is checked."""
        return bool(self.fields.get(field))

    def dataset(self, field: str) -> Path:
        """Return the path of a required dataset."""
        return self.files[field]

    def optional_dataset(self, field: str) -> Path | None:
        """Return the path of a dataset, or None if it was not selected."""
        return self.files.get(field)

    def table(self, field: str, name: str) -> TableSource:
        """Return a table with a header and all of its columns."""
        return TableSource(self.files[field], name, True, ColumnChoice())

    def chosen_columns(self, field: str, name: str, selector: str, has_header: bool = True) -> TableSource:
        """Return a table with the selected columns."""
        columns = ColumnChoice.from_form(self.fields[selector], OPTION, VALUE)
        return TableSource(self.files[field], name, has_header, columns)

    def true_column(self, name: str) -> TableSource:
        """Return the table of true values, with the last selected column."""
        columns = LastColumn.from_form(self.fields["column_selector_options_true"], OPTION, VALUE)
        return TableSource(self.files["infile_true"], name, self.flag("header_true"), columns)

    def predicted_column(self, name: str) -> TableSource:
        """Return the table of predictions, with the selected column or the last one."""
        number = self.number("predicted_column")
        columns = LastColumn() if number is None else ColumnChoice("by_index_number", (number,))
        return TableSource(self.files["infile_predicted"], name, self.flag("header_predicted"), columns)


def check_number(field: str, value: Any) -> float:
    """Return the number of a field within its limits.

    Raises
    ------
    InputError
        The value is not a number, not a whole number if required, or outside the limits of the field.
    """
    low, high = BOUNDS[field]
    types = (int, float) if field in REAL else int
    if not isinstance(value, types) or isinstance(value, bool) or not low <= value <= high:
        kind = "a number" if field in REAL else "a whole number"
        ends = f"from {low} to {high}" if high < 2**62 else f"of {low} or more"
        raise InputError(f"{field}: found {quote(value)}; expected {kind} {ends}")
    return value


def read_plot_style(fields: Mapping[str, Any] | None) -> PlotStyle:
    """Read the style of the image; forms of the published revisions do not have these fields.

    Raises
    ------
    InputError
        The image would have more pixels than viewers support.
    """
    chosen = {name: value for name, value in (fields or {}).items() if value not in (None, "")}
    numbers = ("width", "height", "resolution", "font_size")
    texts = ("x_label", "y_label", "palette")
    options: dict[str, Any] = {name: check_number(name, chosen[name]) for name in numbers if name in chosen}
    style = PlotStyle(**options, **{name: chosen[name] for name in texts if name in chosen})
    longest = max(style.width or 0, style.height or 0)
    if longest * style.resolution > MAX_SIDE:
        raise InputError(
            f"resolution: found {style.resolution} dots per inch for an image of {longest:g} inches; "
            f"expected at most {MAX_SIDE:,} dots per side"
        )
    return style
