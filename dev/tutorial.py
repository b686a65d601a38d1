"""Run the workflow of the tutorial in Galaxy and print its results."""

import csv
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from dev import programs
from dev.environments import program
from dev.paths import LOCAL, ROOT, WORKFLOW
from dev.report import SetupError, step
from dev.server import GalaxyServer

OUTPUTS = LOCAL / "outputs"
# Time limits of the workflow in seconds: with the small tables, and with tables of the user, which may be large.
SMALL_LIMIT, LARGE_LIMIT = 1200, 12 * 3600
HISTORY = "Sentiment classification with a recurrent neural network"
TEST_LABELS = "Test labels (y_test)"
SMALL_JOB = WORKFLOW.with_name("small-reviews-job.yml")
SMALL_TEST_LABELS = ROOT / "test-data" / "reviews_y_test.tsv"


@dataclass(frozen=True)
class Reviews:
    """Four tables without headers: the word indices of the reviews, and a label (0 or 1) per review."""

    train_samples: Path
    train_labels: Path
    test_samples: Path
    test_labels: Path

    def write_job(self, path: Path) -> None:
        """Write the inputs of the workflow as JSON; other parameters keep the defaults of the workflow."""
        files = {
            "Training samples (X_train)": self.train_samples,
            "Training labels (y_train)": self.train_labels,
            "Test samples (X_test)": self.test_samples,
            TEST_LABELS: self.test_labels,
        }
        for file in files.values():
            if not file.is_file():
                raise SetupError(f"The file {file} is missing; expected a tab-separated table.")
        inputs = {
            label: {"class": "File", "path": str(file.resolve()), "filetype": "tabular"}
            for label, file in files.items()
        }
        path.write_text(json.dumps(inputs, indent=2))


def run_tutorial(server: GalaxyServer, reviews: Reviews | None) -> None:
    """Run the workflow, download its outputs, and print the metrics and the path of the confusion matrix.

    Parameters
    ----------
    server
        A running server.
    reviews
        Tables to train and test on with the settings of the tutorial. None uses the small tables and the settings of
        the workflow's test.
    """
    shutil.rmtree(OUTPUTS, ignore_errors=True)
    OUTPUTS.mkdir(parents=True)
    job = SMALL_JOB
    if reviews is not None:
        job = OUTPUTS / "job.json"
        reviews.write_job(job)
    with step("Workflow of the tutorial in Galaxy"):
        files = _run_workflow(server, job, SMALL_LIMIT if reviews is None else LARGE_LIMIT)
    _print_results(files, SMALL_TEST_LABELS if reviews is None else reviews.test_labels)


def _run_workflow(server: GalaxyServer, job: Path, limit: int) -> dict[str, Path]:
    """Run the workflow with planemo, which prints the state of the jobs, and return its outputs by label."""
    report = OUTPUTS / "outputs.json"
    command: list[str | Path] = [
        *(program("checks", "planemo"), "--directory", LOCAL / "planemo", "run", WORKFLOW, job),
        *("--engine", "external_galaxy", "--galaxy_url", server.url, "--galaxy_user_key", server.key),
        *("--history_name", HISTORY, "--download_outputs", "--no_shed_install"),
        *("--output_directory", OUTPUTS, "--output_json", report, "--test_output_json", OUTPUTS / "run.json"),
    ]
    try:
        exit_code = programs.run(command, limit, cwd=OUTPUTS)
    except SetupError:
        programs.print_end(server.log)
        raise
    if lost := server.list_lost_tasks():
        raise SetupError(f"Galaxy lost a task; see {server.log}: {lost[-1]}")
    if exit_code != 0:
        raise SetupError(f"The workflow failed; the history {HISTORY!r} at {server.url} shows the failed step.")
    outputs = json.loads(report.read_text())
    return {label: Path(output["path"]) for label, output in outputs.items()}


def _print_results(files: dict[str, Path], test_labels: Path) -> None:
    for label in ("Training history", "Validation metrics"):
        print(f"{label}:")
        with files[label].open(newline="") as file:
            for row in csv.reader(file, delimiter="\t"):
                print("  " + "  ".join(f"{cell[:12]:14}" for cell in row))
    y_true = test_labels.read_text().split()
    y_pred = files["Predicted labels"].read_text().split()[1:]
    correct = sum(true == predicted for true, predicted in zip(y_true, y_pred, strict=True))
    print(f"Accuracy on the {len(y_true)} test reviews: {correct / len(y_true):.4f}")
    image = files["Confusion matrix of the test reviews"].rename(OUTPUTS / "confusion_matrix.png")
    print(f"Confusion matrix: {image}")
