"""Refused trainings in a running Galaxy: special characters reach the script unchanged, and all outputs are empty.

The unit tests check every refusal. These tests run only those that quote text with special characters.
"""

from typing import Any

import pytest
from bioblend.galaxy import GalaxyInstance
from examples.refused_trainings import INPUTS, SPLITS
from examples.training_forms import ExampleFile, Form
from invocations import RUN_TIMEOUT

TOOL = "keras_train_and_eval"
# A column name and a group name with quotes, brackets, spaces and umlauts
REFUSALS = {reason: form for reason, form in {**SPLITS, **INPUTS}.items() if "#" in reason}


def test_two_refusals_quote_special_characters():
    assert len(REFUSALS) == 2


@pytest.mark.parametrize("reason", REFUSALS)
def test_a_refused_training_reports_the_reason_and_writes_no_output(galaxy, reason):
    history = galaxy.histories.create_history(f"{TOOL}: refused")["id"]
    form = _upload(galaxy, history, REFUSALS[reason])
    job = galaxy.tools.run_tool(history, TOOL, form, input_format="21.01")["jobs"][0]["id"]
    assert galaxy.jobs.wait_for_job(job, maxwait=RUN_TIMEOUT, check=False)["state"] == "error"
    details = galaxy.jobs.show_job(job, full_details=True)
    assert reason in details["tool_stderr"]
    for name, output in details["outputs"].items():
        assert galaxy.datasets.show_dataset(output["id"])["file_size"] == 0, name


def _upload(galaxy: GalaxyInstance, history: str, form: Any) -> Form:
    """Upload the test files of a form and return the form with the datasets."""
    if isinstance(form, dict):
        return {name: _upload(galaxy, history, value) for name, value in form.items()}
    if isinstance(form, list):
        return [_upload(galaxy, history, value) for value in form]
    if not isinstance(form, ExampleFile):
        return form
    upload = galaxy.tools.upload_file(str(form.path), history, file_type=form.datatype, file_name=form.name)
    return {"src": "hda", "id": upload["outputs"][0]["id"]}
