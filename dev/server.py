"""A Galaxy server of the checkout's own, with the five tools in its panel and nothing else but the upload tool."""

import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import quoteattr

from dev import resolver
from dev.environments import program
from dev.paths import LOCAL, tool_folders, TOOL_IDS
from dev.report import SetupError

HOST = "127.0.0.1"
USER = "admin@example.org"
# Only for the first minute of a server that no other machine can reach: with it the user's own key is made.
BOOTSTRAP_KEY = "bootstrap"
PID_FILE = "galaxy.pid"
START_TIMEOUT = 600  # seconds; the first start makes the database, and other tests run beside it
STOP_TIMEOUT = 30  # seconds


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
    _processes: list[subprocess.Popen] = field(default_factory=list, init=False, repr=False)

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
        self._stop()

    def wait(self) -> None:
        """Wait until the server ends by itself or the person at the terminal ends it."""
        try:
            self._processes[0].wait()
        except KeyboardInterrupt:
            print("\nStopping Galaxy", flush=True)

    def get(self, path: str, key: str | None = None, **options: Any) -> Any:
        """Ask the API and give its JSON answer."""
        headers = {"x-api-key": self.key if key is None else key}
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

    def _start(self) -> None:
        print(f"Starting Galaxy at {self.url} (log: {self.log})", flush=True)
        try:
            self._start_program("galaxy-web", "-c", str(self.folder / "galaxy.yml"), "-b", f"{HOST}:{self.port}")
            (self.folder / PID_FILE).write_text(str(self._processes[0].pid))
            self._wait_until_ready()
            # After Galaxy has made the database. It does uploads and metadata in a process that has Galaxy imported
            # already, where a job of its own would need ten seconds for the import alone.
            worker = ["--app", "galaxy.celery", "worker", "--pool", "threads", "--concurrency", "2"]
            self._start_program("celery", *worker, "--queues", "galaxy.internal,galaxy.external")
            self.key = self._make_key()
            self._check_tools()
        except BaseException:
            self._stop()
            raise

    def _start_program(self, name: str, *arguments: str) -> None:
        path = program("galaxy", name)
        environment = {
            **os.environ,
            "PATH": f"{path.parent}:{os.environ['PATH']}",
            "GALAXY_CONFIG_FILE": str(self.folder / "galaxy.yml"),
        }
        with (self.log if not self._processes else self.log.with_name(f"{name}.log")).open("w") as log:
            # A session of its own: Galaxy runs jobs as processes, which end with their group.
            self._processes.append(
                subprocess.Popen(
                    [path, *arguments],
                    cwd=self.folder,
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            )

    def _wait_until_ready(self) -> None:
        started = time.monotonic()
        while time.monotonic() - started < START_TIMEOUT:
            if self._processes[0].poll() is not None:
                raise SetupError(f"Galaxy stopped with exit code {self._processes[0].returncode}; see {self.log}")
            try:
                version = self.get("/api/version")
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(1)
                continue
            print(f"Galaxy {version['version_major']} is up after {time.monotonic() - started:.0f} s", flush=True)
            return
        raise SetupError(f"Galaxy did not answer within {START_TIMEOUT} s; see {self.log}")

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

    def _stop(self) -> None:
        for process in reversed(self._processes):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
                try:
                    process.wait(STOP_TIMEOUT)
                except subprocess.TimeoutExpired:
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()
        self._processes.clear()
        (self.folder / PID_FILE).unlink(missing_ok=True)


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
    """Take the tests that need Graphviz out of the copies of the tools, and say so."""
    for path in tools.glob("*/diagram_tests.xml"):
        macros = ElementTree.parse(path)
        for macro in macros.findall("xml"):
            for test in macro.findall("test"):
                macro.remove(test)
        macros.write(path)
        print(f"Left out: the tests of {path.relative_to(tools)}, because this machine has no Graphviz", flush=True)


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
        "enable_celery_tasks": True,
        "metadata_strategy": "directory_celery",
        "celery_conf": {
            "broker_url": f"sqla+sqlite:///{folder / 'celery.sqlite'}?isolation_level=IMMEDIATE",
            # Galaxy waits for the metadata before it says that a job has ended.
            "result_backend": f"db+sqlite:///{folder / 'celery_results.sqlite'}",
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
