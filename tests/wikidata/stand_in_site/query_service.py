"""``/sparql``: SPARQL 1.1 over the triples that a test gives, with the prefixes that Wikidata's service declares.

A time-out comes as 200 with the beginning of the results and then a trace (``stand_in_site.exchange.broken_off``);
who asks too much gets 429 with ``Retry-After`` (``stand_in_site.exchange.busy``).
"""

from collections.abc import Iterable

from pyoxigraph import Quad, QueryResultsFormat, QueryTriples, RdfFormat, Store, Triple
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from graph.namespaces import WIKIDATA
from stand_in_site.exchange import Asked, Reply

PATHS = ("/sparql", "/bigdata/namespace/wdq/sparql")
PREFIXES = {
    **WIKIDATA,
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "http://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "bd": "http://www.bigdata.com/rdf#",
}
_RESULTS = {
    "application/sparql-results+xml": QueryResultsFormat.XML,
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "application/json": QueryResultsFormat.JSON,
    "text/csv": QueryResultsFormat.CSV,
    "text/tab-separated-values": QueryResultsFormat.TSV,
}


class QueryService:
    """Triples that are asked."""

    def __init__(self, triples: Iterable[Triple] = ()) -> None:
        self._store = Store()
        self.add(triples)

    def add(self, triples: Iterable[Triple]) -> None:
        self._store.extend(Quad(each.subject, each.predicate, each.object) for each in triples)

    def answer(self, asked: Asked) -> Reply:
        """The solutions in the format that is asked for; XML where none is."""
        query = _query(asked)
        if not query:
            return Reply(400, b"No query", "text/plain")
        try:
            found = self._store.query(query, prefixes=PREFIXES)
        except SyntaxError as error:
            return Reply(400, f"SPARQL-QUERY: queryStr={query}\n{error}".encode(), "text/plain")
        if isinstance(found, QueryTriples):
            return Reply(200, found.serialize(format=RdfFormat.TURTLE) or b"", "text/turtle;charset=utf-8")
        media_type = _media_type(asked)
        return Reply(200, found.serialize(format=_RESULTS[media_type]) or b"", f"{media_type};charset=utf-8")


def _query(asked: Asked) -> str:
    if asked.headers.get("content-type", "").startswith("application/sparql-query"):
        return asked.body.decode()
    return asked.parameters().get("query", "")


def _media_type(asked: Asked) -> str:
    if asked.parameters().get("format") == "json":
        return "application/sparql-results+json"
    accept = parse_accept_header(asked.headers.get("accept", "*/*"), MIMEAccept)
    return accept.best_match(list(_RESULTS), default="application/sparql-results+xml")
