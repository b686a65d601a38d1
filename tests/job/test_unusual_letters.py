"""With labels in any script, a successful job writes nothing to standard error."""

import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest
from examples.scripts import ROOT, TEST_DATA
from examples.tools import EXAMPLES

from galaxy_keras.catalog.callbacks import read_callback
from galaxy_keras.estimator.file import read_estimator, write_estimator

NAMES = {"setosa": "漢字 😀", "versicolor": "ä & <b> $x$", "virginica": "עברית \u200d नमस्ते"}


@pytest.fixture
def run_with_names(tmp_path):
    """Return a function that runs the example of a tool with other labels in a new process, and returns its output."""

    def run(tool, changes=None, **files):
        form, inputs, outputs = EXAMPLES[tool]
        form = {**form, **(changes or {})}
        (tmp_path / "inputs.json").write_text(json.dumps(form))
        renamed = {}
        for option, path in inputs.items():
            renamed[option] = path
            if path.suffix == ".tabular":
                text = path.read_text()
                for old, new in NAMES.items():
                    text = text.replace(old, new)
                renamed[option] = tmp_path / option
                renamed[option].write_text(text, encoding="utf-8")
        out = {option: tmp_path / name for option, name in outputs.items()}
        arguments = {"inputs": tmp_path / "inputs.json", **renamed, **out, **files}
        options = [f"--{option.replace('_', '-')}={path}" for option, path in arguments.items()]
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("TF_", "MPL", "XDG", "PYTHONWARNINGS"))}
        done = subprocess.run(
            [sys.executable, ROOT / "tools" / tool / f"{tool}.py", *options],
            env={**kept, "HOME": str(tmp_path)},
            capture_output=True,
            check=False,
        )
        assert (done.returncode, done.stderr.decode()) == (0, ""), done.stderr.decode()
        return done.stdout.decode()

    return run


def test_training_and_prediction_write_no_errors(run_with_names, tmp_path):
    run_with_names("keras_train_and_eval")
    run_with_names("model_prediction", estimator=tmp_path / "fitted.zip", weights=tmp_path / "weights.h5")
    assert set((tmp_path / "predicted").read_text(encoding="utf-8").splitlines()[1:]) <= set(NAMES.values())
    # The callbacks of the estimator restore the weights of the best epoch.
    estimator = read_estimator(TEST_DATA / "species_estimator.zip")
    best = [read_callback("ModelCheckpoint", {"monitor": "loss"})]
    write_estimator(tmp_path / "best.zip", replace(estimator, fit=replace(estimator.fit, callbacks=best)))
    run_with_names("keras_train_and_eval", estimator=tmp_path / "best.zip")


@pytest.mark.parametrize("image_format", ["png", "svg", "pdf", "html"])
def test_a_plot_writes_no_errors_and_logs_missing_characters(run_with_names, image_format):
    selection = EXAMPLES["ml_visualization_ex"][0]["plotting_selection"] | {"plot_format": image_format, "title": "表"}
    said = run_with_names("ml_visualization_ex", {"plotting_selection": selection})
    (line,) = (line for line in said.splitlines() if line.startswith("Images show boxes for characters"))
    assert set("表漢字") <= set(line)
    assert "ä" not in line and "ע" not in line
