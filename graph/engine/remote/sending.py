"""The client's half of the SPARQL 1.1 Graph Store Protocol: put, add to, and delete a graph of a remote store."""

from typing import Final, Self

import httpx
from pyoxigraph import DefaultGraph, NamedNode

from graph.engine.remote.complaints import RemoteUnreachableError, told
from graph.engine.remote.endpoint import CONNECT_SECONDS, Endpoint, headers, trusted

_TRIPLES: Final = "application/n-triples"
_GONE: Final = 404
_FINE: Final = range(200, 300)
# Where stores take the protocol that say by a header which they are: (header, what its value holds, path).
_PLACES: Final = (
    ("Server", "virtuoso", "/sparql-graph-crud-auth"),
    ("Server", "oxigraph", "/store"),
)


class PublishError(ValueError):
    """A remote store did not take a graph, or not all of it; the message says which and why."""


class GraphStore:
    """A store that takes graphs; requests go one after another over one connection."""

    def __init__(self, place: Endpoint, seconds: float) -> None:
        """``seconds`` bound each request: how long the store may take for what it was sent."""
        self._place = place
        self._client = _client(place, seconds)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    @staticmethod
    def beside(sparql: Endpoint) -> Endpoint:
        """Where the store of a SPARQL endpoint takes graphs, if it is one that we know; raises PublishError."""
        with _client(sparql, CONNECT_SECONDS) as client:
            response = _sent(client, "POST", sparql, "its SPARQL endpoint", data={"query": "ASK {}"})
        for header, value, path in _PLACES:
            if value in response.headers.get(header, "").casefold():
                return sparql.beside(path)
        raise PublishError(f"{sparql.shown}: give the URL at which the store takes the Graph Store Protocol")

    def put(self, graph: NamedNode | DefaultGraph, triples: bytes) -> None:
        """Make the graph these triples (N-Triples); raises PublishError, RemoteUnreachableError."""
        self._write("PUT", graph, triples)

    def post(self, graph: NamedNode | DefaultGraph, triples: bytes) -> None:
        """Add triples (N-Triples) to the graph; raises PublishError, RemoteUnreachableError."""
        self._write("POST", graph, triples)

    def delete(self, graph: NamedNode | DefaultGraph) -> None:
        """Delete the graph, if it is there; raises PublishError, RemoteUnreachableError."""
        response = _sent(self._client, "DELETE", self._place, _called(graph), params=_named(graph))
        if response.status_code != _GONE:
            _refuse(response, _called(graph))

    def _write(self, method: str, graph: NamedNode | DefaultGraph, triples: bytes) -> None:
        sent = {"params": _named(graph), "content": triples, "headers": {"Content-Type": _TRIPLES}}
        _refuse(_sent(self._client, method, self._place, _called(graph), **sent), _called(graph))


def _client(place: Endpoint, seconds: float) -> httpx.Client:
    return httpx.Client(
        auth=place.auth,
        headers=headers(),
        timeout=httpx.Timeout(seconds, connect=CONNECT_SECONDS),
        trust_env=False,
        verify=trusted(),
    )


def _sent(client: httpx.Client, method: str, place: Endpoint, what: str, **request: object) -> httpx.Response:
    try:
        return client.request(method, place.url, **request)  # type: ignore[arg-type]
    except (httpx.ConnectError, httpx.ConnectTimeout) as fault:
        raise RemoteUnreachableError(f"{place.shown} cannot be reached: {fault or type(fault).__name__}") from fault
    except httpx.HTTPError as fault:
        said = str(fault) or type(fault).__name__
        raise PublishError(f"{what}: {method} {place.shown} broke off ({said}); run it again") from fault


def _refuse(response: httpx.Response, what: str) -> None:
    if response.status_code in _FINE:
        return
    said = told(response.headers.get("Content-Type", ""), response.content)
    raise PublishError(f"{what}: the store answered {response.status_code}{': ' + said if said else ''}")


def _named(graph: NamedNode | DefaultGraph) -> dict[str, str]:
    return {"graph": graph.value} if isinstance(graph, NamedNode) else {"default": ""}


def _called(graph: NamedNode | DefaultGraph) -> str:
    return graph.value if isinstance(graph, NamedNode) else "the default graph"
