"""``/wikidata``: what the store has of Wikidata, and ``/wikidata/compare``: both sides, question by question."""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request
from pyoxigraph import NamedNode
from werkzeug.exceptions import BadRequest

from graph.names import ArgumentError
from graph.namespaces import expand, prologue
from graph.wikidata.comparison import NO_DIFFERENCE, VERDICTS, Verdict
from server import clock
from server.compared import find, meanings, verdict_counts
from server.delivery import keep_answers
from server.negotiation import HTML, content_type
from server.parameters import Fields, fields, once
from server.problems import PROBLEM
from server.saved import names_now
from server.wikidata_held import links_held, slices_held

MOST_SHOWN: Final = 100
MOST_SLICES: Final = 1000
_NUMBER: Final = re.compile(r"[0-9]{1,9}")
_ITEM: Final = re.compile(r"(wd:|https?://www\.wikidata\.org/(entity|wiki)/)?(?P<number>Q[1-9][0-9]{0,9})")
_FOR_PROGRAMS: Final = ("application/json", PROBLEM, "application/sparql-results+json", "text/csv")
DIFFERING: Final = "differing"
"""In the place of a verdict: all by which the two sides differ."""

blueprint = Blueprint("wikidata_pages", __name__, url_prefix="/wikidata")
keep_answers(blueprint)


@blueprint.get("")
def overview() -> str:
    """What slices and links there are, how they compare, and how to get more."""
    engine = clock.engine()
    links = links_held(engine)
    slices = slices_held(engine, {link.item: link.ours for link in links if link.status == "accepted"})
    statuses = sorted({link.status for link in links})
    return render_template(
        "wikidata.html",
        slices=slices[:MOST_SLICES],
        slices_cut=len(slices) > MOST_SLICES,
        links=links,
        link_counts={each: sum(link.status == each for link in links) for each in statuses},
        counts=verdict_counts(engine),
        meanings=meanings(engine),
    )


@blueprint.get("/compare")
def compare() -> Response:
    """Comparisons side by side: all that differ, or those with a verdict, or those about one thing.

    What is not understood is said beside the form; to a program, as a problem.
    """
    given = fields(request.query_string)
    about = (once(given, "about") or "").strip()
    asked = (once(given, "verdict") or "").strip() or ("" if about else DIFFERING)
    offset = _offset(given)
    wanted, thing, fault = _asked(asked, about)
    if fault and not _reads_pages():
        raise fault
    engine = clock.engine()
    found = [] if fault else find(engine, wanted, thing, MOST_SHOWN + 1, offset)
    page = render_template(
        "wikidata_compare.html",
        counts=verdict_counts(engine),
        verdict=asked,
        about=about,
        differing=DIFFERING,
        fault=fault,
        found=found[:MOST_SHOWN],
        offset=offset,
        no_difference=NO_DIFFERENCE,
        meanings=meanings(engine),
        **_others({"verdict": asked, "about": about}, offset, len(found) > MOST_SHOWN),
    )
    response = Response(page, 400 if fault else 200, content_type=content_type(HTML))
    response.vary.add("Accept")
    return response


def _reads_pages() -> bool:
    """Whether the client takes pages at least as gladly as anything for programs, or has not said."""
    accepted = request.accept_mimetypes
    return not accepted.provided or accepted.best_match((HTML, *_FOR_PROGRAMS)) == HTML


def _offset(given: Fields) -> int:
    """How many comparisons to pass over; raises 400 for what is no number."""
    text = once(given, "offset") or "0"
    if not _NUMBER.fullmatch(text):
        raise BadRequest("'offset' is not understood: a whole number of at most nine digits is expected")
    return int(text)


def _asked(verdict: str, about: str) -> tuple[tuple[Verdict, ...], NamedNode | None, ArgumentError | None]:
    """The verdicts and the thing that a request means, or what is wrong with it."""
    different = tuple(each for each in VERDICTS if each not in NO_DIFFERENCE)
    known: Mapping[str, tuple[Verdict, ...]] = {"": (), DIFFERING: different, **{each: (each,) for each in VERDICTS}}
    if verdict not in known:
        listed = f"one of: {', '.join(name for name in known if name)}"
        return (), None, ArgumentError("verdict", f"'{verdict}' is none", listed)
    try:
        return known[verdict], _thing(about) if about else None, None
    except ArgumentError as error:
        return (), None, error


def _thing(text: str) -> NamedNode:
    """What is called so; by the number of an item, what is linked to it here, else the item. Raises ArgumentError."""
    item = _ITEM.fullmatch(text)
    if not item:
        return names_now().resolve(text, "thing", "about")
    query = f"{prologue('skos', 'wd')}SELECT ?ours {{ ?ours skos:exactMatch wd:{item['number']} }} ORDER BY ?ours"
    linked = (row[0] for row in clock.engine().select(query).rows)
    found = next((term for term in linked if isinstance(term, NamedNode)), None)
    return found or NamedNode(expand(f"wd:{item['number']}"))


def _others(given: Mapping[str, str], offset: int, more: bool) -> dict[str, str]:
    """Where the pages before and after this one are; empty where there is none."""

    def url(start: int) -> str:
        kept = {name: value for name, value in given.items() if value}
        return f"/wikidata/compare?{urlencode({**kept, 'offset': str(start)})}"

    return {
        "previous": url(max(0, offset - MOST_SHOWN)) if offset else "",
        "following": url(offset + MOST_SHOWN) if more else "",
    }
