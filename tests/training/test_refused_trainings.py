"""Trainings that are refused because of their form or their data."""

import pytest
from examples import refused_trainings
from examples.default_forms import OUTPUTS
from examples.training_forms import ExampleFile, list_files, train, with_target, without_files

REFUSALS = {
    **refused_trainings.SPLITS,
    **refused_trainings.TARGETS,
    **refused_trainings.INPUTS,
    **refused_trainings.SETTINGS,
    **refused_trainings.ROWS,
}


@pytest.mark.parametrize("reason", REFUSALS)
def test_a_training_is_refused_for_the_reason(check_refusal, reason):
    form = REFUSALS[reason]
    assert reason in check_refusal("keras_train_and_eval", without_files(form), **list_files(form), **OUTPUTS)


def test_another_zip_archive_is_refused(check_refusal):
    form = train(
        "binary", with_target({"selected_input": "sparse", "infile1": ExampleFile("iris_measures.mtx", "txt")})
    )
    files = {**list_files(form), "estimator": ExampleFile("foreign.zip").path}
    line = check_refusal("keras_train_and_eval", without_files(form), **files, **OUTPUTS)
    assert "estimator: found a zip archive of another kind; expected an estimator" in line
