"""Run a workflow in Galaxy on test data."""

from pathlib import Path
from typing import Any

from bioblend.galaxy import GalaxyInstance

TEST_DATA = Path(__file__).resolve().parent.parent.parent / "test-data"
# Seconds; some twenty uploads and jobs, many of them with an import of TensorFlow
RUN_TIMEOUT = 600


def run_workflow(
    galaxy: GalaxyInstance,
    workflow: dict[str, Any],
    files: dict[str, tuple[str, str]],
    parameters: dict[str, Any] | None = None,
    *,
    allow_corrections: bool = True,
) -> dict[str, list[str]]:
    """Run a workflow on test data, and give the datasets that its jobs made by the names of the tools' outputs.

    Parameters
    ----------
    files
        Name and datatype of a test file by the workflow's inputs.
    parameters
        Values by the workflow's other inputs.
    allow_corrections
        As planemo does: fields that a step lacks take their defaults.
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
    """Give the datasets that the jobs made, in the order of the steps, by the names of the tools' outputs."""
    found: dict[str, list[str]] = {}
    steps = galaxy.invocations.show_invocation(invocation_id)["steps"]
    for step in sorted(steps, key=lambda step: step["order_index"]):
        if step["job_id"]:
            for name, output in galaxy.jobs.show_job(step["job_id"])["outputs"].items():
                found.setdefault(name, []).append(output["id"])
    return found
