"""A server to try things on: the real one, with an engine that also fails and hangs when asked to.

It prints, one a line: its URL, and what becomes of each query, which is named by the comment at its end.
"""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from graph.engine import Body, Cancellation, CancelledError, Response
from graph.engine.embedded import Embedded
from graph.engine.stream import BLOCK
from graph.limits import Limits
from server import serving
from server.app import create_app
from server.front import Front


def tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


class Midway:
    """A body that fails after its first block."""

    whole = None

    def __init__(self, name: str) -> None:
        self._name = name
        self._left = 1

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        if not self._left:
            raise RuntimeError("midway")
        self._left -= 1
        return b"x" * BLOCK

    def poll(self, _: Callable[[], None]) -> bytes:
        return next(self)

    def close(self) -> None:
        tell(f"closed {self._name}")


class Endless:
    """A body that has always more; it tells how much of it was taken."""

    whole = None

    def __init__(self, name: str) -> None:
        self._name = name
        self._taken = 0

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        self._taken += 1
        return b"x" * BLOCK

    def poll(self, _: Callable[[], None]) -> bytes:
        return next(self)

    def close(self) -> None:
        tell(f"closed {self._name} after {self._taken * BLOCK}")


class Told:
    """A body that tells how its reading ends."""

    def __init__(self, name: str, body: Body) -> None:
        self._name = name
        self._body = body

    @property
    def whole(self) -> bytes | None:
        return self._body.whole

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            return next(self._body)
        except CancelledError:
            tell(f"stopped {self._name}")
            raise

    def poll(self, on_change: Callable[[], None]) -> bytes | None:
        try:
            return self._body.poll(on_change)
        except CancelledError:
            tell(f"stopped {self._name}")
            raise

    def close(self) -> None:
        self._body.close()
        tell(f"closed {self._name}")


class Trial(Embedded):
    """The real engine, watched."""

    def respond(
        self,
        query: str,
        media_type: str,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        cancellation: Cancellation | None = None,
    ) -> Response:
        name = query.rpartition("#")[2]
        if "midway" in query:
            return Response(media_type, self.version, Midway(name))
        if "endless" in query:
            return Response(media_type, self.version, Endless(name))
        tell(f"asked {name}")
        try:
            response = super().respond(query, media_type, default_graphs, named_graphs, cancellation)
        except CancelledError:
            tell(f"cancelled {name}")
            raise
        return Response(media_type, self.version, Told(name, response.body))


if __name__ == "__main__":
    serving.SECONDS_TO_END = 0.5  # type: ignore[misc]
    limits = Limits(**json.loads(sys.argv[2])) if len(sys.argv) > 2 else Limits()
    engine = Trial(Path(sys.argv[1]))
    front = Front(create_app(engine).wsgi_app, engine, limits, log="log" in sys.argv)
    serving.serve(front, "127.0.0.1", 0, tell)
    serving.leave()
