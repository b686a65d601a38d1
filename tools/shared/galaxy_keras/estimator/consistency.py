"""Check that the parts of an estimator agree with each other and with the network.

The tools check estimators that they create and estimators that they read. Unfitted estimators are checked for training,
fitted estimators for prediction.
"""

import dataclasses
from typing import Any, TYPE_CHECKING

from galaxy_keras.catalog.callbacks import check_callbacks, read_callback, settle_callbacks
from galaxy_keras.catalog.classes import SCHEDULES
from galaxy_keras.catalog.losses_and_metrics import join_metrics, Measure, read_loss, read_metric
from galaxy_keras.catalog.optimizers import make_optimizer, read_options, read_schedule
from galaxy_keras.errors import EstimatorError, InputError
from galaxy_keras.estimator.contents import Estimator
from galaxy_keras.estimator.fitted_checks import check_fitted
from galaxy_keras.messages import quote, show
from galaxy_keras.network.loss_checks import check_network
from galaxy_keras.network.outputs import group_outputs, read_outputs

if TYPE_CHECKING:
    import keras

Serialized = dict[str, Any]


def check_estimator(estimator: Estimator, network: "keras.Model") -> Estimator:
    """Check an estimator against its network.

    Parameters
    ----------
    network
        Built from the estimator's architecture; variables may be uninitialized.

    Returns
    -------
    Estimator
        With normalized settings, see :func:`settle_settings`.

    Raises
    ------
    InputError
        Parts of the estimator contradict each other or the network.
    """
    settled = settle_settings(estimator)
    if settled.fitted is None:
        check_network(settled, group_outputs(read_outputs(network), settled.task))
    else:
        check_fitted(settled.fitted, settled.task, network)
    return settled


def settle_settings(estimator: Estimator) -> Estimator:
    """Return an estimator with its settings normalized to the values that the builder writes.

    Raises
    ------
    EstimatorError
        The builder does not accept a setting.
    """
    try:
        loss = read_loss(estimator.loss.name, estimator.loss.options)
        metrics = _settle_metrics(estimator.metrics)
        optimizer = _settle_optimizer(estimator.optimizer)
        callbacks = [read_callback(callback["class_name"], callback["config"]) for callback in estimator.fit.callbacks]
        callbacks = settle_callbacks(callbacks, loss, metrics)
        check_callbacks(callbacks, optimizer)
    except InputError as error:
        raise EstimatorError(f"estimator, {error}") from None
    fit = dataclasses.replace(estimator.fit, callbacks=callbacks)
    return dataclasses.replace(estimator, loss=loss, metrics=metrics, optimizer=optimizer, fit=fit)


def _settle_metrics(metrics: list[Measure]) -> list[Measure]:
    settled = [read_metric(metric.name, metric.options) for metric in metrics]
    if join_metrics(settled) != settled:
        raise InputError("metrics: found the same name twice; expected a different name for each metric")
    return settled


def _settle_optimizer(optimizer: Serialized) -> Serialized:
    """Create the serialized optimizer again from the options that the builder offers; other entries are dropped."""
    name = show(optimizer["class_name"])
    rate = optimizer["config"].get("learning_rate")
    if isinstance(rate, dict):
        SCHEDULES.find(str(rate.get("class_name")))
    elif isinstance(rate, bool) or not isinstance(rate, (int, float)):
        raise InputError(f"optimizer {name}, learning_rate: found {quote(rate)}; expected a number or a schedule")
    try:
        return make_optimizer(optimizer["class_name"], read_options(optimizer), read_schedule(optimizer))
    except (LookupError, TypeError, ValueError, AttributeError):
        raise EstimatorError(
            f"optimizer {name}: found an incomplete schedule; expected one that 'Create deep learning model' writes"
        ) from None
