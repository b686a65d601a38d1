"""Forms and tables of the plot tool that nobody sends in good faith."""

import sys

import pytest

from hostile.__main__ import list_readers, main
from hostile.forms import fuzz, samples


@pytest.mark.parametrize("seed", range(4))
def test_hostile_forms_and_tables_end_in_one_sentence(seed):
    fuzz(seed)


def test_a_seed_repeats_its_samples():
    assert list(samples(7)) == list(samples(7))
    assert list(samples(7)) != list(samples(8))


def test_the_command_names_the_seeds_that_fail(monkeypatch, capsys):
    assert "forms" in list_readers()
    tried = []

    def fail_once(seed):
        tried.append(seed)
        if seed == 4:
            raise AssertionError("not refused")

    monkeypatch.setattr(sys.modules["hostile.forms"], "fuzz", fail_once)
    assert main(["forms", "--hours", "0", "--seed", "4"]) == 1
    said = capsys.readouterr()
    assert said.out == "seed 4:\n1 seeds, 1 failed\n"
    assert "AssertionError: not refused" in said.err
    assert main(["forms", "--hours", "0", "--seed", "5"]) == 0
    assert tried == [4, 5]
