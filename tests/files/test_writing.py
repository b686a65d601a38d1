"""Output files are complete or missing."""

import pytest

from galaxy_keras.files.writing import write_complete, write_json


def test_a_failure_keeps_the_previous_file(tmp_path):
    path = tmp_path / "out.json"
    write_json(path, {"old": "ä"})
    with pytest.raises(RuntimeError), write_complete(path) as part:
        part.write_text("half")
        raise RuntimeError
    assert path.read_text(encoding="utf-8") == '{\n  "old": "ä"\n}\n'
    assert [item.name for item in tmp_path.iterdir()] == ["out.json"]
