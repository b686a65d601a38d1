"""Property tests: every valid form creates an estimator that compiles and is read as it was written."""

import inspect
import json

import pytest
from examples.default_forms import builder_form
from examples.scripts import TEST_DATA
from hypothesis import given, settings
from hypothesis import strategies as st

import keras_model_builder
from galaxy_keras.catalog.classes import CALLBACKS, find_option, LOSSES, METRICS, name_class, OPTIMIZERS, SCHEDULES
from galaxy_keras.catalog.losses_and_metrics import INTEGER_LOSSES, INTEGER_METRICS
from galaxy_keras.estimator.file import read_estimator, write_estimator
from galaxy_keras.estimator.parameters import list_parameters, set_parameter
from galaxy_keras.forms.document import parse_literal
from galaxy_keras.network.architecture import build_model
from model_builder import form
from training.fitting import compiling

# A softmax output with three classes.
ARCHITECTURE = json.loads((TEST_DATA / "dense_classifier_architecture.json").read_text())
LARGE = 1000
# Options whose range depends on the network. Its outputs are not logits.
NETWORK_BOUNDS = {
    "k": st.integers(1, 2),
    "top_k": st.integers(1, 3),
    "class_id": st.integers(0, 2),
    "num_classes": st.just(3),
    "target_class_ids": st.lists(st.integers(0, 2), min_size=1).map(lambda ids: ", ".join(map(str, ids))),
    "from_logits": st.just(False),
}
LIMITS = ("clipnorm", "clipvalue", "global_clipnorm")


def draw_value(class_name, name):
    """Return a strategy for the values that the form allows for an option."""
    option = find_option(class_name, name)
    if name in NETWORK_BOUNDS:
        return NETWORK_BOUNDS[name]
    if option.choices:
        return st.sampled_from(option.choices)
    if option.kind is bool:
        return st.booleans()
    least = next((bound for bound in (option.least, option.above) if bound is not None), -LARGE)
    most = min(next((bound for bound in (option.most, option.below) if bound is not None), LARGE), LARGE)
    if option.kind is int:
        return st.integers(int(least), int(most))
    excluded = {"exclude_min": option.above is not None, "exclude_max": option.below is not None}
    return st.floats(least, most, allow_subnormal=False, **excluded)


def draw_options(catalog, class_name, without=()):
    """Return a strategy for the options of a class; empty fields are None."""
    fields = {}
    for name, default in catalog.list_defaults(class_name).items():
        if name not in without:
            value = draw_value(class_name, name)
            # The default of k is 5, but the network has three outputs.
            fields[name] = value if name == "k" or default is inspect.Parameter.empty else st.none() | value
    return st.fixed_dictionaries(fields)


@st.composite
def optimizers(draw):
    name = draw(st.sampled_from(sorted(OPTIMIZERS.list_classes())))
    limit = draw(st.sampled_from(LIMITS))
    return name, draw(draw_options(OPTIMIZERS, name, without=[other for other in LIMITS if other != limit]))


@st.composite
def schedules(draw):
    name = draw(st.sampled_from(sorted(SCHEDULES.list_classes())))
    if name == "PiecewiseConstantDecay":
        boundaries = sorted(draw(st.sets(st.integers(1, LARGE), min_size=1, max_size=4)))
        values = draw(st.lists(st.floats(0, 1), min_size=len(boundaries), max_size=len(boundaries)))
        return {"schedule_type": name, "boundaries": str(boundaries)[1:-1], "values": str(values)[1:-1]}
    options = draw(draw_options(SCHEDULES, name, without=["initial_learning_rate"]))
    if options.get("warmup_target") is None:
        options.pop("warmup_steps", None)
    return {"schedule_type": name, **options}


@st.composite
def metrics(draw, loss):
    names = [name for name in sorted(METRICS.list_classes()) if fits(name, loss)]
    chosen = draw(st.lists(st.sampled_from(names), max_size=4))
    return [({"metric_type": name_class(n), **draw(draw_options(METRICS, n, ["name"]))}, "") for n in chosen]


def fits(metric, loss):
    return (name_class(metric) in INTEGER_METRICS) == (loss in INTEGER_LOSSES)


@st.composite
def callbacks(draw, lowers_rate):
    names = [name for name in sorted(CALLBACKS.list_classes()) if lowers_rate or name != "ReduceLROnPlateau"]
    found = []
    for name in draw(st.lists(st.sampled_from(names), max_size=3)):
        options = draw(draw_options(CALLBACKS, name, without=["monitor"]))
        if "monitor" in CALLBACKS.list_defaults(name):
            options["monitor"] = draw(st.sampled_from(["val_loss", "loss", "val_acc"]))
        found.append({"callback_type": name, **options})
    if any(callback["callback_type"] == "EarlyStopping" for callback in found):
        return [{**callback, "swap_on_epoch": False} if "swap_on_epoch" in callback else callback for callback in found]
    return found


@st.composite
def builder_forms(draw):
    loss = name_class(draw(st.sampled_from(sorted(LOSSES.list_classes()))))
    optimizer, options = draw(optimizers())
    schedule = draw(st.just({"schedule_type": "constant"}) | schedules())
    chosen = draw(callbacks(lowers_rate=schedule["schedule_type"] == "constant"))
    if any(callback["callback_type"] == "SwapEMAWeights" for callback in chosen):
        options["use_ema"] = True
    weights = draw(st.lists(st.floats(0, LARGE), max_size=3))
    blocks = [{"label": f"class {number}", "weight": weight} for number, weight in enumerate(weights)]
    fit = draw(st.fixed_dictionaries({"epochs": st.integers(1, LARGE), "shuffle": st.booleans()}))
    return builder_form(
        loss=loss,
        loss_options=draw(draw_options(LOSSES, LOSSES.find(loss))),
        optimizer=optimizer,
        options=options,
        common_options={name: options.pop(name, None) for name in ("use_ema", "weight_decay")},
        schedule=schedule,
        metrics=draw(st.sampled_from([["acc"], ["automatic"], ["accuracy", "none"]])),
        more_metrics=draw(metrics(loss)),
        callbacks=chosen,
        class_weight={"class_weight_type": "given" if blocks else "none", "class_weights": blocks},
        fit=fit,
        seed=draw(st.none() | st.integers(0, 2**32 - 1)),
    )


@pytest.fixture(scope="module")
def build():
    """Return a function that creates an estimator from a form's document."""
    read = form.BuilderForm.from_document
    build_estimator = keras_model_builder.build_estimator
    network = build_model(ARCHITECTURE)
    return lambda form: build_estimator(read(form), ARCHITECTURE, network)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("estimator") / "estimator.zip"


@settings(max_examples=60, deadline=None)
@given(form=builder_forms())
def test_an_estimator_is_read_as_it_was_written_and_compiles(build, path, form):
    estimator = build(form)
    write_estimator(path, estimator)
    assert read_estimator(path) == estimator
    compiling.compile_network(build_model(estimator.architecture), estimator, is_multilabel=False)


@settings(max_examples=20, deadline=None)
@given(form=builder_forms(), data=st.data())
def test_a_parameter_set_to_its_own_value_changes_nothing(build, form, data):
    estimator = build(form)
    rows = [row for row in list_parameters(estimator) if row[0] == "@" and not row[1].startswith("layers_")]
    name = data.draw(st.sampled_from([row[1] for row in rows]))
    value = next(row[2] for row in rows if row[1] == name).removeprefix(f"{name}: ")
    assert set_parameter(estimator, name, parse_literal(value, name)) == estimator
