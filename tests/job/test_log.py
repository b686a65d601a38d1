"""The content and order of the log of a job."""

import os
import subprocess
import sys
from contextlib import suppress

import pytest
from examples.scripts import ROOT

from galaxy_keras.errors import InputError, run_script
from galaxy_keras.log import put_first, say

CODE = """
import sys
from galaxy_keras.errors import InputError, run_script
from galaxy_keras.log import put_first, say, say_progress
def main():
    say("line")
    {body}
sys.exit(run_script(main))
"""
FAIL = 'raise InputError("table: found x; expected y")'
ERROR = "Error: table: found x; expected y\n"


@pytest.fixture
def run_job(tmp_path):
    """Return a function that runs code as Galaxy does, and returns exit code, standard output and standard error."""

    def run(body, mode="wb", pipe=False, before=b"", stderr=None, **variables):
        command = [sys.executable, "-c", CODE.format(body=body)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "tools" / "shared"), **variables}
        out = tmp_path / "tool_stdout"
        with open(out, mode) as file:
            file.write(before)
            file.flush()
            target = subprocess.PIPE if pipe else file
            error = stderr or subprocess.PIPE
            done = subprocess.run(command, stdout=target, stderr=error, env=environment, check=False)
        return done.returncode, (done.stdout if pipe else out.read_bytes()).decode(), (done.stderr or b"").decode()

    return run


@pytest.mark.parametrize("pipe", [False, True], ids=["file", "pipe"])
def test_the_result_comes_first(run_job, pipe):
    assert run_job('put_first("accuracy 0.9"); say("more")', pipe=pipe) == (0, "accuracy 0.9\nline\nmore\n", "")


@pytest.mark.parametrize("pipe", [False, True], ids=["file", "pipe"])
def test_nothing_comes_before_the_error(run_job, pipe):
    """Galaxy shows the first 255 characters, and standard output before standard error."""
    assert run_job(FAIL, pipe=pipe) == (1, "", ERROR)


def test_the_log_of_a_long_job_follows_its_error(run_job):
    errors = f"{ERROR}Log before the error:\nline\nEpoch 1/2\n"
    assert run_job(f'say_progress("Epoch 1/2"); {FAIL}') == (1, "", errors)


def test_progress_is_written_immediately(run_job):
    """Also to a pipe, for which other lines are kept back."""
    body = 'say_progress("Epoch 1/2"); import os; os._exit(0)'
    assert run_job(body)[1] == "line\nEpoch 1/2\n"
    assert run_job(body, pipe=True)[1] == "line\nEpoch 1/2\n"


def test_lines_of_other_writers_are_kept(run_job):
    """Lines of the shell before the job, of a library during the job, and of other jobs in the same file."""
    body = 'print("a library"); put_first("result")'
    assert run_job(body, before=b"shell\n")[1] == "shell\nresult\nline\na library\n"
    assert run_job(FAIL, before=b"shell\n")[1] == "shell\n"
    assert run_job(body, mode="ab", before=b"")[1].startswith("shell\n")


def test_errors_in_the_same_file_are_kept(run_job):
    """With ``> file 2>&1``."""
    assert run_job(FAIL, stderr=subprocess.STDOUT)[1] == ERROR


def test_a_bug_keeps_the_lines_before_it(run_job):
    code, said, errors = run_job("1 / 0", pipe=True)
    assert (code, said) == (1, "line\n")
    assert errors.rstrip().endswith("ZeroDivisionError: division by zero")


@pytest.mark.parametrize("variables", [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONUTF8": "0"}])
@pytest.mark.parametrize("pipe", [False, True], ids=["file", "pipe"])
def test_every_character_can_be_written(run_job, pipe, variables):
    body = r'put_first("\ud800 \xe4 \u6f22 \x1b[31m"); say("a\nError: forged"); '
    code, said, errors = run_job(body, pipe=pipe, **variables)
    assert (code, errors) == (0, "")
    lines = said.splitlines()
    assert lines[1:] == ["line", r"a\nError: forged"]
    assert lines[0].startswith(r"\ud800 ")
    assert lines[0].endswith(r"\x1b[31m")
    code, said, errors = run_job(r'raise InputError("\ud800 \xe4 \u6f22 \r\n Error: forged")', pipe=pipe, **variables)
    assert (code, said) == (1, "")
    assert len(errors.splitlines()) == 1


def test_a_long_line_is_cut(capsys):
    say("x" * 10_000_000)
    assert len(capsys.readouterr().out) <= 1_001


@pytest.mark.parametrize("error", [None, InputError("table: found x; expected y"), ZeroDivisionError()])
def test_a_line_after_a_job_is_not_kept_back(capsys, error):
    def main():
        if error is not None:
            raise error

    with suppress(ZeroDivisionError):
        run_script(main)
    say("after")
    assert capsys.readouterr().out == "after\n"


def test_a_result_without_a_job_is_not_written(capsys):
    put_first("result")
    assert capsys.readouterr().out == ""


def test_warnings_of_libraries_are_logged(run_job):
    body = 'import warnings, logging; warnings.warn("Skipping variable loading"); '
    assert run_job(body, PYTHONWARNINGS="default") == (0, "line\nWarning: Skipping variable loading\n", "")


@pytest.mark.parametrize("redirection", [">&-", "> /dev/full", "| true", "2>&-", "2> /dev/full"])
def test_a_job_succeeds_without_usable_output_streams(redirection):
    script = CODE.format(body='put_first("result")')
    command = f'set -o pipefail; "$PYTHON" -c "$SCRIPT" {redirection}'
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT / "tools" / "shared"),
        "PYTHON": sys.executable,
        "SCRIPT": script,
    }
    done = subprocess.run(["bash", "-c", command], env=environment, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
