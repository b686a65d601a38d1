"""The generated parts of the forms."""

import pytest

from dev.forms.__main__ import GENERATED


@pytest.mark.parametrize("path", GENERATED, ids=lambda path: path.name)
def test_generated_files_are_what_keras_signatures_give(path):
    assert path.read_text(encoding="utf-8") == GENERATED[path](), "stale: run `python3 -m dev forms`"
