"""Refused trainings in a running Galaxy, which hands text over as typed: the job says why and leaves nothing."""

from typing import Any

import pytest
from bioblend.galaxy import GalaxyInstance
from examples.refused_trainings import INPUTS, SPLITS
from examples.training_forms import Form
from examples.training_forms import TestFile as File
from invocations import RUN_TIMEOUT

TOOL = "keras_train_and_eval"
# Names with quotes, brackets, blanks and other letters, and a kind of input that is always refused.
REFUSALS = {
    "column": 'found no column named "größe\'s [mm] #1 | 2 %"',
    "group": "Validation holdout, group_names: found 'b [1] # | %'; expected one of 'a', 'b', 'c', 'd', 'e'",
    "sequences": "selected_input: found refseq_and_interval",
}


@pytest.mark.parametrize("reason", REFUSALS.values(), ids=REFUSALS.keys())
def test_training_is_refused_for_the_reason(galaxy, reason):
    history = galaxy.histories.create_history(f"{TOOL}: refused")["id"]
    form = _upload(galaxy, history, {**SPLITS, **INPUTS}[reason])
    job = galaxy.tools.run_tool(history, TOOL, form, input_format="21.01")["jobs"][0]["id"]
    assert galaxy.jobs.wait_for_job(job, maxwait=RUN_TIMEOUT, check=False)["state"] == "error"
    details = galaxy.jobs.show_job(job, full_details=True)
    assert reason in details["tool_stderr"]
    for name, output in details["outputs"].items():
        assert galaxy.datasets.show_dataset(output["id"])["file_size"] == 0, name


def _upload(galaxy: GalaxyInstance, history: str, form: Any) -> Form:
    """Return a form with a dataset for each test file."""
    if isinstance(form, dict):
        return {name: _upload(galaxy, history, value) for name, value in form.items()}
    if isinstance(form, list):
        return [_upload(galaxy, history, value) for value in form]
    if not isinstance(form, File):
        return form
    upload = galaxy.tools.upload_file(str(form.path), history, file_type=form.datatype, file_name=form.name)
    return {"src": "hda", "id": upload["outputs"][0]["id"]}
