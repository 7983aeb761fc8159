"""The saved queries as requests: their SPARQL with arguments that a user would give, for the first page."""

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import NamedNode

from graph.namespaces import expand
from graph.saved_query import catalogue, page_text

from .generator import PLACE
from .questions import Arguments, Asker, Question

OF_EACH = 3
_CORPUS: dict[str, tuple[Arguments, ...]] = {
    "who-met-whom": ({"person": "person:lavrov"}, {"person": "person:kishida"}, {}),
    "meetings": ({"state": "state:russia", "from": "2017-01-01", "to": "2017-12-31"}, {"format": "format:2plus2"}),
    "participants": ({"meeting": "meeting:ru-jp-2plus2-2017-03-20"}, {"meeting": "meeting:ru-jp-2plus2-2013-11-02"}),
    "timeline": ({"state": "state:russia", "from": "2017-03-01", "to": "2017-03-31"}, {"state": "state:japan"}),
    "last-meeting": (
        {"person": "person:lavrov", "other": "person:kishida"}, {"person": "person:putin", "other": "person:abe"},
    ),
    "planned-as-of": ({"date": "2017-03-20"}, {"date": "2017-04-10"}),
    "format-history": ({"format": "format:2plus2", "state": "state:russia", "other-state": "state:japan"},),
    "office-holders": ({"office": "office:jp-foreign-minister"}, {"office": "office:ru-foreign-minister"}),
    "who-claims": ({"territory": "territory:southern-kurils"}, {"territory": "territory:crimea"}),
    "names-of": ({"territory": "territory:southern-kurils"},),
    "positions": ({"about": "topic:international-security"}, {"about": "topic:china-naval-expansion"}),
    "statements": ({"speaker": "person:inada"}, {"speaker": "person:lavrov"}),
    "proposals": ({"proposer": "state:russia"}, {"proposer": "state:japan"}),
    "deployments": ({"operator": "state:japan"}, {"operator": "state:russia"}),
    "agreements": ({"party": "state:russia"}, {"party": "state:japan"}),
    "disagreements": ({},),
    "evidence-for": ({"resource": "meeting:ru-jp-2plus2-2013-11-02"}, {"resource": "person:ushakov"}),
    "sources": ({},),
    "co-attendance": ({"from": "2013-01-01", "to": "2017-12-31"}, {"from": "2017-03-01", "to": "2017-03-31"}),
    "connection": (
        {"from-person": "person:lavrov", "to-person": "person:kishida", "before": "2018-01-01"},
        {"from-person": "person:abe", "to-person": "person:shoigu", "before": "2018-01-01"},
    ),
    "contacts": ({"person": "person:lavrov"}, {"person": "person:inada"}),
    "first-since": ({"who": "state:russia", "other": "state:japan", "since": "2014-01-01"},),
    "incomplete-formats": ({}, {"format": "format:2plus2"}),
    "inferred-with-proof": ({"thing": "person:lavrov"}, {"thing": "meeting:ru-jp-2plus2-2017-03-20"}),
    "longest-gap": ({"format": "format:2plus2", "state": "state:russia", "other-state": "state:japan"},),
    "never-met": ({"who": "person:lavrov", "other": "person:inada"}, {"who": "person:abe", "other": "person:inada"}),
    "not-met-since": ({"who": "state:russia", "other": "state:japan", "since": "2013-11-03"},),
    "wikidata-disagreements": ({}, {"verdict": "Agrees"}),
    "who-held-office-at": ({"office": "office:jp-foreign-minister", "date": "2017-03-20"},),
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """A saved query, and its texts with arguments; each has a place for a number that changes only the text."""

    query: str
    form: str
    texts: tuple[str, ...]


class _AsGiven:
    """Takes compact IRIs as they are, where a user's words would be looked up."""

    def resolve(self, text: str, *_: object) -> NamedNode:
        return NamedNode(expand(text if ":" in text else f"cq:{text}"))


def asked(meetings: int | None) -> list[Asked]:
    """One for each saved query: on the corpus (None), or on a world of so many meetings."""
    found = dict(_of_corpus() if meetings is None else _of_world(meetings))
    missing = set(catalogue()) ^ set(found)
    if missing:
        raise ValueError(f"no arguments are known for {', '.join(sorted(missing))}")
    return [Asked(name, found[name][0].form, tuple(map(_text, found[name]))) for name in catalogue()]


def _of_corpus() -> Iterator[tuple[str, list[Question]]]:
    for name, all_given in _CORPUS.items():
        yield name, [Question(name, tuple(given.items())) for given in all_given]


def _of_world(meetings: int) -> Iterator[tuple[str, list[Question]]]:
    """The first form of each query that the asker knows."""
    drawn: dict[str, list[Question]] = {}
    for question in Asker(meetings).questions(OF_EACH):
        same = drawn.setdefault(question.query, [])
        if not same or (same[0].form == question.form and question not in same):
            same.append(question)
    yield from drawn.items()


def _text(question: Question) -> str:
    """The query as its page asks it: one row more than is shown tells whether more follow."""
    text = page_text(catalogue()[question.query], dict(question.arguments), _AsGiven())  # type: ignore[arg-type]
    return f"PREFIX {PLACE.decode()}: <urn:v>\n{text}"
