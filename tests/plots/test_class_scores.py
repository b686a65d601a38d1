"""Calibration, thresholds and distributions of scores against scikit-learn and numpy called directly."""

import numpy as np
import pytest
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss, f1_score, precision_score, recall_score

from galaxy_keras.errors import InputError
from galaxy_keras.plots import class_scores, scored_classes


@pytest.fixture
def make_classes():
    """Make classes with probabilities."""

    def make(count: int = 1, rows: int = 500, shift: float = 0.0):
        draw = np.random.default_rng(7)
        scored = scored_classes.ScoredClass
        classes = []
        for number in range(count):
            chances = np.round(draw.beta(1, 1, rows), 3)
            classes.append(scored(f"class {number}", draw.uniform(size=rows) < chances, chances + shift, "other"))
        return scored_classes.ScoredClasses(classes, [])

    return make


@pytest.mark.parametrize("equal, strategy", [(False, "uniform"), (True, "quantile")])
def test_calibration_equals_scikit_learn(make_classes, equal, strategy):
    scored = make_classes()
    one = scored.classes[0]
    table = class_scores.plot_calibration(scored, "T", 8, equal).table
    share, mean = calibration_curve(one.is_true, one.scores, n_bins=8, strategy=strategy)
    np.testing.assert_allclose(table["share_true"], share)
    np.testing.assert_allclose(table["mean_probability"], mean)
    assert table["rows"].sum() == 500
    assert table["brier_score"].iloc[0] == pytest.approx(brier_score_loss(one.is_true, one.scores))


def test_calibration_leaves_groups_without_rows_out():
    scored = scored_classes.ScoredClass("a", np.array([True, False, True]), np.array([0.05, 0.06, 0.97]))
    table = class_scores.plot_calibration(scored_classes.ScoredClasses([scored], []), "T").table
    assert table["rows"].tolist() == [2, 1]


def test_calibration_refuses_scores_that_are_not_probabilities(make_classes):
    with pytest.raises(InputError, match="predicted scores, class class 0, row .*expected probabilities from 0 to 1"):
        class_scores.plot_calibration(make_classes(shift=0.5), "T")


def test_measures_at_a_threshold_are_scikit_learns(make_classes):
    one = make_classes().classes[0]
    table = class_scores.compute_thresholds(one)
    for row in table.iloc[[0, 17, len(table) // 2, len(table) - 1]].itertuples():
        predicted = one.scores >= row.threshold
        assert row.precision == pytest.approx(precision_score(one.is_true, predicted))
        assert row.recall == pytest.approx(recall_score(one.is_true, predicted))
        assert row.f1 == pytest.approx(f1_score(one.is_true, predicted))


def test_the_star_marks_the_largest_f1(make_classes):
    plot = class_scores.plot_thresholds(make_classes(), "T")
    star = plot.image.panels[0].series[-1]
    best = plot.table.loc[plot.table["f1"].idxmax()]
    assert (star.x[0], star.y[0], star.marker) == (best["threshold"], best["f1"], "*")


def test_a_score_that_is_equal_in_all_rows_is_a_point():
    scored = scored_classes.ScoredClass("a", np.arange(10) < 4, np.full(10, 0.5))
    lines = class_scores.plot_thresholds(scored_classes.ScoredClasses([scored], []), "T").image.panels[0].series
    assert [(list(line.x), line.marker) for line in lines[:3]] == [([0.5], "o")] * 3


def test_many_scores_are_thinned_out_in_the_picture_only(make_classes):
    scored = make_classes(rows=9000)
    scored.classes[0].scores[:] += np.linspace(0, 1e-4, 9000)
    plot = class_scores.plot_thresholds(scored, "T")
    assert len(plot.table) > 8000
    assert len(plot.image.panels[0].series[0].x) <= 2000


def test_distributions_count_every_row_once(make_classes):
    scored = make_classes()
    one = scored.classes[0]
    table = class_scores.plot_distributions(scored, "T", 10).table
    for name, rows in (("class 0", one.is_true), ("other", ~one.is_true)):
        part = table[table["true"] == name]
        assert part["rows"].tolist() == np.histogram(one.scores[rows], np.linspace(0, 1, 11))[0].tolist()
        assert part["share"].sum() == pytest.approx(1)


@pytest.mark.parametrize(
    "values, ends",
    [
        pytest.param([0.2, 0.4], (0, 1), id="shares"),
        pytest.param([-3.0, 5.0], (-3, 5), id="any"),
        pytest.param([7.0, 7.0], (6.5, 7.5), id="one"),
    ],
)
def test_bins_hold_all_values(values, ends):
    edges = class_scores.bin_edges(np.array(values), 4)
    assert (len(edges), edges[0], edges[-1]) == (5, *ends)


@pytest.mark.parametrize("plot", ["plot_calibration", "plot_thresholds", "plot_distributions"])
def test_of_many_classes_the_largest_are_drawn_and_all_are_in_the_table(make_classes, plot):
    scored = make_classes(50)
    scored.classes[20].is_true[:] = np.arange(500) < 2
    drawn = getattr(class_scores, plot)(scored, "T")
    sizes = {one.name: int(one.is_true.sum()) for one in scored.classes}
    largest = sorted(sizes, key=sizes.get, reverse=True)[:12]
    panels = drawn.image.panels
    if plot == "plot_calibration":
        lines = panels[0].series[1:]
        shown = [series.name for series in lines]
        assert len({(series.color, series.dash) for series in lines}) == 12
    else:
        shown = [panel.title.removeprefix("Scores for ") for panel in panels]
    # In the order of the classes, as everywhere.
    assert shown == [name for name in sizes if name in largest]
    assert drawn.table.iloc[:, 0].nunique() == 50
    assert drawn.image.title == "T (the 12 largest of 50 classes)"
    assert drawn.notes[0].startswith("The image shows the 12 most frequent of 50 classes; the table contains all")
