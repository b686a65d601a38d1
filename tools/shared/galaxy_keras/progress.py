"""Durations in words, for the log."""


def write_time(seconds: float) -> str:
    """Give seconds as seconds or, from two minutes on, as minutes."""
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
