"""Damages contents as crashes, editors, merges and disks do.

`HASHIYA_FUZZ=N` makes tests try N times as many damaged contents.
"""

import os
import random

TIMES = int(os.environ.get("HASHIYA_FUZZ", "1"))
WORDS = [
    b"", b"null", b"{}", b"[]", b"-1", b"1e999", b"99999999999999999999999", b'"\\ud800"', b"\0", b"\xff",
    b"\x1b[31m", b"<<<<<<< ours\n", b"=======\n", b">>>>>>> theirs\n", b"true", b'"', b"\\", b"\n", b"\r\n", b"NaN",
]  # fmt: skip


def mutated(content: bytes, choose: random.Random) -> bytes:
    """Damage a content as crashes, editors, merges and disks do."""
    made = bytearray(content)
    for _ in range(choose.choice([1, 1, 2, 5])):
        start = choose.randrange(len(made) + 1)
        end = min(len(made), start + choose.choice([1, 1, 4, 40]))
        act = choose.randrange(7)
        if act == 0:
            del made[start:]
        elif act == 1:
            del made[start:end]
        elif act == 2:
            made[start:end] = bytes(choose.randrange(256) for _ in range(end - start))
        elif act == 3:
            made[start:start] = choose.choice(WORDS)
        elif act == 4:
            made[start:end] = choose.choice(WORDS)
        elif act == 5:
            made[start:start] = made[start:end] * 3
        else:
            other = choose.randrange(len(made) + 1)
            made[other:other] = made[start:end]
    return bytes(made)
