"""The three clocks of a request, and whether Wikidata counts: which engine answers, and what headers say of that.

``valid-at``, ``known-at``, ``recorded-at``, ``certainty`` and ``merged`` are taken off every URL by one hook; a view
asks :func:`engine` and gets the one that answers at these clocks. Without clocks that is the application's own.
"""

from collections.abc import Iterable
from string import ascii_letters
from typing import Final
from urllib.parse import quote, unquote_to_bytes, urlencode

from flask import Flask, Response, current_app, g, request
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as AnyResponse

from graph.engine import Engine
from graph.views import Views
from graph.views.clocks import MERGED, NAMES, Certainty, ClockError, NoClocksError, read_clocks
from graph.views.question import Question
from server.exchange import exchange_of
from server.parameters import Fields, fields

FORM: Final = "clock-form"
"""A field of the pages' own form, which cannot leave out what is empty: its request is sent on without that."""
CERTAINTY: Final = "certainty"
LONGEST_LINK: Final = 4000
NOTHING_MERGED: Final = "nothing"
"""What the header Merged says where nothing of Wikidata is in the data."""
_SPELT: Final = {name.replace("-", ""): name for name in NAMES} | {"merge": MERGED}
"""What was meant, by the letters of what was written."""
_MARKS: Final = tuple(name.encode() for name in _SPELT)
_NO_LETTERS: Final = bytes(set(range(256)) - set(ascii_letters.encode()))
_WRITES: Final = frozenset({"update", "graph_store", "judge"})


def register(app: Flask) -> None:
    """Let every request have its clocks."""
    app.before_request(_hook)
    app.after_request(_told)
    app.teardown_request(_let_go)


def engine() -> Engine:
    """The engine that answers this request."""
    found = question()
    return found.engine() if found else _main()


def widest() -> Engine:
    """The same; where an answer joins both views, the possible one, in which all is named that either names."""
    found = question()
    return found.widest if found else _main()


def question() -> Question | None:
    """The request's question at its clocks; None where no clock is set."""
    found: Question | None = g.get("question")
    return found


def version() -> str:
    """The version of the data on which a page of this request depends."""
    return (question() or _main()).version


def url_at(found: Question, certainty: Certainty | None = None) -> str:
    """Where the same is asked without clocks; or at its clocks, certainly or possibly."""
    clocks = {**found.clocks.given, CERTAINTY: certainty} if certainty else {}
    return _url([*without(g.given), *clocks.items()])


def _main() -> Engine:
    found: Engine = current_app.extensions["engine"]
    return found


def offered() -> bool:
    """Whether the store has clocks."""
    return current_app.extensions.get("views") is not None


def take(given: Fields) -> None:
    """Set the request's clocks from all its parameters; raises :class:`graph.views.clocks.ClockError`."""
    _refuse_misspelt(name for name, _ in given)
    clocks = read_clocks(given)
    views: Views | None = current_app.extensions.get("views")
    if not clocks:
        return
    if views is None:
        raise NoClocksError(
            "this store has no clocks and no view with Wikidata: they belong to a graph that `communique build` made"
        )
    if request.blueprint in _WRITES and request.method not in ("GET", "HEAD"):
        raise NoClocksError("what is written has no clocks")
    _let_go()
    g.given, g.question = given, Question(clocks, views, _main())
    exchange_of(request.environ).current = g.question.current


def without(given: Iterable[tuple[str, str]]) -> Fields:
    """The parameters that are no clocks."""
    return [(name, value) for name, value in given if name not in NAMES]


def among(given: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """The parameters that are clocks."""
    return tuple((name, value) for name, value in given if name in NAMES)


def _refuse_misspelt(names: Iterable[str]) -> None:
    """A clock that is not understood must not go unheard: the answer would be another one."""
    for name in names:
        meant = _SPELT.get(_letters(name.encode(errors="replace")).decode())
        if meant and name != meant:
            raise ClockError(f"there is no parameter '{name}': it is called '{meant}'")


def _letters(text: bytes) -> bytes:
    return text.translate(None, _NO_LETTERS).lower()


def _hook() -> AnyResponse | None:
    """Take the clocks off the URL; a URL without any costs next to nothing."""
    plain = _letters(unquote_to_bytes(request.query_string))
    if not any(mark in plain for mark in _MARKS):
        return None
    given = fields(request.query_string)
    if any(name == FORM for name, _ in given):
        return redirect(_filled_in(given), 303)
    take(given)
    return None


def _filled_in(given: Fields) -> str:
    """The URL that the pages' form means: without the fields that were left empty."""
    kept = [(name, value.strip()) for name, value in given if name != FORM]
    set_ = [(name, value) for name, value in kept if name in NAMES and name != CERTAINTY and value]
    is_timed = any(name != MERGED for name, _ in set_)
    certainty = [(name, value) for name, value in kept if name == CERTAINTY and value and is_timed]
    return _url([*without(kept), *set_, *certainty])


def _url(given: Fields) -> str:
    path = quote(request.path)
    return f"{path}?{urlencode(given)}" if given else path


def _told(response: Response) -> Response:
    """Say by which clocks the answer is, whether it is the certain one, and where the other one is if it differs."""
    found = question()
    if found is None or response.status_code >= 400:  # noqa: PLR2004
        return response
    for name, value in found.clocks.given.items():
        response.headers[name.title()] = value
    if found.clocks.merged and not found.merges:
        response.headers[MERGED.title()] = NOTHING_MERGED
    if found.clocks.timed:
        _tell_certainty(response, found)
    return response


def _tell_certainty(response: Response, found: Question) -> None:
    response.headers.setdefault("Certainty", found.certainty)
    response.headers["Other-Certainty"] = "differs" if found.differs else "same"
    link = url_at(found, found.other)
    if found.differs and len(link) <= LONGEST_LINK:
        response.headers.add("Link", f'<{link}>; rel="alternate"; title="the {found.other} answer"')


def _let_go(_: BaseException | None = None) -> None:
    """The views may be removed again."""
    if found := question():
        found.close()
