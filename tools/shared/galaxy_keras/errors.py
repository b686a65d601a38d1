"""Errors that a user can fix, and the function that reports them and sets the exit code."""

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

# Separates the error of a long job from the log lines before it.
LOG_HEADING = "Log before the error:"


class InputError(Exception):
    """An error in the form or an input file that the user can fix.

    The message has the form *file or field, place: found X; expected Y*.
    """

    exit_code = 1


class TableError(InputError):
    """A table that cannot be read as the form requests."""


class ArchitectureError(InputError):
    """An architecture that is not a Keras network, or one that the suite refuses."""


class EstimatorError(InputError):
    """An estimator or weights file that is damaged, of another kind, or does not fit the network."""


class MemoryShortageError(InputError):
    """The job needs more memory than is available."""

    # The exit code of a process that the system kills for its memory use. The wrappers declare it as `oom_exit_code`,
    # so that Galaxy can run the job again with more memory.
    exit_code = 137


class OutputError(InputError):
    """An output that cannot be written, for example because the disk is full."""


TERMINATED = "job: ended by SIGTERM, for example because it was deleted or exceeded its time limit"


class Terminated(BaseException):
    """The job received SIGTERM, which Galaxy sends one second before SIGKILL when a user deletes a running job.

    Raising an exception removes temporary files. It is not an ``Exception``, so that libraries do not catch it.
    """

    exit_code = 128 + signal.SIGTERM


def run_script(main: Callable[[], None]) -> int:
    """Run the main function of a script and report an :class:`InputError` as one line on standard error.

    File errors, memory errors and SIGTERM are also reported as one line. Every other exception keeps its traceback.

    Parameters
    ----------
    main
        The main function, without arguments.

    Returns
    -------
    int
        Exit code: 0, or that of the error.
    """
    for stream in (sys.stdout, sys.stderr):
        # The locale of a job may not encode every character. The streams of pytest have no `reconfigure`.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    job_log.start()
    is_terminated = threading.Event()
    try:
        with _raise_at_sigterm(is_terminated), log_warnings():
            main()
    except BaseException as error:
        # A library may have converted the exception of the signal to another error.
        message, exit_code = _explain(Terminated(TERMINATED) if is_terminated.is_set() else error)
        if message is None:
            job_log.keep_all()
            raise
        return _report(message, exit_code)
    job_log.finish()
    return 0


def _explain(error: BaseException) -> tuple[str | None, int]:
    """Return the message and exit code of an error, or None and 1 for a bug of the suite."""
    if isinstance(error, (InputError, Terminated)):
        return str(error), error.exit_code
    if isinstance(error, OSError):
        return describe_file_error(error), InputError.exit_code
    if isinstance(error, MemoryError):
        reason = str(error) or "the system has no more"
        message = f"memory: not enough ({reason}); expected a job with more memory"
        return message, MemoryShortageError.exit_code
    return None, InputError.exit_code


def describe_file_error(error: OSError) -> str:
    """Return a sentence with the file that the system refused, and the reason."""
    name = f"file {show(Path(str(error.filename)).name)}" if error.filename else "files"
    reason = error.strerror or make_one_line(str(error), QUOTE_LENGTH)
    return f"{name}: the system refused to read or write ({reason}); check that it still exists and the disk has room"


@contextmanager
def _raise_at_sigterm(is_terminated: threading.Event) -> Iterator[None]:
    """Raise :class:`Terminated` in the main thread when SIGTERM arrives, and set ``is_terminated``."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(*_: object) -> None:
        # Ignore further signals, which must not interrupt the removal of files.
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        is_terminated.set()
        raise Terminated

    def raise_again(ignored: "sys.UnraisableHookArgs") -> None:
        if not issubclass(ignored.exc_type, Terminated):
            report_ignored(ignored)
            return
        # Python ignores an exception that is raised in `__del__`. Send the signal again afterwards.
        signal.signal(signal.SIGTERM, end)
        threading.Timer(0.01, os.kill, (os.getpid(), signal.SIGTERM)).start()

    report_ignored, sys.unraisablehook = sys.unraisablehook, raise_again
    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
        sys.unraisablehook = report_ignored


def _report(message: str, exit_code: int) -> int:
    """Write the error before the log; Galaxy shows the first 255 characters of both streams together."""
    log = job_log.drop()
    print(f"Error: {make_one_line(message)}", file=sys.stderr)
    if log:
        print(f"{LOG_HEADING}\n{log}", end="", file=sys.stderr)
    return exit_code
