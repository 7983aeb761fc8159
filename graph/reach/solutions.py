"""Solutions that another service sent, as SPARQL: ``{ VALUES (…) { … } }`` joins as the clause would have.

A blank node of the other service becomes an IRI below ``/.well-known/genid/`` of its host (RDF 1.1, 3.5), the same
for the same answer: it cannot be told from others' by its name alone, and two of one answer stay two.
"""

import hashlib
from typing import Final
from urllib.parse import urlsplit

from pyoxigraph import BlankNode, QueryResultsFormat, QuerySolutions, Triple, parse_query_results

from graph.engine import Term
from graph.reach.client import Answer

ACCEPT: Final = "application/sparql-results+json"
ONE_EMPTY: Final = " { VALUES () { () } } "
_MEDIA_TYPES: Final = (ACCEPT, "application/json")


class ServiceFailedError(RuntimeError):
    """Another service, which may be asked, gave no answer that can be used."""


def values(answer: Answer) -> str:
    """The solutions in an answer as SPARQL; raises :class:`ServiceFailedError` where there are none."""
    if answer.media_type not in _MEDIA_TYPES:
        raise ServiceFailedError(f"{answer.url} answered in '{answer.media_type}', and {ACCEPT} was asked for")
    nodes = _genid(answer)
    try:
        solutions = parse_query_results(answer.data, QueryResultsFormat.JSON)
        if not isinstance(solutions, QuerySolutions):
            raise ServiceFailedError(f"{answer.url} answered with true or false, not with solutions")
        names = " ".join(str(variable) for variable in solutions.variables)
        rows = "\n".join(f"({' '.join(_term(term, nodes) for term in row)})" for row in solutions)
    except (SyntaxError, ValueError) as error:
        raise ServiceFailedError(f"{answer.url} sent no SPARQL results in JSON: {error}") from error
    return f" {{ VALUES ({names}) {{ {rows} }} }} "


def _genid(answer: Answer) -> str:
    """What the IRIs of the blank nodes of an answer begin with."""
    parts = urlsplit(answer.url)
    return f"{parts.scheme}://{parts.netloc}/.well-known/genid/{hashlib.sha256(answer.data).hexdigest()[:16]}-"


def _term(term: Term | None, nodes: str) -> str:
    """A term as SPARQL writes it."""
    if term is None:
        return "UNDEF"
    if isinstance(term, BlankNode):
        return f"<{nodes}{term.value}>"
    if isinstance(term, Triple):
        return f"<<( {' '.join(_term(part, nodes) for part in (term.subject, term.predicate, term.object))} )>>"
    return str(term)
