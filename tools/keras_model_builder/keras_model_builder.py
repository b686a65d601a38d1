"""Create an estimator from an architecture and training settings, or from an architecture and weights."""

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, TYPE_CHECKING

from galaxy_keras.catalog.callbacks import check_callbacks, read_callback, settle_callbacks
from galaxy_keras.catalog.losses_and_metrics import join_metrics, Measure, NO_METRIC, read_loss, read_metric
from galaxy_keras.catalog.optimizers import make_optimizer
from galaxy_keras.errors import run_script
from galaxy_keras.estimator.consistency import check_estimator
from galaxy_keras.estimator.contents import Estimator, FitParameters
from galaxy_keras.estimator.file import write_estimator
from galaxy_keras.estimator.parameters import check_setting, list_parameters
from galaxy_keras.files.writing import write_complete
from galaxy_keras.forms.document import read_form
from galaxy_keras.log import put_first, say
from galaxy_keras.network.architecture import build_skeleton, read_architecture
from galaxy_keras.network.outputs import group_outputs, Output, read_outputs
from galaxy_keras.runtime import configure_keras
from model_builder.description import describe, describe_outputs, summarize
from model_builder.doubts import list_doubts
from model_builder.form import AUTOMATIC, BuilderForm, DEFAULT_VALIDATION_SPLIT, DEFAULT_VERBOSE, PREFITTED
from model_builder.last_layer import choose_loss, choose_metric, settle_metric
from model_builder.prefitted import build_prefitted

if TYPE_CHECKING:
    import keras

PARAMETERS_HEADER = ("", "Parameter", "Value")


def parse_arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=Path, required=True, help="values of the form, JSON")
    parser.add_argument("--architecture", type=Path, required=True, help="architecture, JSON")
    parser.add_argument("--weights", type=Path, help="weights for the architecture (mode prefitted), h5")
    parser.add_argument("--outfile", type=Path, required=True, help="estimator, zip")
    parser.add_argument("--outfile-params", type=Path, help="names and values of the parameters, tabular")
    parser.add_argument("--outfile-description", type=Path, help="description of the estimator, text")
    return parser.parse_args(argv)


def choose_options(options: dict[str, Any]) -> dict[str, Any]:
    """Convert the optimizer's options of Keras 2 to those of Keras 3; log renamed and ignored options."""
    options = dict(options)
    if "lr" in options:
        options["learning_rate"] = options.pop("lr")
        say(f"lr {options['learning_rate']} is used as learning_rate")
    if options.pop("schedule_decay", None) is not None:
        say("schedule_decay was ignored: Nadam of Keras 3 does not have this option")
    if options.get("decay"):
        say(f"decay {options['decay']}: the learning rate is divided by 1 + {options['decay']} * step")
    return options


def read_measures(form: BuilderForm, output_layers: list[Output]) -> tuple[Measure, list[Measure]]:
    """Return loss and metrics; automatic ones are chosen by task and output layers.

    Raises
    ------
    InputError
        Keras does not have a loss, metric or option, or the automatic loss is ambiguous.
    """
    name, options = form.loss
    if name == AUTOMATIC:
        chosen = choose_loss(form.task, output_layers)
        name, options = chosen.name, {**chosen.options, **options}
        logits = " with from_logits" if chosen.options else ""
        activations = " and ".join(dict.fromkeys(output.activation or "this last layer" for output in output_layers))
        say(f"Loss chosen for {form.task} and {activations}: {name}{logits}")
    loss = read_loss(name, options)
    metrics = []
    for name, options in form.metrics:
        if name == AUTOMATIC:
            name = choose_metric(form.task).name
            say(f"Metric chosen for {form.task}: {name}")
        if name != NO_METRIC:
            metrics.append(settle_metric(read_metric(name, options), output_layers))
    return loss, join_metrics(metrics)


def read_callbacks(form: BuilderForm) -> list[dict[str, Any]]:
    """Return the serialized callbacks; CSVLogger is removed, because the training tool always offers its output."""
    kept = [(name, options) for name, options in form.callbacks if name != "CSVLogger"]
    if len(kept) < len(form.callbacks):
        say("CSVLogger was removed: the training tool has an output with the metrics of each epoch")
    return [read_callback(name, options) for name, options in kept]


def read_fit_parameters(form: BuilderForm) -> FitParameters:
    """Check the fit parameters except callbacks; log parameters without effect."""
    settings = dict(form.fit)
    if settings.pop("verbose", DEFAULT_VERBOSE) != DEFAULT_VERBOSE:
        say("verbose is ignored because the training tool always logs one line per epoch")
    if settings.setdefault("validation_split", DEFAULT_VALIDATION_SPLIT) != DEFAULT_VALIDATION_SPLIT:
        say("validation_split is stored, but the training tool uses its own validation holdout instead")
    return FitParameters(**{name: check_setting(name, value) for name, value in settings.items()})


def build_estimator(form: BuilderForm, architecture: dict[str, Any], network: "keras.Model") -> Estimator:
    """Create an estimator from architecture and training settings; log warnings for settings that are likely wrong.

    Parameters
    ----------
    network
        Built from the architecture; variables may be uninitialized.

    Raises
    ------
    InputError
        A value is out of range, or settings, output layers and task do not match.
    """
    output_layers = group_outputs(read_outputs(network), form.task)
    loss, metrics = read_measures(form, output_layers)
    optimizer = make_optimizer(form.optimizer[0], choose_options(form.optimizer[1]), form.schedule)
    callbacks = settle_callbacks(read_callbacks(form), loss, metrics)
    check_callbacks(callbacks, optimizer)
    estimator = Estimator(
        task=form.task,
        loss=loss,
        optimizer=optimizer,
        metrics=metrics,
        fit=replace(read_fit_parameters(form), callbacks=callbacks),
        seed=check_setting("seed", form.seed),
        architecture=architecture,
    )
    estimator = check_estimator(estimator, network)
    for doubt in list_doubts(estimator, output_layers):
        say(f"Warning: {doubt}")
    for output in describe_outputs(loss, output_layers):
        say(f"Output {output}")
    return estimator


def write_text(path: Path, text: str) -> None:
    """Write a text file; if an error occurs, no file is written."""
    with write_complete(path) as unfinished:
        unfinished.write_text(text, encoding="utf-8")


def main(argv: list[str] | None = None) -> None:
    """Read and check the form and the architecture, then write the estimator and its description."""
    arguments = parse_arguments(argv)
    document = read_form(arguments.inputs)
    configure_keras()
    architecture = read_architecture(arguments.architecture)
    if document["mode_selection"]["mode_type"] == PREFITTED:
        build_prefitted(architecture, arguments.weights, arguments.outfile)
        return
    form = BuilderForm.from_document(document)
    network = build_skeleton(architecture)
    estimator = build_estimator(form, architecture, network)
    write_estimator(arguments.outfile, estimator)
    if arguments.outfile_params:
        rows = [PARAMETERS_HEADER, *list_parameters(estimator)]
        write_text(arguments.outfile_params, "".join("\t".join(row) + "\n" for row in rows))
    if arguments.outfile_description:
        write_text(arguments.outfile_description, describe(estimator, group_outputs(read_outputs(network), form.task)))
    put_first(summarize(estimator))


if __name__ == "__main__":
    sys.exit(run_script(main))
