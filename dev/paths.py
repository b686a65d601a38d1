"""Paths in the repository. Everything that the commands create is below ``LOCAL``, which git ignores."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCAL = ROOT / ".local"
REQUIREMENTS = ROOT / "dev" / "requirements"
TOOLS = ROOT / "tools"
WORKFLOWS = ROOT / "workflows"
WORKFLOW = WORKFLOWS / "recurrent-neural-network" / "recurrent-neural-network.ga"
# In the order in which a user runs them, which is also their order in Galaxy's tool panel.
TOOL_IDS = (
    "keras_model_config",
    "keras_model_builder",
    "keras_train_and_eval",
    "model_prediction",
    "ml_visualization_ex",
)


def list_workflows() -> list[Path]:
    """Return the files of the workflows."""
    return sorted(WORKFLOWS.glob("*/*.ga"))


def tool_folders() -> list[Path]:
    """Return the folder of each tool in the repository."""
    return [TOOLS / tool_id for tool_id in TOOL_IDS]
