"""Connections that go where they may, and end in time: a backend for httpcore.

Every address that a name leads to is looked at before the first connection, and the connection is made to the
address that was looked at, not to the name again.
"""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, Self

import httpcore

from graph.engine import Cancellation, CancelledError
from graph.reach.addresses import Address, UnknownHostError, resolve


class AddressRefusedError(RuntimeError):
    """A name leads to an address that is not public."""


class OutOfTimeError(RuntimeError):
    """What is fetched for one request took longer than all of it may take."""


class Allowance:
    """The time that everything fetched for one request may take together, to be entered.

    Connections are broken off when it is over, and when the request is cancelled.
    """

    def __init__(self, seconds: float, cancellation: Cancellation | None = None) -> None:
        self._seconds = seconds
        self._end = time.monotonic() + seconds
        self._cancellation = cancellation or Cancellation()
        self._connections: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._break_off)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        self._cancellation.on_cancel(self._break_off)
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._connections.clear()

    def left(self) -> float:
        """Seconds that are left; raises :class:`OutOfTimeError` when none are, or ``CancelledError``."""
        if self._cancellation.cancelled:
            raise CancelledError("nobody waits for the answer any more")
        left = self._end - time.monotonic()
        if left <= 0:
            raise OutOfTimeError(f"it took longer than {self._seconds:g} seconds")
        return left

    def watch(self, connection: socket.socket) -> None:
        """Break this connection off, too."""
        self._connections.append(connection)
        self.left()

    def _break_off(self) -> None:
        for connection in list(self._connections):
            with suppress(OSError):
                socket.socket.shutdown(connection, socket.SHUT_RDWR)


class Bounded(httpcore.NetworkStream):
    """A connection on which each step has the time that is left."""

    def __init__(self, stream: httpcore.NetworkStream, allowance: Allowance) -> None:
        self._stream = stream
        self._allowance = allowance

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - the allowance counts
        """Some bytes, or none at the end."""
        block = self._stream.read(max_bytes, self._allowance.left())
        self._allowance.left()
        return block

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 - the allowance counts
        """Send all bytes."""
        self._stream.write(buffer, self._allowance.left())

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002 - the allowance counts
    ) -> httpcore.NetworkStream:
        """The same connection, encrypted."""
        stream = self._stream.start_tls(ssl_context, server_hostname, self._allowance.left())
        self._allowance.watch(stream.get_extra_info("socket"))
        return Bounded(stream, self._allowance)

    def get_extra_info(self, info: str) -> Any:
        """What httpcore asks about the connection."""
        return self._stream.get_extra_info(info)


class Backend(httpcore.NetworkBackend):
    """Makes connections to allowed addresses only."""

    def __init__(self, allowance: Allowance, allowed: Callable[[Address], bool]) -> None:
        self._allowance = allowance
        self._allowed = allowed
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the allowance counts
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of the host that answers; refuses if any of them is not allowed."""
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in self._addresses(host, port):
            try:
                stream = self._plain.connect_tcp(
                    str(address), port, self._allowance.left(), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                self._allowance.watch(stream.get_extra_info("socket"))
                return Bounded(stream, self._allowance)
        raise failure

    def _addresses(self, host: str, port: int) -> tuple[Address, ...]:
        try:
            addresses = resolve(host, port, self._allowance.left())
        except UnknownHostError as error:
            raise httpcore.ConnectError(str(error)) from error
        for address in addresses:
            if not self._allowed(address):
                raise AddressRefusedError(f"{host} leads to {address}, which is no public address")
        return addresses
