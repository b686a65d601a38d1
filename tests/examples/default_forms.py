"""JSON documents of forms as Galaxy writes them, with the values of the tutorial or those of a test."""

from typing import Any

ALL_COLUMNS = "all_columns"
# Outputs of the training tool except the report, by the options of its script.
OUTPUTS = {
    "outfile_result": "result",
    "outfile_object": "fitted.zip",
    "outfile_weights": "weights.h5",
    "outfile_history": "history",
    "outfile_y_true": "true",
    "outfile_y_preds": "predicted",
    "outfile_split": "split",
}


def config_form(*layers: dict[str, Any], input_shape: str | None = "(500,)") -> dict[str, Any]:
    """Return a form of keras_model_config; a layer is a block, or the content of its ``layer_selection``."""
    chosen = layers or (
        {"layer_type": "Embedding", "input_dim": 10000, "output_dim": 32, "kwargs": ""},
        {"layer_type": "LSTM", "units": 100, "kwargs": ""},
        {"layer_type": "Dense", "units": 1, "activation": "sigmoid", "kwargs": ""},
    )
    blocks = [layer if "layer_selection" in layer else {"layer_selection": layer} for layer in chosen]
    return {"model_selection": {"model_type": "sequential", "input_shape": input_shape, "layers": blocks}}


def functional_form(*blocks: dict[str, Any], inputs: str = "[]", outputs: str = "[]") -> dict[str, Any]:
    """Return a form of keras_model_config for a functional network, with the blocks of its layers."""
    network = {"model_type": "functional", "layers": list(blocks), "input_layers": inputs, "output_layers": outputs}
    return {"model_selection": network}


def layer_block(layer_type: str, *, options: dict | None = None, weights: dict | None = None, **fields: Any) -> dict:
    """Return the block of a layer: its fields, the options of every layer, and the options of its weights."""
    selection = {"layer_type": layer_type, **fields}
    return {"layer_selection": selection, "layer_options": options or {}, "weights": weights or {}}


def builder_form(**changes: Any) -> dict[str, Any]:
    """Return a form of keras_model_builder; the code shows which fields the changes set."""
    fit = {
        "epochs": 2,
        "batch_size": 128,
        "steps_per_epoch": None,
        "validation_split": 0.1,
        "validation_steps": None,
        "shuffle": True,
        "class_weight_selection": changes.get("class_weight", {"class_weight_type": "none"}),
        "callbacks": [{"callback_selection": callback} for callback in changes.get("callbacks", [])],
        "verbose": 1,
        **changes.get("fit", {}),
    }
    return {
        "mode_selection": {
            "mode_type": "train_model",
            "learning_type": changes.get("task", "KerasGClassifier"),
            "compile_params": {
                "loss": changes.get("loss", "binary_crossentropy"),
                "loss_options": {"reduction": "sum_over_batch_size", "from_logits": False, "gamma": None}
                | changes.get("loss_options", {}),
                "optimizer_selection": {
                    "optimizer_type": changes.get("optimizer", "Adam"),
                    "optimizer_options": changes.get("options", {}),
                },
                "common_options": {"use_ema": False, "ema_momentum": 0.99} | changes.get("common_options", {}),
                "schedule_selection": changes.get("schedule", {"schedule_type": "constant"}),
                "metrics": changes.get("metrics", ["acc"]),
                "metrics_with_options": [
                    {"metric_selection": metric, "name": name} for metric, name in changes.get("more_metrics", [])
                ],
            },
            "fit_params": fit,
            "random_seed": changes.get("seed"),
            "get_params": False,
            "describe": False,
        }
    }


def training_form(**changes: Any) -> dict[str, Any]:
    """Return a form of keras_train_and_eval; the code shows which fields the changes set."""
    scheme = {
        "selected_exp_scheme": "train_val",
        "hyperparams_swapping": {
            "infile_params": None,
            "param_set": [{"sp_name": name, "sp_value": value} for name, value in changes.get("overrides", [("", "")])],
        },
        "test_split": {"split_algos": changes.get("split", {"shuffle": "simple", "test_size": 0.2, "random_state": 3})},
        "metrics": {
            "scoring": {
                "primary_scoring": changes.get("primary_scoring", "default"),
                "secondary_scoring": changes.get("secondary_scoring", []),
            }
        },
    }
    if "validation" in changes:
        scheme.update({"selected_exp_scheme": "train_val_test", "val_split": {"split_algos": changes["validation"]}})
    if "folds" in changes:
        section = {"n_splits": 5, "refit": True, "validation_size": None, **changes["folds"]}
        scheme.update({"selected_exp_scheme": "cross_validation", "folds": section})
    if "folds" in changes or changes.get("scheme") == "train_all":
        del scheme["test_split"]
    scheme["selected_exp_scheme"] = changes.get("scheme", scheme["selected_exp_scheme"])
    return {
        "experiment_schemes": scheme,
        "input_options": {
            **sample_fields(changes),
            "header2": changes.get("header2", True),
            "column_selector_options_2": _columns("selected_column_selector_option2", "col2", changes.get("columns2")),
        },
        "precision": changes.get("precision", "float32"),
        "save": ["save_estimator", "save_csvlogger", "save_prediction"],
    }


def make_selection(**changes: Any) -> dict[str, Any]:
    """Return the plot section of ml_visualization_ex with its defaults, all columns, and headers in both tables."""
    return {
        "plot_type": "classification_confusion_matrix",
        "header_true": True,
        "column_selector_options_true": {"selected_column_selector_option": "all_columns"},
        "header_predicted": True,
        "title": "Confusion matrix between true and predicted labels",
        "normalize": "none",
        "plot_format": "png",
        "plot_color": "Greens",
        **changes,
    }


def prediction_form(**changes: Any) -> dict[str, Any]:
    """Return a form of model_prediction; the code shows which fields the changes set."""
    details = {"threshold": changes.get("threshold"), "layer": changes.get("layer")}
    inputs = {
        **sample_fields(changes),
        "id_columns": changes.get("identifiers"),
        "header_ids": changes.get("header_ids"),
    }
    return {"method": changes.get("method", "predict"), "input_options": inputs, "details": details}


def sample_fields(changes: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of ``input_options`` for the samples."""
    fields = {"selected_input": changes.get("kind", "tabular"), "header1": changes.get("header1", True)}
    if "sequences" in changes:
        return {"selected_input": "seq_fasta", "sequences": changes["sequences"]}
    if "inputs" in changes:
        field = "names" if fields["selected_input"] == "several_by_name" else "columns"
        return {**fields, "network_inputs": [{field: columns} for columns in changes["inputs"]]}
    columns = _columns("selected_column_selector_option", "col1", changes.get("columns1"))
    text = {"text": changes["text"]} if "text" in changes else {}
    return {**fields, "column_selector_options_1": columns, **text}


def sequence_fields(**changes: Any) -> dict[str, Any]:
    """Return the section with the encoding of sequences: one-hot DNA, as long as the longest sequence."""
    return {
        "alphabet": "dna",
        "coding": "one_hot",
        "length": None,
        "strands": "one",
        "similar": None,
        "header_pattern": "",
        "letters": "",
        "k": 3,
        "stride": 1,
        "padding": "end",
        "truncating": "end",
        "unknown": "equal",
        **changes,
    }


def _columns(option: str, field: str, choice: tuple[str, Any] | None) -> dict[str, Any]:
    """Return a column selector; the choice is the value of the option and that of its field."""
    return {option: ALL_COLUMNS} if choice is None else {option: choice[0], field: choice[1]}
