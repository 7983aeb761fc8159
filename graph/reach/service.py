"""SERVICE clauses are answered before a query is evaluated: each gives way to the solutions of the other service.

The group of a clause is sent as a query of its own, with the declarations of the text around it, as a form by POST.
What comes back stands in its place as ``{ VALUES (…) { … } }``, which joins as the clause would have. A blank node of
the other service becomes an IRI below ``/.well-known/genid/`` of its host (RDF 1.1, 3.5), the same for the same
answer: it cannot be told from others' by its name alone, and two of one answer stay two.
"""

import hashlib
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from pyoxigraph import BlankNode, QueryResultsFormat, QuerySolutions, Triple, parse_query_results

from graph.engine import Cancellation, ServiceRefusedError, Term
from graph.engine.text.guard import refuse_service
from graph.reach.allowed import Reach
from graph.reach.clauses import Clause, service_clauses
from graph.reach.client import Answer, ExchangeError, Wanted
from graph.reach.network import Allowance

_ACCEPT: Final = "application/sparql-results+json"
_MEDIA_TYPES: Final = (_ACCEPT, "application/json")
_ONE_EMPTY_SOLUTION: Final = " { VALUES () { () } } "
_WORD: Final = "service"


class ServiceFailedError(RuntimeError):
    """Another service, which may be asked, gave no answer that can be used."""


def answer_services(query: str, reach: Reach, cancellation: Cancellation | None = None) -> str:
    """The query, or update, with each SERVICE clause replaced by what the other service answers.

    Raises :class:`ServiceRefusedError` for a clause that is not allowed, or that could be read in two ways,
    :class:`ServiceFailedError` if a service fails and the clause has no SILENT, and ``CancelledError``.
    """
    if not reach.services or _WORD not in query.casefold():
        return query
    clauses = service_clauses(query)
    for clause in clauses:
        _refuse(clause, reach)
    if not clauses:
        refuse_service(query)
        return query
    with Allowance(reach.client.limits.service_seconds, cancellation) as allowance:
        answered = spliced(query, [(clause, _answer(clause, reach, allowance)) for clause in clauses])
    refuse_service(answered)
    return answered


def _refuse(clause: Clause, reach: Reach) -> None:
    place = f"SERVICE (line {clause.line}, column {clause.column})"
    if clause.iri is None:
        raise ServiceRefusedError(f"{place}: write the address of the service in the query; a variable is not taken")
    if not reach.allows_service(clause.iri):
        raise ServiceRefusedError(f"{place}: this endpoint sends no requests to <{clause.iri}>")
    try:
        refuse_service(_sent(clause))
    except ServiceRefusedError as error:
        raise ServiceRefusedError(f"{place}: a SERVICE clause inside another is not taken") from error


def _sent(clause: Clause) -> str:
    return f"{clause.declarations}SELECT * WHERE {clause.rest}"


def spliced(text: str, replaced: Sequence[tuple[Clause, str]]) -> str:
    """The text with each of the clauses replaced, which stand in it from left to right."""
    parts, position = [], 0
    for clause, data in replaced:
        parts += [text[position : clause.start], data]
        position = clause.end
    return "".join([*parts, text[position:]])


def _answer(clause: Clause, reach: Reach, allowance: Allowance) -> str:
    """The solutions of one clause as SPARQL; one empty solution for a failure that is to be silent."""
    wanted = Wanted(clause.iri or "", _ACCEPT, (("query", _sent(clause)),))
    try:
        return _data(reach.client.fetch(wanted, reach.allows_service, allowance))
    except (ExchangeError, ServiceFailedError) as error:
        if clause.silent:
            return _ONE_EMPTY_SOLUTION
        raise ServiceFailedError(f"SERVICE (line {clause.line}, column {clause.column}): {error}") from error


def _data(answer: Answer) -> str:
    if answer.media_type not in _MEDIA_TYPES:
        raise ServiceFailedError(f"{answer.url} answered in '{answer.media_type}', and {_ACCEPT} was asked for")
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
