"""Losses and metrics: old names, options, columns of the history, and which metric fits which target."""

import pytest

from galaxy_keras.catalog.losses_and_metrics import (
    check_metrics,
    join_metrics,
    make_loss,
    make_metric,
    Measure,
    read_loss,
    read_metric,
)
from galaxy_keras.errors import InputError

SPARSE, ONE_HOT, BINARY = (
    read_loss(name) for name in ("sparse_categorical_crossentropy", "categorical_crossentropy", "binary_crossentropy")
)


@pytest.mark.parametrize(
    "name, current",
    [("logcosh", "log_cosh"), ("cosine_proximity", "cosine_similarity"), ("mse", "mean_squared_error")],
)
def test_old_names_are_translated_with_a_line(capsys, name, current):
    assert read_loss(name).name == current
    assert capsys.readouterr().out == f"The loss {name} is called {current} in Keras 3\n"


def test_a_present_name_is_not_commented(capsys):
    assert read_metric("auc").name == "auc"
    assert capsys.readouterr().out == ""


def test_options_reach_keras():
    # Linear beyond the delta: 2 * (3 - 2 / 2).
    assert float(make_loss(read_loss("huber", {"delta": 2}))([[0.0]], [[3.0]])) == 4.0
    metric = make_metric(read_metric("auc", {"curve": "PR", "name": "area"}), BINARY, 1)
    assert (metric.get_config()["curve"], metric.name) == ("PR", "area")


def test_defaults_suit_tables():
    assert read_metric("f1_score").options["average"] == "macro"
    assert read_metric("pearson_correlation").options["axis"] == 0


def test_two_metrics_of_a_class_get_different_columns():
    metrics = [read_metric("auc"), read_metric("acc"), read_metric("auc", {"curve": "PR"}), read_metric("accuracy")]
    assert [metric.column for metric in join_metrics(metrics)] == ["auc", "accuracy", "auc_2"]


@pytest.mark.parametrize("column", ["auc", "loss"])
def test_a_column_cannot_be_given_twice(column):
    with pytest.raises(InputError, match=f"metric recall, name: found '{column}' twice"):
        join_metrics([read_metric("auc"), read_metric("recall", {"name": column})])


@pytest.mark.parametrize("column", ["a\tb", "val_x", "", 3])
def test_a_column_is_a_plain_name(column):
    with pytest.raises(InputError, match="metric auc, name: found"):
        read_metric("auc", {"name": column})


@pytest.mark.parametrize(
    "metric, options, loss, output_count, message",
    [
        (
            "auc",
            {},
            SPARSE,
            3,
            "found auc with sparse_categorical_crossentropy and 3 outputs; .* the same tables",
        ),
        ("sparse_categorical_accuracy", {}, ONE_HOT, 3, "expected accuracy, which fits every loss for classes$"),
        ("categorical_accuracy", {}, BINARY, 1, "found categorical_accuracy with binary_crossentropy and 1 output;"),
        ("top_k_categorical_accuracy", {}, ONE_HOT, 3, "k: found 5 for a network with 3 outputs; expected at most 2"),
        (
            "precision",
            {"class_id": 3},
            ONE_HOT,
            3,
            "class_id: found 3 for a network with 3 outputs; expected at mo",
        ),
        ("f1_score", {}, BINARY, 1, "metric f1_score, threshold: the field is empty for a network with 1 output"),
        ("one_hot_mean_iou", {"num_classes": 4}, ONE_HOT, 3, "num_classes: found 4 .*; expected 3"),
        ("one_hot_iou", {"num_classes": 3, "target_class_ids": [1, 7]}, ONE_HOT, 3, "target_class_ids: found 7"),
    ],
)
def test_metrics_that_do_not_fit_the_target_are_refused(metric, options, loss, output_count, message):
    with pytest.raises(InputError, match=message):
        check_metrics([read_metric(metric, options)], loss, output_count)


def test_accuracy_fits_every_target():
    for loss, output_count in ((SPARSE, 3), (ONE_HOT, 3), (BINARY, 1)):
        check_metrics([Measure("accuracy")], loss, output_count)
