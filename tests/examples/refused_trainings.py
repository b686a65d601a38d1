"""Forms that the training refuses, by a part of the error message."""

from examples.training_forms import (
    by_name,
    by_number,
    ExampleFile,
    FEW_FLOWERS,
    few_flowers,
    FLOWERS,
    flowers,
    folds,
    Form,
    groups,
    one_table,
    split,
    train,
    with_target,
)

Refusals = dict[str, Form]
PETAL_WIDTH = flowers((1, 2, 3), (4,))
BY_FIELD = {"groups_selector": groups("iris_fields.tabular")}
BY_PART = {"groups_selector": groups("iris_parts.tabular")}

SPLITS: Refusals = {
    "Validation holdout, shuffle: found stratified for a target without one class per row; expected simple": train(
        "petal_width", PETAL_WIDTH, test_split=split("stratified")
    ),
    "Validation holdout: The test_size = 2 should be greater or equal to the number of classes = 3": train(
        "species", flowers(), test_split=split("stratified", test_size=2)
    ),
    "Validation holdout, test_size: found 1.5; expected a fraction between 0 and 1, or a whole number of rows": train(
        "species", flowers(), test_split=split("simple", test_size=1.5)
    ),
    "Validation holdout, group_names: found 'b [1] # | %'; expected one of 'a', 'b', 'c', 'd', 'e'": train(
        "species", flowers(), test_split=split("group", group_names="a, b [1] # | %", **BY_FIELD)
    ),
    "Dataset containing groups: found 5 selected columns; expected one": train(
        "species",
        flowers(),
        test_split=split("group", test_size=0.2, groups_selector=groups("iris_flowers.tabular")),
    ),
    "Validation holdout, shuffle: found group without a group column": train(
        "species",
        flowers(),
        scheme="train_val_test",
        test_split=split("simple"),
        val_split=split("group", test_size=0.2),
    ),
    "Validation holdout, shuffle: found a split by column without a column": train(
        "species", flowers(), scheme="train_val_test", test_split=split("simple"), val_split=split("column")
    ),
    "Validation holdout, split column, sample 1: found 'a'; expected train, validation or test": train(
        "species", flowers(), test_split=split("column", **BY_FIELD)
    ),
    "Validation holdout, split column: found test rows, which are not used; expected the scheme": train(
        "species", flowers(), test_split=split("column", **BY_PART)
    ),
    "Folds, shuffle: found stratified for a target without one class per row; expected simple": train(
        "petal_width", PETAL_WIDTH, scheme="cross_validation", folds=folds(3, "stratified")
    ),
    "Folds: found the class 'setosa' with 50 rows among 150 (too few rows in 3 classes)": train(
        "species", flowers(), scheme="cross_validation", folds=folds(60, "stratified")
    ),
    "Folds: Cannot have number of splits n_splits=6 greater than the number of groups: 5": train(
        "species", flowers(), scheme="cross_validation", folds=folds(6, "group", **BY_FIELD)
    ),
}

TARGETS: Refusals = {
    "column species, sample 1: found the text 'setosa' for a regression; expected a number": train(
        "petal_width", flowers((1, 2, 3), (5,))
    ),
    "found 2 columns with values other than 0 and 1; expected one column of labels": train(
        "species", flowers((1, 2, 4), (3, 5))
    ),
    "found 15 different numbers in 15 rows, such as 1.3": train("binary", few_flowers("petal_cm")),
    "column genus: found only one class, Iris; expected at least two classes": train("binary", few_flowers("genus")),
    "found rows of only one class; expected at least two classes": train("binary", few_flowers("is_flower", "is_tree")),
    "architecture, last layer: found 1 output for 2 target columns; expected as many outputs as columns": train(
        "petal_width", flowers((1, 2, 3), (3, 4))
    ),
    "found sparse_categorical_crossentropy for rows with none or several of the labels": train(
        "species", few_flowers("is_tall", "is_wide", "is_flower")
    ),
    "found 1 column for a network with 2 outputs": train("two_targets", flowers()),
    "of the classes of the output three; expected exactly one": train(
        "two_targets", few_flowers("is_tall", "is_wide", "is_tree", "is_flower")
    ),
    "with which two metrics would have the name val_loss; expected other names": train(
        "two_targets", few_flowers("val", "is_tall")
    ),
    "class weights: found them for a regression; expected none": train(
        "petal_width", PETAL_WIDTH, overrides=(("class_weight", "'balanced'"),)
    ),
    "class weights: found the label 'rose'; expected one of 'setosa', 'versicolor', 'virginica'": train(
        "species", flowers(), overrides=(("class_weight", "{'rose': 2.0}"),)
    ),
    "class weights: found them for a network with 2 outputs with different classes; expected none": train(
        "two_targets",
        with_target(
            {
                "selected_input": "tabular",
                "infile1": FLOWERS,
                "header1": True,
                "column_selector_options_1": by_number(1, 2, 3, 4),
            },
            ExampleFile("iris_two_targets.tabular"),
            has_header=True,
        ),
        overrides=(("class_weight", "'balanced'"),),
    ),
}


def _several(*columns: list[int]) -> Form:
    inputs = [{"columns": numbers} for numbers in columns]
    return with_target({"selected_input": "several", "infile1": FLOWERS, "header1": True, "network_inputs": inputs})


def _several_by_name(*names: str) -> Form:
    inputs = [{"names": listed} for listed in names]
    return with_target(
        {"selected_input": "several_by_name", "infile1": FLOWERS, "header1": True, "network_inputs": inputs}
    )


def _iris(target: str, *, has_header: bool = True, measures: str = "iris_measures.tabular") -> Form:
    samples = {"selected_input": "tabular", "infile1": ExampleFile(measures), "header1": True}
    columns = {"column_selector_options_1": {"selected_column_selector_option": "all_columns"}}
    return with_target({**samples, **columns}, ExampleFile(target), has_header=has_header)


def _texts(**options: int) -> Form:
    columns = {"column_selector_options_1": by_name("text"), "column_selector_options_2": by_name("judgment", of="2")}
    tables = {"infile1": ExampleFile("film_texts.tabular"), "infile2": ExampleFile("film_texts.tabular")}
    return {
        "selected_input": "text",
        "header1": True,
        "header2": True,
        "text": {"padding": "pre", "truncating": "pre", **options},
        **tables,
        **columns,
    }


INPUTS: Refusals = {
    'the column "größe\'s [mm] #1 | 2 %" is missing': train(
        "species", one_table(by_name("größe's [mm] #1 | 2 %"), by_number(5, of="2"))
    ),
    "column 10 (weight): found an empty cell": train(
        "binary", one_table(by_name("weight"), by_name("is_tall", of="2"), FEW_FLOWERS)
    ),
    "row 3: found 1 column; expected 2 as in row 1": train(
        "petal_width", one_table(by_number(1), by_number(2, of="2"), ExampleFile("ragged.tabular"))
    ),
    "found 3 and 1 columns for the inputs of the network; expected 2 and 2": train(
        "two_inputs", _several([1, 2, 3], [4])
    ),
    "found column 2 (sepal_width) twice; expected each column once": train(
        "two_inputs", _several_by_name("sepal_width, sepal_width", "petal_length, petal_width")
    ),
    "at its beginning; expected a Matrix Market file": train(
        "species", with_target({"selected_input": "sparse", "infile1": ExampleFile("film_texts.tabular", "txt")})
    ),
    "distinct words in the training rows; expected more than the 50 most frequent, which": train(
        "text", _texts(skip_top=50, num_words=9, maxlen=6)
    ),
    "because the embedding's input_dim is 8 and two numbers are taken": train(
        "text",
        _texts(skip_top=0, num_words=50, maxlen=6),
        overrides=(("layers_1_Embedding__config__input_dim", "8"),),
    ),
    "found 51; expected a word index from 0 to 11, because the embedding's input_dim is 12": train(
        "text",
        one_table(
            by_name("sepal_mm, petal_mm, petal_cm, is_wide, is_flower, is_tree"),
            by_name("is_tall", of="2"),
            FEW_FLOWERS,
        ),
    ),
    "selected_input: found refseq_and_interval": train(
        "species",
        with_target(
            {
                "selected_input": "refseq_and_interval",
                "ref_genome_file": ExampleFile("iris_species.tabular", "fasta"),
                "interval_file": ExampleFile("iris_species.tabular", "interval"),
                "target_file": ExampleFile("iris_species.tabular", "bed"),
            }
        ),
    ),
}

SETTINGS: Refusals = {
    "New hyperparameter setting 1, epochs: found \"__import__('os').getpid()\"; expected a Python literal": train(
        "species", flowers(), overrides=(("epochs", "__import__('os').getpid()"),)
    ),
    "New hyperparameter setting 1: found the value '5' without a name": train(
        "species", flowers(), overrides=(("", "5"),)
    ),
    "parameter 'callbacks': found a fixed parameter": train("species", flowers(), overrides=(("callbacks", "None"),)),
    "epochs: found 0; expected a whole number from 1": train("species", flowers(), overrides=(("epochs", "0"),)),
    "layers_1_Dense__config__units": train(
        "species", flowers(), overrides=(("layers_1_Dense__config__units", "'many'"),)
    ),
    "loss: found categorical_crossentropy for a network with 1 output": train(
        "binary", few_flowers("is_tall"), overrides=(("loss", "'categorical_crossentropy'"),)
    ),
    "scoring: found binarize_auc_scorer, which needs a threshold": train(
        "petal_width", PETAL_WIDTH, score="binarize_auc_scorer"
    ),
    "found input shape (None, 2); expected one without None for tabular data": train(
        "early_stopping", few_flowers("is_tall")
    ),
    "EarlyStopping: found monitor val_loss without validation rows; expected loss, or a scheme": train(
        "early_stopping",
        few_flowers("is_tall"),
        scheme="train_all",
        overrides=(("layers_0_InputLayer__config__batch_shape", "[None, 2, 2]"),),
    ),
}

ROWS: Refusals = {
    "Dataset containing class labels or target values: found 149 rows; expected 150 as in Training samples dataset "
    "(likely cause: row 1 of Dataset containing class labels or target values is not a header": train(
        "binary", _iris("iris_is_setosa.tabular")
    ),
    "architecture, last layer: found 1 output for 3 classes; expected 3 outputs with softmax": train(
        "binary", _iris("iris_species.tabular")
    ),
    "target values, row 5, column 1 (species): found an empty cell (and in rows 10); expected a value": train(
        "species", _iris("iris_some_species.tabular")
    ),
    "Training samples dataset: found 4 columns; expected 3, because the network's input shape is (3,)": train(
        "petal_width", _iris("iris_petal_width.tabular")
    ),
    "Validation holdout: found all 150 rows in this holdout and none in the training": train(
        "species", _iris("iris_species.tabular"), test_split=split("None", test_size=150)
    ),
    "Validation holdout: found the class 'versicolor' only outside the training rows (50)": train(
        "species", _iris("iris_species.tabular"), test_split=split("None", test_size=100)
    ),
}
