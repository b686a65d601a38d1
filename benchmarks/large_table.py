"""Compare the time and peak memory of trainings on 25,000 and on 250,000 rows of 500 numbers.

Run it with the tools' environment on an idle machine, ``.local/tools/bin/python benchmarks/large_table.py``. It needs
700 MB in the folder for temporary files. Ten times the rows should take at most 10.5 times the time, and the additional
memory should be less than that of the additional rows as float32.
"""

import tempfile
from pathlib import Path

import numpy as np
from tutorial import builder_form, config_form, make_command, measure, training_form

ROWS, COLUMNS, TIMES = 25_000, 500, 10
EPOCHS = 2


def write_tables(folder: Path) -> None:
    """Write tables of random numbers, and of labels that depend on some of them, once and ten times over."""
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
    """Write an estimator with one hidden layer with the tools."""
    layers = [
        {"layer_type": "Dense", "units": 32, "activation": "relu", "kwargs": ""},
        {"layer_type": "Dense", "units": 1, "activation": "sigmoid", "kwargs": ""},
    ]
    architecture, estimator = folder / "architecture.json", folder / "estimator.zip"
    config = config_form(*layers, input_shape=f"({COLUMNS},)")
    measure(make_command(folder, "keras_model_config", config, outfile=architecture))
    builder = builder_form(fit={"epochs": EPOCHS, "batch_size": 128}, seed=1)
    measure(make_command(folder, "keras_model_builder", builder, architecture=architecture, outfile=estimator))
    return estimator


def main() -> None:
    """Measure both trainings, and print their costs and ratios."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_tables(folder)
        estimator, form = make_estimator(folder), training_form(header1=False, header2=False)
        costs = {}
        for times in (1, TIMES):
            files = {"features": folder / f"x{times}.tsv", "target": folder / f"y{times}.tsv", "estimator": estimator}
            result = folder / f"result{times}.tsv"
            costs[times] = measure(make_command(folder, "keras_train_and_eval", form, **files, outfile_result=result))
            print(f"{times * ROWS:9,} rows {costs[times].seconds:8.1f} s {costs[times].megabytes:8.0f} MB", flush=True)
    added = 4 * (TIMES - 1) * ROWS * COLUMNS / 2**20
    grown = costs[TIMES].megabytes - costs[1].megabytes
    print(f"time: {costs[TIMES].seconds / costs[1].seconds:.1f} times for {TIMES} times the rows")
    print(f"peak memory: {grown:.0f} MB more for {added:.0f} MB of added rows")


if __name__ == "__main__":
    main()
