"""The set-up of Keras and its backend before the import."""

import os
import re
import signal
import subprocess
import sys

import pytest
from examples.scripts import ROOT


@pytest.mark.parametrize("slots, threads", [("3", "3"), (None, None)])
def test_galaxy_slots_are_the_number_of_threads(slots, threads):
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("TF_NUM", "OMP_", "GALAXY"))
    }
    if slots:
        environment["GALAXY_SLOTS"] = slots
    code = (
        "import os; from galaxy_keras.runtime import configure_keras; configure_keras(); "
        "print(os.environ.get('TF_NUM_INTRAOP_THREADS'), os.environ.get('TF_NUM_INTEROP_THREADS'))"
    )
    command = [sys.executable, "-c", code]
    folder = ROOT / "tools" / "shared"
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(threads)] * 2


def run_python(code, **variables):
    """Run Python code after ``configure_keras`` in a new process without TF_CPP_MIN_LOG_LEVEL."""
    environment = {name: value for name, value in os.environ.items() if name != "TF_CPP_MIN_LOG_LEVEL"} | variables
    folder = ROOT / "tools" / "shared"
    code = f"from galaxy_keras.runtime import configure_keras, describe_runtime; configure_keras()\n{code}"
    return subprocess.run([sys.executable, "-c", code], cwd=folder, env=environment, capture_output=True, text=True)


def test_keras_is_imported_quietly_and_described():
    """JAX is not imported: TensorFlow would import it if it is installed, which needs 90 MB."""
    done = run_python("import sys; print(describe_runtime(), 'jax' in sys.modules)", GALAXY_SLOTS="1")
    assert re.fullmatch(r"Keras 3\.\S+, tensorflow \S+, device .*, 1 threads False\n", done.stdout)
    assert done.stderr == ""


# The notes of XLA ignore the log level also in the CPU build of TensorFlow.
COMPILE = "import tensorflow; tensorflow.function(lambda x: x + 1, jit_compile=True)(1)"


def test_the_log_of_xla_is_removed_and_other_lines_are_kept():
    done = run_python(
        f"{COMPILE}\nimport os, sys; print('of Python', file=sys.stderr); os.write(2, b'the last words'); os.abort()"
    )
    assert done.returncode == -signal.SIGABRT
    assert sorted(done.stderr.splitlines()) == ["of Python", "the last words"]


def test_the_log_of_tensorflow_can_be_requested():
    assert "Compiled cluster using XLA!" in run_python(COMPILE, TF_CPP_MIN_LOG_LEVEL="0").stderr


def test_jobs_can_share_a_gpu():
    """By default, both backends allocate the whole memory of a GPU."""
    names = ("TF_FORCE_GPU_ALLOW_GROWTH", "XLA_PYTHON_CLIENT_PREALLOCATE")
    done = run_python(f"import os; print(*(os.environ[name] for name in {names}))")
    assert done.stdout.split() == ["true", "false"]
