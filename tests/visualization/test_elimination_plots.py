"""The plot of the scores of a feature elimination."""

import numpy as np
import pandas as pd
import pytest

from galaxy_keras.errors import InputError
from visualization import elimination_plots


@pytest.mark.parametrize(
    "steps, x, label",
    [
        pytest.param("[2, 4, 6]", [2, 4, 6], "Number of features selected", id="list"),
        pytest.param("range(2, 8, 2)", [2, 4, 6], "Number of features selected", id="range"),
        pytest.param("list(range(2, 8, 2))", [2, 4, 6], "Number of features selected", id="list of range"),
        pytest.param("['a', 'b', 'c']", [1, 2, 3], "Step, the fewest features first", id="text"),
        pytest.param("", [1, 2, 3], "Step, the fewest features first", id="nothing"),
    ],
)
def test_feature_elimination_reads_the_numbers_of_features_or_logs_that_they_are_missing(steps, x, label):
    plot = elimination_plots.plot_feature_elimination(pd.DataFrame({"score": [0.1, 0.3, 0.2]}), "T", steps)
    panel = plot.image.panels[0]
    assert (list(panel.series[0].x), panel.x_label) == (x, label)
    assert (panel.series[1].x[0], panel.series[1].y.iloc[0]) == (x[1], 0.3)
    assert list(plot.table.iloc[:, 0]) == x


def test_feature_elimination_takes_the_table_of_scikit_learn():
    from sklearn.feature_selection import RFECV
    from sklearn.linear_model import LogisticRegression

    draw = np.random.default_rng(1)
    rows, labels = draw.normal(size=(60, 10)), draw.integers(0, 2, 60)
    found = RFECV(LogisticRegression(), step=4, min_features_to_select=1, cv=3).fit(rows, labels)
    results = pd.DataFrame({key: found.cv_results_[key] for key in ("mean_test_score", "std_test_score", "n_features")})
    line = elimination_plots.plot_feature_elimination(results, "T", "").image.panels[0].series[0]
    # The published tool drew these at 0, 1, 2, 3.
    assert list(line.x) == [1, 2, 6, 10]
    np.testing.assert_allclose(line.y, found.cv_results_["mean_test_score"])
    np.testing.assert_allclose(line.error, found.cv_results_["std_test_score"])


@pytest.mark.parametrize(
    "steps, message",
    [
        ("[1, 2]", "found 2 entries; expected a list with 3 entries"),
        ("range(10**9)", "steps: found 'range"),
        ("range(1000000)", "found more than 3 entries"),
        ("open('x')", r"steps: found \"open\('x'\)\""),
        ("5", "steps: found '5'"),
        ("range(10**30)", "steps: found 'range"),
        ("[1, 2, 10000000000]", "steps: found '.1, 2, 10000000000.'"),
    ],
)
def test_feature_elimination_refuses_other_steps(steps, message):
    with pytest.raises(InputError, match=message):
        elimination_plots.plot_feature_elimination(pd.DataFrame({"score": [0.1, 0.3, 0.2]}), "T", steps)


def test_scores_that_are_all_missing_are_refused():
    with pytest.raises(InputError, match="the scores contain no number"):
        elimination_plots.plot_feature_elimination(pd.DataFrame({"score": [np.nan]}), "T", "")
