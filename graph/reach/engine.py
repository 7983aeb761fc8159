"""An engine in front of another: it answers what a query may ask of other services, and passes the rest on."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from graph.engine import (
    Cancellation,
    Engine,
    Federated,
    QueryEvaluationError,
    QuerySyntaxError,
    Response,
    ServiceRefusedError,
)
from graph.engine.answers import Answers
from graph.engine.text.normal import is_volatile
from graph.reach.allowed import Reach
from graph.reach.recorded import Recorded
from graph.reach.service import answer_services, refuse_large_answers


class Reaching(Answers):
    """The engine behind, with SERVICE for those that are allowed, or of which there are records.

    An answer is volatile if it holds another service's, or records that stand in for one that failed. ``tell`` gets
    what answered for each clause. Raises what the engine behind raises, and what ``answer_services`` does.
    """

    def __init__(
        self,
        engine: Engine,
        reach: Reach,
        recorded: Recorded | None = None,
        tell: Callable[[Federated], None] | None = None,
    ) -> None:
        self._engine = engine
        self._reach = reach
        self._recorded = recorded
        self._tell = tell

    @property
    def version(self) -> str:
        """The data version of the engine behind."""
        return self._engine.version

    def respond(
        self,
        query: str,
        media_type: str,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        cancellation: Cancellation | None = None,
    ) -> Response:
        """Ask the other services first, then the engine behind."""
        answered = answer_services(query, self._reach, cancellation, self._recorded)
        for each in answered.federated if self._tell else ():
            self._tell(each)  # type: ignore[misc]
        made = answered.query
        try:
            response = self._engine.respond(made.text, media_type, default_graphs, named_graphs, cancellation)
        except (QuerySyntaxError, QueryEvaluationError, ServiceRefusedError) as error:
            refuse_large_answers(made, self._reach.client.limits)
            raise (made.as_sent(error) if made.edits else error) from error.__cause__
        if not made.edits:
            return response
        stable = all(_is_stable(each, response.version) for each in answered.federated) and not is_volatile(query)
        return replace(response, volatile=response.volatile or not stable, federated=answered.federated)


def _is_stable(federated: Federated, version: str) -> bool:
    """Whether what answered for a service will answer the same on the same data: only records have a version."""
    return federated.version == version and not federated.reason
