"""States of all layers of the published keras_model_config forms, with a value for every field."""

from typing import Any

from published_workflows import make_workflow, Step

ACTIVATION, KWARGS = {"activation": "relu"}, {"kwargs": "name='x'"}
DENSE = {"units": "3", **ACTIVATION, **KWARGS}
CONVOLUTION = {"filters": "4", "kernel_size": "(3, 3)", **ACTIVATION, **KWARGS}
CHANNELS = {"data_format": "channels_first"}
RECURRENT = {"units": "5", **KWARGS}
NOISE = {"rate": "0.5"}
LIMIT = {"constraint_type": "MaxNorm", "__current_case__": 1, "constraint_options": {"max_value": "3.0", "axis": "[0]"}}
LIMIT_TO_RANGE = {
    "constraint_type": "MinMaxNorm",
    "__current_case__": 4,
    "constraint_options": {"min_value": "0.5", "max_value": "2.0", "rate_max_value": "0.25", "axis": "1"},
}
# Fields by layer type. Layers in MERGING have merging_layers instead of inbound_nodes; UNCONNECTED layers have neither.
LAYERS: dict[str, dict[str, Any]] = {
    "Dense": DENSE,
    "Activation": ACTIVATION,
    "Dropout": {**NOISE, **KWARGS},
    "Flatten": CHANNELS,
    "Reshape": {"target_shape": "(2, 2)"},
    "Permute": {"dims": "(2, 1)"},
    "RepeatVector": {"n": "3"},
    "ActivityRegularization": {"l1": "0.5", "l2": "0.25"},
    "Masking": {"mask_value": "2.0"},
    "SpatialDropout1D": NOISE,
    **dict.fromkeys(("SpatialDropout2D", "SpatialDropout3D"), {**NOISE, **KWARGS}),
    **dict.fromkeys(("Conv1D", "Conv2D", "SeparableConv1D", "SeparableConv2D"), CONVOLUTION),
    "DepthwiseConv2D": {"kernel_size": "(3, 3)", **ACTIVATION, **KWARGS},
    **dict.fromkeys(("Conv2DTranspose", "Conv3D", "Conv3DTranspose"), CONVOLUTION),
    "Cropping1D": {"cropping": "(2, 1)"},
    **dict.fromkeys(("Cropping2D", "Cropping3D"), {"cropping": "(2, 1)", **KWARGS}),
    "UpSampling1D": {"size": "3"},
    **dict.fromkeys(("UpSampling2D", "UpSampling3D"), {"size": "(3, 3)", **KWARGS}),
    "ZeroPadding1D": {"padding": "2"},
    **dict.fromkeys(("ZeroPadding2D", "ZeroPadding3D"), {"padding": "(2, 2)", **KWARGS}),
    **dict.fromkeys(("MaxPooling1D", "AveragePooling1D"), {"pool_size": "3", "strides": "1", **KWARGS}),
    **dict.fromkeys(
        ("MaxPooling2D", "MaxPooling3D", "AveragePooling2D", "AveragePooling3D"),
        {"pool_size": "(3, 3)", "strides": "", **KWARGS},
    ),
    **{f"Global{kind}Pooling{n}D": CHANNELS for kind in ("Max", "Average") for n in (1, 2, 3)},
    **dict.fromkeys(("LocallyConnected1D", "LocallyConnected2D"), CONVOLUTION),
    **dict.fromkeys(("SimpleRNN", "GRU", "LSTM"), RECURRENT),
    **dict.fromkeys(("ConvLSTM2D", "ConvLSTM2DCell"), {"filters": "4", "kernel_size": "(3, 3)", **KWARGS}),
    **dict.fromkeys(("SimpleRNNCell", "GRUCell", "LSTMCell", "CuDNNGRU", "CuDNNLSTM"), RECURRENT),
    "Embedding": {"input_dim": "9", "output_dim": "4", **KWARGS},
    "LeakyReLU": {"alpha": "0.5"},
    "PReLU": {
        "alpha_initializer": "ones",
        "alpha_regularizer": "(0.5 , 0.)",
        "alpha_constraint": LIMIT,
        "shared_axes": "[1]",
    },
    "ELU": {"alpha": "0.5"},
    "ThresholdedReLU": {"theta": "0.5"},
    "Softmax": {"axis": "1"},
    "ReLU": {"max_value": "6.0", "negative_slope": "0.5"},
    "BatchNormalization": KWARGS,
    "GaussianNoise": {"stddev": "0.5"},
    "GaussianDropout": NOISE,
    "AlphaDropout": {**NOISE, **KWARGS},
}
UNCONNECTED = ("Activation", "RepeatVector", "BatchNormalization", "GaussianNoise", "GaussianDropout", "AlphaDropout")
MERGING: dict[str, dict[str, Any]] = {
    **dict.fromkeys(("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum"), {}),
    "Concatenate": {"axis": "1"},
    "Dot": {"axis": "1", "normalize": "true"},
}
# Layers with renamed or additional fields in revision 2
NEWER: dict[str, dict[str, Any]] = {
    "ReLU": {"max_value": "6.0", "negative_slope": "0.5", "threshold_max_value": "0.25"},
    "PReLU": {**LAYERS["PReLU"], "alpha_constraint": LIMIT_TO_RANGE},
}


def make_layers(version: str) -> dict[str, Any]:
    """Return a workflow with every layer of both forms of a revision; it can be upgraded but not run."""
    layers = {**LAYERS, **(NEWER if version == "1.0.11.2" else {})}
    inputs = [
        {"layer_type": "Input", "shape": "(4,)", "name": name, "dtype": "float64", "sparse": "false"} for name in "ab"
    ]
    connected = [
        {"layer_type": name, **fields, **({} if name in UNCONNECTED else {"inbound_nodes": "1"})}
        for name, fields in layers.items()
    ]
    merging = [{"layer_type": name, "merging_layers": "[1, 2]", **fields} for name, fields in MERGING.items()]
    networks = [
        {"model_type": "sequential", "__current_case__": 0, "input_shape": "(28, 28, 1)"},
        {"model_type": "functional", "__current_case__": 1, "input_layers": "[1, 2]", "output_layers": "[3]"},
    ]
    sequential = [{"layer_type": name, **fields} for name, fields in layers.items()]
    for network, blocks in zip(networks, (sequential, [*inputs, *connected, *merging]), strict=True):
        network["layers"] = [{"__index__": i, "layer_selection": block} for i, block in enumerate(blocks)]
    steps = [Step("keras_model_config", version, {"model_selection": n}, {}, {"outfile": "json"}) for n in networks]
    return make_workflow(f"Layers of {version}", steps)
