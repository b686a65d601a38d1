"""Start other programs with a time limit, and end them and their children with the command that started them."""

import os
import signal
import subprocess
import textwrap
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dev.report import SetupError

GRACE = 30  # seconds between SIGTERM and SIGKILL
TAIL_LINES = 60
_running: set[subprocess.Popen] = set()
_stopping = threading.Event()


@contextmanager
def started(command: Sequence[str | Path], log: Path | None = None, **options: Any) -> Iterator[subprocess.Popen]:
    """Start a program in a new session, and end all processes of the session on exit.

    Parameters
    ----------
    log
        File for the output of the program; None prints it on the terminal.
    **options
        Options of ``subprocess.Popen``.
    """
    if _stopping.is_set():
        raise SetupError("The command is being stopped.")
    output: dict[str, Any] = {} if log is None else {"stdout": log.open("w"), "stderr": subprocess.STDOUT}
    options = {"stdin": subprocess.DEVNULL, **output, **options}
    try:
        process = subprocess.Popen([*map(str, command)], start_new_session=True, **options)
    finally:
        if log is not None:
            output["stdout"].close()
    _running.add(process)
    try:
        yield process
    finally:
        _end(process)
        _running.discard(process)


def run(command: Sequence[str | Path], limit: float, log: Path | None = None, **options: Any) -> int:
    """Run a program and return its exit code; see ``started`` for the parameters.

    Raises
    ------
    SetupError
        The program did not end within ``limit`` seconds, or the command was stopped.
    """
    with started(command, log, **options) as process:
        deadline = time.monotonic() + limit
        while not _stopping.is_set():
            try:
                return process.wait(timeout=max(0, min(1, deadline - time.monotonic())))
            except subprocess.TimeoutExpired:
                if time.monotonic() >= deadline:
                    break
        if _stopping.is_set():
            raise SetupError("The command was stopped.")
    if log is not None:
        print_end(log)
    what = textwrap.shorten(" ".join([Path(command[0]).name, *map(str, command[1:3])]), 60)
    raise SetupError(
        f"{what!r} did not end within {limit / 60:g} minutes and was stopped; its last messages are above."
    )


def print_end(log: Path) -> None:
    """Print the last lines of a log."""
    lines = log.read_text(errors="replace").splitlines() if log.is_file() else []
    print(f"--- End of {log}:", *lines[-TAIL_LINES:], sep="\n", flush=True)


def terminate_all() -> None:
    """Send SIGTERM to all running programs and do not start others; safe to call from a signal handler."""
    _stopping.set()
    for process in list(_running):
        _signal(process.pid, signal.SIGTERM)


def _end(process: subprocess.Popen) -> None:
    """End a program and its children, including Galaxy's jobs, which run in separate process groups."""
    if process.poll() is None:
        _signal(process.pid, signal.SIGTERM)
        try:
            process.wait(GRACE)
        except subprocess.TimeoutExpired:
            pass
    for pid in _list_session(process.pid):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    process.wait()


def _signal(group: int, number: signal.Signals) -> None:
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        pass


def _list_session(session: int) -> list[int]:
    """Return the ids of the processes of a session, which is the sixth field of ``/proc/PID/stat``."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[3]) == session:
            found.append(int(path.parent.name))
    return found
