"""The parts of the test command. Each gives how many checks passed and failed."""

import os
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from dev.environments import program
from dev.paths import LOCAL, ROOT, tool_folders, WORKFLOW
from dev.server import GalaxyServer

REPORTS = LOCAL / "reports"
# What Galaxy's and planemo's own code warns of is no defect of the suite's.
THEIR_WARNINGS = ("-W", "default")
# planemo runs them one after the other; with more of them the tool with the most tests would run alone in the end.
TESTS_OF_A_LOT = 17
Command = list[str | Path]


@dataclass(frozen=True)
class Count:
    """How many checks passed, failed and were left out."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    def __str__(self) -> str:
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        return f"{self.passed} passed, {self.failed} failed{skipped}"


def check_style() -> Count:
    """Lint Python, wrappers, upload descriptions and the workflow, all at fail level *warn*."""
    lint = ["--fail_level", "warn"]
    commands: list[Command] = [
        [program("checks", "ruff"), "check", ROOT],
        [program("checks", "ruff"), "format", "--check", ROOT],
        *([*_planemo("lint"), *lint, folder] for folder in tool_folders()),
        # What asks a Tool Shed for the version before this one is left out.
        [*_planemo("shed_lint"), *lint, "--tools", "--skip", "version_bumped", ROOT],
        [*_planemo("workflow_lint"), *lint, "--iwc", WORKFLOW.parent],
    ]
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        return sum(pool.map(_run_silently, commands), Count())


def check_units() -> Count:
    """Run the unit tests in the tools' environment, where a warning is an error."""
    return _run_pytest("tools", "unit", ROOT / "tests")


def check_uploads() -> Count:
    """Make the Tool Shed uploads and try each away from the checkout."""
    return _run_pytest("checks", "uploads", ROOT / "tests" / "uploads", *THEIR_WARNINGS)


def check_wrappers(server: GalaxyServer) -> Count:
    """Run every wrapper's tests in Galaxy, twice as many lots at a time as there are cores: half a test is waiting."""
    with ThreadPoolExecutor(max_workers=2 * (os.cpu_count() or 1)) as pool:
        counts = pool.map(lambda lot: _run_planemo_test(server, *lot), _list_lots(server))
        return sum(counts, Count())


def check_workflow(server: GalaxyServer) -> Count:
    """Run the workflow's test in Galaxy."""
    return _run_planemo_test(server, WORKFLOW)


def check_interface(server: GalaxyServer) -> Count:
    """Import and run workflows of the published tools' revisions in Galaxy."""
    os.environ.update({"GALAXY_URL": server.url, "GALAXY_API_KEY": server.key})
    return _run_pytest("checks", "interface", ROOT / "tests" / "galaxy", *THEIR_WARNINGS)


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


def _planemo(command: str) -> Command:
    return [program("checks", "planemo"), "--directory", LOCAL / "planemo", command]


def _run_pytest(environment: str, name: str, tests: Path, *options: str) -> Count:
    """Run tests on all cores."""
    report = _report_path(name)
    everywhere = [f"--numprocesses={os.cpu_count()}", "--dist=worksteal"]
    command = [program(environment, "python"), "-m", "pytest", *everywhere, *options, f"--junitxml={report}", tests]
    variables = {**os.environ, "TOOLS_PYTHON": str(program("tools", "python"))}
    exit_code = subprocess.run(command, cwd=ROOT, env=variables, check=False).returncode
    return _count(report, exit_code)


def _list_lots(server: GalaxyServer) -> list[tuple[Path, range]]:
    """Give each wrapper with numbers of its tests, as many times as it takes to name them all."""
    summary, lots = server.get("/api/tools/tests_summary"), []
    for folder in sorted(server.tools.iterdir()):
        count = sum(version["count"] for version in summary[folder.name].values())
        for first in range(1, count + 1, TESTS_OF_A_LOT):
            lots.append((folder / f"{folder.name}.xml", range(first, min(first + TESTS_OF_A_LOT, count + 1))))
    return lots


def _run_planemo_test(server: GalaxyServer, path: Path, numbers: range = range(0)) -> Count:
    """Run tests of a wrapper, or all of a workflow; what planemo says goes to a log, the failures to the terminal."""
    name = f"{path.stem}-{numbers[0]}" if numbers else path.stem
    report, log = _report_path(name), REPORTS / f"{name}.log"
    command = [
        *_planemo("test"),
        *("--engine", "external_galaxy", "--galaxy_url", server.url),
        *("--galaxy_user_key", server.key, "--galaxy_admin_key", server.key),
        *("--test_output", REPORTS / f"{name}.html", "--test_output_json", REPORTS / f"{name}.json"),
        *(f"--test_index={number}" for number in numbers),
        *("--test_output_xunit", report, "--no_shed_install", path),
    ]
    with log.open("w") as file:
        exit_code = subprocess.run(command, cwd=ROOT, stdout=file, stderr=subprocess.STDOUT, check=False).returncode
    count = _count(report, exit_code)
    print(f"{name}: {count} (log: {log})", flush=True)
    if count.failed:
        print(log.read_text(), flush=True)
    return count


def _run_silently(command: Command) -> Count:
    """Run a command that is one check and print what it says if it fails."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return Count(passed=1)
    print(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}", flush=True)
    return Count(failed=1)


def _report_path(name: str) -> Path:
    """Give where a report shall stand, with that of an earlier run away."""
    REPORTS.mkdir(parents=True, exist_ok=True)
    path = REPORTS / f"{name}.xml"
    path.unlink(missing_ok=True)
    return path


def _count(report: Path, exit_code: int) -> Count:
    """Count the tests of an xUnit report; a command that failed without a failing test counts as one that failed."""
    if not report.is_file():
        return Count(failed=1)
    suites = ElementTree.parse(report).getroot()
    suite = suites if suites.tag == "testsuite" else suites[0]
    total, skipped = int(suite.get("tests")), int(suite.get("skipped", 0))
    failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
    return Count(total - failed - skipped, failed or int(exit_code != 0), skipped)
