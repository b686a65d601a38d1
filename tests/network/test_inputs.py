"""Features are checked against the inputs of the network."""

import numpy as np
import pytest

from galaxy_keras.data.tables import read_features, TableSource
from galaxy_keras.errors import InputError
from galaxy_keras.forms.column_choices import ColumnChoice
from galaxy_keras.network.inputs import fit_features


@pytest.fixture
def features(tmp_path):
    """Read numbers as features."""

    def make(rows):
        path = tmp_path / "x.tsv"
        path.write_text("".join("\t".join(map(str, row)) + "\n" for row in rows))
        return read_features(TableSource(path, "samples", False, ColumnChoice()))

    return make


def network(input_shape, *layers):
    import keras

    return keras.Sequential([keras.Input(input_shape), *layers])


def test_a_table_becomes_pictures_row_by_row(features):
    from keras import layers

    inputs = fit_features(network((2, 3, 1), layers.Flatten()), features([range(6), range(6, 12)])).take()
    assert inputs.shape == (2, 2, 3, 1)
    assert inputs[1, 1, 0, 0] == 9


def test_a_network_without_input_shape_takes_the_tables(features):
    import keras

    model = keras.Sequential([keras.layers.Dense(2)])
    fit_features(model, features([[1, 2, 3]]))
    assert model.input_shape == (None, 3)


def test_columns_that_an_open_network_cannot_take_are_named_as_a_shape(features):
    import keras

    model = keras.Sequential([keras.layers.Conv1D(2, 3)])
    with pytest.raises(
        InputError, match=r"samples: found 3 columns, an input of the shape \(3,\), which .* input_shape"
    ):
        fit_features(model, features([[1, 2, 3]]))


def test_another_number_of_columns_is_refused(features):
    from keras import layers

    with pytest.raises(InputError, match=r"samples: found 3 columns; expected 4, because .* input shape is \(2, 2\)"):
        fit_features(network((2, 2), layers.Flatten()), features([[1, 2, 3]]))


@pytest.mark.parametrize("word", [10, 99, -1, 1.5])
def test_word_indices_beyond_the_embedding_are_refused(features, word):
    from keras import layers

    rows = np.ones((5000, 2)).tolist()
    rows[4500][1] = word
    with pytest.raises(
        InputError, match=f"samples, row 4501, column 2: found {word}; expected a word index from 0 to 9"
    ):
        fit_features(network((2,), layers.Embedding(10, 2)), features(rows))


def test_several_inputs_take_the_columns_from_left_to_right(features):
    import keras

    inputs = [keras.Input((2,)), keras.Input((1, 3))]
    model = keras.Model(inputs, keras.layers.Concatenate()([inputs[0], keras.layers.Flatten()(inputs[1])]))
    first, second = fit_features(model, features([range(5), range(5, 10)])).take(np.array([1]))
    assert first.tolist() == [[5, 6]]
    assert second.tolist() == [[[7, 8, 9]]]
    with pytest.raises(InputError, match=r"found 4 columns; expected 5, because .* inputs have the shapes"):
        fit_features(model, features([[1, 2, 3, 4]]))


def test_words_of_a_second_input_are_checked_in_its_columns(features):
    import keras

    inputs = [keras.Input((2,)), keras.Input((2,))]
    words = keras.layers.Flatten()(keras.layers.Embedding(10, 2)(inputs[1]))
    model = keras.Model(inputs, keras.layers.Concatenate()([inputs[0], words]))
    fit_features(model, features([[99, 99, 9, 0]]))
    with pytest.raises(InputError, match="row 1, column 4: found 10; expected a word index from 0 to 9"):
        fit_features(model, features([[99, 99, 9, 10]]))


def _embed_rearranged(inputs, embedding):
    from keras import layers

    return layers.Flatten()(embedding(layers.Reshape((2, 1))(layers.Identity()(layers.Concatenate()(inputs)))))


def _embed_each(inputs, embedding):
    """With the same weights for both inputs."""
    from keras import layers

    return layers.Add()([embedding(each) for each in inputs])


def _embed_steps(inputs, embedding):
    from keras import layers

    return layers.TimeDistributed(embedding)(layers.Reshape((2, 1))(layers.Concatenate()(inputs)))


@pytest.mark.parametrize("embed", [_embed_rearranged, _embed_each, _embed_steps])
def test_words_are_checked_wherever_an_embedding_reads_them(features, embed):
    import keras

    inputs = [keras.Input((1,)), keras.Input((1,))]
    model = keras.Model(inputs, embed(inputs, keras.layers.Embedding(10, 2)))
    fit_features(model, features([[9, 9]]))
    for row, column in (([10, 9], 1), ([9, 10], 2)):
        with pytest.raises(InputError, match=f"row 1, column {column}: found 10; expected a word index from 0 to 9"):
            fit_features(model, features([row]))


def test_inputs_of_an_embedding_that_other_layers_change_are_not_checked(features):
    import keras

    layers = (keras.layers.Rescaling(0.5), keras.layers.Embedding(10, 2))
    fit_features(network((1,), *layers), features([[18]]))
