"""Fixtures that several test modules use: the scripts' folders, the test data, and a form's way to a script."""

import importlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
TEST_DATA = ROOT / "test-data"


@pytest.fixture(scope="session")
def load_tool_module() -> Callable[[str, str], ModuleType]:
    """Import a module of a tool's folder, as the tool's script would."""

    def load(tool: str, module: str) -> ModuleType:
        folder = str(ROOT / "tools" / tool)
        if folder not in sys.path:
            sys.path.append(folder)
        return importlib.import_module(module)

    return load


@pytest.fixture
def write_form(tmp_path: Path) -> Callable[[dict[str, Any]], Path]:
    """Write a form's JSON document as Galaxy would."""

    def write(document: dict[str, Any]) -> Path:
        path = tmp_path / "inputs.json"
        path.write_text(json.dumps(document))
        return path

    return write
