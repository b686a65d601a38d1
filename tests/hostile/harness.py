"""Run a tool's script on many hostile inputs, each in a fork of one process that has already imported Keras.

A fork takes milliseconds, whereas a new process would import TensorFlow, so a test run can include hundreds of inputs.
Each fork has a time limit. Its exit code, output and peak memory are returned.
"""

import functools
import json
import os
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from galaxy_keras.errors import LOG_HEADING

ROOT = Path(__file__).resolve().parents[2]
# Limits of every run; the time is generous because other tests use the same cores.
SECONDS = 60
MEGABYTES = 1_000  # a small prediction takes 400

# Text of Python's or a library's own errors, which a message must not contain.
RAW = re.compile(r"Traceback|NoneType|object is not|KeyError|keras\.src|must be str|\bat 0x")


@dataclass(frozen=True)
class Outcome:
    """Result of one run of a script.

    Attributes
    ----------
    exit_code
        The negative signal number if a signal ended the run, as in ``subprocess``.
    seconds
        Wall-clock time.
    peak
        Peak resident memory in megabytes; pages shared with the parent count only if they are used.
    """

    exit_code: int
    stdout: str
    stderr: str
    seconds: float
    peak: float


class ToolRunner:
    """A process that runs the script of one tool once per list of arguments; used as a context manager."""

    def __init__(self, tool: str):
        self.tool = tool

    def __enter__(self) -> "ToolRunner":
        paths = [str(ROOT / "tools" / "shared"), str(ROOT / "tests"), str(ROOT / "tools" / self.tool)]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "GALAXY_SLOTS": "1"}
        command = [sys.executable, "-m", "hostile.harness", self.tool]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()

    def run(self, *arguments: str | Path, seconds: int = SECONDS, kill: tuple[float, int] | None = None) -> Outcome:
        """Run the script.

        Parameters
        ----------
        *arguments
            Command-line arguments of the script.
        seconds
            Time limit, after which SIGALRM ends the run.
        kill
            Delay in seconds and number of a signal to send.
        """
        self._process.stdin.write(json.dumps([seconds, kill, *map(str, arguments)]) + "\n")
        self._process.stdin.flush()
        return Outcome(**json.loads(self._process.stdout.readline()))


def check_refused(outcome: Outcome, outputs: Sequence[Path] = ()) -> str:
    """Assert that a run ended with exit code 1, one printable message, no outputs, and within the limits.

    Returns
    -------
    str
        The message.
    """
    assert outcome.exit_code == 1, f"exit code {outcome.exit_code}; {outcome.stderr[-2000:]}"
    # The log of a long job follows the error.
    lines = outcome.stderr.partition(f"{LOG_HEADING}\n")[0].splitlines()
    assert len(lines) == 1, outcome.stderr[-2000:]
    assert lines[0].startswith("Error: ")
    assert lines[0].isprintable()
    assert len(lines[0]) <= 1_010
    check_bounded(outcome)
    assert [path for path in outputs if path.exists()] == []
    return lines[0]


def check_all_refused(
    runner: ToolRunner,
    arguments: Sequence[str | Path],
    path: Path,
    contents: Iterable[tuple[str, bytes]],
    outputs: Sequence[Path],
) -> dict[str, str]:
    """Run a tool on each hostile file, and assert that each is refused without text of a Python error.

    Parameters
    ----------
    arguments
        Command-line arguments, including ``path``.
    path
        Path to which each file is written.
    contents
        Names and contents of the files.

    Returns
    -------
    dict
        The message by the name of the file.
    """
    messages, failures = {}, {}
    for name, content in contents:
        path.write_bytes(content)
        outcome = runner.run(*arguments)
        try:
            messages[name] = check_refused(outcome, outputs)
            assert not RAW.search(messages[name]), messages[name]
        except AssertionError as error:
            failures[name] = f"{error} {outcome.stderr[-300:]}"
            for output in outputs:
                output.unlink(missing_ok=True)
    assert failures == {}
    return messages


def check_bounded(outcome: Outcome) -> None:
    """Assert that a run did not exceed the limits of time and memory and did not print a traceback."""
    assert outcome.exit_code in (0, 1), f"exit code {outcome.exit_code}; {outcome.stderr[-2000:]}"
    assert "Traceback" not in outcome.stderr
    assert outcome.seconds < SECONDS
    assert outcome.peak < MEGABYTES, f"{outcome.peak:.0f} MB"


def _serve(tool: str) -> None:
    """Run the script in a fork for each line of standard input, and print each result as JSON."""
    import importlib

    from galaxy_keras.errors import run_script
    from galaxy_keras.runtime import configure_keras

    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    configure_keras()
    import keras  # noqa: F401

    main = importlib.import_module(tool).main
    for line in sys.stdin:
        seconds, kill, *arguments = json.loads(line)
        run = functools.partial(run_script, functools.partial(main, arguments))
        print(json.dumps(_run_in_fork(run, seconds, kill)), flush=True)


def _run_in_fork(run: Callable[[], int], seconds: int, kill: tuple[float, int] | None) -> dict:
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        started = time.monotonic()
        child = os.fork()
        if child == 0:
            _run_and_exit(run, seconds, out.fileno(), err.fileno())
        if kill is not None:
            time.sleep(kill[0])
            os.kill(child, kill[1])
        _, status, usage = os.wait4(child, 0)
        texts = []
        for file in (out, err):
            file.seek(0)
            texts.append(file.read(1_000_000).decode(errors="replace"))
        return {
            "exit_code": os.waitstatus_to_exitcode(status),
            "stdout": texts[0],
            "stderr": texts[1],
            "seconds": time.monotonic() - started,
            "peak": usage.ru_maxrss / 1024,
        }


def _run_and_exit(run: Callable[[], int], seconds: int, out: int, err: int) -> None:
    code = 70
    try:
        signal.alarm(seconds)
        os.dup2(out, 1)
        os.dup2(err, 2)
        # Protect the machine from a runaway reader. TensorFlow maps much more memory than it uses.
        resource.setrlimit(resource.RLIMIT_DATA, (8 << 30, 8 << 30))
        code = run()
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else 1
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    _serve(sys.argv[1])
