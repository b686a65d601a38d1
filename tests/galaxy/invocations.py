"""Run a workflow in Galaxy on test data."""

from pathlib import Path
from typing import Any

from bioblend.galaxy import GalaxyInstance

TEST_DATA = Path(__file__).resolve().parent.parent.parent / "test-data"
# In seconds: a workflow has about twenty uploads and jobs, and many jobs import TensorFlow.
RUN_TIMEOUT = 600


def run_workflow(
    galaxy: GalaxyInstance,
    workflow: dict[str, Any],
    files: dict[str, tuple[str, str]],
    parameters: dict[str, Any] | None = None,
    *,
    allow_corrections: bool = True,
) -> dict[str, list[str]]:
    """Run a workflow on test data and return the IDs of the created datasets by output name.

    Parameters
    ----------
    files
        Name and datatype of a test file for each input of the workflow.
    parameters
        Values of the other inputs of the workflow.
    allow_corrections
        If true, fields that a step lacks take their defaults, as in planemo.
    """
    workflow_id = galaxy.workflows.import_workflow_dict(workflow)["id"]
    history = galaxy.histories.create_history(workflow["name"])["id"]
    uploads = {
        label: galaxy.tools.upload_file(str(TEST_DATA / name), history, file_type=datatype, file_name=label)
        for label, (name, datatype) in files.items()
    }
    invocation = galaxy.workflows.invoke_workflow(
        workflow_id,
        inputs={
            **{label: {"src": "hda", "id": upload["outputs"][0]["id"]} for label, upload in uploads.items()},
            **(parameters or {}),
        },
        inputs_by="name",
        history_id=history,
        allow_tool_state_corrections=allow_corrections,
    )
    galaxy.invocations.wait_for_invocation(invocation["id"], maxwait=RUN_TIMEOUT)
    datasets = galaxy.histories.show_history(history, contents=True, deleted=False)
    for dataset in datasets:
        state = galaxy.datasets.wait_for_dataset(dataset["id"], maxwait=RUN_TIMEOUT, check=False)["state"]
        assert state == "ok", dataset["name"]
    outputs = _collect_outputs(galaxy, invocation["id"])
    assert {output["name"] for step in workflow["steps"].values() for output in step["outputs"]} <= outputs.keys()
    return outputs


def _collect_outputs(galaxy: GalaxyInstance, invocation_id: str) -> dict[str, list[str]]:
    """Return the IDs of the created datasets by output name, in the order of the steps."""
    found: dict[str, list[str]] = {}
    steps = galaxy.invocations.show_invocation(invocation_id)["steps"]
    for step in sorted(steps, key=lambda step: step["order_index"]):
        if step["job_id"]:
            for name, output in galaxy.jobs.show_job(step["job_id"])["outputs"].items():
                found.setdefault(name, []).append(output["id"])
    return found
