"""The plot tool refuses hostile forms and tables with one message; the fuzzing command reports failed seeds."""

import sys

import pytest

from hostile.__main__ import list_readers, main
from hostile.forms import fuzz, samples


@pytest.mark.parametrize("seed", range(4))
def test_hostile_forms_and_tables_are_plotted_or_refused(seed):
    fuzz(seed)


def test_a_seed_reproduces_its_samples():
    assert list(samples(7)) == list(samples(7))
    assert list(samples(7)) != list(samples(8))


def test_the_fuzzing_command_prints_failed_seeds(monkeypatch, capsys):
    assert "forms" in list_readers()
    tried = []

    def fail_once(seed):
        tried.append(seed)
        if seed == 4:
            raise AssertionError("not refused")

    monkeypatch.setattr(sys.modules["hostile.forms"], "fuzz", fail_once)
    assert main(["forms", "--hours", "0", "--seed", "4"]) == 1
    printed = capsys.readouterr()
    assert printed.out == "seed 4:\n1 seeds, 1 failed\n"
    assert "AssertionError: not refused" in printed.err
    assert main(["forms", "--hours", "0", "--seed", "5"]) == 0
    assert tried == [4, 5]
