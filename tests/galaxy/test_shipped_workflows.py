"""The workflows of the repository in a running Galaxy: users can run them from the browser unchanged."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from bioblend.galaxy import GalaxyInstance
from invocations import run_workflow

WORKFLOWS = sorted((Path(__file__).resolve().parent.parent.parent / "workflows").glob("*/*.ga"))
INPUTS = ("data_input", "data_collection_input", "parameter_input")
UPGRADE = "python3 -m dev workflows"


@pytest.fixture(params=WORKFLOWS, ids=[path.stem for path in WORKFLOWS])
def path(request) -> Path:
    return request.param


@pytest.fixture
def workflow(path) -> dict[str, Any]:
    return json.loads(path.read_text())


@pytest.fixture
def download(galaxy, workflow):
    """Import the workflow and return a function that downloads it in the style of a page of the web UI."""
    workflow_id = galaxy.workflows.import_workflow_dict(workflow)["id"]
    history = galaxy.histories.create_history("Run form")["id"]

    def get(style: str) -> dict[str, Any]:
        options = {"style": style, "history_id": history}
        return galaxy.make_get_request(f"{galaxy.url}/workflows/{workflow_id}/download", params=options).json()

    return get


def test_the_run_page_shows_a_form(download, workflow):
    """If there is any message, the web UI shows a link to the workflow editor instead of the form."""
    page = download("run")
    messages = {step["step_name"]: step["messages"] for step in page["steps"] if step.get("messages")}
    assert messages == {}, f"run `{UPGRADE}` to add the missing fields"
    assert not page["has_upgrade_messages"]
    assert page["step_version_changes"] == []
    assert [step["step_name"] for step in page["steps"] if step.get("errors")] == []
    asked = {step["step_label"]: step["inputs"] for step in page["steps"] if step["step_type"] in INPUTS}
    assert list(asked) == [step["label"] for step in workflow["steps"].values() if step["type"] in INPUTS]
    assert all(asked.values())


def test_every_connection_is_valid(download):
    """If a connection is invalid, the editor marks it and the run page asks for the field instead."""
    steps = download("editor")["steps"]
    for step in steps.values():
        inputs = {field["name"]: field for field in step["inputs"]}
        for name, sources in step["input_connections"].items():
            for source in sources if isinstance(sources, list) else [sources]:
                outputs = steps[str(source["id"])]["outputs"]
                output = next(output for output in outputs if output["name"] == source["output_name"])
                assert _find_fault(output, inputs[name]) is None, (step["label"], name)


def _find_fault(output: dict[str, Any], field: dict[str, Any]) -> str | None:
    """Return the reason why an output cannot be connected to an input, or None."""
    if output["optional"] and not field["optional"]:
        return "an optional output is connected to a required input"
    if output.get("parameter"):
        return None if output["type"] == field["type"] else f"{output['type']} is connected to {field['type']}"
    if field["input_type"] != "dataset":
        return f"a dataset is connected to {field['input_type']}"
    common = set(output["extensions"]) & set(field["extensions"])
    return None if common else f"{output['extensions']} is connected to {field['extensions']}"


def test_it_runs_without_corrections(galaxy: GalaxyInstance, workflow, path):
    """The API refuses workflows with missing fields; planemo does not notice, because it allows corrections."""
    files, parameters = {}, {}
    for label, value in yaml.safe_load(next(path.parent.glob("small-*-job.yml")).read_text()).items():
        if isinstance(value, dict):
            files[label] = (Path(value["path"]).name, value["filetype"])
        else:
            parameters[label] = value
    run_workflow(galaxy, workflow, files, parameters, allow_corrections=False)
