"""Four Python environments from pinned, hashed requirements: the tools', Keras on JAX, Galaxy's and the checks'.

They cannot be one: Galaxy and TensorFlow pin the same packages to different versions, and so do Galaxy and planemo.
TensorFlow imports JAX where it finds it, which would cost every job 90 MB. uv makes them, because pip needs many times
as long for Galaxy's two hundred packages.
"""

import hashlib
import os
import shutil
import sys
from pathlib import Path
from typing import Any

from dev import programs
from dev.paths import LOCAL, REQUIREMENTS, ROOT, TOOLS
from dev.report import SetupError, step

NAMES = ("tools", "jax", "galaxy", "checks")
# TensorFlow 2.19 has no packages for a later Python; Galaxy and planemo run on the same.
PYTHON = ">=3.11,<3.13"
DIGEST_FILE = "requirements.sha256"
LIMIT = 1800  # seconds for one environment; it may be downloaded over a slow connection


def program(environment: str, name: str) -> Path:
    """Give the path of a program in an environment."""
    return LOCAL / environment / "bin" / name


def make_environments() -> None:
    """Make the environments that are missing or whose requirements have changed; leave the others as they are."""
    for name in NAMES:
        if not _is_current(name):
            with step(f"Environment for {name}"):
                _make_with_uv(name)


def lock_requirements() -> None:
    """Write the pinned requirements (.txt) anew from those that are asked for (.in)."""
    for source in sorted(REQUIREMENTS.glob("*.in")):
        target = source.with_suffix(".txt")
        options = ["--generate-hashes", "--no-header", "--no-emit-index-url", "--no-annotate", "--upgrade", "--quiet"]
        _run_uv("pip", "compile", *options, "--python-version", "3.11", "--output-file", str(target), str(source))


def write_forms() -> None:
    """Write the generated parts of the forms, in the environment that has Keras."""
    command = [program("tools", "python"), "-m", "dev.forms"]
    environment = {**os.environ, "PYTHONPATH": str(TOOLS / "shared")}
    _run(command, "python -m dev.forms", cwd=ROOT, env=environment)


def _make_with_uv(name: str) -> None:
    folder = LOCAL / name
    shutil.rmtree(folder, ignore_errors=True)
    _run_uv("venv", "--quiet", "--python", PYTHON, str(folder))
    requirements = str(REQUIREMENTS / f"{name}.txt")
    # Compiled once: every job starts several Pythons, and some machines forbid them to keep what they compile.
    options = ["--require-hashes", "--compile-bytecode"]
    _run_uv("pip", "install", *options, "--python", str(folder), "--requirements", requirements)
    # Written last: an environment that was not finished has no digest and is made anew.
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
    # The caller's own environment must not be the one that uv installs into.
    environment.pop("VIRTUAL_ENV", None)
    _run([uv, *arguments], f"uv {' '.join(arguments[:2])}", env=environment)


def _make_uv(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    _run([sys.executable, "-m", "venv", folder], "python -m venv")
    install = [folder / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    _run([*install, "-r", REQUIREMENTS / "uv.txt"], "pip install uv")
    (folder / DIGEST_FILE).write_text(_digest("uv"))


def _run(command: list[str | Path], what: str, **options: Any) -> None:
    exit_code = programs.run(command, LIMIT, **options)
    if exit_code != 0:
        raise SetupError(f"{what} failed with exit code {exit_code}; its messages are above")


def _is_current(name: str) -> bool:
    written = LOCAL / name / DIGEST_FILE
    return written.is_file() and written.read_text() == _digest(name)


def _digest(name: str) -> str:
    return hashlib.sha256((REQUIREMENTS / f"{name}.txt").read_bytes()).hexdigest()
