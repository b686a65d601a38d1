"""Workflows of the tool version 1.0.11.2, from a Galaxy release that stored typed values.

They use RMSprop with learning_rate, a training history, training, validation and test rows by group, and no separate
weights.
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
    Step,
    TEST_DATA,
    TRAINING,
    TRAINING_DATA,
)

NOTATION = Notation({"__class__": "ConnectedValue"}, False, True)
VERSION = "1.0.11.2"


def make_revision_2() -> dict[str, Any]:
    """Return a workflow with the fields of revision 2 that revision 1 lacks."""
    prediction = Step(
        "model_prediction",
        VERSION,
        {"infile_estimator": NOTATION.dataset, "method": "predict", "input_options": make_samples(NOTATION)},
        {"infile_estimator": (TRAINING, "outfile_object"), **TEST_DATA},
        {"outfile_predict": "tabular"},
    )
    steps = [make_config(VERSION), _make_builder(), _make_training(), prediction, make_plot(VERSION, NOTATION)]
    return make_workflow("Published revision 2", steps)


def make_sparse_prediction() -> dict[str, Any]:
    """Return a workflow that predicts the rows of a sparse matrix, which is the only field of this input type."""
    samples = {"selected_input": "sparse", "__current_case__": 1, "infile1": NOTATION.dataset}
    state = {"infile_estimator": NOTATION.dataset, "method": "predict_proba", "input_options": samples}
    connections = {"infile_estimator": (0, "output"), "input_options|infile1": (1, "output")}
    prediction = Step("model_prediction", VERSION, state, connections, {"outfile_predict": "tabular"})
    return make_workflow("Published sparse prediction", [prediction], ("estimator", "matrix"))


def _make_builder() -> Step:
    options = {"learning_rate": 0.004, "rho": 0.9, "momentum": 0.0, "epsilon": 1e-07, "centered": False}
    logger = {"callback_type": "CSVLogger", "__current_case__": 4}
    model = {
        "mode_type": "train_model",
        "__current_case__": 0,
        "infile_json": NOTATION.dataset,
        "learning_type": "KerasGClassifier",
        "compile_params": {
            "loss": "binary_crossentropy",
            "optimizer_selection": {"optimizer_type": "RMSprop", "__current_case__": 0, "optimizer_options": options},
            "metrics": ["acc", "mse"],
        },
        "fit_params": {
            "epochs": 6,
            "batch_size": 32,
            "steps_per_epoch": None,
            "validation_split": 0.2,
            "validation_steps": None,
            "callbacks": [{"__index__": 0, "callback_selection": logger}],
            "verbose": 0,
        },
        "random_seed": 3,
    }
    connections = {"mode_selection|infile_json": (CONFIG, "outfile")}
    return Step("keras_model_builder", VERSION, {"mode_selection": model}, connections, {"outfile": "h5mlm"})


def _make_training() -> Step:
    split = {"shuffle": "group", "__current_case__": 3, "test_size": 0.15, "random_state": 0, "group_names": None}
    # The last word of a review
    column = {"selected_column_selector_option_g": "by_index_number", "__current_case__": 0, "col_g": 40}
    selector = {"infile_g": NOTATION.dataset, "header_g": NOTATION.no, "column_selector_options_g": column}
    state = {
        "experiment_schemes": {
            "selected_exp_scheme": "train_val_test",
            "__current_case__": 1,
            "infile_estimator": NOTATION.dataset,
            "hyperparams_swapping": {"param_set": [{"__index__": 0, "sp_name": None, "sp_value": ""}]},
            "test_split": {"split_algos": {**split, "groups_selector": selector}},
            "val_split": {"split_algos": split},
            "metrics": {"scoring": {"primary_scoring": "f1", "__current_case__": 4, "secondary_scoring": None}},
        },
        "input_options": make_samples_and_labels(NOTATION),
        "save": ["save_estimator", "save_prediction", "save_csvlogger"],
    }
    groups = "experiment_schemes|test_split|split_algos|groups_selector|infile_g"
    connections = {"experiment_schemes|infile_estimator": (BUILDER, "outfile"), groups: (0, "output"), **TRAINING_DATA}
    outputs = {
        "outfile_result": "tabular",
        "outfile_history": "tabular",
        "outfile_object": "h5mlm",
        "outfile_y_true": "tabular",
        "outfile_y_preds": "tabular",
    }
    return Step("keras_train_and_eval", VERSION, state, connections, outputs)
