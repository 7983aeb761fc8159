"""``/wikidata``: what the store has of Wikidata, and ``/wikidata/compare``: both sides, question by question."""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request
from pyoxigraph import NamedNode
from werkzeug.exceptions import BadRequest

from graph.names import ArgumentError
from graph.wikidata.comparison import NO_DIFFERENCE, VERDICTS, Verdict
from server import clock
from server.compared import find, verdict_counts
from server.delivery import keep_answers
from server.negotiation import HTML, content_type
from server.parameters import Fields, fields, once
from server.saved import names_now
from server.wikidata_held import links_held, slices_held

MOST_SHOWN: Final = 100
MOST_SLICES: Final = 1000
_NUMBER: Final = re.compile(r"[0-9]{1,9}")
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
        no_difference=NO_DIFFERENCE,
    )


@blueprint.get("/compare")
def compare() -> Response:
    """Comparisons side by side: all that differ, or those with a verdict, or those about one thing."""
    given = fields(request.query_string)
    about = (once(given, "about") or "").strip()
    asked = (once(given, "verdict") or "").strip() or ("" if about else DIFFERING)
    offset = _offset(given)
    wanted, thing, fault = _asked(asked, about)
    engine = clock.engine()
    found = [] if fault else find(engine, wanted, thing, MOST_SHOWN + 1, offset)
    kept = {name: value for name, value in (("verdict", asked), ("about", about)) if value}
    page = render_template(
        "wikidata_compare.html",
        counts=verdict_counts(engine),
        verdict=asked,
        about=about,
        differing=DIFFERING,
        fault=fault,
        found=found[:MOST_SHOWN],
        offset=offset,
        previous=_url(kept, max(0, offset - MOST_SHOWN)) if offset else "",
        following=_url(kept, offset + MOST_SHOWN) if len(found) > MOST_SHOWN else "",
        no_difference=NO_DIFFERENCE,
    )
    return Response(page, 400 if fault else 200, content_type=content_type(HTML))


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
        return known[verdict], names_now().resolve(about, "thing", "about") if about else None, None
    except ArgumentError as error:
        return (), None, error


def _url(given: Mapping[str, str], offset: int) -> str:
    return f"/wikidata/compare?{urlencode({**given, 'offset': str(offset)})}"
