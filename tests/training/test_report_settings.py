"""The settings in the training report: complete, and in the words of the forms."""

from xml.etree import ElementTree

from examples.scripts import ROOT

from galaxy_keras.catalog.losses_and_metrics import Measure
from galaxy_keras.estimator.contents import Estimator, FitParameters
from training.report.settings import FOLD_METHODS, HOLDOUT_METHODS, list_settings
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
        ("scheme", "Train on all rows"),
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
        SplitChoice("Test holdout", "group", group_names=("a", "b")), SplitChoice("Validation holdout", "None", seed=0)
    )
    assert list_settings(make_estimator(), holdouts)[:8] == [
        ("scheme", "Train, Validate and Test"),
        ("Test holdout, splitting method", "GroupShuffleSplit"),
        ("Test holdout, size", "0.2"),
        ("Test holdout, groups", "a, b"),
        ("Validation holdout, splitting method", "No shuffle"),
        ("Validation holdout, size", "0.2"),
        ("Validation holdout, random seed", "0"),
        ("task", "classification"),
    ]
    folds = list_settings(make_estimator(), Scheme(folds=FoldChoice("stratified", 10, is_refitted=False)))
    assert folds[:5] == [
        ("scheme", "Cross-validate"),
        ("Folds, splitting method", "StratifiedKFold"),
        ("Folds, number of folds", "10"),
        ("Folds, number of repeats", "1"),
        ("Folds, final network", "no"),
    ]


def test_one_holdout_has_the_name_of_the_form():
    settings = list_settings(make_estimator(), Scheme(SplitChoice("Validation holdout")))
    assert settings[:2] == [
        ("scheme", "Train and Validate"),
        ("Validation holdout, splitting method", "ShuffleSplit"),
    ]


def test_every_splitting_method_of_the_form_has_its_name():
    splits = ElementTree.parse(ROOT / "tools" / "keras_train_and_eval" / "splits.xml")
    offered = [
        {option.get("value"): option.text.split(" -- ")[0] for option in field}
        for field in splits.iter("param")
        if field.get("name") == "shuffle"
    ]
    assert HOLDOUT_METHODS in offered
    assert FOLD_METHODS in offered


def test_labels_with_class_weights_can_have_any_name():
    weights = {"options": 1.0, "seed": 2.0, "fit": 3.0, "class_name": 4.0, "config": 5.0}
    settings = dict(list_settings(make_estimator(class_weight=weights), Scheme()))
    assert {f"class_weight {label}": str(weight) for label, weight in weights.items()}.items() <= settings.items()


def test_the_fraction_of_the_builder_is_not_used():
    settings = dict(list_settings(make_estimator(validation_split=0.25), Scheme()))
    assert not [name for name in settings if "validation_split" in name]
