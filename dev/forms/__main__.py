"""Write the generated macro files of the tools' forms."""

from collections.abc import Callable
from pathlib import Path

from dev.forms.fields import replace_file
from dev.forms.layers import write_layers
from dev.forms.weights import write_weights
from dev.paths import ROOT, TOOLS

# Each generated file, and the function that gives its text.
GENERATED: dict[Path, Callable[[], str]] = {
    TOOLS / "keras_model_config" / "layer_fields.xml": write_layers,
    TOOLS / "keras_model_config" / "weight_fields.xml": write_weights,
}


def main() -> None:
    """Write the files that have changed."""
    for path, write in GENERATED.items():
        state = "written" if replace_file(path, write()) else "unchanged"
        print(f"{path.relative_to(ROOT)}: {state}")


if __name__ == "__main__":
    main()
