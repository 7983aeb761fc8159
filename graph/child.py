"""A child process that answers messages and does not outlive its parent.

The child is started afresh (``python -m module``): of the parent's threads and files it has only one end of a socket
pair. It ends with its parent in two ways: the kernel kills it (``PR_SET_PDEATHSIG``), and the end of the pipe tells
it. The kernel's way fires when the *thread* that started the child ends, so one thread that lives as long as the
process, the nursery, starts them all.

A message is a frame: length of the header (4 bytes) and of the payload (8), the header (a JSON object), the payload.
"""

import contextlib
import ctypes
import json
import os
import resource
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Final

from graph.seal import forbid_sockets

_LENGTHS: Final = struct.Struct("!IQ")
_PIECE: Final = 64 * 1024
_LARGE: Final = 1024 * 1024
_SECONDS_TO_REAP: Final = 10.0
_PR_SET_PDEATHSIG: Final = 1

Message = tuple[dict[str, Any], bytes]


class ChildGoneError(RuntimeError):
    """The child has ended, or closed its end of the pipe; a negative ``returncode`` is the signal that ended it."""

    def __init__(self, returncode: int | None) -> None:
        super().__init__(f"the child process ended ({returncode})")
        self.returncode = returncode


class _Nursery:
    """The one thread that starts children; it never ends, so that they do not end with it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wanted: SimpleQueue[tuple[list[str], int, dict[str, str], SimpleQueue[Any]]] = SimpleQueue()
        self._thread: threading.Thread | None = None

    def start(self, command: list[str], end: int, environment: dict[str, str]) -> "subprocess.Popen[bytes]":
        """Start a process that inherits one file descriptor; raises what ``Popen`` raises."""
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="nursery", daemon=True)
                self._thread.start()
        answer: SimpleQueue[Any] = SimpleQueue()
        self._wanted.put((command, end, environment, answer))
        made = answer.get()
        if isinstance(made, BaseException):
            raise made
        process: subprocess.Popen[bytes] = made
        return process

    def _run(self) -> None:
        while True:
            command, end, environment, answer = self._wanted.get()
            try:
                answer.put(_start(command, end, environment))
            except Exception as error:  # noqa: BLE001 - it is raised where the child was asked for
                answer.put(error)


def _start(command: list[str], end: int, environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    null = subprocess.DEVNULL
    return subprocess.Popen(command, stdin=null, stdout=null, pass_fds=[end], env=environment)  # noqa: S603 - our own


_nursery = _Nursery()


class Child:
    """The parent's side of one child. One thread may send while another receives.

    The module's ``main`` part calls :func:`connect`; its own arguments are ``sys.argv[2:]``.
    """

    def __init__(self, module: str, *arguments: str) -> None:
        """Start ``module`` as a process; raises OSError if the system cannot."""
        ours, theirs = socket.socketpair()
        command = [sys.executable, "-P", "-m", module, f"{theirs.fileno()}:{os.getpid()}", *arguments]
        path = os.pathsep.join(each or str(Path.cwd()) for each in sys.path)
        try:
            self._process = _nursery.start(command, theirs.fileno(), {**os.environ, "PYTHONPATH": path})
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        self._pipe = _Pipe(ours)
        self.pid = self._process.pid

    @property
    def returncode(self) -> int | None:
        """How it ended; None while it lives."""
        return self._process.poll()

    def send(self, message: Mapping[str, object], payload: bytes = b"") -> None:
        """Send one message; raises :class:`ChildGoneError`."""
        try:
            self._pipe.send(message, payload)
        except OSError as error:
            raise self._gone() from error

    def receive(self, timeout: float | None = None) -> Message:
        """The next message; raises TimeoutError after so many seconds, and :class:`ChildGoneError`.

        What has come of a message when time is over is kept for the next call.
        """
        try:
            message = self._pipe.receive(timeout)
        except ConnectionError as error:
            raise self._gone() from error
        if message is None:
            raise self._gone()
        return message

    def kill(self, wait: bool = True) -> None:
        """Kill it and, unless told not to wait, see it end; does nothing to one that has ended."""
        self._process.kill()
        self._pipe.shut()
        if wait:
            self._process.wait()

    def close(self) -> None:
        """End the pipe: the child ends by itself once it has answered what it was sent."""
        self._pipe.shut()

    def wait(self, timeout: float) -> bool:
        """Wait so many seconds for its end; whether it has ended."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout)
        return self._process.returncode is not None

    def _gone(self) -> ChildGoneError:
        """The pipe ends a little before the process does; one that only closed its pipe is of no use."""
        if not self.wait(_SECONDS_TO_REAP):
            self.kill()
        return ChildGoneError(self._process.returncode)


class Connection:
    """The child's side of the pipe."""

    def __init__(self, end: int) -> None:
        self._pipe = _Pipe(socket.socket(fileno=end))

    def receive(self) -> Message | None:
        """The next message; None at the end of the pipe."""
        try:
            return self._pipe.receive(None)
        except ConnectionError:
            return None

    def send(self, message: Mapping[str, object], payload: bytes = b"") -> None:
        """Send one message; raises OSError (mostly BrokenPipeError) when the parent has gone."""
        self._pipe.send(message, payload)


class _Pipe:
    """Frames over a socket; what has been read of a frame that is not there yet is kept."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end
        self._ready = select.poll()
        self._ready.register(end.fileno(), select.POLLIN)
        self._held = bytearray()

    def send(self, message: Mapping[str, object], payload: bytes) -> None:
        header = json.dumps(message, separators=(",", ":")).encode()
        start = _LENGTHS.pack(len(header), len(payload)) + header
        if len(payload) <= _PIECE:
            self._end.sendall(start + payload)
            return
        self._end.sendall(start)
        self._end.sendall(payload)

    def receive(self, timeout: float | None) -> Message | None:
        """One message; None at the end of the pipe."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while (missing := self._missing()) > 0:
            self._wait(deadline)
            piece = self._end.recv(_LARGE if missing > _LARGE else _PIECE)
            if not piece:
                return None
            self._held += piece
        return self._take()

    def shut(self) -> None:
        """End what is sent; the descriptor stays, since another thread may be reading from it."""
        with contextlib.suppress(OSError):
            self._end.shutdown(socket.SHUT_WR)

    def _wait(self, deadline: float | None) -> None:
        if deadline is None:
            return
        left = max(0.0, deadline - time.monotonic())
        # Rounded up to whole milliseconds, so that it never turns round without waiting.
        if not self._ready.poll(int(left * 1000) + 1 if left else 0):
            raise TimeoutError("no message has come in time")

    def _missing(self) -> int:
        if len(self._held) < _LENGTHS.size:
            return _LENGTHS.size - len(self._held)
        header, payload = _LENGTHS.unpack_from(self._held)
        return int(_LENGTHS.size + header + payload - len(self._held))

    def _take(self) -> Message:
        header, payload = _LENGTHS.unpack_from(self._held)
        middle = _LENGTHS.size + header
        message = json.loads(self._held[_LENGTHS.size : middle])
        body = bytes(memoryview(self._held)[middle : middle + payload])
        del self._held[: middle + payload]
        return message, body


def connect() -> Connection:
    """The child's pipe, and the child's manners: it ends with its parent, leaves no core and opens no socket."""
    end, parent = map(int, sys.argv[1].split(":"))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Sent to a whole group when the service stops: the parent then still waits for answers that are under way.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit("the parent process has gone")
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    os.set_inheritable(end, False)
    forbid_sockets()
    return Connection(end)


def bound_memory(budget: int) -> None:
    """Let the process have so many bytes of address space more than now; what asks for more aborts.

    The size of an idle process varies by hundreds of MB, so the bound is set from what it is.
    """
    size = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = size + budget
    resource.setrlimit(resource.RLIMIT_AS, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))


def lift_memory_bound() -> None:
    """Take the bound of :func:`bound_memory` away."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
