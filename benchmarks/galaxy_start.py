"""What the five tools cost a Galaxy server: CPU time and memory of its start, and sizes of the forms it sends."""

import json
import os
import sys
import tempfile
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from dev import server
from dev.paths import TOOL_IDS, WORKFLOW


def main() -> None:
    """Start Galaxy without and with the tools, and print the differences."""
    empty = measure_start(())
    loaded = measure_start(TOOL_IDS)
    print(f"The tools add {loaded[0] - empty[0]:.1f} s CPU and {loaded[1] - empty[1]:.0f} MB")


def measure_start(tool_ids: tuple[str, ...]) -> tuple[float, float]:
    """Return the CPU seconds and the memory (MB) of a server that has started with some tools."""
    with tempfile.TemporaryDirectory() as folder, server.GalaxyServer(Path(folder), tool_ids=tool_ids) as galaxy:
        pid = int((galaxy.folder / server.PID_FILE).read_text())
        user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
        seconds = (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
        memory = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
        print(f"Start with {len(tool_ids)} tools: {seconds:.1f} s CPU, {memory:.0f} MB", flush=True)
        history = galaxy.get("/api/histories", method="POST", data=b"{}")["id"]
        for tool_id in tool_ids:
            print_size(f"Form of {tool_id}", galaxy, f"/api/tools/{tool_id}/build?history_id={history}")
        if tool_ids:
            workflow = galaxy.get("/api/workflows", method="POST", data=_make_import())["id"]
            for style in ("editor", "run"):
                path = f"/api/workflows/{workflow}/download?style={style}&history_id={history}"
                print_size(f"Workflow, style {style}", galaxy, path)
    return seconds, memory


def print_size(name: str, galaxy: server.GalaxyServer, path: str) -> None:
    """Print the number of bytes that the server sends for a request."""
    request = urllib.request.Request(f"{galaxy.url}{path}", headers={"x-api-key": galaxy.key})
    with urllib.request.urlopen(request, timeout=120) as response:
        print(f"{name}: {len(response.read()):,} bytes", flush=True)


def _make_import() -> bytes:
    return json.dumps({"workflow": json.loads(WORKFLOW.read_text())}).encode()


if __name__ == "__main__":
    main()
