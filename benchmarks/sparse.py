"""Compare reading a sparse matrix of 50 million entries with the suite, which checks every line, and with scipy.

Run it with the tools' environment on an idle machine, ``.local/tools/bin/python benchmarks/sparse.py [ENTRIES]``. It
needs 30 bytes per entry in the folder for temporary files, and as much memory. The suite should take at most twice
scipy's time, both for the entries in the order of the file and for compressed rows of float32.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
ENTRIES, COLUMNS, PER_ROW = 50_000_000, 20_000, 500
READERS = {
    "scipy, entries": "scipy.io.mmread(path, spmatrix=False)",
    "suite, entries": "[part.nnz for part in sparse.SparseRows(pathlib.Path(path), path).read_entries()]",
    "scipy, compressed rows": "scipy.io.mmread(path, spmatrix=False).tocsr().astype(numpy.float32)",
    "suite, compressed rows": "sparse.read_sparse_features(pathlib.Path(path), path).values",
}
TIMES = 3
SCRIPT = """
import pathlib, re, sys, time
import numpy, scipy.io, scipy.sparse
from galaxy_keras.data import sparse
path = sys.argv[1]
started = time.perf_counter()
found = {read}
seconds = time.perf_counter() - started
# Unlike the maximum of getrusage, this value does not include the parent process.
peak = re.search("VmHWM:\\s*(\\d+)", pathlib.Path("/proc/self/status").read_text())[1]
print(seconds, int(peak) / 1024)
"""


def write_matrix(path: Path, count: int) -> None:
    """Write random numbers like those of expressed genes: rows in order, columns at random."""
    from scipy.io import mmwrite
    from scipy.sparse import coo_array

    generator = np.random.default_rng(0)
    rows = np.repeat(np.arange(-(-count // PER_ROW), dtype=np.int32), PER_ROW)[:count]
    columns = generator.integers(0, COLUMNS, count, dtype=np.int32)
    values = generator.integers(1, 10_000, count) / np.float32(1000)
    with path.open("wb") as file:
        mmwrite(file, coo_array((values, (rows, columns)), shape=(rows[-1] + 1, COLUMNS)))


def measure(read: str, path: Path) -> tuple[float, float]:
    """Read a matrix in a new process, and return the seconds and the peak memory in megabytes."""
    command = [sys.executable, "-c", SCRIPT.format(read=read), str(path)]
    environment = {"PYTHONPATH": str(ROOT / "tools" / "shared")}
    output = subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout.split()
    return float(output[0]), float(output[1])


def main() -> None:
    """Measure the readers in turn, and print the best run of each."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else ENTRIES
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "matrix.mtx"
        write_matrix(path, count)
        print(f"{count:,} entries, {path.stat().st_size / 2**20:,.0f} MB", flush=True)
        runs = [{reader: measure(read, path) for reader, read in READERS.items()} for _ in range(TIMES)]
    best = {reader: min(run[reader] for run in runs) for reader in READERS}
    for reader, (seconds, megabytes) in best.items():
        print(f"{reader:24} {seconds:8.1f} s {megabytes:8,.0f} MB")
    for kind in ("entries", "compressed rows"):
        print(f"time for {kind}: {best[f'suite, {kind}'][0] / best[f'scipy, {kind}'][0]:.2f} times that of scipy")


if __name__ == "__main__":
    main()
