"""Sample choices of the forms, and the bounds of their fields."""

from pathlib import Path

import pytest

from galaxy_keras.errors import InputError
from galaxy_keras.forms.sample_choices import SampleChoice

TEXT = {"skip_top": 50, "num_words": 9998, "maxlen": 500, "padding": "pre", "truncating": "pre"}


def read(**changes):
    columns = {"selected_column_selector_option": "all_columns"}
    inputs = {"selected_input": "text", "header1": True, "column_selector_options_1": columns, "text": TEXT | changes}
    return SampleChoice.from_form(inputs, Path("x"), "samples").text


def test_the_text_settings_of_the_form_are_read():
    choice = read(maxlen=1_000_000, num_words=500_000, skip_top=0)
    assert (choice.length, choice.vocabulary_size, choice.skipped_count) == (1_000_000, 500_000, 0)


@pytest.mark.parametrize(
    "field, value", [("num_words", 0), ("num_words", 10**9), ("maxlen", -1), ("maxlen", 2**40), ("skip_top", -1)]
)
def test_text_settings_out_of_bounds_are_refused(field, value):
    with pytest.raises(InputError, match=f"{field}: found {value}; expected a number from "):
        read(**{field: value})
