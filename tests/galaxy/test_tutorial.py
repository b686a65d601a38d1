"""The forms in a running Galaxy contain all labels and options that the tutorial names, in the same order."""

from collections.abc import Iterator
from typing import Any

import pytest

# Name of each tool, followed by labels and selected options; None if no option is selected
EMBEDDING, LSTM, DENSE = "Embedding -- Embedding", "Recurrent -- LSTM", "Core -- Dense"
LAYER = "Choose the type of layer"
STEPS: dict[str, tuple[str, list[tuple[str, str | None]]]] = {
    "keras_model_config": (
        "Create a deep learning model architecture",
        [("Select keras model type", "sequential"), ("input_shape", None), ("LAYER", None), (LAYER, EMBEDDING)]
        + [("input_dim", None), ("output_dim", None)],
    ),
    "keras_model_config/LSTM": (
        "Create a deep learning model architecture",
        [("Select keras model type", "sequential"), (LAYER, LSTM), ("units", None)],
    ),
    "keras_model_config/Dense": (
        "Create a deep learning model architecture",
        [
            ("Select keras model type", "sequential"),
            (LAYER, DENSE),
            ("units", None),
            ("Activation function", "sigmoid"),
        ],
    ),
    "keras_model_builder": (
        "Create deep learning model",
        [
            ("Choose a building mode", "Build a training model"),
            ("Select the dataset containing model configuration", None),
            ("Do classification or regression?", "KerasGClassifier"),
            ("Compile Parameters", None),
            ("Select a loss function", "binary_crossentropy"),
            ("Select an optimizer", "Adam - Adam optimizer"),
            ("Select metrics", "acc/accuracy"),
            ("Fit Parameters", None),
            ("epochs", None),
            ("batch_size", None),
        ],
    ),
    "keras_train_and_eval": (
        "Deep learning training and evaluation",
        [
            ("Select a scheme", "Train and Validate"),
            ("Choose the dataset containing pipeline/estimator object", None),
            ("Select input type:", "tabular data"),
            ("Training samples dataset", None),
            ("Choose how to select data by column:", "All columns"),
            ("Dataset containing class labels or target values", None),
            ("Choose how to select data by column:", "All columns"),
        ],
    ),
    "model_prediction": (
        "Model Prediction",
        [
            ("Choose the dataset containing pipeline/estimator object", None),
            ("Choose the dataset containing weights for the estimator above", None),
            ("Select invocation method", "predict"),
            ("Select input data type for prediction", "tabular data"),
            ("Training samples dataset", None),
            ("Choose how to select data by column:", "All columns"),
        ],
    ),
    "ml_visualization_ex": (
        "Machine Learning Visualization Extension",
        [
            ("Select a plotting type", "Confusion matrix for classes"),
            ("Select dataset containing the true labels", None),
            ("Choose how to select data by column:", "All columns"),
            ("Select dataset containing the predicted labels", None),
            ("Does the dataset contain header:", "Yes"),
        ],
    ),
}


@pytest.mark.parametrize("step", STEPS)
def test_the_form_contains_the_labels_of_the_tutorial(galaxy, step):
    name, expected = STEPS[step]
    tool = galaxy.tools.show_tool(step.split("/")[0], io_details=True)
    assert tool["name"] == name
    found = list(_walk(tool["inputs"], dict(expected)))
    for label, choice in expected:
        position = next((i for i, (shown, _) in enumerate(found) if _same(shown, label)), None)
        assert position is not None, f"{label} is missing after the previous label"
        options = found[position][1]
        assert choice in (None, "Yes") or any(_offers(option, choice) for option in options), (label, choice, options)
        found = found[position + 1 :]


def _walk(inputs: list[dict[str, Any]], choices: dict[str, str | None]) -> Iterator[tuple[str, list[str]]]:
    """Yield the label and options of each field in the selected branches, in the order of the form."""
    for field in inputs:
        if field["type"] == "conditional":
            test = field["test_param"]
            yield from _walk([test], choices)
            choice = next((c for label, c in choices.items() if c and _same(label, test["label"])), None)
            value = next((o[1] for o in test["options"] if choice and _offers(o[0], choice)), test["value"])
            case = next(case for case in field["cases"] if case["value"] == value)
            yield from _walk(case["inputs"], choices)
        elif field["type"] in ("section", "repeat"):
            yield field["title"], []
            yield from _walk(field["inputs"], choices)
        else:
            yield field["label"] or "", [option[0] for option in field.get("options") or []]


def _offers(option: str, choice: str) -> bool:
    """Return whether an option is the one that the tutorial names; it can have a suffix in brackets."""
    return _same(option, choice) or option.startswith(f"{choice} (")


def _same(shown: str, named: str) -> bool:
    return " ".join((shown or "").split()).rstrip(":") == " ".join(named.split()).rstrip(":")
