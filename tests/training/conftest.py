"""Fixtures of the training tests: estimators, and trainings that several tests read."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from examples.default_forms import OUTPUTS, training_form
from examples.trainings import (
    build_estimator,
    finish_training,
    FinishedTraining,
    FOLDS,
    MEASURES,
    read_tables,
    SPECIES,
    TOOL,
)

from galaxy_keras.estimator.file import write_estimator


@pytest.fixture(scope="session")
def make_estimator(tmp_path_factory) -> Callable[..., Path]:
    """Write an estimator for the arguments of ``build_estimator``; the same settings give the same file."""
    folder = tmp_path_factory.mktemp("estimators")
    written: dict[str, Path] = {}

    def make(**settings: Any) -> Path:
        # The text of a Keras layer does not have all of its settings.
        is_shared = "layers" not in settings and "network" not in settings
        key = repr(sorted(settings.items())) if is_shared else f"file {len(written)}"
        if key not in written:
            path = folder / f"{len(written)}.zip"
            write_estimator(path, build_estimator(**settings))
            written[key] = path
        return written[key]

    return make


@pytest.fixture(scope="session")
def default_training(make_estimator, tmp_path_factory) -> FinishedTraining:
    """Train the default estimator with the default form."""
    return finish_training(tmp_path_factory.mktemp("default"), make_estimator(), training_form())


@pytest.fixture(scope="session")
def full_training(make_estimator, tmp_path_factory) -> FinishedTraining:
    """Train the default estimator on all rows."""
    form = training_form(scheme="train_all")
    return finish_training(tmp_path_factory.mktemp("full"), make_estimator(), form)


@pytest.fixture(scope="session")
def cross_validation(make_estimator, tmp_path_factory) -> FinishedTraining:
    """Train the default estimator in stratified folds, and then on all rows."""
    return finish_training(tmp_path_factory.mktemp("folds"), make_estimator(), training_form(folds=FOLDS))


@pytest.fixture
def train(run_tool, tmp_path) -> Callable[..., dict[str, pd.DataFrame]]:
    """Train an estimator, and return the written tables by name."""

    def train(
        estimator: Path, outputs: dict[str, str] = OUTPUTS, files: dict[str, Path] | None = None, **changes: Any
    ) -> dict[str, pd.DataFrame]:
        inputs = {"estimator": estimator, "features": MEASURES, "target": SPECIES, **(files or {})}
        assert run_tool(TOOL, training_form(**changes), **inputs, **outputs) == 0
        return read_tables(tmp_path / "out")

    return train


@pytest.fixture
def check_training_refusal(check_refusal) -> Callable[..., str]:
    """Check that a training is refused without outputs, and return the error line."""

    def check(estimator: Path, files: dict[str, Path] | None = None, exit_code: int = 1, **changes: Any) -> str:
        inputs = {"estimator": estimator, "features": MEASURES, "target": SPECIES, **(files or {})}
        return check_refusal(TOOL, training_form(**changes), exit_code, **inputs, **OUTPUTS)

    return check
