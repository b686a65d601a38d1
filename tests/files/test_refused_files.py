"""If the system refuses to read or write a file, the tools print one message and leave no incomplete output."""

import importlib
import resource

import pytest
from examples.tools import EXAMPLES

INPUTS = [(tool, option) for tool, (_, inputs, _) in EXAMPLES.items() for option in inputs]
OUTPUTS = [(tool, option) for tool, (_, _, outputs) in EXAMPLES.items() for option in outputs]


@pytest.fixture
def run_example(run_tool, monkeypatch, tmp_path, capsys):
    """Return a function that runs the example of a tool with other files.

    It returns the exit code, the errors and the names of the outputs. ``room`` limits the size of each file in bytes,
    which has the effect of a full disk.
    """

    def run(tool, room=resource.RLIM_INFINITY, **changed):
        form, inputs, outputs = EXAMPLES[tool]
        main = importlib.import_module(tool).main

        def run_main(arguments):
            before = resource.getrlimit(resource.RLIMIT_FSIZE)
            resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
            try:
                main(arguments)
            finally:
                resource.setrlimit(resource.RLIMIT_FSIZE, before)

        with monkeypatch.context() as limited:
            limited.setattr(f"{tool}.main", run_main)
            code = run_tool(tool, form, **{**inputs, **outputs, **changed})
        errors = capsys.readouterr().err.splitlines()
        return code, errors, {path.name for path in (tmp_path / "out").iterdir()}

    return run


def check_one_message(code, errors, start):
    assert code == 1
    assert len(errors) == 1, errors
    assert errors[0].startswith(f"Error: {start}")


@pytest.mark.parametrize("tool", EXAMPLES)
def test_the_examples_succeed(run_example, tool):
    code, errors, written = run_example(tool)
    assert (code, errors) == (0, [])
    assert written == set(EXAMPLES[tool][2].values())


@pytest.mark.parametrize("kind", ["folder", "below a file"])
@pytest.mark.parametrize("tool, option", OUTPUTS)
def test_an_output_that_cannot_be_written_is_one_message(run_example, tmp_path, tool, option, kind):
    path = tmp_path / "blocked"
    if kind == "folder":
        path.mkdir()
    else:
        path.write_text("")
        path = path / "output"
    code, errors, written = run_example(tool, **{option: path})
    check_one_message(code, errors, f"output {path.name}: cannot be written (")
    assert written <= set(EXAMPLES[tool][2].values())
    assert {item.name for item in tmp_path.iterdir()} == {"out", "inputs.json", "blocked"}


@pytest.mark.parametrize("room", [100, 500, 1_000, 10_000])
@pytest.mark.parametrize("tool", EXAMPLES)
def test_a_full_disk_leaves_complete_outputs_or_none(run_example, tmp_path, tool, room):
    code, errors, written = run_example(tool, room)
    if code:
        check_one_message(code, errors, "")
        assert "(File too large)" in errors[0]
    assert written <= set(EXAMPLES[tool][2].values())
    # Outputs are complete or missing; none was cut off at the limit.
    assert all(0 < (tmp_path / "out" / name).stat().st_size < room for name in written)
    assert code or room > 100


@pytest.mark.parametrize("kind", ["gone", "a folder"])
@pytest.mark.parametrize("tool, option", INPUTS)
def test_an_input_that_cannot_be_read_is_one_message(run_example, tmp_path, tool, option, kind):
    path = tmp_path / "dataset_1.dat"
    if kind == "a folder":
        path.mkdir()
    code, errors, written = run_example(tool, **{option: path})
    check_one_message(code, errors, "")
    assert written == set()
