"""What a script says at its end."""

import os
import signal
import subprocess
import sys
from xml.etree import ElementTree

import pytest
from examples.scripts import ROOT

from galaxy_keras.errors import InputError, MemoryShortageError, run_script

TOOLS = sorted(folder.name for folder in (ROOT / "tools").iterdir() if folder.name != "shared")


def test_a_users_mistake_is_one_line(capsys):
    def main():
        raise InputError("table, row 3: found x; expected y")

    assert run_script(main) == 1
    assert capsys.readouterr().err == "Error: table, row 3: found x; expected y\n"


def test_memory_that_is_not_there_has_an_exit_code_of_its_own(capsys):
    def main():
        raise MemoryError("Unable to allocate 7 TiB")

    assert run_script(main) == MemoryShortageError.exit_code
    said = "Error: memory: found too little (Unable to allocate 7 TiB); expected a job with more memory\n"
    assert capsys.readouterr().err == said


@pytest.mark.parametrize("tool", TOOLS)
def test_galaxy_is_told_which_exit_code_asks_for_more_memory(tool):
    """Only then can it give the job more, as a Galaxy may be set up to do."""
    command = ElementTree.parse(ROOT / "tools" / tool / f"{tool}.xml").find("command")
    assert command.get("detect_errors") == "exit_code"
    assert command.get("oom_exit_code") == str(MemoryShortageError.exit_code)


def test_a_defect_keeps_its_traceback():
    with pytest.raises(ZeroDivisionError):
        run_script(lambda: 1 / 0)


def test_success_is_zero():
    assert run_script(lambda: None) == 0


def test_a_signal_in_the_removal_of_an_object_ends_the_job_too():
    code = """
import os, signal, sys, time
from galaxy_keras.errors import run_script

class Held:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(0.05)

def main():
    Held()
    time.sleep(20)

sys.exit(run_script(main))
"""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "tools" / "shared")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, timeout=60)
    assert done.returncode == 128 + signal.SIGTERM
    assert done.stderr == "Error: job: ended by SIGTERM, as when it is deleted or takes longer than allowed\n"
