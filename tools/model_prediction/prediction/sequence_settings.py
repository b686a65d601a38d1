"""Determine how a network reads sequences: from the estimator, or from the form for one made from trained weights."""

from dataclasses import replace
from typing import TYPE_CHECKING

from galaxy_keras.errors import InputError
from galaxy_keras.estimator.contents import Fitted
from galaxy_keras.log import say
from galaxy_keras.sequences.alphabets import ALPHABETS
from galaxy_keras.sequences.encoding import EQUAL, ONE_HOT, SequenceEncoding
from galaxy_keras.sequences.letters import END
from prediction.form import PredictionForm

if TYPE_CHECKING:
    import keras


def settle_sequences(fitted: Fitted, model: "keras.Model", form: PredictionForm) -> Fitted:
    """Return the fitted attributes with the encoding of the sequences, and log where it is from.

    Raises
    ------
    InputError
        The estimator reads other data, the input of the network is not one-hot sequences, or both strands are requested
        for letters without a complement.
    """
    if fitted.sequences is None and fitted.target_kind == "outputs":
        fitted = replace(fitted, sequences=_make_encoding(model, form.letter_type))
    encoding = fitted.sequences
    if encoding is None:
        return fitted
    if encoding.alphabet != form.letter_type and form.letter_type != "dna":
        say(f"Type of sequence: the estimator reads {encoding.alphabet}; the choice {form.letter_type} is not used")
    if form.averages_strands and not encoding.symbols.has_strands:
        raise InputError(f"both strands: found {encoding.alphabet}; expected DNA, because only DNA has two strands")
    return fitted


def _make_encoding(model: "keras.Model", letter_type: str) -> SequenceEncoding:
    letters = ALPHABETS[letter_type].letters
    shape = tuple(model.inputs[0].shape[1:])
    if len(model.inputs) != 1 or len(shape) != 2 or shape[0] is None or shape[1] != len(letters):
        raise InputError(
            f"estimator: found the input shape {shape}; expected (length, {len(letters)}) for one-hot encoded "
            f"{letter_type}, or an estimator that was trained on sequences"
        )
    say(f"Sequences: one-hot encoded {letter_type}, because the estimator does not know how it was trained")
    return SequenceEncoding(letter_type, letters, ONE_HOT, 1, 1, shape[0], END, END, EQUAL)
