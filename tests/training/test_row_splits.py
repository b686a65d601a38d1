"""Trainings with every holdout: which rows are training, validation and test rows."""

import numpy as np
import pandas as pd
import pytest
from examples.scripts import TEST_DATA
from examples.trainings import ALL_GROUPS, read_species, write_columns
from sklearn.model_selection import train_test_split

from galaxy_keras.estimator.contents import FitParameters

FIELDS = TEST_DATA / "iris_fields.tabular"


@pytest.fixture
def estimator(make_estimator):
    """Write an estimator that is trained for one epoch."""
    return make_estimator(fit=FitParameters(epochs=1))


@pytest.mark.parametrize("method", ["None", "simple", "stratified"])
def test_a_holdout_has_the_rows_of_its_method(train, estimator, method):
    split = {"shuffle": method, "test_size": 0.3, "random_state": 0}
    tables = train(estimator, split=split)
    rows, species = np.arange(150), read_species()
    if method == "None":
        expected = rows[105:]
        assert set(species[expected]) == {"virginica"}
    else:
        strata = species if method == "stratified" else None
        _, expected = train_test_split(rows, test_size=0.3, random_state=0, stratify=strata)
    assert tables["true"]["species"].tolist() == species[expected].tolist()
    assert tables["split"].query("part == 'validation'").index.tolist() == sorted(expected)


def test_named_groups_are_the_holdout(train, estimator):
    by_name = {"selected_column_selector_option_g": "by_header_name", "col_g": "field"}
    split = {
        "shuffle": "group",
        "group_names": "b, d",
        "test_size": None,
        "random_state": None,
        "groups_selector": {"header_g": True, "column_selector_options_g": by_name},
    }
    tables = train(estimator, split=split, files={"groups": FIELDS})
    fields = pd.read_csv(FIELDS, sep="\t")["field"]
    assert tables["true"]["species"].tolist() == read_species()[fields.isin(["b", "d"])].tolist()


def test_a_test_and_a_validation_holdout_make_three_splits(train, estimator, capsys):
    simple = {"shuffle": "simple", "test_size": 0.2, "random_state": 1}
    tables = train(estimator, split=simple, validation=simple)
    assert len(tables["true"]) == 30
    assert tables["split"]["part"].value_counts().to_dict() == {"train": 96, "test": 30, "validation": 24}
    tested = tables["split"].query("part == 'test'")["row"] - 1
    assert sorted(read_species()[tested]) == sorted(tables["true"]["species"])
    assert "Rows: 96 train, 24 validate, 30 evaluate" in capsys.readouterr().out


@pytest.mark.parametrize("column", ["2", "day"])
def test_the_validation_holdout_may_have_a_separate_group_column(train, estimator, tmp_path, column):
    days = np.array(["mon", "tue", "wed"] * 50)
    test = {"shuffle": "group", "test_size": None, "group_names": "b, d", "groups_selector": ALL_GROUPS}
    validation = {"shuffle": "group", "test_size": None, "group_names": "wed"}
    validation["own_groups"] = {"header_g": True, "col_g": column}
    day_table = write_columns(tmp_path / "days.tsv", {"row": np.arange(150), "day": days})
    files = {"groups": FIELDS, "validation_groups": day_table}
    tables = train(estimator, split=test, validation=validation, files=files)
    is_test = pd.read_csv(FIELDS, sep="\t")["field"].isin(["b", "d"])
    expected = np.where(is_test, "test", np.where(days == "wed", "validation", "train"))
    assert tables["split"]["part"].tolist() == expected.tolist()


@pytest.mark.parametrize(
    "column, rows, message",
    [
        ("3", 150, "groups of the validation holdout: found column number 3; expected a number from 1 to 2"),
        ("days", 150, "groups of the validation holdout: the column 'days' is missing; expected one of 'row', 'day'"),
        ("row, day", 150, "groups of the validation holdout: found 2 selected columns; expected one"),
        (None, 150, "groups of the validation holdout, column: no column name is given; expected"),
        ("day", 149, "groups of the validation holdout: found 149 rows; expected 150 as in Training samples"),
    ],
)
def test_an_unusable_group_column_of_the_validation_holdout_is_refused(
    check_training_refusal, estimator, tmp_path, column, rows, message
):
    validation = {"shuffle": "column", "own_groups": {"header_g": True, "col_g": column}}
    columns = {"row": np.arange(rows), "day": ["train"] * rows}
    files = {"validation_groups": write_columns(tmp_path / "x.tsv", columns)}
    split = {"shuffle": "simple", "test_size": 0.2}
    assert message in check_training_refusal(estimator, files, split=split, validation=validation)


@pytest.mark.parametrize("scheme", ["train_val", "train_val_test"])
def test_a_split_column_assigns_the_rows(train, estimator, tmp_path, scheme):
    third = "test" if scheme == "train_val_test" else "train"
    names = np.array(["train", "validation", third, "train", "Train"] * 30)
    validation = {"validation": {"shuffle": "column"}} if third == "test" else {}
    files = {"groups": write_columns(tmp_path / "splits.tsv", {"part": names})}
    tables = train(estimator, files=files, split={"shuffle": "column", "groups_selector": ALL_GROUPS}, **validation)
    assert tables["split"]["part"].tolist() == [name.lower() for name in names]
    evaluation = read_species()[names == ("test" if third == "test" else "validation")]
    assert tables["true"]["species"].tolist() == evaluation.tolist()


@pytest.mark.parametrize(
    "scheme, message",
    [
        ({}, "found test rows, which are not used; expected the scheme Train, Validate and Test"),
        (
            {"validation": {"shuffle": "simple"}},
            "found validation rows, which are not used; expected a validation holdout by the same column",
        ),
    ],
    ids=["test rows without a test holdout", "validation rows and a random validation holdout"],
)
def test_splits_of_a_column_that_the_scheme_would_ignore_are_refused(
    check_training_refusal, estimator, tmp_path, scheme, message
):
    files = {"groups": write_columns(tmp_path / "splits.tsv", {"part": ["train", "testing", "val"] * 50})}
    split = {"shuffle": "column", "groups_selector": ALL_GROUPS}
    assert message in check_training_refusal(estimator, files, split=split, **scheme)
