"""What a job tells Keras' backend before it is imported."""

import os
import re
import signal
import subprocess
import sys

import pytest
from examples.scripts import ROOT


@pytest.mark.parametrize("slots, threads", [("3", "3"), (None, None)])
def test_galaxy_slots_are_the_threads(slots, threads):
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
    """Run Python code beside the package, without what this process tells TensorFlow of its log."""
    environment = {name: value for name, value in os.environ.items() if name != "TF_CPP_MIN_LOG_LEVEL"} | variables
    folder = ROOT / "tools" / "shared"
    code = f"from galaxy_keras.runtime import configure_keras, describe_runtime; configure_keras()\n{code}"
    return subprocess.run([sys.executable, "-c", code], cwd=folder, env=environment, capture_output=True, text=True)


def test_keras_is_imported_without_noise_and_named():
    """Nor with JAX, which TensorFlow imports where it is installed: 90 MB for every job."""
    done = run_python("import sys; print(describe_runtime(), 'jax' in sys.modules)", GALAXY_SLOTS="1")
    assert re.fullmatch(r"Keras 3\.\S+, tensorflow \S+, device .*, 1 threads False\n", done.stdout)
    assert done.stderr == ""


# XLA's notes are that part of the log beyond all levels that TensorFlow's build for the CPU has as well.
COMPILE = "import tensorflow; tensorflow.function(lambda x: x + 1, jit_compile=True)(1)"


def test_the_log_of_xla_is_left_out_and_other_words_are_not():
    done = run_python(
        f"{COMPILE}\nimport os, sys; print('of Python', file=sys.stderr); os.write(2, b'the last words'); os.abort()"
    )
    assert done.returncode == -signal.SIGABRT
    assert sorted(done.stderr.splitlines()) == ["of Python", "the last words"]


def test_who_asks_for_tensorflows_log_sees_it():
    assert "Compiled cluster using XLA!" in run_python(COMPILE, TF_CPP_MIN_LOG_LEVEL="0").stderr


def test_jobs_may_share_a_graphics_processor():
    """Both backends take all of its memory unless they are told otherwise."""
    names = ("TF_FORCE_GPU_ALLOW_GROWTH", "XLA_PYTHON_CLIENT_PREALLOCATE")
    done = run_python(f"import os; print(*(os.environ[name] for name in {names}))")
    assert done.stdout.split() == ["true", "false"]
