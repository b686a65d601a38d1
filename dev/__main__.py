"""Set up the environments, run the tutorial, serve Galaxy, run the tests, and write generated files."""

import argparse
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, ExitStack
from pathlib import Path

from dev import checks, environments, programs, server, tutorial, workflows
from dev.paths import LOCAL
from dev.report import SetupError, step

ALL = "all"
# Environments that a command uses; those of the tests depend on the part.
ENVIRONMENTS = {
    "run": ("tools", "galaxy", "checks"),
    "serve": ("tools", "galaxy"),
    "forms": ("tools",),
    "workflows": ("tools", "galaxy"),
}


def parse_arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python3 -m dev", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    setup = commands.add_parser("setup", help="create all or the named environments")
    names = [*environments.NAMES, ALL]
    setup.add_argument("names", nargs="*", metavar="ENVIRONMENT", default=ALL, choices=names, help=", ".join(names))
    run = commands.add_parser("run", help="run the workflow of the tutorial in Galaxy")
    run.add_argument(
        "--reviews",
        type=Path,
        nargs=4,
        metavar=("X_TRAIN", "Y_TRAIN", "X_TEST", "Y_TEST"),
        help="tables to use instead of the small ones, with the settings of the tutorial",
    )
    run.add_argument("--keep-running", action="store_true", help="keep Galaxy running for use in the browser")
    serve = commands.add_parser("serve", help="start Galaxy for use in the browser")
    for command in (run, serve):
        command.add_argument("--port", type=int, default=8080, help="port of the web interface (default: %(default)s)")
    test = commands.add_parser("test", help="run all tests or the named parts")
    parts = [*checks.LOCAL_PARTS, *checks.GALAXY_PARTS, ALL]
    test.add_argument("parts", nargs="*", metavar="PART", default=ALL, choices=parts, help=", ".join(parts))
    commands.add_parser("lock", help="update the pinned requirements")
    commands.add_parser("forms", help="write the parts of the forms that are generated from Keras' signatures")
    commands.add_parser("workflows", help="export the workflows from Galaxy, with all fields of the forms")
    commands.add_parser("clean", help="remove everything that the other commands created")
    return parser.parse_args(argv)


def use_galaxy(arguments: argparse.Namespace) -> None:
    """Start Galaxy, run the workflow if requested, and keep the server running if requested."""
    with server.open_for_use(arguments.port) as galaxy:
        if arguments.command == "run":
            tutorial.run_tutorial(galaxy, arguments.reviews and tutorial.Reviews(*arguments.reviews))
        if arguments.command == "serve" or arguments.keep_running:
            print(f"Galaxy is running at {galaxy.url}; press Ctrl-C to stop it.", flush=True)
            galaxy.wait()
        else:
            print("To view the history in the browser: python3 -m dev serve", flush=True)


class PartRunner:
    """Runs parts of the tests and collects their results."""

    def __init__(self) -> None:
        self._results: dict[str, tuple[checks.Count, float]] = {}

    def run(self, name: str, part: Callable[..., checks.Count], *context: server.GalaxyServer) -> None:
        """Run a part; if it stops with an error, print the end of Galaxy's log first."""
        started = time.monotonic()
        with step(f"Tests: {name}"):
            try:
                self._results[name] = (part(*context), time.monotonic() - started)
            except SetupError:
                for galaxy in context:
                    programs.print_end(galaxy.log)
                raise

    def report(self) -> int:
        """Print the results and return the exit code."""
        print()
        for name, (count, seconds) in self._results.items():
            print(f"{name:10} {seconds:5.0f} s  {count}")
        total = sum((count for count, _ in self._results.values()), checks.Count())
        print(total)
        return int(total.failed > 0)


@contextmanager
def start_in_background() -> Iterator[Callable[[], server.GalaxyServer]]:
    """Start a Galaxy server for tests, and yield a function that waits for the server and returns it."""
    with ExitStack() as servers, ThreadPoolExecutor(1) as starter:
        yield starter.submit(servers.enter_context, server.open_for_tests()).result


def run_tests(chosen: list[str]) -> int:
    """Run the chosen parts and return the exit code; Galaxy starts while the local parts run."""
    local = {name: part for name, part in checks.LOCAL_PARTS.items() if name in chosen}
    in_galaxy = {name: part for name, part in checks.GALAXY_PARTS.items() if name in chosen}
    tests = PartRunner()
    with ExitStack() as background:
        get_galaxy = background.enter_context(start_in_background()) if in_galaxy else None
        for name, local_part in local.items():
            tests.run(name, local_part)
        if get_galaxy is not None:
            for name, part in {**in_galaxy, "server log": checks.check_log}.items():
                tests.run(name, part, get_galaxy())
    return tests.report()


def catch_signals() -> None:
    """End all started programs, including Galaxy, if a signal ends this program."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)


def _stop(number: int, _frame: object) -> None:
    # The context managers wait for each program to end.
    programs.terminate_all()
    raise KeyboardInterrupt if number == signal.SIGINT else SystemExit(1)


def export_workflows() -> None:
    """Write the workflows as Galaxy exports them."""
    with server.open_for_tests() as galaxy:
        workflows.write_workflows(galaxy)


def run_command(arguments: argparse.Namespace) -> int:
    """Run a command and return its exit code."""
    if arguments.command == "clean":
        shutil.rmtree(LOCAL, ignore_errors=True)
        return 0
    if arguments.command == "lock":
        environments.lock_requirements()
        return 0
    if arguments.command == "test":
        parts = [*checks.LOCAL_PARTS, *checks.GALAXY_PARTS] if ALL in arguments.parts else arguments.parts
        environments.make_environments(dict.fromkeys(name for part in parts for name in checks.ENVIRONMENTS[part]))
        return run_tests(parts)
    if arguments.command == "setup":
        environments.make_environments(environments.NAMES if ALL in arguments.names else arguments.names)
        return 0
    environments.make_environments(ENVIRONMENTS[arguments.command])
    if arguments.command == "forms":
        environments.write_forms()
    elif arguments.command == "workflows":
        export_workflows()
    else:
        use_galaxy(arguments)
    return 0


def main(argv: list[str] | None = None) -> int:
    """Run a command and return its exit code; errors are printed in one line."""
    arguments = parse_arguments(argv)
    catch_signals()
    try:
        return run_command(arguments)
    except SetupError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
