"""Rows as SPARQL 1.1 results: JSON and CSV, the same over HTTP and in the shell."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from graph.engine import Term
from graph.namespaces import expand

Row = Sequence[Term | None]
_STRING = expand("xsd:string")
_LANGUAGE_STRING = expand("rdf:langString")


def sparql_json(columns: Sequence[str], rows: Iterable[Row], **members: Any) -> str:
    """SPARQL 1.1 Query Results JSON; with more members beside its own."""
    bindings = [
        {name: binding(term) for name, term in zip(columns, row, strict=True) if term is not None} for row in rows
    ]
    document = {"head": {"vars": list(columns)}, "results": {"bindings": bindings}, **members}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def csv_text(columns: Sequence[str], rows: Iterable[Row]) -> str:
    """SPARQL 1.1 Query Results CSV: plain values, lines ended by CR LF."""
    return csv_of_text(columns, ([plain(term) for term in row] for row in rows))


def csv_of_text(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Rows of text as CSV."""
    output = io.StringIO()
    writer = csv.writer(output)
    writer.writerow(columns)
    writer.writerows(rows)
    return output.getvalue()


def binding(term: Term) -> dict[str, Any]:
    """One term in the JSON results format."""
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    if isinstance(term, Triple):
        parts = {"subject": term.subject, "predicate": term.predicate, "object": term.object}
        return {"type": "triple", "value": {name: binding(part) for name, part in parts.items()}}
    return _literal(term)


def _literal(term: Literal) -> dict[str, Any]:
    if term.language:
        return {"type": "literal", "value": term.value, "xml:lang": term.language}
    if term.datatype.value in (_STRING, _LANGUAGE_STRING):
        return {"type": "literal", "value": term.value}
    return {"type": "literal", "value": term.value, "datatype": term.datatype.value}


def plain(term: Term | None) -> str:
    """A term as text, with nothing around it; empty for none."""
    if term is None:
        return ""
    if isinstance(term, BlankNode | Triple):
        return str(term)
    return term.value
