"""matplotlib as a job needs it: without a screen, with its own settings, and silent."""

import logging
import os
from contextlib import chdir
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType


def load_matplotlib() -> ModuleType:
    """Import matplotlib; no file in the working folder or in the user's home changes a plot."""
    # matplotlib refuses to be imported where this names a backend of another environment, such as a notebook's.
    os.environ["MPLBACKEND"] = "agg"
    # Of its cache of fonts, and of home folders that it cannot write to.
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    # A file matplotlibrc in the working folder comes before all others; here lies the one with matplotlib's defaults.
    with chdir(Path(find_spec("matplotlib").origin).parent / "mpl-data"):
        import matplotlib
    return matplotlib
