"""The process that evaluates queries, one at a time: it reads a snapshot and opens no socket.

A message with ``path`` names a snapshot to be read from now on. Any other is a query, whose text is the payload;
blocks come back, the last one without ``more``. An error comes instead of a block. What takes more memory than is
allowed aborts the process, and what takes too long is killed by the parent: the process itself keeps no time.
"""

import json
import sys
from contextlib import ExitStack, suppress
from pathlib import Path
from threading import Thread
from typing import IO, Any, Final

from pyoxigraph import Store

from graph.child import Connection, bound_memory, connect, lift_memory_bound
from graph.engine.evaluation import evaluate, serialise
from graph.engine.stream import THREAD, Writer, let_go, start_deep
from graph.engine.workers.wire import packed
from graph.engine.xml import Checked
from graph.limits import Limits
from graph.store import Snapshot, reading

_MORE: Final = {"more": True}


class Worker:
    """What the process does with its messages."""

    def __init__(self, connection: Connection, limits: Limits) -> None:
        self._connection = connection
        self._limits = limits
        self._held = ExitStack()
        self._store: Store | None = None

    def run(self) -> None:
        """Answer messages until the pipe ends, or the engine has failed in a way that it should not go on after."""
        while (received := self._connection.receive()) is not None:
            message, payload = received
            try:
                self._open(message) if "path" in message else self._answer(message, payload.decode())
            except BaseException as error:  # noqa: BLE001 - whatever it is, the one who asked must see it
                let_go(error)
                if not self._report(error):
                    return

    def _report(self, error: BaseException) -> bool:
        """Send an error; whether the process can go on."""
        with suppress(OSError):
            self._connection.send(packed(error))
            return isinstance(error, Exception)
        return False

    def _open(self, message: dict[str, Any]) -> None:
        """Read another snapshot; the former one may then be removed."""
        lift_memory_bound()
        self._store = None
        self._held.close()
        self._held.enter_context(reading(Snapshot(message["version"], Path(message["path"]))))
        self._store = Store.read_only(message["path"])
        bound_memory(self._limits.query_memory)
        self._connection.send({})

    def _answer(self, message: dict[str, Any], query: str) -> None:
        if self._store is None:
            raise RuntimeError("no snapshot is open")
        output = _Output(self._connection, Checked() if message["type"].endswith("xml") else None)
        results = evaluate(self._store, self._limits, query, message["default"], message["named"])
        serialise(results, message["type"], output.file)
        output.end()


class _Output:
    """Blocks on their way to the parent; the last one is held back, to be sent as the last."""

    def __init__(self, connection: Connection, check: Checked | None) -> None:
        self._connection = connection
        self._check = check
        self._writer = Writer(self._put)
        self.file: IO[bytes] = self._writer  # type: ignore[assignment]

    def _put(self, block: bytes) -> None:
        if self._check:
            self._check(block)
        self._connection.send(_MORE, block)

    def end(self) -> None:
        last = self._writer.rest()
        if self._check:
            self._check(last)
        self._connection.send({}, last)


def main() -> None:
    """Serve on the thread of a query, whose stack is large: Oxigraph parses and plans by recursion."""
    connection = connect()
    worker = Worker(connection, Limits(**json.loads(sys.argv[2])))
    thread = Thread(target=worker.run, name=THREAD)
    start_deep(thread)
    thread.join()


if __name__ == "__main__":
    main()
