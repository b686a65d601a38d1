"""Time the prediction beside a hand-written script, and measure its memory on 100,000 and 1,000,000 rows.

Run it with the tools' environment on an idle machine, ``.local/tools/bin/python benchmarks/prediction.py DATA``. DATA
is the tutorial's folder with X_train.tsv, y_train.tsv and X_test.tsv. It needs 1 GB below the folder for temporary
files.
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path

import numpy as np
from scipy.io import mmwrite
from scipy.sparse import coo_array
from tutorial import builder_form, config_form, Cost, measure, prediction_form, ROOT, training_form

BY_HAND = """
import json, sys, zipfile
import keras, numpy, pandas
estimator, weights, table, output = sys.argv[1:]
model = keras.models.model_from_json(zipfile.ZipFile(estimator).read("architecture.json").decode())
model.load_weights(weights)
predicted = model.predict(pandas.read_csv(table, sep="\\t", header=None).to_numpy(), verbose=0)
pandas.DataFrame({"Predicted": (predicted.ravel() > 0.5).astype(int)}).to_csv(output, sep="\\t", index=False)
"""
ROWS, COLUMNS, TIMES = 100_000, 100, 10
# Of a row of a sparse matrix.
ENTRIES = 10


def run(folder: Path, tool: str, form: dict, **files: Path) -> Cost:
    """Run a tool's script and give its cost."""
    inputs = folder / f"{tool}.json"
    inputs.write_text(json.dumps(form))
    options = [f"--{name.replace('_', '-')}={path}" for name, path in files.items()]
    return measure([sys.executable, str(ROOT / "tools" / tool / f"{tool}.py"), f"--inputs={inputs}", *options])


def make_fitted(folder: Path, features: Path, target: Path, config: dict) -> dict[str, Path]:
    """Train a network for one epoch by the suite's own tools and give its estimator and weights."""
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


def compare_with_hand(data: Path, folder: Path) -> None:
    """Predict the reviews with the tool and by hand."""
    fitted = make_fitted(folder, data / "X_train.tsv", data / "y_train.tsv", config_form())
    table, form = data / "X_test.tsv", prediction_form(header1=False)
    tool = run(folder, "model_prediction", form, **fitted, features=table, outfile_predict=folder / "tool.tsv")
    arguments = [*fitted.values(), table, folder / "hand.tsv"]
    hand = measure([sys.executable, "-c", BY_HAND, *map(str, arguments)])
    for name, cost in (("tool", tool), ("by hand", hand)):
        print(f"{name:10} {cost.seconds:8.1f} s {cost.megabytes:8.0f} MB", flush=True)
    print(f"tool / by hand: {tool.seconds / hand.seconds:.2f} in time")


def write_matrix(path: Path, rows: int) -> Path:
    """Write a sparse matrix whose entries stand in no order."""
    generator = np.random.default_rng(0)
    places = generator.permutation(np.repeat(np.arange(rows), ENTRIES)), generator.integers(0, COLUMNS, rows * ENTRIES)
    mmwrite(path, coo_array((generator.normal(size=rows * ENTRIES), places), shape=(rows, COLUMNS)), precision=4)
    return path


def compare_lengths(folder: Path) -> None:
    """Predict a table once and ten times over, and sparse matrices of as many rows."""
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
        compare_with_hand(Path(sys.argv[1]), Path(name))
