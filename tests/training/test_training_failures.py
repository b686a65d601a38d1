"""Trainings that fail because of their loss or their memory."""

import numpy as np
import pandas as pd
from examples.trainings import MEASURES, write_columns

from galaxy_keras.catalog.optimizers import make_optimizer


def test_a_loss_that_is_not_a_number_stops_the_training(check_training_refusal, make_estimator, tmp_path):
    """With large numbers and a large learning rate, the loss exceeds the range of float32."""
    optimizer = make_optimizer("SGD", {"learning_rate": 1000.0})
    estimator = make_estimator(
        outputs=1,
        activation="linear",
        loss="mean_squared_error",
        task="regression",
        metrics=(),
        optimizer=optimizer,
    )
    files = {
        "features": write_columns(tmp_path / "x.tsv", pd.read_csv(MEASURES, sep="\t") * 1e30),
        "target": write_columns(tmp_path / "y.tsv", {"y": np.arange(150) * 1e30}),
    }
    line = check_training_refusal(estimator, files)
    assert "epoch 1: found the loss " in line
    assert "expected a learning_rate below 1000, clipnorm=1" in line


def test_a_network_with_too_many_parameters_is_refused_before_it_takes_memory(check_training_refusal, make_estimator):
    overrides = [("layers_1_Dense__config__units", "1_000_000_000")]
    line = check_training_refusal(make_estimator(), overrides=overrides)
    assert "parameters; expected at most 1,000,000,000 (an administrator can change it by" in line


def test_a_network_larger_than_all_memory_names_its_shape_and_the_settings_to_lower(
    check_training_refusal, make_estimator, monkeypatch
):
    """No processor can address so much memory, so that TensorFlow refuses to allocate it, after waiting 10 seconds."""
    monkeypatch.setenv("GALAXY_KERAS_PARAMETER_LIMIT", "1" + "0" * 18)
    overrides = [("layers_1_Dense__config__units", "100_000_000_000_000")]
    line = check_training_refusal(make_estimator(), exit_code=137, overrides=overrides)
    assert "memory: not enough for the network (" in line
    assert "shape[4,100000000000000]" in line
    assert line.endswith("expected fewer units or columns, or a job with more memory")
