"""Find wording that the house style avoids: ``python3 -m dev.prose [FOLDER_OR_FILE ...]``.

The check reads comments, strings and test names of Python files, and the whole text of XML, Markdown and YAML files.
"""

import io
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

from dev.paths import ROOT

# Patterns of the wording to avoid, and what to write instead. Only wording that is always wrong belongs here.
AVOIDED = {
    r"shall": "must, should or will",
    r"(is|are|was|were) no (?!longer|more)": "is not a",
    r"found no": "X is missing, or does not have X",
    r"(has|have|of|by) (its|their|his) own": "its, or name what it belongs to",
    r"beside": "next to, with or in addition to",
    r"(stand|stands|stood) (in|at|on|for|there|behind|before|above|below|first|last|by|between)": "is, has or means",
    r"learnt": "learned",
    r"watched": "validation rows, or monitored",
    r"graphics processors?": "GPU",
    r"start values": "initializers",
    r"of whom": "a sentence of its own",
    r"gives back": "returns",
}
# Verbs with which a docstring must not begin.
DOCSTRING_VERBS = {
    "Give": "Return",
    "Say": "Print, Return or Describe",
    "Tell": "Return whether",
    "Find out": "Determine",
}
PATTERN = re.compile(
    "|".join(rf"(?P<g{number}>\b{pattern}\b)" for number, pattern in enumerate(AVOIDED)), re.IGNORECASE
)
DOCSTRING_PATTERN = re.compile(rf"[rR]?\"\"\"({'|'.join(DOCSTRING_VERBS)})\b")
PROSE_FILES = (".py", ".xml", ".md", ".cff", ".yml", ".toml")


def find_avoided(path: Path) -> Iterator[tuple[int, str, str]]:
    """Yield the line number of each avoided wording, the wording, and what to write instead."""
    text = path.read_text()
    for first_line, prose in _list_prose(text) if path.suffix == ".py" else [(1, text)]:
        if docstring := DOCSTRING_PATTERN.match(prose):
            yield first_line, docstring[1], DOCSTRING_VERBS[docstring[1]]
        for match in PATTERN.finditer(prose):
            number = int((match.lastgroup or "")[1:])
            yield first_line + prose.count("\n", 0, match.start()), match.group(), list(AVOIDED.values())[number]


def _list_prose(source: str) -> Iterator[tuple[int, str]]:
    """Yield the comments and strings of Python code, and the names of tests with spaces instead of underscores."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in (tokenize.COMMENT, tokenize.STRING):
            yield token.start[0], token.string
        elif token.type == tokenize.NAME and token.string.startswith("test_"):
            yield token.start[0], token.string.replace("_", " ")


def list_files(paths: list[str]) -> list[Path]:
    """Return the prose files below the given paths, without this file and its test, which quote avoided wording."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *paths]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    quoting = (Path(__file__), ROOT / "tests" / "dev" / "test_prose.py")
    files = [ROOT / name for name in listed if name.endswith(PROSE_FILES)]
    return [file for file in files if file.is_file() and not file.is_symlink() and file not in quoting]


def main(paths: list[str]) -> int:
    """Print one line per avoided wording, and return 1 if there are any."""
    found = [(file, *place) for file in list_files(paths) for place in find_avoided(file)]
    for file, line, wording, advice in found:
        print(f"{file.relative_to(ROOT)}:{line}: found {wording!r}; write {advice}")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
