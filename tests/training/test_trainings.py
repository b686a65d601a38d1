"""Trainings on the test data by their whole forms: what each scheme and kind of data leaves in the outputs."""

import re

import pandas as pd
import pytest
from examples.training_forms import (
    by_name,
    by_number,
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
from examples.training_forms import TestFile as File

TOOL = "keras_train_and_eval"
ALL_COLUMNS = {"selected_column_selector_option": "all_columns"}
IRIS = {"selected_input": "tabular", "infile1": File("iris_measures.tabular"), "header1": True}
BY_FIELD = {"groups_selector": groups("iris_fields.tabular", 1)}


def iris(target="iris_is_setosa.tabular", *, has_header=False, samples=ALL_COLUMNS):
    return with_target({**IRIS, "column_selector_options_1": samples}, File(target), has_header=has_header)


def petals(*targets):
    samples = by_name("sepal_length, sepal_width, petal_length")
    columns = {"column_selector_options_2": by_name(", ".join(targets), of="2")}
    return {**iris("iris_measures.tabular", has_header=True, samples=samples), **columns}


@pytest.fixture
def run(run_tool, tmp_path):
    """Run the script for a form, and return the tables of the outputs by the names given."""

    def run(form, *outputs):
        options = {f"outfile_{output}": output for output in ("result", *outputs)}
        assert run_tool(TOOL, without_files(form), **list_files(form), **options) == 0
        tables = [name for name in options.values() if name not in ("object", "weights", "report")]
        return {name: pd.read_csv(tmp_path / "out" / name, sep="\t") for name in tables}

    return run


def test_groups_are_held_out_by_their_names(run, capsys):
    by_header = {"selected_column_selector_option_g": "by_header_name", "col_g": "field"}
    selector = {**groups("iris_fields.tabular"), "column_selector_options_g": by_header}
    holdout = split("group", group_names="b, d", groups_selector=selector)
    tables = run(train("binary", iris(), test_split=holdout), "history")
    assert "Rows: 90 train, 60 validate, 60 evaluate" in capsys.readouterr().out
    assert tables["result"]["accuracy"][0] > 0.9


def test_repeated_stratified_folds_end_in_a_network_of_all_rows(run, tmp_path, capsys):
    section = folds(3, "stratified", n_repeats=2, random_state=0)
    form = train(
        "species",
        iris("iris_species.tabular", has_header=True),
        scheme="cross_validation",
        folds=section,
        overrides=(("epochs", "25"),),
    )
    tables = run(form, "object", "weights", "history", "y-true", "y-preds", "split")
    said = capsys.readouterr().out
    assert "Fold 6/6, rows: 100 train, 0 validate, 50 evaluate" in said
    assert "Refit on 150 rows" in said
    assert list(tables["result"]["fold"]) == [*"123456", "mean", "standard deviation"]
    assert tables["result"]["accuracy"][6] > 0.9
    assert list(tables["history"]["fold"]).count("all rows") == 25
    assert (tables["y-true"]["species"] == "setosa").sum() == 100
    assert list(tables["split"]) == ["row", *(f"fold_{number}" for number in range(1, 7))]
    assert (tables["split"].iloc[:, 1:] == "test").sum().tolist() == [50] * 6
    assert (tmp_path / "out" / "object").exists()


def test_groups_are_folds_and_without_a_last_network_there_is_none_to_save(run, tmp_path, capsys):
    section = {**folds(5, "group", **BY_FIELD), "refit": False}
    run(train("binary", iris(), scheme="cross_validation", folds=section, overrides=(("epochs", "2"),)), "object")
    said = capsys.readouterr().out
    assert "Fold 5/5, rows: 120 train, 0 validate, 30 evaluate" in said
    assert "Refit" not in said
    assert not (tmp_path / "out" / "object").exists()


def test_folds_in_the_order_of_the_rows_take_validation_rows_from_those_before(run, tmp_path, capsys):
    section = {**folds(2, "None"), "refit": False, "validation_size": 10}
    flowers = one_table(by_number(1, 2, 3), by_name("petal_width", of="2"))
    run(train("petal_width", flowers, scheme="cross_validation", folds=section, overrides=(("epochs", "2"),)), "report")
    said = capsys.readouterr().out
    assert "Data: 150 rows, 3 columns; target: 1 column of numbers" in said
    assert "Fold 2/2, rows: 90 train, 10 validate, 50 evaluate" in said
    assert "petal_width" in (tmp_path / "out" / "report").read_text()


def test_a_share_of_the_groups_is_held_out_at_random(run):
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


def test_a_training_on_all_rows_names_its_scores_and_reports_them(run, tmp_path):
    tables = run(train("binary", iris(), scheme="train_all"), "object", "report")
    assert list(tables["result"]) == ["train_loss", "train_accuracy"]
    page = (tmp_path / "out" / "report").read_text()
    assert "Confusion matrix: 150 of 150 rows right" in page
    assert re.search(r"area under the curve: 1 1\.000", page)
    assert "<script" not in page and "http" not in page
    assert len(page) < 1_000_000


def test_labels_that_may_be_true_together_are_scored_in_repeated_folds(run, capsys):
    section = {**folds(3, "simple", n_repeats=2, random_state=0), "refit": False}
    choice = {"selected_column_selector_option2": "all_but_by_header_name", "col2": "versicolor"}
    form = train(
        "binary",
        {**iris("iris_species_one_hot.tabular", has_header=True), "column_selector_options_2": choice},
        scheme="cross_validation",
        folds=section,
        overrides=(("layers_2_Dense__config__units", "2"),),
        score="f1_macro",
    )
    tables = run(form, "y-preds")
    assert "target: 2 labels" in capsys.readouterr().out
    assert list(tables["result"]) == ["fold", "loss", "accuracy", "f1_macro"]
    assert tables["result"]["accuracy"][6] > 0.8
    assert tables["y-preds"].shape == (300, 2)
    assert (tables["y-preds"].iloc[:, 0] > 0.9).sum() > 60


def test_two_outputs_take_a_column_of_the_target_each_and_more_scores(run):
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
