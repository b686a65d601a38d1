"""Shapes that do not fit: each layer says what it needs, what it got, and the usual way to mend it."""

import pytest
from examples.default_forms import config_form, functional_form, layer_block
from examples.layer_fields import make_layer_form
from test_layers import LAYERS

from dev.forms import layer_table

TOOL = "keras_model_config"
# What only those understand who know the code of Keras.
KERAS_WORDS = ("Input 0", "ndim", "Received", "NoneType", "tuple index", "invalid axis", "unpack", "Exception")
SHAPES = ("(7,)", "(1, 1)", "(None, None)", "(8, 8, 3)", "(1, 1, 1, 2)", "(2, 3, 3, 3, 1)")
LSTM = layer_block("LSTM", units=2)
DENSE = layer_block("Dense", units=3)
CONV_1D = layer_block("Conv1D", filters=2, kernel_size="3")
CONV_2D = layer_block("Conv2D", filters=2, kernel_size="(3, 3)")
SEQUENTIAL = {
    "table into a convolution": (
        ([CONV_1D], "(30,)"),
        "layer 1 (Conv1D): found an input of the shape (30,); expected (steps, channels): put a Reshape layer before "
        "it, target_shape (30, 1)",
    ),
    "pixels in a row": (
        ([CONV_2D], "(784,)"),
        "found an input of the shape (784,); expected (rows, columns, channels): put a Reshape layer before it, "
        "target_shape (28, 28, 1)",
    ),
    "image without channels": (([CONV_2D], "(28, 28)"), "put a Reshape layer before it, target_shape (28, 28, 1)"),
    "channels first": (
        ([layer_block("Conv2D", filters=2, kernel_size="3", kwargs="data_format='channels_first'")], "(9,)"),
        "expected (channels, rows, columns)",
    ),
    "recurrent after recurrent": (
        ([LSTM, LSTM], "(5, 4)"),
        "layer 2 (LSTM): found an input of the shape (2,) from layer 1 (LSTM); expected (steps, features): "
        "return_sequences on in layer 1 (LSTM)",
    ),
    "convolution after Flatten": (
        ([layer_block("Flatten"), CONV_2D], "(8, 8, 3)"),
        "found an input of the shape (192,) from layer 1 (Flatten); expected (rows, columns, channels): leave out "
        "layer 1",
    ),
    "image into a recurrent layer": (([LSTM], "(8, 8, 3)"), "put a Reshape layer before it, target_shape (8, 24)"),
    "steps of a wrapped layer": (
        ([layer_block("Conv2D", options={"time_distributed": True}, filters=2, kernel_size="3")], "(8, 8, 3)"),
        "expected (steps, rows, columns, channels)",
    ),
    "recurrent from both ends": (
        ([layer_block("GRU", units=2, bidirectional="concat")], "(8,)"),
        "expected (steps, features): put a Reshape layer before it, target_shape (8, 1)",
    ),
    "kernel that is too large": (
        ([CONV_1D], "(2, 4)"),
        "expected at least 3 steps for the kernel_size (3,), a smaller kernel_size, or the padding same",
    ),
    "dilated kernel": (
        ([layer_block("Conv1D", filters=2, kernel_size="3", dilation_rate="2")], "(4, 4)"),
        "expected at least 5 steps",
    ),
    "pool that is too large": (
        ([layer_block("MaxPooling2D", pool_size="(2, 4)")], "(8, 3, 1)"),
        "expected at least 4 columns for the pool_size (2, 4)",
    ),
    "cropping of all": (([layer_block("Cropping1D", cropping="(1, 2)")], "(3, 1)"), "expected more than 3 steps for"),
    "numbers that are lost": (
        ([layer_block("Reshape", target_shape="(5, 2)")], "(12,)"),
        "expected 10 numbers for the target_shape (5, 2), but the input has 12",
    ),
    "open size": (
        ([DENSE], "(None, None)"),
        "found an input of the shape (None, None); expected numbers instead of None",
    ),
    "order of other sizes": (
        ([layer_block("Permute", dims="(2, 1)")], "(4,)"),
        "expected a shape of 2 sizes: put a Reshape layer before it, target_shape (4, 1)",
    ),
    "table into a layer for images": (([layer_block("RandomFlip")], "(7,)"), "expected (rows, columns, channels)"),
    "colors": (([layer_block("RandomHue", factor="0.5")], "(8, 8, 4)"), "expected images of 3 channels"),
    "adaptive pooling to one": (
        ([layer_block("AdaptiveMaxPooling1D", output_size="1")], "(8, 3)"),
        "found the output_size (1,) for an input of [8] places; expected at least 2 of both in each dimension",
    ),
    "short frame": (([layer_block("STFTSpectrogram")], "(99, 1)"), "at least 256 samples for the frame_length"),
    "short sound": (
        ([layer_block("MelSpectrogram")], "(500,)"),
        "expected at least 1025 samples for the fft_length 2048",
    ),
}
MERGED = {
    "Concatenate": (
        ["(4, 2)", "(5, 3)"],
        {"axis": -1},
        "found inputs of the shapes (4, 2) and (5, 3); expected shapes that are the same in all sizes except "
        "axis -1, along which they are concatenated",
    ),
    "Add": (["(4,)", "(5,)"], {}, "found inputs of the shapes (4,) and (5,); expected shapes that are the same in all"),
    "Dot": (["(4,)", "(5,)"], {"axis": "1"}, "found inputs of the shapes (4,) and (5,); expected another shape"),
}


@pytest.mark.parametrize("form, message", SEQUENTIAL.values(), ids=SEQUENTIAL.keys())
def test_a_mismatch_names_both_shapes_and_the_correction(check_refusal, form, message):
    layers, shape = form
    assert message in check_refusal(TOOL, config_form(*layers, input_shape=shape), outfile="a.json")


@pytest.mark.parametrize("layer", MERGED)
def test_all_inputs_that_do_not_match_are_named(check_refusal, layer):
    shapes, fields, message = MERGED[layer]
    inputs = [layer_block("Input", shape=shape, name="") for shape in shapes]
    form = functional_form(*inputs, layer_block(layer, merging_layers="[1, 2]", **fields))
    assert f"layer 3 ({layer}): {message}" in check_refusal(TOOL, form, outfile="a.json")


@pytest.mark.parametrize("layer", [name for name in LAYERS if name not in layer_table.MERGING])
def test_messages_do_not_use_internal_terms_of_keras(run_tool, capsys, layer):
    form = make_layer_form(layer)
    for shape in SHAPES:
        form["model_selection"]["input_shape"] = shape
        run_tool(TOOL, form, outfile="a.json")
        said = capsys.readouterr().err
        assert [word for word in KERAS_WORDS if word in said] == [], said


@pytest.mark.parametrize("mended", [("(30,)", "(30, 1)"), ("(28, 28)", "(28, 28, 1)")])
def test_the_mend_that_is_named_mends(run_tool, mended):
    shape, target = mended
    layer = CONV_1D if target == "(30, 1)" else CONV_2D
    reshape = layer_block("Reshape", target_shape=target)
    assert run_tool(TOOL, config_form(reshape, layer, input_shape=shape), outfile="a.json") == 0
