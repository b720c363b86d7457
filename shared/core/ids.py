"""Identifiers: derived ones that come out the same every time, and new ones in order of time."""

import os
import time
from uuid import UUID, uuid5

NAMESPACE = UUID("6f1d4c0a-5b0e-5c57-9f0e-6c756f747369")
MACHINES = 5  # the version of the UUIDs that are derived


def derive(*parts: object) -> UUID:
    """The UUIDv5 of the parts in Luotsi's fixed namespace."""
    return uuid5(NAMESPACE, "\x1f".join(map(str, parts)))


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562, 5.7): 48 bits of Unix milliseconds, then random bits."""
    millis = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10), "big")
    low = (random & ((1 << 62) - 1)) | (0b10 << 62)
    return UUID(int=millis << 80 | 0x7 << 76 | (random >> 68) << 64 | low)
