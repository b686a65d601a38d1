"""Commands of the checkout: set up, run the tutorial, serve Galaxy, test, remove what was made."""

import argparse
import shutil
import signal
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from dev import checks, environments, programs, server, tutorial, workflows
from dev.paths import LOCAL
from dev.report import SetupError, step

ALL_PARTS = "all"


def parse_arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python3 -m dev", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("setup", help="make the environments")
    run = commands.add_parser("run", help="run the tutorial's workflow in Galaxy")
    run.add_argument(
        "--reviews",
        type=Path,
        nargs=4,
        metavar=("X_TRAIN", "Y_TRAIN", "X_TEST", "Y_TEST"),
        help="tables to use instead of the small ones, with the tutorial's settings",
    )
    run.add_argument("--keep-running", action="store_true", help="leave Galaxy running for use in the browser")
    serve = commands.add_parser("serve", help="start Galaxy for use in the browser")
    for command in (run, serve):
        command.add_argument("--port", type=int, default=8080, help="port of the web UI (default: %(default)s)")
    test = commands.add_parser("test", help="run the tests, all of them or those of the parts named")
    parts = [*checks.LOCAL_PARTS, *checks.GALAXY_PARTS, ALL_PARTS]
    test.add_argument("parts", nargs="*", metavar="PART", default=ALL_PARTS, choices=parts, help=", ".join(parts))
    commands.add_parser("lock", help="renew the pinned requirements")
    commands.add_parser("forms", help="write the parts of the forms that come from Keras' signatures")
    commands.add_parser("workflows", help="write the workflows as Galaxy exports them, with every field of the forms")
    commands.add_parser("clean", help="remove all that the other commands made")
    return parser.parse_args(argv)


def use_galaxy(arguments: argparse.Namespace) -> int:
    """Start Galaxy, run the workflow if asked to, and keep the server if asked to."""
    with server.open_for_use(arguments.port) as galaxy:
        if arguments.command == "run":
            tutorial.run_tutorial(galaxy, arguments.reviews and tutorial.Reviews(*arguments.reviews))
        if arguments.command == "serve" or arguments.keep_running:
            print(f"Galaxy's web UI is at {galaxy.url} until you press Ctrl-C", flush=True)
            galaxy.wait()
        else:
            print("To look at the history in the web UI: python3 -m dev serve", flush=True)
    return 0


def run_tests(chosen: list[str]) -> int:
    """Run parts of the tests and print what came of each; Galaxy starts beside the local ones, if a part needs it."""
    counts: dict[str, tuple[checks.Count, float]] = {}

    def run(name: str, part: Callable[..., checks.Count], *context: server.GalaxyServer) -> None:
        started = time.monotonic()
        with step(f"Tests: {name}"):
            try:
                counts[name] = (part(*context), time.monotonic() - started)
            except SetupError:
                for galaxy in context:
                    programs.print_end(galaxy.log)
                raise

    local, in_galaxy = (
        [name for name in parts if name in chosen] for parts in (checks.LOCAL_PARTS, checks.GALAXY_PARTS)
    )
    with ExitStack() as servers, ThreadPoolExecutor(1) as starter:
        starting = starter.submit(servers.enter_context, server.open_for_tests()) if in_galaxy else None
        for name in local:
            run(name, checks.LOCAL_PARTS[name])
        for name in in_galaxy:
            run(name, checks.GALAXY_PARTS[name], starting.result())
        if in_galaxy:
            run("server log", checks.check_log, starting.result())
    total = sum((count for count, _ in counts.values()), checks.Count())
    print()
    for name, (count, seconds) in counts.items():
        print(f"{name:10} {seconds:5.0f} s  {count}")
    print(total)
    return int(total.failed > 0)


def catch_signals() -> None:
    """End all that was started, Galaxy too, whoever ends this program."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)


def _stop(number: int, _frame: object) -> None:
    # Unwinding waits for each program to end.
    programs.ask_all_to_end()
    raise KeyboardInterrupt if number == signal.SIGINT else SystemExit(1)


def main(argv: list[str] | None = None) -> int:
    """Run a command and give its exit code."""
    arguments = parse_arguments(argv)
    catch_signals()
    try:
        if arguments.command == "clean":
            shutil.rmtree(LOCAL, ignore_errors=True)
            return 0
        if arguments.command == "lock":
            environments.lock_requirements()
            return 0
        environments.make_environments()
        if arguments.command == "forms":
            environments.write_forms()
            return 0
        if arguments.command == "workflows":
            with server.open_for_tests() as galaxy:
                workflows.write_workflows(galaxy)
            return 0
        if arguments.command == "test":
            everything = [*checks.LOCAL_PARTS, *checks.GALAXY_PARTS]
            return run_tests(everything if ALL_PARTS in arguments.parts else arguments.parts)
        return use_galaxy(arguments) if arguments.command in ("run", "serve") else 0
    except SetupError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
