"""Names of users' layers, networks and metrics from the form to the plots, whatever characters they hold."""

import pytest
from hypothesis import given, settings, strategies

from galaxy_keras.errors import ArchitectureError
from galaxy_keras.inner_names import is_fit, NAME_LENGTH, to_inner, to_shown, use_inner_names

SAFE = r"[A-Za-z0-9.][A-Za-z0-9_.-]*"
NAMES = strategies.text(strategies.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=20)


@settings(max_examples=500, derandomize=True, database=None)
@given(NAMES | strategies.text(".u20ä_-", min_size=1))
def test_an_inner_name_is_safe_and_tells_the_users(name):
    import re

    assert re.fullmatch(SAFE, to_inner(name))
    assert to_shown(to_inner(name)) == name
    assert to_shown(f"val_{to_inner(name)}_1") == f"val_{name}_1"


@pytest.mark.parametrize("name", ["dense", "dense_1", "block1.conv-2", "Output", "2"])
def test_ordinary_names_stay_as_they_are(name):
    assert to_inner(name) == name


def test_what_is_no_inner_name_is_shown_as_it_is():
    assert to_shown("keras.utils.u20 and .uffffffff.") == "keras.utils.u20 and .uffffffff."


@pytest.mark.parametrize("name", ["a\tb", "a\nb", "\x00", "\ud800", "\x9b31m", "a" * (NAME_LENGTH + 1)])
def test_what_cannot_be_a_name_is_refused(name):
    assert not is_fit(name)
    with pytest.raises(ArchitectureError, match="architecture: found the name .*; expected at most 200 characters"):
        use_inner_names({"config": {"layers": [{"config": {"name": name}}]}}, "architecture")
