"""A training with every plot of the published tool behind it, in the states of both revisions."""

from typing import Any

import revision_1
import revision_2
from published_workflows import make_workflow, Notation, State, Step

# Test data and their types by the workflow's inputs.
FILES = {
    "estimator": ("binary_estimator.zip", "zip"),
    "features": ("iris_measures.tabular", "tabular"),
    "labels": ("iris_is_setosa.tabular", "tabular"),
    "learning curve": ("learning_curve.tabular", "tabular"),
    "elimination": ("elimination_scores.tabular", "tabular"),
    "architecture": ("lstm_architecture.json", "json"),
}
ESTIMATOR, FEATURES, LABELS, LEARNING_CURVE, ELIMINATION, ARCHITECTURE = ((n, "output") for n in range(len(FILES)))
# Galaxy numbers the steps anew, those first that need inputs only.
WITHOUT_TRAINING = ("learning_curve", "rfecv_gridscores", "keras_plot_model")
FITTED, TRUTH, PREDICTIONS = ((len(FILES), name) for name in ("outfile_object", "outfile_y_true", "outfile_y_preds"))
ALL_COLUMNS = {"selected_column_selector_option": "all_columns", "__current_case__": 4}


def make_plots_1() -> dict[str, Any]:
    """Make the workflow of revision 1."""
    return _make_plots("Published plots, revision 1", revision_1.MACHINE_LEARNING, revision_1.NOTATION)


def make_plots_2() -> dict[str, Any]:
    """Make the workflow of revision 2."""
    return _make_plots("Published plots, revision 2", revision_2.VERSION, revision_2.NOTATION)


def _make_plots(name: str, version: str, notation: Notation) -> dict[str, Any]:
    no, yes = notation.no, notation.yes
    curve = {"pos_label": "", "title": "", "report_minimum_n_positives": None}
    roc = {**curve, "drop_intermediate": yes, "plot_format": "plotly_html"}
    importances = {"column_selector_options": ALL_COLUMNS, "threshold": None, "title": "", "plot_format": "html"}
    matrix = {
        "header_true": yes,
        "column_selector_options_true": ALL_COLUMNS,
        "header_predicted": yes,
        "title": "Setosa",
        "plot_format": "png",
        "plot_color": "Blues",
    }
    scores = {"infile1": TRUTH, "infile2": PREDICTIONS}
    # In the order of the published form.
    plots: dict[str, tuple[State, dict[str, tuple[int, str]]]] = {
        "learning_curve": ({"plot_std_err": yes, "title": "", "plot_format": "html"}, {"infile1": LEARNING_CURVE}),
        "pr_curve": ({**curve, "plot_format": "matplotlib_svg"}, scores),
        "roc_curve": (roc, scores),
        "rfecv_gridscores": ({"steps": "", "title": "", "plot_format": "html"}, {"infile1": ELIMINATION}),
        "feature_importances": (importances, {"infile_estimator": FITTED, "infile1": FEATURES}),
        "keras_plot_model": ({"title": "", "plot_format": "png"}, {"infile_model_config": ARCHITECTURE}),
        "classification_confusion_matrix": (matrix, {"infile_true": TRUTH, "infile_predicted": PREDICTIONS}),
    }
    steps = {}
    for case, (plot_type, (fields, datasets)) in enumerate(plots.items()):
        selection = {"plot_type": plot_type, "__current_case__": case, **fields}
        selection.update(dict.fromkeys(datasets, notation.dataset))
        connections = {f"plotting_selection|{field}": source for field, source in datasets.items()}
        steps[plot_type] = Step(
            "ml_visualization_ex", version, {"plotting_selection": selection}, connections, {"output": "html"}
        )
    first = [steps.pop(plot_type) for plot_type in WITHOUT_TRAINING]
    return make_workflow(name, [_make_training(version, notation, no, yes), *first, *steps.values()], tuple(FILES))


def _make_training(version: str, notation: Notation, no: str | bool, yes: str | bool) -> Step:
    split = {"shuffle": "stratified", "__current_case__": 2, "test_size": 0.4, "random_state": 1}
    scoring = {"primary_scoring": "roc_auc", "__current_case__": 8, "secondary_scoring": ["accuracy"]}
    scheme = {
        "selected_exp_scheme": "train_val",
        "__current_case__": 0,
        "infile_estimator": notation.dataset,
        "hyperparams_swapping": {"infile_params": None, "param_set": []},
        "test_split": {"split_algos": split},
        "metrics": {"scoring": scoring},
    }
    tables = {
        "selected_input": "tabular",
        "__current_case__": 0,
        "infile1": notation.dataset,
        "header1": yes,
        "column_selector_options_1": ALL_COLUMNS,
        "infile2": notation.dataset,
        "header2": no,
        "column_selector_options_2": {"selected_column_selector_option2": "all_columns", "__current_case__": 4},
    }
    return Step(
        "keras_train_and_eval",
        version,
        {"experiment_schemes": scheme, "input_options": tables, "save": ["save_estimator", "save_prediction"]},
        {
            "experiment_schemes|infile_estimator": ESTIMATOR,
            "input_options|infile1": FEATURES,
            "input_options|infile2": LABELS,
        },
        {"outfile_result": "tabular", **{name: "tabular" for _, name in (FITTED, TRUTH, PREDICTIONS)}},
    )
