"""Train a Keras estimator on a table, evaluate it, and write the fitted estimator and its scores."""

import argparse
import json
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from galaxy_keras.data.sequence_samples import describe_encoding, SequenceSamples
from galaxy_keras.data.table_shape import explain_row_counts
from galaxy_keras.data.tables import read_columns, TableSource
from galaxy_keras.data.text import Texts
from galaxy_keras.errors import EstimatorError, InputError, run_script
from galaxy_keras.estimator.consistency import check_estimator, settle_settings
from galaxy_keras.estimator.contents import Estimator
from galaxy_keras.estimator.file import read_estimator
from galaxy_keras.estimator.parameters import set_parameters
from galaxy_keras.forms.document import parse_literal, read_form
from galaxy_keras.forms.sample_choices import read_samples, Samples
from galaxy_keras.log import say
from galaxy_keras.memory import measure_peak_memory
from galaxy_keras.messages import pluralize, quote
from galaxy_keras.network.architecture import build_skeleton
from galaxy_keras.runtime import configure_keras, describe_runtime, seed_everything
from training.form import DataFiles, TrainingForm
from training.results import OutputFiles, write_history, write_rows, write_scores
from training.scoring.output_metrics import check_names
from training.scoring.scores import check_scores, list_scores
from training.splits.leaks import report_leaks
from training.splits.schemes import Groups, Plan, plan_runs
from training.targets.output_targets import read_targets
from training.targets.sequence_labels import read_sequence_labels
from training.targets.target_columns import leave_out_target
from training.targets.targets import Target


@dataclass(frozen=True)
class Job:
    """A checked training job.

    Attributes
    ----------
    estimator
        With the overridden hyperparameters.
    score_names
        Names of the scikit-learn scores.
    dataset_names
        Names of the input datasets by their role, such as ``target``.
    leaks
        Sentences about sequences that can make the scores too optimistic.
    """

    form: TrainingForm
    estimator: Estimator
    samples: Samples
    target: Target
    plan: Plan
    score_names: list[str]
    outputs: OutputFiles
    dataset_names: dict[str, list[str]]
    leaks: list[str]


def parse_arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=Path, required=True, help="values of the form, JSON")
    parser.add_argument("--estimator", type=Path, required=True, help="estimator, zip")
    parser.add_argument(
        "--features", type=Path, nargs="+", required=True, help="training samples: tabular, Matrix Market or FASTA"
    )
    parser.add_argument("--target", type=Path, help="class labels or target values, tabular")
    parser.add_argument("--groups", type=Path, help="group or split of each sample, tabular")
    parser.add_argument("--validation-groups", type=Path, help="the same for the validation holdout only, tabular")
    parser.add_argument("--outfile-result", type=Path, required=True, help="scores, tabular")
    parser.add_argument("--outfile-object", type=Path, help="fitted estimator, zip")
    parser.add_argument("--outfile-weights", type=Path, help="weights, h5")
    parser.add_argument("--outfile-history", type=Path, help="per-epoch metrics, tabular")
    parser.add_argument("--outfile-split", type=Path, help="split of each row, tabular")
    parser.add_argument("--outfile-report", type=Path, help="report, html")
    parser.add_argument("--dataset-names", type=Path, help="names of the input datasets for the report, JSON")
    parser.add_argument("--outfile-y-true", type=Path, help="true values of the evaluation rows, tabular")
    parser.add_argument("--outfile-y-preds", type=Path, help="predictions for the evaluation rows, tabular")
    return parser.parse_args(argv)


def list_outputs(arguments: argparse.Namespace) -> OutputFiles:
    """Return the output paths of the command line."""
    return OutputFiles(
        result=arguments.outfile_result,
        estimator=arguments.outfile_object,
        weights=arguments.outfile_weights,
        history=arguments.outfile_history,
        truth=arguments.outfile_y_true,
        predictions=arguments.outfile_y_preds,
        split=arguments.outfile_split,
        report=arguments.outfile_report,
    )


def read_data(form: TrainingForm, estimator: Estimator) -> tuple[Samples, Target, Groups]:
    """Read the samples, the target and the groups, and check that they have the same number of rows."""
    samples = read_samples(leave_out_target(form.samples, form.target, estimator.task))
    order = None
    if isinstance(samples, SequenceSamples):
        table, order = read_sequence_labels(samples, form.target)
    else:
        table = read_columns(form.require_target())
    target = read_targets(table, estimator, form.target is None or form.target.has_header)
    if form.target is not None:
        check_row_count(len(target.y), form.target, samples)
    columns = []
    for source in (form.groups, form.validation_groups):
        column = None if source is None else read_groups(source, samples)
        # Rows of the label table may be in another order than the sequences.
        is_sorted = order is not None and source is not None and source.path.samefile(form.require_target().path)
        columns.append(column[order] if column is not None and is_sorted else column)
    first, validation = columns
    together = samples.together if isinstance(samples, SequenceSamples) else None
    return samples, target, Groups(first, validation, together)


def read_groups(source: TableSource, samples: Samples) -> np.ndarray:
    """Read the group or split of each sample, one column."""
    table = read_columns(source)
    if table.shape[1] > 1:
        raise InputError(f"{source.name}: found {table.shape[1]} selected columns; expected one")
    check_row_count(len(table), source, samples)
    return table.iloc[:, 0].to_numpy()


def check_row_count(count: int, source: TableSource, samples: Samples) -> None:
    """Refuse a table that does not have as many rows as there are samples."""
    if count != samples.row_count:
        likely = explain_row_counts(count, source, samples.row_count, samples.source)
        raise InputError(
            f"{source.name}: found {count} rows; expected {samples.row_count} as in {samples.source.name}{likely}"
        )


def describe_data(samples: Samples, target: Target) -> str:
    """Describe the samples and the target in one line."""
    if isinstance(samples, SequenceSamples):
        columns = f"sequences, {describe_encoding(samples.encoding)}"
    else:
        columns = f"{samples.column_count} {samples.choice.unit if isinstance(samples, Texts) else 'columns'}"
    return f"Data: {samples.row_count} rows, {columns}; target: {', '.join(map(describe_target, target.each))}"


def describe_target(target: Target) -> str:
    """Describe a target in a few words."""
    count = len(target.names)
    if target.kind == "values":
        return f"{pluralize(count, 'column')} of numbers"
    classes = f"{len(target.classes)} {'labels' if target.kind == 'multilabel' else 'classes'}"
    return f"{target.title} ({classes})" if target.title else classes


def remove_fit(estimator: Estimator) -> Estimator:
    """Return the estimator without the results of an earlier training, and log if there are any.

    Raises
    ------
    EstimatorError
        The estimator was made from weights only and has no training settings.
    """
    if estimator.fitted is None:
        return estimator
    if estimator.fitted.target_kind == "outputs":
        raise EstimatorError(
            "estimator: found one made from trained weights (mode prefitted), which has no training settings; expected "
            "an estimator that 'Create deep learning model' built for training"
        )
    say("The weights of the fitted estimator are not used; training starts with new weights")
    return replace(estimator, fitted=None, history={})


def override_parameters(estimator: Estimator, overrides: list[tuple[str, str]]) -> Estimator:
    """Set the hyperparameters that the form names."""
    settings = []
    for number, (name, value) in enumerate(overrides, start=1):
        place = f"New hyperparameter setting {number}"
        if not name:
            raise InputError(f"{place}: found the value {quote(value)} without a name; expected a parameter name")
        settings.append((name, parse_literal(value, f"{place}, {name}")))
        say(f"Set {name} to {value}")
    return set_parameters(settle_settings(estimator), settings) if settings else estimator


def prepare(arguments: argparse.Namespace) -> Job:
    """Read and check the form, the estimator and the data, as far as possible without Keras."""
    datasets = json.loads(arguments.dataset_names.read_text(encoding="utf-8")) if arguments.dataset_names else {}
    paths = (tuple(arguments.features), arguments.target, arguments.groups, arguments.validation_groups)
    files = DataFiles(*paths, tuple(datasets.get("training samples", ())))
    form = TrainingForm.from_document(read_form(arguments.inputs), files)
    configure_keras()
    estimator = override_parameters(remove_fit(read_estimator(arguments.estimator)), form.overrides)
    samples, target, groups = read_data(form, estimator)
    names = list_scores(form.primary_score, form.secondary_scores, estimator.task)
    check_names(target, ["loss", *(metric.column for metric in estimator.metrics), *names])
    plan = plan_runs(form.scheme, target, groups, estimator.seed)
    # From here on Keras is imported, which takes longer than all checks before.
    estimator = check_estimator(estimator, build_skeleton(estimator.architecture))
    leaks = report_leaks(samples, target, plan) if isinstance(samples, SequenceSamples) else []
    return Job(form, estimator, samples, target, plan, names, list_outputs(arguments), datasets, leaks)


def train(job: Job, started: float) -> None:
    """Train and score the runs of a job, and write its outputs.

    Parameters
    ----------
    started
        Time when the script started, in seconds of ``time.perf_counter``.
    """
    from training.fitting.precision import FULL
    from training.fitting.training import Training
    from training.runs import PlanRunner

    plan, target, outputs = job.plan, job.target, job.outputs
    seed_everything(job.estimator.seed)
    training = Training(job.estimator, job.samples, target, job.form.precision)
    for row_split in plan.runs:
        check_scores(job.score_names, target, row_split.evaluation, training.has_probabilities)
    runtime, data, ready = describe_runtime(), describe_data(job.samples, target), time.perf_counter()
    for line in (runtime, data, *(one.header_warning for one in target.each if one.header_warning)):
        say(line)
    if job.form.precision != FULL:
        say(
            f"Precision: {job.form.precision}, also for the scores; the saved network computes with 32 bits, and its "
            "outputs can differ slightly"
        )
    runner = PlanRunner(training, plan, job.score_names, outputs)
    runs, histories = runner.train_and_score()
    seconds = {"reading and checking": ready - started, "training and scoring": time.perf_counter() - ready}
    write_scores(outputs.result, runs, plan)
    if outputs.history:
        write_history(outputs.history, histories)
    write_rows(outputs, runs, plan, target, training.describe_fit())
    if outputs.report:
        from training.report.report import Report, RunFacts, write_report

        layers, memory = training.describe_layers(), measure_peak_memory()
        facts = RunFacts(job.dataset_names, job.leaks, data, layers, runtime, seconds, memory)
        split_scores = {} if plan.is_cross_validation else runner.score_splits(runs[0])
        trained = (job.estimator, training.describe_fit(), target, job.form.scheme)
        write_report(outputs.report, Report(*trained, plan, runs, histories, split_scores, facts))


def main(argv: list[str] | None = None) -> None:
    """Read, check, train, score and write."""
    started = time.perf_counter()
    train(prepare(parse_arguments(argv)), started)
    say(f"Peak memory: {measure_peak_memory():,.0f} MB")


if __name__ == "__main__":
    sys.exit(run_script(main))
