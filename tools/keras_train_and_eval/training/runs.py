"""Train and score the runs of a plan."""

from dataclasses import dataclass

import numpy as np

from galaxy_keras.catalog.losses_and_metrics import ACCURACY
from galaxy_keras.estimator.contents import Estimator, Fitted, FittedOutput
from galaxy_keras.estimator.file import write_estimator
from galaxy_keras.estimator.predictions import estimate_probabilities, predict_class_indices, split_outputs
from galaxy_keras.estimator.weights_file import save_weights
from galaxy_keras.log import put_first, say_progress
from training.fitting.training import Evaluation, Training
from training.results import History, OutputFiles, REFIT, RunResult, summarize_scores
from training.scoring.output_metrics import join_measures
from training.scoring.scores import compute_scores
from training.splits.schemes import name_splits, Plan, RowSplit
from training.targets.targets import Target


@dataclass(frozen=True)
class PlanRunner:
    """Trains and scores the runs of a plan.

    Attributes
    ----------
    names
        Names of the scikit-learn scores, as :func:`scores.list_scores` returns them.
    outputs
        Files for the fitted estimator and its weights.
    """

    training: Training
    plan: Plan
    names: list[str]
    outputs: OutputFiles

    def train_and_score(self) -> tuple[list[RunResult], dict[str, History]]:
        """Train and score one network per run, and after cross-validation train a final network on all rows.

        Returns
        -------
        (results, histories)
            Histories by the number of the run, and by ``REFIT`` for the final network.
        """
        runs, histories = [], {}
        for number, row_split in enumerate(self.plan.runs, start=1):
            fold = f"Fold {number}/{len(self.plan.runs)}, " if self.plan.is_cross_validation else ""
            result = self._train_run(row_split, fold)
            runs.append(result)
            histories[str(number)] = result.history
        if self.plan.refit is not None:
            say_progress(f"Refit on {len(self.plan.refit.train)} rows")
            fitted = self.training.fit(self.plan.refit)
            histories[REFIT] = fitted.history
            self._write_fitted(fitted)
        if self.plan.is_cross_validation:
            for name, (mean, deviation) in summarize_scores(runs).items():
                put_first(f"{name}: mean {mean:.4g}, standard deviation {deviation:.4g} over {len(runs)} folds")
        return runs, histories

    def score_splits(self, run: RunResult) -> dict[str, dict[str, float]]:
        """Score each split of the last run with its network; the scores of the evaluation rows are already known."""
        splits = name_splits(run.row_split)
        return {
            name: run.scores if rows is run.row_split.evaluation else self._score(self.training.evaluate(rows), rows)
            for name, rows in splits.items()
        }

    def _train_run(self, row_split: RowSplit, fold: str) -> RunResult:
        """Train and score the network of one run; ``fold`` begins its log lines."""
        say_progress(f"{fold}rows: {row_split}" if fold else f"Rows: {row_split}")
        fitted = self.training.fit(row_split)
        if not self.plan.is_cross_validation:
            # Before the evaluation, so that no later error loses the trained network.
            self._write_fitted(fitted)
        evaluation = self.training.evaluate(row_split.evaluation)
        scores = self._score(evaluation, row_split.evaluation)
        line = "  ".join(f"{name} {value:.4g}" for name, value in scores.items())
        if fold:
            say_progress(f"{fold}scores: {line}")
        else:
            put_first(f"Scores of the {len(row_split.evaluation)} {row_split.evaluation_name} rows: {line}")
        return RunResult(row_split, fitted.history, evaluation.outputs, scores)

    def _score(self, evaluation: Evaluation, rows: np.ndarray) -> dict[str, float]:
        """Return Keras' metrics and scikit-learn's scores of rows by name."""
        fitted, target = self.training.describe_fit(), self.training.target
        if fitted.outputs is None:
            scores = self._score_outputs(target, rows, evaluation.outputs, fitted)
        else:
            arrays = split_outputs(evaluation.outputs, fitted.outputs)
            outputs = zip(target.outputs, arrays, fitted.outputs, strict=True)
            scores = join_measures(
                {one.title: self._score_outputs(one, rows, array, output) for one, array, output in outputs}
            )
        measures = {"loss": evaluation.measures["loss"], **evaluation.measures}
        if target.kind == "multilabel" and ACCURACY in measures and ACCURACY in scores:
            # Keras counts single labels, scikit-learn counts rows whose labels are all correct.
            measures.setdefault("binary_accuracy", measures[ACCURACY])
        return {**measures, **scores}

    def _score_outputs(
        self, target: Target, rows: np.ndarray, outputs: np.ndarray, fitted: Fitted | FittedOutput
    ) -> dict[str, float]:
        if target.kind == "values":
            return compute_scores(self.names, target, rows, outputs.reshape(target.y[rows].shape), None)
        probabilities = estimate_probabilities(outputs, fitted) if fitted.has_probabilities else None
        return compute_scores(self.names, target, rows, predict_class_indices(outputs, fitted), probabilities)

    def _write_fitted(self, fitted: Estimator) -> None:
        """Write the fitted estimator and its weights if they were requested."""
        if self.outputs.estimator and self.outputs.weights:
            save_weights(self.training.network, self.outputs.weights)
            write_estimator(self.outputs.estimator, fitted, self.outputs.weights)
