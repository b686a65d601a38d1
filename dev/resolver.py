"""What the wrappers require, resolved without conda: a folder for each package, named for the version really installed.

Galaxy's ``galaxy_packages`` resolver finds ``NAME/VERSION/env.sh``. A wrapper that requires a wrong name or version
finds no such folder.
"""

import shlex
import subprocess
from pathlib import Path

from dev.environments import program

# conda-forge's name of a package, and its name on the Python package index.
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
# What the wrappers require of conda-forge and is no Python package. The system's version is another; any draws.
PROGRAMS = {"graphviz": "14.1.2"}


def write_packages(folder: Path) -> None:
    """Write the folders that the resolver looks into.

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
    """Give the installed version of each package under its conda name."""
    code = "import sys; from importlib.metadata import version; print(*map(version, sys.argv[1:]), sep='\\n')"
    command = [program("tools", "python"), "-c", code, *DISTRIBUTIONS.values()]
    versions = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return dict(zip(DISTRIBUTIONS, versions, strict=True))
