"""The form of the training tool, turned once into a checked description of the job."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from galaxy_keras.columns import ColumnChoice
from galaxy_keras.tables import TableSource
from splits import SplitChoice
from targets import TARGET

FEATURES = "Training samples dataset"
GROUPS = "Dataset containing groups"


@dataclass(frozen=True)
class DataFiles:
    """The tables that Galaxy hands over; ``groups`` only for a split by group."""

    features: Path
    target: Path
    groups: Path | None


@dataclass(frozen=True)
class TrainingForm:
    """What a person asked for.

    Attributes
    ----------
    test_split
        The holdout that the scores are computed on.
    validation_split
        The rows that are watched during training, cut from what ``test_split`` leaves; None where the first holdout
        serves for both (scheme ``train_val``).
    swaps
        Names and values of hyperparameters to set, values as typed.
    primary_score, secondary_scores
        Names as the form offers them.
    """

    test_split: SplitChoice
    validation_split: SplitChoice | None
    swaps: list[tuple[str, str]]
    primary_score: str
    secondary_scores: list[str]
    features: TableSource
    target: TableSource
    groups: TableSource | None

    @classmethod
    def from_document(cls, document: Mapping[str, Any], files: DataFiles) -> "TrainingForm":
        """Read the form's JSON document."""
        scheme, inputs = document["experiment_schemes"], document["input_options"]
        scoring = scheme["metrics"]["scoring"]
        has_test_rows = scheme["selected_exp_scheme"] == "train_val_test"
        return cls(
            test_split=_read_split("Test holdout" if has_test_rows else "Validation holdout", scheme["test_split"]),
            validation_split=_read_split("Validation holdout", scheme["val_split"]) if has_test_rows else None,
            swaps=_read_swaps(scheme["hyperparams_swapping"]),
            primary_score=scoring["primary_scoring"],
            secondary_scores=scoring.get("secondary_scoring") or [],
            features=TableSource(
                files.features,
                FEATURES,
                bool(inputs["header1"]),
                ColumnChoice.from_form(inputs["column_selector_options_1"], "selected_column_selector_option", "col1"),
            ),
            target=TableSource(
                files.target,
                TARGET,
                bool(inputs["header2"]),
                ColumnChoice.from_form(inputs["column_selector_options_2"], "selected_column_selector_option2", "col2"),
            ),
            groups=_read_groups(scheme["test_split"]["split_algos"], files.groups),
        )


def _read_split(name: str, section: Mapping[str, Any]) -> SplitChoice:
    fields = section["split_algos"]
    names = (part.strip() for part in (fields.get("group_names") or "").split(","))
    return SplitChoice(
        name=name,
        method=fields["shuffle"],
        share=fields.get("test_size"),
        seed=fields.get("random_state"),
        group_names=tuple(part for part in names if part),
    )


def _read_swaps(section: Mapping[str, Any]) -> list[tuple[str, str]]:
    rows = [(row.get("sp_name") or "", row.get("sp_value") or "") for row in section.get("param_set", [])]
    return [(name.strip(), value.strip()) for name, value in rows if value.strip()]


def _read_groups(fields: Mapping[str, Any], path: Path | None) -> TableSource | None:
    if fields["shuffle"] != "group" or path is None:
        return None
    selector = fields["groups_selector"]
    columns = ColumnChoice.from_form(
        selector["column_selector_options_g"], "selected_column_selector_option_g", "col_g"
    )
    return TableSource(path, GROUPS, bool(selector["header_g"]), columns)
