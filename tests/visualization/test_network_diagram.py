"""The diagram of an architecture: its table, its files, and what is refused."""

import base64
import re
from pathlib import Path

import pytest

TEST_DATA = Path(__file__).resolve().parents[2] / "test-data"


def make_form(plot_format: str) -> dict:
    return {"plotting_selection": {"plot_type": "keras_plot_model", "plot_format": plot_format, "title": ""}}


@pytest.mark.parametrize(
    "plot_format, start", [("png", b"\x89PNG\r\n"), ("svg", b"<?xml version"), ("pdf", b"%PDF-1.")]
)
def test_layers_are_drawn_and_listed(run_tool, tmp_path, plot_format, start):
    files = {"infile_model_config": TEST_DATA / "lstm_architecture.json", "output": "plot", "table": "table"}
    assert run_tool("ml_visualization_ex", make_form(plot_format), **files) == 0
    content = (tmp_path / "out" / "plot").read_bytes()
    assert content.startswith(start)
    if plot_format == "svg":
        assert b">embedding" in content and b">lstm" in content
    assert (tmp_path / "out" / "table").read_text().splitlines() == [
        "layer\tclass\toutput_shape\tparameters",
        "embedding\tEmbedding\t(None, 20, 8)\t400",
        "lstm\tLSTM\t(None, 6)\t360",
        "output\tDense\t(None, 1)\t7",
    ]


def test_the_box_of_an_input_has_no_empty_column(run_tool, tmp_path):
    # A title that is wider than the shape below it.
    text = (TEST_DATA / "two_heads_architecture.json").read_text().replace('"input"', f'"{"measures" * 5}"')
    (tmp_path / "a.json").write_text(text)
    files = {"infile_model_config": tmp_path / "a.json", "output": "plot"}
    assert run_tool("ml_visualization_ex", make_form("svg"), **files) == 0
    boxes = (tmp_path / "out" / "plot").read_text().split('class="node"')[1:]
    assert "InputLayer" in boxes[0]
    for box in boxes:
        areas = re.findall('fill="([a-z]+)"[^>]* points="([^"]*)"', box)
        rights = {color: max(float(point.split(",")[0]) for point in points.split()) for color, points in areas}
        assert rights["black"] - rights["white"] < 10


def test_a_missing_graphviz_is_named(check_refusal, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    files = {"infile_model_config": TEST_DATA / "lstm_architecture.json", "output": "plot"}
    line = check_refusal("ml_visualization_ex", make_form("svg"), **files)
    assert "diagram: the program dot of Graphviz is missing" in line


def test_a_page_holds_the_diagram_and_its_layers(run_tool, tmp_path):
    files = {"infile_model_config": TEST_DATA / "lstm_architecture.json", "output": "plot"}
    assert run_tool("ml_visualization_ex", make_form("html"), **files) == 0
    page = (tmp_path / "out" / "plot").read_text()
    image = base64.b64decode(re.search('src="data:image/svg[+]xml;base64,([^"]*)"', page)[1])
    assert image.startswith(b"<?xml version") and b">embedding" in image
    # What is drawn is as large as the part of it that is shown.
    assert b'transform="scale(1 1)' in image
    # Without a script: nothing in it moves.
    assert len(page) < 100_000 and "onload" not in page
    text = re.sub("<[^>]*>", " ", page)
    assert "Layers of " in text and "3 layers, 767 parameters" in text
    # What is left where a server takes images out.
    assert re.search(r"lstm\s+LSTM\s+\(None, 6\)\s+360", text)


@pytest.mark.parametrize(
    "name, message",
    [
        ("lambda_architecture.json", "found a Lambda layer, which can run code from the file"),
        ("not_json.json", "architecture: the file is not JSON"),
    ],
)
def test_other_files_are_refused(check_refusal, name, message):
    files = {"infile_model_config": TEST_DATA / name, "output": "plot", "table": "table"}
    assert message in check_refusal("ml_visualization_ex", make_form("png"), **files)


def test_a_network_without_input_shape_is_refused(run_tool, tmp_path, capsys):
    import keras

    (tmp_path / "open.json").write_text(keras.Sequential([keras.layers.Dense(2)]).to_json())
    files = {"infile_model_config": tmp_path / "open.json", "output": "plot"}
    assert run_tool("ml_visualization_ex", make_form("png"), **files) == 1
    assert "diagram: found a network without input shape" in capsys.readouterr().err
    assert list((tmp_path / "out").iterdir()) == []
