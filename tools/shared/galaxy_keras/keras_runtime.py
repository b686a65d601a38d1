"""Keras as a job of Galaxy's needs it: its slots as threads, no noise, a seed, the device named."""

import logging
import os
import shutil
import subprocess
import sys

# Lines of Abseil's log below fatal ones, and what it says before the first.
ABSEIL_LINE = r"^([IWE][0-9]{4} [0-9:.]+ +[0-9]+ [^ ]+:[0-9]+\]|WARNING: All log messages before absl::InitializeLog)"


def configure_keras() -> None:
    """Set the environment that Keras' backend reads when it is imported; call before ``import keras``.

    ``GALAXY_SLOTS`` is the number of CPU cores that Galaxy gave to the job; without it (a script run by hand) the
    backend takes what it finds. Who sets ``TF_CPP_MIN_LOG_LEVEL`` sees TensorFlow's own log, which is left out else.
    """
    if "TF_CPP_MIN_LOG_LEVEL" not in os.environ:
        # Its notes about instruction sets and missing GPUs read like errors in Galaxy's log.
        os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
        _leave_out_abseil_log()
    # Its Python log: it advises programmers about networks that are built in a loop, as cross-validation does.
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    slots = os.environ.get("GALAXY_SLOTS")
    if slots:
        for name in ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS"):
            os.environ.setdefault(name, slots)
    # TensorFlow and JAX take the whole memory of a graphics processor at their start; other jobs may share it.
    os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")
    os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")


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
