"""Progress lines with the estimated remaining time."""

import time

from galaxy_keras.log import say_progress

SECONDS_BETWEEN_LINES = 10


class Progress:
    """Log now and then how much of a long computation is done.

    Parameters
    ----------
    total
        Number of units of the whole computation.
    unit
        Plural noun of what is counted, such as ``rows predicted``.
    """

    def __init__(self, total: int, unit: str):
        self._total, self._unit = total, unit
        self._done = 0
        self._started = self._logged = time.perf_counter()

    def advance(self, count: int = 1) -> None:
        """Count finished units, and log a line if the last one is old and work remains."""
        self._done += count
        now = time.perf_counter()
        if now - self._logged <= SECONDS_BETWEEN_LINES or self._done >= self._total:
            return
        self._logged = now
        left = (now - self._started) / self._done * (self._total - self._done)
        say_progress(f"{self._done:,} of {self._total:,} {self._unit}, {format_duration(left)} left")


def format_duration(seconds: float) -> str:
    """Return a duration as seconds or, from two minutes on, as minutes."""
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
