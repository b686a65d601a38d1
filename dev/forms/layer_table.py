"""Facts about Keras' layers that their signatures lack: group, order, bounds, enumerations and help texts."""

from typing import Any

# In the order of the form. The groups are those of Keras' documentation, with a separate one for embeddings.
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
# Layers with several inputs, which only functional networks have.
MERGING = (*GROUPS["Merging"], *GROUPS["Attention"], "HashedCrossing")
# Layers of Keras that the form does not offer, and the reasons.
LEFT_OUT: dict[str, str] = {
    "Lambda": "runs code from the file",
    "TFSMLayer": "loads a TensorFlow model from a path",
    "JaxLayer": "runs Python code",
    "FlaxLayer": "runs Python code",
    "TorchModuleWrapper": "runs Python code",
    "Wrapper": "an abstract base",
    "InputLayer": "is Input or the input shape of the form",
    "Bidirectional": "is a field of each recurrent layer",
    "TimeDistributed": "is a field of each layer",
    "SpectralNormalization": "is a field of each layer",
    "RNN": "needs a cell; LSTM, GRU and SimpleRNN contain one",
    "StackedRNNCells": "contains cells; several recurrent layers in a row do the same",
    "LSTMCell": "is a part of LSTM",
    "GRUCell": "is a part of GRU",
    "SimpleRNNCell": "is a part of SimpleRNN",
    "Pipeline": "is a list of layers, as the form is",
    "StringLookup": "reads text; tables contain numbers",
    "TextVectorization": "reads text; tables contain numbers",
    "MaxNumBoundingBoxes": "reads bounding boxes, which tables lack",
    "Equalization": "returns its symbolic input in Keras 3.15.1, so networks lose it",
    "RandomCrop": "has different output shapes in training and prediction in Keras 3.15.1",
    "CutMix": "mixes labels, which a network does not receive",
    "MixUp": "mixes labels, which a network does not receive",
}

# Arguments that the form does not offer unless SPECIAL lists them for a layer, and the reasons. Rarely used
# ones can be set in the field "Further arguments".
RARE = "is rarely changed"
LEFT_OUT_ARGUMENTS: dict[str, str] = {
    "name": "is a field of each block",
    "dtype": "is a field of each block",
    "weights": "contains numbers of a trained network, which belong in a weights file",
    "quantization_config": "is a Python object; networks are quantized after training",
    "gptq_unpacked_column_size": "is set by Keras when it quantizes a layer",
    "idf_weights": "belongs to the text output mode tf_idf",
    "sparse": "produces sparse tensors, which other layers do not accept",
    "vocabulary_dtype": "is not needed, because the values are integers",
    "invert": "inverts the layer for text; see Normalization",
    "synchronized": "is for training on several machines",
    "reverse_dtype": "is for the reverse call, which no layer of the form uses",
    "tie_weights": "is for the reverse call, which no layer of the form uses",
    "logit_soft_cap": "is for the reverse call, which no layer of the form uses",
    "stateful": "needs batches of a fixed size and order, which the tools choose",
    "use_cudnn": "is not saved by Keras; a GPU uses cuDNN if possible",
    "data_format": "is channels_last in tables with one row per sample",
    "seed": "is covered by the seed of the model builder",
    "lora_rank": "is for fine-tuning of trained layers",
    "lora_alpha": "is for fine-tuning of trained layers",
    **dict.fromkeys(("renorm", "renorm_clipping", "renorm_momentum"), "is for very small batches"),
    **dict.fromkeys(("flash_attention", "unroll", "reset_after"), "changes the implementation, hardly the result"),
    **dict.fromkeys(("go_backwards", "keepdims", "output_padding", "unit_forget_bias", "recurrent_activation"), RARE),
    **dict.fromkeys(("epsilon", "fill_mode", "fill_value", "groups", "sliding_window"), RARE),
}

# Endings of arguments that are set in the section for the weights of a block.
WEIGHT_SETTINGS = ("initializer", "regularizer", "constraint")
# Field names of the published forms that differ from Keras' argument names.
PUBLISHED_NAMES = {
    ("LeakyReLU", "negative_slope"): "alpha",
    ("Dot", "axes"): "axis",
    ("ReLU", "threshold"): "threshold_max_value",
}
# Macros of layers.xml with fields that the signature of a layer lacks.
MORE_FIELDS = {"PReLU": "params/alpha_of_PReLU", **dict.fromkeys(GROUPS["Recurrent"], "param/bidirectional")}
# Layers of Keras 2 in published workflows: their fields, and their replacement. keras_2.py of the shared package maps
# them to the layers of Keras 3.
UNITS, FILTERS = ("units", "kwargs"), ("filters", "kernel_size", "activation", "kwargs")
GONE: dict[str, tuple[tuple[str, ...], str]] = {
    "CuDNNLSTM": (UNITS, "same as LSTM"),
    "CuDNNGRU": (UNITS, "same as GRU"),
    "ThresholdedReLU": (("theta",), "same as ReLU with a threshold"),
    "LocallyConnected1D": (FILTERS, "fails: removed in Keras 3; use Conv1D"),
    "LocallyConnected2D": (FILTERS, "fails: removed in Keras 3; use Conv2D"),
    "LSTMCell": (UNITS, "fails: a part of LSTM; use LSTM"),
    "GRUCell": (UNITS, "fails: a part of GRU; use GRU"),
    "SimpleRNNCell": (UNITS, "fails: a part of SimpleRNN; use SimpleRNN"),
    "ConvLSTM2DCell": (("filters", "kernel_size", "kwargs"), "fails: a part of ConvLSTM2D; use ConvLSTM2D"),
}

# Shown outside of the advanced section although they have defaults. A layer with few arguments shows all of them.
ESSENTIAL = (
    *("activation", "strides", "padding", "return_sequences", "pool_size", "dropout", "mask_zero", "momentum"),
    *("interpolation", "use_scale", "max_value"),
)
FEW_ARGUMENTS = 3

SHAPE = {
    "kind": "text",
    "pattern": r"^\s*(None|[\d\s,()\[\]-]|None)*\s*$",
    "message": "Enter integers, for example: 3 or (3, 3).",
}
NUMBERS = {
    "kind": "text",
    "pattern": r"^[\d\s,()\[\].eE+-]*(None)?\s*$",
    "message": "Enter numbers, for example: 0.1 or (0.1, 0.5).",
}
COUNT = {"kind": "integer", "least": 1}
SHARE = {"kind": "float", "least": 0, "most": 1}
NOT_NEGATIVE = {"kind": "float", "least": 0}
TENSOR_PAD = ("valid", "same")
RESAMPLING = ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5")
COUNTED_TOKENS = ("int", "one_hot", "multi_hot", "count")
FACTOR_HELP = "Strength: a number, or a range (lowest, highest) to sample from for each image."
FACTOR = {**NUMBERS, "help": FACTOR_HELP}

# By argument; kind and default come from the signature if they are not specified here.
ARGUMENTS: dict[str, dict[str, Any]] = {
    "activation": {
        "kind": "select",
        "label": "Activation function",
        "help": "Applied to the output of the layer; linear leaves the values unchanged.",
    },
    "addition_factor": {**FACTOR, "help": "Added to each pixel, as a fraction of the value range. " + FACTOR_HELP},
    "all_ops": {"help": "Whether to use all augmentations, or only the milder ones."},
    "alpha": {"help": "Slope for negative inputs."},
    "antialias": {"help": "Whether to apply an antialiasing filter when an image is downsampled."},
    "attention_axes": {**SHAPE, "help": "Axes to attend over; if empty, all axes except the first and the last."},
    "axes": {**SHAPE, "help": "Axis, or pair of axes, along which to compute the dot product."},
    "axis": {"kind": "integer", "help": "Axis along which to apply the layer; -1 is the last."},
    "bias_axes": {"kind": "text", "help": "Letters of the output axes that have a bias, for example: c."},
    "bin_boundaries": {**NUMBERS, "help": "Boundaries of the bins as a list, for example: [0, 10, 20]."},
    "brightness_factor": FACTOR,
    "center": {"help": "Whether to add a learned offset."},
    "chain_depth": {**COUNT, "help": "Number of augmentations per chain."},
    "clip_limit": {**NOT_NEGATIVE, "help": "Contrast limit; 0 means no limit."},
    "contrast_factor": FACTOR,
    "crop_to_aspect_ratio": {"help": "Whether to crop the image instead of distorting it."},
    "cropping": {**SHAPE, "help": "Number of steps or pixels to remove from the start and end of each axis."},
    "data_format": {
        "kind": "select",
        "value": "channels_last",
        "options": ("channels_last", "channels_first"),
        "help": "Position of the channel axis in the input.",
    },
    "depth_multiplier": {**COUNT, "help": "Number of output channels per input channel."},
    "dilation_rate": {**SHAPE, "help": "Spacing between the elements of the filter; 1 means no dilation."},
    "dims": {**SHAPE, "help": "New order of the axes, starting at 1 and without the batch axis: (2, 1)."},
    "dropout": {**SHARE, "help": "Fraction (0-1) of the inputs that is set to zero during training."},
    "equation": {"kind": "text", "help": "Einsum equation of inputs and weights, for example: ab,bc->ac."},
    "expand_dims": {"help": "Whether to add a channel axis, so that the output can be used as an image."},
    "factor": FACTOR,
    "fft_length": {**COUNT, "help": "Length of the Fourier transform; a power of two."},
    "filters": {**COUNT, "help": "Number of filters, which is the number of output channels."},
    "frame_length": {**COUNT, "help": "Number of samples per frame."},
    "frame_step": {**COUNT, "help": "Number of samples between frames; half a frame if empty."},
    "groups": {**COUNT, "help": "Number of groups into which the channels are split."},
    "head_dim": {**COUNT, "help": "Size of each attention head."},
    "height": {**COUNT, "help": "Height of the output in pixels."},
    "height_factor": FACTOR,
    "hue_factor": FACTOR,
    "input_dim": {**COUNT, "help": "Size of the vocabulary: the largest index in the data plus one."},
    "interpolation": {"kind": "select", "options": RESAMPLING[:2], "help": "Interpolation method."},
    "kwargs": {
        "kind": "text",
        "label": "Further arguments",
        "help": "Any other Keras arguments, for example: use_bias=False, name='x'. They override the fields.",
    },
    "kernel_size": {**SHAPE, "help": "Size of the filter: a number such as 3, or one per axis such as (3, 3)."},
    "key_dim": {**COUNT, "help": "Size of each attention head for query and key."},
    "l1": {**NOT_NEGATIVE, "help": "L1 regularization factor: weight of the sum of absolute outputs in the loss."},
    "l2": {**NOT_NEGATIVE, "help": "L2 regularization factor: weight of the sum of squared outputs in the loss."},
    "mag_exp": {"kind": "float", "help": "Exponent of the magnitude spectrogram: 1 for energy, 2 for power."},
    "mask_token": {"kind": "integer", "help": "Token that represents masked inputs."},
    "mask_value": {"kind": "float", "help": "Time steps that contain only this value are skipped by later layers."},
    "mask_zero": {"help": "Whether index 0 is padding that later layers skip."},
    "max_freq": {**NOT_NEGATIVE, "help": "Highest frequency in Hz; half of the sampling rate if empty."},
    "max_tokens": {**COUNT, "help": "Maximum size of the vocabulary; unlimited if empty."},
    "max_value": {**NOT_NEGATIVE, "help": "Maximum output; unlimited if empty."},
    "mean": {**NUMBERS, "help": "Mean of the data: one number, or a list with one number per column."},
    "min_freq": {**NOT_NEGATIVE, "help": "Lowest frequency in Hz."},
    "min_power": {**NOT_NEGATIVE, "help": "Minimum power for the conversion to dB."},
    "mode": {"kind": "select"},
    "momentum": {**SHARE, "help": "Momentum (0-1) of the moving mean and variance."},
    "n": {**COUNT, "help": "Number of repetitions."},
    "negative_slope": {**NOT_NEGATIVE, "help": "Slope for inputs below the threshold."},
    "noise_shape": {**SHAPE, "help": "Shape of the dropout mask, for example: (None, 1, 8)."},
    "normalize": {"help": "Whether to L2-normalize the inputs first, which computes the cosine similarity."},
    "num_bins": {**COUNT, "help": "Number of bins."},
    "num_chains": {**COUNT, "help": "Number of augmentation chains to mix."},
    "num_heads": {**COUNT, "help": "Number of attention heads."},
    "num_key_value_heads": {**COUNT, "help": "Number of key and value heads; must divide the number of query heads."},
    "num_mel_bins": {**COUNT, "help": "Number of mel bins."},
    "num_oov_indices": {"least": 0, "help": "Number of indices for values outside of the vocabulary."},
    "num_ops": {**COUNT, "help": "Number of augmentations per image."},
    "num_query_heads": {**COUNT, "help": "Number of query heads."},
    "num_tokens": {**COUNT, "help": "Number of categories: the largest value in the data plus one."},
    "offset": {**NUMBERS, "help": "Number to add after scaling."},
    "oov_method": {
        "kind": "select",
        "options": ("floormod", "farmhash"),
        "help": "How values outside of the vocabulary are mapped to their indices.",
    },
    "oov_token": {"kind": "integer", "help": "Token that represents values outside of the vocabulary."},
    "output_dim": {**COUNT, "help": "Length of the embedding vectors."},
    "output_mode": {"kind": "select", "help": "Encoding of the output: integers, one-hot, multi-hot or counts."},
    "output_shape": {**SHAPE, "help": "Shape of the output without the batch axis."},
    "output_size": {**SHAPE, "help": "Size of the output: a number, or one per axis."},
    "pad_to_aspect_ratio": {"help": "Whether to pad the image instead of distorting it."},
    "pad_to_max_tokens": {"help": "Whether the output always has max_tokens columns."},
    "padding": {
        "kind": "select",
        "options": TENSOR_PAD,
        "help": "valid: no padding; same: zero padding, so that the output has the size of the input / strides.",
    },
    "periodic": {"help": "Whether the window is periodic."},
    "pool_size": {**SHAPE, "help": "Size of the pooling window: a number, or one per axis."},
    "power_to_db": {"help": "Whether to convert the power spectrogram to dB."},
    "rate": {**SHARE, "help": "Fraction (0-1) of the inputs that is set to zero during training."},
    "recurrent_dropout": {**SHARE, "help": "Fraction (0-1) of the state that is set to zero during training."},
    "ref_power": {**NOT_NEGATIVE, "help": "Power that corresponds to 0 dB."},
    "return_sequences": {"help": "Whether to return the output of every time step, as the next recurrent layer needs."},
    "return_state": {"help": "Whether to return the last state too, as outputs 2 and following, for example 3:2."},
    "salt": {"kind": "integer", "least": 0, "help": "Salt of the hash function."},
    "sampling_rate": {**COUNT, "help": "Sampling rate of the input in Hz."},
    "saturation_factor": FACTOR,
    "scale": {"help": "Whether to multiply by a learned scale."},
    "scaling": {"kind": "select", "options": ("density", "spectrum"), "help": "Scaling of the window."},
    "score_mode": {
        "kind": "select",
        "options": ("dot", "concat"),
        "help": "dot: product of query and key; concat: tanh of their sum.",
    },
    "sequence_length": {**COUNT, "help": "Number of samples per frame; fft_length if empty."},
    "sequence_stride": {**COUNT, "help": "Number of samples between frames."},
    "shared_axes": {**SHAPE, "help": "Axes that share the learned slope, for example [1, 2] for images."},
    "sigma": {**NUMBERS, "help": "Standard deviation of the blur in pixels: a number, or a range to sample from."},
    "size": {**SHAPE, "help": "Upsampling factor: a number, or one per axis."},
    "stddev": {**NOT_NEGATIVE, "help": "Standard deviation of the noise."},
    "strides": {**SHAPE, "help": "Step between windows: a number, or one per axis. Empty for pooling: pool_size."},
    "target_shape": {**SHAPE, "help": "Shape of the output without the batch axis, for example: (28, 28, 1)."},
    "threshold_factor": {**FACTOR, "help": "Pixels above this fraction of the range are inverted. " + FACTOR_HELP},
    "theta": {**NOT_NEGATIVE, "value": 1.0, "help": "Inputs below this threshold become 0."},
    "tile_grid_size": {**SHAPE, "help": "Number of tiles per axis."},
    "top_db": {**NOT_NEGATIVE, "help": "Dynamic range of the output in dB."},
    "units": {**COUNT, "help": "Number of units, which is the size of the output."},
    "use_bias": {"help": "Whether the layer has a bias."},
    "use_gate": {"help": "Whether to multiply the output by a learned gate."},
    "use_scale": {"help": "Whether to multiply the attention scores by a learned scale."},
    "value_dim": {**COUNT, "help": "Size of each attention head for the value; key_dim if empty."},
    "value_range": {**NUMBERS, "help": "Range of the pixel values, for example: (0, 255) or (0, 1)."},
    "variance": {**NUMBERS, "help": "Variance of the data: one number, or a list with one number per column."},
    "vocabulary": {**SHAPE, "help": "Integers of the vocabulary as a list, for example: [10, 20, 30]."},
    "width": {**COUNT, "help": "Width of the output in pixels."},
    "width_factor": FACTOR,
    "window": {"kind": "select", "options": ("hann", "hamming"), "help": "Window function."},
    "x_factor": FACTOR,
    "y_factor": FACTOR,
}
# Initial values of numbers that Keras requires, so that a new block can be used as it is.
FIRST_VALUES: dict[str, Any] = {
    **dict.fromkeys(("units", "filters", "output_dim", "key_dim", "head_dim"), 32),
    **dict.fromkeys(("num_heads", "num_query_heads", "n"), 2),
    "num_key_value_heads": 1,
    "kernel_size": "3",
    "input_dim": 10000,
    "rate": 0.5,
    "stddev": 0.1,
    **dict.fromkeys(("height", "width"), 224),
    **dict.fromkeys(("num_bins", "num_tokens"), 10),
}

# Arguments that have another meaning or other values in one layer, and arguments that only some layers offer.
SPECIAL: dict[tuple[str, str], dict[str, Any]] = {
    ("AugMix", "alpha"): {**NOT_NEGATIVE, "help": "Parameter of the Dirichlet distribution that mixes the chains."},
    ("CategoryEncoding", "output_mode"): {"options": COUNTED_TOKENS[1:]},
    ("Concatenate", "axis"): {"help": "Axis along which to concatenate; -1 is the last."},
    ("Conv1D", "padding"): {
        "options": (*TENSOR_PAD, "causal"),
        "help": "valid: no padding; same: zero padding on both sides; causal: no output depends on later steps.",
    },
    ("Discretization", "output_mode"): {"options": COUNTED_TOKENS},
    ("EinsumDense", "output_shape"): {"help": "Shape of the output without the batch axis; None for a variable size."},
    ("GaussianDropout", "rate"): {"help": "Rate (0-1): the noise has the standard deviation sqrt(rate / (1 - rate))."},
    ("GroupNormalization", "groups"): {},
    ("HashedCrossing", "output_mode"): {"options": COUNTED_TOKENS[:2]},
    ("Hashing", "mask_value"): {"kind": "integer", "help": "Value that is mapped to index 0."},
    ("Hashing", "output_mode"): {"options": COUNTED_TOKENS},
    ("IntegerLookup", "output_mode"): {"options": COUNTED_TOKENS},
    ("Normalization", "invert"): {"help": "Whether to convert normalized values back to the original scale."},
    ("RandomElasticTransform", "scale"): {**NUMBERS, "help": "Strength of the distortion."},
    ("RandomErasing", "scale"): {**NUMBERS, "help": "Range of the fraction of the image that is erased."},
    ("RandomFlip", "mode"): {
        "options": ("horizontal_and_vertical", "horizontal", "vertical"),
        "help": "Direction in which images may be flipped.",
    },
    ("RandomGaussianBlur", "kernel_size"): {"help": "Size of the blur in pixels; an odd number."},
    ("RandomPerspective", "scale"): {**NUMBERS, "help": "Strength of the distortion."},
    ("ReLU", "threshold"): {"help": "Inputs below the threshold are multiplied by negative_slope."},
    ("Rescaling", "scale"): {**NUMBERS, "help": "Factor, for example 0.00392156862745098 (1/255) for pixel values."},
    ("Resizing", "interpolation"): {"options": (*RESAMPLING, "area")},
    ("STFTSpectrogram", "mode"): {
        "options": ("log", "magnitude", "psd", "real", "imag", "angle", "stft"),
        "help": "Type of the output.",
    },
    ("UpSampling2D", "interpolation"): {"options": RESAMPLING},
    # The published forms have these fields.
    ("Flatten", "data_format"): {},
    **{(f"Global{kind}Pooling{n}D", "data_format"): {} for kind in ("Max", "Average") for n in (1, 2, 3)},
    **{
        (f"ZeroPadding{n}D", "padding"): {**SHAPE, "options": (), "help": "Number of zeros on both ends of each axis."}
        for n in (1, 2, 3)
    },
}
