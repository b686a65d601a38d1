"""Keras as a job of Galaxy's needs it: its slots as threads, no noise, a seed, the device named."""

import logging
import os


def configure_keras() -> None:
    """Set the environment that Keras' backend reads when it is imported; call before ``import keras``.

    ``GALAXY_SLOTS`` is the number of CPU cores that Galaxy gave to the job; without it (a script run by hand) the
    backend takes what it finds.
    """
    # TensorFlow's C++ log: its notes about instruction sets and missing GPUs read like errors in Galaxy's log.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # Its Python log: it advises programmers about networks that are built in a loop, as cross-validation does.
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    slots = os.environ.get("GALAXY_SLOTS")
    if slots:
        for name in ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS"):
            os.environ.setdefault(name, slots)


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
