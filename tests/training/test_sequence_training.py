"""Training on sequences: labels from every place, strands, splits of similar sequences, and what is refused."""

import json

import pandas as pd
import pytest
from examples.default_forms import sequence_fields, training_form
from examples.scripts import TEST_DATA

from galaxy_keras.estimator.file import read_estimator

SITES, LABELS = TEST_DATA / "splice_sites.fasta", TEST_DATA / "splice_sites.tabular"
ESTIMATOR = TEST_DATA / "sites_estimator.zip"
BY_SITE = ("by_header_name", "site")


def read_records(path=SITES):
    """Return identifier, class and sequence of each record."""
    lines = path.read_text().split()
    return list(
        zip([x[1:] for x in lines[::3]], [x.removeprefix("class=") for x in lines[1::3]], lines[2::3], strict=True)
    )


@pytest.fixture
def train_sites(train, tmp_path):
    """Train on sequences, and return the tables and the encoding in the estimator."""

    def run(features=SITES, target=None, fields=None, **changes):
        files = {"features": features, "target": target}
        overrides = [("epochs", "20")]
        tables = train(
            ESTIMATOR, files=files, sequences=sequence_fields(**(fields or {})), overrides=overrides, **changes
        )
        return tables, read_estimator(tmp_path / "out" / "fitted.zip").fitted

    return run


def test_labels_of_a_table_are_matched_by_identifier(train_sites, capsys):
    tables, fitted = train_sites(target=LABELS)
    assert tables["result"]["accuracy"][0] >= 0.9
    assert fitted.sequences.sample_shape == (40, 4)
    assert fitted.target_names == ["site"]
    log = capsys.readouterr().out
    assert "matched by the identifiers in column 1 (id)" in log
    assert "Sequences: 150 of 40 to 40 letters; one-hot, shape (40, 4); padded: 0, cut: 0" in log


def test_rows_of_a_table_without_identifiers_are_in_order(train_sites, tmp_path, capsys):
    table = tmp_path / "labels.tabular"
    table.write_text("site\n" + "".join(f"{label}\n" for _, label, _ in read_records()))
    tables, _ = train_sites(target=table)
    assert tables["result"]["accuracy"][0] >= 0.9
    assert "in the order of the sequences, because no column has their identifiers" in capsys.readouterr().out


def test_labels_of_headers_give_the_same_training(train_sites):
    by_table, _ = train_sites(target=LABELS)
    by_header, fitted = train_sites(fields={"header_pattern": "class={label}"})
    assert fitted.classes == ["acceptor", "donor", "neither"]
    pd.testing.assert_frame_equal(by_header["result"], by_table["result"])


def test_files_are_classes(train, tmp_path, capsys):
    names = tmp_path / "names.json"
    names.write_text(json.dumps({"training samples": ["donor.fasta", "acceptor.fa.gz"]}))
    files = {
        "features": [TEST_DATA / "donor.fasta", TEST_DATA / "acceptor.fasta"],
        "target": None,
        "dataset_names": names,
    }
    overrides = [("layers_2_Dense__config__units", "2")]
    tables = train(ESTIMATOR, files=files, sequences=sequence_fields(), overrides=overrides)
    assert list(tables["predicted"]) == ["acceptor", "donor", "Predicted"]
    assert tables["result"]["accuracy"][0] >= 0.9
    assert "Labels: the names of the 2 files" in capsys.readouterr().out


@pytest.mark.parametrize("strands", ["both", "random"])
def test_strands_change_the_training_rows_only(train_sites, strands):
    tables, _ = train_sites(target=LABELS, fields={"strands": strands})
    assert len(tables["true"]) == 30
    one, _ = train_sites(target=LABELS)
    assert tables["true"]["site"].tolist() == one["true"]["site"].tolist()
    assert tables["result"]["loss"][0] != one["result"]["loss"][0]


def test_k_mers_need_an_embedding_that_is_large_enough(check_training_refusal, make_estimator):
    import keras

    layers = [keras.layers.Embedding(65, 2), keras.layers.Flatten(), keras.layers.Dense(3, "softmax")]
    line = check_training_refusal(
        make_estimator(network=keras.Sequential(layers)),
        files={"features": SITES, "target": LABELS},
        sequences=sequence_fields(coding="k_mers", k=3),
    )
    assert ": found input_dim 65; expected 66 or more, because there are 64 k-mers" in line


@pytest.mark.parametrize("method", ["simple", "stratified"])
def test_a_sequence_and_its_reverse_complement_are_in_the_same_split(train_sites, tmp_path, method, capsys):
    records = read_records()
    turned = [(f"{name}_r", label, s.translate(str.maketrans("ACGT", "TGCA"))[::-1]) for name, label, s in records]
    fasta = tmp_path / "twice.fasta"
    fasta.write_text("".join(f">{name} class={label}\n{s}\n" for name, label, s in records + turned))
    split = {"shuffle": method, "test_size": 0.2, "random_state": 1}
    tables, _ = train_sites(fasta, fields={"header_pattern": "class={label}"}, split=split)
    part = tables["split"]["part"].to_numpy()
    assert (part[:150] == part[150:]).all()
    assert (part == "validation").sum() == 60
    assert "300 of 300 sequences are identical to another one (either strand)" in capsys.readouterr().out


def test_folds_keep_similar_sequences_together(train_sites, tmp_path, capsys):
    fasta = tmp_path / "overlapping.fasta"
    pieces = [(f"{name}_{i}", label, s[i : i + 36]) for name, label, s in read_records()[:60] for i in (0, 2, 4)]
    fasta.write_text("".join(f">{name} class={label}\n{s}\n" for name, label, s in pieces))
    folds = {"n_splits": 3, "split_algos": {"shuffle": "stratified", "n_repeats": 1, "random_state": 4}}
    tables, _ = train_sites(fasta, fields={"header_pattern": "class={label}", "similar": 25}, folds=folds)
    for fold in ("fold_1", "fold_2", "fold_3"):
        splits = tables["split"][fold].to_numpy().reshape(60, 3)
        assert (splits == splits[:, :1]).all()
    assert "180 of 180 sequences share 25 letters in a row with another one" in capsys.readouterr().out


def test_copies_in_two_splits_and_telling_traits_are_reported(train_sites, tmp_path, capsys):
    records = read_records()[:90]
    # All sequences of a class are long, and the last rows repeat the first ones.
    records = [(n, c, s + "A" * 9 if c == "donor" else s) for n, c, s in records]
    records += [(f"{n}_again", c, s) for n, c, s in records[:10]]
    fasta = tmp_path / "sequences.fasta"
    fasta.write_text("".join(f">{name} class={label}\n{s}\n" for name, label, s in records))
    split = {"shuffle": "None", "test_size": 0.2}
    train_sites(fasta, fields={"header_pattern": "class={label}"}, split=split)
    log = capsys.readouterr().out
    assert "Warning: 10 of 20 evaluation sequences are identical to a training sequence (either strand)" in log
    assert "Warning: the length alone tells donor from the other classes (ROC area 1.00)" in log


REFUSALS = {
    "no labels": ({"features": SITES, "target": None}, {}, "Sequences: found one file and no labels"),
    "two places": (
        {"features": SITES, "target": LABELS},
        {"header_pattern": "={label}"},
        "labels from one of them",
    ),
    "another alphabet": (
        {"features": SITES, "target": LABELS},
        {"alphabet": "letters", "letters": "A"},
        "letters: found 'A'; expected from 2",
    ),
    "strands of proteins": (
        {"features": SITES, "target": LABELS},
        {"alphabet": "protein", "strands": "both"},
        "reverse complement: found both for protein",
    ),
}


@pytest.mark.parametrize("files, fields, message", REFUSALS.values(), ids=REFUSALS.keys())
def test_unusable_sequences_are_refused(check_training_refusal, files, fields, message):
    assert message in check_training_refusal(ESTIMATOR, files=files, sequences=sequence_fields(**fields))


def test_both_shapes_are_named_if_they_differ(check_training_refusal, make_estimator):
    import keras

    network = keras.Sequential([keras.Input((30, 4)), keras.layers.Flatten(), keras.layers.Dense(3, "softmax")])
    files = {"features": SITES, "target": LABELS}
    line = check_training_refusal(make_estimator(network=network), files=files, sequences=sequence_fields())
    assert (
        "Sequences: found encoded sequences of the shape (40, 4); expected (30, 4), the network's input shape" in line
    )


def test_the_report_warns_about_leaks(run_tool, tmp_path):
    form = training_form(sequences=sequence_fields(), columns2=BY_SITE)
    files = {"estimator": ESTIMATOR, "features": SITES, "target": LABELS}
    assert run_tool("keras_train_and_eval", form, **files, outfile_result="r", outfile_report="report.html") == 0
    report = (tmp_path / "out" / "report.html").read_text()
    assert "<p>Leaks: no evaluation sequence is identical to a training sequence (either strand)</p>" in report
    assert "sequences, one-hot, shape (40, 4)" in report
