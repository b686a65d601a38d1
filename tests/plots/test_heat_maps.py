"""Heat maps: the position of each text, and whether it is readable."""

import itertools

import numpy as np
import pytest

from galaxy_keras.plots import charts
from galaxy_keras.plots.drawing import heat_maps

GREENS = "Greens"
COLOR_MAPS = [
    "Greys",
    "Purples",
    "Blues",
    "Greens",
    "Oranges",
    "Reds",
    "summer",
    "autumn",
    "RdYlGn",
    "Spectral",
    "winter",
]
LONG_LABELS = [
    "adenocarcinoma of the lung, poorly differentiated",
    "Homo_sapiens_chromosome_11_open_reading_frame_65",
    "T cell, CD4-positive, alpha-beta regulatory",
    "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW",
    "B cell",
]


@pytest.fixture
def draw():
    """Draw a confusion matrix with the default look, or with another one."""

    def draw(matrix: np.ndarray, classes: list[str], title: str, color_map: str, **look):
        labels = ("Predicted class labels", "True class labels")
        heat_map = charts.HeatMap(title, matrix, classes, classes, *labels, color_map)
        return heat_maps.draw_heat_map(heat_map, charts.PlotStyle(**look))

    return draw


def make_matrix(class_count: int, most: int = 500) -> np.ndarray:
    """Make counts of which most are on the diagonal."""
    noise = np.random.default_rng(3).integers(0, max(1, most // 20), (class_count, class_count))
    return noise + np.diag(np.full(class_count, most))


def name_classes(class_count: int) -> list[str]:
    """Make as many different labels, long ones among them."""
    return [LONG_LABELS[k % 5][:50] + f" {k}" for k in range(class_count)]


def read_numbers(figure) -> dict[tuple[int, int], str]:
    """Read the texts in the cells by row and column."""
    return {
        (round(text.get_position()[1]), round(text.get_position()[0])): text.get_text() for text in figure.axes[0].texts
    }


def measure(figure, texts) -> np.ndarray:
    """Return the left, bottom, right and top edges of drawn texts in pixels."""
    figure.draw_without_rendering()
    return np.array([text.get_window_extent().extents for text in texts])


def compute_luminance(color: np.ndarray) -> float:
    """Compute the relative luminance of an sRGB color, as WCAG 2.2 defines it."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in color[:3]]
    return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))


@pytest.mark.parametrize("class_count", [1, 2, 10, 30])
def test_each_number_is_in_its_cell(draw, class_count):
    matrix = make_matrix(class_count)
    figure = draw(matrix, [str(k) for k in range(class_count)], "Title", GREENS)
    assert read_numbers(figure) == {place: str(number) for place, number in np.ndenumerate(matrix)}
    assert figure.axes[0].images[0].get_array().tolist() == matrix.tolist()


@pytest.mark.parametrize("class_count", [3, 50])
def test_each_label_is_next_to_its_cells(draw, class_count):
    classes = [f"c{10 * k}" for k in range(class_count)]
    axes = draw(make_matrix(class_count), classes, "Title", GREENS).axes[0]
    for axis in (axes.xaxis, axes.yaxis):
        assert axis.get_ticklocs().tolist() == list(range(class_count))
        assert [label.get_text() for label in axis.get_ticklabels()] == classes
    # The first true class is at the top, the first predicted class at the left.
    assert axes.get_ylim() == (class_count - 0.5, -0.5)
    assert axes.get_xlim() == (-0.5, class_count - 0.5)
    assert (axes.get_ylabel(), axes.get_xlabel()) == ("True class labels", "Predicted class labels")


def test_large_counts_are_written_in_full(draw):
    figure = draw(np.array([[10397, 2103], [1281, 1234567]]), ["0", "1"], "Title", GREENS)
    assert set(read_numbers(figure).values()) == {"10397", "2103", "1281", "1234567"}


def test_shares_are_written_in_percent(draw):
    figure = draw(np.array([[0.8318, 0.1682], [0.004, 1.0]]), ["0", "1"], "Title", GREENS)
    assert read_numbers(figure) == {(0, 0): "83.2%", (0, 1): "16.8%", (1, 0): "0.4%", (1, 1): "100.0%"}


def test_an_image_of_few_classes_has_875_pixels(draw, tmp_path):
    from matplotlib.image import imread

    draw(make_matrix(3), ["a", "b", "c"], "Title", GREENS).savefig(tmp_path / "plot.png")
    assert imread(tmp_path / "plot.png").shape == (875, 875, 4)


@pytest.mark.parametrize("color_map", COLOR_MAPS)
def test_every_number_can_be_read_on_its_cell(draw, color_map):
    matrix = np.arange(900).reshape(30, 30)
    axes = draw(matrix, [str(k) for k in range(30)], "Title", color_map).axes[0]
    cells = axes.images[0].to_rgba(matrix)
    for text in axes.texts:
        column, row = text.get_position()
        lightness = compute_luminance(cells[row, column])
        contrast = (1.05 / (lightness + 0.05)) if text.get_color() == "white" else ((lightness + 0.05) / 0.05)
        # What WCAG asks of text; black or white always gives 4.58.
        assert contrast >= 4.5


@pytest.mark.parametrize(
    "classes",
    [
        pytest.param(["0", "1"], id="two"),
        pytest.param(LONG_LABELS, id="five long"),
        pytest.param(name_classes(12), id="twelve long"),
        pytest.param(name_classes(30), id="thirty long"),
        pytest.param(name_classes(60), id="sixty long"),
        pytest.param([str(k) for k in range(200)], id="two hundred"),
    ],
)
def test_nothing_is_cut_off_or_overlaps(draw, classes):
    title = "WORDS IN CAPITALS " * 12
    figure = draw(make_matrix(len(classes), 12345), classes, title, GREENS)
    axes = figure.axes[0]
    columns, rows = axes.get_xticklabels(), axes.get_yticklabels()
    edges = measure(figure, [*columns, *rows, axes.xaxis.label, axes.yaxis.label, figure.texts[0], *axes.texts])
    assert (edges[:, :2] >= 0).all()
    assert (edges[:, 2:] <= figure.canvas.get_width_height()).all()
    frame = axes.get_window_extent()
    assert measure(figure, [figure.texts[0]])[0, 1] >= frame.y1
    assert measure(figure, columns)[:, 3].max() <= frame.y0
    assert measure(figure, [axes.xaxis.label])[0, 3] <= measure(figure, columns)[:, 1].min()
    cell = frame.width / len(classes)
    for first, second in itertools.pairwise(measure(figure, columns)):
        assert first[2] <= second[0] + 1
    for first, second in itertools.pairwise(measure(figure, rows)):
        assert second[3] <= first[1] + 1
    for left, _, right, _ in measure(figure, axes.texts) if axes.texts else ():
        assert right - left <= cell


def test_all_of_a_label_can_be_read(draw):
    axes = draw(make_matrix(5), LONG_LABELS, "Title", GREENS).axes[0]
    for wrapped, label in zip(axes.get_yticklabels(), LONG_LABELS, strict=True):
        squeezed = wrapped.get_text().replace("\n", "").replace(" ", "")
        assert squeezed == label.replace(" ", "") or len(label) > 60


def test_a_very_long_label_keeps_both_ends(draw):
    label = "first half " * 20 + "second half " * 20 + "end"
    axes = draw(make_matrix(2), [label, "b"], "Title", GREENS).axes[0]
    shown = axes.get_yticklabels()[0].get_text().replace("\n", " ")
    assert shown.startswith("first half") and shown.endswith("second half end") and "…" in shown
    assert len(shown) <= 65


def test_dollar_signs_do_not_start_formulas(draw, tmp_path):
    figure = draw(make_matrix(2), [r"$\frac$", "$1 to $2"], r"$\alpha$ and $", GREENS)
    figure.savefig(tmp_path / "plot.png")
    assert not any(text.get_parse_math() for text in [figure.texts[0], *figure.axes[0].get_xticklabels()])


@pytest.mark.parametrize("class_count, has_numbers", [(30, True), (31, False)])
def test_a_color_bar_replaces_unreadable_numbers(draw, class_count, has_numbers):
    axes = draw(make_matrix(class_count), [str(k) for k in range(class_count)], "T", GREENS).axes[0]
    assert bool(axes.texts) is has_numbers
    assert len(axes.child_axes) == (0 if has_numbers else 1)


@pytest.mark.parametrize(
    "matrix, expected",
    [
        pytest.param(2 * np.eye(40, dtype=int), ["0", "1", "2"], id="counts"),
        pytest.param(np.eye(40) / 40, ["0.00%", "0.50%", "1.00%", "1.50%", "2.00%", "2.50%"], id="shares"),
    ],
)
def test_a_color_bar_shows_numbers_that_occur(draw, matrix, expected):
    figure = draw(matrix, [str(k) for k in range(40)], "Title", GREENS)
    figure.draw_without_rendering()
    bar = figure.axes[0].child_axes[0]
    labels = [label.get_text() for label in bar.get_yticklabels()]
    assert [label for label in labels if label] == expected


def test_the_style_of_the_form_is_applied(draw, tmp_path):
    from matplotlib.image import imread

    look = {"width": 4.0, "height": 3.0, "resolution": 200, "font_size": 7.0, "x_label": "guess", "y_label": "truth"}
    figure = draw(make_matrix(3), ["a", "b", "c"], "Title", GREENS, **look)
    figure.savefig(tmp_path / "plot.png")
    assert imread(tmp_path / "plot.png").shape == (600, 800, 4)
    axes = figure.axes[0]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("guess", "truth")
    assert axes.get_xticklabels()[0].get_size() == 7


@pytest.mark.parametrize("font_size", [6, 20])
def test_larger_letters_get_more_room(draw, font_size):
    figure = draw(make_matrix(12), name_classes(12), "Title", GREENS, font_size=font_size)
    axes = figure.axes[0]
    edges = measure(figure, [*axes.get_xticklabels(), *axes.get_yticklabels(), axes.xaxis.label, figure.texts[0]])
    assert (edges[:, :2] >= 0).all()
    assert (edges[:, 2:] <= figure.canvas.get_width_height()).all()
