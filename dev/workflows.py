"""Upgrade the workflows of the repository: each step contains every field of its tool's form.

If a step lacks a field, Galaxy reports an upgrade message, and its run page shows the message instead of the form.
"""

import json
from typing import Any

from dev.paths import list_workflows
from dev.server import GalaxyServer

# Keys that Galaxy sets anew on import or omits on export. The values in the file are kept.
KEPT = ("uuid", "version", "release")


def write_workflows(server: GalaxyServer) -> None:
    """Upgrade each workflow in Galaxy and write the exported workflow; existing fields keep their values."""
    for path in list_workflows():
        before = json.loads(path.read_text())
        after = _upgrade(server, before)
        after.update({key: before[key] for key in KEPT if key in before})
        for step in after["steps"].values():
            # Galaxy 26.1 exports connected fields inside sections as if they were set at run time.
            if step["type"] == "tool" and "RuntimeValue" not in step["tool_state"]:
                step["inputs"] = []
        path.write_text(json.dumps(after, indent=4, ensure_ascii=False) + "\n")
        print(f"Wrote {path}", flush=True)


def _upgrade(server: GalaxyServer, workflow: dict[str, Any]) -> dict[str, Any]:
    """Import a workflow, upgrade its steps and return the export."""
    workflow_id = _send(server, "POST", "/api/workflows", {"workflow": workflow})["id"]
    _send(server, "PUT", f"/api/workflows/{workflow_id}/refactor", {"actions": [{"action_type": "upgrade_all_steps"}]})
    return server.get(f"/api/workflows/{workflow_id}/download")


def _send(server: GalaxyServer, method: str, path: str, content: dict[str, Any]) -> Any:
    return server.get(path, method=method, data=json.dumps(content).encode())
