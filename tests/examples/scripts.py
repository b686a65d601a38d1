"""Paths of the repository, and the tools' scripts in this process or in separate ones."""

import importlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
TEST_DATA = ROOT / "test-data"


def run_in_process(tool: str, form: dict[str, Any], folder: Path, **options: Path | str | list[Path] | None) -> int:
    """Run a tool's script in this process, which has imported Keras, and return its exit code.

    Parameters
    ----------
    folder
        Folder for the form's JSON document.
    **options
        Options of the script; a string is the name of an output in ``folder / "out"``, a list has several files, and
        None omits an option.
    """
    # The environment of the tests in Galaxy does not have the package.
    from galaxy_keras.errors import run_script

    inputs = folder / "inputs.json"
    inputs.write_text(json.dumps(form))
    arguments = ["--inputs", str(inputs)]
    for name, value in options.items():
        if value is None:
            continue
        paths = value if isinstance(value, list) else [folder / "out" / value if isinstance(value, str) else value]
        arguments += [f"--{name.replace('_', '-')}", *map(str, paths)]
    main = importlib.import_module(tool).main
    return run_script(lambda: main(arguments))


def run_as_user(tool: str, *arguments: Path | str, python: Path | str = sys.executable) -> subprocess.CompletedProcess:
    """Run a tool's script in a separate process, in this environment or in that of another ``python``."""
    command = [python, ROOT / "tools" / tool / f"{tool}.py", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)
