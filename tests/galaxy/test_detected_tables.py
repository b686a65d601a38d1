"""Uploads with automatic datatype detection: one-column tables are detected as txt and can be selected as labels."""

from typing import Any

import pytest
from invocations import RUN_TIMEOUT, TEST_DATA

# Tool, values that select the branch, and name of the field for a table of labels
FIELDS = {
    "target": ("keras_train_and_eval", {}, "infile2"),
    "text": ("keras_train_and_eval", {"input_options|selected_input": "text"}, "infile1"),
    "groups": (
        "keras_train_and_eval",
        {"experiment_schemes|test_split|split_algos|shuffle": "group"},
        "infile_g",
    ),
    "true labels": (
        "ml_visualization_ex",
        {"plotting_selection|plot_type": "classification_confusion_matrix"},
        "infile_true",
    ),
    "identifiers": ("model_prediction", {"input_options|selected_input": "sparse"}, "infile_ids"),
}


@pytest.fixture(scope="module")
def history(galaxy) -> str:
    return galaxy.histories.create_history("Detected tables")["id"]


@pytest.fixture(scope="module")
def labels(galaxy, history) -> str:
    upload = galaxy.tools.upload_file(str(TEST_DATA / "iris_species.tabular"), history, file_type="auto")
    dataset = galaxy.datasets.wait_for_dataset(upload["outputs"][0]["id"], maxwait=RUN_TIMEOUT)
    assert dataset["extension"] == "txt"
    return dataset["id"]


@pytest.mark.parametrize("tool, values, name", FIELDS.values(), ids=FIELDS.keys())
def test_a_one_column_table_can_be_selected(galaxy, history, labels, tool, values, name):
    payload = {"inputs": values, "history_id": history}
    form = galaxy.make_post_request(f"{galaxy.url}/tools/{tool}/build", payload=payload)
    field = next(field for field in _walk(form["inputs"]) if field["name"] == name)
    assert labels in [dataset["id"] for dataset in field["options"]["hda"]]


def _walk(fields: list[dict[str, Any]]):
    """Yield the fields of the selected branches."""
    for field in fields:
        if field["type"] == "conditional":
            chosen = field["test_param"]["value"]
            yield from _walk(next(case["inputs"] for case in field["cases"] if case["value"] == chosen))
        elif field["type"] == "section":
            yield from _walk(field["inputs"])
        else:
            yield field
