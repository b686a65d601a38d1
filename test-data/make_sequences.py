"""Create FASTA files with splice sites that are easy to learn, their labels, and estimators for them.

Run it with the tools' environment: ``python test-data/make_sequences.py``. The files are written to the folder of the
script.
"""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "tools" / "shared"), str(HERE.parent / "tools" / "keras_train_and_eval")]

from galaxy_keras.runtime import configure_keras, seed_everything

configure_keras()

import keras
import numpy as np
import pandas as pd
from make_estimators import fit_samples

from galaxy_keras.catalog.losses_and_metrics import read_loss, read_metric
from galaxy_keras.data.sequence_samples import read_fasta_samples, SequenceChoice
from galaxy_keras.data.table_rows import TableSource
from galaxy_keras.data.tables import write_table
from galaxy_keras.estimator.contents import Estimator, FitParameters
from galaxy_keras.estimator.file import write_estimator
from galaxy_keras.forms.column_choices import ColumnChoice
from galaxy_keras.sequences.encoding import EQUAL, ONE_HOT, SequenceEncoding
from galaxy_keras.sequences.letters import END

SEED = 7
LENGTH = 40
# The letters in the middle of a sequence of each class.
SITES = {"donor": "CAGGTAAGT", "acceptor": "TTTTTCAGG", "neither": ""}


def make_sequences() -> dict[str, tuple[str, str]]:
    """Return the sequence and the class of each identifier."""
    generator = np.random.default_rng(SEED)
    records = {}
    for number in range(150):
        label = list(SITES)[number % 3]
        letters = generator.choice(list("ACGT"), LENGTH)
        site = list(SITES[label])
        letters[16 : 16 + len(site)] = site
        records[f"site_{number + 1}"] = ("".join(letters), label)
    return records


def write_fasta(name: str, records: dict[str, tuple[str, str]]) -> None:
    """Write records with their class in the header."""
    lines = [f">{identifier} class={label}\n{sequence}\n" for identifier, (sequence, label) in records.items()]
    (HERE / name).write_text("".join(lines))


def make_estimator() -> Estimator:
    """Return an unfitted estimator with a convolution that takes sequences of any length."""
    seed_everything(SEED)
    network = keras.Sequential(
        [
            keras.layers.Conv1D(8, 7, activation="relu", name="motifs"),
            keras.layers.GlobalMaxPooling1D(name="best"),
            keras.layers.Dense(3, activation="softmax", name="output"),
        ],
        name="sites",
    )
    return Estimator(
        task="classification",
        loss=read_loss("sparse_categorical_crossentropy"),
        optimizer=keras.optimizers.serialize(keras.optimizers.Adam(0.02)),
        metrics=[read_metric("accuracy")],
        fit=FitParameters(epochs=30, batch_size=16),
        seed=SEED,
        architecture=keras.saving.serialize_keras_object(network),
    )


def main() -> None:
    """Write all files."""
    records = make_sequences()
    write_fasta("splice_sites.fasta", records)
    for label in ("donor", "acceptor"):
        write_fasta(f"{label}.fasta", {name: record for name, record in records.items() if record[1] == label})
    order = np.random.default_rng(SEED).permutation(list(records))
    write_table(HERE / "splice_sites.tabular", [("id", order), ("site", [records[name][1] for name in order])])
    estimator = make_estimator()
    write_estimator(HERE / "sites_estimator.zip", estimator)
    source = TableSource(HERE / "splice_sites.fasta", "sequences", False, ColumnChoice())
    encoding = SequenceEncoding("dna", "ACGT", ONE_HOT, 1, 1, 0, END, END, EQUAL)
    samples = read_fasta_samples(source, SequenceChoice(encoding, files=(source.path,)))
    fit_samples(estimator, samples, pd.DataFrame({"site": [label for _, label in records.values()]}), "fitted_sites")
    (HERE / "fitted_sites.weights.h5").unlink()


if __name__ == "__main__":
    main()
