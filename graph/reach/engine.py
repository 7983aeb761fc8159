"""An engine in front of another: it answers what a query may ask of other services, and passes the rest on."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pyoxigraph import Triple

from graph.engine import Cancellation, Engine, Response, Solutions
from graph.reach.allowed import Reach
from graph.reach.service import answer_services


class Reaching:
    """The engine behind, with SERVICE for those that are allowed. An answer that holds another service's is volatile.

    Each method raises what the engine behind raises, and what ``answer_services`` does.
    """

    def __init__(self, engine: Engine, reach: Reach) -> None:
        self._engine = engine
        self._reach = reach

    @property
    def version(self) -> str:
        """The data version of the engine behind."""
        return self._engine.version

    def select(self, query: str) -> Solutions:
        """The solutions of a SELECT query."""
        return self._engine.select(answer_services(query, self._reach))

    def ask(self, query: str) -> bool:
        """The answer to an ASK query."""
        return self._engine.ask(answer_services(query, self._reach))

    def construct(self, query: str) -> Iterator[Triple]:
        """The triples of a CONSTRUCT or DESCRIBE query."""
        return self._engine.construct(answer_services(query, self._reach))

    def form(self, query: str) -> str:
        """What kind of query it is."""
        return self._engine.form(query)

    def formats(self, query: str) -> tuple[str, ...]:
        """The media types in which the answer can be had."""
        return self._engine.formats(query)

    def respond(
        self,
        query: str,
        media_type: str,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        cancellation: Cancellation | None = None,
    ) -> Response:
        """Ask the other services first, then the engine behind."""
        answered = answer_services(query, self._reach, cancellation)
        response = self._engine.respond(answered, media_type, default_graphs, named_graphs, cancellation)
        return replace(response, volatile=True) if answered != query else response
