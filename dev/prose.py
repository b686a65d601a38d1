"""Find wording that the house style avoids: ``python3 -m dev.prose [FOLDER_OR_FILE ...]``.

Checks prose only: comments and strings of Python files, XML and Markdown.
"""

import io
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

from dev.paths import ROOT

# What to avoid, and what to write.
AVOIDED = {
    r"shall": "must, should or will",
    r"(is|are|was|were) no (?!longer|more)": "is not a",
    r"(has|have|of|by) (its|their|his) own": "its, or name what it belongs to",
    r"beside": "next to, with or in addition to",
    r"(stand|stands|stood) (in|at|on|for|there|behind|before|above|below|first|last|by|between)": "is, has or means",
    r"learnt": "learned",
    r"watched": "validation rows, or monitored",
    r"of whom": "a sentence of its own",
    r"gives back": "returns",
}
PATTERN = re.compile(
    "|".join(rf"(?P<g{number}>\b{pattern}\b)" for number, pattern in enumerate(AVOIDED)), re.IGNORECASE
)
PROSE_FILES = (".py", ".xml", ".md", ".cff", ".yml", ".toml")


def find_avoided(path: Path) -> Iterator[tuple[int, str, str]]:
    """Yield the line number, the wording found and what to write instead."""
    text = path.read_text()
    for first_line, prose in _list_prose(text) if path.suffix == ".py" else [(1, text)]:
        for match in PATTERN.finditer(prose):
            advice = AVOIDED[list(AVOIDED)[int(match.lastgroup[1:])]]
            yield first_line + prose.count("\n", 0, match.start()), match.group(), advice


def _list_prose(source: str) -> Iterator[tuple[int, str]]:
    """Yield the comments and strings of Python code, and the names of tests with blanks for underscores."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in (tokenize.COMMENT, tokenize.STRING):
            yield token.start[0], token.string
        elif token.type == tokenize.NAME and token.string.startswith("test_"):
            yield token.start[0], token.string.replace("_", " ")


def list_files(paths: list[str]) -> list[Path]:
    """List the tracked files with prose below some paths; this file, which quotes what it looks for, is left out."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *paths]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    files = [ROOT / name for name in listed if name.endswith(PROSE_FILES)]
    return [file for file in files if file.is_file() and not file.is_symlink() and file != Path(__file__)]


def main(paths: list[str]) -> int:
    """Print what is found, one line each, and return 1 if there is any."""
    found = [(file, *place) for file in list_files(paths) for place in find_avoided(file)]
    for file, line, wording, advice in found:
        print(f"{file.relative_to(ROOT)}:{line}: found {wording!r}; write {advice}")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
