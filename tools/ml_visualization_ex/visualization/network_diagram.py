"""Plot the diagram of an architecture, with a table of its layers."""

from pathlib import Path

import pandas as pd

from galaxy_keras.network.architecture import build_skeleton, read_architecture
from galaxy_keras.network.inner_names import to_shown
from galaxy_keras.plots.charts import Diagram, Plot
from galaxy_keras.runtime import configure_keras


def plot_network(path: Path) -> Plot:
    """Build the network of an architecture file without allocating its weights, and return its diagram.

    Raises
    ------
    ArchitectureError
        The file is not an architecture that the suite supports.
    """
    configure_keras()
    architecture = read_architecture(path)

    import keras

    model = build_skeleton(architecture)
    rows = [
        {
            "layer": to_shown(layer.name),
            "class": type(layer).__name__,
            "output_shape": ", ".join(str(tensor.shape) for tensor in keras.tree.flatten(layer.output)),
            "parameters": layer.count_params(),
        }
        # A network that is not built has no shapes; drawing it raises an error.
        for layer in (model.layers if model.built else ())
    ]
    name = to_shown(model.name)
    note = f"{name}: {len(rows)} layers, {sum(row['parameters'] for row in rows):,} parameters"
    return Plot(pd.DataFrame(rows), Diagram(f"Layers of {name}", model), [note])
