"""What a network ends in."""

import json

from galaxy_keras.network.outputs import join_outputs, name_output_layers, Output, output_activation, read_outputs


def test_the_last_activation_is_found_where_it_stands():
    from keras import Input, layers, Sequential

    def find(*last):
        return output_activation(Sequential([Input((4,)), *last]))

    assert find(layers.Dense(2, activation="sigmoid")) == "sigmoid"
    assert find(layers.Dense(2), layers.Activation("softmax")) == "softmax"
    assert find(layers.Dense(2), layers.Softmax()) == "softmax"
    assert find(layers.Dense(2, activation="tanh"), layers.Dropout(0.5), layers.Flatten()) == "tanh"
    assert find(layers.Dense(2)) == "linear"


def test_outputs_have_the_order_of_the_network():
    import keras

    inputs = keras.Input((4,))
    ends = [keras.layers.Dense(2, activation="softmax", name="b"), keras.layers.Dense(1, name="a")]
    network = keras.Model(inputs, [end(inputs) for end in ends])
    output_layers = [Output("b", 2, "softmax"), Output("a", 1, "linear")]
    assert read_outputs(network) == output_layers
    assert join_outputs(output_layers) == Output("b, a", 3, None)
    assert name_output_layers(json.loads(network.to_json())) == ["b", "a"]
    named = keras.Model(inputs, {"b": network.outputs[0], "a": network.outputs[1]})
    assert sorted(name_output_layers(json.loads(named.to_json()))) == ["a", "b"]
    one = keras.Model(inputs, network.outputs[0])
    assert read_outputs(one) == [Output("b", 2, "softmax")]
    assert name_output_layers(json.loads(one.to_json())) == ["b"]
