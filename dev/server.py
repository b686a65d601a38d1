"""Start and stop a local Galaxy server that has the five tools and the upload tool."""

import json
import os
import re
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dev import programs
from dev.environments import program
from dev.galaxy_config import BOOTSTRAP_KEY, USER, write_configuration
from dev.paths import LOCAL, ROOT, TOOL_IDS
from dev.report import SetupError

HOST = "127.0.0.1"
PID_FILE = "galaxy.pid"
START_TIMEOUT = 600  # seconds; the first start creates the database while other tests use the same cores
# Log lines of tasks that Galaxy lost. Jobs that depend on such a task stay queued forever.
LOST_TASKS = re.compile(r"database is locked|Celery task execution failed|Metadata task failed")


@dataclass
class GalaxyServer:
    """A Galaxy server whose data is in one folder; used as a context manager.

    Attributes
    ----------
    folder
        Configuration, database, datasets and log. A later server in the same folder has the same histories.
    port
        Port on the local address; 0 selects a free port.
    has_tests
        Whether the tools have their wrapper tests. They slow down the start of Galaxy, which models the form per test.
    tool_ids
        Tools that Galaxy loads in addition to the upload tool.
    key
        API key of the user; available once the server has started.
    """

    folder: Path
    port: int = 0
    has_tests: bool = True
    tool_ids: tuple[str, ...] = TOOL_IDS
    key: str = ""
    _running: ExitStack = field(default_factory=ExitStack, init=False, repr=False)
    _process: subprocess.Popen | None = field(default=None, init=False, repr=False)

    @property
    def url(self) -> str:
        """Address of the web interface."""
        return f"http://{HOST}:{self.port}"

    @property
    def log(self) -> Path:
        """Path of the log file."""
        return self.folder / "galaxy.log"

    def __enter__(self) -> "GalaxyServer":
        self.folder.mkdir(parents=True, exist_ok=True)
        _refuse_second_server(self.folder)
        self.port = self.port or _find_free_port()
        write_configuration(self.folder, self.has_tests, self.tool_ids)
        self._start()
        return self

    def __exit__(self, *_: object) -> None:
        self._running.close()

    def wait(self) -> None:
        """Wait until the server ends or the user presses Ctrl-C."""
        try:
            if self._process is not None:
                self._process.wait()
        except KeyboardInterrupt:
            print("\nStopping Galaxy", flush=True)

    def list_lost_tasks(self) -> list[str]:
        """Return the log lines about tasks that Galaxy lost; jobs may wait for such a task forever."""
        return [line for line in self.log.read_text(errors="replace").splitlines() if LOST_TASKS.search(line)]

    def get(self, path: str, key: str | None = None, **options: Any) -> Any:
        """Send a request to the API and return its JSON response.

        Parameters
        ----------
        path
            Path of the API, such as ``/api/version``.
        key
            API key; None uses the key of the user.
        **options
            Options of ``urllib.request.Request``, such as ``method`` and ``data``.
        """
        headers = {"x-api-key": self.key if key is None else key, "Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.url}{path}", headers=headers, **options)
        with urllib.request.urlopen(request, timeout=60) as response:
            return json.loads(response.read())

    def _start(self) -> None:
        print(f"Starting Galaxy at {self.url} (log: {self.log})", flush=True)
        python = program("galaxy", "python")
        # -P keeps the folder of the script off Python's path, where Galaxy's imports would be looked up first.
        script = ROOT / "dev" / "galaxy_process.py"
        command: list[str | Path] = [python, "-P", script, self.folder / "galaxy.yml", HOST, str(self.port)]
        environment = {
            **os.environ,
            "PATH": f"{python.parent}:{os.environ['PATH']}",
            # Galaxy installs a tracing plugin for pydantic that is not used here and takes 500 MB for the form models.
            "PYDANTIC_DISABLE_PLUGINS": "__all__",
        }
        with ExitStack() as starting:
            self._process = starting.enter_context(
                programs.started(command, self.log, cwd=self.folder, env=environment)
            )
            pid_file = self.folder / PID_FILE
            pid_file.write_text(str(self._process.pid))
            starting.callback(pid_file.unlink, missing_ok=True)
            self._wait_until_ready(self._process)
            self.key = self._make_key()
            self._check_tools()
            self._running = starting.pop_all()

    def _wait_until_ready(self, process: subprocess.Popen) -> None:
        started = time.monotonic()
        while time.monotonic() - started < START_TIMEOUT:
            if process.poll() is not None:
                programs.print_end(self.log)
                raise SetupError(f"Galaxy stopped with exit code {process.returncode}; its last messages are above.")
            try:
                version = self.get("/api/version")
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.5)
                continue
            print(f"Galaxy {version['version_major']} is up after {time.monotonic() - started:.0f} s", flush=True)
            return
        programs.print_end(self.log)
        raise SetupError(
            f"Galaxy did not respond within {START_TIMEOUT / 60:.0f} minutes; its last messages are above."
        )

    def _make_key(self) -> str:
        # In single-user mode, Galaxy creates the user with the first request of a page.
        with urllib.request.urlopen(self.url, timeout=60):
            pass
        user = next(user for user in self.get("/api/users", BOOTSTRAP_KEY) if user["email"] == USER)
        return self.get(f"/api/users/{user['id']}/api_key", BOOTSTRAP_KEY, method="POST", data=b"")

    def _check_tools(self) -> None:
        """Check that Galaxy loaded each tool and resolved its requirements; jobs would run without unresolved ones."""
        for tool_id in self.tool_ids:
            try:
                requirements = self.get(f"/api/tools/{tool_id}/requirements")
            except urllib.error.HTTPError:
                raise SetupError(f"Galaxy could not load the tool {tool_id}; see {self.log}.") from None
            missing = [f"{r['name']} {r['version']}" for r in requirements if not r.get("dependency_type")]
            if missing:
                raise SetupError(f"{tool_id} requires {', '.join(missing)}; the tools' environment has other versions.")


def open_for_use(port: int = 0) -> GalaxyServer:
    """Return the server for interactive use, which keeps its histories."""
    return GalaxyServer(LOCAL / "server", port, has_tests=False)


def open_for_tests() -> GalaxyServer:
    """Return a new server for tests, without the histories and unfinished jobs of earlier runs."""
    folder = LOCAL / "test-server"
    _refuse_second_server(folder)
    shutil.rmtree(folder, ignore_errors=True)
    return GalaxyServer(folder)


def _refuse_second_server(folder: Path) -> None:
    pid_file = folder / PID_FILE
    if not pid_file.is_file():
        return
    pid = int(pid_file.read_text())
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        pid_file.unlink()
        return
    raise SetupError(f"A Galaxy server is already running in {folder} (process {pid}); stop it first.")


def _find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]
