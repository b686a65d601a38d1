"""A small successful run of each tool with all outputs: the form, and files by the options of the script."""

from examples.default_forms import builder_form, config_form, OUTPUTS, prediction_form, training_form
from examples.plots import LABELS, PAIRED, TEST_DATA

IRIS = {"features": TEST_DATA / "iris_measures.tabular"}
# Tool: form, inputs, outputs.
EXAMPLES = {
    "keras_model_config": (
        config_form({"layer_type": "Dense", "units": 3, "activation": "softmax", "kwargs": ""}, input_shape="(4,)"),
        {},
        {"outfile": "architecture.json", "outfile_summary": "summary", "outfile_diagram": "diagram"},
    ),
    "keras_model_builder": (
        builder_form(),
        {"architecture": TEST_DATA / "lstm_architecture.json"},
        {"outfile": "estimator.zip", "outfile_params": "parameters", "outfile_description": "description"},
    ),
    "keras_train_and_eval": (
        training_form(overrides=[("epochs", "2")]),
        {**IRIS, "estimator": TEST_DATA / "species_estimator.zip", "target": TEST_DATA / "iris_species.tabular"},
        {**OUTPUTS, "outfile_report": "report.html"},
    ),
    "model_prediction": (
        prediction_form(),
        {**IRIS, "estimator": TEST_DATA / "fitted_species.zip", "weights": TEST_DATA / "fitted_species.weights.h5"},
        {"outfile_predict": "predicted"},
    ),
    "ml_visualization_ex": (
        {
            "plotting_selection": {
                "plot_type": "classification_confusion_matrix",
                "title": "",
                "plot_format": "png",
                **PAIRED,
            },
            "save_table": True,
        },
        LABELS,
        {"output": "plot", "table": "numbers"},
    ),
}
