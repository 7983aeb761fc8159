"""``/wikidata/judge``: what may be the same in Wikidata, both sides beside each other, for a person to judge.

Judgements are taken only where ``serve`` was told in which folder of authority files they go (``--judge DIR``), from
whoever sends a token with the scope *judge*: in the header ``Authorization``, or as a field of the page's form. No
browser sends that by itself, so no other site can judge in somebody's name. The graph changes with the next build.
"""

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Final, cast

from flask import Blueprint, Response, current_app, render_template, request
from pyoxigraph import NamedNode
from werkzeug.exceptions import BadRequest, Forbidden, NotFound, UnsupportedMediaType

from graph.engine import Engine
from graph.namespaces import prologue
from graph.wikidata.links import EXACT, NAME, PREDICATES, STATUSES, Link, LinkError, Status, read_links
from graph.wikidata.reconciliation.at_hand import AtHand, UnknownThingError, at_hand
from graph.wikidata.reconciliation.candidates import Candidate, decided, open_subjects
from graph.wikidata.reconciliation.judging import (
    AuthorityFolderError,
    JudgementError,
    Verdict,
    is_later,
    judgement,
    objections,
    record,
)
from graph.wikidata.reconciliation.spans import days
from graph.wikidata.reconciliation.subjects import Subject
from server.access import Tokens
from server.clock import engine as asked_engine
from server.compared import nearest_first
from server.labels import values
from server.parameters import FORM, Fields, fields, once, text_body
from server.problems import problem
from server.statements import Evidence, evidence_of

SCOPE: Final = "judge"
MOST_QUOTED: Final = 3
_MOST_READ: Final = 50
_VERSIONS: Final = 2
_LANGUAGES: Final = ("en", "ru", "ja")
_JUDGEMENT: Final = re.compile(rf"(?P<status>{'|'.join(STATUSES)}) (?P<iri>\S+)( (?P<item>\S+))?")

blueprint = Blueprint("judge", __name__)


@dataclass(frozen=True)
class Judging:
    """Where judgements go, and the tokens of those who may judge."""

    folder: Path
    tokens: Tokens


@dataclass(frozen=True)
class Card:
    """A thing of ours with its candidates, those on record, its quotes, and what was judged of it since the build.

    ``standing`` is the judgement by which it is an item or has none, if there is one.
    """

    subject: Subject
    candidates: Sequence[Candidate]
    recorded: Sequence[Link] = ()
    evidence: Sequence[Evidence] = ()
    judged: Sequence[Link] = ()
    standing: Link | None = None


@dataclass
class _Read:
    """What the newest versions have at hand, read once for each."""

    lock: Lock = field(default_factory=Lock)
    held: dict[str, AtHand] = field(default_factory=dict)

    def of(self, engine: Engine) -> AtHand:
        with self.lock:
            version = engine.version
            if version not in self.held:
                while len(self.held) >= _VERSIONS:
                    self.held.pop(next(iter(self.held)))
                self.held[version] = at_hand(engine)
            return self.held[version]


@blueprint.get("/wikidata/judge")
def judge() -> str:
    """The things that nobody has judged, with the items that pass the gate; or one thing, with all that are alike."""
    held = _held()
    thing = once(fields(request.query_string), "thing")
    if thing is None:
        cards, others = _passing(held)
        return _page(cards=[*_with_grounds(cards)], others=others, single=False)
    subject = _subject(held, thing)
    card = Card(subject, held.candidates(subject), held.recorded(subject))
    return _page(cards=[*_with_grounds([card])], others=[], single=True)


@blueprint.post("/wikidata/judge")
def judge_one() -> Response:
    """Record one judgement; the page says what it replaced."""
    judging = _judging()
    if judging is None:
        raise Forbidden("this service takes no judgements: whoever runs it starts it with --judge DIR")
    if request.mimetype != FORM:
        raise UnsupportedMediaType(f"send {FORM}, not '{request.content_type or 'nothing'}'")
    given = fields(text_body().encode())
    token = once(given, "token")
    judging.tokens.check(request.headers.get("Authorization") or (f"Bearer {token}" if token else None), SCOPE)
    held = _held()
    verdict = _verdict(given)
    link = judgement(held, verdict)
    done = record(judging.folder, link, held.entities, keeps_comment=not verdict.comment)
    page = _page(done=done, objections=objections(held, link), cards=[], others=[], single=False)
    return Response(page, mimetype="text/html")


@blueprint.errorhandler(JudgementError)
@blueprint.errorhandler(UnknownThingError)
def _bad(error: Exception) -> Response:
    return problem(400, "Bad judgement", str(error))


@blueprint.errorhandler(LinkError)
def _conflicting(error: Exception) -> Response:
    title = "Conflicting judgements" if _is_sound() else "The file of links is damaged"
    return problem(409, title, _told(error))


@blueprint.errorhandler(AuthorityFolderError)
def _unwritable(error: Exception) -> Response:
    return problem(503, "Judgements cannot be recorded", _told(error))


def _is_sound() -> bool:
    """Whether the file of links can be read as it is."""
    try:
        _since()
    except LinkError:
        return False
    return True


def _told(error: Exception) -> str:
    """What an error says, with the name of the file, and not where on this machine it is."""
    text, judging = str(error), _judging()
    if judging is None:
        return text
    path = judging.folder / NAME
    for where in (path, Path(os.path.realpath(path))):
        text = text.replace(str(where), NAME)
    return text.removeprefix(f"{judging.folder}: ")


def _verdict(given: Fields) -> Verdict:
    """The verdict of a form. Its buttons send ``judgement``: the status, our IRI and the item, if there is one."""
    found = _JUDGEMENT.fullmatch(once(given, "judgement") or "")
    author, predicate = (once(given, "by") or "").strip(), once(given, "predicate") or EXACT
    if not found or not author or predicate not in PREDICATES:
        raise BadRequest(
            f"a judgement needs 'judgement' ({'|'.join(STATUSES)}, an IRI, an item, with blanks between), 'by', and "
            f"a 'predicate' that is one of {', '.join(PREDICATES)}"
        )
    today = date.today()
    day = once(given, "date") or today.isoformat()
    if is_later(day, today):
        raise BadRequest(f"'date' is '{day}', after today, {today}")
    comment = (once(given, "comment") or "").strip()
    status = cast(Status, found["status"])
    return Verdict(found["iri"], found["item"] or "", status, author, day, predicate, comment)


def _held() -> AtHand:
    read: _Read = current_app.extensions.setdefault("at_hand", _Read())
    return read.of(asked_engine())


def _judging() -> Judging | None:
    found: Judging | None = current_app.extensions.get("judging")
    return found


def _subject(held: AtHand, thing: str) -> Subject:
    try:
        return held.subject(thing)
    except UnknownThingError as error:
        raise NotFound(str(error)) from error


def _passing(held: AtHand) -> tuple[list[Card], list[Subject]]:
    """What nobody has judged: with candidates that pass the gate or are on record, and without."""
    cards, others = [], []
    for subject in open_subjects(held.subjects, held.links):
        recorded = held.recorded(subject)
        items = {link.object for link in recorded}
        shown = [each for each in held.candidates(subject) if each.passes or each.profile.id in items]
        if shown or recorded:
            cards.append(Card(subject, shown, recorded))
        else:
            others.append(subject)
    return cards, others


def _with_grounds(cards: Sequence[Card]) -> Iterator[Card]:
    """The cards with quotes on each thing, those that name it first, and what was judged of it since."""
    engine = asked_engine()
    stated = _stated(engine, [card.subject.iri for card in cards])
    found = evidence_of(engine, (assertion for each in stated.values() for assertion in each))
    since, standing = _since(), decided(_links())
    for card in cards:
        iri = card.subject.iri
        yield Card(
            card.subject,
            card.candidates,
            card.recorded,
            _shortened(nearest_first((found[each] for each in stated.get(iri, ())), " ".join(card.subject.names))),
            [link for link in since if link.subject == iri],
            standing.get(iri),
        )


def _shortened(evidence: Sequence[Evidence]) -> list[Evidence]:
    """The first of it, each with its first quotes."""
    return [replace(each, quotes=each.quotes[:MOST_QUOTED]) for each in evidence[:MOST_QUOTED]]


def _stated(engine: Engine, things: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """Some assertions that name each thing."""
    if not things:
        return {}
    listed = values(map(NamedNode, things))
    query = (
        f"SELECT DISTINCT ?thing ?a {{ VALUES ?thing {{ {listed} }} ?x ?p ?thing . ?x cq:statedIn ?a }} ORDER BY ?a"
    )
    found: dict[str, list[str]] = {}
    for thing, assertion in engine.select(prologue("cq") + query).rows:
        if isinstance(thing, NamedNode) and isinstance(assertion, NamedNode):
            found.setdefault(thing.value, []).append(assertion.value)
    return {thing: each[:_MOST_READ] for thing, each in found.items()}


def _since() -> Iterable[Link]:
    """The judgements that stand in the folder, and not in the graph yet."""
    built = set(_held().links)
    return [link for link in _links() if link not in built]


def _links() -> Sequence[Link]:
    """The judgements as they stand: in the folder, or where there is none, in the graph."""
    judging = _judging()
    return read_links(judging.folder) if judging else _held().links


def _page(**shown: object) -> str:
    told = {"days": days, "label": _held().reconciliation.ground.label, "languages": _LANGUAGES}
    return render_template("judge.html", judging=_judging(), **told, **shown)


@blueprint.after_request
def _keep_nothing(response: Response) -> Response:
    """The page shows what stands in a folder just now."""
    response.cache_control.no_store = True
    return response
