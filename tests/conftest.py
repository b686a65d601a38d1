"""Fixtures that several test modules use: scripts and their modules, and a form's way to a script."""

import functools
import importlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from hostile.harness import ToolRunner

from galaxy_keras.errors import run_script
from galaxy_keras.runtime import configure_keras

ROOT = Path(__file__).resolve().parent.parent
TEST_DATA = ROOT / "test-data"

# Before any test imports Keras; one thread each for the processes that share the tests. pytest has standard error.
os.environ.setdefault("GALAXY_SLOTS", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
configure_keras()


@pytest.fixture
def write_form(tmp_path: Path) -> Callable[[dict[str, Any]], Path]:
    """Write a form's JSON document as Galaxy would."""

    def write(document: dict[str, Any]) -> Path:
        path = tmp_path / "inputs.json"
        path.write_text(json.dumps(document))
        return path

    return write


@pytest.fixture
def run_tool(write_form, tmp_path) -> Callable[..., int]:
    """Run a tool's script in this process, which has Keras imported already, and give its exit code.

    Options are the script's by name; a relative path of an output stands below ``out``.
    """
    (tmp_path / "out").mkdir()

    def run(tool: str, form: dict[str, Any], **options: Path | str) -> int:
        arguments = ["--inputs", str(write_form(form))]
        for name, value in options.items():
            path = tmp_path / "out" / value if isinstance(value, str) else value
            arguments += [f"--{name.replace('_', '-')}", str(path)]
        main = importlib.import_module(tool).main
        return run_script(lambda: main(arguments))

    return run


@pytest.fixture
def check_refusal(run_tool, tmp_path, capsys) -> Callable[..., str]:
    """Run a tool that must refuse, check that it says so in one line and leaves nothing, and give the line."""

    def check(tool: str, form: dict[str, Any], exit_code: int = 1, **options: Path | str) -> str:
        assert run_tool(tool, form, **options) == exit_code
        said = capsys.readouterr().err.strip().splitlines()
        assert len(said) == 1
        assert said[0].startswith("Error: ")
        assert list((tmp_path / "out").iterdir()) == []
        return said[0]

    return check


def run_as_user(tool: str, *arguments: Path | str, python: Path | str = sys.executable) -> subprocess.CompletedProcess:
    """Run a tool's script in a process of its own, in this environment or in that of another ``python``."""
    command = [python, ROOT / "tools" / tool / f"{tool}.py", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="session")
def start_tool() -> Iterator[Callable[[str], ToolRunner]]:
    """Start the process that runs a tool on hostile files, once for all tests: it imports Keras."""
    with ExitStack() as runners:
        started = functools.cache(lambda tool: runners.enter_context(ToolRunner(tool)))
        yield started
