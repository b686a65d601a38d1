"""Progress lines on the terminal, and the error that stops a command with a message."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


class SetupError(Exception):
    """A command cannot continue; the message states the reason."""


@contextmanager
def step(title: str) -> Iterator[None]:
    """Print the title of a step, and its duration when it ends."""
    print(f"=== {title}", flush=True)
    started = time.monotonic()
    yield
    print(f"--- {title}: {time.monotonic() - started:.0f} s", flush=True)
