"""The errors that a user can mend, and the one place that prints them."""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from galaxy_keras.library_warnings import log_warnings
from galaxy_keras.log import job_log
from galaxy_keras.messages import make_one_line, QUOTE_LENGTH, show

# Stands between the error of a long job and what the job had said before it.
LOG_HEADING = "The log until this error:"


class InputError(Exception):
    """Something in the form or in an input file that the user can mend.

    The message has the form *file or field, place: found this; expected that*.
    """

    exit_code = 1


class TableError(InputError):
    """A table that cannot be read as asked."""


class ArchitectureError(InputError):
    """An architecture that is no Keras network, or one that the suite refuses."""


class EstimatorError(InputError):
    """An estimator or weights file that is damaged, foreign or does not fit."""


class MemoryShortageError(InputError):
    """Too little memory for what was asked."""

    # As of a process that the system ends for its memory; the wrappers name it to Galaxy, which may give a job more.
    exit_code = 137


class OutputError(InputError):
    """An output that cannot be written, as where a disk is full."""


TERMINATED = "job: ended by SIGTERM, as when it is deleted or takes longer than allowed"


class Terminated(BaseException):
    """SIGTERM, which Galaxy sends a second before SIGKILL when a user deletes a running job.

    An exception, so that temporary files are removed; no ``Exception``, so that no library takes it for its own.
    """

    exit_code = 128 + signal.SIGTERM


def run_script(main: Callable[[], None]) -> int:
    """Run a script's work and turn an :class:`InputError` into one line on standard error.

    Returns
    -------
    int
        The exit code: 0, or that of the error. What the system refuses, files or memory, and its wish to end the job
        are one line, too. Every other exception keeps its traceback.
    """
    for stream in (sys.stdout, sys.stderr):
        # A job's locale may lack a character of the user's; pytest's streams take all of them.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    job_log.start()
    is_terminated = threading.Event()
    try:
        with _raise_at_sigterm(is_terminated), log_warnings():
            main()
    except BaseException as error:
        # A library may have made another error of the signal's exception.
        message, exit_code = _explain(Terminated(TERMINATED) if is_terminated.is_set() else error)
        if message is None:
            job_log.give_up()
            raise
        return _report(message, exit_code)
    job_log.finish()
    return 0


def _explain(error: BaseException) -> tuple[str | None, int]:
    """Return an error's sentence and exit code, or None and 1 for a defect of the suite."""
    if isinstance(error, (InputError, Terminated)):
        return str(error), error.exit_code
    if isinstance(error, OSError):
        return describe_file_error(error), InputError.exit_code
    if isinstance(error, MemoryError):
        asked = str(error) or "the system gave no more"
        message = f"memory: found too little ({asked}); expected a job with more memory"
        return message, MemoryShortageError.exit_code
    return None, InputError.exit_code


def describe_file_error(error: OSError) -> str:
    """Say in a sentence which file the system refused, and why."""
    name = f"file {show(Path(str(error.filename)).name)}" if error.filename else "files"
    reason = error.strerror or make_one_line(str(error), QUOTE_LENGTH)
    return f"{name}: the system refused to read or write ({reason}); check that it still exists and the disk has room"


@contextmanager
def _raise_at_sigterm(is_terminated: threading.Event) -> Iterator[None]:
    """Raise :class:`Terminated` in the main thread at SIGTERM, and note in ``is_terminated`` that it came."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(*_: object) -> None:
        # Once: a second signal must not interrupt the removal of files.
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        is_terminated.set()
        raise Terminated

    def raise_again(lost: "sys.UnraisableHookArgs") -> None:
        if not issubclass(lost.exc_type, Terminated):
            show_lost(lost)
            return
        # Python ignores what is raised while it removes an object: send the signal once more, after that.
        signal.signal(signal.SIGTERM, end)
        threading.Timer(0.01, os.kill, (os.getpid(), signal.SIGTERM)).start()

    show_lost, sys.unraisablehook = sys.unraisablehook, raise_again
    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
        sys.unraisablehook = show_lost


def _report(message: str, exit_code: int) -> int:
    """Write the error first; Galaxy shows little more than 250 characters of both streams together."""
    said = job_log.drop()
    print(f"Error: {make_one_line(message)}", file=sys.stderr)
    if said:
        print(f"{LOG_HEADING}\n{said}", end="", file=sys.stderr)
    return exit_code
