"""Create four Python environments from pinned and hashed requirements: tools, jax, galaxy and checks.

They are separate because Galaxy, TensorFlow and planemo require different versions of the same packages. TensorFlow
2.19 imports JAX if it is installed, which takes 90 MB of memory per job, so Keras on JAX is in a separate environment.
uv creates the environments because pip is much slower for Galaxy's 200 packages.
"""

import hashlib
import os
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from dev import programs
from dev.paths import LOCAL, REQUIREMENTS, ROOT, TOOLS
from dev.report import SetupError, step

NAMES = ("tools", "jax", "galaxy", "checks")
# TensorFlow 2.19 has no wheels for later versions of Python. Galaxy and planemo also run on these.
PYTHON = ">=3.11,<3.13"
DIGEST_FILE = "requirements.sha256"
LIMIT = 1800  # seconds per environment, generous for slow downloads
Command = list[str | Path]


def program(environment: str, name: str) -> Path:
    """Return the path of a program in an environment."""
    return LOCAL / environment / "bin" / name


def make_environments(names: Iterable[str] = NAMES) -> None:
    """Create the named environments that are missing, and recreate those whose requirements have changed."""
    for name in names:
        if not _is_current(name):
            with step(f"Environment for {name}"):
                _make_with_uv(name)


def lock_requirements() -> None:
    """Write the pinned requirements (.txt) from the direct requirements (.in)."""
    for source in sorted(REQUIREMENTS.glob("*.in")):
        target = source.with_suffix(".txt")
        options = ["--generate-hashes", "--no-header", "--no-emit-index-url", "--no-annotate", "--upgrade", "--quiet"]
        _run_uv("pip", "compile", *options, "--python-version", "3.11", "--output-file", str(target), str(source))


def write_forms() -> None:
    """Write the generated macro files of the forms; this runs in the tools' environment, which has Keras."""
    command: Command = [program("tools", "python"), "-m", "dev.forms"]
    environment = {**os.environ, "PYTHONPATH": str(TOOLS / "shared")}
    _run(command, "python -m dev.forms", cwd=ROOT, env=environment)


def _make_with_uv(name: str) -> None:
    folder = LOCAL / name
    shutil.rmtree(folder, ignore_errors=True)
    _run_uv("venv", "--quiet", "--python", PYTHON, str(folder))
    requirements = str(REQUIREMENTS / f"{name}.txt")
    # Compile once: each job starts several Python processes, and on some machines they cannot store compiled files.
    options = ["--require-hashes", "--compile-bytecode"]
    _run_uv("pip", "install", *options, "--python", str(folder), "--requirements", requirements)
    # Written last: an incomplete environment has no digest and is recreated.
    (folder / DIGEST_FILE).write_text(_digest(name))


def _run_uv(*arguments: str) -> None:
    uv = LOCAL / "uv" / "bin" / "uv"
    if not _is_current("uv"):
        _make_uv(uv.parent.parent)
    environment = {
        **os.environ,
        "UV_CACHE_DIR": str(LOCAL / "uv-cache"),
        "UV_PYTHON_INSTALL_DIR": str(LOCAL / "python"),
    }
    # Otherwise uv would install into the active virtual environment of the caller.
    environment.pop("VIRTUAL_ENV", None)
    _run([uv, *arguments], f"uv {' '.join(arguments[:2])}", env=environment)


def _make_uv(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    _run([sys.executable, "-m", "venv", folder], "python -m venv")
    install: Command = [folder / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    _run([*install, "-r", REQUIREMENTS / "uv.txt"], "pip install uv")
    (folder / DIGEST_FILE).write_text(_digest("uv"))


def _run(command: Command, what: str, **options: Any) -> None:
    exit_code = programs.run(command, LIMIT, **options)
    if exit_code != 0:
        raise SetupError(f"{what} failed with exit code {exit_code}; its messages are above.")


def _is_current(name: str) -> bool:
    written = LOCAL / name / DIGEST_FILE
    return written.is_file() and written.read_text() == _digest(name)


def _digest(name: str) -> str:
    return hashlib.sha256((REQUIREMENTS / f"{name}.txt").read_bytes()).hexdigest()
