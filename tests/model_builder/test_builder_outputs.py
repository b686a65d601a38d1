"""Log, table of parameters and description that the builder writes."""

from examples.default_forms import builder_form
from examples.scripts import TEST_DATA

TOOL = "keras_model_builder"
LSTM = TEST_DATA / "lstm_architecture.json"


def test_the_log_starts_with_the_result_and_repeats_nothing(build, capsys):
    build()
    said = capsys.readouterr().out.splitlines()
    assert said == [
        "Estimator: classification, loss binary_crossentropy, optimizer Adam (learning rate 0.001), metrics accuracy, "
        "2 epochs, batch size 128",
        "The metric acc is called accuracy in Keras 3",
    ]


def test_the_table_of_parameters_contains_layers_and_options(run_tool, tmp_path):
    options = {"architecture": LSTM, "outfile": "e.zip", "outfile_params": "p.tabular"}
    assert run_tool(TOOL, builder_form(options={"lr": 0.01}), **options) == 0
    rows = [line.split("\t") for line in (tmp_path / "out" / "p.tabular").read_text().splitlines()]
    assert rows[0] == ["", "Parameter", "Value"]
    values = {name: (mark, value) for mark, name, value in rows[1:]}
    assert values["learning_rate"] == ("@", "learning_rate: 0.01")
    assert values["layers_1_Embedding__config__output_dim"] == ("@", "layers_1_Embedding__config__output_dim: 8")


def test_the_description_lists_changed_options(run_tool, tmp_path):
    form = builder_form(
        options={"learning_rate": 0.02, "beta_1": 0.5},
        schedule={"schedule_type": "CosineDecay", "decay_steps": 90},
        callbacks=[{"callback_type": "EarlyStopping", "monitor": "val_loss", "patience": 3}],
        more_metrics=[({"metric_type": "auc", "curve": "PR"}, "")],
        seed=4,
    )
    options = {"architecture": LSTM, "outfile": "e.zip", "outfile_description": "d.txt"}
    assert run_tool(TOOL, form, **options) == 0
    lines = (tmp_path / "out" / "d.txt").read_text().splitlines()
    for line in (
        "Task                classification",
        "Loss                binary_crossentropy",
        "                    auc (curve='PR')",
        "Optimizer           Adam (beta_1=0.5)",
        "Learning rate       0.02",
        "Callbacks           EarlyStopping (patience=3, mode='min')",
        "Seed                4",
        "@\tschedule__decay_steps\tschedule__decay_steps: 90",
        "@\tloss__label_smoothing\tloss__label_smoothing: 0.0",
    ):
        assert line in lines
    assert any(line.startswith("Schedule            CosineDecay (decay_steps=90") for line in lines)
    assert any(line.startswith("Versions            Keras 3") for line in lines)
