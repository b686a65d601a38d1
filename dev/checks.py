"""Parts of the test command. Each part returns the numbers of passed, failed and skipped checks."""

import json
import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from dev import programs
from dev.environments import program
from dev.paths import list_workflows, LOCAL, ROOT, tool_folders
from dev.server import GalaxyServer

REPORTS = LOCAL / "reports"
# Do not turn warnings of Galaxy's and planemo's code into errors.
THEIR_WARNINGS = ("-W", "default")
# Parallel wrapper tests per core: a test also waits while Galaxy reads and writes its data.
WRAPPER_TESTS_PER_CORE = 3
# Time limit per part in seconds: several times its duration on two busy cores.
LIMITS = {"lint": 600, "unit": 3600, "uploads": 900, "wrappers": 2400, "workflow": 900, "interface": 2400}
# Time limit per wrapper or workflow test in seconds: a test would wait forever for an upload that Galaxy lost.
TEST_LIMIT = 600
Command = list[str | Path]


@dataclass(frozen=True)
class Count:
    """Numbers of passed, failed and skipped checks."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    def __str__(self) -> str:
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        return f"{self.passed} passed, {self.failed} failed{skipped}"


def check_style() -> Count:
    """Check style, types, spelling and wording, and lint wrappers, ``.shed.yml`` and the workflows."""
    lint = ["--fail_level", "warn"]
    commands: list[Command] = [
        [program("checks", "ruff"), "check", ROOT],
        [program("checks", "ruff"), "format", "--check", ROOT],
        [program("checks", "mypy"), "--python-executable", program("tools", "python")],
        [program("checks", "codespell")],
        [sys.executable, "-m", "dev.prose"],
        *([*_planemo("lint"), *lint, folder] for folder in tool_folders()),
        # version_bumped is skipped because it requests the previous version from a Tool Shed.
        [*_planemo("shed_lint"), *lint, "--skip", "version_bumped", ROOT],
        *([*_planemo("workflow_lint"), *lint, "--iwc", path.parent] for path in list_workflows()),
    ]
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        return sum(pool.map(_run_lint, range(len(commands)), commands), Count())


def check_units() -> Count:
    """Run the unit tests in the tools' environment; warnings are errors."""
    return _run_pytest("tools", "unit", ROOT / "tests")


def check_uploads() -> Count:
    """Create the Tool Shed uploads and test each of them outside of the repository."""
    return _run_pytest("checks", "uploads", ROOT / "tests" / "uploads", *THEIR_WARNINGS)


def check_wrappers(server: GalaxyServer) -> Count:
    """Run the wrapper tests with Galaxy's test runner, in parallel; planemo would run one at a time."""
    report, log = _empty_report("wrappers.json"), REPORTS / "wrappers.log"
    command: Command = [
        program("checks", "galaxy-tool-test"),
        *("--galaxy-url", server.url, "--key", server.key, "--admin-key", server.key),
        *("--parallel-tests", str(WRAPPER_TESTS_PER_CORE * (os.cpu_count() or 1)), "--history-per-test-case"),
        *("--output-json", report),
    ]
    programs.run(
        command, LIMITS["wrappers"], log, cwd=ROOT, env={**os.environ, "GALAXY_TEST_DEFAULT_WAIT": str(TEST_LIMIT)}
    )
    results = json.loads(report.read_text())["results"] if report.is_file() else {"total": 0}
    failed, skipped = results.get("failures", 0) + results.get("errors", 0), results.get("skips", 0)
    count = Count(results["total"] - failed - skipped, failed or int(not results["total"]), skipped)
    return _show_failures(count, log)


def check_workflow(server: GalaxyServer) -> Count:
    """Run the tests of the workflows in Galaxy."""
    report, log = _empty_report("workflow.xml"), REPORTS / "workflow.log"
    command: Command = [
        *_planemo("test"),
        *("--engine", "external_galaxy", "--galaxy_url", server.url),
        *("--galaxy_user_key", server.key, "--galaxy_admin_key", server.key),
        *("--test_output", REPORTS / "workflow.html", "--test_output_json", REPORTS / "workflow.json"),
        *("--test_output_xunit", report, "--no_shed_install", "--test_timeout", str(TEST_LIMIT)),
        *list_workflows(),
    ]
    return _show_failures(_count(report, programs.run(command, LIMITS["workflow"], log, cwd=ROOT)), log)


def check_interface(server: GalaxyServer) -> Count:
    """Run the tests of ``tests/galaxy``: published and shipped workflows, forms and refused trainings."""
    os.environ.update({"GALAXY_URL": server.url, "GALAXY_API_KEY": server.key})
    return _run_pytest("checks", "interface", ROOT / "tests" / "galaxy", *THEIR_WARNINGS)


def check_log(server: GalaxyServer) -> Count:
    """Check Galaxy's log for lost tasks, which a test may not notice."""
    lost = server.list_lost_tasks()
    for line in lost:
        print(line, flush=True)
    return Count(failed=1) if lost else Count(passed=1)


LOCAL_PARTS: dict[str, Callable[[], Count]] = {
    "lint": check_style,
    "unit": check_units,
    "uploads": check_uploads,
}
GALAXY_PARTS: dict[str, Callable[[GalaxyServer], Count]] = {
    "wrappers": check_wrappers,
    "workflow": check_workflow,
    "interface": check_interface,
}


# Environments that a part uses.
ENVIRONMENTS = {
    "lint": ("checks", "tools"),
    "unit": ("tools", "jax"),
    "uploads": ("checks", "tools"),
    **dict.fromkeys(GALAXY_PARTS, ("galaxy", "checks", "tools")),
}


def _planemo(command: str) -> Command:
    return [program("checks", "planemo"), "--directory", LOCAL / "planemo", command]


def _run_pytest(environment: str, name: str, tests: Path, *options: str) -> Count:
    """Run pytest on all cores."""
    report = _empty_report(f"{name}.xml")
    parallel = [f"--numprocesses={os.cpu_count()}", "--dist=worksteal"]
    command: Command = [
        program(environment, "python"),
        "-m",
        "pytest",
        *parallel,
        *options,
        f"--junitxml={report}",
        tests,
    ]
    variables = {**os.environ, "TOOLS_PYTHON": str(program("tools", "python"))}
    return _count(report, programs.run(command, LIMITS[name], cwd=ROOT, env=variables))


def _show_failures(count: Count, log: Path) -> Count:
    """Print the log if a check failed, and return the numbers."""
    if count.failed:
        print(log.read_text(), flush=True)
    return count


def _run_lint(number: int, command: Command) -> Count:
    """Run one check, and print its command and log if it fails."""
    log = _empty_report(f"lint-{number}.log")
    if programs.run(command, LIMITS["lint"], log, cwd=ROOT) == 0:
        return Count(passed=1)
    print(" ".join(map(str, command)))
    return _show_failures(Count(failed=1), log)


def _empty_report(name: str) -> Path:
    """Return the path of a report, after removing the report of an earlier run."""
    REPORTS.mkdir(parents=True, exist_ok=True)
    path = REPORTS / name
    path.unlink(missing_ok=True)
    return path


def _count(report: Path, exit_code: int) -> Count:
    """Count the tests of an xUnit report; a failed command without a failed test counts as one failure."""
    if not report.is_file():
        return Count(failed=1)
    suites = ElementTree.parse(report).getroot()
    suite = suites if suites.tag == "testsuite" else suites[0]
    total, skipped = int(suite.get("tests", 0)), int(suite.get("skipped", 0))
    failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
    return Count(total - failed - skipped, failed or int(exit_code != 0), skipped)
