"""Pass a path and a URL to every argument of Keras' classes, through every input of the tools; record what is opened.

Three monitors record access: Python's audit events for files and sockets, inotify for files that TensorFlow opens
without Python, and wrappers around TensorFlow's file module for URLs. Audit hooks cannot be removed, so this module
runs in a separate process: ``python -m hostile.paths`` prints JSON.
"""

import contextlib
import copy
import ctypes
import inspect
import io
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from examples.default_forms import config_form, functional_form, layer_block
from examples.layer_fields import LAYERS, make_layer_form

from galaxy_keras.catalog.callbacks import read_callback
from galaxy_keras.catalog.classes import LOSSES, METRICS, name_class, OPTIMIZERS, SCHEDULES
from galaxy_keras.catalog.losses_and_metrics import make_loss, make_metric, Measure, read_loss, read_metric
from galaxy_keras.catalog.optimizers import make_optimizer
from galaxy_keras.errors import InputError
from galaxy_keras.estimator.contents import Estimator
from galaxy_keras.estimator.file import read_estimator
from galaxy_keras.estimator.parameters import list_parameters, set_parameter
from galaxy_keras.network.architecture import build_model, build_skeleton, read_architecture

ROOT = Path(__file__).resolve().parents[2]
IN_ACCESS, IN_OPEN = 0x1, 0x20
ADDRESS = "gs://marker-bucket/marker.txt"
MARKER = "marker"
Sample = tuple[str, Callable[[], Any]]


class AccessMonitor:
    """Records each access to one file and to the network by three monitors."""

    def __init__(self, path: Path):
        self.path = path
        self.seen: list[str] = []
        self._c = ctypes.CDLL(None, use_errno=True)
        self._inotify = self._c.inotify_init1(os.O_NONBLOCK)
        self._c.inotify_add_watch(self._inotify, bytes(path), IN_ACCESS | IN_OPEN)
        sys.addaudithook(self._record)
        self._wrap_tensorflow()

    def _record(self, event: str, arguments: tuple) -> None:
        if event == "open" or event.startswith(("os.", "shutil.", "pathlib.")):
            if any(MARKER in str(argument) for argument in arguments):
                self.seen.append(event)
        elif event.startswith(("socket.", "urllib.", "http.")):
            self.seen.append(event)

    def _wrap_tensorflow(self) -> None:
        import tensorflow

        for name in ("exists", "GFile", "isdir", "listdir", "glob", "stat", "makedirs", "copy"):
            original = getattr(tensorflow.io.gfile, name)

            def recorded(*arguments: Any, call: Any = original, as_name: str = name, **options: Any) -> Any:
                if any(MARKER in str(argument) for argument in (*arguments, *options.values())):
                    self.seen.append(f"gfile.{as_name}")
                return call(*arguments, **options)

            setattr(tensorflow.io.gfile, name, recorded)

    def collect(self) -> list[str]:
        """Return the events since the last call."""
        with contextlib.suppress(BlockingIOError):
            if os.read(self._inotify, 65_536):
                self.seen.append("inotify")
        seen, self.seen = self.seen, []
        return seen


def list_arguments(class_: type) -> list[str]:
    """Return the names of the arguments of a class."""
    kinds = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    return [p.name for p in inspect.signature(class_.__init__).parameters.values() if p.kind in kinds][1:]


def list_catalog(module: Any, base: type) -> dict[str, type]:
    """Return all public classes of a module by name, including those that the tools do not offer."""
    classes = {name: item for name, item in vars(module).items() if isinstance(item, type) and issubclass(item, base)}
    return {name: item for name, item in classes.items() if name == item.__name__ and item is not base}


def form_samples(text: str) -> Iterator[Sample]:
    """Pass a text to each argument of each layer of the form, in its field and in ``kwargs``."""
    import keras

    from keras_model_config import build_network
    from model_config.form import ConfigForm

    def build(form: dict[str, Any]) -> None:
        build_network(ConfigForm.from_document(form))

    for layer in LAYERS:
        arguments = [*list_arguments(getattr(keras.layers, layer)), "name", "dtype", "weights"]
        # alpha_constraint is a conditional of the form, not a text field.
        for argument in (argument for argument in arguments if argument != "alpha_constraint"):
            for value in (repr(text), text, f"[{text!r}]"):
                form = make_layer_form(layer)
                form["model_selection"]["layers"][-1]["layer_selection"][argument] = value
                yield f"form, {layer}, {argument}", lambda form=form: build(form)
            form = make_layer_form(layer)
            selection = form["model_selection"]["layers"][-1]["layer_selection"]
            selection["kwargs"] = f"{argument}={text!r}"
            selection.pop(argument, None)
            yield f"kwargs, {layer}, {argument}", lambda form=form: build(form)
    for setting in ("initializer", "regularizer", "constraint"):
        for name, class_ in list_settings(setting).items():
            for argument in list_arguments(class_):
                block = {"weights": "kernel", setting: {f"{setting}_type": name, argument: repr(text)}}
                dense = layer_block("Dense", units=2, weights={f"{setting}s": [block]})
                form = config_form(dense)
                yield f"form, {name}, {argument}", lambda form=form: build(form)
    for field in ("name", "dtype"):
        form = functional_form(layer_block("Input", shape="(3,)", options={field: text}), layer_block("Flatten"))
        yield f"form, Input, {field}", lambda form=form: build(form)


def list_settings(setting: str) -> dict[str, type]:
    """Return Keras' initializers, regularizers or constraints by name."""
    import keras

    return list_catalog(getattr(keras, f"{setting}s"), getattr(keras, setting.capitalize(), object))


def make_architecture(layer: dict[str, Any]) -> dict[str, Any]:
    """Return an architecture with an input and one layer."""
    first = {"module": "keras.layers", "class_name": "InputLayer", "config": {"batch_shape": [None, 4], "name": "in"}}
    return {"module": "keras", "class_name": "Sequential", "config": {"name": "network", "layers": [first, layer]}}


def architecture_samples(text: str, folder: Path) -> Iterator[Sample]:
    """Pass a text to each argument of each layer, initializer, regularizer and constraint of an architecture file."""
    import keras

    def read(document: dict[str, Any]) -> None:
        path = folder / "architecture.json"
        path.write_text(json.dumps(document))
        build_model(read_architecture(path))

    needed = {"units": 2, "output_mode": "int", "num_bins": 3}
    for name, class_ in list_catalog(keras.layers, keras.layers.Layer).items():
        arguments = list_arguments(class_)
        for argument in [*arguments, "name", "dtype", "weights", "build_config", "registered_name"]:
            config = {key: value for key, value in needed.items() if key in arguments} | {argument: text}
            layer = {"module": "keras.layers", "class_name": name, "config": config}
            yield f"architecture, {name}, {argument}", lambda layer=layer: read(make_architecture(layer))
            wrapped = {"module": "keras.layers", "class_name": "TimeDistributed", "config": {"layer": layer}}
            yield f"architecture, wrapped {name}, {argument}", lambda layer=wrapped: read(make_architecture(layer))
            old = {"class_name": name, "config": {**config, "batch_input_shape": [None, 4]}}
            old = {"class_name": "Sequential", "config": {"layers": [old]}, "keras_version": "2.10.0"}
            yield f"Keras 2, {name}, {argument}", lambda document=old: read(document)
    for setting in ("initializer", "regularizer", "constraint"):
        for name, class_ in list_settings(setting).items():
            for argument in list_arguments(class_):
                value = {"module": f"keras.{setting}s", "class_name": name, "config": {argument: text}}
                dense = {"units": 2, f"kernel_{setting}": value}
                layer = {"module": "keras.layers", "class_name": "Dense", "config": dense}
                yield f"architecture, {name}, {argument}", lambda layer=layer: read(make_architecture(layer))


def override_samples(text: str, estimator: Estimator) -> Iterator[Sample]:
    """Pass a text to each hyperparameter override of an estimator with a lookup layer, and build the network."""
    config = {"vocabulary": [1, 2, 3], "mask_token": None, "idf_weights": None, "name": "lookup"}
    lookup = {"module": "keras.layers", "class_name": "IntegerLookup", "config": config}
    architecture = copy.deepcopy(estimator.architecture)
    architecture["config"]["layers"].insert(1, lookup)
    estimator = replace(estimator, architecture=architecture)

    def override(name: str) -> None:
        build_skeleton(set_parameter(estimator, name, text).architecture)

    for _, name, _ in list_parameters(estimator)[:-1]:
        yield f"override, {name}", lambda name=name: override(name)


def compile_as_training(make: Callable[[], Any]) -> None:
    """Raise an InputError for the errors that the training tool catches when it compiles a network."""
    try:
        make()
    except (ValueError, TypeError, AttributeError) as error:
        raise InputError(str(error)) from None


def estimator_samples(text: str) -> Iterator[Sample]:
    """Pass a text to each option of losses, metrics, optimizers, schedules and callbacks, in the form and in a file."""
    import keras

    from training.fitting.compiling import restore_callbacks, restore_optimizer

    loss = Measure("mean_squared_error")
    for name in LOSSES.list_classes():
        for option in list_arguments(LOSSES.list_classes()[name]):
            yield f"form, {name}, {option}", lambda n=name, o=option: read_loss(n, {o: text})
            measure = Measure(name_class(name), {option: text})
            yield f"estimator, {name}, {option}", partial(compile_as_training, partial(make_loss, measure))
    for name in METRICS.list_classes():
        for option in list_arguments(METRICS.list_classes()[name]):
            yield f"form, {name}, {option}", lambda n=name, o=option: read_metric(n, {o: text})
            measure = Measure(name_class(name), {option: text})
            yield f"estimator, {name}, {option}", partial(compile_as_training, partial(make_metric, measure, loss, 3))
    for name, class_ in OPTIMIZERS.list_classes().items():
        for option in list_arguments(class_):
            yield f"form, {name}, {option}", lambda n=name, o=option: make_optimizer(n, {o: text})
            document = {"module": "keras.optimizers", "class_name": name, "config": {option: text}}
            yield f"estimator, {name}, {option}", partial(compile_as_training, partial(restore_optimizer, document))
    for name, class_ in SCHEDULES.list_classes().items():
        for option in list_arguments(class_):
            schedule = {"module": "keras.optimizers.schedules", "class_name": name, "config": {option: text}}
            document = {"module": "keras.optimizers", "class_name": "SGD", "config": {"learning_rate": schedule}}
            yield f"estimator, {name}, {option}", partial(compile_as_training, partial(restore_optimizer, document))
    for name, class_ in list_catalog(keras.callbacks, keras.callbacks.Callback).items():
        for option in list_arguments(class_):
            yield f"form, {name}, {option}", lambda n=name, o=option: read_callback(n, {o: text})
            document = {"class_name": name, "config": {option: text}}
            yield f"estimator, {name}, {option}", lambda document=document: restore_callbacks([document])


def control_samples(path: Path) -> Iterator[Sample]:
    """Open the file or the URL in the ways that the monitors must record."""
    import keras
    import tensorflow

    yield "control, Python", lambda: path.read_text()
    yield "control, Keras", lambda: keras.layers.IntegerLookup(vocabulary=str(path))
    yield "control, TensorFlow", lambda: tensorflow.io.read_file(str(path))
    yield "control, address", lambda: keras.layers.IntegerLookup(vocabulary=ADDRESS)


def run_samples(samples: Iterator[Sample], monitor: AccessMonitor, report: dict[str, Any]) -> None:
    """Run samples and record those that opened or printed the file, and those that raised an unexpected error."""
    for label, run in samples:
        monitor.collect()
        printed = io.StringIO()
        try:
            with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
                run()
        except InputError as error:
            printed.write(str(error))
        except Exception as error:
            report["crashes"].append(f"{label}: {error!r}"[:300])
        seen = monitor.collect()
        report["count"] += 1
        if seen or "314159" in printed.getvalue():
            report["opened"].append(f"{label}: {', '.join(seen)}")


def main() -> None:
    """Run all samples and print a report as JSON."""
    for tool in ("keras_model_config", "keras_train_and_eval"):
        sys.path.append(str(ROOT / "tools" / tool))
    from galaxy_keras.runtime import configure_keras

    configure_keras()
    reports = {name: {"count": 0, "opened": [], "crashes": []} for name in ("control", "samples")}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{MARKER}.txt"
        path.write_text("314159\n8\n9\n")
        monitor = AccessMonitor(path)
        run_samples(control_samples(path), monitor, reports["control"])
        estimator = read_estimator(ROOT / "test-data" / "species_estimator.zip")
        for text in (str(path), ADDRESS):
            for samples in (form_samples(text), architecture_samples(text, Path(folder))):
                run_samples(samples, monitor, reports["samples"])
            for samples in (override_samples(text, estimator), estimator_samples(text)):
                run_samples(samples, monitor, reports["samples"])
    print(json.dumps(reports))


if __name__ == "__main__":
    main()
