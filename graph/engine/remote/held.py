"""What a remote store holds, as it says itself: whether it answers, which version, and what its default graph is.

:mod:`graph.publish` writes the version into a graph of its own, as the last thing, and takes it away as the first.
Where what is in that graph is found outside of it too, the default graph is the union of all graphs.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Event, Lock, Thread
from typing import Final

from graph.engine import Solutions
from graph.namespaces import GRAPH_VERSION, term

# How old the version may be that an answer is labelled with. Each request would ask for it otherwise.
VERSION_SECONDS: Final = 2.0
VERSION_PROPERTY: Final = term("owl:versionInfo")
VERSION_QUERY: Final = (
    "SELECT ?version ?where {"
    f' {{ GRAPH {GRAPH_VERSION} {{ {GRAPH_VERSION} {VERSION_PROPERTY} ?version }} BIND ("graph" AS ?where) }}'
    f' UNION {{ {GRAPH_VERSION} ?any ?version BIND ("default" AS ?where) }} }}'
)


@dataclass(frozen=True)
class State:
    """What was found, and when it was asked; ``union`` says that the default graph is the union of all."""

    answers: bool = False
    version: str = ""
    union: bool = False
    when: float = float("-inf")


class Held:
    """Asks a store every few seconds once :meth:`known` has been called, and one question at a time."""

    def __init__(self, ask: Callable[[str], Solutions]) -> None:
        self._ask = ask
        self._asking = Lock()
        self._starting = Lock()
        self._state = State()
        self._keeper: Thread | None = None
        self._closed = Event()

    def known(self) -> State:
        """What was found last, without waiting unless nothing was; kept a few seconds old at most from now on."""
        with self._starting:
            if self._keeper is None:
                self._keeper = Thread(target=self._keep, name="remote version", daemon=True)
                self._keeper.start()
        return self._state if self._state.when > 0 else self.now()

    def now(self) -> State:
        """What is no older than :data:`VERSION_SECONDS`; who comes while it is asked for waits."""
        came = time.monotonic()
        if not self._is_new():
            with self._asking:
                if not self._is_new() and self._state.when < came:
                    self._state = self._look()
        return self._state

    def again(self) -> State:
        """What the store says just now."""
        with self._asking:
            self._state = self._look()
            return self._state

    def close(self) -> None:
        """Ask no more."""
        self._closed.set()

    def _keep(self) -> None:
        while not self._closed.wait(VERSION_SECONDS):
            self.now()

    def _is_new(self) -> bool:
        return time.monotonic() - self._state.when < VERSION_SECONDS

    def _look(self) -> State:
        asked = time.monotonic()
        try:
            rows = self._ask(VERSION_QUERY).rows
        except (RuntimeError, ValueError):
            return replace(self._state, answers=False, version="", when=asked)
        found = {getattr(where, "value", ""): getattr(version, "value", "") for version, where in rows}
        return State(True, found.get("graph", ""), "default" in found, asked)
