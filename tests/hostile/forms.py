"""Hostile forms and tables of the plot tool.

``samples(seed)`` yields names and contents: here the values of the form and the bytes of each table. ``fuzz(seed)``
runs the tool on them and raises an AssertionError if a run does not end as required.
"""

import functools
import json
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from examples.plots import PLOTS

from hostile.harness import check_bounded, check_refused, ToolRunner

TEXTS = [
    "",
    " ",
    "\n",
    "\r\nError: forged",
    "\x1b[31m",
    "\x00",
    "\ud800",
    "\u202e",
    "x" * 1_000_000,
    "/etc/passwd",
    "file:///etc/passwd",
    r"$\frac{",
    "<script>alert(1)</script>",
    "{0} %s {title}",
    "漢字 😀",
    "e\u0301",
    "_a",
    "-1",
    "1e999",
    "nan",
    "[1]",
    "range(10**30)",
    "range(0, 9, 0)",
    "(" * 10_000,
    ",,,",
]
NUMBERS = [None, -1, 0, 1, 2, 10**9, 10**30, -(10**30), 1e308, 5e-324, 0.5, True]
CELLS = ["a", "b", "0", "1", "0.5", "1.0", "", "nan", "inf", "1e308", "-1e308", "1_0", "0x5", "01", '"', "'", "9" * 400]
HEADERS = ["a", "b", "Predicted", "Label", "epoch", "loss", "val_loss", "fold", "n_features", "mean_test_score"]
TEXT_FIELDS = ("title", "pos_label", "label_order", "steps", "x_label", "y_label")
NUMBER_FIELDS = ("bins", "threshold", "report_minimum_n_positives", "predicted_column")
LOOK_FIELDS = ("width", "height", "resolution", "font_size")


def samples(seed: int, count: int = 10) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield names and contents: ``form``, and ``tables`` with the bytes of each table by the option of the script."""
    rng = random.Random(seed)
    for number in range(count):
        plot = rng.choice(sorted(PLOTS))
        fields, files, _ = PLOTS[plot]
        selection = {"plot_type": plot, "title": "", "plot_format": rng.choice(["png", "svg", "html"]), **fields}
        look: dict[str, Any] = {}
        for _ in range(rng.randrange(3)):
            target, names, values = rng.choice(
                [(selection, TEXT_FIELDS, TEXTS), (selection, NUMBER_FIELDS, NUMBERS), (look, LOOK_FIELDS, NUMBERS)]
            )
            target[rng.choice(names)] = rng.choice(values)
        # Only one table is hostile, so that the checks of other tables do not hide its own.
        hostile = rng.choice(sorted(files))
        tables = {name: path.read_bytes() for name, path in files.items()} | {hostile: _make_table(rng, files[hostile])}
        form = {"plotting_selection": selection, "look": look, "save_table": True}
        yield f"seed {seed}, number {number}, {plot}", {"form": form, "tables": tables}


def _make_table(rng: random.Random, path: Path) -> bytes:
    """Return a damaged table or a table of random cells."""
    content = path.read_bytes()
    kind = rng.randrange(4)
    if kind == 0:
        place = rng.randrange(len(content))
        return (
            content[:place] + rng.choice([b"\xff", b"\x00", b"\r", b"\t", b"\n", b"", b"\x0b"]) + content[place + 1 :]
        )
    if kind == 1:
        rows = [line.split("\t") for line in content.decode().splitlines()]
        row = rng.choice(rows)
        row[rng.randrange(len(row))] = rng.choice([*CELLS, *TEXTS])
        lines = ["\t".join(row) for row in rows]
    else:
        width = rng.randrange(1, 5)
        header = [rng.choice(HEADERS) for _ in range(width)]
        lines = ["\t".join(rng.choice(CELLS) for _ in range(width)) for _ in range(rng.randrange(30))]
        lines.insert(0, "\t".join(header))
    end = rng.choice(["\n", "\n", "\r\n", "\r"])
    return (end.join(lines) + rng.choice([end, "", end * 2])).encode(errors="replace")


@functools.cache
def _start_runner() -> ToolRunner:
    # Started once because it imports Keras. It ends with this process, which closes its standard input.
    return ToolRunner("ml_visualization_ex").__enter__()


def fuzz(seed: int) -> None:
    """Run the samples of a seed; an AssertionError names the first that does not end as required."""
    for name, content in samples(seed):
        with tempfile.TemporaryDirectory() as folder:
            outcome, outputs = run_sample(_start_runner(), Path(folder), content)
            try:
                check_bounded(outcome)
                if outcome.exit_code:
                    check_refused(outcome, outputs)
                else:
                    assert outcome.stderr == "", outcome.stderr
            except AssertionError as error:
                raise AssertionError(f"{name}: {error}; {json.dumps(content['form'])[:2_000]}") from None


def run_sample(runner: ToolRunner, folder: Path, content: dict[str, Any]) -> tuple[Any, list[Path]]:
    """Run the tool on a sample, and return the result and the paths of the outputs."""
    (folder / "inputs.json").write_text(json.dumps(content["form"]))
    (folder / "names.json").write_text(json.dumps(["a history"]))
    outputs = [folder / "plot", folder / "table"]
    arguments = ["--inputs", folder / "inputs.json", "--dataset-names", folder / "names.json"]
    arguments += ["--output", outputs[0], "--table", outputs[1]]
    for option, table in content["tables"].items():
        (folder / option).write_bytes(table)
        arguments += [f"--{option.replace('_', '-')}", folder / option]
    return runner.run(*arguments), outputs
