"""Resolve the requirements of the wrappers without conda, from the packages of the tools' environment.

Galaxy's ``galaxy_packages`` resolver looks for ``NAME/VERSION/env.sh``. One such file is written per package, with the
installed version, so a wrapper that requires another name or version is not resolved.
"""

import shlex
import subprocess
from pathlib import Path

from dev.environments import program

# Package names on conda-forge, and the corresponding names on the Python package index.
DISTRIBUTIONS = {
    "keras": "keras",
    "tensorflow": "tensorflow-cpu",
    "h5py": "h5py",
    "jsonschema": "jsonschema",
    "numpy": "numpy",
    "pandas": "pandas",
    "scikit-learn": "scikit-learn",
    "scipy": "scipy",
    "matplotlib-base": "matplotlib",
    "plotly": "plotly",
    "pydot": "pydot",
}
# Requirements from conda-forge that are not Python packages. The system's version may differ from the one named here.
PROGRAMS = {"graphviz": "14.1.2"}


def write_packages(folder: Path) -> None:
    """Write the files that the resolver looks for.

    Parameters
    ----------
    folder
        The resolver's ``base_path``.
    """
    tools_bin = program("tools", "python").parent
    for name, version in {**_read_versions(), **PROGRAMS}.items():
        package = folder / name / version
        package.mkdir(parents=True, exist_ok=True)
        (package / "env.sh").write_text(f"PATH={shlex.quote(str(tools_bin))}:$PATH; export PATH\n")


def _read_versions() -> dict[str, str]:
    """Return the installed version of each package by its conda name."""
    code = "import sys; from importlib.metadata import version; print(*map(version, sys.argv[1:]), sep='\\n')"
    command: list[str | Path] = [program("tools", "python"), "-c", code, *DISTRIBUTIONS.values()]
    versions = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return dict(zip(DISTRIBUTIONS, versions, strict=True))
