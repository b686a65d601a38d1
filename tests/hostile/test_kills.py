"""Jobs that are ended at any time leave complete outputs or none."""

import json
import random
import signal

import h5py
import pandas as pd
import pytest
from examples.tools import EXAMPLES

from galaxy_keras.estimator.file import read_estimator
from hostile.harness import ToolRunner

KILLS = 10
# Suffixes of unfinished files next to the outputs.
UNFINISHED = (".part", ".weights.h5")


def read_output(path):
    """Return the content of an output that is equal in all runs; raise an error if the output is incomplete."""
    if path.suffix == ".zip":
        return read_estimator(path).fitted.classes
    if path.suffix == ".h5":
        with h5py.File(path) as file:
            return sorted(file["layers"])
    # Numbers depend on the order of threads, and text contains durations.
    return pd.read_csv(path, sep="\t").shape


@pytest.mark.parametrize("tool", ["keras_train_and_eval", "model_prediction"])
def test_outputs_are_complete_or_missing_after_a_signal(tool, tmp_path, monkeypatch):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    form, inputs, outputs = EXAMPLES[tool]
    # Without the report, which takes half of the time.
    outputs = {option: name for option, name in outputs.items() if option != "outfile_report"}
    (tmp_path / "inputs.json").write_text(json.dumps(form))
    rng = random.Random(5)

    def run(name, kill=None):
        folder = tmp_path / name
        folder.mkdir()
        files = {"inputs": tmp_path / "inputs.json", **inputs}
        files |= {option: folder / path for option, path in outputs.items()}
        options = [f"--{option.replace('_', '-')}={path}" for option, path in files.items()]
        return runner.run(*options, kill=kill), {path.name: path for path in folder.iterdir()}

    with ToolRunner(tool) as runner:
        whole, files = run("whole")
        assert whole.exit_code == 0, whole.stderr
        expected = {name: read_output(path) for name, path in files.items()}
        assert set(expected) == set(outputs.values())
        for number in range(KILLS):
            sent = (signal.SIGTERM, signal.SIGKILL)[number % 2]
            outcome, files = run(str(number), (rng.uniform(0, whole.seconds), sent))
            kept = {name: path for name, path in files.items() if name in expected}
            assert {name: read_output(path) for name, path in kept.items()} == {name: expected[name] for name in kept}
            assert "Traceback" not in outcome.stderr
            assert set(files) <= {*expected, *(name + ending for name in expected for ending in UNFINISHED)}
            # Before the script installs its signal handler, the signal ends the process.
            assert outcome.exit_code in (0, -sent, 128 + sent)
            if sent == signal.SIGTERM:
                assert set(files) == set(kept)
                assert list(temporary.iterdir()) == []
            for path in temporary.iterdir():
                path.rename(tmp_path / f"left_{number}_{path.name}")
