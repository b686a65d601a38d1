"""Write the generated macro files of the tools' forms."""

from collections.abc import Callable
from pathlib import Path

from dev.forms.fields import replace_file
from dev.paths import ROOT

# Each generated file, and the function that gives its text.
GENERATED: dict[Path, Callable[[], str]] = {}


def main() -> None:
    """Write the files that have changed."""
    for path, write in GENERATED.items():
        state = "written" if replace_file(path, write()) else "unchanged"
        print(f"{path.relative_to(ROOT)}: {state}")


if __name__ == "__main__":
    main()
