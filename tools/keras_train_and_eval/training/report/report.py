"""Write the training report: one HTML file with result, scores, data, network, plots, settings and versions."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from galaxy_keras.estimator.contents import Estimator, Fitted
from galaxy_keras.files.writing import write_complete
from galaxy_keras.messages import show
from training.report.findings import describe_result, list_targets, measure_classes, predict
from training.report.html import (
    choose_images,
    make_figure,
    make_page,
    make_paragraph,
    make_section,
    make_table,
    ReportImage,
)
from training.report.plots import draw_histories, draw_predictions
from training.report.settings import list_settings
from training.results import History, RunResult, summarize_scores
from training.splits.schemes import name_splits, Plan, Scheme
from training.targets.targets import Target

TITLE = "Training report"
PREDICTIONS = "Predictions for the evaluation rows"
# Bytes that images may take, so that the page stays below a megabyte.
IMAGE_ROOM = 800_000
# If there are many targets, the report describes the first ones.
MAX_TARGETS = 8
# A longer table would not be read.
TABLE_ROWS = 50
NO_TEST_ROWS = (
    "No rows were kept for evaluation. The scores are those of the training rows and do not apply to new data."
)
VALIDATION_ROWS = (
    "The scores are those of the validation rows, which callbacks may have used. They can be too optimistic."
)
CLASS_COLUMNS = ("class", "precision", "recall", "F1", "rows")


@dataclass(frozen=True)
class RunFacts:
    """Facts about a job that do not follow from its results.

    Attributes
    ----------
    dataset_names
        Names of the input datasets by their role, such as ``target``; empty if they are not known.
    leaks
        Sentences about sequences that can make the scores too optimistic.
    data
        Number of rows and columns and the kind of target, in one line.
    layers
        Name, class, output shape and number of parameters of each layer.
    runtime
        Versions and device.
    seconds
        Seconds by phase.
    peak_memory
        Peak memory of the process in megabytes.
    """

    dataset_names: dict[str, list[str]]
    leaks: list[str]
    data: str
    layers: list[tuple[str, str, str, int]]
    runtime: str
    seconds: dict[str, float]
    peak_memory: float


@dataclass(frozen=True)
class Report:
    """Content of the report; ``split_scores`` holds the scores by split and is empty for a cross-validation."""

    estimator: Estimator
    fitted: Fitted
    target: Target
    scheme: Scheme
    plan: Plan
    runs: list[RunResult]
    histories: dict[str, History]
    split_scores: dict[str, dict[str, float]]
    facts: RunFacts

    @property
    def evaluation_rows(self) -> np.ndarray:
        """Row numbers of all evaluation rows, run after run."""
        return np.concatenate([one.row_split.evaluation for one in self.runs])

    @property
    def outputs(self) -> np.ndarray:
        """Outputs of the network for these rows, shape (n_rows, n_outputs)."""
        return np.concatenate([one.outputs for one in self.runs])


def write_report(path: Path, report: Report) -> None:
    """Write the report as one HTML file, either complete or not at all."""
    drawn = {"Training": draw_histories(report.histories), **_draw_targets(report)}
    chosen = choose_images(list(drawn.values()), IMAGE_ROOM)
    left_out = sum(map(len, drawn.values())) - sum(map(len, chosen))
    note = f"{left_out} images were left out to keep this page small." if left_out else ""
    sections = [
        *_describe_results(report),
        _describe_scores(report),
        _describe_data(report),
        _describe_network(report),
        *(make_section(title, *map(make_figure, images)) for title, images in zip(drawn, chosen, strict=True)),
        *([make_paragraph(note)] if note else []),
        _describe_settings(report),
        _describe_run(report.facts),
    ]
    with write_complete(path) as beside:
        beside.write_text(make_page(TITLE, sections), encoding="utf-8")


def _describe_results(report: Report) -> list[str]:
    """Return the sentences that begin the report, one per target, and a table of each target's classes."""
    if report.plan.is_cross_validation:
        rows = f"evaluation rows of {len(report.runs)} folds"
    else:
        rows = f"{report.plan.runs[0].evaluation_name} rows"
    sentences, tables = [], []
    for target, outputs, fitted in list(list_targets(report.target, report.outputs, report.fitted))[:MAX_TARGETS]:
        y_true = target.y[report.evaluation_rows]
        y_pred = predict(target, outputs, fitted, y_true)
        sentences.append(make_paragraph(describe_result(target, y_true, y_pred, rows)))
        if target.kind != "values":
            measures = measure_classes(target, y_true, y_pred, TABLE_ROWS)
            title = f"Classes of {target.title}" if target.title else "Classes"
            tables.append(make_section(title, make_table(CLASS_COLUMNS, measures)))
    return [*sentences, *tables]


def _describe_scores(report: Report) -> str:
    if report.plan.is_cross_validation:
        names = list(report.runs[0].scores)
        summary = summarize_scores(report.runs)
        rows = [
            ("mean", *(summary[name][0] for name in names)),
            ("standard deviation", *(summary[name][1] for name in names)),
            *((f"fold {i}", *one.scores.values()) for i, one in enumerate(report.runs[:TABLE_ROWS], start=1)),
        ]
        return make_section("Scores", make_table(["", *names], rows))
    names = list(next(iter(report.split_scores.values())))
    splits = list(report.split_scores)
    table = make_table(
        ["", *splits], [(name, *(report.split_scores[split][name] for split in splits)) for name in names]
    )
    one = report.plan.runs[0]
    note = NO_TEST_ROWS if one.test is None else VALIDATION_ROWS if one.test is one.validation else ""
    return make_section("Scores", table, *([make_paragraph(note)] if note else []))


def _describe_data(report: Report) -> str:
    target, first = report.target, report.plan.runs[0]
    splits = {"all rows": np.arange(len(target.y))}
    if not report.plan.is_cross_validation:
        splits.update({name: rows for name, rows in name_splits(first).items() if len(splits["all rows"]) > len(rows)})
    text = f"{report.facts.data} ({', '.join(target.names[:TABLE_ROWS])})."
    if report.plan.is_cross_validation:
        text += f" {len(report.runs)} folds; fold 1: {first}."
    if report.plan.refit is not None:
        count = 0 if report.plan.refit.validation is None else len(report.plan.refit.validation)
        text += f" Final network: {len(report.plan.refit.train)} train, {count} validate."
    names = report.facts.dataset_names
    named = "; ".join(f"{role}: {', '.join(map(show, names[role][:TABLE_ROWS]))}" for role in names)
    datasets = [make_paragraph(f"Input datasets: {named}.")] if named else []
    rows = [("rows", *(len(rows) for rows in splits.values()))]
    rows += [row for one in target.each for row in _describe_target(one, splits)]
    leaks = map(make_paragraph, report.facts.leaks)
    return make_section("Data", *datasets, make_paragraph(text), *leaks, make_table(["", *splits], rows))


def _describe_target(target: Target, splits: dict[str, np.ndarray]) -> list[tuple[Any, ...]]:
    """Return the number of rows per class or label, or the mean of numbers, in all rows and in each split."""
    of_target = f"{target.title}, " if target.title else ""
    if target.strata is not None:
        counts = {
            name: np.bincount(target.strata[rows], minlength=len(target.classes)) for name, rows in splits.items()
        }
        # If there are many classes, the most frequent ones, in the order of the labels.
        frequent = sorted(np.argsort(-counts["all rows"], kind="stable")[:TABLE_ROWS])
        return [
            (f"{of_target}class {target.classes[index]}", *(int(count[index]) for count in counts.values()))
            for index in frequent
        ]
    values = target.y.reshape(len(target.y), -1)
    columns = list(enumerate(target.names[:TABLE_ROWS]))
    if target.kind == "multilabel":
        return [(f"label {name}", *(int(values[rows, i].sum()) for rows in splits.values())) for i, name in columns]
    return [(f"mean of {name}", *(float(values[rows, i].mean()) for rows in splits.values())) for i, name in columns]


def _describe_network(report: Report) -> str:
    layers = report.facts.layers
    total = sum(layer[3] for layer in layers)
    text = f"{len(layers)} layers, {total:,} parameters."
    return make_section(
        "Network", make_paragraph(text), make_table(["layer", "class", "output shape", "parameters"], layers)
    )


def _draw_targets(report: Report) -> dict[str, list[ReportImage]]:
    """Draw the predictions for each target, by the title of the section."""
    drawn = list(list_targets(report.target, report.outputs, report.fitted))[:MAX_TARGETS]
    return {
        f"{PREDICTIONS}: {target.title}" if target.title else PREDICTIONS: draw_predictions(
            target, report.evaluation_rows, outputs, fitted
        )
        for target, outputs, fitted in drawn
    }


def _describe_settings(report: Report) -> str:
    note = make_paragraph("Unset options are omitted.")
    settings = list_settings(report.estimator, report.scheme)
    return make_section("Settings", note, make_table(["setting", "value"], settings))


def _describe_run(facts: RunFacts) -> str:
    rows = [
        ("date", f"{datetime.now().astimezone():%Y-%m-%d %H:%M %Z}"),
        ("versions and device", facts.runtime),
        *((name, f"{seconds:.1f} s") for name, seconds in facts.seconds.items()),
        ("peak memory", f"{facts.peak_memory:,.0f} MB"),
    ]
    return make_section("Run", make_table(["", ""], rows))
