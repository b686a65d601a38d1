"""Train a Keras estimator on a table, evaluate it, and write the fitted estimator and its figures."""

import argparse
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from galaxy_keras.data.table_rows import explain_row_counts
from galaxy_keras.data.tables import Features, read_columns, TableSource
from galaxy_keras.data.text import Texts
from galaxy_keras.errors import EstimatorError, InputError, run_script
from galaxy_keras.estimator.consistency import check_estimator, settle_settings
from galaxy_keras.estimator.contents import Estimator
from galaxy_keras.estimator.file import read_estimator
from galaxy_keras.estimator.parameters import set_parameters
from galaxy_keras.forms.document import parse_literal, read_form
from galaxy_keras.forms.sample_choices import read_samples
from galaxy_keras.log import say
from galaxy_keras.memory import measure_peak_memory
from galaxy_keras.messages import pluralize, quote
from galaxy_keras.network.architecture import build_skeleton
from galaxy_keras.runtime import configure_keras, describe_runtime, seed_everything
from training.form import DataFiles, TrainingForm
from training.results import OutputFiles, write_history, write_rows, write_scores
from training.scoring.output_metrics import check_names
from training.scoring.runs import score_splits, train_and_score
from training.scoring.scores import check_scores, list_scores
from training.splits.schemes import Groups, plan_runs
from training.targets.output_targets import read_targets
from training.targets.target_columns import leave_out_target
from training.targets.targets import Target


def parse_arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=Path, required=True, help="the form's values, JSON")
    parser.add_argument("--estimator", type=Path, required=True, help="estimator, zip")
    parser.add_argument("--features", type=Path, required=True, help="training samples, tabular or Matrix Market")
    parser.add_argument("--target", type=Path, required=True, help="class labels or target values, tabular")
    parser.add_argument("--groups", type=Path, help="group or part of each sample, tabular")
    parser.add_argument("--validation-groups", type=Path, help="the same for the validation holdout alone, tabular")
    parser.add_argument("--outfile-result", type=Path, required=True, help="metrics, tabular")
    parser.add_argument("--outfile-object", type=Path, help="fitted estimator, zip")
    parser.add_argument("--outfile-weights", type=Path, help="weights, h5")
    parser.add_argument("--outfile-history", type=Path, help="metrics per epoch, tabular")
    parser.add_argument("--outfile-split", type=Path, help="part of each row, tabular")
    parser.add_argument("--outfile-report", type=Path, help="report, html")
    parser.add_argument("--outfile-y-true", type=Path, help="true values of the evaluation rows, tabular")
    parser.add_argument("--outfile-y-preds", type=Path, help="predictions for the evaluation rows, tabular")
    return parser.parse_args(argv)


def list_outputs(arguments: argparse.Namespace) -> OutputFiles:
    """Give the outputs of the command line."""
    return OutputFiles(
        arguments.outfile_result,
        arguments.outfile_object,
        arguments.outfile_weights,
        arguments.outfile_history,
        arguments.outfile_y_true,
        arguments.outfile_y_preds,
        arguments.outfile_split,
        arguments.outfile_report,
    )


def read_data(form: TrainingForm, estimator: Estimator) -> tuple[Features | Texts, Target, Groups]:
    """Read samples, target and the groups of both holdouts, and check that they are of the same rows."""
    samples = read_samples(leave_out_target(form.samples, form.target, estimator.task))
    target = read_targets(read_columns(form.target), estimator, form.target.has_header)
    sources = [form.groups, form.validation_groups]
    groups = [None if source is None else read_groups(source) for source in sources]
    row_count = samples.row_count
    for source, rows in zip([form.target, *sources], [target.y, *groups], strict=True):
        if rows is not None and len(rows) != row_count:
            likely = explain_row_counts(len(rows), source, row_count, samples.source)
            raise InputError(
                f"{source.name}: found {len(rows)} rows; expected {row_count} as in {samples.source.name}{likely}"
            )
    return samples, target, Groups(*groups)


def read_groups(source: TableSource) -> np.ndarray:
    """Read the group or part of each row, one column."""
    table = read_columns(source)
    if table.shape[1] > 1:
        raise InputError(f"{source.name}: found {table.shape[1]} chosen columns; expected one")
    return table.iloc[:, 0].to_numpy()


def describe_data(samples: Features | Texts, target: Target) -> str:
    """Say in one line what is learnt from what."""
    columns = f"{samples.column_count} {samples.choice.unit if isinstance(samples, Texts) else 'columns'}"
    return f"Data: {samples.row_count} rows, {columns}; target: {', '.join(map(describe_target, target.each))}"


def describe_target(target: Target) -> str:
    """Say in a few words what a target is."""
    count = len(target.names)
    if target.kind == "values":
        return f"{pluralize(count, 'column')} of numbers"
    classes = f"{len(target.classes)} {'labels' if target.kind == 'multilabel' else 'classes'}"
    return f"{target.title} ({classes})" if target.title else classes


def start_afresh(estimator: Estimator) -> Estimator:
    """Return the estimator without what an earlier training left, with a line for it.

    Raises
    ------
    EstimatorError
        It was made from weights alone, so that nothing says how to train it.
    """
    if estimator.fitted is None:
        return estimator
    if estimator.fitted.target_kind == "outputs":
        raise EstimatorError(
            "estimator: found one made from trained weights (mode prefitted), which has no training settings; expected "
            "one that 'Create deep learning model' made in the mode for training"
        )
    say("The weights of the fitted estimator are not used: the training starts with fresh weights")
    return replace(estimator, fitted=None, history={})


def override_parameters(estimator: Estimator, overrides: list[tuple[str, str]]) -> Estimator:
    """Set hyperparameters that the form names."""
    settings = []
    for number, (name, value) in enumerate(overrides, start=1):
        place = f"New hyperparameter setting {number}"
        if not name:
            raise InputError(f"{place}: found the value {quote(value)} without a name; expected a parameter's name")
        settings.append((name, parse_literal(value, f"{place}, {name}")))
        say(f"Set {name} to {value}")
    return set_parameters(settle_settings(estimator), settings) if settings else estimator


def main(argv: list[str] | None = None) -> None:
    """Read, check, train and score, write the figures."""
    started = time.perf_counter()
    arguments = parse_arguments(argv)
    form = TrainingForm.from_document(
        read_form(arguments.inputs),
        DataFiles(arguments.features, arguments.target, arguments.groups, arguments.validation_groups),
    )
    outputs = list_outputs(arguments)
    configure_keras()
    estimator = override_parameters(start_afresh(read_estimator(arguments.estimator)), form.overrides)
    samples, target, groups = read_data(form, estimator)
    names = list_scores(form.primary_score, form.secondary_scores, estimator.task)
    check_names(target, ["loss", *(metric.column for metric in estimator.metrics), *names])
    plan = plan_runs(form.scheme, target, groups, estimator.seed)
    # Only here Keras is needed, whose import takes longer than all before it.
    estimator = check_estimator(estimator, build_skeleton(estimator.architecture))
    seed_everything(estimator.seed)

    from training.fitting.training import Training

    training = Training(estimator, samples, target, form.precision)
    for row_split in plan.runs:
        check_scores(names, target, row_split.scored, training.has_probabilities)
    runtime, ready = describe_runtime(), time.perf_counter()
    data = describe_data(samples, target)
    say(runtime)
    say(data)
    for doubt in filter(None, (one.doubt for one in target.each)):
        say(doubt)
    runs, histories = train_and_score(training, plan, names, outputs)
    seconds = {"reading and checking": ready - started, "training and scoring": time.perf_counter() - ready}
    write_scores(outputs.result, runs, plan)
    if outputs.history:
        write_history(outputs.history, histories)
    write_rows(outputs, runs, plan, target, training.describe_fit())
    if outputs.report:
        from training.report.report import Report, RunFacts, write_report

        facts = RunFacts(data, training.describe_layers(), runtime, seconds, measure_peak_memory())
        split_scores = {} if plan.is_crossed else score_splits(training, runs[0], names)
        learnt = (estimator, training.describe_fit(), target, form.scheme)
        write_report(outputs.report, Report(*learnt, plan, runs, histories, split_scores, facts))
    say(f"Largest memory: {measure_peak_memory():,.0f} MB")


if __name__ == "__main__":
    sys.exit(run_script(main))
