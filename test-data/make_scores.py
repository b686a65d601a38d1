"""Create the tables of scores, histories and measurements for tests of the visualization tool.

Run it with the tools' environment: ``python test-data/make_scores.py``. The files are written
to the folder of the script.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
SEED = 23


def write_columns(name: str, columns: Mapping[str, Sequence[object]]) -> None:
    """Write a tab-separated table with a header."""
    rows = [list(columns), *zip(*columns.values(), strict=True)]
    (HERE / name).write_text("".join("\t".join(map(str, row)) + "\n" for row in rows))


def make_scores(classes: Sequence[str], rows: int, draw: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return true class indices and probabilities that are correlated with them."""
    true = draw.integers(0, len(classes), rows)
    weights = np.exp(draw.normal(size=(rows, len(classes))) + 2 * np.eye(len(classes))[true])
    return true, np.round(weights / weights.sum(axis=1, keepdims=True), 4)


def write_scores(name: str, classes: Sequence[str], rows: int, draw: np.random.Generator) -> None:
    """Write true labels, and probabilities followed by predicted labels, as the training tool does."""
    true, chances = make_scores(classes, rows, draw)
    labels = np.array(classes)
    write_columns(f"true_{name}.tabular", {"label": labels[true]})
    columns = {label: chances[:, place] for place, label in enumerate(classes)}
    write_columns(f"scores_of_{name}.tabular", {**columns, "Predicted": labels[chances.argmax(axis=1)]})


def write_history(name: str, epochs: int, speed: float) -> None:
    """Write a training history whose validation loss decreases and then increases."""
    numbers = np.arange(1, epochs + 1)
    loss = 0.1 + 1 / (1 + speed * numbers)
    columns = {
        "epoch": numbers,
        "acc": np.round(1 - 0.5 * loss, 4),
        "loss": np.round(loss, 4),
        "val_acc": np.round(0.95 - 0.5 * loss, 4),
        "val_loss": np.round(loss + 0.1 + 0.002 * numbers**2, 4),
    }
    write_columns(f"history_{name}.tabular", columns)


def main() -> None:
    """Create all files."""
    draw = np.random.default_rng(SEED)
    write_scores("health", ["healthy", "tumour"], 80, draw)
    write_scores("tissue", ["brain", "liver", "skin"], 120, draw)
    write_history("adam", 20, 0.9)
    write_history("sgd", 12, 0.4)
    learning = {
        "train_sizes_abs": [17, 56, 95, 134, 173],
        "mean_train_scores": [0.99, 0.97, 0.96, 0.95, 0.95],
        "std_train_scores": [0.01, 0.02, 0.01, 0.01, 0.01],
        "mean_test_scores": [0.61, 0.74, 0.82, 0.87, 0.88],
        "std_test_scores": [0.11, 0.07, 0.05, 0.03, 0.03],
    }
    write_columns("learning_curve.tabular", learning)
    write_columns("elimination_scores.tabular", {"score": [0.55, 0.71, 0.83, 0.81]})
    importances = {"feature": [f"gene {k}" for k in range(8)], "importance": [0.4, -0.3, 0, 0.05, 1.2, -0.9, 0.3, 0.1]}
    write_columns("importances.tabular", importances)
    true = np.round(draw.normal(5, 2, 100), 3)
    write_columns("true_sizes.tabular", {"sample": [f"s{k}" for k in range(100)], "size": true})
    write_columns("predicted_sizes.tabular", {"Predicted": np.round(true + draw.normal(0, 0.5, 100), 3)})


if __name__ == "__main__":
    main()
