"""Text of a form or file is never opened as a path or URL, whichever argument of Keras' classes receives it."""

import json
import os
import subprocess
import sys

import pytest
from examples.scripts import ROOT

from dev.forms.signatures import list_arguments, list_classes
from galaxy_keras.catalog.text_arguments import CHOICE_ENDINGS, CHOICES, FREE_TEXT, takes_choice


@pytest.fixture(scope="module")
def reports():
    paths = [ROOT / "tools" / "shared", ROOT / "tests", ROOT]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths))}
    command = [sys.executable, "-m", "hostile.paths"]
    run = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=ROOT, check=True)
    return json.loads(run.stdout.splitlines()[-1])


def test_the_monitor_records_access_by_python_keras_and_tensorflow(reports):
    assert [line.split(":")[0] for line in reports["control"]["opened"]] == [
        "control, Python",
        "control, Keras",
        "control, TensorFlow",
        "control, address",
    ]


def test_arguments_open_neither_files_nor_urls(reports):
    assert reports["samples"]["opened"] == []
    assert reports["samples"]["count"] > 10_000


def test_text_is_accepted_or_refused_in_every_argument(reports):
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


def test_arguments_that_accept_text_exist_in_keras():
    arguments = list(_list_text_defaults())
    known = {argument.name for _, argument in arguments}
    of_networks = {"name", "monitor", "bounding_box_format", "implementation", "aggregation", "synchronization"}
    assert set(CHOICES) | set(FREE_TEXT) <= known | of_networks | {"output_dtype", "dtype"}
    # TFSMLayer loads a model from a path; it is refused as a whole.
    unknown = {
        (name, argument.name)
        for name, argument in arguments
        if isinstance(argument.default, str) and not takes_choice(argument.name) and argument.name not in FREE_TEXT
    }
    assert unknown - {("TFSMLayer", "call_endpoint")} == set()
    assert all(any(name.endswith(ending) for name in known) for ending in CHOICE_ENDINGS)
