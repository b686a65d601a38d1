"""Warnings of libraries are logged once and do not appear on standard error."""

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


def test_each_warning_is_logged_once(capsys):
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
        "Warning: the plots may draw letters separately that are joined in their script",
        "Images show boxes for characters that are missing from their font: ह",
    ]
    assert err == ""


def test_the_handler_of_warnings_is_restored_after_a_job():
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
def test_a_successful_training_writes_nothing_to_standard_error(write_form, tmp_path):
    """With a dropped mask, more steps than rows, named inputs, and characters that are missing from the plots' font."""
    words = tmp_path / "x.tsv"
    pd.DataFrame(np.random.default_rng(0).integers(0, 9, (150, 4))).to_csv(words, sep="\t", index=False)
    species = pd.read_csv(TEST_DATA / "iris_species.tabular", sep="\t")
    names = {"setosa": "花", "versicolor": "🌸 $x", "virginica": "हिन्दी"}
    species.replace(names).to_csv(tmp_path / "y.tsv", sep="\t", index=False)
    estimator = read_estimator(TEST_DATA / "species_estimator.zip")
    fit = replace(estimator.fit, epochs=1, steps_per_epoch=100)
    few_rows = "there are fewer rows than the steps per epoch"
    masked = (make_masked(), ["does not support masking", few_rows])
    for network, expected in (masked, (make_named_inputs(), [few_rows])):
        architecture = json.loads(network.to_json())
        write_estimator(tmp_path / "estimator.zip", replace(estimator, architecture=architecture, fit=fit))
        files = {"inputs": write_form(training_form()), "estimator": tmp_path / "estimator.zip", "features": words}
        files |= {"target": tmp_path / "y.tsv", "outfile-result": tmp_path / "r", "outfile-report": tmp_path / "h.html"}
        options = [part for name, path in files.items() for part in (f"--{name}", path)]
        command = [sys.executable, ROOT / "tools" / TOOL / f"{TOOL}.py", *options]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert done.stderr == ""
        for warning in [*expected, "Images show boxes for characters that are missing from their font: "]:
            assert done.stdout.count(warning) == 1, done.stdout


def test_characters_that_are_missing_from_a_font_are_printable_and_few(capsys):
    with log_warnings():
        warnings.simplefilter("always")
        for number in (27, 0x202E, *range(0x4E00, 0x5000)):
            warnings.warn(f"Glyph {number} (X) missing from font(s) DejaVu Sans.", UserWarning, stacklevel=1)
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith(r"Images show boxes for characters that are missing from their font: \x1b\u202e一丁")
    assert len(line) < 330
    assert line.endswith("...")
