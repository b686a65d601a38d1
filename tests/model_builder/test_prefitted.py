"""Fitted estimators that the builder creates from an architecture and weights."""

from examples.scripts import TEST_DATA

from galaxy_keras.estimator.file import read_estimator

TOOL = "keras_model_builder"
CLASSIFIER = TEST_DATA / "dense_classifier_architecture.json"
REGRESSOR = TEST_DATA / "dense_regressor_architecture.json"


def test_a_prefitted_network_becomes_a_fitted_estimator(run_tool, tmp_path):
    form = {"mode_selection": {"mode_type": "prefitted"}}
    weights = TEST_DATA / "dense_classifier.weights.h5"
    assert run_tool(TOOL, form, architecture=CLASSIFIER, weights=weights, outfile="e.zip") == 0
    fitted = read_estimator(tmp_path / "out" / "e.zip").fitted
    assert (fitted.target_kind, fitted.feature_count, fitted.target_names) == ("outputs", 4, ["0", "1", "2"])


def test_weights_of_another_network_are_refused(check_refusal):
    form = {"mode_selection": {"mode_type": "prefitted"}}
    weights = TEST_DATA / "dense_classifier.weights.h5"
    line = check_refusal(TOOL, form, architecture=REGRESSOR, weights=weights, outfile="e.zip")
    assert "weights: found 43 weights; expected 31" in line
