"""Errors during a training."""

import pytest

from galaxy_keras.errors import InputError
from training.fitting import failures

# Messages of the kernels of TensorFlow 2.19.
REFUSALS = {
    "Graph execution error:\n\nDetected at node x defined at (most recent call last):\n  File 'fit.py', line 1\n\n"
    "Determinism is not yet supported in GPU implementation of DenseBincount.\n\t [[{{node x}}]] [Op:train]": (
        "Determinism is not yet supported in GPU implementation of DenseBincount"
    ),
    "{{function_node x}} A deterministic GPU implementation of AdjustContrastv2 is not currently available. [Op:y]": (
        "A deterministic GPU implementation of AdjustContrastv2 is not currently available"
    ),
}


@pytest.mark.parametrize("message, reason", REFUSALS.items(), ids=["in a graph", "alone"])
def test_the_error_about_an_operation_that_is_not_deterministic_names_the_seed(message, reason):
    import tensorflow

    with pytest.raises(InputError, match=rf"seed: found 5, .* \({reason}\); expected no seed \(None\)"):
        with failures.explain_unrepeatable_operation(5):
            raise tensorflow.errors.UnimplementedError(None, None, message)


def test_other_missing_operations_raise_the_error_of_tensorflow():
    import tensorflow

    with pytest.raises(tensorflow.errors.UnimplementedError), failures.explain_unrepeatable_operation(5):
        raise tensorflow.errors.UnimplementedError(None, None, "Cast string to float is not supported")


@pytest.mark.parametrize("loss", [float("nan"), float("inf")])
@pytest.mark.parametrize(
    "rate, advice",
    [(0.5, "expected a learning_rate below 0.5"), ({"class_name": "x"}, "expected a lower learning_rate")],
)
def test_the_error_about_a_loss_that_is_not_finite_names_the_epoch_and_settings_to_change(loss, rate, advice):
    with pytest.raises(InputError, match=f"epoch 7: found the loss {loss}.*{advice}, clipnorm=1"):
        failures.check_loss(7, loss, {"class_name": "Adam", "config": {"learning_rate": rate}})
