"""Tables of measures: what is a number, what is missing, what is refused."""

import numpy as np
import pytest

from galaxy_keras.errors import InputError
from galaxy_keras.plots import measure_tables


@pytest.fixture
def read(tmp_path):
    """Read a table of measures from its text."""
    module = measure_tables

    def read(content: str | bytes, *needed: str, text: tuple[str, ...] = ()):
        path = tmp_path / "table.dat"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return module.read_measures(path, "history", needed, text)

    return read


def test_missing_numbers_are_kept_as_missing(read):
    table = read("epoch\tloss\n1\t0.5\n2\t\n3\tnan\n4\tinf\n")
    np.testing.assert_array_equal(table["loss"], [0.5, np.nan, np.nan, np.nan])


def test_text_columns_stay_text(read):
    table = read("feature\timportance\n007\t1\nnan\t2\n", "feature", "importance", text=("feature",))
    assert table["feature"].tolist() == ["007", "nan"]


@pytest.mark.parametrize(
    "content, message",
    [
        pytest.param("", "history: found an empty table", id="empty"),
        pytest.param("epoch\tloss\n", "history: found a header and no rows", id="no rows"),
        pytest.param(
            "epoch\n1\n", "history: the column 'loss' is missing; expected the columns epoch, loss", id="column"
        ),
        pytest.param("epoch\tloss\n1\tlow\n", "history, row 2, column loss: found 'low'; expected a number", id="text"),
        pytest.param("epoch\tloss\n1\t2\t3\n", "history, row 2: found 3 columns; expected 2", id="long row"),
        pytest.param("epoch\tloss\n1\t2\n3\n", "history, row 3: found 1 columns; expected 2", id="short row"),
        pytest.param(b"epoch\tloss\n1\t\xff\n", "history: found bytes that are not UTF-8 text", id="bytes"),
    ],
)
def test_other_tables_are_refused(read, content, message):
    with pytest.raises(InputError, match=message):
        read(content, "epoch", "loss")
