"""Settings and architectures that the builder refuses."""

import pytest
from examples.architectures import write_outputs
from examples.default_forms import builder_form
from examples.scripts import TEST_DATA

TOOL = "keras_model_builder"
LSTM = TEST_DATA / "lstm_architecture.json"
CLASSIFIER = TEST_DATA / "dense_classifier_architecture.json"
REGRESSOR = TEST_DATA / "dense_regressor_architecture.json"


REFUSALS = {
    "cross-entropy for a regression": (REGRESSOR, {"task": "KerasGRegressor"}, "loss: found binary_crossentropy for"),
    "one output for classes": (LSTM, {"loss": "categorical_crossentropy"}, "loss: found categorical_crossentropy for"),
    "rate below zero": (LSTM, {"options": {"learning_rate": -1}}, "optimizer Adam, learning_rate: found -1"),
    "beta of one": (LSTM, {"options": {"beta_1": 1}}, "optimizer Adam, beta_1: found 1; expected"),
    "no epochs": (LSTM, {"fit": {"epochs": 0}}, "epochs: found 0; expected a whole number from 1"),
    "negative seed": (LSTM, {"seed": -1}, "seed: found -1; expected a whole number from 0"),
    "not JSON": (TEST_DATA / "not_json.json", {}, "architecture: the file is not JSON"),
    "Lambda": (TEST_DATA / "lambda_architecture.json", {}, "layer 4: found a Lambda layer"),
    "factor above one": (
        LSTM,
        {"callbacks": [{"callback_type": "ReduceLROnPlateau", "factor": 1.5}]},
        "callback ReduceLROnPlateau, factor: found 1.5; expected a number above 0 to below 1",
    ),
    "an option of another loss": (
        LSTM,
        {"loss_options": {"delta": 1.0}},
        "loss BinaryCrossentropy: found the option delta; expected one of from_logits",
    ),
    "logits of probabilities": (
        LSTM,
        {"loss_options": {"from_logits": True}},
        "loss binary_crossentropy, from_logits: found it on for a last layer with sigmoid",
    ),
    "probabilities of logits": (
        REGRESSOR,
        {},
        "outputs are logits; expected the activation sigmoid in the last layer, or from_logits in the loss",
    ),
    "an output for each class": (
        REGRESSOR,
        {"loss": "categorical_hinge", "task": "KerasGClassifier"},
        "loss: found categorical_hinge for a network with 1 output; expected binary_crossentropy",
    ),
    "metric of another target": (
        CLASSIFIER,
        {"loss": "sparse_categorical_crossentropy", "metrics": ["auc"]},
        "metrics: found auc with sparse_categorical_crossentropy and 3 outputs",
    ),
    "metric that is not computed": (
        LSTM,
        {"callbacks": [{"callback_type": "EarlyStopping", "monitor": "val_auc"}]},
        "callback EarlyStopping, monitor: found val_auc; expected one of loss, val_loss, accuracy, val_accuracy",
    ),
    "schedule and plateau": (
        LSTM,
        {
            "schedule": {"schedule_type": "PolynomialDecay", "decay_steps": 5},
            "callbacks": [{"callback_type": "ReduceLROnPlateau", "monitor": "loss"}],
        },
        "schedule PolynomialDecay: found it together with the callback ReduceLROnPlateau",
    ),
    "class weights of a regression": (
        REGRESSOR,
        {"task": "KerasGRegressor", "loss": "mse", "metrics": [], "class_weight": {"class_weight_type": "balanced"}},
        "class weights: found them for a regression",
    ),
    "too many weights": (
        LSTM,
        {
            "class_weight": {
                "class_weight_type": "given",
                "class_weights": [{"label": label, "weight": 1} for label in "abc"],
            }
        },
        "class weights: found 3 labels for a network with 1 output; expected at most 2",
    ),
    "a label twice": (
        LSTM,
        {
            "class_weight": {
                "class_weight_type": "given",
                "class_weights": [{"label": "a", "weight": 1}, {"label": "a", "weight": 2}],
            }
        },
        "class weight 2: found the label a twice",
    ),
    "not a list of numbers": (
        LSTM,
        {"schedule": {"schedule_type": "PiecewiseConstantDecay", "boundaries": "ten", "values": "0.1"}},
        "PiecewiseConstantDecay, boundaries: found",
    ),
}


@pytest.mark.parametrize("architecture, changes, message", REFUSALS.values(), ids=REFUSALS.keys())
def test_settings_that_do_not_fit_the_network_are_refused(check_refusal, architecture, changes, message):
    line = check_refusal(TOOL, builder_form(**changes), architecture=architecture, outfile="e.zip")
    assert message in line


@pytest.mark.parametrize(
    "ends, changes, message",
    [
        ([(2, "sigmoid"), (3, "softmax")], {"loss": "automatic"}, "found automatic for outputs with sigmoid, softmax"),
        ([(1, "linear"), (3, "softmax")], {"loss": "automatic"}, "expected a loss by name, or the same activation in"),
        ([(1, "softmax"), (3, "softmax")], {"loss": "mse"}, "found softmax over 1 unit"),
        (
            [(1, "sigmoid"), (3, "softmax")],
            {"loss": "automatic", "class_weight": {"class_weight_type": "balanced"}},
            "class weights: found them for a network with 2 outputs with different classes",
        ),
        (
            [(1, "sigmoid"), (3, "softmax")],
            {"loss": "automatic", "metrics": ["categorical_accuracy"]},
            "metrics: found categorical_accuracy with binary_crossentropy and 1 output",
        ),
    ],
)
def test_incompatible_outputs_are_refused(check_refusal, tmp_path, ends, changes, message):
    architecture = write_outputs(tmp_path / "a.json", ends)
    assert message in check_refusal(TOOL, builder_form(**changes), architecture=architecture, outfile="e.zip")
