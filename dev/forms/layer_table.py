"""What Keras' signatures do not tell about its layers: group, order, bounds, enumerations, help."""

from typing import Any

# In the order of the form; groups are those of Keras' documentation, with the embeddings apart.
GROUPS: dict[str, tuple[str, ...]] = {
    "Core": ("Dense", "Activation", "EinsumDense", "Masking", "Identity"),
    "Embedding": ("Embedding", "ReversibleEmbedding"),
    "Recurrent": ("LSTM", "GRU", "SimpleRNN", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D"),
    "Convolutional": (
        *("Conv1D", "Conv2D", "Conv3D", "SeparableConv1D", "SeparableConv2D", "DepthwiseConv1D", "DepthwiseConv2D"),
        *("Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose"),
    ),
    "Pooling": (
        *("MaxPooling1D", "MaxPooling2D", "MaxPooling3D", "AveragePooling1D", "AveragePooling2D", "AveragePooling3D"),
        *("GlobalMaxPooling1D", "GlobalMaxPooling2D", "GlobalMaxPooling3D"),
        *("GlobalAveragePooling1D", "GlobalAveragePooling2D", "GlobalAveragePooling3D"),
        *("AdaptiveMaxPooling1D", "AdaptiveMaxPooling2D", "AdaptiveMaxPooling3D"),
        *("AdaptiveAveragePooling1D", "AdaptiveAveragePooling2D", "AdaptiveAveragePooling3D"),
    ),
    "Normalization": (
        *("BatchNormalization", "LayerNormalization", "GroupNormalization", "RMSNormalization", "UnitNormalization"),
    ),
    "Regularization": (
        *("Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "GaussianDropout", "AlphaDropout"),
        *("GaussianNoise", "ActivityRegularization"),
    ),
    "Reshaping": (
        *("Flatten", "Reshape", "Permute", "RepeatVector", "Cropping1D", "Cropping2D", "Cropping3D"),
        *("UpSampling1D", "UpSampling2D", "UpSampling3D", "ZeroPadding1D", "ZeroPadding2D", "ZeroPadding3D"),
    ),
    "Activation": ("ReLU", "LeakyReLU", "PReLU", "ELU", "Softmax"),
    "Attention": ("MultiHeadAttention", "GroupQueryAttention", "Attention", "AdditiveAttention"),
    "Merging": ("Concatenate", "Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Dot"),
    "Preprocessing of numbers": (
        *("Normalization", "Rescaling", "Discretization", "CategoryEncoding", "Hashing", "HashedCrossing"),
        *("IntegerLookup", "STFTSpectrogram", "MelSpectrogram"),
    ),
    "Preprocessing of images": (
        *("Resizing", "CenterCrop", "RandomFlip", "RandomRotation", "RandomTranslation", "RandomZoom"),
        *("RandomShear", "RandomPerspective", "RandomElasticTransform", "RandomBrightness", "RandomContrast"),
        *("RandomSaturation", "RandomHue", "RandomColorJitter", "RandomColorDegeneration", "RandomGrayscale"),
        *("RandomInvert", "RandomPosterization", "RandomSharpness", "RandomGaussianBlur", "RandomErasing"),
        *("AugMix", "RandAugment", "AutoContrast", "ContrastLimitedAdaptiveHistogramEqualization"),
        *("Solarization",),
    ),
}
# Of them, those that read several layers, and so stand in functional networks only.
MERGING = (*GROUPS["Merging"], *GROUPS["Attention"], "HashedCrossing")
# Layers of Keras that the form does not offer, and why.
LEFT_OUT: dict[str, str] = {
    "Lambda": "runs code from the file",
    "TFSMLayer": "runs another program's model from a path",
    "JaxLayer": "runs Python code",
    "FlaxLayer": "runs Python code",
    "TorchModuleWrapper": "runs Python code",
    "Wrapper": "an abstract base",
    "InputLayer": "is the form's Input, or its input shape",
    "Bidirectional": "is a field of each recurrent layer",
    "TimeDistributed": "is a field of each layer",
    "SpectralNormalization": "is a field of each layer",
    "RNN": "needs a cell; LSTM, GRU and SimpleRNN are it with their cells",
    "StackedRNNCells": "holds cells; several recurrent layers one after the other do the same",
    "LSTMCell": "no layer but a part of LSTM",
    "GRUCell": "no layer but a part of GRU",
    "SimpleRNNCell": "no layer but a part of SimpleRNN",
    "Pipeline": "a list of layers, which the form is itself",
    "StringLookup": "reads text; tables hold numbers",
    "TextVectorization": "reads text; tables hold numbers",
    "MaxNumBoundingBoxes": "reads bounding boxes beside images; tables hold none",
    "Equalization": "stands in no network of Keras 3.15.1, where it says that its input is its output",
    "RandomCrop": "gives another shape in prediction than in training in Keras 3.15.1",
    "CutMix": "mixes images and their labels, and a network sees no labels",
    "MixUp": "mixes images and their labels, and a network sees no labels",
}

# Arguments that the form does not offer unless SPECIAL names them for a layer, and why.
LEFT_OUT_ARGUMENTS: dict[str, str] = {
    "name": "stands once for every layer",
    "dtype": "stands once for every layer",
    "weights": "numbers of a trained network belong into a weights file",
    "quantization_config": "an object of Python code; networks are quantised after the training",
    "gptq_unpacked_column_size": "set by Keras when it quantises",
    "idf_weights": "belongs to the text output mode tf_idf",
    "sparse": "gives sparse tensors, which other layers do not take",
    "vocabulary_dtype": "the table's numbers are whole anyway",
    "invert": "turns the layer around for text; see Normalization",
    "synchronized": "for training on several machines",
    "reverse_dtype": "for the reverse call, which no layer of the form makes",
    "stateful": "needs batches of one size in an order, and the tools choose them",
    "use_cudnn": "is kept in no file of Keras'; on a graphics processor it is used where it can be",
}

# Endings of arguments that stand once for every layer, in the fields for its weights.
WEIGHT_SETTINGS = ("initializer", "regularizer", "constraint")
# Fields that are called in the published forms what they are not in Keras.
PUBLISHED_NAMES = {
    ("LeakyReLU", "negative_slope"): "alpha",
    ("Dot", "axes"): "axis",
    ("ReLU", "threshold"): "threshold_max_value",
}
# Fields that a signature does not have, by layer: macros of layers.xml.
MORE_FIELDS = {"PReLU": "params/alpha_of_PReLU", **dict.fromkeys(GROUPS["Recurrent"], "param/bidirectional")}
# Layers of Keras 2 that published workflows hold: their fields, and what has become of them. keras_2.py of the shared
# package has what they are mapped to.
UNITS, FILTERS = ("units", "kwargs"), ("filters", "kernel_size", "activation", "kwargs")
GONE: dict[str, tuple[tuple[str, ...], str]] = {
    "CuDNNLSTM": (UNITS, "is LSTM now"),
    "CuDNNGRU": (UNITS, "is GRU now"),
    "ThresholdedReLU": (("theta",), "is ReLU with a threshold now"),
    "LocallyConnected1D": (FILTERS, "is gone, use Conv1D"),
    "LocallyConnected2D": (FILTERS, "is gone, use Conv2D"),
    "LSTMCell": (UNITS, "is no layer, use LSTM"),
    "GRUCell": (UNITS, "is no layer, use GRU"),
    "SimpleRNNCell": (UNITS, "is no layer, use SimpleRNN"),
    "ConvLSTM2DCell": (("filters", "kernel_size", "kwargs"), "is no layer, use ConvLSTM2D"),
}

# Shown first, also where Keras does not require them; a layer with few arguments shows all of them.
ESSENTIAL = (
    *("activation", "strides", "padding", "return_sequences", "pool_size", "dropout", "mask_zero", "momentum"),
    *("interpolation", "use_scale", "max_value"),
)
FEW_ARGUMENTS = 3

SHAPE = {
    "kind": "text",
    "pattern": r"^\s*(None|[\d\s,()\[\]-]|None)*\s*$",
    "message": "Type whole numbers such as 3 or (3, 3).",
}
NUMBERS = {
    "kind": "text",
    "pattern": r"^[\d\s,()\[\].eE+-]*(None)?\s*$",
    "message": "Type numbers such as 0.1 or (0.1, 0.5).",
}
COUNT = {"kind": "integer", "least": 1}
SHARE = {"kind": "float", "least": 0, "most": 1}
NOT_NEGATIVE = {"kind": "float", "least": 0}
TENSOR_PAD = ("valid", "same")
RESAMPLING = ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5")
FILL_MODES = ("constant", "nearest", "wrap", "reflect")
COUNTED_TOKENS = ("int", "one_hot", "multi_hot", "count")
FACTOR_HELP = "Strength: a number, or a pair (lowest, highest) from which one is drawn for each image."
FACTOR = {**NUMBERS, "help": FACTOR_HELP}

# By argument; kind and default come from the signature where they are not given here.
ARGUMENTS: dict[str, dict[str, Any]] = {
    "activation": {
        "kind": "select",
        "label": "Activation function",
        "help": "Applied to the layer's output; linear passes the values as they are.",
    },
    "addition_factor": {**FACTOR, "help": "Added to each pixel, as a share of the value range. " + FACTOR_HELP},
    "all_ops": {"help": "Whether all kinds of changes may be drawn, or only the milder ones."},
    "alpha": {"help": "Slope below zero."},
    "antialias": {"help": "Smooths an image before it is made smaller."},
    "attention_axes": {**SHAPE, "help": "Axes over which attention runs; all but the first and the last where blank."},
    "axes": {**SHAPE, "help": "Axis, or pair of axes, along which the two inputs are multiplied and summed."},
    "axis": {"kind": "integer", "help": "Axis of the values that belong together; -1 is the last."},
    "bias_axes": {"kind": "text", "help": "Letters of the output axes that have a bias, such as c."},
    "bin_boundaries": {**NUMBERS, "help": "Borders between the bins as a list, such as [0, 10, 20]."},
    "brightness_factor": FACTOR,
    "center": {"help": "Whether a learnt number is added after the scaling."},
    "chain_depth": {**COUNT, "help": "Number of changes one after the other."},
    "clip_limit": {**NOT_NEGATIVE, "help": "Limit of the contrast; 0 sets none."},
    "contrast_factor": FACTOR,
    "crop_to_aspect_ratio": {"help": "Crops in place of distorting."},
    "cropping": {**SHAPE, "help": "Steps or pixels to cut off at both ends of each axis."},
    "data_format": {
        "kind": "select",
        "value": "channels_last",
        "options": ("channels_last", "channels_first"),
        "help": "Where the channels of the input stand.",
    },
    "depth_multiplier": {**COUNT, "help": "Number of outputs for each input channel."},
    "dilation_rate": {**SHAPE, "help": "Distance between the points that a filter reads; 1 reads neighbors."},
    "dims": {**SHAPE, "help": "New order of the axes, counted from 1 and without the rows, such as (2, 1)."},
    "dropout": {**SHARE, "help": "Share (0 to 1) of the inputs set to zero at each training step."},
    "epsilon": {**NOT_NEGATIVE, "help": "Small number that keeps a division from failing."},
    "equation": {"kind": "text", "help": "Einstein summation of input and weights, such as ab,bc->ac."},
    "expand_dims": {"help": "Adds an axis, so that the result can be read as an image."},
    "factor": FACTOR,
    "fft_length": {**COUNT, "help": "Length of the Fourier transform, a power of two."},
    "fill_mode": {"kind": "select", "options": FILL_MODES, "help": "What stands beyond the border of the image."},
    "fill_value": {"kind": "float", "help": "Value beyond the border for fill_mode constant."},
    "filters": {**COUNT, "help": "Number of filters, which is the number of output channels."},
    "flash_attention": {
        "kind": "select",
        "options": (("", "automatic"), ("True", "yes"), ("False", "no")),
        "value": "",
        "help": "A faster way of computing that only some GPUs have.",
    },
    "frame_length": {**COUNT, "help": "Samples in a frame."},
    "frame_step": {**COUNT, "help": "Samples from one frame to the next; half a frame where blank."},
    "go_backwards": {"help": "Reads the sequence from its end."},
    "groups": {**COUNT, "help": "Number of groups into which the channels are split."},
    "head_dim": {**COUNT, "help": "Size of each attention head."},
    "height": {**COUNT, "help": "Height of the result in pixels."},
    "height_factor": FACTOR,
    "hue_factor": FACTOR,
    "input_dim": {**COUNT, "help": "Number of distinct words: the largest word index plus one."},
    "interpolation": {"kind": "select", "options": RESAMPLING[:2], "help": "How values between pixels are computed."},
    "keepdims": {"help": "Keeps the pooled axes with length 1."},
    "kwargs": {
        "kind": "text",
        "label": "Further arguments",
        "help": "Keras arguments of this layer as name=value, separated by commas; they replace the fields.",
    },
    "kernel_size": {**SHAPE, "help": "Length, or height and width, of a filter: a number such as 3 or a tuple (3, 3)."},
    "key_dim": {**COUNT, "help": "Size of each attention head for query and key."},
    "l1": {**NOT_NEGATIVE, "help": "Factor of the sum of absolute outputs in the loss."},
    "l2": {**NOT_NEGATIVE, "help": "Factor of the sum of squared outputs in the loss."},
    "logit_soft_cap": {**NOT_NEGATIVE, "help": "Limit of the outputs of the reverse call."},
    "lora_alpha": {"kind": "float", "help": "Scale of the low-rank update; the rank where blank."},
    "lora_rank": {**COUNT, "help": "Rank of a low-rank update (LoRA) that is trained in place of the weights."},
    "mag_exp": {"kind": "float", "help": "Exponent of the magnitudes: 1 for energy, 2 for power."},
    "mask_token": {"kind": "integer", "help": "Number that stands for nothing."},
    "mask_value": {"kind": "float", "help": "A step whose values are all this one is skipped by the layers behind."},
    "mask_zero": {"help": "Whether index 0 is padding, which recurrent layers then skip."},
    "max_freq": {**NOT_NEGATIVE, "help": "Highest frequency in Hz; half the sampling rate where blank."},
    "max_tokens": {**COUNT, "help": "Size of the vocabulary; without limit where blank."},
    "max_value": {**NOT_NEGATIVE, "help": "Largest output; without limit where blank."},
    "mean": {**NUMBERS, "help": "Mean of the data, one number or a list with one for each column."},
    "min_freq": {**NOT_NEGATIVE, "help": "Lowest frequency in Hz."},
    "min_power": {**NOT_NEGATIVE, "help": "Smallest power, for the conversion to dB."},
    "mode": {"kind": "select"},
    "momentum": {**SHARE, "help": "How slowly the moving mean and variance follow the batches (0 to 1)."},
    "n": {**COUNT, "help": "How many times the vector is repeated."},
    "negative_slope": {**NOT_NEGATIVE, "help": "Slope below the threshold."},
    "noise_shape": {**SHAPE, "help": "Shape of the mask with the rows, such as (None, 1); 1 drops an axis at once."},
    "normalize": {"help": "Scales both inputs to length 1, which gives the cosine of their angle."},
    "num_bins": {**COUNT, "help": "Number of bins."},
    "num_chains": {**COUNT, "help": "Number of chains of changes that are mixed."},
    "num_heads": {**COUNT, "help": "Number of attention heads."},
    "num_key_value_heads": {**COUNT, "help": "Number of heads for key and value; the query's is a multiple of it."},
    "num_mel_bins": {**COUNT, "help": "Number of mel bands."},
    "num_oov_indices": {"least": 0, "help": "Number of indices for numbers that are not in the vocabulary."},
    "num_ops": {**COUNT, "help": "Number of changes for each image."},
    "num_query_heads": {**COUNT, "help": "Number of heads for the query."},
    "num_tokens": {**COUNT, "help": "Number of categories: the largest number plus one."},
    "offset": {**NUMBERS, "help": "Number that is added after the scaling."},
    "oov_method": {
        "kind": "select",
        "options": ("floormod", "farmhash"),
        "help": "How numbers that are not in the vocabulary are spread over their indices.",
    },
    "oov_token": {"kind": "integer", "help": "Number that stands for those that are not in the vocabulary."},
    "output_dim": {**COUNT, "help": "Length of the vector that stands for a word."},
    "output_mode": {"kind": "select", "help": "Whether the result is a number or a row of 0/1 or of counts."},
    "output_padding": {**SHAPE, "help": "Added to one end of the output; chosen to fit where blank."},
    "output_shape": {**SHAPE, "help": "Shape of the output without the rows."},
    "output_size": {**SHAPE, "help": "Length, or height and width, of the output."},
    "pad_to_aspect_ratio": {"help": "Adds a border in place of distorting."},
    "pad_to_max_tokens": {"help": "Gives the output the width of max_tokens, also where the vocabulary is smaller."},
    "padding": {
        "kind": "select",
        "options": TENSOR_PAD,
        "help": "valid reads inside the input only, so the output is smaller; same adds zeros around it.",
    },
    "periodic": {"help": "Makes the window periodic."},
    "pool_size": {**SHAPE, "help": "Length, or height and width, of the window."},
    "power_to_db": {"help": "Gives the power in dB."},
    "rate": {**SHARE, "help": "Share (0 to 1) of the inputs set to zero at each training step."},
    "recurrent_activation": {"kind": "select", "help": "Activation function of the gates."},
    "recurrent_dropout": {**SHARE, "help": "Share (0 to 1) of the state set to zero at each training step."},
    "ref_power": {**NOT_NEGATIVE, "help": "Power that is 0 dB."},
    "renorm": {"help": "Corrects batch statistics towards the moving ones, for small batches."},
    "renorm_clipping": {
        "kind": "text",
        "help": "Limits of that correction as a dictionary, such as {'rmax': 3, 'rmin': 0.3, 'dmax': 5}.",
    },
    "renorm_momentum": {**SHARE, "help": "Momentum (0 to 1) of the statistics of that correction."},
    "reset_after": {"help": "Applies the reset gate after the matrix product, as cuDNN does."},
    "return_sequences": {"help": "Gives the state after each step, which a further recurrent layer needs."},
    "return_state": {"help": "Gives the last state as well (functional networks: outputs 2 and on, such as 3:2)."},
    "salt": {"kind": "integer", "least": 0, "help": "Number that makes another hash function."},
    "sampling_rate": {**COUNT, "help": "Samples per second of the input."},
    "saturation_factor": FACTOR,
    "scale": {"help": "Whether the result is multiplied with a learnt number."},
    "scaling": {"kind": "select", "options": ("density", "spectrum"), "help": "How the window is scaled."},
    "score_mode": {
        "kind": "select",
        "options": ("dot", "concat"),
        "help": "dot multiplies query and key; concat adds them and applies tanh.",
    },
    "seed": {"kind": "integer", "least": 0, "help": "Makes the random numbers of this layer repeatable."},
    "sequence_length": {**COUNT, "help": "Samples in a frame; fft_length where blank."},
    "sequence_stride": {**COUNT, "help": "Samples from one frame to the next."},
    "shared_axes": {**SHAPE, "help": "Axes that share a slope, such as [1, 2] for images."},
    "sigma": {**NUMBERS, "help": "Width of the blur in pixels, a number or a pair to draw from."},
    "size": {**SHAPE, "help": "How many times each step, or row and column of an image, is repeated."},
    "sliding_window": {**COUNT, "help": "Steps that each step sees before it; all where blank."},
    "stddev": {**NOT_NEGATIVE, "help": "Standard deviation of the noise."},
    "strides": {**SHAPE, "help": "Step from one window to the next; of a pooling its size where blank."},
    "target_shape": {**SHAPE, "help": "Shape of the output without the rows, such as (28, 28, 1)."},
    "threshold_factor": {**FACTOR, "help": "Pixels above it, as a share of the range, are inverted. " + FACTOR_HELP},
    "theta": {**NOT_NEGATIVE, "value": 1.0, "help": "Smaller values become 0."},
    "tie_weights": {"help": "Whether the reverse call has the same weights."},
    "tile_grid_size": {**SHAPE, "help": "Number of tiles in each direction."},
    "top_db": {**NOT_NEGATIVE, "help": "Range of the result in dB."},
    "unit_forget_bias": {"help": "Starts the forget gate's bias at 1."},
    "units": {**COUNT, "help": "Number of neurons, which is the size of the output."},
    "unroll": {"help": "Faster on short sequences, but needs more memory."},
    "use_bias": {"help": "Adds a learnt number to each output."},
    "use_gate": {"help": "Multiplies the result with a learnt gate."},
    "use_scale": {"help": "Multiplies the scores with a learnt number."},
    "value_dim": {**COUNT, "help": "Size of each attention head for the value; that of the key where blank."},
    "value_range": {**NUMBERS, "help": "Lowest and highest value of a pixel, such as (0, 255) or (0, 1)."},
    "variance": {**NUMBERS, "help": "Variance of the data, one number or a list with one for each column."},
    "vocabulary": {**SHAPE, "help": "Known numbers as a list, such as [10, 20, 30]."},
    "width": {**COUNT, "help": "Width of the result in pixels."},
    "width_factor": FACTOR,
    "window": {
        "kind": "select",
        "options": ("hann", "hamming"),
        "help": "Function that fades a frame in and out.",
    },
    "x_factor": FACTOR,
    "y_factor": FACTOR,
}

# Where an argument means something else in one layer than in others, or has more or fewer values there.
SPECIAL: dict[tuple[str, str], dict[str, Any]] = {
    ("AugMix", "alpha"): {**NOT_NEGATIVE, "help": "Evenness of the mixture of chains."},
    ("CategoryEncoding", "output_mode"): {"options": COUNTED_TOKENS[1:]},
    ("Concatenate", "axis"): {"help": "Axis along which the inputs are put together; -1 is the last."},
    ("Conv1D", "padding"): {"options": (*TENSOR_PAD, "causal"), "help": "causal reads no later steps."},
    ("Discretization", "output_mode"): {"options": COUNTED_TOKENS},
    ("EinsumDense", "output_shape"): {"help": "Shape of the output without the rows; None for a size of any length."},
    ("GaussianDropout", "rate"): {"help": "Share (0 to 1): the noise has the deviation sqrt(rate / (1 - rate))."},
    ("HashedCrossing", "output_mode"): {"options": COUNTED_TOKENS[:2]},
    ("Hashing", "mask_value"): {"kind": "integer", "help": "Number that is mapped to 0 and stands for nothing."},
    ("Hashing", "output_mode"): {"options": COUNTED_TOKENS},
    ("IntegerLookup", "output_mode"): {"options": COUNTED_TOKENS},
    ("LSTM", "units"): {"help": "Number of memory cells, which is the size of the output."},
    ("Normalization", "invert"): {"help": "Turns normalized values back into those of the data."},
    ("RandomElasticTransform", "scale"): {**NUMBERS, "help": "Size of the distortion."},
    ("RandomErasing", "fill_value"): {**NUMBERS, "help": "Value of the erased patch; random where blank."},
    ("RandomErasing", "scale"): {**NUMBERS, "help": "Lowest and highest share of the image that a patch covers."},
    ("RandomFlip", "mode"): {
        "options": ("horizontal_and_vertical", "horizontal", "vertical"),
        "help": "Directions in which an image may be turned over.",
    },
    ("RandomGaussianBlur", "kernel_size"): {"help": "Size of the blur in pixels, an odd number."},
    ("RandomPerspective", "scale"): {**NUMBERS, "help": "Strength of the distortion."},
    ("ReLU", "threshold"): {"help": "Values below it follow the negative slope."},
    ("Rescaling", "scale"): {**NUMBERS, "help": "Factor, such as 0.00392156862745098 (1/255) for pixels."},
    ("Resizing", "fill_mode"): {"options": ("constant",)},
    ("Resizing", "interpolation"): {"options": (*RESAMPLING, "area")},
    ("STFTSpectrogram", "mode"): {
        "options": ("log", "magnitude", "psd", "real", "imag", "angle", "stft"),
        "help": "What of the transform is given.",
    },
    ("UpSampling2D", "interpolation"): {"options": RESAMPLING},
    **{
        (f"ZeroPadding{n}D", "padding"): {**SHAPE, "options": (), "help": "Zeros to add at both ends of each axis."}
        for n in (1, 2, 3)
    },
}
