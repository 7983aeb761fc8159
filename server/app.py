"""The web application: one factory, one blueprint per file."""

from typing import Final
from urllib.parse import urlsplit, urlunsplit

from flask import Blueprint, Flask, Response, render_template, request
from pyoxigraph import NamedNode

from graph.engine import Engine, Term
from graph.limits import Limits
from graph.namespaces import BASE, expand, prologue, shorten
from graph.reach.allowed import Reach
from graph.saved_query import catalogue
from graph.store.plain import PlainStore
from graph.views import Views
from server import clock, clock_pages, documents, graph_store, problems, resources, saved, sparql, update, void, why
from server.access import Tokens
from server.delivery import keep_answers
from server.headers import HEADERS, PREFLIGHT
from server.judge import blueprint as judge
from server.reconciliation import blueprint as reconciliation
from server.statistics import graph_sizes
from server.wikidata_pages import blueprint as wikidata_pages
from server.wikidata_sparql import blueprint as wikidata_sparql

_COUNTED: Final = {
    "documents": "cq:Document",
    "assertions": "cq:Assertion",
    "passages": "cq:Passage",
    "meetings": "cq:Meeting",
    "statements": "cq:Statement",
    "territorial claims": "cq:TerritorialClaim",
    "people": "foaf:Person",
    "states": "cq:State",
}

front_page = Blueprint("front_page", __name__)
keep_answers(front_page)
_BLUEPRINTS: Final = (
    front_page,
    sparql.blueprint,
    update.blueprint,
    graph_store.blueprint,
    void.blueprint,
    resources.blueprint,
    documents.blueprint,
    saved.blueprint,
    why.blueprint,
    judge,
    reconciliation,
    wikidata_pages,
    wikidata_sparql,
)


def create_app(  # noqa: PLR0917
    engine: Engine,
    limits: Limits | None = None,
    plain: PlainStore | None = None,
    tokens: Tokens | None = None,
    reach: Reach | None = None,
    public_url: str | None = None,
    views: Views | None = None,
) -> Flask:
    """The application on an engine. With a plain store and tokens it also writes; ``reach`` is what it may fetch.

    With ``views`` it can be asked at the three clocks.
    ``public_url`` is what others call the service, where that is not what their requests say (behind a proxy).
    """
    app = Flask(__name__)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    limits = limits or Limits()
    app.extensions |= {"engine": engine, "names": {}, "limits": limits, "plain": plain, "tokens": tokens}
    app.extensions |= {"updates": plain is not None and tokens is not None, "reach": reach, "public_url": public_url}
    app.extensions["views"] = views
    clock.register(app)
    clock_pages.register(app)
    for blueprint in _BLUEPRINTS:
        app.register_blueprint(blueprint)
    problems.register(app)
    app.add_template_filter(local, "local")
    app.add_template_filter(shorten, "shorten")
    app.add_template_filter(zip, "zip_with")
    app.add_template_test(is_iri, "iri")
    app.after_request(_with_headers)
    return app


@front_page.get("/")
def index() -> str:
    """What the graph is, how large, and what to ask it."""
    engine = clock.engine()
    counts = _counts(engine)
    if clock.question() or any(number for _, number in counts):
        return render_template(
            "index.html", counts=counts, queries=list(catalogue().values()), version=engine.version
        )
    return render_template("plain.html", graphs=graph_sizes(engine, distinct=False), version=engine.version)


def local(iri: str) -> str:
    """Where an IRI leads: one of ours to our own page for it, any other where it says, if a browser may go there."""
    if iri.startswith(BASE):
        path = iri.removeprefix(BASE)
        return "" if path.startswith(("/", "\\")) else "/" + path
    return iri if iri.startswith(("http://", "https://")) else ""


def is_iri(term: Term | None) -> bool:
    """Whether a term is an IRI."""
    return isinstance(term, NamedNode)


def _counts(engine: Engine) -> list[tuple[str, int]]:
    """How many things of the main classes there are."""
    wanted = " ".join(_COUNTED.values())
    query = f"SELECT ?class (COUNT(?x) AS ?n) {{ VALUES ?class {{ {wanted} }} ?x a ?class }} GROUP BY ?class"
    rows = engine.select(prologue("cq", "foaf") + query).rows
    found = {getattr(name, "value", ""): int(getattr(number, "value", 0)) for name, number in rows}
    return [(name, found.get(expand(curie), 0)) for name, curie in _COUNTED.items()]


def _with_headers(response: Response) -> Response:
    if response.location:
        response.location = _here(response.location)
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "")
        response.headers.extend(PREFLIGHT)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def _here(url: str) -> str:
    """A redirect's target without the host, which is whatever the client called us; all of them lead here."""
    parts = urlsplit(url)
    return urlunsplit(("", "", "/" + parts.path.lstrip("/\\"), parts.query, parts.fragment))
