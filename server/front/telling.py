"""What is told of each request: to the metrics, and in one line of the log."""

import json

from server.asgi import Scope, Visit
from server.front.journal import Journal
from server.front.observed import Metrics, route_of
from server.front.remembered import Kept

_WORDS = {2: "ok", 3: "ok", 4: "refused", 5: "failed"}


class Teller:
    """Tells of requests once they have been answered."""

    def __init__(self, metrics: Metrics, journal: Journal | None) -> None:
        self._metrics = metrics
        self._journal = journal

    def of_kept(  # noqa: PLR0917
        self, scope: Scope, address: str, request_id: str, kept: Kept, status: int, sent: int, seconds: float
    ) -> None:
        """A kept answer was sent: the line is mostly there already."""
        method = scope["method"]
        self._metrics.answered(method, kept.route, status, "hit", "ok", seconds, sent)
        if self._journal:
            self._journal.write(
                f'{{"time": "{self._journal.now()}", "request_id": "{request_id}", "address": {json.dumps(address)},'
                f' "method": "{method}", "status": {status}, "bytes": {sent},'
                f' "milliseconds": {seconds * 1000:.3f}, {kept.told}'
            )

    def of_visit(self, visit: Visit) -> None:
        """Any other request."""
        exchange = visit.exchange
        method, path, seconds = visit.scope["method"], visit.scope["path"], visit.seconds
        outcome = exchange.outcome or _WORDS.get(visit.status // 100, "cancelled")
        self._metrics.answered(method, route_of(path), visit.status, exchange.cache, outcome, seconds, visit.sent)
        if self._journal:
            self._journal.tell(
                request_id=exchange.request_id,
                address=exchange.address,
                method=method,
                status=visit.status,
                bytes=visit.sent,
                milliseconds=round(seconds * 1000, 3),
                path=path,
                query=exchange.query_hash,
                cache=exchange.cache,
                outcome=outcome,
                version=exchange.version,
            )
