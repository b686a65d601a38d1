"""Every layer of the form: against the installed Keras, and from the form's JSON to Keras and back."""

import pytest
from examples.layer_fields import list_offered_layers, list_params, MACROS, make_layer_form

from dev.forms import layer_table, weights
from dev.forms.layers import list_fields
from dev.forms.signatures import list_arguments, list_classes

TOOL = "keras_model_config"
LAYERS = [name for names in layer_table.GROUPS.values() for name in names]
WHOLE_NUMBERS = ("Embedding", "ReversibleEmbedding", "CategoryEncoding", "Hashing", "HashedCrossing", "IntegerLookup")


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_goes_from_the_form_to_keras_and_back(run_tool, tmp_path, capsys, layer):
    import keras
    import numpy as np

    assert run_tool(TOOL, make_layer_form(layer), outfile="a.json") == 0
    assert "was ignored" not in capsys.readouterr().out, "a field that does nothing"
    text = (tmp_path / "out" / "a.json").read_text()
    first, second = keras.models.model_from_json(text), keras.models.model_from_json(text)
    assert type(first.layers[-1]).__name__.replace("Grouped", "Group") == layer
    assert [each.get_config() for each in first.layers] == [each.get_config() for each in second.layers]
    second.set_weights(first.get_weights())
    random = np.random.default_rng(4)
    whole = layer in WHOLE_NUMBERS
    data = [
        random.integers(0, 4, (2, *each.shape[1:])) if whole else random.random((2, *each.shape[1:]), np.float32)
        for each in first.inputs
    ]
    data = data[0] if len(data) == 1 else data
    left, right = first(data, training=False), second(data, training=False)
    np.testing.assert_array_equal(np.asarray(left), np.asarray(right))
    assert all(size in (None, found) for size, found in zip(first.output_shape[1:], left.shape[1:], strict=True))


def test_the_form_offers_every_layer_of_keras():
    import keras

    known = set(list_classes(keras.layers, keras.layers.Layer))
    assert known - {*LAYERS, *layer_table.LEFT_OUT} == set(), "layers that the form lacks"
    assert {*LAYERS, *layer_table.LEFT_OUT} - known == set(), "layers that Keras lacks"
    assert set(LAYERS) & set(layer_table.LEFT_OUT) == set()


def test_the_select_holds_each_layer_once():
    for model_type, more in (("sequential", set()), ("functional", {"Input", "SharedLayer"})):
        offered = list_offered_layers(model_type)
        expected = set(LAYERS) | set(layer_table.GONE) | more
        assert len(offered) == len(set(offered))
        assert set(offered) == (expected if more else expected - set(layer_table.MERGING))


@pytest.mark.parametrize("layer", LAYERS)
def test_every_argument_of_a_layer_has_a_field_or_a_reason(layer):
    import keras

    layer_class = list_classes(keras.layers, keras.layers.Layer)[layer]
    fields = {param.get("name") for param in list_params(f"layer/{layer}")}
    for argument in list_arguments(layer_class):
        name = layer_table.PUBLISHED_NAMES.get((layer, argument.name), argument.name)
        setting = argument.name.rpartition("_")
        has_setting = setting[2] in weights.BASES and setting[0] in weights.list_weights(setting[2])
        assert name in fields or has_setting or argument.name in layer_table.LEFT_OUT_ARGUMENTS, argument.name


@pytest.mark.parametrize("layer", LAYERS)
def test_every_field_can_be_read_by_a_person(layer):
    for field in list_fields(layer):
        assert field.kind in ("integer", "float", "text", "boolean", "select"), field.name
        assert field.help.endswith("."), field.name
        values = [option if isinstance(option, str) else option[0] for option in field.options]
        assert field.kind != "select" or field.options_macro or field.value in values, field.name


def test_table_entries_belong_to_something():
    import keras

    classes = list_classes(keras.layers, keras.layers.Layer)
    used = {argument.name for layer in LAYERS for argument in list_arguments(classes[layer])}
    gone = {name for names, _ in layer_table.GONE.values() for name in names}
    assert set(layer_table.ARGUMENTS) - used - gone == set()
    assert {*layer_table.SPECIAL, *layer_table.PUBLISHED_NAMES} <= {
        (layer, argument.name) for layer in LAYERS for argument in list_arguments(classes[layer])
    }


@pytest.mark.parametrize("setting", weights.BASES)
def test_every_setting_of_weights_is_one_of_keras(setting):
    module, base = weights.BASES[setting]
    choices = weights.list_choices(setting)
    assert set(list_classes(module, base)) - set(weights.LEFT_OUT) == set(choices)
    macro = MACROS[f"repeat/{setting}s"]
    assert [when.get("value") for when in macro.iter("when")] == list(choices)
    for name, fields in choices.items():
        values = {f.name: 0 if f.name == "axis" else f.value for f in fields}
        assert type(getattr(module, name)(**values)).__name__ == name


def test_form_texts_do_not_contain_markup():
    for macro in MACROS:
        for param in list_params(macro):
            for text in (param.get("label"), param.get("help")):
                assert not set("<&") & set(text or ""), (macro, param.get("name"))
