"""Workflows of the tool versions 0.5.0 and 1.0.8.3, from a Galaxy release that stored numbers and booleans as text.

They use Adam with lr and decay, a table of parameters, and separate weights of the fitted estimator.
"""

from typing import Any

from published_workflows import (
    BUILDER,
    CONFIG,
    make_config,
    make_plot,
    make_samples,
    make_samples_and_labels,
    make_workflow,
    Notation,
    State,
    Step,
    TEST_DATA,
    TRAINING,
    TRAINING_DATA,
)

NOTATION = Notation({"__class__": "RuntimeValue"}, "false", "true")
DEEP_LEARNING, MACHINE_LEARNING = "0.5.0", "1.0.8.3"
NO_CALLBACK = {"callback_type": "None", "__current_case__": 0}
EARLY_STOPPING = {
    "callback_type": "EarlyStopping",
    "__current_case__": 1,
    "monitor": "val_loss",
    "mode": "auto",
    "min_delta": "0",
    "patience": "9",
    "baseline": "",
    "restore_best_weights": "false",
}
DEFAULT_SCORE = {"primary_scoring": "default", "__current_case__": 0}
SCORES = {
    "primary_scoring": "accuracy",
    "__current_case__": 1,
    "secondary_scoring": ["precision_wighted", "roc_auc"],
}


def make_revision_1() -> dict[str, Any]:
    """Return a workflow with the fields of revision 1 that revision 2 lacks."""
    builder = _make_builder({"lr": "0.002", "decay": "1e-05"}, "2", EARLY_STOPPING, random_seed="1", get_params="true")
    training = _make_training({"sp_name": "epochs", "sp_value": "5"}, SCORES, random_state="7")
    builder.outputs["outfile_params"] = "tabular"
    training.connections["experiment_schemes|hyperparams_swapping|infile_params"] = (BUILDER, "outfile_params")
    return _make_workflow("Published revision 1", builder, training)


def make_tutorial() -> dict[str, Any]:
    """Return the workflow of the tutorial, with default or empty fields and without a table of parameters."""
    builder = _make_builder({"lr": "0.001", "decay": "0.0"}, "5", NO_CALLBACK, random_seed=None, get_params="false")
    training = _make_training({"sp_name": None, "sp_value": ""}, DEFAULT_SCORE, random_state=None)
    return _make_workflow("Tutorial", builder, training)


def _make_workflow(name: str, builder: Step, training: Step) -> dict[str, Any]:
    prediction = Step(
        "model_prediction",
        MACHINE_LEARNING,
        {
            "infile_estimator": NOTATION.dataset,
            "infile_weights": NOTATION.dataset,
            "method": "predict",
            "input_options": make_samples(NOTATION),
        },
        {
            "infile_estimator": (TRAINING, "outfile_object"),
            "infile_weights": (TRAINING, "outfile_weights"),
            **TEST_DATA,
        },
        {"outfile_predict": "tabular"},
    )
    steps = [make_config(DEEP_LEARNING), builder, training, prediction, make_plot(MACHINE_LEARNING, NOTATION)]
    return make_workflow(name, steps)


def _make_builder(options: State, epochs: str, callback: State, random_seed: str | None, get_params: str) -> Step:
    adam = {**options, "beta_1": "0.9", "beta_2": "0.999", "amsgrad": "false"}
    model = {
        "mode_type": "train_model",
        "__current_case__": 0,
        "infile_json": NOTATION.dataset,
        "learning_type": "KerasGClassifier",
        "compile_params": {
            "loss": "binary_crossentropy",
            "optimizer_selection": {"optimizer_type": "Adam", "__current_case__": 4, "optimizer_options": adam},
            "metrics": ["acc"],
        },
        "fit_params": {
            "epochs": epochs,
            "batch_size": "32",
            "steps_per_epoch": "",
            "validation_steps": "",
            "callbacks": [{"__index__": 0, "callback_selection": callback}],
        },
        "random_seed": random_seed,
        "get_params": get_params,
    }
    connections = {"mode_selection|infile_json": (CONFIG, "outfile")}
    return Step("keras_model_builder", DEEP_LEARNING, {"mode_selection": model}, connections, {"outfile": "zip"})


def _make_training(override: State, scoring: State, random_state: str | None) -> Step:
    split = {"shuffle": "simple", "__current_case__": 1, "test_size": "0.2", "random_state": random_state}
    state = {
        "experiment_schemes": {
            "selected_exp_scheme": "train_val",
            "__current_case__": 0,
            "infile_estimator": NOTATION.dataset,
            "hyperparams_swapping": {"infile_params": NOTATION.dataset, "param_set": [{"__index__": 0, **override}]},
            "test_split": {"split_algos": split},
            "metrics": {"scoring": scoring},
        },
        "input_options": make_samples_and_labels(NOTATION),
        "save": ["save_estimator"],
    }
    connections = {"experiment_schemes|infile_estimator": (BUILDER, "outfile"), **TRAINING_DATA}
    outputs = {"outfile_result": "tabular", "outfile_object": "zip", "outfile_weights": "h5"}
    return Step("keras_train_and_eval", MACHINE_LEARNING, state, connections, outputs)
