"""Fuzz a reader for hours: ``PYTHONPATH=tools/shared:tests python -m hostile READER --hours N``.

READER is a module of this package with a function ``fuzz(seed)``. The function raises an AssertionError if a hostile
input is neither read nor refused with one message within the limits. Each failure is printed with its seed, which
reproduces it.
"""

import argparse
import importlib
import itertools
import pkgutil
import sys
import time
import traceback
from pathlib import Path

# Modules that are not readers.
OTHER_MODULES = ("__main__", "harness", "mutations", "paths")


def list_readers() -> list[str]:
    """Return the names of the modules that can be fuzzed."""
    found = pkgutil.iter_modules([str(Path(__file__).parent)])
    return sorted(module.name for module in found if module.name not in OTHER_MODULES)


def main(argv: list[str] | None = None) -> int:
    """Run seeds in increasing order until the time is over, and return 1 if a seed failed."""
    parser = argparse.ArgumentParser(prog="python -m hostile", description=__doc__)
    parser.add_argument("reader", choices=list_readers())
    parser.add_argument("--hours", type=float, default=1.0, help="default: %(default)s")
    parser.add_argument("--seed", type=int, default=0, help="first seed; default: %(default)s")
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
