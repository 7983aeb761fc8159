"""Granian as the service needs it, and what the kernel does for it.

Measured on Granian 2.8 (hyper) and Linux 6.18: an answer that is broken off, or sent, to a client who reads nothing
stays in the kernel's and hyper's buffers, several megabytes for each, for as long as the client likes. Two options
of the listening socket, which each connection inherits, end that: the kernel resets a connection on which nothing
could be sent for the time given, and takes little that it cannot send yet.
"""

import os
import socket
from pathlib import Path
from typing import Any, Final

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.server.embed import Server

from graph.limits import Limits

_DESCRIPTORS: Final = Path("/proc/self/fd")
_WAITING_IN_KERNEL: Final = 128 * 1024
_BUFFER: Final = 128 * 1024
_BACKLOG: Final = 1024
_NOT_SENT_LOW_WATER: Final = 25


def listener(application: Any, address: str, port: int, limits: Limits) -> Server:
    """The server: the time for a request's head (and between two on a connection), buffers, connections at once."""
    return Server(
        application,
        address,
        port,
        interface=Interfaces.ASGI,
        http=HTTPModes.http1,
        websockets=False,
        log_enabled=False,
        backlog=_BACKLOG,
        backpressure=limits.connections,
        http1_settings=HTTP1Settings(header_read_timeout=int(limits.request_seconds * 1000), max_buffer_size=_BUFFER),
    )


def cut_off_stalled(address: str, port: int, seconds: float) -> int:
    """Let the kernel cut off clients of this process's listener who read nothing; returns how many it has.

    Granian does not tell its socket, so it is looked for among the open descriptors; where there is no ``/proc``,
    none is found, and only the front's own timeout holds.
    """
    found = 0
    for descriptor in _DESCRIPTORS.iterdir() if _DESCRIPTORS.is_dir() else ():
        held = _socket(descriptor)
        if held is None:
            continue
        with held:
            if held.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN) and held.getsockname()[:2] == (address, port):
                held.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, max(1, int(seconds * 1000)))
                held.setsockopt(socket.IPPROTO_TCP, _NOT_SENT_LOW_WATER, _WAITING_IN_KERNEL)
                found += 1
    return found


def _socket(descriptor: Path) -> socket.socket | None:
    """A copy of an open TCP socket, or None for anything else."""
    try:
        if not str(descriptor.readlink()).startswith("socket:"):
            return None
        held = socket.socket(fileno=os.dup(int(descriptor.name)))
    except OSError:
        return None
    if held.family in (socket.AF_INET, socket.AF_INET6) and held.type == socket.SOCK_STREAM:
        return held
    held.close()
    return None
