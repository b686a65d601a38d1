"""What a job tells Keras' backend before it is imported."""

import os
import re
import subprocess
import sys

import pytest
from conftest import ROOT


@pytest.mark.parametrize("slots, threads", [("3", "3"), (None, None)])
def test_galaxy_slots_are_the_threads(slots, threads):
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("TF_NUM", "OMP_", "GALAXY"))
    }
    if slots:
        environment["GALAXY_SLOTS"] = slots
    code = (
        "import os; from galaxy_keras.keras_runtime import configure_keras; configure_keras(); "
        "print(os.environ.get('TF_NUM_INTRAOP_THREADS'), os.environ.get('TF_NUM_INTEROP_THREADS'))"
    )
    command = [sys.executable, "-c", code]
    folder = ROOT / "tools" / "shared"
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(threads)] * 2


def test_keras_is_imported_without_noise_and_named():
    """Nor with JAX, which TensorFlow imports where it is installed: 90 MB for every job."""
    code = (
        "import sys; from galaxy_keras.keras_runtime import configure_keras, describe_runtime; configure_keras(); "
        "print(describe_runtime(), 'jax' in sys.modules)"
    )
    environment = {**os.environ, "GALAXY_SLOTS": "1"}
    command = [sys.executable, "-c", code]
    folder = ROOT / "tools" / "shared"
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)
    assert re.fullmatch(r"Keras 3\.\S+, tensorflow \S+, device .*, 1 threads False\n", done.stdout)
    assert done.stderr == ""
