"""The workflows of the checkout as Galaxy itself exports them: each step with every field of its tool's form.

A step that lacks a field has an upgrade message, and Galaxy's run page shows the message in place of the run form.
"""

import json
from typing import Any

from dev.paths import WORKFLOWS
from dev.server import GalaxyServer

# What Galaxy counts or makes anew for each stored workflow; the file has its own.
KEPT = ("uuid", "version", "release")


def write_workflows(server: GalaxyServer) -> None:
    """Write each workflow as Galaxy exports it after an upgrade of all steps; the fields keep their values."""
    for path in sorted(WORKFLOWS.glob("*/*.ga")):
        before = json.loads(path.read_text())
        after = _export(server, before)
        after.update({key: before[key] for key in KEPT if key in before})
        for step in after["steps"].values():
            # Galaxy lists connected fields inside of sections as if they were asked for at run time.
            if step["type"] == "tool" and "RuntimeValue" not in step["tool_state"]:
                step["inputs"] = []
        path.write_text(json.dumps(after, indent=4, ensure_ascii=False) + "\n")
        print(f"Wrote {path}", flush=True)


def _export(server: GalaxyServer, workflow: dict[str, Any]) -> dict[str, Any]:
    stored = _send(server, "POST", "/api/workflows", {"workflow": workflow})["id"]
    _send(server, "PUT", f"/api/workflows/{stored}/refactor", {"actions": [{"action_type": "upgrade_all_steps"}]})
    return server.get(f"/api/workflows/{stored}/download")


def _send(server: GalaxyServer, method: str, path: str, content: dict[str, Any]) -> Any:
    return server.get(path, method=method, data=json.dumps(content).encode())
