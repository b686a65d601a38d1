"""Create a fitted estimator from an architecture and weights."""

import math
import tempfile
from pathlib import Path
from typing import Any, TYPE_CHECKING

from galaxy_keras import __version__
from galaxy_keras.catalog.losses_and_metrics import read_loss
from galaxy_keras.catalog.optimizers import make_optimizer
from galaxy_keras.errors import ArchitectureError
from galaxy_keras.estimator.consistency import check_estimator
from galaxy_keras.estimator.contents import Estimator, FitParameters, Fitted
from galaxy_keras.estimator.file import write_estimator
from galaxy_keras.estimator.weights_file import check_weights, load_weights, save_weights, WEIGHTS_SUFFIX
from galaxy_keras.log import put_first
from galaxy_keras.network.architecture import build_model, build_skeleton

if TYPE_CHECKING:
    import keras


def build_prefitted(architecture: dict[str, Any], weights: Path, outfile: Path) -> None:
    """Write a fitted estimator of an architecture and its weights; its predictions are the network's outputs.

    Raises
    ------
    InputError
        The weights do not match the architecture, or it does not have one input and one output of fixed shape.
    """
    # All checks run before memory is allocated for the network.
    skeleton = build_skeleton(architecture)
    if not skeleton.built or len(skeleton.inputs) != 1 or None in skeleton.inputs[0].shape[1:]:
        raise ArchitectureError("architecture: the input shape is not fixed; expected one input of fixed shape")
    if len(skeleton.outputs) != 1 or None in skeleton.outputs[0].shape[1:]:
        raise ArchitectureError("architecture: the output shape is not fixed; expected one output of fixed shape")
    check_weights(skeleton, weights)
    model = build_model(architecture)
    load_weights(model, weights)
    fitted = _make_fitted(model)
    estimator = check_estimator(_make_estimator(architecture, fitted), model)
    with tempfile.TemporaryDirectory() as folder:
        checked = Path(folder) / f"model{WEIGHTS_SUFFIX}"
        save_weights(model, checked)
        write_estimator(outfile, estimator, checked)
    put_first(
        f"Fitted estimator: {fitted.feature_count} features, {len(fitted.target_names)} outputs, "
        f"{model.count_params():,} weights"
    )


def _make_fitted(model: "keras.Model") -> Fitted:
    """Return fitted attributes for a network whose outputs are returned unchanged."""
    import keras

    output_count = math.prod(model.outputs[0].shape[1:])
    return Fitted(
        target_kind="outputs",
        classes=[],
        target_names=[str(number) for number in range(output_count)],
        feature_count=math.prod(model.inputs[0].shape[1:]),
        feature_names=None,
        threshold=None,
        has_probabilities=False,
        versions={"keras": keras.__version__, "galaxy_keras": __version__},
    )


def _make_estimator(architecture: dict[str, Any], fitted: Fitted) -> Estimator:
    # The file format requires training settings; the training tool refuses to train this estimator.
    return Estimator(
        task="regression",
        loss=read_loss("mean_squared_error"),
        optimizer=make_optimizer("SGD", {}),
        metrics=[],
        fit=FitParameters(),
        seed=None,
        architecture=architecture,
        fitted=fitted,
    )
