"""Create each plot type of the form from its tables."""

from galaxy_keras.plots.charts import Plot
from galaxy_keras.plots.class_labels import LabelPairs, read_label_pairs
from galaxy_keras.plots.class_scores import plot_calibration, plot_distributions, plot_thresholds
from galaxy_keras.plots.curves import plot_pr_curves, plot_roc_curves
from galaxy_keras.plots.label_plots import order_classes, plot_classification_report, plot_confusion_matrix
from galaxy_keras.plots.measure_tables import read_measures
from galaxy_keras.plots.regression_plots import plot_regression, read_values
from galaxy_keras.plots.scored_classes import read_scored_classes, ScoredClasses, SCORES, TRUE
from galaxy_keras.plots.training_plots import (
    FOLD,
    LEARNING_CURVE_COLUMNS,
    plot_history,
    plot_learning_curve,
    Run,
    split_runs,
)
from visualization.elimination_plots import plot_feature_elimination
from visualization.form import PlotForm
from visualization.importance_plots import plot_importances, read_importances

PREDICTED = "predicted labels"


def make_learning_curve(form: PlotForm) -> Plot:
    """Plot scores against the number of training rows."""
    table = read_measures(form.dataset("infile1"), "learning curve", LEARNING_CURVE_COLUMNS)
    return plot_learning_curve(table, form.text("title", "Learning Curve"), form.flag("plot_std_err"))


def make_history(form: PlotForm) -> Plot:
    """Plot loss and metrics per epoch of one or several trainings."""
    runs: list[Run] = []
    for path, name in zip(form.files["infile_histories"], form.dataset_names, strict=True):
        runs += split_runs(name, read_measures(path, f"training history {name}", text_columns=(FOLD,)))
    return plot_history(runs, form.text("title", "Training History"))


def make_pr_curve(form: PlotForm) -> Plot:
    """Plot precision against recall."""
    return plot_pr_curves(_read_scores(form), form.text("title", "Precision-Recall Curve"))


def make_roc_curve(form: PlotForm) -> Plot:
    """Plot the true against the false positive rate."""
    title = form.text("title", "Receiver Operating Characteristic (ROC) Curve")
    return plot_roc_curves(_read_scores(form), title, form.flag("drop_intermediate"))


def make_calibration(form: PlotForm) -> Plot:
    """Plot observed frequencies against predicted probabilities."""
    bins, equal = form.number("bins", 10), form.fields.get("bin_strategy") == "quantile"
    return plot_calibration(_read_scores(form), form.text("title", "Calibration Curve"), bins, equal)


def make_thresholds(form: PlotForm) -> Plot:
    """Plot precision, recall and F1 against the threshold."""
    return plot_thresholds(_read_scores(form), form.text("title", "Precision, Recall and F1 by Threshold"))


def make_distributions(form: PlotForm) -> Plot:
    """Plot the distribution of scores by true class."""
    title = form.text("title", "Distribution of Scores by True Class")
    return plot_distributions(_read_scores(form), title, form.number("bins", 20))


def _read_scores(form: PlotForm) -> ScoredClasses:
    return read_scored_classes(
        form.table("infile1", TRUE),
        form.table("infile2", SCORES),
        form.text("pos_label"),
        form.number("report_minimum_n_positives", 0),
    )


def make_feature_elimination(form: PlotForm) -> Plot:
    """Plot the scores of a recursive feature elimination."""
    table = read_measures(form.dataset("infile1"), "scores of the feature elimination")
    return plot_feature_elimination(table, form.text("title", "Feature Elimination"), form.text("steps"))


def make_feature_importances(form: PlotForm) -> Plot:
    """Plot importances of a table, or how much each feature changes the outputs of a fitted network."""
    title, threshold = form.text("title", "Feature Importances"), form.number("threshold")
    source = form.chosen_columns("infile1", "features", "column_selector_options")
    estimator = form.optional_dataset("infile_estimator")
    if estimator is None:
        return plot_importances(read_importances(source), title, "Importance", threshold)
    # Imports Keras, which other plots do not need.
    from visualization.permutation import measure_changes, Shuffling

    table, notes = measure_changes(estimator, source, Shuffling())
    return plot_importances(table, title, "Mean change of the outputs", threshold, notes=notes)


def make_permutation_importance(form: PlotForm) -> Plot:
    """Plot the decrease of a score of a fitted network when a feature is shuffled."""
    from visualization.permutation import measure_scores, Shuffling

    table, notes = measure_scores(
        form.dataset("infile_estimator"),
        form.chosen_columns("infile1", "features", "column_selector_options", form.flag("header1")),
        form.chosen_columns(
            "infile_true", "true labels or values", "column_selector_options_true", form.flag("header_true")
        ),
        form.text("scoring"),
        Shuffling(form.number("n_repeats", 5), form.number("max_rows", 2000), form.number("seed", 0)),
    )
    title = form.text("title", "Permutation Importance")
    return plot_importances(table, title, "Decrease of the score", largest=form.number("largest"), notes=notes)


def make_confusion_matrix(form: PlotForm) -> Plot:
    """Plot the number of rows per true and predicted class."""
    normalize = form.text("normalize", "none")
    return plot_confusion_matrix(
        _read_pairs(form),
        form.text("title", "Confusion matrix between true and predicted labels"),
        None if normalize == "none" else normalize,
        form.color_map,
    )


def make_classification_report(form: PlotForm) -> Plot:
    """Plot precision, recall and F1 per class."""
    title = form.text("title", "Classification Report")
    return plot_classification_report(_read_pairs(form), title, form.color_map)


def _read_pairs(form: PlotForm) -> LabelPairs:
    pairs = read_label_pairs(form.true_column(TRUE), form.predicted_column(PREDICTED))
    return pairs.reorder(order_classes(form.text("label_order"), pairs.classes))


def make_regression(form: PlotForm) -> Plot:
    """Plot predicted against true numbers, and residuals."""
    values = read_values(form.true_column("true values"), form.predicted_column("predicted values"))
    return plot_regression(values, form.text("title", "Predicted against True Values"))


def make_diagram(form: PlotForm) -> Plot:
    """Plot the layers of an architecture."""
    from visualization.network_diagram import plot_network

    return plot_network(form.dataset("infile_model_config"))


PLOT_TYPES = {
    "learning_curve": make_learning_curve,
    "training_history": make_history,
    "pr_curve": make_pr_curve,
    "roc_curve": make_roc_curve,
    "calibration_curve": make_calibration,
    "threshold_curve": make_thresholds,
    "score_distribution": make_distributions,
    "rfecv_gridscores": make_feature_elimination,
    "feature_importances": make_feature_importances,
    "classification_confusion_matrix": make_confusion_matrix,
    "classification_report": make_classification_report,
    "regression": make_regression,
    "permutation_importance": make_permutation_importance,
    "keras_plot_model": make_diagram,
}
