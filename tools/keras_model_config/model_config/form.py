"""Read the form of the architecture tool."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from galaxy_keras.errors import InputError
from galaxy_keras.forms.document import parse_literal
from model_config.layer_blocks import LayerBlock
from model_config.references import read_references, Reference

FUNCTIONAL = "functional"


@dataclass(frozen=True)
class ConfigForm:
    """Values of the architecture form.

    Attributes
    ----------
    input_shape
        Shape of one sample for a sequential network; None if the field is empty.
    layers
        Blocks in the order of the form.
    input_layers, output_layers
        References to layers of a functional network; empty if the field is empty.
    """

    is_functional: bool
    layers: list[LayerBlock]
    input_shape: Any
    input_layers: tuple[Reference, ...]
    output_layers: tuple[Reference, ...]

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "ConfigForm":
        """Read the JSON document of the form."""
        model = document["model_selection"]
        if not model["layers"]:
            raise InputError("layers: the network does not have a layer; expected at least one (insert a LAYER block)")
        shape = (model.get("input_shape") or "").strip()
        return cls(
            model["model_type"] == FUNCTIONAL,
            [LayerBlock.from_form(number, block) for number, block in enumerate(model["layers"], start=1)],
            parse_literal(shape, "input_shape") if shape else None,
            read_references(model.get("input_layers"), "input_layers"),
            read_references(model.get("output_layers"), "output_layers"),
        )
