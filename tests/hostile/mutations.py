"""Random changes of files and JSON documents that depend only on the given random generator."""

import copy
import random
from collections.abc import Sequence
from typing import Any

# Values that readers rarely expect.
UNEXPECTED = [
    *(None, True, False, 0, -1, 1, 2, 6.0, 0.5, -0.5, 10**15, 10**19, 2**31, 2**63, 1e300, -1e300),
    *("", " ", "a\tb", "a\nb", "\0", "\x1b[31m", "\ud800", "x" * 20_000),
    *("Adam", "Dense", "val_loss", "none", "/etc/passwd"),
    *([], {}, [None], [[]], {"a": 1}, {"class_name": "Dense", "config": {}}),
    {"class_name": ["Sequential"], "config": 5},
]
# Characters that are rare in numbers and tables, and some common ones.
CHARACTERS = [bytes([code]) for code in b'\0\x01\x0b\xff\r\n\t -+.e_,"'] + [b"0x", b"nan", b"inf", "٣".encode()]


def flip_bytes(content: bytes, rng: random.Random, most: int = 8) -> bytes:
    """Return a copy with one to ``most`` bytes changed, sometimes truncated or with a repeated part."""
    changed = bytearray(content)
    for _ in range(rng.randint(1, most)):
        place = rng.randrange(len(changed))
        changed[place] = rng.choice((changed[place] ^ (1 << rng.randrange(8)), 0, 255, rng.randrange(256)))
    kind = rng.random()
    if kind < 0.1:
        del changed[rng.randrange(len(changed)) :]
    elif kind < 0.2:
        start = rng.randrange(len(changed))
        changed[start:start] = changed[start : start + rng.randint(1, 64)]
    return bytes(changed)


def splice(content: bytes, pieces: Sequence[bytes], rng: random.Random) -> bytes:
    """Return a copy with up to four pieces inserted at random positions, some of which replace up to five bytes."""
    for _ in range(rng.choice([0, 0, 1, 1, 1, 2, 4])):
        start = rng.randint(0, len(content))
        end = min(len(content), start + rng.choice([0, 1, 1, 5]))
        content = content[:start] + rng.choice([*pieces, b""]) + content[end:]
    return content


def mutate(document: Any, rng: random.Random, substitutes: Sequence[Any] = UNEXPECTED) -> Any:
    """Return a copy of a JSON document with one to three values replaced, removed, duplicated or moved.

    Parameters
    ----------
    substitutes
        Values that may replace a value.
    """
    changed = copy.deepcopy(document)
    for _ in range(rng.randint(1, 3)):
        places = list(_list_places(changed))
        holder, key = rng.choice(places)
        kind = rng.random()
        if kind < 0.2:
            del holder[key]
        elif kind < 0.3 and isinstance(holder, list):
            holder.insert(key, copy.deepcopy(holder[key]))
        elif kind < 0.45:
            other, place = rng.choice(places)
            if place in (range(len(other)) if isinstance(other, list) else other):
                holder[key] = copy.deepcopy(other[place])
        else:
            holder[key] = copy.deepcopy(rng.choice(substitutes))
    return changed


def _list_places(document: Any) -> list[tuple[Any, Any]]:
    """Return the container and the key or index of each value."""
    places, waiting = [], [document]
    while waiting:
        holder = waiting.pop()
        keys = list(holder) if isinstance(holder, dict) else range(len(holder))
        for key in keys:
            places.append((holder, key))
            if isinstance(holder[key], (dict, list)):
                waiting.append(holder[key])
    return places or [([None], 0)]
