"""Optimizers and schedules: what goes into the serialized form comes out of it, digit by digit."""

import pytest

from galaxy_keras.catalog.optimizers import make_optimizer, read_options, read_schedule
from galaxy_keras.errors import InputError

COSINE = ("CosineDecay", {"decay_steps": 100, "alpha": 0.1, "warmup_target": 0.2, "warmup_steps": 5})


def test_options_come_back_as_they_were_given():
    optimizer = make_optimizer("adam", {"learning_rate": 0.003, "beta_1": 0, "clipnorm": 2})
    options = read_options(optimizer)
    assert (options["learning_rate"], options["beta_1"], options["clipnorm"]) == (0.003, 0.0, 2.0)
    assert make_optimizer("Adam", options) == optimizer


@pytest.mark.parametrize(
    "schedule",
    [
        COSINE,
        ("PiecewiseConstantDecay", {"boundaries": [10, 20], "values": [0.1, 0.01]}),
        ("InverseTimeDecay", {"decay_steps": 10, "decay_rate": 0.5, "staircase": True}),
        ("InverseTimeDecay", {"decay_steps": 1, "decay_rate": 0.0, "staircase": False}),
    ],
    ids=lambda schedule: schedule[0],
)
def test_schedules_come_back_as_they_were_given(schedule):
    optimizer = make_optimizer("SGD", {"learning_rate": 0.5}, schedule)
    assert read_options(optimizer)["learning_rate"] == 0.5
    assert read_schedule(optimizer) == schedule
    assert make_optimizer("SGD", read_options(optimizer), read_schedule(optimizer)) == optimizer


def test_decay_is_an_option_not_a_schedule():
    optimizer = make_optimizer("SGD", {"learning_rate": 0.5, "decay": 0.25})
    assert read_options(optimizer)["decay"] == 0.25
    assert read_schedule(optimizer) is None


@pytest.mark.parametrize(
    "options, schedule, message",
    [
        ({"decay": 0.1}, COSINE, "decay: found it together with the schedule CosineDecay; expected one of the two"),
        ({"clipnorm": 1, "clipvalue": 1}, None, "optimizer SGD: Only one of"),
        (
            {},
            ("CosineDecay", {"decay_steps": 9, "warmup_steps": 3}),
            "warmup_target: the field is empty; expected a le",
        ),
        (
            {},
            ("CosineDecay", {}),
            "CosineDecay, decay_steps: the field is empty; expected a whole number from 1",
        ),
        ({}, ("PiecewiseConstantDecay", {"boundaries": [9, 3], "values": [1, 2]}), "expected rising boundaries"),
        ({}, ("PiecewiseConstantDecay", {"boundaries": [9], "values": [1, 2]}), "found 1 boundaries and 2 values"),
    ],
)
def test_what_cannot_go_together_is_refused(options, schedule, message):
    with pytest.raises(InputError, match=message):
        make_optimizer("SGD", options, schedule)


def test_a_fraction_that_keras_refuses_is_refused_with_its_limits():
    with pytest.raises(InputError, match="optimizer Lion, beta_1: found 0; expected a number above 0 to below 1"):
        make_optimizer("Lion", {"beta_1": 0})
