"""Programs that the commands start end in time, with all that they started, and say why."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import ROOT

from dev import programs
from dev.report import SetupError
from dev.server import GalaxyServer

# Starts another program in a process group of its own, as Galaxy does with its jobs, and waits with it.
PARENT = """
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], preexec_fn=os.setpgrp)
print(child.pid, flush=True)
time.sleep(600)
"""
# The same below ``programs.run``, with the signals of the command.
COMMAND = """
import sys
from dev import programs
from dev.__main__ import catch_signals
catch_signals()
programs.run([sys.executable, "-c", sys.argv[1]], 600)
"""


def ends(pid: int) -> bool:
    """Wait for the end of a process that was killed; the system may take a moment."""
    path = Path(f"/proc/{pid}/stat")
    for _ in range(100):
        if not path.exists() or ") Z " in path.read_text():
            return True
        time.sleep(0.1)
    return False


def test_the_exit_code_and_the_log_are_those_of_the_program(tmp_path):
    log = tmp_path / "log"
    code = "import sys; print('said'); print('wrong', file=sys.stderr); sys.exit(3)"
    assert programs.run([sys.executable, "-u", "-c", code], 60, log) == 3
    assert log.read_text() == "said\nwrong\n"


def test_a_program_beyond_its_limit_ends_with_all_that_it_started_and_the_end_of_its_log(tmp_path, capsys):
    log = tmp_path / "log"
    started = time.monotonic()
    with pytest.raises(SetupError, match=r"^'python.*' did not end within 0\.05 minutes and was stopped"):
        programs.run([sys.executable, "-c", PARENT], 3, log)
    assert time.monotonic() - started < 30
    child = int(log.read_text())
    assert ends(child)
    assert capsys.readouterr().out.splitlines()[-1] == str(child)


def test_only_the_end_of_a_long_log_is_printed(tmp_path, capsys):
    log = tmp_path / "log"
    log.write_text("".join(f"line {number}\n" for number in range(1000)))
    programs.print_end(log)
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == programs.TAIL_LINES + 1
    assert printed[-1] == "line 999"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_all_that_the_command_started(number):
    command = [sys.executable, "-c", COMMAND, PARENT]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        child = int(process.stdout.readline())
        process.send_signal(number)
        assert process.wait(30) != 0
    assert ends(child)


def test_a_task_that_galaxy_lost_is_found_in_its_log(tmp_path):
    server = GalaxyServer(tmp_path)
    server.log.write_text("galaxy.jobs DEBUG all is well\n")
    assert server.list_lost_work() == []
    lost = [
        "sqlalchemy.exc.OperationalError: (sqlite3.OperationalError) database is locked",
        "galaxy.celery ERROR Celery task execution failed for setup_fetch_data (5023.1 ms)",
    ]
    server.log.write_text("\n".join(["galaxy.jobs DEBUG", *lost, "INFO"]))
    assert server.list_lost_work() == lost
