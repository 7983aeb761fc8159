"""``/queries``: the saved queries as a catalogue, as forms with tables, and as an API a page at a time."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, json, render_template, request
from werkzeug.exceptions import NotFound

from graph.engine import Engine
from graph.limits import Limits
from graph.namespaces import shorten
from graph.proofs.rows import CannotExplainError
from graph.proofs.rows.told import ToldRow
from graph.saved_query import ArgumentError, Names, Page, SavedQuery, answer, catalogue, options, terms_of
from server import clock, explaining
from server.catalogue import catalogue_as_json, catalogue_as_turtle
from server.covered import coverages
from server.delivery import keep_answers
from server.exchange import exchange_of
from server.negotiation import EXTENSION_OF, EXTENSIONS, HTML, choose, content_type
from server.parameters import Fields, fields
from server.tables import csv_text, sparql_json

DEFAULT_LIMIT: Final = 1000
_NAMES_KEPT: Final = 8
LARGEST_LIMIT: Final = 10_000
_OF_THE_PAGE: Final = ("limit", "offset", explaining.PARAMETER)
_CATALOGUE_OFFERS: Final = (HTML, "application/json", "text/turtle")
_ANSWER_OFFERS: Final = (HTML, "application/sparql-results+json", "text/csv")

blueprint = Blueprint("saved", __name__)
keep_answers(blueprint)


@dataclass(frozen=True)
class Asked:
    """What a request asks of a saved query: arguments that are not blank, and the page."""

    arguments: dict[str, str]
    limit: int
    offset: int
    explain: bool = False
    clocks: tuple[tuple[str, str], ...] = ()


@blueprint.get("/queries")
def index() -> Response:
    """All saved queries, with their parameters and columns."""
    return _catalogue(choose(_CATALOGUE_OFFERS))


@blueprint.get("/queries.<any(html, json, ttl):extension>")
def index_as(extension: str) -> Response:
    """The same in one representation."""
    return _catalogue("application/json" if extension == "json" else EXTENSIONS[extension])


@blueprint.get("/queries/<name>")
def saved(name: str) -> Response:
    """One saved query: the form with its answer, or the answer alone."""
    stem, dot, extension = name.rpartition(".")
    if dot and extension in ("html", "json", "csv"):
        return _respond(_query(stem), EXTENSIONS[extension])
    return _respond(_query(name), choose(_ANSWER_OFFERS))


def links(path: str, asked: Asked, page: Page) -> dict[str, str]:
    """RFC 8288 relations of a page to the others: where they are; the last one is known when it is reached."""

    def url(offset: int) -> str:
        why = [(explaining.PARAMETER, "true")] * asked.explain
        given = [*asked.arguments.items(), *asked.clocks, *why, ("limit", str(page.limit)), ("offset", str(offset))]
        return f"{path}?{urlencode(given)}"

    found = {"first": url(0)}
    if page.offset:
        found["prev"] = url(max(0, page.offset - page.limit))
    if page.more:
        found["next"] = url(page.offset + page.limit)
    else:
        found["last"] = url(page.offset)
    return found


def asked_for(given: Fields) -> Asked:
    """The arguments of a request; raises :class:`ArgumentError` for one given twice, or a page that is none."""
    for name, _ in given:
        if sum(key == name for key, _ in given) > 1:
            raise ArgumentError(name, "is given more than once", "one value")
    explain, most = explaining.wanted(given), _limits().explained_rows
    default, largest = (most, most) if explain else (DEFAULT_LIMIT, LARGEST_LIMIT)
    arguments = {name: value for name, value in explaining.without(clock.without(given)) if value.strip()}
    limit = _number(arguments.pop("limit", None), "limit", default, range(1, largest + 1))
    offset = _number(arguments.pop("offset", None), "offset", 0, range(10**9 + 1))
    return Asked(arguments, limit, offset, explain, clock.among(given))


def _number(text: str | None, name: str, default: int, allowed: range) -> int:
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(allowed[-1])) and int(text) in allowed):
        raise ArgumentError(name, f"'{text}' will not do", f"a whole number from {allowed[0]} to {allowed[-1]}")
    return int(text)


def _catalogue(media_type: str) -> Response:
    queries = list(catalogue().values())
    if media_type == HTML:
        return _varied(Response(render_template("queries.html", queries=queries), content_type=content_type(HTML)))
    as_json = media_type == "application/json"
    body = json.dumps(catalogue_as_json(queries)) if as_json else catalogue_as_turtle(queries)
    return _varied(Response(body, content_type=content_type(media_type)))


def _query(name: str) -> SavedQuery:
    found = catalogue().get(name)
    if found is None:
        raise NotFound(f"there is no saved query '{name}'; there are: {', '.join(catalogue())}")
    return found


def _respond(query: SavedQuery, media_type: str) -> Response:
    given = fields(request.query_string)
    if media_type == HTML:
        return _varied(_form(query, given))
    asked = asked_for(given)
    page = _answer(query, asked)
    if asked.explain and media_type == "text/csv":
        raise ArgumentError(explaining.PARAMETER, "CSV has no place for explanations", "JSON or HTML")
    why = (
        {"explanations": [explaining.as_json(row) for row in _explained(query, asked, page)]} if asked.explain else {}
    )
    body = (
        csv_text(page.columns, page.rows) if media_type == "text/csv" else sparql_json(page.columns, page.rows, **why)
    )
    response = Response(body, content_type=content_type(media_type))
    name = f"{query.name}.{EXTENSION_OF[media_type]}"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return _varied(_linked(response, links(f"/queries/{name}", asked, page)))


def _form(query: SavedQuery, given: Fields) -> Response:
    """The page: form and table; only the form while nothing is given that the query needs; a fault beside it."""
    page, error, related, shown, refused = None, None, {}, [], ""
    try:
        asked = asked_for(given)
        if asked.arguments or not any(p.required and p.default is None for p in query.parameters):
            page = _answer(query, asked)
            related = links(f"/queries/{query.name}", asked, page)
            shown = explaining.as_page(clock.widest(), _explained(query, asked, page)) if asked.explain else []
    except ArgumentError as fault:
        error = fault
    except CannotExplainError as fault:
        refused = str(fault)
    body = render_template(
        "query.html",
        query=query,
        given=dict(given),
        options={p.name: options(p, _engine(), names_now()) for p in query.parameters},
        page=page,
        covered=() if page is None or page.rows else coverages(_engine(), names_now()),
        error=error,
        links=related,
        explained=shown,
        refused=refused,
        candidates=_filled_in(query, given, error),
        arguments=urlencode([(name, value) for name, value in given if value and name not in _OF_THE_PAGE]),
    )
    return _linked(Response(body, 400 if error else 200, content_type=content_type(HTML)), related)


def _filled_in(query: SavedQuery, given: Fields, error: ArgumentError | None) -> dict[str, str]:
    """For each candidate where the same question leads with it in the place of the name that failed."""
    if error is None:
        return {}
    others = [(name, value) for name, value in given if value and name not in (error.parameter, "offset")]
    return {
        iri: f"/queries/{query.name}?{urlencode([*others, (error.parameter, shorten(iri))])}"
        for iri, _ in error.candidates
    }


def _answer(query: SavedQuery, asked: Asked) -> Page:
    """One page; at a clock with the column that tells the certain rows from the possible ones."""
    question = clock.question()
    if question:
        return question.page(query, asked.arguments, names_now(), asked.limit, asked.offset)
    return answer(query, asked.arguments, _engine(), names_now(), asked.limit, asked.offset)


def _explained(query: SavedQuery, asked: Asked, page: Page) -> list[ToldRow]:
    """Why each row of a page; where the time was up, the answer is not kept."""
    question, terms = clock.question(), terms_of(query, asked.arguments, names_now())
    told = explaining.explain_page(
        lambda view: question.engine("certain" if view == "certain" else "possible") if question else _engine(),
        query,
        terms,
        page,
        _limits(),
    )
    if explaining.may_differ(told):
        exchange_of(request.environ).version = _engine().version
    return told


def _limits() -> Limits:
    limits: Limits = current_app.extensions.get("limits") or Limits()
    return limits


def _linked(response: Response, related: dict[str, str]) -> Response:
    for relation, url in related.items():
        response.headers.add("Link", f'<{url}>; rel="{relation}"')
    return response


def _varied(response: Response) -> Response:
    response.vary.add("Accept")
    return response


def _engine() -> Engine:
    return clock.widest()


def names_now() -> Names:
    """The names of the version of the data that is asked, gathered once."""
    held: dict[str, Names] = current_app.extensions["names"]
    engine = _engine()
    if not engine.version:
        return Names(engine)
    found = held.get(engine.version)
    if found is None:
        for other in list(held)[: 1 - _NAMES_KEPT]:
            held.pop(other, None)
        found = held[engine.version] = Names(engine)
    return found
