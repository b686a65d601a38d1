"""Trainings on the test data with complete forms: the outputs of each scheme and kind of data."""

import re

import pandas as pd
import pytest
from examples.training_forms import (
    by_name,
    by_number,
    ExampleFile,
    FLOWERS,
    folds,
    groups,
    list_files,
    one_table,
    split,
    train,
    with_target,
    without_files,
)

TOOL = "keras_train_and_eval"
ALL_COLUMNS = {"selected_column_selector_option": "all_columns"}
IRIS = {"selected_input": "tabular", "infile1": ExampleFile("iris_measures.tabular"), "header1": True}
BY_FIELD = {"groups_selector": groups("iris_fields.tabular", 1)}


def iris(target="iris_is_setosa.tabular", *, has_header=False, samples=ALL_COLUMNS):
    return with_target({**IRIS, "column_selector_options_1": samples}, ExampleFile(target), has_header=has_header)


def petals(*targets):
    samples = by_name("sepal_length, sepal_width, petal_length")
    columns = {"column_selector_options_2": by_name(", ".join(targets), of="2")}
    return {**iris("iris_measures.tabular", has_header=True, samples=samples), **columns}


@pytest.fixture
def run(run_tool, tmp_path):
    """Run the script for a form, and return the tables of the named outputs."""

    def run(form, *outputs):
        options = {f"outfile_{output}": output for output in ("result", *outputs)}
        assert run_tool(TOOL, without_files(form), **list_files(form), **options) == 0
        tables = [name for name in options.values() if name not in ("object", "weights", "report")]
        return {name: pd.read_csv(tmp_path / "out" / name, sep="\t") for name in tables}

    return run


def test_named_groups_are_the_validation_rows(run, capsys):
    by_header = {"selected_column_selector_option_g": "by_header_name", "col_g": "field"}
    selector = {**groups("iris_fields.tabular"), "column_selector_options_g": by_header}
    holdout = split("group", group_names="b, d", groups_selector=selector)
    tables = run(train("binary", iris(), test_split=holdout), "history")
    assert "Rows: 90 train, 60 validate, 60 evaluate" in capsys.readouterr().out
    assert tables["result"]["accuracy"][0] > 0.9


def test_repeated_stratified_folds_end_with_a_network_trained_on_all_rows(run, tmp_path, capsys):
    section = folds(2, "stratified", n_repeats=2, random_state=0)
    form = train(
        "species",
        iris("iris_species.tabular", has_header=True),
        scheme="cross_validation",
        folds=section,
        overrides=(("epochs", "15"),),
    )
    tables = run(form, "object", "weights", "history", "y-true", "y-preds", "split")
    log = capsys.readouterr().out
    assert "Fold 4/4, rows: 75 train, 0 validate, 75 evaluate" in log
    assert "Refit on 150 rows" in log
    assert list(tables["result"]["fold"]) == [*"1234", "mean", "standard deviation"]
    assert tables["result"]["accuracy"][4] > 0.9
    assert list(tables["history"]["fold"]).count("all rows") == 15
    assert (tables["y-true"]["species"] == "setosa").sum() == 100
    assert list(tables["split"]) == ["row", *(f"fold_{number}" for number in range(1, 5))]
    assert (tables["split"].iloc[:, 1:] == "test").sum().tolist() == [75] * 4
    assert (tmp_path / "out" / "object").exists()


def test_folds_of_groups_without_refit_save_no_network(run, tmp_path, capsys):
    section = {**folds(2, "group", **BY_FIELD), "refit": False}
    run(train("binary", iris(), scheme="cross_validation", folds=section, overrides=(("epochs", "2"),)), "object")
    log = capsys.readouterr().out
    assert "Fold 2/2, rows: 90 train, 0 validate, 60 evaluate" in log
    assert "Refit" not in log
    assert not (tmp_path / "out" / "object").exists()


def test_folds_by_order_take_validation_rows_from_the_rows_before_the_fold(run, tmp_path, capsys):
    section = {**folds(2, "None"), "refit": False, "validation_size": 10}
    flowers = one_table(by_number(1, 2, 3), by_name("petal_width", of="2"))
    run(train("petal_width", flowers, scheme="cross_validation", folds=section, overrides=(("epochs", "2"),)), "report")
    log = capsys.readouterr().out
    assert "Data: 150 rows, 3 columns; target: 1 column of numbers" in log
    assert "Fold 2/2, rows: 90 train, 10 validate, 50 evaluate" in log
    assert "petal_width" in (tmp_path / "out" / "report").read_text()


def test_a_random_fraction_of_the_groups_is_the_holdout(run):
    holdout = split("group", test_size=0.4, random_state=0, **BY_FIELD)
    form = train(
        "petal_width",
        petals("petal_length", "petal_width"),
        test_split=holdout,
        overrides=(("layers_2_Dense__config__units", "2"),),
        score="r2",
    )
    tables = run(form, "y-true", "y-preds")
    assert tables["result"]["r2"][0] > 0.5
    assert list(tables["y-preds"]) == ["petal_length", "petal_width"]
    assert len(tables["y-preds"]) == 60


def test_a_training_on_all_rows_reports_its_training_scores(run, tmp_path):
    tables = run(train("binary", iris(), scheme="train_all"), "object", "report")
    assert list(tables["result"]) == ["train_loss", "train_accuracy"]
    page = (tmp_path / "out" / "report").read_text()
    assert "<p>The network predicts 150 of 150 training rows correctly (accuracy 1.000).</p>" in page
    assert re.search(r": ROC area 1\.0000", page)
    assert "<script" not in page and "http" not in page
    assert len(page) < 1_000_000


def test_several_labels_are_scored_in_repeated_folds(run, capsys):
    section = {**folds(2, "simple", n_repeats=2, random_state=0), "refit": False}
    choice = {"selected_column_selector_option2": "all_but_by_header_name", "col2": "versicolor"}
    form = train(
        "binary",
        {**iris("iris_species_one_hot.tabular", has_header=True), "column_selector_options_2": choice},
        scheme="cross_validation",
        folds=section,
        overrides=(("layers_2_Dense__config__units", "2"), ("epochs", "20")),
        score="f1_macro",
    )
    tables = run(form, "y-preds")
    assert "target: 2 labels" in capsys.readouterr().out
    assert list(tables["result"]) == ["fold", "loss", "accuracy", "f1_macro"]
    assert tables["result"]["accuracy"][4] > 0.8
    assert tables["y-preds"].shape == (300, 2)
    assert (tables["y-preds"].iloc[:, 0] > 0.9).sum() > 60


def test_two_outputs_take_one_target_column_each(run):
    form = train("two_outputs", one_table(by_number(1, 2), by_number(3, 4, of="2"), FLOWERS), score="r2")
    form["experiment_schemes"]["metrics"]["scoring"]["secondary_scoring"] = [
        "neg_root_mean_squared_error",
        "neg_mean_absolute_percentage_error",
    ]
    tables = run(form, "y-preds")
    result = tables["result"].iloc[0]
    assert result["r2"] > 0.5
    assert result["neg_root_mean_squared_error"] < 0 and result["neg_mean_absolute_percentage_error"] < 0
    assert list(tables["y-preds"]) == ["petal_length", "petal_width"]
    assert len(tables["y-preds"]) == 30
