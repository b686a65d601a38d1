"""Compare the five scripts on the tutorial's data with one Keras script that does the same job.

Run it with the tools' environment on an idle machine, ``.local/tools/bin/python benchmarks/tutorial.py DATA``. DATA
is a folder with X_train.tsv, y_train.tsv, X_test.tsv and y_test.tsv. Times depend on the machine.
"""

import json
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from examples.default_forms import builder_form, config_form, make_selection, prediction_form, training_form

KERAS_IMPORTS = "import keras, h5py, jsonschema"
PLOT_IMPORTS = "import sklearn.metrics, pandas, matplotlib.pyplot"
REPEATS = 3


@dataclass(frozen=True)
class Cost:
    """Wall time in seconds and peak resident memory in megabytes."""

    seconds: float
    megabytes: float


def measure(command: list[str], repeats: int = 1) -> Cost:
    """Run a program one or more times, and return the cost of the fastest run."""
    costs = []
    for _ in range(repeats):
        started = time.perf_counter()
        child = os.posix_spawn(command[0], command, os.environ, file_actions=_silence())
        _, status, usage = os.wait4(child, 0)
        if status:
            raise SystemExit(f"{' '.join(command)} failed")
        costs.append(Cost(time.perf_counter() - started, usage.ru_maxrss / 1024))
    return min(costs, key=lambda cost: cost.seconds)


def _silence() -> list[tuple]:
    """Discard standard output, but not standard error."""
    return [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]


def make_command(folder: Path, tool: str, form: dict, **options: Path) -> list[str]:
    """Write a form to a folder, and return the command that runs a tool's script with it."""
    inputs = folder / f"{tool}.json"
    inputs.write_text(json.dumps(form))
    arguments = [f"--{name.replace('_', '-')}={path}" for name, path in options.items()]
    return [sys.executable, str(ROOT / "tools" / tool / f"{tool}.py"), f"--inputs={inputs}", *arguments]


def list_commands(data: Path, folder: Path) -> dict[str, list[str]]:
    """Return the command of each tool for the tutorial, in order; a command reads the outputs of those before it."""

    command = partial(make_command, folder)
    architecture, estimator, fitted = folder / "architecture.json", folder / "estimator.zip", folder / "fitted.zip"
    weights, predictions = folder / "weights.h5", folder / "predictions.tsv"
    split = {"shuffle": "simple", "test_size": 0.2, "random_state": 42}
    return {
        "keras_model_config": command("keras_model_config", config_form(), outfile=architecture),
        "keras_model_builder": command(
            "keras_model_builder", builder_form(seed=42), architecture=architecture, outfile=estimator
        ),
        "keras_train_and_eval": command(
            "keras_train_and_eval",
            training_form(header1=False, header2=False, split=split),
            estimator=estimator,
            features=data / "X_train.tsv",
            target=data / "y_train.tsv",
            outfile_result=folder / "metrics.tsv",
            outfile_object=fitted,
            outfile_weights=weights,
        ),
        "model_prediction": command(
            "model_prediction",
            prediction_form(header1=False),
            estimator=fitted,
            weights=weights,
            features=data / "X_test.tsv",
            outfile_predict=predictions,
        ),
        "ml_visualization_ex": command(
            "ml_visualization_ex",
            {"plotting_selection": make_selection(header_true=False)},
            infile_true=data / "y_test.tsv",
            infile_predicted=predictions,
            output=folder / "confusion_matrix.png",
        ),
    }


def main(data: Path) -> None:
    """Measure all scripts and print their times and peak memory."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        imports = {
            "keras": measure([sys.executable, "-c", KERAS_IMPORTS], REPEATS),
            "plot": measure([sys.executable, "-c", PLOT_IMPORTS], REPEATS),
        }
        print(f"{'':22} {'seconds':>9} {'MB':>7}  of its imports")
        baselines = {"keras_model_config": "keras", "keras_model_builder": "keras", "ml_visualization_ex": "plot"}
        costs = {}
        for tool, command in list_commands(data, folder).items():
            baseline = imports.get(baselines.get(tool, ""))
            costs[tool] = measure(command, REPEATS if baseline else 1)
            ratio = f"{costs[tool].seconds / baseline.seconds:8.2f}" if baseline else ""
            print(f"{tool:22} {costs[tool].seconds:9.1f} {costs[tool].megabytes:7.0f}  {ratio}", flush=True)
        keras_script = measure([sys.executable, str(ROOT / "benchmarks" / "handwritten.py"), str(data), str(folder)])
    total = sum(cost.seconds for cost in costs.values())
    print(f"{'sum':22} {total:9.1f}")
    print(f"{'Keras script':22} {keras_script.seconds:9.1f} {keras_script.megabytes:7.0f}")
    print(f"sum / Keras script: {total / keras_script.seconds:.2f} in time")
    peak = costs["keras_train_and_eval"].megabytes / keras_script.megabytes
    print(f"training / Keras script: {peak:.2f} in peak memory")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
