"""Fields of all forms as a person meets them: their first values, and how numbers are typed."""

from xml.etree import ElementTree

import pytest
from examples.scripts import ROOT

FORMS = sorted((ROOT / "tools").glob("*/*.xml"))
# A slider of more steps than it has pixels cannot be set to a number.
MAX_SLIDER_LENGTH = 200


@pytest.mark.parametrize("path", FORMS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_number_is_chosen_by_a_slider_that_is_too_fine(path):
    for param in ElementTree.parse(path).iter("param"):
        if param.get("type") == "integer" and param.get("min") and param.get("max"):
            assert int(param.get("max")) - int(param.get("min")) <= MAX_SLIDER_LENGTH, param.get("name")


def test_seeds_have_bounds_all_the_same():
    seeds = [
        param
        for path in FORMS
        for param in ElementTree.parse(path).iter("param")
        if (param.get("name") or param.get("argument")) in ("random_seed", "random_state", "seed")
        and param.find("validator") is not None
    ]
    assert len(seeds) >= 3
    for seed in seeds:
        assert seed.find("validator").attrib == {"type": "in_range", "min": "0", "max": str(2**32 - 1)}


def test_adam_is_the_first_choice_of_the_optimizers():
    options = ElementTree.parse(ROOT / "tools" / "keras_model_builder" / "optimizers.xml").iter("option")
    assert [option.get("value") for option in options if option.get("selected")][:1] == ["Adam"]
