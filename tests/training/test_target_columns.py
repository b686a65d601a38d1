"""Features and target from one table: which columns the network reads."""

import pytest
from conftest import TEST_DATA
from examples.default_forms import OUTPUTS, training_form

from galaxy_keras.data.tables import TableSource
from galaxy_keras.errors import InputError, TableError
from galaxy_keras.forms.column_choices import ColumnChoice, JoinedColumns
from galaxy_keras.forms.sample_choices import SampleChoice
from training.targets import target_columns

FLOWERS = TEST_DATA / "iris_flowers.tabular"


@pytest.fixture
def choose(tmp_path):
    """Choose features and target columns of one table, and give the features that are left."""
    module = target_columns
    path = tmp_path / "t.tsv"
    path.write_text("a\tb\tc\n1\t2\t3\n")

    def run(features, target, task="classification", kind="one_table"):
        samples = SampleChoice(kind, TableSource(path, "table", True, features))
        aims = TableSource(path, "target", True, target)
        return module.leave_out_target(samples, aims, task).source.columns.positions(3, ["a", "b", "c"], "table")

    return run


LAST = ColumnChoice("by_index_number", numbers=(3,))


@pytest.mark.parametrize(
    "features",
    [
        ColumnChoice(),
        ColumnChoice("all_but_by_index_number", numbers=(1,)),
        ColumnChoice("all_but_by_header_name", names="a"),
    ],
    ids=["all", "all but a number", "all but a name"],
)
@pytest.mark.parametrize("task", ["classification", "regression"])
def test_columns_of_the_target_are_left_out_and_named(choose, capsys, features, task):
    expected = [0, 1] if features == ColumnChoice() else [1]
    assert choose(features, LAST, task) == expected
    assert capsys.readouterr().out == "table: left out as columns of the target: column 3 (c)\n"


NAMED = [ColumnChoice("by_index_number", numbers=(1, 3)), ColumnChoice("by_header_name", names="c,a")]
NAMED += [JoinedColumns((ColumnChoice("by_index_number", numbers=(1,)), LAST))]


@pytest.mark.parametrize("features", NAMED, ids=["number", "name", "several inputs"])
def test_classes_that_were_chosen_as_features_are_refused(choose, features):
    with pytest.raises(InputError, match=r"table: found columns of the target among the features: column 3 \(c\)"):
        choose(features, LAST)


@pytest.mark.parametrize("features", NAMED, ids=["number", "name", "several inputs"])
def test_real_numbers_that_were_chosen_as_features_stay_and_are_named(choose, capsys, features):
    assert set(choose(features, LAST, "regression")) == {0, 2}
    assert capsys.readouterr().out == "table: the network reads columns of the target: column 3 (c)\n"


def test_an_autoencoder_reads_all_that_it_learns(choose):
    assert choose(ColumnChoice(), ColumnChoice(), "regression") == [0, 1, 2]
    with pytest.raises(InputError, match="among the features"):
        choose(ColumnChoice(), ColumnChoice())


def test_other_columns_are_silent(choose, capsys):
    assert choose(ColumnChoice("by_index_number", numbers=(2, 1)), LAST) == [1, 0]
    assert capsys.readouterr().out == ""


def test_all_columns_of_one_table_train_without_the_target(run_tool, tmp_path, capsys):
    form = training_form(kind="one_table", columns2=("by_header_name", "species"), overrides=[("epochs", "1")])
    files = {"estimator": TEST_DATA / "species_estimator.zip", "features": FLOWERS, "target": FLOWERS}
    assert run_tool("keras_train_and_eval", form, **files, **OUTPUTS) == 0
    said = capsys.readouterr().out
    assert "Training samples dataset: left out as columns of the target: column 5 (species)" in said
    assert "Data: 150 rows, 4 columns; target: 3 classes" in said


def test_a_missing_column_is_still_named(choose):
    with pytest.raises(TableError, match="found column number 9"):
        choose(ColumnChoice(), ColumnChoice("by_index_number", numbers=(9,)))
