"""Read the form of the training tool into a checked description of the job."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from galaxy_keras.data.tables import TableSource
from galaxy_keras.errors import InputError
from galaxy_keras.forms.column_choices import ColumnChoice
from galaxy_keras.forms.sample_choices import SampleChoice
from training.splits.folds import FoldChoice
from training.splits.holdouts import SplitChoice
from training.splits.schemes import Scheme
from training.targets.targets import TARGET

FEATURES = "Training samples dataset"
SEQUENCES = "Sequences"
GROUPS = "Dataset containing groups"
VALIDATION_GROUPS = "Dataset containing groups of the validation holdout"


@dataclass(frozen=True)
class DataFiles:
    """Paths of the input datasets.

    Attributes
    ----------
    features
        One dataset, or one FASTA file per class.
    target
        None if the labels are in the headers or names of FASTA files.
    groups, validation_groups
        Only for splits by group or column.
    feature_names
        Names of the datasets with the features; empty if they are not known.
    """

    features: tuple[Path, ...]
    target: Path | None
    groups: Path | None
    validation_groups: Path | None = None
    feature_names: tuple[str, ...] = ()


@dataclass(frozen=True)
class TrainingForm:
    """The user's choices.

    Attributes
    ----------
    scheme
        How many networks are trained, and on which rows.
    overrides
        Names and values of hyperparameters to set, as typed.
    primary_score, secondary_scores
        Names of scores in the form.
    groups
        Column with the group, or the split, of each row.
    validation_groups
        The same for the validation holdout; None if it uses ``groups``.
    precision
        Keras' name of the dtype policy.
    """

    scheme: Scheme
    overrides: list[tuple[str, str]]
    primary_score: str
    secondary_scores: list[str]
    samples: SampleChoice
    target: TableSource | None
    groups: TableSource | None
    validation_groups: TableSource | None
    precision: str

    def require_target(self) -> TableSource:
        """Return the dataset of the target.

        Raises
        ------
        InputError
            The form has none.
        """
        if self.target is None:
            raise InputError(f"{TARGET}: the dataset is missing; expected one")
        return self.target

    @classmethod
    def from_document(cls, document: Mapping[str, Any], files: DataFiles) -> "TrainingForm":
        """Read the form's JSON document."""
        scheme, inputs = document["experiment_schemes"], document["input_options"]
        scoring = scheme["metrics"]["scoring"]
        return cls(
            scheme=_read_scheme(scheme),
            overrides=_read_overrides(scheme["hyperparams_swapping"]),
            primary_score=scoring["primary_scoring"],
            secondary_scores=scoring.get("secondary_scoring") or [],
            samples=_read_samples(inputs, files),
            target=None if files.target is None else _read_target(inputs, files.target),
            groups=_read_groups(scheme, files.groups),
            validation_groups=_read_validation_groups(scheme, files.validation_groups),
            precision=document.get("precision") or "float32",
        )


def _read_samples(inputs: Mapping[str, Any], files: DataFiles) -> SampleChoice:
    choice = SampleChoice.from_form(inputs, files.features[0], FEATURES)
    if choice.sequences is None:
        return choice
    source = replace(choice.source, name=SEQUENCES)
    sequences = replace(choice.sequences, files=files.features, file_names=files.feature_names)
    return replace(choice, source=source, sequences=sequences)


def _read_target(inputs: Mapping[str, Any], path: Path) -> TableSource:
    columns = ColumnChoice.from_form(inputs["column_selector_options_2"], "selected_column_selector_option2", "col2")
    # If samples and target are in one table, the form has one header option.
    return TableSource(path, TARGET, bool(inputs.get("header2", inputs.get("header1"))), columns)


def _read_scheme(fields: Mapping[str, Any]) -> Scheme:
    name = fields["selected_exp_scheme"]
    if name == "train_all":
        return Scheme()
    if name == "cross_validation":
        return Scheme(folds=_read_folds(fields["folds"]))
    if name == "train_val":
        return Scheme(_read_split("Validation holdout", "validation", fields["test_split"]))
    return Scheme(
        _read_split("Test holdout", "test", fields["test_split"]),
        _read_split("Validation holdout", "validation", fields["val_split"]),
    )


def _read_split(name: str, split_name: str, section: Mapping[str, Any]) -> SplitChoice:
    fields = section["split_algos"]
    names = (name.strip() for name in (fields.get("group_names") or "").split(","))
    return SplitChoice(
        name=name,
        method=fields["shuffle"],
        size=fields.get("test_size"),
        seed=fields.get("random_state"),
        group_names=tuple(name for name in names if name),
        split_name=split_name,
    )


def _read_folds(section: Mapping[str, Any]) -> FoldChoice:
    fields = section["split_algos"]
    return FoldChoice(
        method=fields["shuffle"],
        fold_count=section["n_splits"],
        repeat_count=fields.get("n_repeats") or 1,
        seed=fields.get("random_state"),
        validation_size=section.get("validation_size"),
        is_refitted=bool(section["refit"]),
    )


def _read_overrides(section: Mapping[str, Any]) -> list[tuple[str, str]]:
    rows = [(row.get("sp_name") or "", row.get("sp_value") or "") for row in section.get("param_set", [])]
    return [(name.strip(), value.strip()) for name, value in rows if value.strip()]


def _read_groups(scheme: Mapping[str, Any], path: Path | None) -> TableSource | None:
    """Read the group or split column, which the form asks for in the folds or in the first holdout."""
    section = scheme.get("folds") or scheme.get("test_split")
    if path is None or section is None or section["split_algos"]["shuffle"] not in ("group", "column"):
        return None
    selector = section["split_algos"]["groups_selector"]
    columns = ColumnChoice.from_form(
        selector["column_selector_options_g"], "selected_column_selector_option_g", "col_g"
    )
    return TableSource(path, GROUPS, bool(selector["header_g"]), columns)


def _read_validation_groups(scheme: Mapping[str, Any], path: Path | None) -> TableSource | None:
    """Read the group or split column of the validation holdout, if it has a separate dataset."""
    if path is None:
        return None
    section = scheme["val_split"]["split_algos"]["own_groups"]
    column = ColumnChoice.from_text(section["col_g"], f"{VALIDATION_GROUPS}, column")
    return TableSource(path, VALIDATION_GROUPS, bool(section["header_g"]), column)
