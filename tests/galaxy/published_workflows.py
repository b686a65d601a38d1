"""The tutorial's workflow in the states of the two published revisions of the tools, on the small reviews.

A state holds every parameter that the revision's form has in the branches that are used, and no other. Revision 1 is of
a Galaxy that wrote numbers and booleans as text; revision 2 of one that writes them as they are. The tools'
identifiers are those without a Tool Shed, as the local Galaxy has them.
"""

import json
from typing import Any

CONNECTED = {"__class__": "ConnectedValue"}
RUNTIME = {"__class__": "RuntimeValue"}
INPUTS = ("X_train", "y_train", "X_test", "y_test")
ALL_COLUMNS = "all_columns"
State = dict[str, Any]
Connections = dict[str, tuple[int, str]]


def _make_step(number: int, tool_id: str, version: str, state: State, connections: Connections) -> dict[str, Any]:
    return {
        "id": number,
        "type": "tool",
        "name": tool_id,
        "tool_id": tool_id,
        "content_id": tool_id,
        "tool_version": version,
        "tool_state": json.dumps({**state, "__page__": None, "__rerun_remap_job_id__": None}),
        "input_connections": {
            name: {"id": source, "output_name": output} for name, (source, output) in connections.items()
        },
        "inputs": [],
        "outputs": [],
        "workflow_outputs": [],
        "annotation": "",
        "position": {"left": 0, "top": 100 * number},
    }


def _make_workflow(name: str, steps: list[tuple[str, str, State, Connections]]) -> dict[str, Any]:
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
        for number, label in enumerate(INPUTS)
    ]
    tools = [_make_step(number, *step) for number, step in enumerate(steps, start=len(inputs))]
    return {
        "a_galaxy_workflow": "true",
        "format-version": "0.1",
        "name": name,
        "annotation": "",
        "tags": [],
        "steps": {str(step["id"]): step for step in [*inputs, *tools]},
    }


def _config_state() -> State:
    """The architecture's form is the same in both revisions."""
    layers = [
        {"layer_type": "Embedding", "__current_case__": 54, "input_dim": "200", "output_dim": "32", "kwargs": ""},
        {"layer_type": "LSTM", "__current_case__": 46, "units": "100", "kwargs": "dropout=0.1"},
        {"layer_type": "Dense", "__current_case__": 0, "units": "1", "activation": "sigmoid", "kwargs": ""},
    ]
    blocks = [{"__index__": number, "layer_selection": layer} for number, layer in enumerate(layers)]
    return {
        "model_selection": {
            "model_type": "sequential",
            "__current_case__": 0,
            "input_shape": "(40,)",
            "layers": blocks,
        }
    }


def _all_columns(option: str) -> State:
    return {option: ALL_COLUMNS, "__current_case__": 4}


def _tabular(header: Any) -> State:
    return {
        "selected_input": "tabular",
        "__current_case__": 0,
        "infile1": CONNECTED,
        "header1": header,
        "column_selector_options_1": _all_columns("selected_column_selector_option"),
    }


def _training_data(header: Any) -> State:
    return {
        **_tabular(header),
        "infile2": CONNECTED,
        "header2": header,
        "column_selector_options_2": _all_columns("selected_column_selector_option2"),
    }


def _plot_state(no: Any, yes: Any) -> State:
    return {
        "plotting_selection": {
            "plot_type": "classification_confusion_matrix",
            "__current_case__": 6,
            "infile_true": CONNECTED,
            "header_true": no,
            "column_selector_options_true": _all_columns("selected_column_selector_option"),
            "infile_predicted": CONNECTED,
            "header_predicted": yes,
            "title": "Reviews",
            "plot_format": "png",
            "plot_color": "Summer",
        }
    }


def make_revision_1() -> dict[str, Any]:
    """Make the workflow of the tools 0.5.0 and 1.0.8.3: Adam with lr, a table of parameters, separate weights."""
    early_stopping = {
        "callback_type": "EarlyStopping",
        "__current_case__": 1,
        "monitor": "val_loss",
        "mode": "auto",
        "min_delta": "0",
        "patience": "9",
        "baseline": "",
        "restore_best_weights": "false",
    }
    options = {"lr": "0.002", "beta_1": "0.9", "beta_2": "0.999", "decay": "0.0", "amsgrad": "false"}
    builder = {
        "mode_selection": {
            "mode_type": "train_model",
            "__current_case__": 0,
            "infile_json": CONNECTED,
            "learning_type": "KerasGClassifier",
            "compile_params": {
                "loss": "binary_crossentropy",
                "optimizer_selection": {"optimizer_type": "Adam", "__current_case__": 4, "optimizer_options": options},
                "metrics": ["acc"],
            },
            "fit_params": {
                "epochs": "2",
                "batch_size": "32",
                "steps_per_epoch": "",
                "validation_steps": "",
                "callbacks": [{"__index__": 0, "callback_selection": early_stopping}],
            },
            "random_seed": "1",
            "get_params": "true",
        }
    }
    training = {
        "experiment_schemes": {
            "selected_exp_scheme": "train_val",
            "__current_case__": 0,
            "infile_estimator": CONNECTED,
            "hyperparams_swapping": {
                "infile_params": CONNECTED,
                "param_set": [{"__index__": 0, "sp_name": "epochs", "sp_value": "5"}],
            },
            "test_split": {
                "split_algos": {"shuffle": "simple", "__current_case__": 1, "test_size": "0.2", "random_state": "7"}
            },
            "metrics": {
                "scoring": {
                    "primary_scoring": "accuracy",
                    "__current_case__": 1,
                    "secondary_scoring": ["precision_wighted", "roc_auc"],
                }
            },
        },
        "input_options": _training_data("false"),
        "save": ["save_estimator"],
    }
    prediction = {
        "infile_estimator": CONNECTED,
        "infile_weights": CONNECTED,
        "method": "predict",
        "input_options": _tabular("false"),
    }
    return _make_workflow(
        "Published revision 1",
        [
            ("keras_model_config", "0.5.0", _config_state(), {}),
            ("keras_model_builder", "0.5.0", builder, {"mode_selection|infile_json": (4, "outfile")}),
            (
                "keras_train_and_eval",
                "1.0.8.3",
                training,
                {
                    "experiment_schemes|infile_estimator": (5, "outfile"),
                    "experiment_schemes|hyperparams_swapping|infile_params": (5, "outfile_params"),
                    "input_options|infile1": (0, "output"),
                    "input_options|infile2": (1, "output"),
                },
            ),
            (
                "model_prediction",
                "1.0.8.3",
                prediction,
                {
                    "infile_estimator": (6, "outfile_object"),
                    "infile_weights": (6, "outfile_weights"),
                    "input_options|infile1": (2, "output"),
                },
            ),
            (
                "ml_visualization_ex",
                "1.0.8.3",
                _plot_state("false", "true"),
                {
                    "plotting_selection|infile_true": (3, "output"),
                    "plotting_selection|infile_predicted": (7, "outfile_predict"),
                },
            ),
        ],
    )


def make_revision_2() -> dict[str, Any]:
    """Make the workflow of the tools 1.0.11.2: RMSprop with learning_rate, a history, three parts of rows."""
    options = {"learning_rate": 0.004, "rho": 0.9, "momentum": 0.0, "epsilon": 1e-07, "centered": False}
    builder = {
        "mode_selection": {
            "mode_type": "train_model",
            "__current_case__": 0,
            "infile_json": CONNECTED,
            "learning_type": "KerasGClassifier",
            "compile_params": {
                "loss": "binary_crossentropy",
                "optimizer_selection": {
                    "optimizer_type": "RMSprop",
                    "__current_case__": 0,
                    "optimizer_options": options,
                },
                "metrics": ["acc", "mse"],
            },
            "fit_params": {
                "epochs": 6,
                "batch_size": 32,
                "steps_per_epoch": None,
                "validation_split": 0.1,
                "validation_steps": None,
                "callbacks": [
                    {"__index__": 0, "callback_selection": {"callback_type": "CSVLogger", "__current_case__": 4}}
                ],
                "verbose": 0,
            },
            "random_seed": 3,
        }
    }
    split = {"shuffle": "stratified", "__current_case__": 2, "test_size": 0.15, "random_state": 0}
    training = {
        "experiment_schemes": {
            "selected_exp_scheme": "train_val_test",
            "__current_case__": 1,
            "infile_estimator": CONNECTED,
            "hyperparams_swapping": {"param_set": [{"__index__": 0, "sp_name": None, "sp_value": ""}]},
            "test_split": {"split_algos": split},
            "val_split": {"split_algos": split},
            "metrics": {"scoring": {"primary_scoring": "default", "__current_case__": 0}},
        },
        "input_options": _training_data(False),
        "save": ["save_estimator", "save_prediction", "save_csvlogger"],
    }
    prediction = {"infile_estimator": CONNECTED, "method": "predict", "input_options": _tabular(False)}
    return _make_workflow(
        "Published revision 2",
        [
            ("keras_model_config", "1.0.11.2", _config_state(), {}),
            ("keras_model_builder", "1.0.11.2", builder, {"mode_selection|infile_json": (4, "outfile")}),
            (
                "keras_train_and_eval",
                "1.0.11.2",
                training,
                {
                    "experiment_schemes|infile_estimator": (5, "outfile"),
                    "input_options|infile1": (0, "output"),
                    "input_options|infile2": (1, "output"),
                },
            ),
            (
                "model_prediction",
                "1.0.11.2",
                prediction,
                {"infile_estimator": (6, "outfile_object"), "input_options|infile1": (2, "output")},
            ),
            (
                "ml_visualization_ex",
                "1.0.11.2",
                _plot_state(False, True),
                {
                    "plotting_selection|infile_true": (3, "output"),
                    "plotting_selection|infile_predicted": (7, "outfile_predict"),
                },
            ),
        ],
    )
