"""An example of each plot that needs tables only, for the tests and the benchmark, and what a page holds of it."""

import base64
import gzip
import json
import re
from pathlib import Path
from typing import Any

TEST_DATA = Path(__file__).resolve().parents[2] / "test-data"
SCORES = {"infile1": TEST_DATA / "true_health.tabular", "infile2": TEST_DATA / "scores_of_health.tabular"}
LABELS = {
    "infile_true": TEST_DATA / "true_species.tabular",
    "infile_predicted": TEST_DATA / "predicted_species.tabular",
}
SIZES = {"infile_true": TEST_DATA / "true_sizes.tabular", "infile_predicted": TEST_DATA / "predicted_sizes.tabular"}
PAIRED = {
    "header_true": True,
    "header_predicted": True,
    "column_selector_options_true": {"selected_column_selector_option": "all_columns"},
    "plot_color": "Blues",
}
SELECTED = {"column_selector_options": {"selected_column_selector_option": "all_columns"}}
# Per plot: form fields in addition to type and format, datasets, and columns of the plot's table.
PLOTS = {
    "learning_curve": ({}, {"infile1": TEST_DATA / "learning_curve.tabular"}, "train_sizes_abs"),
    "training_history": (
        {},
        {"infile_histories": TEST_DATA / "history_adam.tabular"},
        "run epoch metric part value best",
    ),
    "pr_curve": ({}, SCORES, "curve threshold recall precision area"),
    "roc_curve": ({}, SCORES, "curve threshold false_positive_rate true_positive_rate area"),
    "calibration_curve": ({"bins": 5}, SCORES, "class mean_probability share_true rows brier_score"),
    "threshold_curve": ({}, SCORES, "class threshold precision recall f1"),
    "score_distribution": ({"bins": 5}, SCORES, "score_of true from to rows share"),
    "rfecv_gridscores": ({}, {"infile1": TEST_DATA / "elimination_scores.tabular"}, "step score"),
    "feature_importances": (SELECTED, {"infile1": TEST_DATA / "importances.tabular"}, "feature importance"),
    "classification_confusion_matrix": (PAIRED, LABELS, "true_\\_predicted setosa versicolor virginica"),
    "classification_report": (PAIRED, LABELS, "class precision recall f1 rows"),
    "regression": (PAIRED, SIZES, "true predicted residual"),
}


def read_figure(page: str) -> dict[str, Any]:
    """Return the document that plotly draws in an HTML page; a property that plotly does not know is an error."""
    # Imported here because the benchmark does not need it.
    from plotly.graph_objects import Figure

    document = json.loads(gzip.decompress(base64.b64decode(re.search('data-figure="([^"]*)"', page)[1])))
    Figure(document)
    return document
