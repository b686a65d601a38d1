"""Create the tables of true and predicted labels for tests of the visualization tool.

Run it with the tools' environment: ``python test-data/make_labels.py``. The files are written
to the folder of the script.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
SEED = 11


def make_pairs(matrix: np.ndarray, labels: Sequence[object], seed: int = SEED) -> list[tuple[object, object]]:
    """Return shuffled pairs of true and predicted labels with a known confusion matrix."""
    pairs = [(labels[i], labels[j]) for i, j in np.ndindex(matrix.shape) for _ in range(matrix[i, j])]
    return [pairs[k] for k in np.random.default_rng(seed).permutation(len(pairs))]


def write_rows(name: str, rows: Sequence[Sequence[object]], header: Sequence[str] = ()) -> None:
    """Write a tab-separated table, optionally with a header."""
    lines = [header, *rows] if header else rows
    (HERE / name).write_text("".join("\t".join(map(str, line)) + "\n" for line in lines))


def main() -> None:
    """Create all files."""
    # As in the tutorial: integer labels without a header, and predictions with a header.
    sentiment = make_pairs(np.array([[40, 10], [5, 45]]), [0, 1])
    write_rows("true_sentiment.tabular", [[true] for true, _ in sentiment])
    write_rows("predicted_sentiment.tabular", [[float(predicted)] for _, predicted in sentiment], ["Predicted"])
    draw = np.random.default_rng(SEED)
    chances = [
        abs(predicted - share) for (_, predicted), share in zip(sentiment, draw.uniform(0, 0.5, 100), strict=True)
    ]
    write_rows("probabilities_of_sentiment.tabular", [[1 - chance, chance] for chance in chances], ["0", "1"])

    # As the training tool writes one-hot targets: the text labels are in the last column.
    names = ["setosa", "versicolor", "virginica"]
    species = make_pairs(np.array([[20, 0, 0], [0, 18, 2], [0, 1, 19]]), names)
    one_hot = [[*(int(true == name) for name in names), true] for true, _ in species]
    write_rows("true_species.tabular", one_hot, [*names, "Label"])
    write_rows("predicted_species.tabular", [[predicted] for _, predicted in species], ["Predicted"])

    # Integer labels that do not start at 0, between other columns; class 7 is never predicted.
    grades = make_pairs(np.array([[18, 2, 0], [4, 4, 0], [1, 11, 0]]), [3, 4, 7])
    patients = [[f"patient {k}", true, "north" if k % 2 else "south"] for k, (true, _) in enumerate(grades, start=1)]
    write_rows("true_grades.tabular", patients, ["patient", "grade", "ward"])
    write_rows("predicted_grades.tabular", [[predicted] for _, predicted in grades], ["Predicted"])

    # More classes than a plot can label.
    groups = make_pairs(2 * np.eye(40, dtype=int) + np.eye(40, k=1, dtype=int), [f"group {k}" for k in range(40)])
    write_rows("true_groups.tabular", [[true] for true, _ in groups])
    write_rows("predicted_groups.tabular", [[predicted] for _, predicted in groups])


if __name__ == "__main__":
    main()
