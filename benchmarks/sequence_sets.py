"""Accuracy on real sequences: networks from the form, trained by the training tool, with the splits that it offers.

``python3 benchmarks/sequence_sets.py FOLDER [splice|promoters|peptides ...]``; FOLDER contains the data sets
(``splice/splice.fa`` and so on). Nothing is tuned on the evaluation rows.
"""

import csv
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from examples.default_forms import builder_form, config_form, sequence_fields, training_form

from dev.environments import program

Layer = dict[str, Any]


def convolution(filters: int, kernel_size: int) -> Layer:
    """Return a convolution with ReLU."""
    return {"layer_type": "Conv1D", "filters": filters, "kernel_size": str(kernel_size), "activation": "relu"}


def dense(units: int, activation: str) -> Layer:
    """Return a dense layer."""
    return {"layer_type": "Dense", "units": units, "activation": activation}


def dropout(rate: float) -> Layer:
    """Return a dropout layer."""
    return {"layer_type": "Dropout", "rate": rate}


POOLING = {"layer_type": "MaxPooling1D", "pool_size": 2, "strides": None}
FLATTEN = {"layer_type": "Flatten"}
SPLICE = [
    convolution(32, 7),
    POOLING,
    convolution(32, 5),
    FLATTEN,
    dense(64, "relu"),
    dropout(0.5),
    dense(3, "softmax"),
]
PROMOTERS = [
    *(convolution(100, 7), POOLING, convolution(32, 7), POOLING, FLATTEN),
    *(dropout(0.3), dense(64, "relu"), dropout(0.5), dense(1, "sigmoid")),
]
PEPTIDES = [
    {"layer_type": "Embedding", "input_dim": 22, "output_dim": 32, "mask_zero": True},
    {"layer_type": "LSTM", "units": 32, "bidirectional": "concat"},
    *(dropout(0.5), dense(1, "sigmoid")),
]


def main() -> None:
    """Train on the chosen data sets and print their scores."""
    folder, *names = sys.argv[1:]
    for name in names or SETS:
        SETS[name](Path(folder))


def run_splice(data: Path) -> None:
    """Splice junctions: stratified 10-fold cross-validation, identical sequences in one fold."""
    folds = stratified_folds(10)
    rows = train(
        SPLICE,
        builder_form(loss="automatic", metrics=["automatic"], fit={"epochs": 15, "batch_size": 64}, seed=0),
        training_form(folds=folds, sequences=sequence_fields(), columns2=("by_header_name", "class")),
        [data / "splice/splice.fa"],
        data / "splice/splice_labels.tsv",
    )
    print_accuracy("splice", rows)


def run_promoters(data: Path) -> None:
    """Promoters of E. coli, one file per class: three seeds, then the same with similar sequences on one side."""
    files = [data / "ecoli_promoters/promoters.fa", data / "ecoli_promoters/non_promoters.fa"]
    for similar in (None, 30):
        scores = []
        for seed in (0, 1, 2):
            rows = train(
                PROMOTERS,
                builder_form(loss="automatic", metrics=["automatic"], fit={"epochs": 12, "batch_size": 64}, seed=seed),
                training_form(
                    split={"shuffle": "stratified", "test_size": 0.2, "random_state": seed},
                    sequences=sequence_fields(similar=similar),
                    primary_scoring="matthews_corrcoef",
                ),
                files,
            )
            scores.append(float(rows[0]["matthews_corrcoef"]))
        print(
            f"promoters, similar: {similar}: MCC {sorted(scores)}, median {statistics.median(scores):.3f}", flush=True
        )


def run_peptides(data: Path) -> None:
    """Anticancer peptides, labels from the headers: 5-fold cross-validation with a recurrent network."""
    folds = stratified_folds(5)
    fields = sequence_fields(alphabet="protein", coding="k_mers", k=1, length=60, header_pattern="|{label}")
    rows = train(
        PEPTIDES,
        builder_form(loss="automatic", metrics=["automatic"], fit={"epochs": 20, "batch_size": 32}, seed=0),
        training_form(folds=folds, sequences=fields),
        [data / "acp740/acp740.fa"],
    )
    print_accuracy("peptides", rows)


def stratified_folds(count: int) -> dict[str, Any]:
    """Return the section of a cross-validation without a final network."""
    return {"split_algos": {"shuffle": "stratified", "random_state": 0}, "n_splits": count, "refit": False}


def print_accuracy(name: str, rows: list[dict[str, str]]) -> None:
    """Print the mean accuracy of the folds and its range."""
    scores = [float(row["accuracy"]) for row in rows if row["fold"].isdigit()]
    print(f"{name}: accuracy {statistics.mean(scores):.3f} (folds {min(scores):.3f} to {max(scores):.3f})", flush=True)


SETS = {"splice": run_splice, "promoters": run_promoters, "peptides": run_peptides}


def train(
    layers: list[Layer],
    builder: dict[str, Any],
    training: dict[str, Any],
    files: list[Path],
    labels: Path | None = None,
) -> list[dict[str, str]]:
    """Run the three tools and return the rows of the evaluation metrics."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        names = {"training samples": [file.name for file in files]}
        documents = {
            "config": config_form(*layers, input_shape=None),
            "builder": builder,
            "training": training,
            "names": names,
        }
        paths = {}
        for document, content in documents.items():
            paths[document] = folder / f"{document}.json"
            paths[document].write_text(json.dumps(content))
        run("keras_model_config", "--inputs", paths["config"], "--outfile", folder / "network")
        run(
            *("keras_model_builder", "--inputs", paths["builder"], "--architecture", folder / "network"),
            *("--outfile", folder / "estimator"),
        )
        run(
            *("keras_train_and_eval", "--inputs", paths["training"], "--estimator", folder / "estimator"),
            *("--features", *files, *(["--target", labels] if labels else [])),
            *("--dataset-names", paths["names"], "--outfile-result", folder / "result"),
        )
        with (folder / "result").open() as result:
            return list(csv.DictReader(result, delimiter="\t"))


def run(tool: str, *arguments: object) -> None:
    """Run the script of a tool."""
    script = ROOT / "tools" / tool / f"{tool}.py"
    subprocess.run(
        [program("tools", "python"), "-s", script, *map(str, arguments)], check=True, cwd=tempfile.gettempdir()
    )


if __name__ == "__main__":
    main()
