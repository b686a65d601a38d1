"""Fixtures that several test modules use: forms, and runs of the tools."""

import functools
import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from examples.scripts import run_in_process
from hostile.harness import ToolRunner

from galaxy_keras.runtime import configure_keras

# Must run before any test imports Keras: one thread per process, because tests run in parallel.
os.environ.setdefault("GALAXY_SLOTS", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
configure_keras()


@pytest.fixture
def write_form(tmp_path: Path) -> Callable[[dict[str, Any]], Path]:
    """Return a function that writes a form as JSON, as Galaxy does."""

    def write(document: dict[str, Any]) -> Path:
        path = tmp_path / "inputs.json"
        path.write_text(json.dumps(document))
        return path

    return write


@pytest.fixture
def run_tool(tmp_path) -> Callable[..., int]:
    """Return a function that runs a tool in this process and returns its exit code; see ``run_in_process``."""
    (tmp_path / "out").mkdir()

    def run(tool: str, form: dict[str, Any], **options: Path | str) -> int:
        return run_in_process(tool, form, tmp_path, **options)

    return run


@pytest.fixture
def check_refusal(run_tool, tmp_path, capsys) -> Callable[..., str]:
    """Return a function that checks that a tool fails with one line and without outputs, and returns the line."""

    def check(tool: str, form: dict[str, Any], exit_code: int = 1, **options: Path | str) -> str:
        assert run_tool(tool, form, **options) == exit_code
        lines = capsys.readouterr().err.strip().splitlines()
        assert len(lines) == 1
        assert lines[0].startswith("Error: ")
        assert list((tmp_path / "out").iterdir()) == []
        return lines[0]

    return check


@pytest.fixture(scope="session")
def start_tool() -> Iterator[Callable[[str], ToolRunner]]:
    """Return a function that starts the process of a tool for hostile files, once per session."""
    with ExitStack() as runners:
        started = functools.cache(lambda tool: runners.enter_context(ToolRunner(tool)))
        yield started
