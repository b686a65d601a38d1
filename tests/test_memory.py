"""Arrays larger than a job's memory, and how that memory is found."""

import numpy as np

from galaxy_keras.memory import allocate, find_memory, measure_peak_memory


def test_galaxys_grant_is_the_memory_of_the_job(monkeypatch):
    monkeypatch.setenv("GALAXY_MEMORY_MB", "3000")
    assert find_memory() == 3000 * 2**20
    monkeypatch.delenv("GALAXY_MEMORY_MB")
    assert find_memory() / 2**20 > measure_peak_memory()


def test_a_table_beyond_its_share_of_the_memory_lies_on_disk(monkeypatch, capsys):
    monkeypatch.setenv("GALAXY_MEMORY_MB", "1")
    assert type(allocate((1000, 60))) is np.ndarray
    large = allocate((1000, 70))
    assert isinstance(large, np.memmap)
    large[:] = 7
    assert large[[5, 999]].sum() == 2 * 70 * 7
    assert "1,000 rows and 70 columns: kept on disk" in capsys.readouterr().out
