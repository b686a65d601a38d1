"""The training's refusals in a running Galaxy: the job fails and says why, and leaves nothing half-written."""

from typing import Any

import pytest
import refused_trainings
from bioblend.galaxy import GalaxyInstance
from invocations import RUN_TIMEOUT, TEST_DATA
from training_forms import Form, TestFile

TOOL = "keras_train_and_eval"


@pytest.mark.parametrize("kind", ["SPLITS", "TARGETS", "INPUTS", "SETTINGS"])
def test_training_is_refused_for_the_reason(galaxy, kind):
    refusals = getattr(refused_trainings, kind)
    history = galaxy.histories.create_history(f"{TOOL}: {kind}")["id"]
    files: dict[TestFile, dict[str, str]] = {}
    # All are sent before the first is waited for, so that Galaxy always has a next one.
    jobs = {
        reason: galaxy.tools.run_tool(history, TOOL, _upload(galaxy, history, form, files), input_format="21.01")
        for reason, form in refusals.items()
    }
    said = {reason: _wait(galaxy, job["jobs"][0]["id"]) for reason, job in jobs.items()}
    assert {reason: text for reason, text in said.items() if reason not in text} == {}


def _upload(galaxy: GalaxyInstance, history: str, form: Any, files: dict[TestFile, dict[str, str]]) -> Form:
    """Give a form with a dataset for each test file, uploaded once."""
    if isinstance(form, dict):
        return {name: _upload(galaxy, history, value, files) for name, value in form.items()}
    if isinstance(form, list):
        return [_upload(galaxy, history, value, files) for value in form]
    if not isinstance(form, TestFile):
        return form
    if form not in files:
        path = str(TEST_DATA / form.name)
        upload = galaxy.tools.upload_file(path, history, file_type=form.datatype, file_name=form.name)
        files[form] = {"src": "hda", "id": upload["outputs"][0]["id"]}
    return files[form]


def _wait(galaxy: GalaxyInstance, job: str) -> str:
    """Wait for a job that is to fail, and give what it says; its outputs must be empty."""
    assert galaxy.jobs.wait_for_job(job, maxwait=RUN_TIMEOUT, check=False)["state"] == "error"
    details = galaxy.jobs.show_job(job, full_details=True)
    for name, output in details["outputs"].items():
        assert galaxy.datasets.show_dataset(output["id"])["file_size"] == 0, (name, details["tool_stderr"])
    return details["tool_stderr"]
