"""The arguments of Keras' classes, read from Keras itself."""

import inspect


def list_arguments(class_: type, inherited: bool = True) -> list[str]:
    """List the names of a class' arguments, with those that every layer takes unless only its own are asked."""
    import keras

    names: dict[str, None] = {}
    for each in (class_, *([keras.layers.Layer] if inherited else [])):
        parameters = inspect.signature(each.__init__).parameters.values()
        names.update({p.name: None for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)})
    return [name for name in names if name != "self"]
