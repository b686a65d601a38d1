"""Set up Keras for a Galaxy job: number of threads, quiet backend, seed, description of the device."""

import logging
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec

from galaxy_keras.errors import InputError
from galaxy_keras.messages import quote
from galaxy_keras.plots.drawing.matplotlib_setup import load_matplotlib

# Supported values of `KERAS_BACKEND`, the only setting of Keras that is taken from the environment.
BACKENDS = ("tensorflow", "jax")
# Non-fatal lines of Abseil's log, and the line that it writes before the first of them.
ABSEIL_LINE = r"^([IWE][0-9]{4} [0-9:.]+ +[0-9]+ [^ ]+:[0-9]+\]|WARNING: All log messages before absl::InitializeLog)"


def configure_keras() -> None:
    """Set the environment that Keras and its backend read when they are imported; call before ``import keras``.

    Files in the home directory and variables other than ``KERAS_BACKEND`` do not change what Keras computes.
    ``GALAXY_SLOTS`` is the number of CPU cores that Galaxy assigned to the job. Without it (a script run by hand), the
    backend uses all cores. TensorFlow's own log is suppressed unless ``TF_CPP_MIN_LOG_LEVEL`` is set.

    Raises
    ------
    InputError
        ``KERAS_BACKEND`` is not a supported backend.
    """
    _fix_keras_settings()
    # Keras imports matplotlib if it is installed (Keras 3.15).
    if find_spec("matplotlib"):
        load_matplotlib()
    if "TF_CPP_MIN_LOG_LEVEL" not in os.environ:
        # TensorFlow's notes about instruction sets and missing GPUs look like errors in Galaxy.
        os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
        _filter_abseil_log()
    # Their Python loggers address programmers, for example about networks that are built in a loop.
    for name in ("tensorflow", "absl", "jax"):
        logging.getLogger(name).setLevel(logging.ERROR)
    slots = os.environ.get("GALAXY_SLOTS")
    if slots:
        for name in ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS"):
            os.environ.setdefault(name, slots)
    # By default, TensorFlow and JAX allocate the whole memory of a GPU, which other jobs may share.
    os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")
    os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")


def _fix_keras_settings() -> None:
    backend = os.environ.get("KERAS_BACKEND") or BACKENDS[0]
    if backend not in BACKENDS:
        raise InputError(f"KERAS_BACKEND: found {quote(backend)}; expected one of {', '.join(BACKENDS)}")
    for name in [name for name in os.environ if name.startswith("KERAS_")]:
        del os.environ[name]
    os.environ["KERAS_BACKEND"] = backend
    # A path below which no keras.json can exist; a keras.json in the home directory would set the backend, the image
    # data format and the precision.
    os.environ["KERAS_HOME"] = os.devnull


def _filter_abseil_log() -> None:
    """Remove the log lines of Abseil from what native libraries write to file descriptor 2.

    In TensorFlow 2.19, XLA and the GPU code log through Abseil, partly while they are loaded, and no setting silences
    them. ``sys.stderr`` bypasses the filter. The filter is a separate process, so that the last output of a crashing
    job is kept.
    """
    if shutil.which("grep") is None:
        return
    errors = os.dup(2)
    grep = subprocess.Popen(["grep", "-a", "-v", "-E", ABSEIL_LINE], stdin=subprocess.PIPE, stdout=errors)
    assert grep.stdin is not None, "stdin=PIPE opens a pipe"
    os.dup2(grep.stdin.fileno(), 2)
    sys.stderr = os.fdopen(errors, "w", buffering=1, errors="backslashreplace")


def seed_everything(seed: int | None) -> None:
    """Seed Python, numpy and the backend and request deterministic operations; None leaves them unseeded."""
    import keras

    if seed is None:
        return
    keras.utils.set_random_seed(seed)
    if keras.config.backend() == "tensorflow":
        import tensorflow

        tensorflow.config.experimental.enable_op_determinism()


def describe_runtime() -> str:
    """Return the versions, the device and the number of threads as one line."""
    import keras

    backend = keras.config.backend()
    version = __import__(backend).__version__
    device = ", ".join(keras.distribution.list_devices()) or "cpu"
    slots = os.environ.get("GALAXY_SLOTS")
    threads = f", {slots} threads" if slots else ""
    return f"Keras {keras.__version__}, {backend} {version}, device {device}{threads}"
