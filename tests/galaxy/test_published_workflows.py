"""Workflows of both published revisions in a running Galaxy: nothing is lost at import, and they run as they are.

The server's address and key come from the environment variables GALAXY_URL and GALAXY_API_KEY.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bioblend.galaxy import GalaxyInstance
from published_workflows import INPUTS, make_revision_1, make_revision_2

TEST_DATA = Path(__file__).resolve().parent.parent.parent / "test-data"
# Seconds; six uploads and five jobs, most of them with an import of TensorFlow
RUN_TIMEOUT = 600
REVISIONS = {"revision 1": make_revision_1, "revision 2": make_revision_2}


@pytest.fixture(scope="module")
def galaxy() -> GalaxyInstance:
    return GalaxyInstance(os.environ["GALAXY_URL"], os.environ["GALAXY_API_KEY"])


@pytest.fixture(scope="module", params=REVISIONS.values(), ids=REVISIONS.keys())
def imported(request, galaxy) -> tuple[dict[str, Any], str]:
    """The workflow as it was published, and the identifier of the one that Galaxy made of it."""
    original = request.param()
    return original, galaxy.workflows.import_workflow_dict(original)["id"]


def _flatten(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Give every value of a state with its path, but for what Galaxy keeps for itself."""
    if isinstance(value, dict) and "__class__" not in value:
        for key, item in value.items():
            if not key.startswith("__"):
                yield from _flatten(item, f"{path}|{key}")
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for number, item in enumerate(value):
            yield from _flatten(item, f"{path}_{number}")
    else:
        yield path, value


def _normalise(value: Any) -> Any:
    """Make values equal that mean the same: 2 and "2", False and "false", blank and None."""
    if isinstance(value, dict):
        return value["__class__"]
    if value in (None, ""):
        return None
    if isinstance(value, list):
        return [_normalise(item) for item in value]
    text = str(value).lower()
    try:
        return float(text)
    except ValueError:
        return text


def test_no_value_is_lost(galaxy, imported):
    original, workflow_id = imported
    kept = galaxy.workflows.export_workflow_dict(workflow_id)["steps"]
    for number, step in original["steps"].items():
        if step["type"] != "tool":
            continue
        found = dict(_flatten(json.loads(kept[number]["tool_state"])))
        expected = dict(_flatten(json.loads(step["tool_state"])))
        lost = {path for path in expected if path not in found}
        assert not lost, f"{step['tool_id']}: {lost}"
        changed = {p: (v, found[p]) for p, v in expected.items() if _normalise(v) != _normalise(found[p])}
        assert not changed, f"{step['tool_id']}: {changed}"


def test_no_connection_is_lost(galaxy, imported):
    original, workflow_id = imported
    kept = galaxy.workflows.export_workflow_dict(workflow_id)["steps"]
    for number, step in original["steps"].items():
        found = {
            name: (source["id"], source["output_name"]) for name, source in kept[number]["input_connections"].items()
        }
        expected = {name: (source["id"], source["output_name"]) for name, source in step["input_connections"].items()}
        assert found == expected, step["tool_id"]


def test_galaxy_corrects_no_value(galaxy, imported):
    """Galaxy names parameters that the revision did not have and takes their defaults; it has nothing else to say."""
    original, workflow_id = imported
    history = galaxy.histories.create_history("Run form")["id"]
    options = {"style": "run", "history_id": history}
    run_form = galaxy.make_get_request(f"{galaxy.url}/workflows/{workflow_id}/download", params=options).json()
    for step in run_form["steps"]:
        state = json.loads(original["steps"][str(step["step_index"])]["tool_state"])
        present = {path.lstrip("|") for path, _ in _flatten(state)}
        for path, message in (step.get("messages") or {}).items():
            assert message.startswith("No value found for"), (step["step_name"], path, message)
            assert path not in present, (step["step_name"], path, message)


def test_it_runs_as_it_is(galaxy, imported):
    history = galaxy.histories.create_history("Published workflow")["id"]
    uploads = {
        label: galaxy.tools.upload_file(
            str(TEST_DATA / f"reviews_{label}.tsv"), history, file_type="tabular", file_name=label
        )["outputs"][0]["id"]
        for label in INPUTS
    }
    invocation = galaxy.workflows.invoke_workflow(
        imported[1],
        inputs={label: {"src": "hda", "id": dataset} for label, dataset in uploads.items()},
        inputs_by="name",
        history_id=history,
        # As the web UI does: parameters that a revision did not have take their defaults.
        allow_tool_state_corrections=True,
    )
    galaxy.invocations.wait_for_invocation(invocation["id"], maxwait=RUN_TIMEOUT)
    datasets = galaxy.histories.show_history(history, contents=True, deleted=False)
    for dataset in datasets:
        state = galaxy.datasets.wait_for_dataset(dataset["id"], maxwait=RUN_TIMEOUT, check=False)["state"]
        assert state == "ok", dataset["name"]
    outputs = _collect_outputs(galaxy, invocation["id"])
    assert {"outfile", "outfile_result", "outfile_object", "outfile_predict", "output"} <= outputs.keys()
    true = (TEST_DATA / "reviews_y_test.tsv").read_text().split()
    predicted = galaxy.datasets.download_dataset(outputs["outfile_predict"]).decode().split()
    assert predicted[0] == "Predicted"
    right = sum(left == right for left, right in zip(true, predicted[1:], strict=True))
    assert right / len(true) >= 0.9


def _collect_outputs(galaxy: GalaxyInstance, invocation_id: str) -> dict[str, str]:
    """Give the datasets that the jobs made, by the names of the tools' outputs."""
    found = {}
    for step in galaxy.invocations.show_invocation(invocation_id)["steps"]:
        if step["job_id"]:
            job = galaxy.jobs.show_job(step["job_id"])
            found.update({name: output["id"] for name, output in job["outputs"].items()})
    return found
