"""Programs started by the commands: time limits, signals, logs and child processes."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from examples.scripts import ROOT

from dev import programs
from dev.report import SetupError
from dev.server import GalaxyServer

# Starts another program in a separate process group, as Galaxy does with its jobs, and waits.
PARENT = """
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], preexec_fn=os.setpgrp)
print(child.pid, flush=True)
time.sleep(600)
"""
# Runs the program above through ``programs.run``, with the signal handlers of the command.
COMMAND = """
import sys
from dev import programs
from dev.__main__ import catch_signals
catch_signals()
programs.run([sys.executable, "-c", sys.argv[1]], 600)
"""


def ends(pid: int) -> bool:
    """Wait up to 10 s until a killed process has ended, and return whether it has."""
    path = Path(f"/proc/{pid}/stat")
    for _ in range(100):
        if not path.exists() or ") Z " in path.read_text():
            return True
        time.sleep(0.1)
    return False


def test_run_returns_the_exit_code_and_writes_the_log(tmp_path):
    log = tmp_path / "log"
    code = "import sys; print('said'); print('wrong', file=sys.stderr); sys.exit(3)"
    assert programs.run([sys.executable, "-u", "-c", code], 60, log) == 3
    assert log.read_text() == "said\nwrong\n"


def test_a_program_that_exceeds_its_limit_is_ended_with_its_children_and_its_log_is_printed(tmp_path, capsys):
    log = tmp_path / "log"
    started = time.monotonic()
    with pytest.raises(SetupError, match=r"^'python.*' did not end within 0\.05 minutes and was stopped"):
        programs.run([sys.executable, "-c", PARENT], 3, log)
    assert time.monotonic() - started < 30
    child = int(log.read_text())
    assert ends(child)
    assert capsys.readouterr().out.splitlines()[-1] == str(child)


def test_only_the_last_lines_of_a_long_log_are_printed(tmp_path, capsys):
    log = tmp_path / "log"
    log.write_text("".join(f"line {number}\n" for number in range(1000)))
    programs.print_end(log)
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == programs.TAIL_LINES + 1
    assert printed[-1] == "line 999"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_all_programs_of_the_command(number):
    command = [sys.executable, "-c", COMMAND, PARENT]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        child = int(process.stdout.readline())
        process.send_signal(number)
        assert process.wait(30) != 0
    assert ends(child)


def test_lost_tasks_are_found_in_the_log_of_galaxy(tmp_path):
    server = GalaxyServer(tmp_path)
    server.log.write_text("galaxy.jobs DEBUG all is well\n")
    assert server.list_lost_tasks() == []
    lost = [
        "sqlalchemy.exc.OperationalError: (sqlite3.OperationalError) database is locked",
        "galaxy.celery ERROR Celery task execution failed for setup_fetch_data (5023.1 ms)",
    ]
    server.log.write_text("\n".join(["galaxy.jobs DEBUG", *lost, "INFO"]))
    assert server.list_lost_tasks() == lost
