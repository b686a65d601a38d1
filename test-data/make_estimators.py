"""Create the tables and estimators for tests of training and prediction from the iris dataset.

Run it with the tools' environment: ``python test-data/make_estimators.py``. The files are written to the folder
of the script.
"""

import sys
import zipfile
from dataclasses import replace
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "tools" / "shared"), str(HERE.parent / "tools" / "keras_train_and_eval")]

from galaxy_keras.runtime import configure_keras, seed_everything

configure_keras()

import keras
import numpy as np
import pandas as pd
from scipy.io import mmwrite
from scipy.sparse import coo_array
from sklearn.datasets import load_iris

from galaxy_keras.catalog.losses_and_metrics import read_loss, read_metric
from galaxy_keras.data.tables import Features, read_columns, read_features, TableSource, write_table
from galaxy_keras.data.text import TextChoice, Texts
from galaxy_keras.estimator.contents import Estimator, FitParameters
from galaxy_keras.estimator.file import write_estimator
from galaxy_keras.estimator.weights_file import save_weights
from galaxy_keras.forms.column_choices import ColumnChoice
from galaxy_keras.network.architecture import read_architecture
from training.fitting.training import Training
from training.splits.schemes import RowSplit
from training.targets.output_targets import read_targets

SEED = 7
FEATURES = ["sepal_length", "sepal_width", "petal_length", "petal_width"]


def make_tables() -> None:
    """Write tables of the iris dataset: measurements, and targets in several encodings."""
    data = load_iris()
    species = data.target_names[data.target]
    write_table(HERE / "iris_measures.tabular", list(zip(FEATURES, data.data.T, strict=True)))
    write_table(HERE / "iris_species.tabular", [("species", species)])
    some = ["" if row in (3, 8) else name for row, name in enumerate(species)]
    (HERE / "iris_some_species.tabular").write_text("\n".join(["species", *some, ""]))
    write_table(
        HERE / "iris_species_one_hot.tabular",
        [(name, (species == name).astype(int)) for name in data.target_names],
    )
    is_setosa = (species == "setosa").astype(int)
    (HERE / "iris_is_setosa.tabular").write_text("".join(f"{flag}\n" for flag in is_setosa))
    fields = np.array(["a", "b", "c", "d", "e"])[np.arange(len(species)) % 5]
    write_table(HERE / "iris_fields.tabular", [("field", fields)])
    parts = np.array(["train", "train", "train", "validation", "test"])[np.arange(len(species)) % 5]
    write_table(HERE / "iris_parts.tabular", [("part", parts)])
    write_table(HERE / "iris_flowers.tabular", [*zip(FEATURES, data.data.T, strict=True), ("species", species)])
    write_refused(data.data, species)
    with (HERE / "iris_measures.mtx").open("wb") as file:
        mmwrite(file, coo_array(data.data))
    shuffled = ["petal_width", "sepal_length", "petal_length", "sepal_width"]
    write_table(
        HERE / "iris_measures_other_order.tabular", [(name, data.data[:, FEATURES.index(name)]) for name in shuffled]
    )


def write_refused(measures: np.ndarray, species: np.ndarray) -> None:
    """Write every tenth sample, with columns that are unsuitable as targets."""
    rows = np.arange(0, len(measures), 10)
    sepals, widths, petals = measures[rows, :3].T
    ones = np.ones(len(rows), dtype=int)
    write_table(
        HERE / "refused_flowers.tabular",
        [
            ("sepal_mm", (10 * sepals).astype(int)),
            ("petal_mm", (10 * petals).astype(int)),
            ("petal_cm", petals),
            ("genus", np.full(len(rows), "Iris")),
            ("is_tall", (sepals > 5.8).astype(int)),
            ("is_wide", (widths > 3).astype(int)),
            ("is_flower", ones),
            ("is_tree", 1 - ones),
            ("val", species[rows]),
            ("weight", ["", *ones[1:]]),
        ],
    )
    (HERE / "ragged.tabular").write_text("length\twidth\n5.1\t3.5\n4.9\n")


def make_estimator(
    task: str, input_count: int, outputs: int, activation: str, loss: str, metrics: list[str], epochs: int = 40
) -> Estimator:
    """Return an unfitted estimator with one hidden layer."""
    seed_everything(SEED)
    network = keras.Sequential(
        [
            keras.Input((input_count,)),
            keras.layers.Dense(16, activation="relu", name="hidden"),
            keras.layers.Dense(outputs, activation=activation, name="output"),
        ],
        name="iris",
    )
    return Estimator(
        task=task,
        loss=read_loss(loss),
        optimizer=keras.optimizers.serialize(keras.optimizers.Adam(0.02)),
        metrics=[read_metric(metric) for metric in metrics],
        fit=FitParameters(epochs=epochs, batch_size=16),
        seed=SEED,
        architecture=keras.saving.serialize_keras_object(network),
    )


def fit(estimator: Estimator, target: str, features: ColumnChoice, name: str) -> None:
    """Fit an estimator to all iris samples, and write the estimator and its weights."""
    seed_everything(SEED)
    measures = read_features(TableSource(HERE / "iris_measures.tabular", "measures", True, features))
    truth = read_columns(TableSource(HERE / target, target, "setosa" not in target, ColumnChoice()))
    fit_samples(estimator, measures, truth, name)


def fit_samples(estimator: Estimator, samples: Features | Texts, truth: pd.DataFrame, name: str) -> None:
    """Fit an estimator to all samples, and write the estimator and its weights."""
    training = Training(estimator, samples, read_targets(truth, estimator, has_header=True))
    rows = np.arange(samples.row_count)
    fitted = training.fit(RowSplit(rows, rows, rows))
    weights = HERE / f"{name}.weights.h5"
    save_weights(training.network, weights)
    write_estimator(HERE / f"{name}.zip", fitted, weights)


def make_texts() -> None:
    """Write film reviews, an estimator that reads text, and estimators with several inputs or outputs."""
    generator = np.random.default_rng(SEED)
    judgments = np.array([["bad", "awful", "dull"], ["good", "great", "moving"]])
    labels = np.arange(120) % 2
    texts = [f"The film was {' and '.join(generator.permutation(judgments[label])[:2])}!" for label in labels]
    names = np.array(["negative", "positive"])[labels]
    write_table(HERE / "film_texts.tabular", [("text", texts), ("judgment", names)])
    binary = make_estimator("classification", 4, 1, "sigmoid", "binary_crossentropy", ["accuracy"], epochs=15)
    reader = keras.Sequential(
        [
            keras.Input((6,)),
            keras.layers.Embedding(12, 4),
            keras.layers.Flatten(),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    text_estimator = replace(binary, architecture=keras.saving.serialize_keras_object(reader))
    write_estimator(HERE / "text_estimator.zip", text_estimator)
    table = TableSource(HERE / "film_texts.tabular", "texts", True, ColumnChoice("by_header_name", names="text"))
    samples = Texts(table, TextChoice(skipped_count=1, vocabulary_size=10, length=6))
    truth = read_columns(replace(table, columns=ColumnChoice("by_header_name", names="judgment")))
    fit_samples(text_estimator, samples, truth, "fitted_texts")
    parts = [keras.Input((2,)), keras.Input((2,))]
    hidden = [keras.layers.Dense(8, activation="relu")(part) for part in parts]
    outputs = keras.layers.Dense(1, activation="sigmoid")(keras.layers.Concatenate()(hidden))
    two = keras.saving.serialize_keras_object(keras.Model(parts, outputs))
    branched = replace(binary, architecture=two)
    write_estimator(HERE / "two_inputs_estimator.zip", branched)
    petal_first = ColumnChoice("by_index_number", numbers=(3, 4, 1, 2))
    fit(branched, "iris_is_setosa.tabular", petal_first, "fitted_two_inputs")
    (HERE / "fitted_two_inputs.weights.h5").unlink()
    measures = keras.Input((2,))
    hidden = keras.layers.Dense(8, activation="relu")(measures)
    two = keras.saving.serialize_keras_object(keras.Model(measures, [keras.layers.Dense(1)(hidden) for _ in range(2)]))
    write_early_stopping(binary)
    petal = make_estimator("regression", 2, 1, "linear", "mean_squared_error", ["mean_absolute_error"], epochs=60)
    write_estimator(HERE / "two_outputs_estimator.zip", replace(petal, architecture=two))


def write_early_stopping(binary: Estimator) -> None:
    """Write an estimator that reads any number of pairs per row and monitors the validation loss."""
    network = keras.Sequential(
        [
            keras.Input((None, 2)),
            keras.layers.GlobalAveragePooling1D(),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    stop = {"class_name": "EarlyStopping", "config": {"monitor": "val_loss"}}
    fit = replace(binary.fit, callbacks=[stop])
    early_stopping = replace(binary, architecture=keras.saving.serialize_keras_object(network), fit=fit)
    write_estimator(HERE / "early_stopping_estimator.zip", early_stopping)


def make_two_targets() -> None:
    """Write a table of species and size, and an unfitted and a fitted estimator with both targets."""
    data = load_iris()
    sizes = np.where(data.data[:, 0] > 5.8, "large", "small")
    write_table(HERE / "iris_two_targets.tabular", [("species", data.target_names[data.target]), ("size", sizes)])
    network = read_architecture(HERE / "two_heads_architecture.json")
    one = make_estimator("classification", 4, 1, "sigmoid", "categorical_crossentropy", ["accuracy"])
    both = replace(one, architecture=network)
    write_estimator(HERE / "two_targets_estimator.zip", both)
    fit(both, "iris_two_targets.tabular", ColumnChoice(), "fitted_two_targets")
    # The estimator contains the same weights.
    (HERE / "fitted_two_targets.weights.h5").unlink()


def make_branched() -> None:
    """Write fitted estimators with two inputs and two outputs of one column each: for numbers and for 0/1 columns."""
    chosen = ColumnChoice("by_header_name", names="petal_length, sepal_length")
    samples = read_features(TableSource(HERE / "iris_measures.tabular", "measures", True, chosen))
    values = pd.DataFrame(load_iris().data, columns=FEATURES)[["petal_width", "sepal_width"]]
    flags = (values > values.mean()).astype(int).rename(columns=lambda name: f"large_{name}")
    kinds = [
        ("fitted_two_numbers", values, "regression", "linear", "mean_squared_error"),
        ("fitted_two_labels", flags, "classification", "sigmoid", "binary_crossentropy"),
    ]
    for name, truth, task, activation, loss in kinds:
        estimator = make_estimator(task, 1, 1, activation, loss, ["mean_squared_error"])
        parts = [keras.Input((1,), name=column) for column in ("petal", "sepal")]
        hidden = [keras.layers.Dense(8, activation="relu")(part) for part in parts]
        joined = keras.layers.Concatenate(name="joined")(hidden)
        outputs = [keras.layers.Dense(1, activation=activation)(joined) for _ in range(2)]
        network = keras.saving.serialize_keras_object(keras.Model(parts, outputs))
        fit_samples(replace(estimator, architecture=network), samples, truth, name)
        # No test needs a separate weights file.
        (HERE / f"{name}.weights.h5").unlink()


def make_foreign_zip() -> None:
    """Write a zip archive that is not an estimator."""
    with zipfile.ZipFile(HERE / "foreign.zip", "w") as archive:
        archive.writestr(zipfile.ZipInfo("readme.txt"), "No estimator.\n")


def main() -> None:
    """Create all files."""
    make_tables()
    make_foreign_zip()
    classify = "classification"
    sparse = "sparse_categorical_crossentropy"
    binary = make_estimator(classify, 4, 1, "sigmoid", "binary_crossentropy", ["accuracy"])
    species = make_estimator(classify, 4, 3, "softmax", sparse, ["accuracy"])
    one_hot = make_estimator(classify, 4, 3, "softmax", "categorical_crossentropy", ["accuracy"])
    petal = make_estimator("regression", 3, 1, "linear", "mean_squared_error", ["mean_absolute_error"])
    write_estimator(HERE / "binary_estimator.zip", binary)
    write_estimator(HERE / "species_estimator.zip", species)
    write_estimator(HERE / "one_hot_estimator.zip", one_hot)
    write_estimator(HERE / "petal_width_estimator.zip", petal)
    everything = ColumnChoice()
    fit(binary, "iris_is_setosa.tabular", everything, "fitted_is_setosa")
    fit(species, "iris_species.tabular", everything, "fitted_species")
    first_three = ColumnChoice("by_index_number", numbers=(1, 2, 3))
    make_texts()
    make_two_targets()
    make_branched()
    write_petal_width()
    fit(petal, "iris_petal_width.tabular", first_three, "fitted_petal_width")


def write_petal_width() -> None:
    """Write the petal width as a target."""
    write_table(HERE / "iris_petal_width.tabular", [("petal_width", load_iris().data[:, 3])])


if __name__ == "__main__":
    main()
