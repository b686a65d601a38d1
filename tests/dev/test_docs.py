"""Files, constants and links in the documentation exist."""

import re

import pytest
from examples.scripts import ROOT

from dev.paths import tool_folders

DOCS = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]
FILE = re.compile(r"`([\w*-][\w./*-]*\.(?:py|xml|md|json|in|txt|zip|h5|tabular|mtx|yml))`")
# Names that are not in the repository: members of the estimator, a file of Galaxy, and a variable of conda.
EXAMPLES = set("history.json architecture.json estimator.json model.weights.h5 inputs.json CONDA_OVERRIDE_CUDA".split())
SHARED = ROOT / "tools" / "shared"
# Folders to which the documentation shortens paths.
FOLDERS = [ROOT, SHARED, SHARED / "galaxy_keras", *tool_folders(), ROOT / "test-data", ROOT / "dev" / "requirements"]


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_files_in_the_documentation_exist(path):
    names = set(FILE.findall(path.read_text())) - EXAMPLES
    assert sorted(name for name in names if not any(any(folder.glob(name)) for folder in FOLDERS)) == []


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_constants_in_the_documentation_exist(path):
    names = set(re.findall(r"`([A-Z][A-Z_]{4,})`", path.read_text())) - EXAMPLES
    files = [*ROOT.glob("tools/**/*.py"), *ROOT.glob("dev/**/*.py"), *ROOT.glob("tests/**/*.py")]
    code = "\n".join(file.read_text() for file in files)
    assert sorted(name for name in names if not re.search(rf"\b{name}\b", code)) == []


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_links_in_the_documentation_lead_to_files(path):
    targets = re.findall(r'(?:\]\(|src=")(?!https?:)([^)"#]+)', path.read_text())
    assert [target for target in targets if not (path.parent / target).exists()] == []
