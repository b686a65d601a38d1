"""Write the configuration of the local Galaxy server: the files, the database and copies of the tools."""

import json
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import quoteattr

from dev import resolver
from dev.paths import tool_folders, TOOL_IDS

USER = "admin@example.org"
# Creates the user's own API key when the server starts. The server listens on the local address only.
BOOTSTRAP_KEY = "bootstrap"
# Wait for a locked database; much longer than any of Galaxy's threads writes.
DATABASE_TIMEOUT = 120  # seconds
# Text in the wrapper tests that draw a network diagram, which requires Graphviz.
DIAGRAM_MARKS = ("outfile_diagram", "keras_plot_model")


def write_configuration(folder: Path, has_tests: bool, tool_ids: tuple[str, ...] = TOOL_IDS) -> None:
    """Write everything that Galaxy reads when it starts.

    Parameters
    ----------
    folder
        Folder of the server.
    has_tests
        Whether the copies of the wrappers keep their tests.
    tool_ids
        Tools that Galaxy loads.
    """
    for name in ("tools", "packages"):
        shutil.rmtree(folder / name, ignore_errors=True)
    tools = folder / "tools"
    for tool in tool_folders():
        shutil.copytree(tool, tools / tool.name, ignore=shutil.ignore_patterns("__pycache__"))
    if not has_tests:
        _remove_tests(tools, ("<test",))
    elif shutil.which("dot") is None:
        _remove_tests(tools, DIAGRAM_MARKS)
        print("Skipped the wrapper tests that draw a network diagram, because Graphviz is not installed.", flush=True)
    resolver.write_packages(folder / "packages")
    for name, content in _make_files(folder, tool_ids).items():
        (folder / name).write_text(content)
    _use_write_ahead_log(_database(folder))


def _remove_tests(tools: Path, marks: tuple[str, ...]) -> None:
    """Remove the tests that contain one of the marks from the copies of the wrappers."""
    for tool_id in TOOL_IDS:
        path = tools / tool_id / f"{tool_id}.xml"
        wrapper = ElementTree.parse(path)
        for tests in wrapper.findall("tests"):
            for test in list(tests):
                content = ElementTree.tostring(test, "unicode")
                if any(mark in content for mark in marks):
                    tests.remove(test)
        wrapper.write(path)


def _database(folder: Path) -> Path:
    return folder / "data" / "universe.sqlite"


def _use_write_ahead_log(database: Path) -> None:
    """Create or change a SQLite database so that readers and writers do not wait for each other."""
    database.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")


def _make_files(folder: Path, tool_ids: tuple[str, ...]) -> dict[str, str]:
    """Return the content of Galaxy's configuration files by name. YAML files are written as JSON, a subset of YAML."""
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
        # Messages and results stay in memory, because one process writes and reads them.
        "celery_conf": {
            "broker_url": "memory://",
            "broker_transport_options": {"polling_interval": 0.05},
            "result_backend": "cache+memory://",
        },
        "job_config": _job_configuration(),
    }
    tools = "\n".join(f"        <tool file={quoteattr(str(folder / 'tools' / i / f'{i}.xml'))}/>" for i in tool_ids)
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
