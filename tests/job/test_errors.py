"""Errors of a script: messages and exit codes."""

import os
import signal
import subprocess
import sys
from xml.etree import ElementTree

import pytest
from examples.scripts import ROOT

from galaxy_keras.errors import InputError, MemoryShortageError, run_script

TOOLS = sorted(folder.name for folder in (ROOT / "tools").iterdir() if folder.name != "shared")


def test_an_error_of_the_user_is_one_line(capsys):
    def main():
        raise InputError("table, row 3: found x; expected y")

    assert run_script(main) == 1
    assert capsys.readouterr().err == "Error: table, row 3: found x; expected y\n"


def test_a_memory_shortage_has_a_separate_exit_code(capsys):
    def main():
        raise MemoryError("Unable to allocate 7 TiB")

    assert run_script(main) == MemoryShortageError.exit_code
    message = "Error: memory: not enough (Unable to allocate 7 TiB); expected a job with more memory\n"
    assert capsys.readouterr().err == message


@pytest.mark.parametrize("tool", TOOLS)
def test_the_wrapper_declares_the_exit_code_of_a_memory_shortage(tool):
    """A Galaxy server can be configured to run such a job again with more memory."""
    command = ElementTree.parse(ROOT / "tools" / tool / f"{tool}.xml").find("command")
    assert command.get("detect_errors") == "exit_code"
    assert command.get("oom_exit_code") == str(MemoryShortageError.exit_code)


def test_a_bug_keeps_its_traceback():
    with pytest.raises(ZeroDivisionError):
        run_script(lambda: 1 / 0)


def test_success_has_the_exit_code_zero():
    assert run_script(lambda: None) == 0


def test_a_signal_during_the_removal_of_an_object_also_ends_the_job():
    code = """
import os, signal, sys, time
from galaxy_keras.errors import run_script

class Removed:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(0.05)

def main():
    Removed()
    time.sleep(20)

sys.exit(run_script(main))
"""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "tools" / "shared")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, timeout=60)
    assert done.returncode == 128 + signal.SIGTERM
    assert (
        done.stderr == "Error: job: ended by SIGTERM, for example because it was deleted or exceeded its time limit\n"
    )
