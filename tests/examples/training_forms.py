"""Complete forms of the training as the web interface sends them, with files in place of datasets."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from examples.scripts import TEST_DATA

Form = dict[str, Any]
# Options of the script by the names of the dataset fields.
OPTIONS = {"infile1": "features", "fasta_path": "features", "ref_genome_file": "features", "infile2": "target"}


@dataclass(frozen=True)
class ExampleFile:
    """A file of the test data, and the datatype for its upload."""

    name: str
    datatype: str = "tabular"

    @property
    def path(self) -> Path:
        """Path of the file."""
        return TEST_DATA / self.name


FLOWERS, FEW_FLOWERS = ExampleFile("iris_flowers.tabular"), ExampleFile("refused_flowers.tabular")


def train(
    estimator: str,
    data: Form,
    *,
    scheme: str = "train_val",
    overrides: tuple[tuple[str, str], ...] = (),
    score: str = "default",
    **sections: Form,
) -> Form:
    """Return a complete form; sections are those of the scheme, such as ``test_split``."""
    settings = [{"sp_name": name, "sp_value": value} for name, value in overrides]
    if scheme.startswith("train_val"):
        sections = {"test_split": split("simple"), **sections}
    return {
        "experiment_schemes": {
            "selected_exp_scheme": scheme,
            "infile_estimator": ExampleFile(f"{estimator}_estimator.zip", "zip"),
            "hyperparams_swapping": {"param_set": settings or [{"sp_name": "", "sp_value": ""}]},
            "metrics": {"scoring": {"primary_scoring": score}},
            **sections,
        },
        "input_options": data,
        "save": [],
    }


def split(method: str, **fields: Any) -> Form:
    """Return the section of a holdout, with the options of its method."""
    return {"split_algos": {"shuffle": method, "test_size": 0.2, **fields}}


def folds(count: int, method: str, **fields: Any) -> Form:
    """Return the section of the folds, with the options of their method."""
    return {"n_splits": count, "refit": True, "split_algos": {"shuffle": method, **fields}}


def groups(file: str, *columns: int) -> Form:
    """Return the selector of a group or split column: all columns, or one by its number."""
    choice = {"selected_column_selector_option_g": "by_index_number", "col_g": columns[0]} if columns else {}
    return {
        "infile_g": ExampleFile(file),
        "header_g": True,
        "column_selector_options_g": choice or {"selected_column_selector_option_g": "all_columns"},
    }


def by_number(*columns: int, of: str = "1") -> Form:
    """Return a selector of columns by their numbers, of the samples (1) or the target (2)."""
    option = "selected_column_selector_option" + of.replace("1", "")
    return {option: "by_index_number", f"col{of}": list(columns)}


def by_name(names: str, of: str = "1") -> Form:
    """Return a selector of columns by their names, of the samples (1) or the target (2)."""
    return {"selected_column_selector_option" + of.replace("1", ""): "by_header_name", f"col{of}": names}


def one_table(samples: Form, target: Form, file: ExampleFile = FLOWERS) -> Form:
    """Return the input section of one table with samples and target."""
    columns = {"column_selector_options_1": samples, "column_selector_options_2": target}
    return {"selected_input": "one_table", "infile1": file, "header1": True, **columns}


def flowers(samples: tuple[int, ...] = (1, 2, 3, 4), target: tuple[int, ...] = (5,)) -> Form:
    """Return the input section of the iris flowers: four measures, then the species."""
    return one_table(by_number(*samples), by_number(*target, of="2"))


def few_flowers(*target: str) -> Form:
    """Return the input section of every tenth flower, with columns that cannot be a target."""
    numbers = ("sepal_mm", "petal_mm", "petal_cm", "is_wide", "is_tall", "is_flower", "is_tree")
    features = [name for name in numbers if name not in target][:4]
    return one_table(by_name(", ".join(features)), by_name(", ".join(target), of="2"), FEW_FLOWERS)


def with_target(
    samples: Form, target: ExampleFile = ExampleFile("iris_is_setosa.tabular"), *, has_header: bool = False
) -> Form:
    """Return the input section of samples with a separate target table; by default, whether a flower is setosa."""
    columns = {"selected_column_selector_option2": "all_columns"}
    return {**samples, "infile2": target, "header2": has_header, "column_selector_options_2": columns}


def list_files(form: Form) -> dict[str, Path]:
    """Return the files of a form by the options of the script, as the command line of the wrapper passes them."""
    scheme, inputs = form["experiment_schemes"], form["input_options"]
    files = {OPTIONS[field]: file.path for field, file in inputs.items() if field in OPTIONS}
    files = {"estimator": scheme["infile_estimator"].path, "target": files["features"], **files}
    for option, name in (("validation_groups", "own_groups"), ("groups", "groups_selector")):
        for section in _find(scheme, name):
            files[option] = section["infile_g"].path
    return files


def without_files(form: Any) -> Any:
    """Return a form with None in place of files, as JSON requires."""
    if isinstance(form, dict):
        return {name: without_files(value) for name, value in form.items()}
    if isinstance(form, list):
        return [without_files(value) for value in form]
    return None if isinstance(form, ExampleFile) else form


def _find(form: Any, name: str) -> Iterator[Form]:
    if isinstance(form, dict):
        if name in form:
            yield form[name]
        for value in form.values():
            yield from _find(value, name)
