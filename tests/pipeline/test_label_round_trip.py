"""Labels are byte-identical in the user's table and in the predictions."""

import pytest
from examples.default_forms import prediction_form, training_form
from examples.scripts import TEST_DATA

OUTPUTS = {
    "outfile_result": "result",
    "outfile_object": "fitted.zip",
    "outfile_weights": "weights.h5",
    "outfile_y_true": "true",
}
# Labels in the order of the classes.
LABELS = {
    "codes that look like numbers": ["-1", "01", "+2"],
    "numbers with a point": ["1.0", "2.0", "10.0"],
    "longer than a float": ["9007199254740992", "9007199254740993", "+9007199254740994"],
    "quotation marks": ['"', '""', 'say "a"'],
    "dates, booleans and punctuation": ["01.02.2020", "False", "\\t#,;'"],
    "other alphabets": ["x" * 5000, "\u00e4\u2028b", "\u03b2\x85cell"],
}


@pytest.mark.parametrize("labels", LABELS.values(), ids=LABELS.keys())
def test_labels_are_predicted_unchanged(run_tool, tmp_path, labels):
    target, features = tmp_path / "y.tsv", {"features": TEST_DATA / "iris_measures.tabular"}
    target.write_bytes("".join(f"{labels[row // 50]}\n" for row in range(150)).encode())
    estimator = TEST_DATA / "species_estimator.zip"
    form = training_form(header2=False, overrides=[("epochs", "1")])
    assert run_tool("keras_train_and_eval", form, estimator=estimator, **features, target=target, **OUTPUTS) == 0
    out = tmp_path / "out"
    assert set(out.joinpath("true").read_bytes().decode().split("\n")[1:-1]) <= set(labels)
    form = prediction_form(method="predict_and_proba")
    fitted = {"estimator": out / "fitted.zip", "outfile_predict": "predicted"}
    assert run_tool("model_prediction", form, **features, **fitted) == 0
    header, *rows = (line.split("\t") for line in out.joinpath("predicted").read_bytes().decode().split("\n")[:-1])
    assert header == [*labels, "Predicted"]
    for row in rows:
        assert row[-1] == labels[max(range(3), key=lambda place: float(row[place]))]
