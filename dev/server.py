"""A Galaxy server of the checkout's own, with the five tools in its panel and nothing else but the upload tool."""

import json
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import closing, ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import quoteattr

from dev import programs, resolver
from dev.environments import program
from dev.paths import LOCAL, ROOT, tool_folders, TOOL_IDS
from dev.report import SetupError

HOST = "127.0.0.1"
USER = "admin@example.org"
# Only for the first minute of a server that no other machine can reach: with it the user's own key is made.
BOOTSTRAP_KEY = "bootstrap"
PID_FILE = "galaxy.pid"
START_TIMEOUT = 600  # seconds; the first start makes the database, and other tests run beside it
# What a thread of Galaxy waits for another that writes to the database. Much longer than any of them writes.
DATABASE_TIMEOUT = 120  # seconds
# What a wrapper's test names if it draws a network, which needs Graphviz
DIAGRAM_MARKS = ("outfile_diagram", "keras_plot_model")
# Work that Galaxy lost: a job or an upload that depends on it may stay queued for ever.
LOST_WORK = re.compile(r"database is locked|Celery task execution failed|Metadata task failed")


@dataclass
class GalaxyServer:
    """A Galaxy server with its data in one folder.

    Attributes
    ----------
    folder
        Configuration, database, datasets and log; reused when the server starts again.
    port
        On the local address only; 0 takes a free one.
    key
        The user's API key, once started.
    """

    folder: Path
    port: int = 0
    key: str = ""
    _running: ExitStack = field(default_factory=ExitStack, init=False, repr=False)
    _process: subprocess.Popen | None = field(default=None, init=False, repr=False)

    @property
    def url(self) -> str:
        """Address of the web UI."""
        return f"http://{HOST}:{self.port}"

    @property
    def log(self) -> Path:
        """What Galaxy prints."""
        return self.folder / "galaxy.log"

    @property
    def tools(self) -> Path:
        """Folder of the tools as Galaxy runs them: copies without links, as a Tool Shed would install them."""
        return self.folder / "tools"

    def __enter__(self) -> "GalaxyServer":
        self._configure()
        self._start()
        return self

    def __exit__(self, *_: object) -> None:
        self._running.close()

    def wait(self) -> None:
        """Wait until the server ends by itself or the person at the terminal ends it."""
        try:
            self._process.wait()
        except KeyboardInterrupt:
            print("\nStopping Galaxy", flush=True)

    def list_lost_work(self) -> list[str]:
        """Return the lines of the log that say that Galaxy lost a task; a job may wait for it without end."""
        return [line for line in self.log.read_text(errors="replace").splitlines() if LOST_WORK.search(line)]

    def get(self, path: str, key: str | None = None, **options: Any) -> Any:
        """Ask the API and give its JSON answer."""
        headers = {"x-api-key": self.key if key is None else key, "Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.url}{path}", headers=headers, **options)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read())

    def _configure(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        _refuse_second_server(self.folder)
        self.port = self.port or _find_free_port()
        for name in ("tools", "packages"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        for tool in tool_folders():
            shutil.copytree(tool, self.tools / tool.name, ignore=shutil.ignore_patterns("__pycache__"))
        if shutil.which("dot") is None:
            _leave_out_diagrams(self.tools)
        resolver.write_packages(self.folder / "packages")
        for name, content in _configuration(self.folder).items():
            (self.folder / name).write_text(content)
        _let_read_while_writing(_database(self.folder))

    def _start(self) -> None:
        print(f"Starting Galaxy at {self.url} (log: {self.log})", flush=True)
        python = program("galaxy", "python")
        # Without the script's folder on Python's path, where modules of Galaxy's would be looked for first.
        command = [python, "-P", ROOT / "dev" / "galaxy_process.py", self.folder / "galaxy.yml", HOST, self.port]
        environment = {**os.environ, "PATH": f"{python.parent}:{os.environ['PATH']}"}
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
                raise SetupError(f"Galaxy stopped with exit code {process.returncode}; the end of its log is above")
            try:
                version = self.get("/api/version")
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.5)
                continue
            print(f"Galaxy {version['version_major']} is up after {time.monotonic() - started:.0f} s", flush=True)
            return
        programs.print_end(self.log)
        raise SetupError(f"Galaxy did not answer within {START_TIMEOUT / 60:.0f} minutes; the end of its log is above")

    def _make_key(self) -> str:
        # In single-user mode the user is made with the first page that is asked for.
        with urllib.request.urlopen(self.url, timeout=60):
            pass
        user = next(user for user in self.get("/api/users", BOOTSTRAP_KEY) if user["email"] == USER)
        return self.get(f"/api/users/{user['id']}/api_key", BOOTSTRAP_KEY, method="POST", data=b"")

    def _check_tools(self) -> None:
        """Refuse a server that lacks a tool, or that cannot resolve what one requires: its jobs would run without."""
        for tool_id in TOOL_IDS:
            try:
                requirements = self.get(f"/api/tools/{tool_id}/requirements")
            except urllib.error.HTTPError:
                raise SetupError(f"Galaxy could not load the tool {tool_id}; see {self.log}") from None
            missing = [f"{r['name']} {r['version']}" for r in requirements if not r.get("dependency_type")]
            if missing:
                raise SetupError(f"{tool_id} requires {', '.join(missing)}, which the tools' environment does not have")


def open_for_use(port: int = 0) -> GalaxyServer:
    """Give the server for a person's own histories."""
    return GalaxyServer(LOCAL / "server", port)


def open_for_tests() -> GalaxyServer:
    """Give a new server for tests, so that they never meet a person's histories nor jobs of tests that were cut off."""
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
    raise SetupError(f"A Galaxy server runs in {folder} already (process {pid}); stop it first")


def _leave_out_diagrams(tools: Path) -> None:
    """Take the tests that need Graphviz out of the copies of the wrappers, and say so."""
    for tool_id in TOOL_IDS:
        path = tools / tool_id / f"{tool_id}.xml"
        wrapper = ElementTree.parse(path)
        tests = wrapper.find("tests")
        drawn = [test for test in tests if any(mark in ElementTree.tostring(test, "unicode") for mark in DIAGRAM_MARKS)]
        for test in drawn:
            tests.remove(test)
        if drawn:
            wrapper.write(path)
            print(f"Left out: {len(drawn)} test(s) of {tool_id}, because this machine has no Graphviz", flush=True)


def _database(folder: Path) -> Path:
    return folder / "data" / "universe.sqlite"


def _let_read_while_writing(database: Path) -> None:
    """Make or change a SQLite database so that who reads never waits for who writes, nor the other way round."""
    database.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")


def _find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def _configuration(folder: Path) -> dict[str, str]:
    """Give Galaxy's configuration files by name; YAML files are written as JSON, which YAML includes."""
    galaxy = {
        "tool_config_file": str(folder / "tool_conf.xml"),
        "dependency_resolvers_config_file": str(folder / "dependency_resolvers.xml"),
        "data_dir": str(folder / "data"),
        "admin_users": USER,
        "single_user": USER,
        "bootstrap_admin_api_key": BOOTSTRAP_KEY,
        "brand": "Keras tools",
        "conda_auto_init": False,
        "conda_auto_install": False,
        "enable_mulled_containers": False,
        "database_connection": f"sqlite:///{_database(folder)}?isolation_level=IMMEDIATE&timeout={DATABASE_TIMEOUT}",
        "enable_celery_tasks": True,
        "metadata_strategy": "directory_celery",
        # Messages and results stay in the one process that writes and reads them.
        "celery_conf": {
            "broker_url": "memory://",
            "broker_transport_options": {"polling_interval": 0.05},
            "result_backend": "cache+memory://",
        },
        "job_config": _job_configuration(),
    }
    tools = "\n".join(f"        <tool file={quoteattr(str(folder / 'tools' / i / f'{i}.xml'))}/>" for i in TOOL_IDS)
    return {
        "galaxy.yml": json.dumps({"galaxy": galaxy}, indent=2),
        "tool_conf.xml": "<toolbox>\n"
        '    <section id="getext" name="Get data">\n        <tool file="data_source/upload.xml"/>\n    </section>\n'
        f'    <section id="deep_learning" name="Deep learning">\n{tools}\n    </section>\n</toolbox>\n',
        "dependency_resolvers.xml": "<dependency_resolvers>\n"
        f"    <galaxy_packages base_path={quoteattr(str(folder / 'packages'))}/>\n</dependency_resolvers>\n",
    }


def _job_configuration() -> dict[str, Any]:
    cores = os.cpu_count() or 1
    return {
        "runners": {"local": {"load": "galaxy.jobs.runners.local:LocalJobRunner", "workers": 2 * cores}},
        "execution": {"default": "local", "environments": {"local": {"runner": "local", "local_slots": cores}}},
    }
