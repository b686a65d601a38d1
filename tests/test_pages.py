"""The HTML page: what a browser draws, and what is left where a server takes scripts and pictures out."""

import base64
import gzip
import json
import re
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest


class _Page(HTMLParser):
    """Collects the text, the tags and the attributes of a page."""

    def __init__(self, content: str):
        super().__init__()
        self.text, self.tags, self.attributes = "", [], {}
        self.feed(content)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes.update(attrs)

    def handle_data(self, data):
        self.text += data


@pytest.fixture
def write(load_tool_module, tmp_path):
    """Write a page with a plot, and read it."""
    names = ("charts", "chart_figures", "heat_maps", "pages")
    charts, chart_figures, heat_maps, pages = (load_tool_module("ml_visualization_ex", name) for name in names)

    def write(picture, notes=(), **look):
        is_chart = isinstance(picture, charts.Chart)
        still = (chart_figures.draw_chart if is_chart else heat_maps.draw_heat_map)(picture, charts.Look(**look))
        plot = charts.Plot(pd.DataFrame(), picture, list(notes))
        pages.write_page(plot, still, charts.Look(**look), tmp_path / "page.dat")
        return _Page((tmp_path / "page.dat").read_text())

    return write


@pytest.fixture
def charts(load_tool_module):
    return load_tool_module("ml_visualization_ex", "charts")


def make_chart(charts, name: str = "line", title: str = "Title"):
    series = [
        charts.Series(np.array([0, 0.5, 1]), np.array([0.1, np.nan, 0.3]), name, dash="dashed", error=np.full(3, 0.1)),
        charts.Series(np.array([0, 1, 2]), np.array([5, 7]), "counts", "steps", color=1),
        charts.Series(np.array([1.0]), np.array([2.0]), "best", "points", charts.EMPHASIS, marker="*"),
    ]
    bars = charts.Series(np.array([3.0, 1.0]), np.arange(2), "", "bars")
    return charts.Chart(
        title, [charts.Panel("x", "y", series), charts.Panel("z", "", [bars], bar_labels=["first", "second"])]
    )


def read_figure(page: _Page) -> dict:
    return json.loads(gzip.decompress(base64.b64decode(page.attributes["data-figure"])))


def test_the_numbers_are_those_of_the_chart(write, charts):
    data = read_figure(write(make_chart(charts)))["data"]
    assert [(trace["x"], trace["y"]) for trace in data] == [
        ([0, 0.5, 1], [0.1, None, 0.3]),
        ([0, 1, 2], [5, 7, 7]),
        ([1], [2]),
        ([3, 1], [0, 1]),
    ]
    assert (data[0]["name"], data[0]["line"]["dash"], data[0]["error_y"]["array"]) == ("line", "dash", [0.1] * 3)
    assert (data[1]["line"]["shape"], data[2]["marker"]["symbol"], data[3]["type"]) == ("hv", "star", "bar")
    assert data[0]["line"]["color"] == "#0072b2"


def test_a_heat_map_shows_numbers_and_labels_in_their_order(write, charts):
    heat_map = charts.HeatMap("T", np.array([[5, 1], [0, 7]]), ["10", "2"], ["10", "2"], "predicted", "true", "Blues")
    figure = read_figure(write(heat_map))
    assert figure["data"][0]["z"] == [[5, 1], [0, 7]]
    assert figure["data"][0]["text"] == [["5", "1"], ["0", "7"]]
    assert figure["layout"]["yaxis"]["ticktext"] == ["10", "2"]
    assert figure["layout"]["yaxis"]["autorange"] == "reversed"


def test_a_server_that_takes_scripts_out_shows_a_summary_and_no_code(write, charts):
    page = write(make_chart(charts), notes=["line: area 0.9"])
    # Galaxy shows the text of script, style and title elements that it takes out.
    assert not {"script", "style", "title", "svg"} & set(page.tags)
    assert page.text.split("\n\n") != []
    assert re.sub(r"\s+", " ", page.text).strip() == "Title line: area 0.9"
    assert page.attributes["alt"].startswith("(The picture is not shown")


def test_a_still_picture_shows_where_scripts_do_not_run(write, charts):
    picture = write(make_chart(charts)).attributes["src"]
    assert picture.startswith("data:image/svg+xml;base64,")
    assert "<!-- line -->" in base64.b64decode(picture.split(",")[1]).decode()


def test_the_page_needs_no_network_and_is_smaller_than_the_library(write, charts, tmp_path):
    from plotly.offline import get_plotlyjs

    page = write(make_chart(charts))
    assert gzip.decompress(base64.b64decode(page.attributes["data-library"])).decode() == get_plotlyjs()
    assert "http" not in page.attributes["onload"]
    assert (tmp_path / "page.dat").stat().st_size < 2_200_000 < len(get_plotlyjs())


def test_names_and_titles_are_no_tags(write, charts):
    page = write(make_chart(charts, "<b>x</b>", "Bob's <script>alert(1)</script> & more"), notes=["<i>note</i>"])
    assert "Bob's <script>alert(1)</script> & more" in page.text
    assert "script" not in page.tags and "i" not in page.tags
    figure = read_figure(page)
    assert figure["data"][0]["name"] == "&lt;b&gt;x&lt;/b&gt;"
    assert figure["layout"]["title"]["text"].startswith("Bob's &lt;script&gt;")


def test_the_same_numbers_give_the_same_page(write, charts, tmp_path):
    contents = []
    for _ in range(2):
        write(make_chart(charts))
        contents.append((tmp_path / "page.dat").read_bytes())
    assert contents[0] == contents[1]
