"""What a person sees on the terminal: steps with their seconds, and the one way to stop with a reason."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


class SetupError(Exception):
    """A step failed for a reason that the message names."""


@contextmanager
def step(title: str) -> Iterator[None]:
    """Print a step's title, and at its end how long it took."""
    print(f"=== {title}", flush=True)
    started = time.monotonic()
    yield
    print(f"--- {title}: {time.monotonic() - started:.0f} s", flush=True)
