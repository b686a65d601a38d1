"""The command line of ``python3 -m dev``, and the environments that its commands use."""

import pytest

from dev import checks, environments
from dev.__main__ import ENVIRONMENTS, parse_arguments

PARTS = [*checks.LOCAL_PARTS, *checks.GALAXY_PARTS]


def test_every_part_of_the_tests_has_environments_and_a_time_limit():
    assert set(checks.ENVIRONMENTS) == set(checks.LIMITS) == set(PARTS)


def test_all_environments_are_used_and_have_pinned_requirements():
    used = {name for names in [*checks.ENVIRONMENTS.values(), *ENVIRONMENTS.values()] for name in names}
    assert used == set(environments.NAMES)
    for name in used:
        assert (environments.REQUIREMENTS / f"{name}.txt").is_file()


def test_the_parts_of_the_tests_are_read_from_the_command_line():
    assert parse_arguments(["test"]).parts == "all"
    assert parse_arguments(["test", "lint", "unit"]).parts == ["lint", "unit"]
    assert parse_arguments(["setup", "tools"]).names == ["tools"]


@pytest.mark.parametrize("command", [["test", "units"], ["setup", "conda"], ["start"], []])
def test_an_unknown_command_is_refused(capsys, command):
    with pytest.raises(SystemExit) as stop:
        parse_arguments(command)
    assert stop.value.code == 2
    assert "usage: python3 -m dev" in capsys.readouterr().err
