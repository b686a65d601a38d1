"""The HTML page: what a browser draws, and what is left where a server takes scripts and images out."""

import base64
import gzip
import re
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
from examples.plots import read_figure

from galaxy_keras.plots import charts
from galaxy_keras.plots.drawing import chart_figures, html_pages
from galaxy_keras.plots.drawing.images import draw_image


class _Page(HTMLParser):
    """Collects the text, the tags and the attributes of a page."""

    def __init__(self, content: str):
        super().__init__()
        self.content, self.text, self.tags, self.attributes = content, "", [], {}
        self.feed(content)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes.update(attrs)

    def handle_data(self, data):
        self.text += data


@pytest.fixture
def make():
    """Make a page with a plot, and read it."""

    def make(image, notes=(), **style):
        style = charts.PlotStyle(**style)
        plot = charts.Plot(pd.DataFrame(), image, list(notes))
        return _Page(html_pages.make_page(plot, draw_image(image, style, "svg"), style))

    return make


def make_chart(name: str = "line", title: str = "Title"):
    series = [
        charts.Series(np.array([0, 0.5, 1]), np.array([0.1, np.nan, 0.3]), name, dash="dashed", error=np.full(3, 0.1)),
        charts.Series(np.array([0, 1, 2]), np.array([5, 7]), "counts", "steps", color=1),
        charts.Series(np.array([1.0]), np.array([2.0]), "best", "points", charts.EMPHASIS, marker="*"),
    ]
    bars = charts.Series(np.array([3.0, 1.0]), np.arange(2), "", "bars")
    return charts.Chart(
        title, [charts.Panel("x", "y", series), charts.Panel("z", "", [bars], bar_labels=["first", "second"])]
    )


def test_the_numbers_are_those_of_the_chart(make):
    data = read_figure(make(make_chart()).content)["data"]
    assert [(trace["x"], trace["y"]) for trace in data] == [
        ([0, 0.5, 1], [0.1, None, 0.3]),
        ([0, 1, 2], [5, 7, 7]),
        ([1], [2]),
        ([3, 1], [0, 1]),
    ]
    assert (data[0]["name"], data[0]["line"]["dash"], data[0]["error_y"]["array"]) == ("line", "dash", [0.1] * 3)
    assert (data[1]["line"]["shape"], data[2]["marker"]["symbol"], data[3]["type"]) == ("hv", "star", "bar")
    assert data[0]["line"]["color"] == "#0072b2"


def test_a_heat_map_shows_numbers_and_labels_in_their_order(make):
    heat_map = charts.HeatMap("T", np.array([[5, 1], [0, 7]]), ["10", "2"], ["10", "2"], "predicted", "true", "Blues")
    figure = read_figure(make(heat_map).content)
    assert figure["data"][0]["z"] == [[5, 1], [0, 7]]
    assert figure["data"][0]["text"] == [["5", "1"], ["0", "7"]]
    assert figure["layout"]["yaxis"]["ticktext"] == ["10", "2"]
    assert figure["layout"]["yaxis"]["autorange"] == "reversed"


def test_a_server_that_removes_scripts_shows_a_summary_without_code(make):
    page = make(make_chart(), notes=["line: area 0.9"])
    # Galaxy shows the text of script, style and title elements that it takes out.
    assert not {"script", "style", "title", "svg"} & set(page.tags)
    assert page.text.split("\n\n") != []
    assert re.sub(r"\s+", " ", page.text).strip() == "Title line: area 0.9"
    assert page.attributes["alt"].startswith("(The image is not shown")


def test_a_still_picture_shows_where_scripts_do_not_run(make):
    image = make(make_chart()).attributes["src"]
    assert image.startswith("data:image/svg+xml;base64,")
    assert "<!-- line -->" in base64.b64decode(image.split(",")[1]).decode()


def test_the_page_works_without_a_network_and_is_smaller_than_the_library(make):
    from plotly.offline import get_plotlyjs

    page = make(make_chart())
    assert gzip.decompress(base64.b64decode(page.attributes["data-library"])).decode() == get_plotlyjs()
    assert "http" not in page.attributes["onload"]
    assert len(page.content) < 2_200_000 < len(get_plotlyjs())


def test_names_and_titles_are_escaped(make):
    page = make(make_chart("<b>x</b>", "Bob's <script>alert(1)</script> & more"), notes=["<i>note</i>"])
    assert "Bob's <script>alert(1)</script> & more" in page.text
    assert "script" not in page.tags and "i" not in page.tags
    figure = read_figure(page.content)
    assert figure["data"][0]["name"] == "&lt;b&gt;x&lt;/b&gt;"
    assert figure["layout"]["title"]["text"].startswith("Bob's &lt;script&gt;")


def test_equal_numbers_yield_equal_pages(make):
    assert make(make_chart()).content == make(make_chart()).content


@pytest.mark.parametrize("epochs, ticks", [(1, [1]), (3, [1, 2, 3]), (40, None)])
def test_the_axis_labels_each_of_few_epochs(make, epochs, ticks):
    counts = np.arange(epochs) + 1
    panel = charts.Panel("Epoch", "loss", [charts.Series(counts, counts * 0.5, "loss")], whole_x=True)
    assert read_figure(make(charts.Chart("T", [panel])).content)["layout"]["xaxis"].get("tickvals") == ticks


def test_a_logarithmic_axis_is_one_in_the_page_and_in_the_image(make):
    panel = charts.Panel("x", "y", [charts.Series(np.arange(2), np.array([1, 1e9]), "loss")], is_log=True)
    assert read_figure(make(charts.Chart("T", [panel])).content)["layout"]["yaxis"]["type"] == "log"
    axes = chart_figures.draw_chart(charts.Chart("T", [panel]), charts.PlotStyle()).axes[0]
    assert axes.get_yscale() == "log"


def test_many_points_can_be_seen_through(make):
    opacities = []
    for count in (10, 300):
        points = charts.Series(np.arange(count), np.arange(count), "rows", "points")
        page = make(charts.Chart("T", [charts.Panel("x", "y", [points])]))
        opacities.append(read_figure(page.content)["data"][0]["marker"]["opacity"])
    assert opacities[0] > opacities[1]


def test_a_long_title_is_broken_into_lines(make):
    title = read_figure(make(make_chart(title="so much to say & more " * 9)).content)["layout"]["title"]["text"]
    assert title.count("<br>") == 1 and title.count("&amp;") == 9


def test_panels_form_a_grid_with_titles(make):
    lines = [charts.Series(np.arange(2), np.arange(2), "line")]
    panels = [charts.Panel("x", "y", lines, f"panel {number}", is_share=number == 0) for number in range(5)]
    figure = read_figure(make(charts.Chart("T", panels)).content)
    layout = figure["layout"]
    assert (layout["grid"]["rows"], layout["grid"]["columns"]) == (3, 2)
    assert [trace["xaxis"] for trace in figure["data"]] == ["x", "x2", "x3", "x4", "x5"]
    assert [title["text"] for title in layout["annotations"]] == [f"panel {number}" for number in range(5)]
    assert layout["annotations"][4]["xref"] == "x5 domain"
    assert (layout["xaxis"]["range"], "range" in layout["xaxis2"]) == ([-0.02, 1.02], False)
    # One entry in the legend for the five lines of one name.
    assert [trace["showlegend"] for trace in figure["data"]] == [True] + [False] * 4


def test_the_first_line_helps_users_who_see_the_source(make):
    first, second = make(make_chart()).content.splitlines()[:2]
    assert first.startswith("<!-- Do you see code?") and first.endswith(" -->")
    assert second == "<!DOCTYPE html>"
