"""``/documents``: each document's passages in order, with what each asserts, who says so and in which mood."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import Blueprint, render_template, request, url_for
from pyoxigraph import NamedNode
from werkzeug.exceptions import NotFound
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from graph.engine import Engine, Term
from graph.namespaces import RESOURCES, cq, kind, prologue, slug
from server import clock
from server.delivery import keep_answers
from server.labels import in_words, labels
from server.said import Said, said_in
from server.statements import Description, describe

blueprint = Blueprint("documents", __name__, url_prefix="/documents")
keep_answers(blueprint)


@dataclass
class Assertion:
    """An assertion as a reader sees it: who says so, how, what came of it, and what it says."""

    iri: str
    attribution: str = ""
    modality: str = ""
    admission: str = ""
    note: str = ""
    infers: str = ""
    flags: list[str] = field(default_factory=list)
    voices: list[tuple[str, str]] = field(default_factory=list)
    says: list[Said] = field(default_factory=list)

    @property
    def suspect(self) -> bool:
        """Whether the words are likely to be a fault of translation."""
        return any(flag.endswith("#SuspectTranslation") for flag in self.flags)


@dataclass
class Passage:
    """Exact words, where they stand, and the assertions that rest on them."""

    iri: str
    exact: str
    start: int
    end: int
    sentences: list[int] = field(default_factory=list)
    assertions: list[Assertion] = field(default_factory=list)


@blueprint.get("/")
def index() -> str:
    """All documents."""
    rows = (
        clock.engine()
        .select(
            prologue("cq", "dcterms")
            + "SELECT ?document (SAMPLE(?t) AS ?title) (SAMPLE(?by) AS ?author) (SAMPLE(?in) AS ?publisher)"
            + " (SAMPLE(?when) AS ?date) (COUNT(DISTINCT ?a) AS ?assertions) { ?document a cq:Document ."
            + " OPTIONAL { ?document dcterms:title ?t } OPTIONAL { ?document cq:when ?when }"
            + " OPTIONAL { ?document dcterms:creator ?by } OPTIONAL { ?document dcterms:publisher ?in }"
            + " OPTIONAL { ?a cq:inDocument ?document } } GROUP BY ?document ORDER BY ?title ?document"
        )
        .rows
    )
    names = labels(clock.engine(), (term for row in rows for term in row))
    documents = [tuple(_cell(term, names) for term in row) for row in rows]
    return render_template("documents.html", documents=documents)


def _cell(term: Term | None, names: Mapping[str, str]) -> str:
    """A value as a reader sees it; the document itself stays an IRI, to be linked."""
    value = getattr(term, "value", "")
    return value if kind(value) == "document" or not isinstance(term, NamedNode) else in_words(value, names)


@blueprint.get("/<name>")
def document(name: str) -> str:
    """One document."""
    node = _node(name)
    described = describe(clock.engine(), node)
    if described is None:
        raise NotFound(f"there is no document '{name}'")
    return render_template(
        "document.html", described=_without_assertions(described), passages=passages(node), slug=name
    )


@blueprint.get("/<name>/")
def with_slash(name: str) -> Response:
    """The same page under its own name."""
    return redirect(url_for(".document", name=name) + _parameters())


def _parameters() -> str:
    """What the request has behind its path."""
    return f"?{request.query_string.decode('latin-1')}" if request.query_string else ""


def passages(node: NamedNode) -> list[Passage]:
    """The passages of a document in the order of its text."""
    engine = clock.engine()
    assertions = _assertions(engine, node)
    found: dict[str, Passage] = {}
    for row in engine.select(_passages_query(node)).rows:
        iri, exact, start, end, sentence, assertion = (getattr(term, "value", "") for term in row)
        passage = found.setdefault(iri, Passage(iri, exact, int(start or 0), int(end or 0)))
        if sentence and int(sentence) not in passage.sentences:
            passage.sentences.append(int(sentence))
        if assertion in assertions and assertions[assertion] not in passage.assertions:
            passage.assertions.append(assertions[assertion])
    return list(found.values())


def _assertions(engine: Engine, node: NamedNode) -> dict[str, Assertion]:
    said = said_in(engine, f"?assertion {cq('inDocument')} {node} .")
    query = (
        prologue("cq", "skos", "prov") + f"SELECT ?a ?p ?o {{ ?a cq:inDocument {node} ; ?p ?o }} ORDER BY ?a ?p ?o"
    )
    rows = engine.select(query).rows
    voices = _voices(engine, node)
    found: dict[str, Assertion] = {}
    for subject, predicate, value in rows:
        iri = getattr(subject, "value", "")
        entry = found.setdefault(iri, Assertion(iri, voices=voices.get(iri, []), says=said.get(iri, [])))
        _set(entry, slug(getattr(predicate, "value", "")), getattr(value, "value", ""))
    return found


def _set(entry: Assertion, property_: str, value: str) -> None:
    if property_ in ("attribution", "note", "infers"):
        setattr(entry, property_, value)
    elif property_ in ("modality", "admission"):
        setattr(entry, property_, slug(value))
    elif property_ == "flag":
        entry.flags.append(value)


def _voices(engine: Engine, node: NamedNode) -> dict[str, list[tuple[str, str]]]:
    """By assertion, the chain of voices as (IRI, name), the innermost first."""
    query = (
        prologue("cq", "prov")
        + f"SELECT ?a ?agent {{ ?a cq:inDocument {node} ; cq:hasVoice ?v . ?v prov:agent ?agent "
        + "OPTIONAL { ?v cq:position ?position } } ORDER BY ?a ?position ?agent"
    )
    rows = engine.select(query).rows
    names: Mapping[str, str] = labels(engine, (agent for _, agent in rows))
    found: dict[str, list[tuple[str, str]]] = {}
    for assertion, agent in rows:
        iri = getattr(agent, "value", "")
        found.setdefault(getattr(assertion, "value", ""), []).append((iri, in_words(iri, names)))
    return found


def _passages_query(node: NamedNode) -> str:
    return (
        prologue("cq", "oa")
        + f"""SELECT ?passage ?exact ?start ?end ?sentence ?assertion {{
          ?passage oa:hasSource {node} ; oa:hasSelector ?quote, ?position .
          ?quote oa:exact ?exact . ?position oa:start ?start ; oa:end ?end .
          OPTIONAL {{ ?passage cq:inSentence ?sentence }}
          OPTIONAL {{ ?assertion cq:restsOn ?passage }}
        }} ORDER BY ?start ?end ?passage ?sentence ?assertion"""
    )


def _without_assertions(described: Description) -> Description:
    described.incoming = []
    return described


def _node(name: str) -> NamedNode:
    try:
        return NamedNode(f"{RESOURCES}document/{name}")
    except ValueError as error:
        raise NotFound(f"'{name}' cannot name a document") from error
