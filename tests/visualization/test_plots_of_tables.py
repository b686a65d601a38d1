"""Plots of the test data by their whole forms: what the log says and the table of numbers holds."""

import pandas as pd
import pytest
from examples.scripts import TEST_DATA

TOOL = "ml_visualization_ex"
ALL_COLUMNS = {"selected_column_selector_option": "all_columns"}


def table(name):
    return TEST_DATA / f"{name}.tabular"


@pytest.fixture
def plot(run_tool, tmp_path, capsys):
    """Draw a plot, and return its log and its numbers."""

    def plot(plot_type, files, look=None, **fields):
        selection = {"plot_type": plot_type, "plot_format": "png", "title": "", **fields}
        form = {"plotting_selection": selection, "save_table": True, **({"look": look} if look else {})}
        assert run_tool(TOOL, form, **files, output="plot", table="table") == 0
        assert (tmp_path / "out" / "plot").read_bytes().startswith(b"\x89PNG\r\n")
        return capsys.readouterr().out.splitlines(), pd.read_csv(tmp_path / "out" / "table", sep="\t")

    return plot


def pair(true, predicted, **fields):
    """Two tables of labels, with the fields of all columns and of headers in both."""
    files = {"infile_true": table(true), "infile_predicted": table(predicted)}
    headers = {"header_true": True, "header_predicted": True, "column_selector_options_true": ALL_COLUMNS}
    return {"files": files, **headers, "plot_color": "Greens", **fields}


def test_truth_of_the_training_tool_with_a_column_for_each_class_is_read_by_its_labels(plot):
    log, numbers = plot("classification_confusion_matrix", **pair("true_species", "predicted_species"))
    assert log[0] == "Rows: 60, classes: 3, accuracy: 0.9500 (57 rows right)"
    assert log[1] == "Rows of each class, true/predicted: setosa 20/20, versicolor 20/19, virginica 20/21"
    assert list(numbers) == ["true \\ predicted", "setosa", "versicolor", "virginica"]
    assert numbers.iloc[1].tolist() == ["versicolor", 0, 18, 2]


@pytest.mark.parametrize(
    "option, columns",
    [("by_index_number", [2]), ("all_but_by_header_name", "ward"), ("all_but_by_index_number", [1, 3])],
)
@pytest.mark.parametrize("normalize", ["none", "true", "pred", "all"])
def test_a_class_that_is_never_predicted_counts_in_every_normalization(plot, option, columns, normalize):
    choice = {"selected_column_selector_option": option, "col1": columns}
    fields = pair("true_grades", "predicted_grades", column_selector_options_true=choice, normalize=normalize)
    log, _ = plot("classification_confusion_matrix", **fields, title="Bob's grades [%], $5 each: <3> ä")
    assert log[0] == "Rows: 40, classes: 3, accuracy: 0.5500 (22 rows right)"
    assert log[1] == "Rows of each class, true/predicted: 3 20/23, 4 8/17, 7 12/0"


def test_many_classes_without_headers_are_counted(plot):
    fields = pair("true_groups", "predicted_groups", header_true=False, header_predicted=False)
    log, numbers = plot("classification_confusion_matrix", **fields)
    assert log[0] == "Rows: 119, classes: 40, accuracy: 0.6723 (80 rows right)"
    assert numbers.shape == (40, 41)


def test_a_report_of_each_class_has_its_averages(plot):
    fields = pair("true_species", "predicted_species", label_order="virginica, setosa")
    _, numbers = plot("classification_report", **fields)
    rows = numbers.set_index("class")
    assert list(rows.index[:3]) == ["virginica", "setosa", "versicolor"]
    assert rows.loc["setosa"].tolist() == [1.0, 1.0, 1.0, 20]
    assert rows.loc["weighted average", "recall"] == pytest.approx(0.95)


def test_real_numbers_are_compared_in_the_chosen_columns(plot):
    choice = {"selected_column_selector_option": "by_header_name", "col1": "size"}
    fields = pair("true_sizes", "predicted_sizes", column_selector_options_true=choice, predicted_column=1)
    log, numbers = plot("regression", **fields)
    assert any(line.startswith("Rows: 100, R2: 0.9") for line in log)
    assert list(numbers) == ["true", "predicted", "residual"]
    assert len(numbers) == 100


SCORES = {"infile1": table("true_health"), "infile2": table("scores_of_health")}
TISSUES = {"infile1": table("true_tissue"), "infile2": table("scores_of_tissue")}


def test_of_two_classes_the_second_has_the_curve(plot):
    _, numbers = plot("pr_curve", SCORES)
    assert set(numbers["curve"]) == {"tumour"}
    assert numbers["area"].iloc[0] == pytest.approx(0.967, abs=0.0005)


def test_the_positive_class_may_be_the_first_and_the_look_another(plot, tmp_path):
    from matplotlib.image import imread

    look = {"width": 4, "height": 3, "resolution": 200, "font_size": 7, "x_label": "1 - specificity", "y_label": ""}
    log, _ = plot("roc_curve", SCORES, {**look, "palette": "Greys"}, pos_label="healthy", drop_intermediate=True)
    assert any(line.startswith("healthy: ROC area 0.") for line in log)
    assert imread(tmp_path / "out" / "plot").shape[:2] == (600, 800)


def test_several_classes_have_averages(plot):
    log, numbers = plot("roc_curve", TISSUES, drop_intermediate=False)
    assert any(line.startswith("macro average: ROC area 0.9") for line in log)
    assert any(line.startswith("micro average: ROC area 0.9") for line in log)
    assert numbers[numbers["curve"] == "brain"].iloc[0]["area"] == pytest.approx(0.968888888888889)


def test_one_of_three_classes_has_its_thresholds(plot):
    _, numbers = plot("threshold_curve", TISSUES, pos_label="liver")
    assert set(numbers["class"]) == {"liver"}
    assert list(numbers) == ["class", "threshold", "precision", "recall", "f1"]


def test_scores_are_counted_in_bins_of_both_classes(plot):
    _, numbers = plot("score_distribution", SCORES, bins=5)
    assert list(numbers) == ["score_of", "true", "from", "to", "rows", "share"]
    assert len(numbers) == 10
    assert set(numbers["true"]) == {"healthy", "tumour"}


def test_an_elimination_with_numbers_of_features_names_the_best(plot):
    log, numbers = plot("rfecv_gridscores", {"infile1": table("elimination_scores")}, steps="[1, 4, 7, 10]")
    assert "Highest score: 0.83 at 7 features" in log
    assert numbers.set_index("n_features")["score"][7] == 0.83


def test_small_importances_are_left_out_of_the_picture_only(plot):
    files = {"infile1": table("importances")}
    _, numbers = plot("feature_importances", files, column_selector_options=ALL_COLUMNS, threshold=0.2)
    assert len(numbers) == 5
    assert numbers.set_index("feature").iloc[:, 0]["gene 5"] == -0.9


def test_a_fitted_network_gives_the_importance_of_its_features(plot):
    files = {"infile_estimator": TEST_DATA / "fitted_species.zip", "infile1": table("iris_measures")}
    log, numbers = plot("feature_importances", files, column_selector_options=ALL_COLUMNS)
    assert "Features: 4, above the threshold: 4, drawn: 4" in log
    assert len(numbers) == 4


def test_layers_are_drawn_and_listed_with_their_sizes(plot):
    from galaxy_keras.network.diagram import has_graphviz

    if not has_graphviz():
        pytest.skip("This machine has no Graphviz.")
    _, numbers = plot("keras_plot_model", {"infile_model_config": TEST_DATA / "lstm_architecture.json"})
    assert numbers.set_index("layer").loc["lstm"].tolist() == ["LSTM", "(None, 6)", 360]
