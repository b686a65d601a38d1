"""Draw how good a model is: the confusion matrix of true and predicted class labels."""

import argparse
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TYPE_CHECKING

from class_labels import LabelPairs, LastColumn, read_label_pairs
from galaxy_keras.errors import run_script
from galaxy_keras.form import read_form
from galaxy_keras.outputs import write_complete
from galaxy_keras.tables import TableSource
from plots import draw_confusion_matrix

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TRUE = "true labels"
PREDICTED = "predicted labels"
# Names of the form that are no names of matplotlib's.
COLOR_MAPS = {"Summer": "summer", "Autumn": "autumn"}
# Classes that are counted one by one in the job's log.
LISTED_CLASSES = 20


@dataclass(frozen=True)
class ConfusionMatrixForm:
    """What a person asked for.

    Attributes
    ----------
    normalize
        Shares of each true class (``true``), of each predicted class (``pred``) or of all rows (``all``); None for
        numbers of rows.
    color_map
        matplotlib's name.
    """

    true: TableSource
    predicted: TableSource
    title: str
    normalize: str | None
    color_map: str

    @classmethod
    def from_document(cls, selection: dict[str, Any], files: Mapping[str, Path]) -> "ConfusionMatrixForm":
        """Read the plot's part of the form's JSON document; ``files`` are the datasets by their fields' names."""
        columns = LastColumn.from_form(
            selection["column_selector_options_true"], "selected_column_selector_option", "col1"
        )
        normalize, color = selection.get("normalize", "none"), selection["plot_color"]
        return cls(
            TableSource(files["infile_true"], TRUE, bool(selection["header_true"]), columns),
            TableSource(files["infile_predicted"], PREDICTED, bool(selection["header_predicted"]), LastColumn()),
            (selection.get("title") or "").strip() or "Confusion matrix between true and predicted labels",
            None if normalize == "none" else normalize,
            COLOR_MAPS.get(color, color),
        )


def parse_arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=Path, required=True, help="the form's values, JSON")
    parser.add_argument("--infile-true", type=Path, required=True, help="true labels, tabular")
    parser.add_argument("--infile-predicted", type=Path, required=True, help="predicted labels, tabular")
    parser.add_argument("--output", type=Path, required=True, help="the plot, PNG")
    return parser.parse_args(argv)


def plot_confusion_matrix(form: ConfusionMatrixForm) -> "Figure":
    """Count how often each true class was predicted as each class, and draw it."""
    from sklearn.metrics import confusion_matrix

    pairs = read_label_pairs(form.true, form.predicted)
    matrix = confusion_matrix(pairs.true, pairs.predicted, labels=pairs.classes, normalize=form.normalize)
    print("\n".join(describe_pairs(pairs)), flush=True)
    return draw_confusion_matrix(matrix, pairs.classes, form.title, form.color_map)


def describe_pairs(pairs: LabelPairs) -> list[str]:
    """Say in a few lines how many rows are right and how often each class occurs."""
    right, rows = int((pairs.true == pairs.predicted).sum()), len(pairs.true)
    true, predicted = Counter(pairs.true.tolist()), Counter(pairs.predicted.tolist())
    listed = [f"{label} {true[label]}/{predicted[label]}" for label in pairs.classes[:LISTED_CLASSES]]
    more = ", ..." if len(pairs.classes) > LISTED_CLASSES else ""
    return [
        f"Rows: {rows}, classes: {len(pairs.classes)}, accuracy: {right / rows:.4f} ({right} rows right)",
        f"Rows of each class, true/predicted: {', '.join(listed)}{more}",
        *pairs.doubts,
    ]


# A plot: its form, and the function that draws what the form asks for.
PLOTS = {"classification_confusion_matrix": (ConfusionMatrixForm, plot_confusion_matrix)}


def main(argv: list[str] | None = None) -> None:
    """Read the form, draw, write."""
    arguments = parse_arguments(argv)
    selection = read_form(arguments.inputs)["plotting_selection"]
    form, plot = PLOTS[selection["plot_type"]]
    figure = plot(form.from_document(selection, vars(arguments)))
    with write_complete(arguments.output, ".png") as beside:
        figure.savefig(beside)


if __name__ == "__main__":
    sys.exit(run_script(main))
