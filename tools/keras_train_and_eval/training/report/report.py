"""The report: one HTML file with the data, the network, its training, its scores and how it was run."""

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from galaxy_keras.estimator.contents import Estimator, Fitted, FittedOutput
from galaxy_keras.estimator.predictions import estimate_probabilities, predict_class_indices, split_outputs
from galaxy_keras.files.writing import write_complete
from training.report.figures import (
    draw_calibration,
    draw_confusion,
    draw_curves,
    draw_precision_recall,
    draw_residuals,
    draw_roc,
    use_style,
)
from training.report.html import (
    choose_pictures,
    make_figure,
    make_page,
    make_paragraph,
    make_section,
    make_table,
    Picture,
)
from training.results import History, RunResult, summarize_scores
from training.splits.schemes import name_splits, Plan, Scheme
from training.targets.targets import Target

TITLE = "Training report"
PREDICTIONS = "Predictions of the scored rows"
# Bytes of the page for pictures, so that it stays below a megabyte; many targets or classes would take more.
PICTURE_ROOM = 800_000
# Of several targets the first ones are drawn.
DRAWN_TARGETS = 8
# Rows of a table in the report; more would make a page that nobody reads.
TABLE_ROWS = 50
# What a run's scores are said to be of, where nothing is held out.
SEEN = "Nothing was held out: the scores are of the rows that the network has learnt, and say nothing about new ones."
WATCHED = "The held-out rows were watched during the training, which makes their scores a little too good."


@dataclass(frozen=True)
class RunFacts:
    """What is known of a run beside its figures.

    Attributes
    ----------
    data
        Number of rows and columns, and kind of target, in one line.
    layers
        Name, class, output shape and number of parameters of each layer.
    runtime
        Versions and device.
    seconds
        Seconds of each phase.
    peak_memory
        Largest memory of the process so far, megabytes.
    """

    data: str
    layers: list[tuple[str, str, str, int]]
    runtime: str
    seconds: dict[str, float]
    peak_memory: float


@dataclass(frozen=True)
class Report:
    """All that the report is made of; ``split_scores`` holds the scores of each part of a run without folds."""

    estimator: Estimator
    fitted: Fitted
    target: Target
    scheme: Scheme
    plan: Plan
    runs: list[RunResult]
    histories: dict[str, History]
    split_scores: dict[str, dict[str, float]]
    facts: RunFacts


def write_report(path: Path, report: Report) -> None:
    """Write the report as one HTML file, complete or not at all."""
    with use_style():
        drawn = {"Training": draw_curves(report.histories), **_draw_targets(report)}
    chosen = choose_pictures(list(drawn.values()), PICTURE_ROOM)
    left_out = sum(map(len, drawn.values())) - sum(map(len, chosen))
    note = f"{left_out} pictures were left out to keep this page small." if left_out else ""
    sections = [
        _describe_scores(report),
        _describe_data(report),
        _describe_network(report),
        *(make_section(title, *map(make_figure, pictures)) for title, pictures in zip(drawn, chosen, strict=True)),
        *([make_paragraph(note)] if note else []),
        _describe_settings(report),
        _describe_run(report.facts),
    ]
    with write_complete(path) as beside:
        beside.write_text(make_page(TITLE, sections), encoding="utf-8")


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
    note = SEEN if one.test is None else WATCHED if one.test is one.validation else ""
    return make_section("Scores", table, *([make_paragraph(note)] if note else []))


def _describe_data(report: Report) -> str:
    target, first = report.target, report.plan.runs[0]
    splits = {"all rows": np.arange(len(target.y))}
    if not report.plan.is_cross_validation:
        splits.update({name: rows for name, rows in name_splits(first).items() if len(splits["all rows"]) > len(rows)})
    text = f"{report.facts.data} ({', '.join(target.names[:TABLE_ROWS])})."
    if report.plan.is_cross_validation:
        text += f" {len(report.runs)} folds; fold 1: {first}."
    rows = [("rows", *(len(rows) for rows in splits.values()))]
    rows += [row for one in target.each for row in _describe_target(one, splits)]
    return make_section("Data", make_paragraph(text), make_table(["", *splits], rows))


def _describe_target(target: Target, splits: dict[str, np.ndarray]) -> list[tuple[Any, ...]]:
    """Give the rows of each class, or the means of numbers, in all rows and in each part."""
    of_target = f"{target.title}, " if target.title else ""
    if target.strata is not None:
        counts = {
            name: np.bincount(target.strata[rows], minlength=len(target.classes)) for name, rows in splits.items()
        }
        # Of many classes the most frequent, in the order of the labels.
        frequent = sorted(np.argsort(-counts["all rows"], kind="stable")[:TABLE_ROWS])
        return [
            (f"{of_target}class {target.classes[position]}", *(int(count[position]) for count in counts.values()))
            for position in frequent
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


def _draw_targets(report: Report) -> dict[str, list[Picture]]:
    """Draw each target's predictions, by the heading of its section."""
    target, fitted = report.target, report.fitted
    scored = np.concatenate([one.row_split.evaluation for one in report.runs])
    outputs = np.concatenate([one.outputs for one in report.runs])
    if not target.outputs:
        return {PREDICTIONS: _draw_predictions(target, scored, outputs, fitted)}
    own = split_outputs(outputs, fitted.outputs)
    drawn = list(zip(target.outputs, own, fitted.outputs, strict=True))[:DRAWN_TARGETS]
    return {f"{PREDICTIONS}: {one.title}": _draw_predictions(one, scored, part, output) for one, part, output in drawn}


def _draw_predictions(
    target: Target, scored: np.ndarray, outputs: np.ndarray, fitted: Fitted | FittedOutput
) -> list[Picture]:
    truth = target.y[scored]
    if target.kind == "values":
        values = truth.reshape(len(truth), -1)
        columns = zip(values.T, outputs.T, target.names, strict=True)
        return [picture for column in list(columns)[:5] for picture in draw_residuals(*column)]
    labels = [str(label) for label in target.classes]
    pictures = []
    if target.kind != "multilabel":
        pictures.append(draw_confusion(truth, predict_class_indices(outputs, fitted), labels))
    if not fitted.has_probabilities:
        return pictures
    probabilities = estimate_probabilities(outputs, fitted)
    flags = truth if target.kind == "multilabel" else np.eye(len(labels), dtype=np.int64)[truth]
    pictures += [draw_roc(flags, probabilities, labels), draw_precision_recall(flags, probabilities, labels)]
    if target.kind == "multilabel":
        pictures += [draw_calibration(flags[:, i], probabilities[:, i], name) for i, name in enumerate(labels[:5])]
    elif len(labels) == 2:
        pictures.append(draw_calibration(flags[:, 1], probabilities[:, 1], labels[1]))
    else:
        is_right = (probabilities.argmax(axis=1) == truth).astype(int)
        pictures.append(draw_calibration(is_right, probabilities.max(axis=1), "the predicted class"))
    return pictures


def _describe_settings(report: Report) -> str:
    document = dataclasses.asdict(report.estimator)
    for member in ("architecture", "history", "fitted"):
        del document[member]
    settings = {**_flatten(dataclasses.asdict(report.scheme)), **_flatten(document)}
    note = make_paragraph("What is left blank does not stand here.")
    return make_section("Settings", note, make_table(["setting", "value"], list(settings.items())))


def _flatten(document: dict[str, Any], before: str = "") -> dict[str, str]:
    """Give nested settings as one list, without what only Keras needs to find its classes."""
    flat = {}
    for key, value in document.items():
        if key in ("module", "registered_name") or value in (None, "", (), []):
            continue
        if isinstance(value, dict):
            flat.update(_flatten(value, f"{before}{key} "))
        elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
            for number, item in enumerate(value, start=1):
                flat.update(_flatten(item if isinstance(item, dict) else {"": item}, f"{before}{key} {number} "))
        else:
            flat[f"{before}{key}"] = str(value)
    return flat


def _describe_run(facts: RunFacts) -> str:
    rows = [
        ("versions and device", facts.runtime),
        *((name, f"{seconds:.1f} s") for name, seconds in facts.seconds.items()),
        ("largest memory", f"{facts.peak_memory:,.0f} MB"),
    ]
    return make_section("Run", make_table(["", ""], rows))
