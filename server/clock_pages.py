"""Pages at a clock: what the banner says, and links and forms that lead to pages at the same clock.

Every link of a page that leads to this service is given the clocks, whatever template it stands in: one that was
forgotten would show another state of knowledge without saying so.
"""

import re
from calendar import month_name
from contextlib import suppress
from datetime import date
from html import escape
from typing import Any, Final
from urllib.parse import urlencode

from flask import Flask, Response, g, request

from graph.views.clocks import NAMES
from graph.views.makers import ViewBusyError, ViewFailedError
from graph.views.question import Question
from server.clock import FORM, offered, question, url_at, without
from server.negotiation import HTML

_LINK: Final = re.compile(r'<a\b[^>]*?\shref="(?P<url>/(?!static/)[^"#]*)')
_FORM: Final = re.compile(r'<form action="/[^>]*>')
_NOW: Final = "data-now"
"""What marks a link that leaves the clocks."""
_SET: Final = re.compile(rf"[?&;](?:{'|'.join(NAMES)})=")


def register(app: Flask) -> None:
    """Let the templates tell of the clocks, and the pages' links keep them."""
    app.context_processor(_shown)
    app.after_request(_keep_clocks)


def _shown() -> dict[str, Any]:
    """What the templates need: whether there are clocks, and of those that are set, the values and a sentence."""
    found = question()
    if not offered():
        return {"clock_fields": None}
    query = [("query", g.query)] if request.method == "POST" and "query" in g else []
    told: dict[str, Any] = {
        "clock_fields": [(name, found.clocks.given.get(name, "") if found else "") for name in NAMES],
        "clock_others": query or without(request.args.items(multi=True)),
        "clock_form": FORM,
    }
    if found:
        differs = _differs(found)
        joined = differs and request.blueprint == "saved" and found.joins
        told |= {"clock_set": found, "clock_sentence": sentence(found)}
        told |= {"clock_differs": differs, "clock_joined": joined}
        told |= {"clock_other": url_at(found, found.other), "clock_now": url_at(found)}
    return told


def _differs(found: Question) -> bool:
    """Whether there is another answer; not where that could not be found out, which the page says itself."""
    with suppress(ViewBusyError, ViewFailedError):
        return found.differs
    return False


def sentence(found: Question) -> str:
    """The clocks in words."""
    clocks = found.clocks
    words = []
    if clocks.merged:
        words.append("with Wikidata" if _merges(found) else "with Wikidata, of which nothing is here")
    if clocks.known_at:
        words.append(f"as known on {_day(clocks.known_at)}")
    if clocks.valid_at:
        words.append(f"what was so on {_day(clocks.valid_at)}")
    if clocks.recorded_at:
        words.append(f"as recorded by {_day(clocks.recorded_at)}")
    text = " · ".join(words)
    return text[:1].upper() + text[1:]


def _merges(found: Question) -> bool:
    """Whether Wikidata counts here; what cannot be found out is told by the page itself."""
    with suppress(ViewBusyError, ViewFailedError):
        return found.merges
    return True


def _day(text: str) -> str:
    """A day in words; a time as it is written."""
    if "T" in text:
        return text
    day = date.fromisoformat(text)
    return f"{day.day} {month_name[day.month]} {day.year}"


def _keep_clocks(response: Response) -> Response:
    """Give the clocks to the links and forms of a page; the clocks' own form and links have them already."""
    found = question()
    if found is None or response.mimetype != HTML or response.is_streamed:
        return response
    given = found.clocks.given
    more = escape(urlencode(given))
    inputs = "".join(f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in given.items())

    def link(match: re.Match[str]) -> str:
        url = match["url"]
        if _SET.search(url) or _NOW in match[0]:
            return match[0]
        return f"{match[0]}{'&amp;' if '?' in url else '?'}{more}"

    page = _LINK.sub(link, response.get_data(as_text=True))
    response.set_data(_FORM.sub(lambda match: match[0] + inputs, page))
    return response
