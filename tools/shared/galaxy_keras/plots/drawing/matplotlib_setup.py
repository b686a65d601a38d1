"""Import matplotlib for a job: without a screen, with its default settings, and without messages."""

import logging
import os
from contextlib import chdir
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType


def load_matplotlib() -> ModuleType:
    """Import matplotlib so that no file in the working or home directory changes a plot."""
    # The import of matplotlib fails if this names a backend of another environment, such as a notebook.
    os.environ["MPLBACKEND"] = "agg"
    # matplotlib reports its font cache and home directories that are not writable.
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    # A matplotlibrc in the working directory takes precedence; this directory contains the default one.
    found = find_spec("matplotlib")
    assert found is not None and found.origin is not None, "the tools that draw require matplotlib"
    with chdir(Path(found.origin).parent / "mpl-data"):
        import matplotlib
    return matplotlib
