"""Warnings of libraries: lines of the log, each once, and nothing on standard error."""

import json
import subprocess
import sys
import warnings
from dataclasses import replace

import keras
import numpy as np
import pandas as pd
import pytest
from examples.default_forms import training_form
from examples.scripts import ROOT, TEST_DATA

from galaxy_keras.estimator.file import read_estimator, write_estimator
from galaxy_keras.library_warnings import log_warnings

TOOL = "keras_train_and_eval"


def test_a_warning_is_a_line_of_the_log_once(capsys):
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        with log_warnings():
            for _ in range(2):
                warnings.warn("Layer 'x'\nwas passed a mask", UserWarning, stacklevel=1)
            warnings.warn("The structure of `inputs` doesn't match the expected structure.", UserWarning, stacklevel=1)
            warnings.warn("Glyph 2361 (\\N{DEVANAGARI LETTER HA}) missing from font(s)", UserWarning, stacklevel=1)
            warnings.warn("Matplotlib currently does not support Devanagari natively.", UserWarning, stacklevel=1)
    out, err = capsys.readouterr()
    assert out.splitlines() == [
        "Warning: Layer 'x' was passed a mask",
        "Warning: the plots draw some letters apart that belong together in their script",
        "Images show boxes for letters that their font lacks: ह",
    ]
    assert err == ""


def test_one_handler_stands_again_after_a_job():
    before = warnings.showwarning
    with pytest.raises(ValueError), log_warnings():
        raise ValueError
    assert warnings.showwarning is before


def make_masked():
    layers = [keras.layers.Embedding(9, 2, mask_zero=True), keras.layers.Flatten(), keras.layers.Dense(3, "softmax")]
    return keras.Sequential([keras.Input((4,)), *layers])


def make_named_inputs():
    inputs = {"a": keras.Input((3,), name="a"), "b": keras.Input((1,), name="b")}
    return keras.Model(inputs, keras.layers.Dense(3, "softmax")(keras.layers.Concatenate()(list(inputs.values()))))


@pytest.mark.filterwarnings("ignore:Layer 'flatten")
def test_a_training_that_succeeds_says_nothing_on_standard_error(write_form, tmp_path):
    """Masks that a layer drops, more steps than rows, inputs by name, and letters that the plots' font lacks."""
    words = tmp_path / "x.tsv"
    pd.DataFrame(np.random.default_rng(0).integers(0, 9, (150, 4))).to_csv(words, sep="\t", index=False)
    species = pd.read_csv(TEST_DATA / "iris_species.tabular", sep="\t")
    names = {"setosa": "花", "versicolor": "🌸 $x", "virginica": "हिन्दी"}
    species.replace(names).to_csv(tmp_path / "y.tsv", sep="\t", index=False)
    estimator = read_estimator(TEST_DATA / "species_estimator.zip")
    fit = replace(estimator.fit, epochs=1, steps_per_epoch=100)
    masked = (make_masked(), ["does not support masking", "the rows end before the number of steps"])
    for network, expected in (masked, (make_named_inputs(), ["the rows end before the number of steps"])):
        architecture = json.loads(network.to_json())
        write_estimator(tmp_path / "estimator.zip", replace(estimator, architecture=architecture, fit=fit))
        files = {"inputs": write_form(training_form()), "estimator": tmp_path / "estimator.zip", "features": words}
        files |= {"target": tmp_path / "y.tsv", "outfile-result": tmp_path / "r", "outfile-report": tmp_path / "h.html"}
        options = [part for name, path in files.items() for part in (f"--{name}", path)]
        command = [sys.executable, ROOT / "tools" / TOOL / f"{TOOL}.py", *options]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert done.stderr == ""
        for words_of_warning in [*expected, "Images show boxes for letters that their font lacks: "]:
            assert done.stdout.count(words_of_warning) == 1, done.stdout


def test_letters_that_a_font_lacks_are_printable_and_few(capsys):
    with log_warnings():
        warnings.simplefilter("always")
        for number in (27, 0x202E, *range(0x4E00, 0x5000)):
            warnings.warn(f"Glyph {number} (X) missing from font(s) DejaVu Sans.", UserWarning, stacklevel=1)
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith(r"Images show boxes for letters that their font lacks: \x1b\u202e一丁")
    assert len(line) < 320
    assert line.endswith("...")
