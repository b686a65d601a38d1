"""An estimator from an architecture and weights that were trained elsewhere."""

import math
import tempfile
from pathlib import Path
from typing import Any

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


def build_prefitted(architecture: dict[str, Any], weights: Path, outfile: Path) -> None:
    """Put architecture and weights together and write the fitted estimator, which gives the network's outputs.

    Raises
    ------
    InputError
        The weights are not of the architecture, or it has no fixed input and output.
    """
    import keras

    # What is wrong shows before the network takes memory.
    skeleton = build_skeleton(architecture)
    if not skeleton.built or len(skeleton.inputs) != 1 or None in skeleton.inputs[0].shape[1:]:
        raise ArchitectureError("architecture: found no fixed input shape; expected one input with all sizes given")
    if len(skeleton.outputs) != 1 or None in skeleton.outputs[0].shape[1:]:
        raise ArchitectureError("architecture: found no fixed output shape; expected one output with all sizes given")
    check_weights(skeleton, weights)
    model = build_model(architecture)
    load_weights(model, weights)
    output_count = math.prod(model.outputs[0].shape[1:])
    fitted = Fitted(
        target_kind="outputs",
        classes=[],
        target_names=[str(number) for number in range(output_count)],
        feature_count=math.prod(model.inputs[0].shape[1:]),
        feature_names=None,
        threshold=None,
        has_probabilities=False,
        versions={"keras": keras.__version__, "galaxy_keras": __version__},
    )
    # The file's form wants settings; the training tool refuses to train with these.
    estimator = Estimator(
        task="regression",
        loss=read_loss("mean_squared_error"),
        optimizer=make_optimizer("SGD", {}),
        metrics=[],
        fit=FitParameters(),
        seed=None,
        architecture=architecture,
        fitted=fitted,
    )
    estimator = check_estimator(estimator, model)
    with tempfile.TemporaryDirectory() as folder:
        checked = Path(folder) / f"model{WEIGHTS_SUFFIX}"
        save_weights(model, checked)
        write_estimator(outfile, estimator, checked)
    put_first(
        f"Fitted estimator: {fitted.feature_count} features, {output_count} outputs, {model.count_params():,} weights"
    )
