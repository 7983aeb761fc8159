"""What is recorded here of other services' data, and can answer in their place."""

from collections.abc import Collection, Sequence
from typing import Protocol

from graph.engine import Cancellation, Response


class Recorded(Protocol):
    """Records of what ``services`` have, which are IRIs, letter by letter."""

    @property
    def services(self) -> Collection[str]:
        """The services for which it can stand in."""

    @property
    def is_held(self) -> bool:
        """Whether there is anything in the records."""

    def sent(self, service: str, query: str) -> str:
        """What such a service itself is sent for a query.

        Raises :class:`graph.engine.ServiceRefusedError` for a query that reaches further, and what :meth:`respond`
        does for one that cannot be read.
        """

    def respond(
        self,
        query: str,
        media_type: str,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        cancellation: Cancellation | None = None,
    ) -> Response:
        """The answer from the records, as :class:`graph.engine.Engine` gives it."""
