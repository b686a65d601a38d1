"""Consistency checks between the parts of an estimator and its network."""

import dataclasses
from dataclasses import replace

import pytest
from examples.scripts import TEST_DATA

from galaxy_keras.catalog.losses_and_metrics import Measure
from galaxy_keras.errors import EstimatorError, InputError
from galaxy_keras.estimator.consistency import check_estimator, settle_settings
from galaxy_keras.estimator.file import read_estimator
from galaxy_keras.network.architecture import build_skeleton

ALL = sorted(path.name for path in TEST_DATA.glob("*.zip") if path.name != "foreign.zip")


def read(name):
    estimator = read_estimator(TEST_DATA / name)
    return estimator, build_skeleton(estimator.architecture)


@pytest.mark.parametrize("name", ALL)
def test_stored_estimators_are_consistent_and_normalized(name):
    settled = check_estimator(*read(name))
    assert settle_settings(settled) == settled
    assert dataclasses.replace(settled, optimizer={}, fit=None) == replace(read(name)[0], optimizer={}, fit=None)


def test_an_unfitted_estimator_is_checked_for_training():
    estimator, network = read("species_estimator.zip")
    estimator = replace(estimator, loss=Measure("binary_crossentropy", {"from_logits": True}))
    with pytest.raises(InputError, match="binary_crossentropy, from_logits: found it on for a last layer with softmax"):
        check_estimator(estimator, network)


def test_a_fitted_estimator_is_not_checked_for_training():
    """Hyperparameter overrides may have changed the settings that the builder checked."""
    estimator, network = read("fitted_species.zip")
    estimator = replace(estimator, loss=Measure("binary_crossentropy", {"from_logits": True}))
    assert check_estimator(estimator, network).fitted == estimator.fitted


def test_a_label_with_a_tab_is_refused():
    estimator, network = read("fitted_species.zip")
    fitted = replace(estimator.fitted, classes=["a", "b\tc", "d"])
    with pytest.raises(EstimatorError, match=r"estimator, classes: found 'b\\tc'; expected text without tabs"):
        check_estimator(replace(estimator, fitted=fitted), network)


def test_outputs_in_another_order_than_in_the_network_are_refused():
    estimator, network = read("fitted_two_targets.zip")
    fitted = replace(estimator.fitted, outputs=estimator.fitted.outputs[::-1])
    with pytest.raises(EstimatorError, match=r"estimator, heads, output_count: found \[1, 3\]; expected \[3, 1\]"):
        check_estimator(replace(estimator, fitted=fitted), network)
