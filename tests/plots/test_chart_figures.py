"""Charts by matplotlib: what can be read, and what is in the files."""

import itertools

import numpy as np
import pytest

from galaxy_keras.plots import charts
from galaxy_keras.plots.drawing import chart_figures, figures

LONG_NAME = "adenocarcinoma of the lung, poorly differentiated, with a very long name and $dollars$ & <tags>"


@pytest.fixture
def make_chart():
    """Make a chart with panels of lines."""

    def make(panel_count: int = 1, series_count: int = 2, title: str = "Title", name: str = LONG_NAME):
        x = np.linspace(0, 1, 20)
        series = [
            charts.Series(x, x ** (k + 1), f"{k} {name}", color=k % 6, dash=("solid", "dashed")[k % 2])
            for k in range(series_count)
        ]
        panels = [charts.Panel(f"x of {name}", "y", series, f"{k} {name}") for k in range(panel_count)]
        return charts.Chart(title, panels)

    return make


def list_texts(figure) -> list:
    """Return all text of a figure outside of the axes' numbers."""
    texts = [*figure.texts, *(text for legend in figure.legends for text in legend.get_texts())]
    return texts + [text for axes in figure.axes for text in (axes.xaxis.label, axes.yaxis.label, axes.title)]


@pytest.mark.parametrize("panel_count, series_count", [(1, 2), (2, 12), (5, 3), (12, 1)])
@pytest.mark.parametrize("font_size", [10, 16])
def test_nothing_is_cut_off_or_overlaps(make_chart, panel_count, series_count, font_size):
    chart = make_chart(panel_count, series_count, "WORDS IN CAPITALS " * 9)
    figure = chart_figures.draw_chart(chart, charts.PlotStyle(font_size=font_size))
    figure.draw_without_rendering()
    width, height = figure.canvas.get_width_height()
    boxes = [text.get_window_extent() for text in list_texts(figure) if text.get_text()]
    for box in boxes:
        assert box.x0 >= 0 and box.y0 >= 0 and box.x1 <= width + 1 and box.y1 <= height + 1
    for first, second in itertools.combinations(boxes, 2):
        assert not first.shrunk(0.98, 0.8).overlaps(second.shrunk(0.98, 0.8))
    for axes in figure.axes:
        assert axes.get_window_extent().width > 0.15 * width / min(2, panel_count)


def test_dollar_signs_do_not_start_formulas(make_chart, tmp_path):
    figure = chart_figures.draw_chart(make_chart(title=r"$\frac$", name=r"$\frac$"), charts.PlotStyle())
    figure.savefig(tmp_path / "plot.png")
    assert not any(text.get_parse_math() for text in list_texts(figure))


def test_a_long_legend_names_how_many_entries_it_omits(make_chart):
    figure = chart_figures.draw_chart(make_chart(series_count=40), charts.PlotStyle())
    texts = [text.get_text() for text in figure.legends[0].get_texts()]
    assert len(texts) == 24
    assert texts[-1] == "and 17 more"


def test_a_long_name_keeps_its_end_and_what_follows_it():
    x = np.arange(2)
    series = [charts.Series(x, x, f"{LONG_NAME} {k}", detail=" (Brier score = 0.123)") for k in range(2)]
    figure = chart_figures.draw_chart(charts.Chart("T", [charts.Panel("x", "y", series)]), charts.PlotStyle())
    texts = [text.get_text() for text in figure.legends[0].get_texts()]
    assert [len(text) <= 45 for text in texts] == [True, True]
    assert [text.split("> ")[1] for text in texts] == [f"{k} (Brier score = 0.123)" for k in range(2)]


def test_panels_share_the_entries_of_the_legend(make_chart):
    figure = chart_figures.draw_chart(make_chart(3, 2, name="line"), charts.PlotStyle())
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["0 line", "1 line"]


def test_bars_have_their_names_from_the_top():
    bars = charts.Series(np.array([3.0, 1.0]), np.arange(2), "", "bars", error=np.array([0.1, 0.2]))
    panel = charts.Panel("Importance", "Feature", [bars], bar_labels=["first", "second"])
    axes = chart_figures.draw_chart(charts.Chart("T", [panel]), charts.PlotStyle()).axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["first", "second"]
    assert axes.get_ylim()[0] > axes.get_ylim()[1]
    assert [bar.get_width() for bar in axes.patches] == [3, 1]


def test_missing_numbers_leave_a_gap(tmp_path):
    line = charts.Series(np.arange(4), np.array([1.0, np.nan, 2.0, 3.0]), "loss", marker="o")
    figure = chart_figures.draw_chart(charts.Chart("T", [charts.Panel("x", "y", [line])]), charts.PlotStyle())
    figure.savefig(tmp_path / "plot.png")
    assert np.isnan(figure.axes[0].lines[0].get_ydata()[1])


def test_the_style_of_the_form_is_applied(make_chart):
    look = charts.PlotStyle(5.0, 4.0, 200, 7.0, "mine x", "mine y", "Greys")
    figure = chart_figures.draw_chart(make_chart(), look)
    axes = figure.axes[0]
    assert (figure.get_size_inches().tolist(), figure.dpi) == ([5, 4], 200)
    assert (axes.get_xlabel(), axes.get_ylabel(), axes.xaxis.label.get_size()) == ("mine x", "mine y", 7)
    red, green, blue, _ = axes.patches[0].get_facecolor() if axes.patches else (0, 0, 0, 1)
    assert red == green == blue


@pytest.mark.parametrize("palette", ["okabe_ito", "viridis", "cividis", "Greys"])
def test_colors_differ_from_each_other_and_from_the_page(palette):
    from matplotlib.colors import to_rgb

    colors = [np.array(to_rgb(color)) for color in figures.choose_colors(palette, 6)]
    assert all(abs(first - second).sum() > 0.15 for first, second in itertools.combinations(colors, 2))
    assert all(np.linalg.norm(1 - color) > 0.45 for color in colors)


@pytest.mark.parametrize("count", [1, 8, 9, 12])
def test_colors_are_distinct(count):
    colors = figures.choose_colors("okabe_ito", count)
    assert len(set(colors)) == len(colors) == count


@pytest.mark.parametrize(
    "file_format, start", [("png", b"\x89PNG\r\n"), ("svg", b"<?xml version"), ("pdf", b"%PDF-1.")]
)
def test_files_are_of_their_format_and_always_the_same(make_chart, file_format, start):
    first, second = (
        figures.render_figure(chart_figures.draw_chart(make_chart(), charts.PlotStyle()), file_format) for _ in range(2)
    )
    assert first.startswith(start)
    assert first == second


def test_an_svg_keeps_its_legend_and_its_colors(make_chart):
    figure = chart_figures.draw_chart(make_chart(name="curve"), charts.PlotStyle())
    content = figures.render_figure(figure, "svg").decode()
    assert 'id="legend_1"' in content and "<!-- 0 curve -->" in content
    assert "#0072b2" in content and "#d55e00" in content


def test_a_hundred_thousand_points_stay_a_small_svg():
    draw = np.random.default_rng(1)
    points = charts.Series(draw.normal(size=100_000), draw.normal(size=100_000), "rows", "points")
    figure = chart_figures.draw_chart(charts.Chart("T", [charts.Panel("x", "y", [points])]), charts.PlotStyle())
    assert len(figures.render_figure(figure, "svg")) < 1_000_000
