"""The load generator: a process of its own, with nothing but sockets. It reads one command a line and answers each.

So many connections are kept open; each sends its next request when it has read the whole answer to the one before
(a closed loop). One thread serves all of them, which costs some 10 µs a request. Client and servers share the
processors of one machine, so what the client takes is missing to the server; its share is told with the figures.
"""

import json
import math
import select
import socket
import sys
from collections.abc import Iterator
from itertools import count
from time import perf_counter, process_time
from typing import Any

PLACE = b"v00000000"
"""Stands in each request where a number may be put, so that no two requests are the same."""
_END_OF_CHUNKS = b"\r\n0\r\n\r\n"
_LARGEST_READ = 1 << 18


class Connection:
    """A socket, the request that was sent last, and what has come of its answer."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.socket = socket.create_connection(address, timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.settimeout(None)
        self.asked = 0
        self.sent = 0.0
        self._come: list[bytes] = []

    def send(self, request: bytes, asked: int) -> None:
        """Ask something; the clock runs from before the first byte leaves."""
        self.asked = asked
        self._come = []
        self.sent = perf_counter()
        self.socket.sendall(request)

    def received(self) -> bytes | None:
        """The whole answer, if the last of it has come; raises ConnectionError."""
        piece = self.socket.recv(_LARGEST_READ)
        if not piece:
            raise ConnectionError("the server has closed the connection")
        self._come.append(piece)
        if len(self._come) > 1 and len(piece) >= len(_END_OF_CHUNKS):
            return self._whole() if self._may_be_whole(piece) else None
        return self._whole()

    def _may_be_whole(self, last: bytes) -> bool:
        """A chunked answer ends with its last chunk; others are counted."""
        head = self._come[0]
        chunked = b"\r\ntransfer-encoding: chunked" in head[: head.find(b"\r\n\r\n")].lower()
        return not chunked or last.endswith(_END_OF_CHUNKS)

    def _whole(self) -> bytes | None:
        data = b"".join(self._come)
        self._come = [data]
        return data if is_whole(data) else None


def is_whole(data: bytes) -> bool:
    """Whether an answer has come to its end. SPARQL JSON holds no line break within a string, so ends are certain."""
    end = data.find(b"\r\n\r\n")
    if end < 0:
        return False
    length = length_of(data[:end].lower())
    return data.endswith(_END_OF_CHUNKS) if length is None else len(data) >= end + 4 + length


def length_of(head: bytes) -> int | None:
    """The Content-Length, or None where the body comes in chunks."""
    start = head.find(b"\r\ncontent-length:")
    return None if start < 0 else int(head[start + 17 :].split(b"\r\n", 1)[0])


def body_of(data: bytes) -> bytes:
    """The body of a whole answer, its chunks put together."""
    end = data.find(b"\r\n\r\n")
    if length_of(data[:end].lower()) is not None:
        return data[end + 4 :]
    found, place = [], end + 4
    while True:
        line = data.find(b"\r\n", place)
        size = int(data[place:line].partition(b";")[0], 16)
        if not size:
            return b"".join(found)
        found.append(data[line + 2 : line + 2 + size])
        place = line + 2 + size + 2


class Checked:
    """Counts the answers that are not as they should be: another status than 200, or of another length."""

    def __init__(self, lengths: list[int | None]) -> None:
        self._lengths = lengths
        self._sizes: dict[int, int] = {}
        self.wrong = 0
        self.first = ""

    def __call__(self, asked: int, data: bytes) -> None:
        if data.startswith(b"HTTP/1.1 200 ") and len(data) == self._sizes.get(asked):
            return
        length = len(body_of(data))
        expected = self._lengths[asked]
        if data.startswith(b"HTTP/1.1 200 ") and expected in (None, length):
            self._sizes[asked], self._lengths[asked] = len(data), length
            return
        self.wrong += 1
        self.first = self.first or f"{data[:300]!r}: {length} bytes, expected {expected}"


class Round:
    """One round of load on one server."""

    def __init__(self, command: dict[str, Any]) -> None:
        self._address = command["host"], command["port"]
        self._parts = [request.encode("latin-1").partition(PLACE) for request in command["requests"]]
        self._numbers: Iterator[int] = count(command["number"])
        self._vary = command["vary"]
        self._seconds, self._cap = command["seconds"], command["cap"]
        self._turn = count()
        self._lengths: list[int | None] = command["lengths"]
        self._checked = Checked(self._lengths)
        self._times: list[float] = []

    def run(self, clients: int) -> dict[str, Any]:
        """Load it with so many clients and tell how it went, in seconds."""
        connections = [Connection(self._address) for _ in range(clients)]
        if not (self._vary or self._is_warm(connections[0])):
            return {**self._told(self._cap), "unfinished": clients, "client": 0.0}
        poll = select.epoll()
        waiting = {each.socket.fileno(): each for each in connections}
        for number in waiting:
            poll.register(number, select.EPOLLIN)
        began, busy = perf_counter(), process_time()
        for each in connections:
            self._send(each)
        last = self._until_the_end(poll, waiting, began)
        for each in connections:
            each.socket.close()
        return {**self._told(last - began), "unfinished": len(waiting), "client": process_time() - busy}

    def _is_warm(self, connection: Connection) -> bool:
        """Ask everything once before the clock runs; whether all of it was answered in time."""
        connection.socket.settimeout(self._cap)
        try:
            for asked, parts in enumerate(self._parts):
                connection.send(b"".join(parts), asked)
                while (data := connection.received()) is None:
                    pass
                self._checked(asked, data)
        except TimeoutError:
            return False
        connection.socket.settimeout(None)
        return True

    def _until_the_end(self, poll: "select.epoll", waiting: dict[int, Connection], began: float) -> float:
        end, last = began + self._seconds, began
        while waiting and perf_counter() < end + self._cap:
            for number, _ in poll.poll(max(0.001, end + self._cap - perf_counter())):
                data = waiting[number].received()
                if data is None:
                    continue
                last = perf_counter()
                self._times.append(last - waiting[number].sent)
                self._checked(waiting[number].asked, data)
                if last < end:
                    self._send(waiting[number])
                else:
                    del waiting[number]
        return perf_counter() if waiting else last

    def _send(self, connection: Connection) -> None:
        asked = next(self._turn) % len(self._parts)
        before, place, after = self._parts[asked]
        connection.send(before + (b"v%08d" % next(self._numbers) if self._vary else place) + after, asked)

    def _told(self, seconds: float) -> dict[str, Any]:
        times = sorted(self._times)
        return {
            "count": len(times),
            "seconds": seconds,
            "p50": at(times, 0.50),
            "p99": at(times, 0.99),
            "lengths": self._lengths,
            "wrong": self._checked.wrong,
            "first_wrong": self._checked.first,
        }


def at(ordered: list[float], part: float) -> float | None:
    """The value below or at which so great a part of them lies."""
    return ordered[max(0, math.ceil(part * len(ordered)) - 1)] if ordered else None


def main() -> None:
    """Do what each line of standard input says, and tell of it on standard output."""
    for line in sys.stdin:
        command = json.loads(line)
        try:
            told = Round(command).run(command["clients"])
        except (OSError, ValueError) as error:
            told = {"failed": f"{type(error).__name__}: {error}"}
        print(json.dumps(told), flush=True)  # noqa: T201 - its only way to tell


if __name__ == "__main__":
    main()
