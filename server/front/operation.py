"""``/healthz``, ``/readyz`` and ``/metrics``: for whoever runs the service. They pass by Flask, rates and workers."""

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from graph.engine import Engine
from server.asgi import TEXT, RefusedError, Visit
from server.front.observed import CONTENT_TYPE, Metrics
from server.headers import PREFLIGHT

_ALLOW: Final = {"Allow": "GET, HEAD, OPTIONS"}


class Operation:
    """The three of them."""

    def __init__(
        self, engine: Engine | None, pool: Engine | None, metrics: Metrics, closing: Callable[[], bool]
    ) -> None:
        self._engine = engine
        self._pool: Any = pool
        self._closing = closing
        self._places: dict[str, Callable[[], tuple[HTTPStatus, str, bytes]]] = {
            "/healthz": lambda: (HTTPStatus.OK, TEXT, b"ok\n"),
            "/readyz": self._readiness,
            "/metrics": lambda: (HTTPStatus.OK, CONTENT_TYPE, metrics.text()),
        }

    def __contains__(self, path: str) -> bool:
        return path in self._places

    async def answer(self, visit: Visit) -> None:
        """Answer a request to one of the places; also a client of another site may ask."""
        method, path = visit.scope["method"], visit.scope["path"]
        if method in ("GET", "HEAD"):
            await visit.say(*self._places[path]())
        elif method == "OPTIONS":
            more = {**_ALLOW, **PREFLIGHT, "Access-Control-Allow-Methods": _ALLOW["Allow"]}
            await visit.say(HTTPStatus.OK, TEXT, b"", more)
        else:
            raise RefusedError(HTTPStatus.METHOD_NOT_ALLOWED, f"{path} can only be read", "refused", _ALLOW)

    def _readiness(self) -> tuple[HTTPStatus, str, bytes]:
        """Whether requests should be sent here, and what is missing."""
        missing = []
        if self._closing():
            missing.append("the service is ending")
        if not getattr(self._pool, "ready", True):
            missing.append("no worker is up")
        state: dict[str, Any] = {"ready": not missing, "missing": missing}
        if self._engine is not None:
            state["version"] = self._engine.version
        told = [name for name in ("workers", "busy", "waiting") if hasattr(self._pool, name)]
        state |= {name: getattr(self._pool, name) for name in told}
        status = HTTPStatus.SERVICE_UNAVAILABLE if missing else HTTPStatus.OK
        return status, "application/json", json.dumps(state).encode() + b"\n"
