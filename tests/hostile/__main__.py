"""Fuzz a reader for hours by hand: ``PYTHONPATH=tools/shared:tests python -m hostile READER --hours N``.

READER is a module of this package with a function ``fuzz(seed)``, which raises an AssertionError where a hostile sample
does not end in one sentence within bounds. Every failure is printed with its seed, which repeats it.
"""

import argparse
import importlib
import itertools
import pkgutil
import sys
import time
import traceback
from pathlib import Path

# Modules that serve the readers.
HARNESS = ("__main__", "harness", "mutations", "paths")


def list_readers() -> list[str]:
    """Return the names of the modules that hold hostile samples."""
    found = pkgutil.iter_modules([str(Path(__file__).parent)])
    return sorted(module.name for module in found if module.name not in HARNESS)


def main(argv: list[str] | None = None) -> int:
    """Run one seed after the other until the time is over, and return 1 if any failed."""
    parser = argparse.ArgumentParser(prog="python -m hostile", description=__doc__)
    parser.add_argument("reader", choices=list_readers())
    parser.add_argument("--hours", type=float, default=1.0, help="default: %(default)s")
    parser.add_argument("--seed", type=int, default=0, help="the first one; default: %(default)s")
    arguments = parser.parse_args(argv)
    fuzz = importlib.import_module(f"hostile.{arguments.reader}").fuzz
    end, failed, seed = time.monotonic() + 3600 * arguments.hours, 0, arguments.seed
    for seed in itertools.count(arguments.seed):
        try:
            fuzz(seed)
        except Exception:
            failed += 1
            print(f"seed {seed}:", flush=True)
            traceback.print_exc()
        if time.monotonic() > end:
            break
    print(f"{seed - arguments.seed + 1} seeds, {failed} failed")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
