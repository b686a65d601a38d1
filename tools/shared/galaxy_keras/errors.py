"""The errors that a user can mend, and the one place that prints them."""

import sys
from collections.abc import Callable


class InputError(Exception):
    """Something in the form or in an input file that the user can mend.

    The message has the form *file or field, place: found this; expected that*.
    """


class TableError(InputError):
    """A table that cannot be read as asked."""


class ArchitectureError(InputError):
    """An architecture that is no Keras network, or one that the suite refuses."""


class EstimatorError(InputError):
    """An estimator or weights file that is damaged, foreign or does not fit."""


def run_script(main: Callable[[], None]) -> int:
    """Run a script's work and turn an :class:`InputError` into one line on standard error.

    Returns
    -------
    int
        The exit code: 0, or 1 after an :class:`InputError`. Every other exception keeps its traceback.
    """
    try:
        main()
    except InputError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    return 0
