"""Make an estimator from an architecture: how it shall be trained, or the weights that it has already."""

import argparse
import math
import sys
import tempfile
from pathlib import Path
from typing import Any

from builder_form import BuilderForm, DEFAULT_VALIDATION_SPLIT, DEFAULT_VERBOSE, PREFITTED
from galaxy_keras import __version__
from galaxy_keras.architecture import build_model, describe_error, read_architecture
from galaxy_keras.errors import ArchitectureError, InputError, run_script
from galaxy_keras.estimator_file import Estimator, FitParameters, Fitted, write_estimator
from galaxy_keras.form import read_form
from galaxy_keras.hyperparameters import check_setting, list_parameters
from galaxy_keras.keras_names import name_loss, name_metrics
from galaxy_keras.keras_runtime import configure_keras
from galaxy_keras.optimizers import make_optimizer, read_options
from galaxy_keras.outputs import write_complete
from galaxy_keras.weights_file import load_weights, save_weights, WEIGHTS_SUFFIX
from network_checks import check_network

PARAMETERS_HEADER = ("", "Parameter", "Value")


def parse_arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=Path, required=True, help="the form's values, JSON")
    parser.add_argument("--architecture", type=Path, required=True, help="architecture, JSON")
    parser.add_argument("--weights", type=Path, help="weights of the architecture for mode prefitted, h5")
    parser.add_argument("--outfile", type=Path, required=True, help="estimator, zip")
    parser.add_argument("--outfile-params", type=Path, help="names and values of the parameters, tabular")
    return parser.parse_args(argv)


def choose_options(form: BuilderForm) -> dict[str, Any]:
    """Give the optimizer's options under Keras 3's names, with a line for each that was renamed or does nothing."""
    options = dict(form.optimizer_options)
    if "lr" in options:
        options["learning_rate"] = options.pop("lr")
        print(f"lr {options['learning_rate']} is used as learning_rate")
    if options.pop("schedule_decay", None) is not None:
        print("schedule_decay was ignored: Keras 3's Nadam has no such option")
    if options.get("decay"):
        print(f"decay {options['decay']}: the learning rate is divided by 1 + {options['decay']} * step")
    return options


def make_callbacks(form: BuilderForm) -> list[dict[str, Any]]:
    """Give the callbacks in serialised form.

    Raises
    ------
    InputError
        Keras refuses a callback's value, or two settings cannot go together.
    """
    import keras

    serialised = []
    for name, parameters in form.callbacks:
        if name == "CSVLogger":
            print("CSVLogger was left out: the training tool offers the metrics of each epoch as an output")
            continue
        try:
            getattr(keras.callbacks, name)(**parameters)
        except Exception as error:  # Keras raises whatever a callback's constructor raises.
            raise InputError(f"callback {name}: {describe_error(error)}") from None
        if name == "ReduceLROnPlateau" and form.optimizer_options.get("decay"):
            raise InputError("decay: found it together with the callback ReduceLROnPlateau; expected one of the two")
        serialised.append({"class_name": name, "config": parameters})
    return serialised


def make_fit_parameters(form: BuilderForm) -> FitParameters:
    """Check the fit parameters, with a line for each that has no effect."""
    settings = dict(form.fit)
    if settings.pop("verbose", DEFAULT_VERBOSE) != DEFAULT_VERBOSE:
        print("verbose was ignored: the training tool prints one line per epoch")
    if settings.setdefault("validation_split", DEFAULT_VALIDATION_SPLIT) != DEFAULT_VALIDATION_SPLIT:
        print("validation_split is kept, but the training tool validates on its own holdout")
    checked = {name: check_setting(name, value) for name, value in settings.items()}
    return FitParameters(**checked, callbacks=make_callbacks(form))


def build_estimator(form: BuilderForm, architecture: dict[str, Any]) -> Estimator:
    """Put architecture and training parameters together.

    Raises
    ------
    InputError
        A value is out of range, or loss, last layer and task do not fit.
    """
    estimator = Estimator(
        task=form.task,
        loss=name_loss(form.loss),
        optimizer=make_optimizer(form.optimizer, choose_options(form)),
        metrics=name_metrics(form.metrics),
        fit=make_fit_parameters(form),
        seed=check_setting("seed", form.seed),
        architecture=architecture,
    )
    check_network(build_model(architecture), form.task, estimator.loss)
    return estimator


def build_prefitted(architecture: dict[str, Any], weights: Path, outfile: Path) -> None:
    """Put architecture and weights together and write the fitted estimator, which gives the network's outputs.

    Raises
    ------
    InputError
        The weights are not of the architecture, or it has no fixed input and output.
    """
    import keras

    model = build_model(architecture)
    if not model.built or len(model.inputs) != 1 or None in model.inputs[0].shape[1:]:
        raise ArchitectureError("architecture: found no fixed input shape; expected one input with all sizes given")
    if len(model.outputs) != 1 or None in model.outputs[0].shape[1:]:
        raise ArchitectureError("architecture: found no fixed output shape; expected one output with all sizes given")
    load_weights(model, weights, "weights")
    output_count = math.prod(model.outputs[0].shape[1:])
    fitted = Fitted(
        target_kind="outputs",
        classes=[],
        target_names=[str(number) for number in range(output_count)],
        feature_count=math.prod(model.inputs[0].shape[1:]),
        feature_names=None,
        threshold=None,
        has_probabilities=False,
        versions={"keras": keras.__version__, "galaxy_keras": __version__},
    )
    # For a training that starts anew; the weights themselves say nothing about how they came to be.
    estimator = Estimator(
        task="regression",
        loss="mean_squared_error",
        optimizer=make_optimizer("SGD", {}),
        metrics=[],
        fit=FitParameters(),
        seed=None,
        architecture=architecture,
        fitted=fitted,
    )
    with tempfile.TemporaryDirectory() as folder:
        checked = Path(folder) / f"model{WEIGHTS_SUFFIX}"
        save_weights(model, checked)
        write_estimator(outfile, estimator, checked)
    print(
        f"Fitted estimator: {fitted.feature_count} features, {output_count} outputs, {model.count_params():,} weights"
    )


def write_parameters(path: Path, rows: list[tuple[str, str, str]]) -> None:
    """Write the list of parameters as a table."""
    with write_complete(path) as beside:
        beside.write_text("".join("\t".join(row) + "\n" for row in [PARAMETERS_HEADER, *rows]), encoding="utf-8")


def describe_estimator(estimator: Estimator) -> str:
    """Say in one line how the network will be trained."""
    options = read_options(estimator.optimizer)
    rate = f"learning rate {options['learning_rate']:g}"
    metrics = ", ".join(estimator.metrics) or "none"
    fit = f"{estimator.fit.epochs} epochs, batch size {estimator.fit.batch_size}"
    optimizer = f"{estimator.optimizer['class_name']} ({rate})"
    return f"Estimator: {estimator.task}, loss {estimator.loss}, optimizer {optimizer}, metrics {metrics}, {fit}"


def main(argv: list[str] | None = None) -> None:
    """Read the form and the architecture, check, write the estimator and the list of its parameters."""
    arguments = parse_arguments(argv)
    document = read_form(arguments.inputs)
    configure_keras()
    architecture = read_architecture(arguments.architecture)
    if document["mode_selection"]["mode_type"] == PREFITTED:
        build_prefitted(architecture, arguments.weights, arguments.outfile)
        return
    estimator = build_estimator(BuilderForm.from_document(document), architecture)
    write_estimator(arguments.outfile, estimator)
    if arguments.outfile_params:
        write_parameters(arguments.outfile_params, list_parameters(estimator))
    print(describe_estimator(estimator))


if __name__ == "__main__":
    sys.exit(run_script(main))
