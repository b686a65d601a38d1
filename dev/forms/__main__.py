"""Write the generated macro files of the forms."""

from collections.abc import Callable
from pathlib import Path

from dev.forms.callbacks import write_callbacks
from dev.forms.fields import replace_file
from dev.forms.layers import write_layers
from dev.forms.measures import write_measures
from dev.forms.optimizers import write_optimizers
from dev.forms.weights import write_weights
from dev.paths import ROOT, TOOLS

# Generated files, and the functions that return their content.
GENERATED: dict[Path, Callable[[], str]] = {
    TOOLS / "keras_model_config" / "layer_fields.xml": write_layers,
    TOOLS / "keras_model_config" / "weight_fields.xml": write_weights,
    TOOLS / "keras_model_builder" / "optimizers.xml": write_optimizers,
    TOOLS / "keras_model_builder" / "measures.xml": write_measures,
    TOOLS / "keras_model_builder" / "callbacks.xml": write_callbacks,
}


def main() -> None:
    """Write the files whose content has changed."""
    for path, write in GENERATED.items():
        state = "written" if replace_file(path, write()) else "unchanged"
        print(f"{path.relative_to(ROOT)}: {state}")


if __name__ == "__main__":
    main()
