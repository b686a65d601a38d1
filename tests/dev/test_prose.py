"""The wording check finds avoided wording in prose, and ignores code and good text."""

import pytest

from dev.prose import AVOIDED, DOCSTRING_VERBS, find_avoided

EXAMPLES = {
    "The table shall have a header.": "must, should or will",
    "The cell is no number.": "is not a",
    "found no header": "X is missing, or does not have X",
    "Each layer has its own name.": "its, or name what it belongs to",
    "The file beside the script.": "next to, with or in addition to",
    "The name stands in the header.": "is, has or means",
    "what the network has learnt": "learned",
    "the watched rows": "validation rows, or monitored",
    "a job on a graphics processor": "GPU",
    "penalties and start values": "initializers",
    "a table of whom": "a sentence of its own",
    "The function gives back a table.": "returns",
}
GOOD_TEXT = (
    '"""Return the rows of a table, besides the header."""\n'
    "# The limit is no longer needed. Given names are unchanged, and the standard deviation is computed.\n"
    "beside = learnt = None\n"
    "def test_a_missing_column_is_refused(): ...\n"
)


def test_each_avoided_wording_has_an_example():
    assert set(EXAMPLES.values()) == set(AVOIDED.values())


@pytest.mark.parametrize("text, advice", EXAMPLES.items())
def test_avoided_wording_is_found_in_text_comments_and_strings(tmp_path, text, advice):
    markdown, python = tmp_path / "a.md", tmp_path / "a.py"
    markdown.write_text(f"# Title\n\n{text}\n")
    python.write_text(f"x = 1  # {text}\ny = '''\n{text}'''\n")
    assert [(line, found) for line, _, found in find_avoided(markdown)] == [(3, advice)]
    assert [(line, found) for line, _, found in find_avoided(python)] == [(1, advice), (3, advice)]


@pytest.mark.parametrize("verb, advice", DOCSTRING_VERBS.items())
def test_docstrings_must_not_begin_with_an_avoided_verb(tmp_path, verb, advice):
    path = tmp_path / "a.py"
    path.write_text(f'def f():\n    """{verb} the rows."""\n    return "Give the rows"\n')
    assert list(find_avoided(path)) == [(2, verb, advice)]


def test_avoided_wording_is_found_in_test_names(tmp_path):
    path = tmp_path / "a.py"
    path.write_text("def test_a_label_that_stands_first(): ...\n")
    assert [(line, wording) for line, wording, _ in find_avoided(path)] == [(1, "stands first")]


def test_good_text_and_code_pass(tmp_path):
    path = tmp_path / "a.py"
    path.write_text(GOOD_TEXT)
    assert list(find_avoided(path)) == []
