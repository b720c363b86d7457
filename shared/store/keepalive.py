"""Connections that notice when the other side has vanished without a word: a host that lost its power, a fail-over."""

import os
import socket
from typing import Any, Final

import asyncpg

_IDLE, _BETWEEN, _PROBES = 30, 10, 3  # seconds of silence, seconds from probe to probe, probes without an answer
_UNACKNOWLEDGED: Final = 60_000  # milliseconds that something sent may stay so
OPTIONS: Final = {
    "TCP_KEEPIDLE": _IDLE,
    "TCP_KEEPINTVL": _BETWEEN,
    "TCP_KEEPCNT": _PROBES,
    "TCP_USER_TIMEOUT": _UNACKNOWLEDGED,
}


async def connect(*where: Any, **how: Any) -> Any:
    """As `asyncpg.connect`. A statement whose answer would never come ends with the connection, a minute later."""
    connection = await asyncpg.connect(*where, **how)
    found = connection._transport.get_extra_info("socket")
    if found is not None and found.fileno() != -1:  # it may have broken by now, and the next statement says so
        with socket.socket(fileno=os.dup(found.fileno())) as same:
            _watch(same)
    return connection


def _watch(connection: socket.socket) -> None:
    if connection.family == socket.AF_UNIX:
        return
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in OPTIONS.items():
        if (option := getattr(socket, name, None)) is not None:  # each system has its own
            connection.setsockopt(socket.IPPROTO_TCP, option, value)
