"""The log and the errors of a training, in this process and in separate ones as Galaxy starts them."""

import os
import re
import subprocess
import sys

import pandas as pd
import pytest
from examples.default_forms import training_form
from examples.scripts import ROOT
from examples.trainings import FOLDS, MEASURES, ONE_HOT, SPECIES, TOOL

from galaxy_keras.catalog.optimizers import make_optimizer
from galaxy_keras.estimator.contents import FitParameters

ONE_EPOCH = FitParameters(epochs=1)
ERROR = "Error: Training samples dataset: found column number 9; expected a number from 1 to 4\n"


@pytest.fixture
def run_script_file(write_form, tmp_path):
    """Run the script as Galaxy does, with standard output in a file, and return exit code, output and error."""

    def run(form, estimator):
        with (tmp_path / "stdout").open("w") as out:
            options = _list_options(write_form(form), estimator, tmp_path / "result")
            command = [sys.executable, ROOT / "tools" / TOOL / f"{TOOL}.py", *options]
            done = subprocess.run(command, stdout=out, stderr=subprocess.PIPE, text=True, check=False)
        return done.returncode, (tmp_path / "stdout").read_text(), done.stderr

    return run


def _list_options(inputs, estimator, result):
    files = {"inputs": inputs, "estimator": estimator, "features": MEASURES, "target": SPECIES}
    return [str(part) for name, value in {**files, "outfile-result": result}.items() for part in (f"--{name}", value)]


def test_the_log_has_versions_data_and_one_line_per_epoch(default_training):
    lines = default_training.log.splitlines()
    # Only if the log is a file, the scores become its first line.
    assert lines.pop().startswith("Scores of the 30 validation rows: loss ")
    assert lines[0].startswith("Keras 3.")
    assert lines[1] == "Data: 150 rows, 4 columns; target: 3 classes"
    assert lines[2] == "Rows: 120 train, 30 validate, 30 evaluate (the validation rows)"
    pattern = r"Epoch \d/3: accuracy \S+  loss \S+  val_accuracy \S+  val_loss \S+  \(\d+\.\d s"
    # The first epoch includes Keras' compilation, so it does not predict the time of the others.
    assert re.fullmatch(pattern + r"\)", lines[3])
    assert all(re.fullmatch(pattern + r", \d+ s left\)", line) for line in lines[4:6])
    assert lines[5].endswith(", 0 s left)")
    assert re.fullmatch(r"Peak memory: [\d,]+ MB", lines[-1])


def test_the_scores_come_first_in_the_log_of_a_job_that_succeeds(run_script_file, make_estimator, tmp_path):
    code, out, err = run_script_file(training_form(), make_estimator())
    assert (code, err) == (0, "")
    lines = out.splitlines()
    result = pd.read_csv(tmp_path / "result", sep="\t").iloc[0]
    assert lines[0] == f"Scores of the 30 validation rows: loss {result['loss']:.4g}  accuracy {result['accuracy']:.4g}"
    assert [line.split(" ")[0] for line in lines[1:]] == ["Keras", "Data:", "Rows:", *["Epoch"] * 3, "Peak"]


def test_the_mean_scores_come_first_in_the_log_of_a_cross_validation(run_script_file, make_estimator, tmp_path):
    form = training_form(folds={**FOLDS, "n_splits": 2, "refit": False})
    code, out, err = run_script_file(form, make_estimator(fit=ONE_EPOCH))
    assert (code, err) == (0, "")
    mean = pd.read_csv(tmp_path / "result", sep="\t").set_index("fold")["loss"]["mean"]
    assert out.startswith(f"loss: mean {mean:.4g}, standard deviation ")


def test_the_error_is_within_what_galaxy_shows_of_a_job_that_fails(run_script_file, make_estimator):
    """With this learning rate the loss overflows after some epochs. Galaxy shows 255 characters."""
    optimizer = make_optimizer("SGD", {"learning_rate": 1e30})
    estimator = make_estimator(loss=ONE_HOT, optimizer=optimizer, fit=FitParameters(epochs=50, batch_size=16))
    code, out, err = run_script_file(training_form(), estimator)
    assert code == 1
    assert err.startswith("Error: epoch ")
    assert "clipnorm=1" in (out + err)[:255]


def test_the_script_reports_a_mistake_in_one_line(run_script_file, make_estimator, tmp_path):
    form = training_form(columns1=("by_index_number", [9]))
    code, _, err = run_script_file(form, make_estimator())
    assert (code, err) == (1, ERROR)
    assert not (tmp_path / "result").exists()


def test_the_script_uses_as_many_threads_as_slots_and_leaves_no_files_in_the_working_folder(
    write_form, make_estimator, tmp_path
):
    """TensorFlow has two pools with one thread per slot; without a limit, one thread per core."""
    code = "import os; import keras_train_and_eval as script; script.main(); print(len(os.listdir('/proc/self/task')))"
    arguments = _list_options(write_form(training_form()), make_estimator(fit=ONE_EPOCH), tmp_path / "result")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("TF_", "OMP_"))}
    environment["PYTHONPATH"] = str(ROOT / "tools" / TOOL)
    (folder := tmp_path / "working").mkdir()
    counts = []
    for slots in ("1", "4"):
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments],
            cwd=folder,
            env={**environment, "GALAXY_SLOTS": slots},
            capture_output=True,
            text=True,
            check=True,
        )
        counts.append(int(done.stdout.splitlines()[-1]))
    assert counts[1] - counts[0] == 2 * 3
    assert list(folder.iterdir()) == []


def test_a_mistake_in_the_data_is_found_before_keras_is_imported(write_form, make_estimator, tmp_path):
    """The import takes three times as long as everything else."""
    code = (
        "import sys; import keras_train_and_eval as script; from galaxy_keras.errors import run_script; "
        "run_script(script.main); print({'keras', 'tensorflow'} & set(sys.modules))"
    )
    form = write_form(training_form(split={"shuffle": "stratified", "test_size": 2}))
    arguments = _list_options(form, make_estimator(), tmp_path / "result")
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=ROOT / "tools" / TOOL, capture_output=True, text=True, check=True
    )
    assert "Validation holdout: The test_size = 2 should be greater" in done.stderr
    assert done.stdout == "set()\n"
