"""Trainings on the iris data: files, estimators and finished trainings."""

import io
import json
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from examples.default_forms import OUTPUTS
from examples.scripts import run_in_process, TEST_DATA
from examples.weights import list_arrays
from galaxy_keras.catalog.losses_and_metrics import read_loss, read_metric
from galaxy_keras.catalog.optimizers import make_optimizer
from galaxy_keras.estimator.contents import Estimator, FitParameters

TOOL = "keras_train_and_eval"
MEASURES = TEST_DATA / "iris_measures.tabular"
SPECIES = TEST_DATA / "iris_species.tabular"
CLASSES = ["setosa", "versicolor", "virginica"]
RESULT_ONLY = {"outfile_result": "result"}
SPARSE, ONE_HOT, BINARY = "sparse_categorical_crossentropy", "categorical_crossentropy", "binary_crossentropy"
FOLDS = {"n_splits": 3, "split_algos": {"shuffle": "stratified", "n_repeats": 1, "random_state": 4}}
# A selector of groups or of a split column that takes all columns of its table.
ALL_GROUPS = {"header_g": True, "column_selector_options_g": {"selected_column_selector_option_g": "all_columns"}}


@dataclass(frozen=True)
class FinishedTraining:
    """A finished training, with its files in ``folder / "out"``.

    Attributes
    ----------
    estimator
        The unfitted estimator.
    tables
        The written tables by the names of ``OUTPUTS``.
    log
        Standard output.
    """

    estimator: Path
    folder: Path
    tables: dict[str, pd.DataFrame]
    log: str

    @property
    def fitted(self) -> Path:
        """The fitted estimator."""
        return self.folder / "out" / "fitted.zip"

    @property
    def weights(self) -> dict[str, np.ndarray]:
        """The trained weights by their place in the weights file."""
        return list_arrays(self.folder / "out" / "weights.h5")


def build_estimator(
    outputs: int = 3,
    activation: str = "softmax",
    loss: Any = SPARSE,
    metrics: tuple[str, ...] = ("accuracy",),
    layers: list | None = None,
    inputs: int = 4,
    network: Any = None,
    **changes: Any,
) -> Estimator:
    """Build an unfitted estimator with one hidden layer, or with other layers or another network."""
    import keras

    if network is None:
        hidden = layers or [keras.layers.Dense(8, activation="relu")]
        last = keras.layers.Dense(outputs, activation=activation)
        network = keras.Sequential([keras.Input((inputs,)), *hidden, last])
    fields = {
        "task": "classification",
        "loss": read_loss(loss) if isinstance(loss, str) else loss,
        "optimizer": make_optimizer("Adam", {"learning_rate": 0.03}),
        "metrics": [read_metric(metric) for metric in metrics],
        "fit": FitParameters(epochs=3, batch_size=16),
        "seed": 9,
        "architecture": json.loads(network.to_json()),
        **changes,
    }
    return Estimator(**fields)


def finish_training(folder: Path, estimator: Path, form: dict[str, Any], **files: Path) -> FinishedTraining:
    """Train an estimator on the iris data with all outputs, and read them."""
    (folder / "out").mkdir()
    files = {"features": MEASURES, "target": SPECIES, **files}
    log = io.StringIO()
    with redirect_stdout(log):
        outputs = {**OUTPUTS, "outfile_report": "report.html"}
        code = run_in_process(TOOL, form, folder, estimator=estimator, **files, **outputs)
    assert code == 0
    return FinishedTraining(estimator, folder, read_tables(folder / "out"), log.getvalue())


def read_tables(folder: Path) -> dict[str, pd.DataFrame]:
    """Read the tables that a training wrote, by the names of ``OUTPUTS``."""
    names = ("result", "history", "true", "predicted", "split")
    return {name: pd.read_csv(folder / name, sep="\t") for name in names if (folder / name).exists()}


def read_species() -> pd.Series:
    """Read the class labels of the iris data."""
    return pd.read_csv(SPECIES, sep="\t")["species"]


def write_columns(path: Path, columns: Any) -> Path:
    """Write columns as a table with a header, and return its path."""
    pd.DataFrame(columns).to_csv(path, sep="\t", index=False)
    return path


def check_same_weights(found: dict[str, np.ndarray], expected: dict[str, np.ndarray], **tolerances: float) -> None:
    """Check that two networks have the same weights; exactly, unless there are tolerances of numpy's ``allclose``."""
    assert found.keys() == expected.keys()
    for place, array in expected.items():
        np.testing.assert_allclose(found[place], array, err_msg=place, **{"rtol": 0, "atol": 0, **tolerances})
