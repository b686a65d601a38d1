"""Tests of the Tool Shed uploads, which planemo builds and which are used outside the repository."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from galaxy.tool_util.parser import get_tool_source
from planemo.cli import PlanemoCliContext
from planemo.shed import for_each_repository, RealizedRepository

ROOT = Path(__file__).resolve().parent.parent.parent
TOOL_IDS = sorted(folder.name for folder in (ROOT / "tools").iterdir() if folder.name != "shared")
# Interpreter of the environment with the requirements of the wrappers.
TOOLS_PYTHON = os.environ["TOOLS_PYTHON"]


@pytest.fixture(scope="module")
def uploads(tmp_path_factory) -> Path:
    """Return a folder with one subfolder for each uploaded repository."""
    folder = tmp_path_factory.mktemp("uploads")

    def keep(repository: RealizedRepository) -> int:
        shutil.copytree(repository.path, folder / repository.name, symlinks=True)
        return 0

    assert for_each_repository(PlanemoCliContext(), keep, [str(ROOT)], recursive=False, fail_fast=True) == 0
    return folder


def _list_test_files(wrapper: Path) -> Iterator[str]:
    """Yield the names of the input files of a wrapper's tests."""
    for test in get_tool_source(str(wrapper)).parse_tests_to_dict()["tests"]:
        for item in test["inputs"]:
            if "ftype" in item["attributes"]:
                yield from item["value"].split(",")


def _list_sources(folder: Path) -> set[str]:
    """Return the relative paths of a tool's Python and XML files, including those in linked folders."""
    files = (Path(here, name) for here, _, names in os.walk(folder, followlinks=True) for name in names)
    sources = (path.relative_to(folder) for path in files if path.suffix in (".py", ".xml"))
    return {path.as_posix() for path in sources if path.parts[0] != "test-data"}


def test_there_is_one_repository_per_tool_and_a_suite(uploads):
    assert sorted(folder.name for folder in uploads.iterdir()) == sorted([*TOOL_IDS, "suite_keras"])
    suite = (uploads / "suite_keras" / "repository_dependencies.xml").read_text()
    for tool_id in TOOL_IDS:
        assert f'name="{tool_id}"' in suite


@pytest.mark.parametrize("tool_id", TOOL_IDS)
def test_an_upload_contains_all_source_files_and_no_links(uploads, tool_id):
    assert not [path for path in (uploads / tool_id).rglob("*") if path.is_symlink()]
    assert _list_sources(ROOT / "tools" / tool_id) == _list_sources(uploads / tool_id)


@pytest.mark.parametrize("tool_id", TOOL_IDS)
def test_an_upload_contains_the_test_data_of_its_wrapper(uploads, tool_id):
    folder = uploads / tool_id / "test-data"
    present = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    assert set(_list_test_files(uploads / tool_id / f"{tool_id}.xml")) <= present


@pytest.mark.parametrize("tool_id", TOOL_IDS)
def test_every_module_of_an_upload_can_be_imported(uploads, tool_id):
    folder = uploads / tool_id
    sources = [path.removesuffix(".py") for path in _list_sources(folder) if path.endswith(".py")]
    modules = [path.removesuffix("/__init__").replace("/", ".") for path in sources]
    code = f"import importlib\nfor name in {modules!r}: importlib.import_module(name)"
    subprocess.run([TOOLS_PYTHON, "-c", code], cwd=folder, check=True)


@pytest.mark.parametrize("tool_id", TOOL_IDS)
def test_the_script_of_an_upload_prints_its_help(uploads, tool_id):
    script = uploads / tool_id / f"{tool_id}.py"
    done = subprocess.run([TOOLS_PYTHON, script, "--help"], cwd=uploads, capture_output=True, text=True, check=True)
    assert "--inputs" in done.stdout
