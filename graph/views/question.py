"""One question at its clocks: which engines answer it, and the answer to a saved query."""

from collections.abc import Mapping
from contextlib import ExitStack
from hashlib import sha256

from graph.engine import Engine
from graph.names import Names
from graph.saved_query import LIMIT, Page, SavedQuery, answer
from graph.views import View, Views
from graph.views.clocks import CERTAINTIES, Certainty, Clocks
from graph.views.joined import answer_joined, marked


class Question:
    """The engines that answer at some clocks; to be closed, for the views that it uses stay until then.

    Everything here raises ViewBusyError and ViewFailedError, since it may need a view that is not there yet.
    """

    def __init__(self, clocks: Clocks, views: Views, main: Engine) -> None:
        """``main`` is the engine that answers without clocks; its version is the current one of all that is asked."""
        self.clocks = clocks
        self.current = main.version
        self._views = views
        self._main = main
        self._held = ExitStack()
        self._found: dict[Certainty, View] = {}
        self._engines: dict[View, Engine] = {}

    def close(self) -> None:
        """Let the views go."""
        self._held.close()

    @property
    def certainty(self) -> Certainty:
        """Which of the two views answers, where one does."""
        return self.clocks.certainty or "certain"

    @property
    def other(self) -> Certainty:
        """The other one."""
        return CERTAINTIES[1 - CERTAINTIES.index(self.certainty)]

    @property
    def merges(self) -> bool:
        """Whether Wikidata counts in the view that answers: it was asked for, and there is something of it."""
        return self.view(self.certainty).merged

    @property
    def differs(self) -> bool:
        """Whether the certain and the possible view hold different data."""
        return self.view("certain") != self.view("possible")

    @property
    def joins(self) -> bool:
        """Whether a saved query has rows of either view: they differ, and not only what is certain was asked for."""
        return self.clocks.certainty != "certain" and self.differs

    @property
    def version(self) -> str:
        """What tells both views: a page may show some of each."""
        both = sorted({self.view(each).id for each in CERTAINTIES})
        return both[0] if len(both) == 1 else sha256(" ".join(both).encode()).hexdigest()

    def view(self, certainty: Certainty) -> View:
        """The view that is the certain, or the possible one."""
        if certainty not in self._found:
            self._found[certainty] = self._views.at(self.clocks, certainty, self.current)
        return self._found[certainty]

    def engine(self, certainty: Certainty | None = None) -> Engine:
        """The engine that answers from a view, or from the one asked for; without one left out, the main one."""
        view = self.view(certainty or self.certainty)
        if view.id == self.current:
            return self._main
        if view not in self._engines:
            self._engines[view] = self._held.enter_context(self._views.engine(view))
        return self._engines[view]

    @property
    def widest(self) -> Engine:
        """The engine that answers; the possible view's, which names more things, where an answer joins both."""
        return self.engine("possible" if self.joins else None)

    def page(
        self, query: SavedQuery, arguments: Mapping[str, str], names: Names, limit: int = LIMIT, offset: int = 0
    ) -> Page:
        """A page of a saved query's answer, by the widest engine's names.

        At a clock it has the column that tells certain rows, which both views have, from possible ones.
        """
        if not self.clocks.timed:
            return answer(query, arguments, self.engine(), names, limit, offset)
        if self.differs:
            both = self.engine("certain"), self.engine("possible")
            return answer_joined(query, arguments, *both, names, limit, offset, shared_only=not self.joins)
        return marked(answer(query, arguments, self.engine(), names, limit, offset), "certain")
