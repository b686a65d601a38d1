"""The lists of Keras' classes and options: nothing is missing without a reason, and the form offers the rest."""

import inspect

import keras
import pytest

from dev.forms import callbacks, measures, optimizers, option_fields
from galaxy_keras.catalog.classes import CALLBACKS, find_option, LOSSES, METRICS, name_class, OPTIMIZERS, SCHEDULES
from galaxy_keras.catalog.losses_and_metrics import OLD_LOSSES, OLD_METRICS
from galaxy_keras.catalog.options import check_option, DEFAULTS, OPTIONS, SPECIAL
from galaxy_keras.errors import InputError

CATALOGS = {catalog.word: catalog for catalog in (OPTIMIZERS, SCHEDULES, LOSSES, METRICS, CALLBACKS)}
each_catalog = pytest.mark.parametrize("catalog", CATALOGS.values(), ids=CATALOGS.keys())


def _list_names(groups, old):
    return {name_class(old.get(name, name)) for names in groups.values() for name in names} - {"accuracy"}


OFFERED = {
    "optimizer": set(optimizers.TITLES),
    "schedule": set(optimizers.SCHEDULE_TITLES),
    "loss": _list_names(measures.LOSS_GROUPS, OLD_LOSSES),
    "metric": _list_names(measures.METRIC_GROUPS, OLD_METRICS),
    # These two do nothing here.
    "callback": set(callbacks.TITLES) - set(callbacks.BARE),
}


@each_catalog
def test_the_form_offers_every_class_that_is_not_left_out(catalog):
    names = set(catalog.list_classes())
    assert OFFERED[catalog.word] == (names if names & OFFERED[catalog.word] else {name_class(name) for name in names})


@each_catalog
def test_what_is_left_out_exists_in_keras_and_has_a_reason(catalog):
    module = keras
    for part in catalog.module.split("."):
        module = getattr(module, part)
    for name, reason in catalog.left_out.items():
        assert isinstance(getattr(module, name), type), name
        assert len(reason.split()) > 2, name


@each_catalog
def test_every_option_is_known_or_left_out(catalog):
    for name in catalog.list_classes():
        for option in catalog.list_defaults(name):
            assert option in OPTIONS, f"{name}: {option}"
            assert option in (*option_fields.HELP, *optimizers.FIRST_RATE), f"{name}: {option}"


@each_catalog
def test_defaults_lie_within_the_bounds(catalog):
    for name in catalog.list_classes():
        for option, value in catalog.list_defaults(name).items():
            if value is not None and value is not inspect.Parameter.empty:
                assert check_option(option, find_option(name, option), value) == value, f"{name}: {option}"


def test_no_row_of_the_tables_is_stale():
    used = {(name, option) for f in CATALOGS.values() for name in f.list_classes() for option in f.list_defaults(name)}
    assert set(OPTIONS) - {option for _, option in used} == {"decay", "name"}
    assert {*SPECIAL, *DEFAULTS} <= used
    for catalog in CATALOGS.values():
        left = {o for o in catalog.left_out_options if "." not in o}
        arguments = {p for c in catalog.list_classes().values() for p in c.__init__.__code__.co_varnames}
        assert left <= arguments


@pytest.mark.parametrize("name", ["Adam", "adam", "ADAM"])
def test_letter_case_does_not_matter(name):
    assert OPTIMIZERS.find(name) == "Adam"


@pytest.mark.parametrize(
    "catalog, name, message",
    [
        (OPTIMIZERS, "sgdd", "optimizer: found 'sgdd'; expected one of .*Adadelta"),
        (OPTIMIZERS, "LossScaleOptimizer", "optimizer: found 'LossScaleOptimizer' .wraps another optimizer"),
        (LOSSES, "ctc", "loss: found 'ctc' .compares sequences"),
    ],
)
def test_unknown_classes_are_refused(catalog, name, message):
    with pytest.raises(InputError, match=message):
        catalog.find(name)


@pytest.mark.parametrize(
    "name, options, message",
    [
        ("Adam", {"rho": 0.5}, "optimizer Adam: found the option rho; expected one of .*beta_1"),
        ("Adam", {"beta_1": 1}, "Adam, beta_1: found 1; expected a number from 0 to below 1"),
        ("Adam", {"learning_rate": float("nan")}, "Adam, learning_rate: found nan; expected a number from 0"),
        ("Adam", {"clipnorm": 0.0}, "Adam, clipnorm: found 0; expected a number above 0"),
        ("Adam", {"amsgrad": 1}, "Adam, amsgrad: found 1; expected True or False"),
        ("Adam", {"gradient_accumulation_steps": 2.5}, "found 2.5; expected a whole number from 2"),
        ("Ftrl", {"learning_rate_power": 1.0}, "found 1; expected a number to 0"),
    ],
)
def test_options_that_train_on_nonsense_are_refused(name, options, message):
    with pytest.raises(InputError, match=message):
        OPTIMIZERS.complete(name, options)


def test_a_missing_required_option_is_refused():
    with pytest.raises(InputError, match="metric PrecisionAtRecall, recall: the field is empty; expected a number"):
        METRICS.complete("PrecisionAtRecall", {})


def test_zero_is_a_value_and_none_is_the_default():
    options = OPTIMIZERS.complete("Adam", {"learning_rate": 0, "beta_1": 0, "beta_2": None, "epsilon": None})
    assert (options["learning_rate"], options["beta_1"], options["beta_2"]) == (0.0, 0.0, 0.999)
    assert options["epsilon"] == 1e-7
