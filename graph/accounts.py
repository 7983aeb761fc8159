"""Accounts: what each document says of the status of each event, dated by the document.

That a document says so is a fact about the document, whatever became of the event; so an account may be a premise
where a plan may not, and rules settle an event's status from its accounts. A report by a quoted voice decides nothing
and has none, unless it tells of a plan. An author's denial has one.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from graph.admission import ADMITTED, PREMISE
from graph.facts import Known, known, nodes
from graph.namespaces import cq, kind, mint, slug, term

EVENTS: Final = frozenset(cq(name) for name in ("Meeting", "Visit", "Call", "Event", "Founding", "FormatChange"))
_TYPE, _STATUS = term("rdf:type"), cq("status")
_HELD, _PLANNED, _NOT_HELD = cq("Held"), cq("Planned"), cq("NotHeld")


def accounts(
    assertions: Mapping[NamedNode, Iterable[Triple]], admitted: Mapping[NamedNode, str], provenance: Iterable[Triple]
) -> set[Triple]:
    """The accounts that assertions give, by what each is granted and by its document's date, as triples."""
    facts = known(provenance)
    found: set[Triple] = set()
    for assertion, graph in assertions.items():
        about = facts.get(assertion, defaultdict(list))
        documents = nodes(about, "cq:inDocument")
        told = [facts[document] for document in documents if document in facts]
        denied = _is_own(about, told) and cq("Denied") in about[cq("modality")]
        for event, status in _statuses(graph):
            counting = _counting(status, admitted.get(assertion, ""), denied=denied)
            if counting:
                found.update(_account(assertion, event, counting, documents, told))
    return found


def _is_own(about: Known, told: Iterable[Known]) -> bool:
    """Whether the innermost voice is the document's author or publisher."""
    own = {each for document in told for each in nodes(document, "dcterms:creator", "dcterms:publisher")}
    return not own.isdisjoint(nodes(about, "cq:speaker"))


def _statuses(graph: Iterable[Triple]) -> Iterator[tuple[NamedNode, NamedNode]]:
    """The events to which an assertion gives a status."""
    for event, about in known(graph).items():
        if not EVENTS.isdisjoint(about[_TYPE]):
            yield from ((event, status) for status in nodes(about, "cq:status"))


def _counting(status: NamedNode, granted: str, *, denied: bool) -> NamedNode | None:
    """The status that an account tells; None where there is no account."""
    if granted == PREMISE or (granted == ADMITTED and status == _PLANNED):
        return status
    return _NOT_HELD if denied and status == _HELD else None


def _account(
    assertion: NamedNode, event: NamedNode, status: NamedNode, documents: list[NamedNode], told: list[Known]
) -> Iterator[Triple]:
    it = mint("account", slug(assertion.value), kind(event.value) or "event", slug(event.value))
    yield Triple(it, _TYPE, cq("Account"))
    yield Triple(it, cq("accountOf"), event)
    yield Triple(it, cq("accountStatus"), status)
    yield Triple(it, cq("accountIn"), assertion)
    yield from (Triple(it, cq("toldIn"), document) for document in documents)
    for name, bound in (("toldEarliest", "startEarliest"), ("toldLatest", "endLatest")):
        days = (day for document in told for day in document[cq(bound)] if isinstance(day, Literal))
        yield from (Triple(it, cq(name), day) for day in days)
