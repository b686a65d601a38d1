"""The settings in the training report: complete, and in the words of the forms."""

from galaxy_keras.catalog.losses_and_metrics import Measure
from galaxy_keras.estimator.contents import Estimator, FitParameters
from training.report.settings import list_settings
from training.splits.folds import FoldChoice
from training.splits.holdouts import SplitChoice
from training.splits.schemes import Scheme

STOP = {"module": "keras.callbacks", "class_name": "EarlyStopping", "config": {"monitor": "val_loss", "patience": 0}}


def make_estimator(**changes):
    optimizer = {
        "module": "keras.optimizers",
        "class_name": "SGD",
        "config": {"name": "SGD", "learning_rate": 0.5, "nesterov": False, "clipnorm": None},
        "registered_name": None,
    }
    loss = Measure("binary_crossentropy", {"label_smoothing": 0.0})
    metrics = [Measure("accuracy"), Measure("top_k", {"name": "top", "k": 3})]
    return Estimator("classification", loss, optimizer, metrics, FitParameters(**changes), 7, {"class_name": "Model"})


def test_objects_are_named_by_their_class_followed_by_their_arguments():
    settings = list_settings(make_estimator(callbacks=[STOP]), Scheme())
    assert settings == [
        ("task", "classification"),
        ("loss", "binary_crossentropy"),
        ("loss label_smoothing", "0.0"),
        ("optimizer", "SGD"),
        ("optimizer learning_rate", "0.5"),
        ("optimizer nesterov", "no"),
        ("metric 1", "accuracy"),
        ("metric 2", "top_k"),
        ("metric 2 name", "top"),
        ("metric 2 k", "3"),
        ("epochs", "1"),
        ("batch_size", "32"),
        ("shuffle", "yes"),
        ("callback 1", "EarlyStopping"),
        ("callback 1 monitor", "val_loss"),
        ("callback 1 patience", "0"),
        ("random seed", "7"),
    ]


def test_holdouts_and_folds_have_the_names_of_the_form():
    holdouts = Scheme(
        SplitChoice("Test holdout", "group", group_names=("a", "b")), SplitChoice("Validation holdout", seed=0)
    )
    assert list_settings(make_estimator(), holdouts)[:6] == [
        ("test holdout splitting method", "group"),
        ("test holdout size", "0.2"),
        ("test holdout groups to hold out", "a, b"),
        ("validation holdout splitting method", "simple"),
        ("validation holdout size", "0.2"),
        ("validation holdout random seed", "0"),
    ]
    folds = list_settings(make_estimator(), Scheme(folds=FoldChoice("stratified", 10, is_refitted=False)))
    assert folds[:4] == [
        ("cross-validation splitting method", "stratified"),
        ("cross-validation number of folds", "10"),
        ("cross-validation number of repeats", "1"),
        ("cross-validation final network on all rows", "no"),
    ]


def test_the_fraction_of_the_builder_and_class_weights_keep_their_names():
    settings = dict(list_settings(make_estimator(validation_split=0.25, class_weight={"rare": 3.0}), Scheme()))
    assert settings["validation_split"] == "0.25"
    assert settings["class_weight rare"] == "3.0"
