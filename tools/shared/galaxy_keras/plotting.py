"""matplotlib as a job needs it: without a screen, with its own settings, and silent."""

import logging
import os
import warnings
from collections.abc import Iterable
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
    # The log names such letters instead.
    warnings.filterwarnings("ignore", "Glyph .* missing from", UserWarning)
    # A file matplotlibrc in the working folder comes before all others; here lies the one with matplotlib's defaults.
    with chdir(Path(find_spec("matplotlib").origin).parent / "mpl-data"):
        import matplotlib
    return matplotlib


def find_missing_letters(texts: Iterable[str]) -> str:
    """Return the letters that matplotlib draws as boxes, because its font lacks them."""
    from matplotlib.font_manager import findfont, get_font

    known = get_font(findfont("DejaVu Sans")).get_charmap()
    letters = {letter: None for text in texts for letter in text if ord(letter) not in known and letter.isprintable()}
    return "".join(letters)
