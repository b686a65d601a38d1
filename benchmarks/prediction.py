"""Compare the prediction with a Keras script, and measure its memory on 100,000 and 1,000,000 rows.

Run it with the tools' environment on an idle machine, ``.local/tools/bin/python benchmarks/prediction.py DATA``. DATA
is the tutorial's folder with X_train.tsv, y_train.tsv and X_test.tsv. It needs 1 GB below the folder for temporary
files.
"""

import shutil
import sys
import tempfile
from pathlib import Path

import numpy as np
from scipy.io import mmwrite
from scipy.sparse import coo_array
from tutorial import builder_form, config_form, Cost, make_command, measure, prediction_form, training_form

KERAS_SCRIPT = """
import json, sys, zipfile
import keras, numpy, pandas
estimator, weights, table, output = sys.argv[1:]
model = keras.models.model_from_json(zipfile.ZipFile(estimator).read("architecture.json").decode())
model.load_weights(weights)
predicted = model.predict(pandas.read_csv(table, sep="\\t", header=None).to_numpy(), verbose=0)
pandas.DataFrame({"Predicted": (predicted.ravel() > 0.5).astype(int)}).to_csv(output, sep="\\t", index=False)
"""
ROWS, COLUMNS, TIMES = 100_000, 100, 10
# Entries per row of a sparse matrix.
ENTRIES = 10


def run(folder: Path, tool: str, form: dict, **files: Path) -> Cost:
    """Run a tool's script and return its cost."""
    return measure(make_command(folder, tool, form, **files))


def make_fitted(folder: Path, features: Path, target: Path, config: dict) -> dict[str, Path]:
    """Train a network for one epoch with the tools, and return the paths of its estimator and weights."""
    architecture, estimator = folder / "architecture.json", folder / "estimator.zip"
    fitted = {"estimator": folder / "fitted.zip", "weights": folder / "model.weights.h5"}
    run(folder, "keras_model_config", config, outfile=architecture)
    builder = builder_form(fit={"epochs": 1}, seed=1)
    run(folder, "keras_model_builder", builder, architecture=architecture, outfile=estimator)
    run(
        folder,
        "keras_train_and_eval",
        training_form(header1=False, header2=False),
        estimator=estimator,
        features=features,
        target=target,
        outfile_result=folder / "result.tsv",
        outfile_object=fitted["estimator"],
        outfile_weights=fitted["weights"],
    )
    return fitted


def compare_with_script(data: Path, folder: Path) -> None:
    """Predict the reviews with the tool and with the Keras script."""
    fitted = make_fitted(folder, data / "X_train.tsv", data / "y_train.tsv", config_form())
    table, form = data / "X_test.tsv", prediction_form(header1=False)
    tool = run(folder, "model_prediction", form, **fitted, features=table, outfile_predict=folder / "tool.tsv")
    arguments = [*fitted.values(), table, folder / "script.tsv"]
    script = measure([sys.executable, "-c", KERAS_SCRIPT, *map(str, arguments)])
    for name, cost in (("tool", tool), ("script", script)):
        print(f"{name:10} {cost.seconds:8.1f} s {cost.megabytes:8.0f} MB", flush=True)
    print(f"tool / script: {tool.seconds / script.seconds:.2f} in time")


def write_matrix(path: Path, rows: int) -> Path:
    """Write a sparse matrix with entries in random order."""
    generator = np.random.default_rng(0)
    places = generator.permutation(np.repeat(np.arange(rows), ENTRIES)), generator.integers(0, COLUMNS, rows * ENTRIES)
    mmwrite(path, coo_array((generator.normal(size=rows * ENTRIES), places), shape=(rows, COLUMNS)), precision=4)
    return path


def compare_lengths(folder: Path) -> None:
    """Predict a table, the same table ten times over, and sparse matrices with as many rows."""
    numbers = np.random.default_rng(0).normal(size=(ROWS, COLUMNS)).astype(np.float32)
    short, long = folder / "x1.tsv", folder / "x10.tsv"
    np.savetxt(short, numbers, fmt="%.3f", delimiter="\t")
    np.savetxt(folder / "y.tsv", numbers[:, 0] > 0, fmt="%d")
    with long.open("wb") as file:
        for _ in range(TIMES):
            with short.open("rb") as source:
                shutil.copyfileobj(source, file)
    layers = [
        {"layer_type": "Dense", "units": 32, "activation": "relu", "kwargs": ""},
        {"layer_type": "Dense", "units": 1, "activation": "sigmoid", "kwargs": ""},
    ]
    fitted = make_fitted(folder, short, folder / "y.tsv", config_form(*layers, input_shape=f"({COLUMNS},)"))
    for kind in ("tabular", "sparse"):
        form = prediction_form(header1=False, kind=kind, method="predict_and_proba")
        for rows, table in ((ROWS, short), (TIMES * ROWS, long)):
            samples = table if kind == "tabular" else write_matrix(folder / "x.mtx", rows)
            cost = run(folder, "model_prediction", form, **fitted, features=samples, outfile_predict=folder / "p.tsv")
            print(f"{kind:8} {rows:9,} rows {cost.seconds:8.1f} s {cost.megabytes:8.0f} MB", flush=True)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        compare_lengths(Path(name))
    with tempfile.TemporaryDirectory() as name:
        compare_with_script(Path(sys.argv[1]), Path(name))
