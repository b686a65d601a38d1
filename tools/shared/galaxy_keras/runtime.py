"""Keras as a job of Galaxy's needs it: its slots as threads, no noise, a seed, the device named."""

import logging
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec

from galaxy_keras.errors import InputError
from galaxy_keras.messages import quote
from galaxy_keras.plots.drawing.matplotlib_setup import load_matplotlib

# Backends of Keras that can train; the only setting of Keras' own that a job may bring along.
BACKENDS = ("tensorflow", "jax")
# Lines of Abseil's log below fatal ones, and what it says before the first.
ABSEIL_LINE = r"^([IWE][0-9]{4} [0-9:.]+ +[0-9]+ [^ ]+:[0-9]+\]|WARNING: All log messages before absl::InitializeLog)"


def configure_keras() -> None:
    """Set the environment that Keras and its backend read when they are imported; call before ``import keras``.

    Neither a file in the user's home nor a variable other than ``KERAS_BACKEND`` changes what Keras computes.
    ``GALAXY_SLOTS`` is the number of CPU cores that Galaxy gave to the job; without it (a script run by hand) the
    backend takes what it finds. Who sets ``TF_CPP_MIN_LOG_LEVEL`` sees TensorFlow's own log, which is left out else.

    Raises
    ------
    InputError
        ``KERAS_BACKEND`` names no backend that trains.
    """
    _fix_keras_settings()
    # Keras imports matplotlib where it is installed.
    if find_spec("matplotlib"):
        load_matplotlib()
    if "TF_CPP_MIN_LOG_LEVEL" not in os.environ:
        # Its notes about instruction sets and missing GPUs read like errors in Galaxy's log.
        os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
        _leave_out_abseil_log()
    # Their Python logs advise programmers, as about networks that are built in a loop, which cross-validation does.
    for name in ("tensorflow", "absl", "jax"):
        logging.getLogger(name).setLevel(logging.ERROR)
    slots = os.environ.get("GALAXY_SLOTS")
    if slots:
        for name in ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS"):
            os.environ.setdefault(name, slots)
    # TensorFlow and JAX take the whole memory of a graphics processor at their start; other jobs may share it.
    os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")
    os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")


def _fix_keras_settings() -> None:
    backend = os.environ.get("KERAS_BACKEND") or BACKENDS[0]
    if backend not in BACKENDS:
        raise InputError(f"KERAS_BACKEND: found {quote(backend)}; expected one of {', '.join(BACKENDS)}")
    for name in [name for name in os.environ if name.startswith("KERAS_")]:
        del os.environ[name]
    os.environ["KERAS_BACKEND"] = backend
    # Where no keras.json can be; in the user's home, it would set the backend, the image format and the precision.
    os.environ["KERAS_HOME"] = os.devnull


def _leave_out_abseil_log() -> None:
    """Take out of what libraries write to file descriptor 2 the log that TensorFlow's level does not reach.

    XLA and TensorFlow 2.19's parts for graphics processors log through Abseil, some of them while they are loaded, and
    no setting silences them. Python's own messages go past the filter, and it is a process of its own, so that the last
    words of a job that crashes are read.
    """
    if shutil.which("grep") is None:
        return
    errors = os.dup(2)
    passing = subprocess.Popen(["grep", "-a", "-v", "-E", ABSEIL_LINE], stdin=subprocess.PIPE, stdout=errors)
    os.dup2(passing.stdin.fileno(), 2)
    sys.stderr = os.fdopen(errors, "w", buffering=1, errors="backslashreplace")


def seed_everything(seed: int | None) -> None:
    """Seed Python, numpy and the backend, and ask for repeatable kernels; None leaves all of them random."""
    import keras

    if seed is None:
        return
    keras.utils.set_random_seed(seed)
    if keras.config.backend() == "tensorflow":
        import tensorflow

        tensorflow.config.experimental.enable_op_determinism()


def describe_runtime() -> str:
    """Name the versions and the device in one line for the log."""
    import keras

    backend = keras.config.backend()
    version = __import__(backend).__version__
    device = ", ".join(keras.distribution.list_devices()) or "cpu"
    slots = os.environ.get("GALAXY_SLOTS")
    threads = f", {slots} threads" if slots else ""
    return f"Keras {keras.__version__}, {backend} {version}, device {device}{threads}"
