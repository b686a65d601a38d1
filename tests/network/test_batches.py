"""Rows in batches: each row once an epoch, in another order each time, and the same again with the same seed."""

import numpy as np
import pytest

from galaxy_keras.errors import MemoryShortageError
from galaxy_keras.network.inputs import NetworkInput


def collect(row_count, batch_size, generator, epochs=2):
    """Fit a network on numbered rows and give the numbers as the network met them, epoch by epoch."""
    import keras

    from galaxy_keras.network.batches import RowBatches

    met = []

    class Recorded(RowBatches):
        def __getitem__(self, number):
            values, target = super().__getitem__(number)
            met.append(values[:, 0].astype(int).tolist())
            return values, target

    values = np.arange(row_count, dtype=np.float32).reshape(-1, 1)
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    batches = Recorded(NetworkInput(values, [(1,)]), np.arange(row_count), batch_size, values * 0, generator)
    met.clear()
    model.fit(batches, epochs=epochs, shuffle=False, verbose=0)
    # Keras looks at one batch more, before the first epoch, to see what it holds.
    count = batches.num_batches
    return [[row for batch in met[-count * (i + 1) :][:count] for row in batch] for i in reversed(range(epochs))]


def test_each_epoch_has_each_row_once_in_another_order():
    first, second = collect(10, 4, np.random.default_rng(1))
    assert sorted(first) == sorted(second) == list(range(10))
    assert first != second
    assert [first, second] == collect(10, 4, np.random.default_rng(1))


def test_without_a_generator_rows_stay_in_order():
    assert collect(5, 2, None) == [list(range(5))] * 2


@pytest.mark.parametrize("is_large", [False, True], ids=["at once", "in batches"])
def test_predictions_are_of_the_rows_asked_for(monkeypatch, is_large):
    import keras

    from galaxy_keras.network import inputs
    from galaxy_keras.network.batches import predict_rows

    if is_large:
        monkeypatch.setattr(inputs, "LARGE_BYTES", 0)
    inputs = keras.Input((1,))
    model = keras.Model(inputs, [inputs * 2, keras.layers.Concatenate()([inputs, inputs])])
    values = np.arange(7, dtype=np.float32).reshape(-1, 1)
    outputs = predict_rows(model, NetworkInput(values, [(1,)]), np.array([6, 0, 3]), 2)
    assert outputs.tolist() == [[12, 6, 6], [0, 0, 0], [6, 3, 3]]


def test_outputs_beyond_all_memory_say_what_would_need_less():
    import keras

    from galaxy_keras.network.batches import predict_rows

    model = keras.Sequential([keras.Input((10**6,)), keras.layers.RepeatVector(10**9)])
    asked = r"\(OOM when allocating tensor with shape\[2,1,1000000000,1000000\] .*\)"
    with pytest.raises(MemoryShortageError, match=f"{asked}; expected fewer units or columns, or a job with more"):
        predict_rows(model, NetworkInput(np.zeros((2, 10**6), np.float32), [(10**6,)]), np.arange(2), 2)


def test_random_strands_keep_the_target_of_their_row():
    from galaxy_keras.network.batches import RowBatches

    # Row n + i is the reverse complement of row i.
    values = np.arange(20, dtype=np.float32).reshape(-1, 1)

    class Twice:
        shape = (10, 1)

        def __getitem__(self, rows):
            return values[rows]

    strands = np.random.default_rng(2)
    batches = RowBatches(NetworkInput(Twice(), [(1,)]), np.arange(10), 3, np.arange(10), None, strands)
    epochs = []
    for _ in range(8):
        batches.on_epoch_begin()
        read = [batches[number] for number in range(batches.num_batches)]
        rows = np.concatenate([batch[:, 0] for batch, _ in read])
        np.testing.assert_array_equal(rows % 10, np.concatenate([target for _, target in read]))
        epochs.append(rows >= 10)
    drawn = np.mean(epochs, axis=0)
    assert 0 < drawn.mean() < 1
    assert len({tuple(epoch) for epoch in epochs}) > 1


def test_both_strands_have_the_target_of_their_row():
    from galaxy_keras.network.batches import RowBatches

    class Twice:
        shape = (4, 1)

        def __getitem__(self, rows):
            return np.asarray(rows, dtype=np.float32).reshape(-1, 1)

    batches = RowBatches(NetworkInput(Twice(), [(1,)]), np.array([1, 3, 5, 7]), 4, np.array([10, 11, 12, 13]))
    rows, target = batches[0]
    assert rows[:, 0].tolist() == [1, 3, 5, 7]
    assert target.tolist() == [11, 13, 11, 13]
