"""Parts of the published workflows: the five tools of the tutorial on small reviews, as exported by Galaxy.

A state contains exactly the parameters that the form of the revision has in the selected branches. The tool IDs do not
name a Tool Shed, as in the local Galaxy.
"""

import json
from dataclasses import dataclass
from typing import Any

INPUTS = ("X_train", "y_train", "X_test", "y_test")
# Step numbers; the inputs come first, in the order above.
CONFIG, BUILDER, TRAINING, PREDICTION = range(len(INPUTS), len(INPUTS) + 4)
TRAINING_DATA = {"input_options|infile1": (0, "output"), "input_options|infile2": (1, "output")}
TEST_DATA = {"input_options|infile1": (2, "output")}
State = dict[str, Any]


@dataclass(frozen=True)
class Notation:
    """Notation of connected datasets and booleans in a release of Galaxy."""

    dataset: dict[str, str]
    no: str | bool
    yes: str | bool


@dataclass(frozen=True)
class Step:
    """A tool step of a workflow.

    Attributes
    ----------
    connections
        Number of the source step and name of its output, by input name.
    outputs
        Datatypes by output name.
    """

    tool_id: str
    version: str
    state: State
    connections: dict[str, tuple[int, str]]
    outputs: dict[str, str]

    def export(self, number: int) -> dict[str, Any]:
        """Return the step as in a workflow file."""
        return {
            "id": number,
            "type": "tool",
            "name": self.tool_id,
            "tool_id": self.tool_id,
            "content_id": self.tool_id,
            "tool_version": self.version,
            "tool_state": json.dumps({**self.state, "__page__": None, "__rerun_remap_job_id__": None}),
            "input_connections": {
                name: {"id": source, "output_name": output} for name, (source, output) in self.connections.items()
            },
            "inputs": [],
            "outputs": [{"name": name, "type": datatype} for name, datatype in self.outputs.items()],
            "workflow_outputs": [{"output_name": name, "label": None} for name in self.outputs],
            "annotation": "",
            "position": {"left": 0, "top": 100 * number},
        }


def make_workflow(name: str, steps: list[Step], labels: tuple[str, ...] = INPUTS) -> dict[str, Any]:
    """Return a workflow file with inputs and steps."""
    inputs = [
        {
            "id": number,
            "type": "data_input",
            "label": label,
            "name": "Input dataset",
            "tool_id": None,
            "tool_state": json.dumps({"optional": False}),
            "input_connections": {},
            "inputs": [{"name": label, "description": ""}],
            "outputs": [],
            "workflow_outputs": [],
            "annotation": "",
            "position": {"left": 0, "top": 100 * number},
        }
        for number, label in enumerate(labels)
    ]
    tools = [step.export(number) for number, step in enumerate(steps, start=len(inputs))]
    return {
        "a_galaxy_workflow": "true",
        "format-version": "0.1",
        "name": name,
        "annotation": "",
        "tags": [],
        "steps": {str(step["id"]): step for step in [*inputs, *tools]},
    }


def make_config(version: str) -> Step:
    """Return the keras_model_config step; its form is the same in both revisions."""
    layers = [
        {"layer_type": "Embedding", "__current_case__": 53, "input_dim": "200", "output_dim": "32", "kwargs": ""},
        {"layer_type": "LSTM", "__current_case__": 45, "units": "100", "kwargs": "dropout=0.1"},
        {"layer_type": "Dense", "__current_case__": 0, "units": "1", "activation": "sigmoid", "kwargs": ""},
    ]
    blocks = [{"__index__": number, "layer_selection": layer} for number, layer in enumerate(layers)]
    network = {"model_type": "sequential", "__current_case__": 0, "input_shape": "(40,)", "layers": blocks}
    return Step("keras_model_config", version, {"model_selection": network}, {}, {"outfile": "json"})


def make_plot(version: str, notation: Notation) -> Step:
    """Return the step of the confusion matrix; its form is the same in both revisions."""
    plot = {
        "plot_type": "classification_confusion_matrix",
        "__current_case__": 6,
        "infile_true": notation.dataset,
        "header_true": notation.no,
        "column_selector_options_true": _all_columns("selected_column_selector_option"),
        "infile_predicted": notation.dataset,
        "header_predicted": notation.yes,
        "title": "Reviews",
        "plot_format": "png",
        "plot_color": "Summer",
    }
    connections = {
        "plotting_selection|infile_true": (3, "output"),
        "plotting_selection|infile_predicted": (PREDICTION, "outfile_predict"),
    }
    return Step("ml_visualization_ex", version, {"plotting_selection": plot}, connections, {"output": "html"})


def make_samples(notation: Notation) -> State:
    """Return the part of the form for a table of samples."""
    return {
        "selected_input": "tabular",
        "__current_case__": 0,
        "infile1": notation.dataset,
        "header1": notation.no,
        "column_selector_options_1": _all_columns("selected_column_selector_option"),
    }


def make_samples_and_labels(notation: Notation) -> State:
    """Return the part of the form for tables of samples and labels."""
    return {
        **make_samples(notation),
        "infile2": notation.dataset,
        "header2": notation.no,
        "column_selector_options_2": _all_columns("selected_column_selector_option2"),
    }


def _all_columns(option: str) -> State:
    return {option: "all_columns", "__current_case__": 4}
