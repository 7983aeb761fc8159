"""Run the service: Granian's ASGI server inside this process, the front, and Flask behind it.

One process, so nothing outlives it. SIGINT and SIGTERM end it: what is being answered then has a few seconds to
end, after which it is cut off.
"""

import asyncio
import os
import resource
import signal
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from graph.engine.stream import THREAD
from server.front import Front
from server.listening import cut_off_stalled, listener

SECONDS_TO_START: Final = 10.0
SECONDS_TO_END: Final = 5.0
SECONDS_TO_CUT_OFF: Final = 1.0
_BETWEEN_TRIES: Final = 0.01


class CannotListenError(ValueError):
    """The host and port cannot be served on."""


class ServerEndedError(CannotListenError):
    """The server has stopped listening though nobody told it to."""


def serve(front: Front, host: str, port: int, started: Callable[[str], None]) -> None:
    """Serve until a signal comes; ``started`` gets the URL once connections are taken. Port 0 takes a free one."""
    raise_descriptors()
    asyncio.run(_serve(front, *_address(host, port), started))


def raise_descriptors() -> None:
    """Allow this process as many open files, and so connections, as the system lets it have."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def leave() -> None:
    """End the process now: Granian's threads may abort an interpreter that is being taken down."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


async def _serve(front: Front, address: str, port: int, started: Callable[[str], None]) -> None:
    server = listener(front, address, port, front.limits)
    ended = _signalled()
    serving = asyncio.create_task(server.serve())
    await _listening(address, port, serving)
    cut_off_stalled(address, port, front.limits.stalled_seconds)
    started(f"http://{f'[{address}]' if ':' in address else address}:{port}/")
    await _signal_or_end(front, ended, serving)
    front.refuse_more()
    server.stop()  # type: ignore[no-untyped-call]
    await _end(front, serving)


async def _signal_or_end(front: Front, ended: asyncio.Event, serving: "asyncio.Task[None]") -> None:
    """Wait for a signal; raises :class:`ServerEndedError` if the server ends first."""
    signalled = asyncio.create_task(ended.wait())
    await asyncio.wait({signalled, serving}, return_when=asyncio.FIRST_COMPLETED)
    if ended.is_set():
        return
    signalled.cancel()
    front.refuse_more()
    front.cancel_all()
    front.close()
    error = None if serving.cancelled() else serving.exception()
    raise ServerEndedError(f"the server has ended by itself: {error or 'nothing is known'}") from error


async def _end(front: Front, serving: "asyncio.Task[None]") -> None:
    """Wait for the last answers, then cut them off.

    A query that cannot be interrupted would wake up in an interpreter that is being taken down, and abort; so the
    process ends at once while one runs.
    """
    done, _ = await asyncio.wait({serving}, timeout=SECONDS_TO_END)
    if not done:
        front.cancel_all()
        done, _ = await asyncio.wait({serving}, timeout=SECONDS_TO_CUT_OFF)
    front.close()
    if not done or front.busy or any(thread.name == THREAD for thread in threading.enumerate()):
        os._exit(0)


def _signalled() -> asyncio.Event:
    event = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, event.set)
    return event


async def _listening(address: str, port: int, serving: "asyncio.Task[None]") -> None:
    """Wait until a connection is taken; raises :class:`CannotListenError` if that does not come."""
    deadline = asyncio.get_running_loop().time() + SECONDS_TO_START
    while not serving.done() and asyncio.get_running_loop().time() < deadline:
        try:
            _, writer = await asyncio.open_connection(address, port)
        except OSError:
            await asyncio.sleep(_BETWEEN_TRIES)
        else:
            writer.close()
            return
    raise CannotListenError(f"the server did not start on {address} port {port}")


def _address(host: str, port: int) -> tuple[str, int]:
    """The numeric address and a port that is free: Granian would share one that another server has."""
    try:
        family, _, _, _, target = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(target)
            address, free, *_ = probe.getsockname()
    except OSError as error:
        raise CannotListenError(f"cannot serve on {host} port {port}: {error.strerror or error}") from error
    return str(address), int(free)
