"""An engine before another one: it answers what is written for the Wikidata Query Service from the newest slices.

Its default graph is ``…/graph/wikidata``, unless the query or the request names graphs itself; it has no named graphs
but those that a request names.
"""

from collections.abc import Sequence
from typing import Final

from graph.engine import (
    Cancellation,
    Engine,
    QueryEvaluationError,
    QuerySyntaxError,
    Response,
    ServiceRefusedError,
)
from graph.engine.answers import Answers
from graph.engine.text.guard import refuse_service
from graph.namespaces import GRAPH_WIKIDATA
from graph.wikidata.querying.ranks import is_partly_ranked, is_unranked
from graph.wikidata.querying.translation import Translated, translated

WITH_LABELS: Final = "https://query.wikidata.org/sparql"
SERVICES: Final = frozenset(
    (
        WITH_LABELS,
        "https://qlever.dev/api/wikidata",
        "https://qlever.cs.uni-freiburg.de/api/wikidata",
    )
)
"""The services that have Wikidata: its own, and QLever's, whose second address leads to the first."""
_HOLDS_ANY: Final = f"ASK {{ GRAPH {GRAPH_WIKIDATA} {{ ?s ?p ?o }} }}"


class NoSlicesError(ValueError):
    """The store holds nothing of Wikidata, so that an empty answer would say what is not known."""


class OnSlices(Answers):
    """The slices of the store that an engine reads, asked in the query service's own manner.

    ``services`` are those that they can stand in for. Raises what the engine behind raises, with places in the query
    as it was sent; :class:`NoSlicesError`; and :class:`UntranslatableError` for what only the service itself has,
    and for ``wdt:`` of a property of which no slice tells the best rank.
    """

    def __init__(self, engine: Engine, services: frozenset[str] = SERVICES) -> None:
        self._engine = engine
        self.services = services
        self._looked_at = ("", False)

    @property
    def version(self) -> str:
        """The data version of the engine behind."""
        return self._engine.version

    @property
    def is_held(self) -> bool:
        """Whether there is anything of Wikidata in the store."""
        version = self._engine.version
        if self._looked_at[0] != version:
            self._looked_at = (version, self._engine.ask(_HOLDS_ANY))
        return self._looked_at[1]

    def sent(self, service: str, query: str) -> str:
        """What such a service itself is sent: plain SPARQL, where it has no label service as Wikidata's own has.

        Raises :class:`graph.engine.ServiceRefusedError` for a query with another SERVICE in it.
        """
        plain = translated(query, days=False).text
        refuse_service(plain)
        return query if service == WITH_LABELS else plain

    def respond(
        self,
        query: str,
        media_type: str,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        cancellation: Cancellation | None = None,
    ) -> Response:
        """Ask the engine behind for the translated query on the newest slices."""
        made = translated(query)
        if not self.is_held:
            raise NoSlicesError("this store holds nothing of Wikidata")
        if not (made.names_graphs or default_graphs or named_graphs):
            self._refuse_unranked(made)
            default_graphs = (GRAPH_WIKIDATA.value,)
        try:
            return self._engine.respond(made.text, media_type, default_graphs, named_graphs, cancellation)
        except (QuerySyntaxError, QueryEvaluationError, ServiceRefusedError) as error:
            raise made.as_sent(error) from error.__cause__

    def incomplete(self, query: str) -> tuple[str, ...]:
        """The properties of which a query by ``wdt:`` may miss values, as they are here in parts of entities, too."""
        made = translated(query)
        names = () if made.names_graphs else made.by_best_rank
        return tuple(name for name in names if is_partly_ranked(self._engine.ask, name))

    def _refuse_unranked(self, made: Translated) -> None:
        for property_, error in made.by_best_rank.items():
            if is_unranked(self._engine.ask, property_):
                raise error
