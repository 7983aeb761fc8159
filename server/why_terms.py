"""Triples as URLs and people name them: terms by IRI, slug or label, and literals as in Turtle or as they read."""

from typing import Final
from urllib.parse import urlencode

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from graph.engine import Engine
from graph.names import ArgumentError, Names, fold
from graph.namespaces import GRAPH_ONTOLOGY, PREFIXES, UnknownPrefixError, expand, prologue, shorten, slug

LONGEST: Final = 10_000
_TYPE: Final = frozenset({"a", "is a"})
_ANY: Final = "an IRI, a slug or any of its names in any language"


def address(triple: Triple) -> str:
    """Where the service tells why a triple holds."""
    return f"/why?{urlencode(arguments(triple))}"


def arguments(triple: Triple) -> dict[str, str]:
    """A triple as the three parameters."""
    value = shorten(triple.object.value) if isinstance(triple.object, NamedNode) else str(triple.object)
    subject = shorten(triple.subject.value) if isinstance(triple.subject, NamedNode) else str(triple.subject)
    return {"subject": subject, "predicate": shorten(triple.predicate.value), "object": value}


def read_triple(subject: str, predicate: str, value: str, engine: Engine, names: Names) -> Triple:
    """The triple that three texts name; raises :class:`ArgumentError`."""
    for name, text in (("subject", subject), ("predicate", predicate), ("object", value)):
        if not text.strip() or len(text) > LONGEST:
            raise ArgumentError(name, f"{'nothing' if not text.strip() else 'too much'} is given", _ANY)
    about = _node(subject, "subject", names)
    which = _iri(predicate.strip(), "predicate") or _property(predicate, engine, names)
    return Triple(about, which, _object(value.strip(), about, which, engine, names))


def _node(text: str, parameter: str, names: Names) -> NamedNode:
    return _iri(text.strip(), parameter) or names.resolve(text, "thing", parameter)


def _property(text: str, engine: Engine, names: Names) -> NamedNode:
    """The property that the ontology calls so; a class of the same name is none."""
    if text.strip() in _TYPE:
        return NamedNode(expand("rdf:type"))
    query = f"""SELECT ?property ?label {{ GRAPH {GRAPH_ONTOLOGY} {{ ?property a ?kind ; skos:prefLabel ?label .
        FILTER (STRENDS(STR(?kind), "Property")) }} }}"""
    rows = engine.select(prologue("skos") + query).rows
    called = ((node, label) for node, label in rows if isinstance(node, NamedNode) and isinstance(label, Literal))
    found = {node for node, label in called if fold(text) in (fold(label.value), fold(slug(node.value)))}
    return found.pop() if len(found) == 1 else names.resolve(text, "thing", "predicate")


def _iri(text: str, parameter: str) -> NamedNode | None:
    """The node of a text that is an IRI, full or compact; None for one that is a name."""
    prefix, colon, _ = text.partition(":")
    bare = text.removeprefix("<").removesuffix(">")
    if not (colon and prefix in PREFIXES) and "://" not in bare:
        return None
    try:
        return NamedNode(bare if "://" in bare else expand(text))
    except (ValueError, UnknownPrefixError) as error:
        raise ArgumentError(parameter, f"'{text}' is no IRI", _ANY) from error


def _object(text: str, subject: NamedNode, predicate: NamedNode, engine: Engine, names: Names) -> NamedNode | Literal:
    """An IRI; a literal in Turtle; a literal that the graph has there and that reads so; else what is named so."""
    if text.startswith('"'):
        return _literal(text)
    found = _iri(text, "object")
    if found:
        return found
    query = f"SELECT DISTINCT ?o {{ {subject} {predicate} ?o FILTER isLiteral(?o) }} ORDER BY ?o"
    held = [row[0] for row in engine.select(query).rows if isinstance(row[0], Literal) and row[0].value == text]
    return held[0] if held else names.resolve(text, "thing", "object")


def _literal(text: str) -> Literal:
    document = prologue("edtf", "xsd", "geo", "rdf") + f"<urn:s> <urn:p> {text} ."
    try:
        (quad,) = parse(document, format=RdfFormat.TURTLE)
    except (ValueError, SyntaxError) as error:
        raise ArgumentError("object", f"{text} is no literal", "a literal as in Turtle") from error
    if not isinstance(quad.object, Literal):
        raise ArgumentError("object", f"{text} is no literal", "a literal as in Turtle")
    return quad.object
