"""Workflows that train an estimator and draw every plot of the published tool, in the states of both revisions."""

from dataclasses import dataclass
from typing import Any

import revision_1
import revision_2
from published_workflows import make_workflow, Notation, State, Step

# Name and datatype of the test file for each input of the workflow
FILES = {
    "estimator": ("binary_estimator.zip", "zip"),
    "features": ("iris_measures.tabular", "tabular"),
    "labels": ("iris_is_setosa.tabular", "tabular"),
    "learning curve": ("learning_curve.tabular", "tabular"),
    "elimination": ("elimination_scores.tabular", "tabular"),
    "architecture": ("lstm_architecture.json", "json"),
}
MORE_FILES = {
    **FILES,
    "regressor": ("petal_width_estimator.zip", "zip"),
    "values": ("iris_petal_width.tabular", "tabular"),
}
ESTIMATOR, FEATURES, LABELS, LEARNING_CURVE, ELIMINATION, ARCHITECTURE, REGRESSOR, VALUES = (
    (number, "output") for number in range(len(MORE_FILES))
)
# Plots without a training step. They come first, because Galaxy orders steps by their connections.
WITHOUT_TRAINING = ("learning_curve", "rfecv_gridscores", "keras_plot_model")
# Plots of revision 1 that do not need Keras and whose boolean fields differ from revision 2
CHANGED_BOOLEANS = ("learning_curve", "roc_curve")
ALL_COLUMNS = {"selected_column_selector_option": "all_columns", "__current_case__": 4}
FIRST_THREE = {"selected_column_selector_option": "by_index_number", "__current_case__": 0, "col1": [1, 2, 3]}
OUR_VERSION = "3.15.1+galaxy0"
# Optional outputs of the training and the checkboxes that select them
BOXES = {
    "outfile_history": "save_csvlogger",
    "outfile_object": "save_estimator",
    "outfile_y_true": "save_prediction",
    "outfile_y_preds": "save_prediction",
}
Source = tuple[int, str]
Plots = dict[str, tuple[State, dict[str, Source]]]


def make_plots_1() -> dict[str, Any]:
    """Return the workflow of revision 1."""
    return _make_published("Published plots, revision 1", revision_1.MACHINE_LEARNING, revision_1.NOTATION)


def make_plots_2() -> dict[str, Any]:
    """Return the workflow of revision 2."""
    return _make_published("Published plots, revision 2", revision_2.VERSION, revision_2.NOTATION)


def make_all_plots() -> dict[str, Any]:
    """Return a workflow that trains a classifier and a regressor and draws every plot.

    The published plots have the state of revision 2. Plots whose state differs in revision 1 occur twice.
    """
    notation = revision_2.NOTATION
    training, regression = len(MORE_FILES), len(MORE_FILES) + 1
    published = _steps(_list_published(notation, training), revision_2.VERSION, notation)
    older = _steps(_list_published(revision_1.NOTATION, training), revision_1.MACHINE_LEARNING, revision_1.NOTATION)
    trainings = [_make_training(revision_2.VERSION, notation), _make_regression(notation)]
    added = _steps(_list_added(training, regression), OUR_VERSION, notation, {"save_table": True})
    of_revision_1 = [older[plot_type] for plot_type in CHANGED_BOOLEANS]
    steps = [*trainings, *published.values(), *of_revision_1, *added.values()]
    return make_workflow("All plots", steps, tuple(MORE_FILES))


def _make_published(name: str, version: str, notation: Notation) -> dict[str, Any]:
    steps = _steps(_list_published(notation, len(FILES)), version, notation)
    first = [steps.pop(plot_type) for plot_type in WITHOUT_TRAINING]
    return make_workflow(name, [_make_training(version, notation), *first, *steps.values()], tuple(FILES))


def _list_published(notation: Notation, training: int) -> Plots:
    """Return the fields and datasets of each published plot, in the order of the published form."""
    yes = notation.yes
    curve = {"pos_label": "", "title": "", "report_minimum_n_positives": None}
    roc = {**curve, "drop_intermediate": yes, "plot_format": "plotly_html"}
    importances = {"column_selector_options": ALL_COLUMNS, "threshold": None, "title": "", "plot_format": "html"}
    matrix = {**_pair(notation), "title": "Setosa", "plot_format": "png", "plot_color": "Blues"}
    scores = {"infile1": (training, "outfile_y_true"), "infile2": (training, "outfile_y_preds")}
    learning = {"plot_std_err": yes, "title": "", "plot_format": "html"}
    fitted = {"infile_estimator": (training, "outfile_object"), "infile1": FEATURES}
    return {
        "learning_curve": (learning, {"infile1": LEARNING_CURVE}),
        "pr_curve": ({**curve, "plot_format": "matplotlib_svg"}, scores),
        "roc_curve": (roc, scores),
        "rfecv_gridscores": ({"steps": "", "title": "", "plot_format": "html"}, {"infile1": ELIMINATION}),
        "feature_importances": (importances, fitted),
        "keras_plot_model": ({"title": "", "plot_format": "png"}, {"infile_model_config": ARCHITECTURE}),
        "classification_confusion_matrix": (matrix, _pair_datasets(training)),
    }


def _list_added(training: int, regression: int) -> Plots:
    """Return the fields and datasets of the plots that are not in the published forms, in the order of the form."""
    scores = {"infile1": (training, "outfile_y_true"), "infile2": (training, "outfile_y_preds")}
    pair = _pair(revision_2.NOTATION)
    permutation = {
        "header1": True,
        "column_selector_options": ALL_COLUMNS,
        "header_true": False,
        "column_selector_options_true": ALL_COLUMNS,
        "n_repeats": 2,
    }
    fitted = {"infile_estimator": (training, "outfile_object"), "infile1": FEATURES, "infile_true": LABELS}
    return {
        "training_history": ({}, {"infile_histories": (training, "outfile_history")}),
        "classification_report": (pair, _pair_datasets(training)),
        "calibration_curve": ({"bins": 5}, scores),
        "threshold_curve": ({}, scores),
        "score_distribution": ({"bins": 10}, scores),
        "regression": (pair, _pair_datasets(regression)),
        "permutation_importance": (permutation, fitted),
    }


def _pair(notation: Notation) -> State:
    yes = notation.yes
    return {"header_true": yes, "column_selector_options_true": ALL_COLUMNS, "header_predicted": yes}


def _pair_datasets(training: int) -> dict[str, Source]:
    return {"infile_true": (training, "outfile_y_true"), "infile_predicted": (training, "outfile_y_preds")}


def _steps(plots: Plots, version: str, notation: Notation, fields: State | None = None) -> dict[str, Step]:
    """Return a step for each plot; ``fields`` are added to the state of each step."""
    steps = {}
    for case, (plot_type, (own, datasets)) in enumerate(plots.items()):
        selection = {"plot_type": plot_type, "__current_case__": case, **own}
        selection.update(dict.fromkeys(datasets, notation.dataset))
        connections = {f"plotting_selection|{field}": source for field, source in datasets.items()}
        state = {"plotting_selection": selection, **(fields or {})}
        steps[plot_type] = Step("ml_visualization_ex", version, state, connections, {"output": "html"})
    return steps


def _make_training(version: str, notation: Notation) -> Step:
    """Return the training step of a classifier."""
    training = _Training(
        {"shuffle": "stratified", "__current_case__": 2, "test_size": 0.4, "random_state": 1},
        {"primary_scoring": "roc_auc", "__current_case__": 8, "secondary_scoring": ["accuracy"]},
        {"column_selector_options_1": ALL_COLUMNS, "header2": notation.no},
        # Revision 1 does not have a training history.
        {name: box for name, box in BOXES.items() if notation != revision_1.NOTATION or "history" not in name},
    )
    return training.make_step(version, notation, ESTIMATOR, LABELS)


def _make_regression(notation: Notation) -> Step:
    training = _Training(
        {"shuffle": "simple", "__current_case__": 1, "test_size": 0.4, "random_state": 1},
        {"primary_scoring": "r2", "secondary_scoring": None},
        {"column_selector_options_1": FIRST_THREE, "header2": notation.yes},
        {name: box for name, box in BOXES.items() if box == "save_prediction"},
    )
    return training.make_step(OUR_VERSION, notation, REGRESSOR, VALUES)


@dataclass(frozen=True)
class _Training:
    """Parts of the form that differ between trainings, and the optional outputs with their checkboxes."""

    split: State
    scoring: State
    columns: State
    outputs: dict[str, str]

    def make_step(self, version: str, notation: Notation, estimator: Source, target: Source) -> Step:
        scheme = {
            "selected_exp_scheme": "train_val",
            "__current_case__": 0,
            "infile_estimator": notation.dataset,
            "hyperparams_swapping": {"infile_params": None, "param_set": []},
            "test_split": {"split_algos": self.split},
            "metrics": {"scoring": self.scoring},
        }
        tables = {
            "selected_input": "tabular",
            "__current_case__": 0,
            "infile1": notation.dataset,
            "header1": notation.yes,
            "infile2": notation.dataset,
            "column_selector_options_2": {"selected_column_selector_option2": "all_columns", "__current_case__": 4},
            **self.columns,
        }
        boxes = list(dict.fromkeys(self.outputs.values()))
        connections = {
            "experiment_schemes|infile_estimator": estimator,
            "input_options|infile1": FEATURES,
            "input_options|infile2": target,
        }
        outputs = dict.fromkeys(("outfile_result", *self.outputs), "tabular")
        state = {"experiment_schemes": scheme, "input_options": tables, "save": boxes}
        return Step("keras_train_and_eval", version, state, connections, outputs)
