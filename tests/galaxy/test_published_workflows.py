"""Workflows of both published revisions in a running Galaxy: upgrades keep all values, and the workflows run."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from invocations import run_workflow
from published_layers import make_layers
from published_plots import make_plots_1, make_plots_2
from published_workflows import INPUTS
from revision_1 import make_revision_1, make_tutorial
from revision_2 import make_revision_2, make_sparse_prediction

TEST_DATA = Path(__file__).resolve().parent.parent.parent / "test-data"
TUTORIALS = {"tutorial": make_tutorial, "revision 1": make_revision_1, "revision 2": make_revision_2}
PUBLISHED = {
    **TUTORIALS,
    "plots of revision 1": make_plots_1,
    "plots of revision 2": make_plots_2,
    "sparse matrix": make_sparse_prediction,
}
# These workflows are upgraded but not run: their layers do not fit each other, and some have never worked.
LAYERS = {version: lambda version=version: make_layers(version) for version in ("0.5.0", "1.0.11.2")}
MISSING_PARAMETER = "No value found for"


@dataclass(frozen=True)
class Upgraded:
    """A published workflow after Galaxy has upgraded it to the installed tools.

    Attributes
    ----------
    original
        The published workflow.
    id
        ID of the upgraded workflow.
    messages
        Messages of Galaxy about the changes.
    steps
        Exported steps of the upgraded workflow.
    """

    original: dict[str, Any]
    id: str
    messages: list[dict[str, Any]]
    steps: dict[str, dict[str, Any]]

    def tool_steps(self) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        """Yield each tool step as published and after the upgrade."""
        for number, step in self.original["steps"].items():
            if step["type"] == "tool":
                yield step, self.steps[number]


@pytest.fixture(scope="module", params=[*PUBLISHED.values(), *LAYERS.values()], ids=[*PUBLISHED, *LAYERS])
def original(request) -> dict[str, Any]:
    return request.param()


@pytest.fixture(scope="module")
def upgraded(galaxy, original) -> Upgraded:
    """Import and upgrade the workflow, like a user who opens and saves it in the workflow editor."""
    workflow_id = galaxy.workflows.import_workflow_dict(original)["id"]
    done = galaxy.workflows.refactor_workflow(workflow_id, actions=[{"action_type": "upgrade_all_steps"}])
    messages = [message for action in done["action_executions"] for message in action["messages"]]
    return Upgraded(original, workflow_id, messages, galaxy.workflows.export_workflow_dict(workflow_id)["steps"])


def _flatten(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the path and value of every parameter of a state, except Galaxy's internal keys."""
    if isinstance(value, dict) and "__class__" not in value:
        for key, item in value.items():
            if not key.startswith("__"):
                yield from _flatten(item, f"{path}|{key}" if path else key)
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for number, item in enumerate(value):
            yield from _flatten(item, f"{path}_{number}")
    else:
        yield path, value


def _normalize(value: Any) -> Any:
    """Map equivalent values to the same value: 2 and "2", False and "false", "" and None, notations of a dataset."""
    if isinstance(value, dict):
        return "dataset"
    if value in (None, ""):
        return None
    if isinstance(value, list):
        return [_normalize(item) for item in value]
    text = str(value).lower()
    try:
        return float(text)
    except ValueError:
        return text


def _read_state(step: dict[str, Any]) -> dict[str, Any]:
    return {path: _normalize(value) for path, value in _flatten(json.loads(step["tool_state"]))}


def test_every_step_uses_a_tool_of_the_suite(upgraded):
    assert {step["tool_version"] for _, step in upgraded.tool_steps()} == {"3.15.1+galaxy0"}


def test_no_value_is_lost(upgraded):
    for published, step in upgraded.tool_steps():
        expected, found = _read_state(published), _read_state(step)
        assert {path: found.get(path, "lost") for path in expected} == expected, step["tool_id"]


def test_no_connection_is_lost(upgraded):
    for published, step in upgraded.tool_steps():
        found, expected = (
            {name: (source["id"], source["output_name"]) for name, source in each["input_connections"].items()}
            for each in (step, published)
        )
        assert found == expected, step["tool_id"]


def test_galaxy_only_adds_parameters(upgraded):
    """Parameters that the revision lacks take their defaults; Galaxy does not correct or drop any value."""
    published = {step["id"]: _read_state(step) for step, _ in upgraded.tool_steps()}
    for message in upgraded.messages:
        assert message["message_type"] == "tool_state_adjustment", message
        assert message["message"].startswith(MISSING_PARAMETER), message
        assert message["input_name"] not in published[message["order_index"]], message


@pytest.mark.parametrize("original", PUBLISHED.values(), ids=PUBLISHED.keys(), indirect=True, scope="module")
def test_an_upgraded_workflow_is_ready_to_run(galaxy, upgraded):
    history = galaxy.histories.create_history("Run form")["id"]
    options = {"style": "run", "history_id": history}
    run_form = galaxy.make_get_request(f"{galaxy.url}/workflows/{upgraded.id}/download", params=options).json()
    assert not run_form["has_upgrade_messages"]
    assert not run_form["step_version_changes"]
    assert [step["step_name"] for step in run_form["steps"] if step.get("errors")] == []


@pytest.mark.parametrize("make", TUTORIALS.values(), ids=TUTORIALS.keys())
def test_a_published_workflow_runs_unchanged(galaxy, make):
    outputs = run_workflow(galaxy, make(), {label: (f"reviews_{label}.tsv", "tabular") for label in INPUTS})
    true = (TEST_DATA / "reviews_y_test.tsv").read_text().split()
    predicted = galaxy.datasets.download_dataset(outputs["outfile_predict"][0]).decode().split()
    assert predicted[0] == "Predicted"
    n_correct = sum(label == prediction for label, prediction in zip(true, predicted[1:], strict=True))
    assert n_correct / len(true) >= 0.9
