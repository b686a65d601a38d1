"""The errors that a user can mend, and the one place that prints them."""

import sys
from collections.abc import Callable

from galaxy_keras.log import job_log
from galaxy_keras.messages import make_one_line

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


def run_script(main: Callable[[], None]) -> int:
    """Run a script's work and turn an :class:`InputError` into one line on standard error.

    Returns
    -------
    int
        The exit code: 0, or that of the :class:`InputError`. Every other exception but Python's own for memory keeps
        its traceback.
    """
    for stream in (sys.stdout, sys.stderr):
        # A job's locale may lack a character of the user's; pytest's streams take all of them.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    job_log.start()
    try:
        main()
    except InputError as error:
        return _report(error)
    except MemoryError as error:
        asked = str(error) or "the system gave no more"
        return _report(MemoryShortageError(f"memory: found too little ({asked}); expected a job with more memory"))
    except BaseException:
        job_log.show_held()
        raise
    job_log.finish()
    return 0


def _report(error: InputError) -> int:
    """Write the error first; Galaxy shows little more than 250 characters of both streams together."""
    said = job_log.drop()
    print(f"Error: {make_one_line(str(error))}", file=sys.stderr)
    if said:
        print(f"{LOG_HEADING}\n{said}", end="", file=sys.stderr)
    return error.exit_code
