"""LOAD operations are carried out before an update is evaluated: each gives way to the data of its document.

An allowed document is fetched and stands in its place as ``INSERT DATA { … }``, its blank nodes as blank nodes. A
``LOAD SILENT`` that is refused, or fails, does nothing, as SPARQL 1.1 Update (3.1.4) has it, and is written as
``INSERT DATA { }``; without SILENT it is an error.
"""

from collections.abc import Sequence
from typing import Final

from pyoxigraph import RdfFormat, parse, serialize

from graph.engine import Cancellation
from graph.engine.text.guard import LoadRefusedError, refuse_reach
from graph.engine.text.rewriting import Edit, Rewritten
from graph.reach.allowed import Reach
from graph.reach.clauses import Clause, load_operations
from graph.reach.client import Answer, ExchangeError, Wanted
from graph.reach.network import Allowance
from graph.reach.service import answer_services

_FORMATS: Final = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/trig": RdfFormat.TRIG,
    "application/n-quads": RdfFormat.N_QUADS,
}
_ACCEPT: Final = "text/turtle, application/n-triples, application/rdf+xml;q=0.9, application/ld+json;q=0.8"
_NOTHING: Final = "INSERT DATA { }"
_WORD: Final = "load"


class LoadFailedError(RuntimeError):
    """A document that may be fetched could not be, or holds no RDF graph."""


def prepare_update(text: str, reach: Reach | None = None, cancellation: Cancellation | None = None) -> str:
    """The update with nothing in it that reaches out: what is allowed is answered, and LOAD SILENT is taken out.

    Raises :class:`LoadRefusedError` for another LOAD that is not allowed, :class:`LoadFailedError`,
    what :func:`graph.reach.service.answer_services` raises, and ``ServiceRefusedError`` for any SERVICE that remains.
    """
    if reach:
        text = answer_services(text, reach, cancellation).query.text
    if _WORD in text.casefold():
        text = _without_loads(text, reach, cancellation)
    refuse_reach(text)
    return text


def _without_loads(text: str, reach: Reach | None, cancellation: Cancellation | None) -> str:
    operations = load_operations(text)
    if not operations:
        return text
    for operation in operations:
        if not operation.silent and not _is_allowed(operation, reach):
            raise LoadRefusedError(
                f"LOAD (line {operation.line}, column {operation.column}): this endpoint does not fetch"
                f" {f'<{operation.iri}>' if operation.iri else 'this'}: insert the data instead"
            )
    if reach is None:
        return _spliced(text, [(operation, _NOTHING) for operation in operations])
    with Allowance(reach.client.limits.service_seconds, cancellation) as allowance:
        return _spliced(text, [(operation, _load(operation, reach, allowance)) for operation in operations])


def _spliced(text: str, replaced: Sequence[tuple[Clause, str]]) -> str:
    """The text with each of the operations replaced, which stand in it from left to right."""
    return Rewritten(text, tuple(Edit(each.start, each.end, data) for each, data in replaced)).text


def _is_allowed(operation: Clause, reach: Reach | None) -> bool:
    return reach is not None and operation.iri is not None and reach.allows_load(operation.iri)


def _load(operation: Clause, reach: Reach, allowance: Allowance) -> str:
    """One operation, carried out; nothing, if it is not allowed or fails and is to be silent."""
    if not _is_allowed(operation, reach):
        return _NOTHING
    try:
        triples = _triples(reach.client.fetch(Wanted(operation.iri or "", _ACCEPT), reach.allows_load, allowance))
    except (ExchangeError, LoadFailedError) as error:
        if operation.silent:
            return _NOTHING
        raise LoadFailedError(f"LOAD (line {operation.line}, column {operation.column}): {error}") from error
    data = f"GRAPH {operation.rest} {{ {triples} }}" if operation.rest else triples
    return f"INSERT DATA {{ {data} }}"


def _triples(answer: Answer) -> str:
    """The graph in an answer as N-Triples; its blank nodes have names that stand nowhere else."""
    rdf = _FORMATS.get(answer.media_type)
    if rdf is None:
        raise LoadFailedError(f"{answer.url} is in '{answer.media_type}', which is no format of RDF known here")
    try:
        quads = list(parse(answer.data, rdf, base_iri=answer.url, without_named_graphs=True, rename_blank_nodes=True))
    except (SyntaxError, ValueError) as error:
        raise LoadFailedError(f"{answer.url} cannot be read: {error}") from error
    return (serialize((quad.triple for quad in quads), format=RdfFormat.N_TRIPLES) or b"").decode()
