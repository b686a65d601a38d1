"""Train a small network on 25,000 and on 250,000 rows of 500 numbers, and compare time and peak memory.

Run it with the tools' environment on an idle machine, ``.local/tools/bin/python benchmarks/large_table.py``. It needs
700 MB below the folder for temporary files. Ten times the rows should take at most 10.5 times the time, and less memory
more than the added rows take as float32.
"""

import json
import sys
import tempfile
from pathlib import Path

import numpy as np
from tutorial import builder_form, config_form, measure, ROOT, training_form

ROWS, COLUMNS, TIMES = 25_000, 500, 10
EPOCHS = 2


def write_tables(folder: Path) -> None:
    """Write random numbers and labels that follow from some of them, once and ten times over."""
    generator = np.random.default_rng(0)
    numbers = generator.normal(size=(ROWS, COLUMNS)).astype(np.float32)
    np.savetxt(folder / "x1.tsv", numbers, fmt="%.3f", delimiter="\t")
    np.savetxt(folder / "y1.tsv", numbers[:, :20].sum(axis=1) > 0, fmt="%d")
    for name in ("x", "y"):
        content = (folder / f"{name}1.tsv").read_bytes()
        with (folder / f"{name}{TIMES}.tsv").open("wb") as file:
            for _ in range(TIMES):
                file.write(content)


def make_estimator(folder: Path) -> Path:
    """Write an estimator with one hidden layer by the suite's own tools."""
    layers = [
        {"layer_type": "Dense", "units": 32, "activation": "relu", "kwargs": ""},
        {"layer_type": "Dense", "units": 1, "activation": "sigmoid", "kwargs": ""},
    ]
    forms = {
        "keras_model_config": config_form(*layers, input_shape=f"({COLUMNS},)"),
        "keras_model_builder": builder_form(fit={"epochs": EPOCHS, "batch_size": 128}, seed=1),
    }
    files = {
        "keras_model_config": ["--outfile", folder / "architecture.json"],
        "keras_model_builder": ["--architecture", folder / "architecture.json", "--outfile", folder / "estimator.zip"],
    }
    for tool, form in forms.items():
        inputs = folder / f"{tool}.json"
        inputs.write_text(json.dumps(form))
        script = ROOT / "tools" / tool / f"{tool}.py"
        measure([sys.executable, str(script), "--inputs", str(inputs), *map(str, files[tool])])
    return folder / "estimator.zip"


def main() -> None:
    """Measure both tables and print their costs and ratios."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_tables(folder)
        inputs = folder / "training.json"
        inputs.write_text(json.dumps(training_form(header1=False, header2=False)))
        command = [sys.executable, str(ROOT / "tools" / "keras_train_and_eval" / "keras_train_and_eval.py")]
        command += ["--inputs", str(inputs), "--estimator", str(make_estimator(folder))]
        costs = {}
        for times in (1, TIMES):
            files = ["--features", folder / f"x{times}.tsv", "--target", folder / f"y{times}.tsv"]
            files += ["--outfile-result", folder / f"result{times}.tsv"]
            costs[times] = measure([*command, *map(str, files)])
            print(f"{times * ROWS:9,} rows {costs[times].seconds:8.1f} s {costs[times].megabytes:8.0f} MB", flush=True)
    added = 4 * (TIMES - 1) * ROWS * COLUMNS / 2**20
    grown = costs[TIMES].megabytes - costs[1].megabytes
    print(f"time: {costs[TIMES].seconds / costs[1].seconds:.1f} times for {TIMES} times the rows")
    print(f"peak memory: {grown:.0f} MB more for {added:.0f} MB of added rows")


if __name__ == "__main__":
    main()
