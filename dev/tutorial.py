"""The tutorial's workflow, run through Galaxy on four tables."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from dev.paths import LOCAL
from dev.report import step
from dev.server import GalaxyServer

HISTORY = "Recurrent neural network"
OUTPUTS = LOCAL / "outputs"


@dataclass(frozen=True)
class Reviews:
    """Four tables without headers: word indices of reviews, and 1 or 0 for each."""

    train_samples: Path
    train_labels: Path
    test_samples: Path
    test_labels: Path


def run_tutorial(server: GalaxyServer, reviews: Reviews | None) -> None:
    """Run the workflow, download its outputs, and print the metrics and where the confusion matrix lies.

    Parameters
    ----------
    server
        Started.
    reviews
        The tables to train and test on, with the tutorial's settings; None takes the small tables of the workflow's
        own test, with its settings.
    """
    shutil.rmtree(OUTPUTS, ignore_errors=True)
    OUTPUTS.mkdir(parents=True)
    job = OUTPUTS / "job.json"
    job.write_text(json.dumps(_small_job() if reviews is None else _job(reviews), indent=2))
    with step("The tutorial's workflow in Galaxy"):
        _run_workflow(server, job)
    _print_results()
