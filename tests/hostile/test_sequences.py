"""Training and prediction refuse hostile FASTA files with one message and never misread them."""

import gzip

import pytest
from examples.default_forms import sequence_fields, training_form
from examples.scripts import TEST_DATA
from hypothesis import given, settings
from hypothesis import strategies as st

from hostile.harness import check_refused
from hostile.sequences import fuzz, samples

SAMPLES = dict(samples())
ESTIMATOR, FITTED = TEST_DATA / "sites_estimator.zip", TEST_DATA / "fitted_sites.zip"
LABELS = TEST_DATA / "splice_sites.tabular"


@pytest.mark.parametrize("name", SAMPLES)
def test_training_refuses_hostile_sequences(start_tool, write_form, tmp_path, name):
    (tmp_path / "x").write_bytes(SAMPLES[name])
    form = write_form(training_form(sequences=sequence_fields()))
    files = ["--inputs", form, "--estimator", ESTIMATOR, "--features", tmp_path / "x", "--target", LABELS]
    done = start_tool("keras_train_and_eval").run(*files, "--outfile-result", tmp_path / "result")
    check_refused(done, [tmp_path / "result"])


@pytest.mark.parametrize("name", SAMPLES)
def test_prediction_refuses_hostile_sequences(start_tool, write_form, tmp_path, name):
    (tmp_path / "x").write_bytes(SAMPLES[name])
    form = write_form({"method": "predict", "input_options": {"selected_input": "seq_fasta"}})
    files = ["--inputs", form, "--estimator", FITTED, "--features", tmp_path / "x"]
    check_refused(start_tool("model_prediction").run(*files, "--outfile-predict", tmp_path / "p"), [tmp_path / "p"])


@pytest.mark.parametrize("pattern", ["{label}" * 2, "", "(a+)+{label}", "{label}" + "x" * 9_999, "\0{label}"])
def test_a_hostile_header_pattern_is_refused(start_tool, write_form, tmp_path, pattern):
    form = write_form(training_form(sequences=sequence_fields(header_pattern=pattern)))
    files = ["--inputs", form, "--estimator", ESTIMATOR, "--features", TEST_DATA / "splice_sites.fasta"]
    done = start_tool("keras_train_and_eval").run(*files, "--outfile-result", tmp_path / "result")
    check_refused(done, [tmp_path / "result"])


def test_a_gzip_bomb_needs_little_memory(start_tool, write_form, tmp_path):
    (tmp_path / "x").write_bytes(gzip.compress(b">a\n" + b"N" * 300_000_000 + b"\n"))
    form = write_form({"method": "predict", "input_options": {"selected_input": "seq_fasta"}})
    files = ["--inputs", form, "--estimator", FITTED, "--features", tmp_path / "x"]
    check_refused(start_tool("model_prediction").run(*files, "--outfile-predict", tmp_path / "p"), [tmp_path / "p"])


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.integers(0, 2**32))
def test_a_changed_file_is_read_like_the_simple_reader_does_or_refused(seed):
    fuzz(seed)
