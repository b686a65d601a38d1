"""The training's refusals, each by its form: one sentence with the place and the reason, and no output."""

import pytest
from examples import refused_trainings
from examples.default_forms import OUTPUTS
from examples.training_forms import list_files, train, with_target, without_files
from examples.training_forms import TestFile as File

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


def test_another_archive_is_no_estimator(check_refusal):
    form = train("binary", with_target({"selected_input": "sparse", "infile1": File("iris_measures.mtx", "txt")}))
    files = {**list_files(form), "estimator": File("foreign.zip").path}
    said = check_refusal("keras_train_and_eval", without_files(form), **files, **OUTPUTS)
    assert "estimator: found a zip archive of another kind; expected an estimator" in said
