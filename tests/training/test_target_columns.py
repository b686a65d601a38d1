"""Features and target in one table: which columns are features."""

import pytest
from examples.default_forms import OUTPUTS, training_form
from examples.scripts import TEST_DATA

from galaxy_keras.data.tables import TableSource
from galaxy_keras.errors import InputError, TableError
from galaxy_keras.forms.column_choices import ColumnChoice, JoinedColumns
from galaxy_keras.forms.sample_choices import SampleChoice
from training.targets import target_columns

FLOWERS = TEST_DATA / "iris_flowers.tabular"


@pytest.fixture
def choose(tmp_path):
    """Return the positions of the feature columns for a choice of features and target."""
    path = tmp_path / "t.tsv"
    path.write_text("a\tb\tc\n1\t2\t3\n")

    def run(features, target, task="classification", kind="one_table"):
        samples = SampleChoice(kind, TableSource(path, "table", True, features))
        targets = TableSource(path, "target", True, target)
        return target_columns.leave_out_target(samples, targets, task).source.columns.positions(
            3, ["a", "b", "c"], "table"
        )

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
def test_target_columns_are_left_out_and_logged(choose, capsys, features, task):
    expected = [0, 1] if features == ColumnChoice() else [1]
    assert choose(features, LAST, task) == expected
    assert capsys.readouterr().out == "table: the features do not include the target columns: column 3 (c)\n"


NAMED = [ColumnChoice("by_index_number", numbers=(1, 3)), ColumnChoice("by_header_name", names="c,a")]
NAMED += [JoinedColumns((ColumnChoice("by_index_number", numbers=(1,)), LAST))]


@pytest.mark.parametrize("features", NAMED, ids=["number", "name", "several inputs"])
def test_classes_selected_as_features_are_refused(choose, features):
    with pytest.raises(InputError, match=r"table: found target columns among the features: column 3 \(c\)"):
        choose(features, LAST)


@pytest.mark.parametrize("features", NAMED, ids=["number", "name", "several inputs"])
def test_real_numbers_selected_as_features_remain_and_are_logged(choose, capsys, features):
    assert set(choose(features, LAST, "regression")) == {0, 2}
    assert capsys.readouterr().out == "table: the features include target columns: column 3 (c)\n"


def test_an_autoencoder_has_all_columns_as_features_and_target(choose):
    assert choose(ColumnChoice(), ColumnChoice(), "regression") == [0, 1, 2]
    with pytest.raises(InputError, match="among the features"):
        choose(ColumnChoice(), ColumnChoice())


def test_features_without_target_columns_are_not_logged(choose, capsys):
    assert choose(ColumnChoice("by_index_number", numbers=(2, 1)), LAST) == [1, 0]
    assert capsys.readouterr().out == ""


def test_all_columns_of_one_table_are_features_except_the_target(run_tool, tmp_path, capsys):
    form = training_form(kind="one_table", columns2=("by_header_name", "species"), overrides=[("epochs", "1")])
    files = {"estimator": TEST_DATA / "species_estimator.zip", "features": FLOWERS, "target": FLOWERS}
    assert run_tool("keras_train_and_eval", form, **files, **OUTPUTS) == 0
    log = capsys.readouterr().out
    assert "Training samples dataset: the features do not include the target columns: column 5 (species)" in log
    assert "Data: 150 rows, 4 columns; target: 3 classes" in log


def test_a_missing_target_column_is_refused(choose):
    with pytest.raises(TableError, match="found column number 9"):
        choose(ColumnChoice(), ColumnChoice("by_index_number", numbers=(9,)))
