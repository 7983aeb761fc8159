"""An engine on another snapshot than the current one, answered by the same workers.

A worker opens it for the query (some milliseconds), and goes back to the current snapshot when it has nothing to do.
"""

from collections.abc import Sequence

from graph.engine import Cancellation, Response
from graph.engine.answers import Answers
from graph.engine.workers.pool import Pool
from graph.store import Snapshot


class Beside(Answers):
    """What the workers of a pool answer from one snapshot; whoever uses it sees that the snapshot stays."""

    def __init__(self, pool: Pool, snapshot: Snapshot) -> None:
        self._pool = pool
        self._snapshot = snapshot

    @property
    def version(self) -> str:
        """The version of the snapshot."""
        return self._snapshot.version

    def respond(
        self,
        query: str,
        media_type: str,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        cancellation: Cancellation | None = None,
    ) -> Response:
        """Have a worker answer from the snapshot; raises what the pool raises."""
        graphs = default_graphs, named_graphs
        return self._pool.respond(query, media_type, *graphs, cancellation, self._snapshot)
