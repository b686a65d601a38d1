"""The form of the builder, turned once into a checked description of what to build."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

TRAIN, PREFITTED = "train_model", "prefitted"
TASKS = {"KerasGClassifier": "classification", "KerasGRegressor": "regression"}
# What the form fills in where nothing is chosen; another value was typed by a person.
DEFAULT_VERBOSE, DEFAULT_VALIDATION_SPLIT = 1, 0.1


@dataclass(frozen=True)
class BuilderForm:
    """How a network shall be trained.

    Attributes
    ----------
    task
        ``classification`` or ``regression``.
    loss, metrics
        Names as the form offers them, some of them Keras 2's.
    optimizer, optimizer_options
        Class name, and options without those left blank.
    fit
        Fit parameters by name without those left blank, ``verbose`` among them, callbacks not.
    callbacks
        Class names and parameters, without those left blank.
    seed
        None leaves the training random.
    """

    task: str
    loss: str
    metrics: list[str]
    optimizer: str
    optimizer_options: dict[str, Any]
    fit: dict[str, Any]
    callbacks: list[tuple[str, dict[str, Any]]]
    seed: int | None

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "BuilderForm":
        """Read the form's JSON document in the mode ``train_model``."""
        mode = document["mode_selection"]
        compiled, fit = mode["compile_params"], dict(mode["fit_params"])
        optimizer = compiled["optimizer_selection"]
        metrics = compiled.get("metrics") or []
        return cls(
            task=TASKS[mode["learning_type"]],
            loss=compiled["loss"],
            metrics=[metrics] if isinstance(metrics, str) else metrics,
            optimizer=optimizer["optimizer_type"],
            optimizer_options=_drop_blank(optimizer.get("optimizer_options") or {}),
            callbacks=_read_callbacks(fit.pop("callbacks", None) or []),
            fit=_drop_blank(fit),
            seed=mode.get("random_seed"),
        )


def _read_callbacks(blocks: list[Mapping[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    found = []
    for block in blocks:
        fields = _drop_blank(block["callback_selection"])
        name = fields.pop("callback_type")
        if name != "None":
            found.append((name, fields))
    return found


def _drop_blank(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Keep the fields that were filled; zero and False are values."""
    return {name: value for name, value in fields.items() if value not in (None, "") and not name.startswith("__")}
