"""What goes wrong in the middle of a training."""

import pytest

from galaxy_keras.errors import InputError
from training.fitting import failures

# As the kernels of TensorFlow 2.19 say it.
REFUSALS = {
    "Graph execution error:\n\nDetected at node x defined at (most recent call last):\n  File 'fit.py', line 1\n\n"
    "Determinism is not yet supported in GPU implementation of DenseBincount.\n\t [[{{node x}}]] [Op:train]": (
        "Determinism is not yet supported in GPU implementation of DenseBincount"
    ),
    "{{function_node x}} A deterministic GPU implementation of AdjustContrastv2 is not currently available. [Op:y]": (
        "A deterministic GPU implementation of AdjustContrastv2 is not currently available"
    ),
}


@pytest.mark.parametrize("said, reason", REFUSALS.items(), ids=["in a graph", "alone"])
def test_an_operation_that_cannot_be_repeated_names_the_seed(said, reason):
    import tensorflow

    with pytest.raises(InputError, match=rf"seed: found 5, .* \({reason}\); expected no seed \(None\)"):
        with failures.explain_unrepeatable_operation(5):
            raise tensorflow.errors.UnimplementedError(None, None, said)


def test_other_missing_operations_keep_their_traceback():
    import tensorflow

    with pytest.raises(tensorflow.errors.UnimplementedError), failures.explain_unrepeatable_operation(5):
        raise tensorflow.errors.UnimplementedError(None, None, "Cast string to float is not supported")


@pytest.mark.parametrize("loss", [float("nan"), float("inf")])
@pytest.mark.parametrize(
    "rate, advice",
    [(0.5, "expected a learning_rate below 0.5"), ({"class_name": "x"}, "expected a lower learning_rate")],
)
def test_a_loss_that_is_no_number_names_the_epoch_and_what_to_try(loss, rate, advice):
    with pytest.raises(InputError, match=f"epoch 7: found the loss {loss}.*{advice}, clipnorm=1"):
        failures.check_loss(7, loss, {"class_name": "Adam", "config": {"learning_rate": rate}})
