"""Settings in the home directory, working directory or environment do not change results."""

import hashlib
import json
import os
import re
import subprocess
import sys

import pytest
from examples.scripts import ROOT
from examples.tools import EXAMPLES

KERAS_SETTINGS = {"floatx": "float16", "epsilon": 0.1, "backend": "jax", "image_data_format": "channels_first"}
VARIABLES = {"KERAS_MAX_EPOCHS": "1", "KERAS_MAX_STEPS_PER_EPOCH": "1", "KERAS_NNX_ENABLED": "true"}
# The first line makes the background of plots red; the second line is not UTF-8.
MATPLOTLIB_SETTINGS = b"figure.facecolor: red\nfont.family: \xff\n"


@pytest.fixture
def run_at_home(tmp_path):
    """Return a function that runs the example of a tool in a home directory, and returns the hashes of the outputs."""

    def run(tool, name, **variables):
        home = tmp_path / name
        home.mkdir(exist_ok=True)
        form, inputs, outputs = EXAMPLES[tool]
        out = tmp_path / f"out_{name}"
        out.mkdir()
        (out / "inputs.json").write_text(json.dumps(form))
        files = {"inputs": out / "inputs.json", **inputs, **{option: out / path for option, path in outputs.items()}}
        options = [f"--{option.replace('_', '-')}={path}" for option, path in files.items()]
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("KERAS", "MPL", "MATPLOTLIB", "TF_", "XDG"))}
        done = subprocess.run(
            [sys.executable, "-s", ROOT / "tools" / tool / f"{tool}.py", *options],
            cwd=home,
            env={**kept, "HOME": str(home), "GALAXY_SLOTS": "1", **variables},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        # The report contains the training time, and the diagram contains memory addresses.
        contents = {path.name: path.read_bytes() for path in out.iterdir() if path.name != "report.html"}
        plain = {name: re.sub(rb"\d{12,}", b"", content) for name, content in contents.items()}
        return {name: hashlib.sha256(content).hexdigest() for name, content in plain.items()}

    return run


@pytest.mark.parametrize("tool", EXAMPLES)
def test_the_home_directory_does_not_change_results(run_at_home, tmp_path, tool):
    expected = run_at_home(tool, "empty")
    home = tmp_path / "hostile"
    for folder in (home / ".keras", home / "elsewhere", home / ".config" / "matplotlib"):
        folder.mkdir(parents=True)
    for folder in (home / ".keras", home / "elsewhere"):
        (folder / "keras.json").write_text(json.dumps(KERAS_SETTINGS))
    for folder in (home, home / ".config" / "matplotlib"):
        (folder / "matplotlibrc").write_bytes(MATPLOTLIB_SETTINGS)
    # Modules that have the names of our modules and of libraries.
    for name in ("json", "numpy", "charts"):
        (home / f"{name}.py").write_text("raise SystemExit('a module of the working folder')")
    settings = {**VARIABLES, "KERAS_HOME": str(home / "elsewhere"), "MPLBACKEND": "module://none"}
    assert run_at_home(tool, "hostile", **settings) == expected
    assert list((tmp_path / "empty").glob(".keras")) == []


def test_the_documented_variable_must_name_a_backend(run_tool, monkeypatch, capsys):
    monkeypatch.setenv("KERAS_BACKEND", "numpy\nError: forged")
    form, _, outputs = EXAMPLES["keras_model_config"]
    assert run_tool("keras_model_config", form, **outputs) == 1
    said = "Error: KERAS_BACKEND: found 'numpy\\nError: forged'; expected one of tensorflow, jax\n"
    assert capsys.readouterr().err == said
