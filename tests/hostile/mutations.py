"""Random changes to files and JSON documents, the same for the same random generator."""

import copy
import random
from collections.abc import Sequence
from typing import Any

# Values that readers seldom expect.
STRANGE = [
    *(None, True, False, 0, -1, 1, 2, 6.0, 0.5, -0.5, 10**15, 10**19, 2**31, 2**63, 1e300, -1e300),
    *("", " ", "a\tb", "a\nb", "\0", "\x1b[31m", "\ud800", "x" * 20_000),
    *("Adam", "Dense", "val_loss", "none", "/etc/passwd"),
    *([], {}, [None], [[]], {"a": 1}, {"class_name": "Dense", "config": {}}),
    {"class_name": ["Sequential"], "config": 5},
]
# Characters that numbers and tables seldom hold, and some that they do.
CHARACTERS = [bytes([code]) for code in b'\0\x01\x0b\xff\r\n\t -+.e_,"'] + [b"0x", b"nan", b"inf", "٣".encode()]


def flip_bytes(content: bytes, chance: random.Random, most: int = 8) -> bytes:
    """Change, cut or double some bytes."""
    changed = bytearray(content)
    for _ in range(chance.randint(1, most)):
        place = chance.randrange(len(changed))
        changed[place] = chance.choice((changed[place] ^ (1 << chance.randrange(8)), 0, 255, chance.randrange(256)))
    kind = chance.random()
    if kind < 0.1:
        del changed[chance.randrange(len(changed)) :]
    elif kind < 0.2:
        start = chance.randrange(len(changed))
        changed[start:start] = changed[start : start + chance.randint(1, 64)]
    return bytes(changed)


def splice(content: bytes, pieces: Sequence[bytes], chance: random.Random) -> bytes:
    """Return a file with up to four pieces at random places, some of them instead of up to five bytes."""
    for _ in range(chance.choice([0, 0, 1, 1, 1, 2, 4])):
        start = chance.randint(0, len(content))
        end = min(len(content), start + chance.choice([0, 1, 1, 5]))
        content = content[:start] + chance.choice([*pieces, b""]) + content[end:]
    return content


def mutate(document: Any, chance: random.Random, strange: Sequence[Any] = STRANGE) -> Any:
    """Return a copy of a JSON document with one to three values replaced, removed, doubled or taken from elsewhere.

    Parameters
    ----------
    strange
        What may replace a value.
    """
    changed = copy.deepcopy(document)
    for _ in range(chance.randint(1, 3)):
        places = list(_list_places(changed))
        holder, key = chance.choice(places)
        kind = chance.random()
        if kind < 0.2:
            del holder[key]
        elif kind < 0.3 and isinstance(holder, list):
            holder.insert(key, copy.deepcopy(holder[key]))
        elif kind < 0.45:
            other, place = chance.choice(places)
            if place in (range(len(other)) if isinstance(other, list) else other):
                holder[key] = copy.deepcopy(other[place])
        else:
            holder[key] = copy.deepcopy(chance.choice(strange))
    return changed


def _list_places(document: Any) -> list[tuple[Any, Any]]:
    """List where values stand: each with what holds it."""
    places, waiting = [], [document]
    while waiting:
        holder = waiting.pop()
        keys = list(holder) if isinstance(holder, dict) else range(len(holder))
        for key in keys:
            places.append((holder, key))
            if isinstance(holder[key], (dict, list)):
                waiting.append(holder[key])
    return places or [([None], 0)]
