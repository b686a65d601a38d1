"""Time the plots that need tables only against the import of scikit-learn, pandas and matplotlib.

Run it with the tools' environment on an idle machine, ``.local/tools/bin/python benchmarks/plots.py``. Tables of
labels, scores and values have 25,000 rows. It is a benchmark rather than a test: times depend on the machine.
"""

import json
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from examples.plots import PLOTS
from tutorial import measure, PLOT_IMPORTS, REPEATS

ROWS = 25_000
# Tables with a row for each sample.
SAMPLES = ("infile2", "infile_true", "infile_predicted")


def list_commands(folder: Path, plot_format: str) -> dict[str, list[str]]:
    """Return the script's command for each plot."""
    commands = {}
    for plot_type, (fields, files, _) in PLOTS.items():
        form = folder / f"{plot_type}.json"
        form.write_text(
            json.dumps({"plotting_selection": {"plot_type": plot_type, "plot_format": plot_format, **fields}})
        )
        (folder / "names.json").write_text('["run"]')
        options = {"inputs": form, "dataset-names": folder / "names.json", "output": folder / "plot"}
        for field, path in files.items():
            is_large = field in SAMPLES or "infile2" in files
            options[field.replace("_", "-")] = _repeat_rows(path, folder) if is_large else path
        script = ROOT / "tools" / "ml_visualization_ex" / "ml_visualization_ex.py"
        commands[plot_type] = [sys.executable, str(script), *(f"--{name}={path}" for name, path in options.items())]
    return commands


def _repeat_rows(path: Path, folder: Path) -> Path:
    """Write a table with its rows repeated."""
    header, *rows = path.read_text().splitlines()
    repeated = (rows * (ROWS // len(rows) + 1))[:ROWS]
    (folder / path.name).write_text("\n".join([header, *repeated]) + "\n")
    return folder / path.name


def main() -> None:
    """Measure everything and print a table."""
    imports = measure([sys.executable, "-c", PLOT_IMPORTS], REPEATS)
    print(f"{'imports':32} {imports.seconds:9.2f} s {imports.megabytes:6.0f} MB")
    with tempfile.TemporaryDirectory() as name:
        for plot_format in ("png", "html"):
            for plot_type, command in list_commands(Path(name), plot_format).items():
                cost = measure(command, REPEATS)
                ratio = cost.seconds / imports.seconds
                print(f"{plot_type:32} {cost.seconds:9.2f} s {cost.megabytes:6.0f} MB {ratio:6.2f} {plot_format}")


if __name__ == "__main__":
    main()
