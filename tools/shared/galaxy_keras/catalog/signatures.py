"""List the arguments of classes in the installed Keras."""

import inspect


def list_arguments(class_: type, inherited: bool = True) -> list[str]:
    """Return the names of the arguments of a class, optionally without those that all layers accept."""
    import keras

    names: dict[str, None] = {}
    for each in (class_, *([keras.layers.Layer] if inherited else [])):
        parameters = inspect.signature(each.__init__).parameters.values()
        names.update({p.name: None for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)})
    return [name for name in names if name != "self"]
