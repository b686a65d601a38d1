"""No text of a form or a file is opened as a file or an address, whatever argument of Keras' it is given to."""

import json
import os
import subprocess
import sys

import pytest
from conftest import ROOT

from dev.forms.signatures import list_arguments, list_classes
from galaxy_keras.catalog.text_arguments import CHOICE_ENDINGS, CHOICES, FREE_TEXT, takes_choice


@pytest.fixture(scope="module")
def reports():
    paths = [ROOT / "tools" / "shared", ROOT / "tests", ROOT]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths))}
    command = [sys.executable, "-m", "hostile.paths"]
    run = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=ROOT, check=True)
    return json.loads(run.stdout.splitlines()[-1])


def test_the_watch_sees_what_python_keras_and_tensorflow_open(reports):
    assert [line.split(":")[0] for line in reports["control"]["opened"]] == [
        "control, Python",
        "control, Keras",
        "control, TensorFlow",
        "control, address",
    ]


def test_no_argument_opens_a_file_or_an_address(reports):
    assert reports["samples"]["opened"] == []
    assert reports["samples"]["count"] > 10_000


def test_every_argument_with_text_ends_in_a_refusal_or_is_taken(reports):
    assert reports["samples"]["crashes"] == []


def _list_text_defaults():
    import keras

    bases = {
        keras.layers: keras.layers.Layer,
        keras.initializers: keras.initializers.Initializer,
        keras.losses: keras.losses.Loss,
        keras.metrics: keras.metrics.Metric,
        keras.optimizers: keras.optimizers.Optimizer,
        keras.optimizers.schedules: keras.optimizers.schedules.LearningRateSchedule,
    }
    for module, base in bases.items():
        for name, class_ in list_classes(module, base).items():
            for argument in list_arguments(class_):
                yield name, argument


def test_the_arguments_that_may_be_text_are_those_of_keras():
    arguments = list(_list_text_defaults())
    known = {argument.name for _, argument in arguments}
    of_models = {"name", "monitor", "bounding_box_format", "implementation", "aggregation", "synchronization"}
    assert set(CHOICES) | set(FREE_TEXT) <= known | of_models | {"output_dtype", "dtype"}
    # TFSMLayer loads a model from a path; it is refused as a whole.
    unknown = {
        (name, argument.name)
        for name, argument in arguments
        if isinstance(argument.default, str) and not takes_choice(argument.name) and argument.name not in FREE_TEXT
    }
    assert unknown - {("TFSMLayer", "call_endpoint")} == set()
    assert all(any(name.endswith(ending) for name in known) for ending in CHOICE_ENDINGS)
