"""List the arguments of Keras classes that may be text: choices, names, and free text that Keras never opens.

Keras opens text as a file or URL where it also accepts values, so other arguments must not be text. A test compares
these lists with the arguments of the installed Keras.
"""

import re

# Arguments whose text is the name of a Keras object or one of a few choices.
CHOICES = frozenset(
    (
        *("activation", "recurrent_activation", "dtype", "output_dtype", "vocabulary_dtype", "reverse_dtype"),
        *("data_format", "padding", "merge_mode", "mode", "interpolation", "fill_mode", "output_mode", "oov_method"),
        *("reduction", "scaling", "side", "window", "score_mode", "distribution", "encoding", "standardize", "split"),
        *("use_cudnn", "aggregation", "synchronization", "class_aggregation", "average", "curve"),
        *("summation_method", "bounding_box_format", "implementation"),
    )
)
CHOICE_ENDINGS = ("_initializer", "_regularizer", "_constraint")
CHOICE = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,99}")
# Arguments that are free text, which Keras never opens, and lists of free text.
FREE_TEXT = ("name", "equation", "bias_axes", "oov_token", "mask_token", "monitor")
TEXT_LISTS = ("vocabulary", "input_layers", "output_layers", "inbound_nodes", "keras_history")


def may_be_text(argument: str, text: str, is_listed: bool) -> bool:
    """Return whether an argument may be text.

    Parameters
    ----------
    argument
        Name of the argument.
    is_listed
        Whether the text is an item of a list.
    """
    if takes_choice(argument):
        return CHOICE.fullmatch(text) is not None
    return argument in FREE_TEXT or (is_listed and argument in TEXT_LISTS)


def takes_choice(argument: str) -> bool:
    """Return whether an argument is the name of a Keras object or a choice."""
    return argument in CHOICES or argument.endswith(CHOICE_ENDINGS)
