"""Precision-recall and ROC curves against scikit-learn called directly."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score, roc_curve

from galaxy_keras.plots import curves, scored_classes


@pytest.fixture
def make_classes():
    """Make scored classes of which the scores tell something."""

    def make(count: int, rows: int = 400):
        draw = np.random.default_rng(5)
        truth = draw.integers(0, max(2, count), rows)
        flags = np.eye(max(2, count), dtype=bool)[truth][:, -count:]
        # Rounded, so that many scores are equal.
        scores = np.round(draw.normal(size=flags.shape) + 1.5 * flags, 1)
        scored = scored_classes.ScoredClass
        names = [f"class {k}" for k in range(count)]
        classes = [scored(*content) for content in zip(names, flags.T, scores.T, strict=True)]
        return scored_classes.ScoredClasses(classes, []), flags, scores

    return make


def read_areas(plot) -> dict[str, float]:
    return plot.table.drop_duplicates("curve").set_index("curve")["area"].to_dict()


def test_the_curve_of_two_classes_equals_scikit_learn(make_classes):
    scored, flags, scores = make_classes(1)
    pr, roc = curves.plot_pr_curves(scored, "T"), curves.plot_roc_curves(scored, "T")
    false, true, thresholds = roc_curve(flags[:, 0], scores[:, 0])
    np.testing.assert_allclose(roc.table["false_positive_rate"], false)
    np.testing.assert_allclose(roc.table["true_positive_rate"], true)
    np.testing.assert_allclose(roc.table["threshold"], thresholds)
    assert read_areas(roc) == {"class 0": pytest.approx(roc_auc_score(flags[:, 0], scores[:, 0]))}
    precision, recall, thresholds = precision_recall_curve(flags[:, 0], scores[:, 0], drop_intermediate=True)
    np.testing.assert_allclose(pr.table["precision"], precision[::-1])
    np.testing.assert_allclose(pr.table["recall"], recall[::-1])
    np.testing.assert_allclose(pr.table["threshold"][1:], thresholds[::-1])
    assert read_areas(pr) == {"class 0": pytest.approx(average_precision_score(flags[:, 0], scores[:, 0]))}
    assert 0.8 < read_areas(roc)["class 0"] < 1


def test_averages_of_several_classes_are_scikit_learns(make_classes):
    scored, flags, scores = make_classes(4)
    for plot, measure in (
        (curves.plot_pr_curves(scored, "T"), average_precision_score),
        (curves.plot_roc_curves(scored, "T"), roc_auc_score),
    ):
        areas = read_areas(plot)
        assert areas["micro average"] == pytest.approx(measure(flags, scores, average="micro"))
        assert areas["macro average"] == pytest.approx(measure(flags, scores, average="macro"))
        assert [areas[f"class {k}"] for k in range(4)] == pytest.approx(list(measure(flags, scores, average=None)))


def test_the_area_under_an_averaged_curve_is_the_average_area(make_classes):
    scored, _, _ = make_classes(4)
    roc = curves.plot_roc_curves(scored, "T").table
    roc = roc[roc["curve"] == "macro average"]
    area = np.trapezoid(roc["true_positive_rate"], roc["false_positive_rate"])
    assert area == pytest.approx(roc["area"].iloc[0])
    pr = curves.plot_pr_curves(scored, "T").table
    pr = pr[pr["curve"] == "macro average"]
    assert (np.diff(pr["recall"]) * pr["precision"].iloc[1:]).sum() == pytest.approx(pr["area"].iloc[0])


def test_points_on_straight_lines_are_dropped_if_asked_for(make_classes):
    scored, flags, scores = make_classes(1)
    dropped, kept = (curves.plot_roc_curves(scored, "T", drop).table for drop in (True, False))
    assert len(dropped) < len(kept)
    assert len(kept) == len(roc_curve(flags[:, 0], scores[:, 0], drop_intermediate=False)[0])
    assert dropped["area"].iloc[0] == pytest.approx(kept["area"].iloc[0])


def test_the_legend_names_each_class_with_its_area(make_classes):
    plot = curves.plot_roc_curves(make_classes(3)[0], "T")
    areas = read_areas(plot)
    names = [series.full_name for series in plot.image.panels[0].series]
    assert names == ["guessing (area = 0.500)", *(f"{name} (area = {area:.3f})" for name, area in areas.items())]


@pytest.mark.parametrize("count, entries", [(16, 19), (17, 4), (50, 4)])
def test_many_classes_share_one_entry_of_the_legend(make_classes, count, entries):
    plot = curves.plot_roc_curves(make_classes(count)[0], "T")
    names = [series.name for series in plot.image.panels[0].series if series.name]
    assert len(names) == entries
    assert plot.table["curve"].nunique() == count + 2


def test_an_interactive_curve_shows_its_thresholds(make_classes):
    plot = curves.plot_roc_curves(make_classes(3)[0], "T")
    table = plot.table[plot.table["curve"] == "class 1"]
    series = plot.image.panels[0].series
    assert series[2].hover == [f"class 1, threshold {threshold:.4g}" for threshold in table["threshold"]]
    assert set(series[-1].hover) == {"macro average"}


def test_lines_of_a_legend_differ_in_color_or_dash(make_classes):
    series = curves.plot_roc_curves(make_classes(16)[0], "T").image.panels[0].series
    assert len({(one.color, one.dash) for one in series}) == len(series)
