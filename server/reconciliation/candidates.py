"""Candidates for a reconciliation query: found by name, narrowed by type, weighed by properties, with every feature.

The score, 0 to 100, is the mean of the name (which counts twice) and of each property given; where nothing is known
of a property it counts 50, for silence is no contradiction; where there is no such property at all, nothing has it,
and it counts 0. ``match`` is true only

- of the one entity whose identifier was sent, or that has exactly the name that was sent and no other one of the
  types does; if properties were given, at least one of them agrees and none is known to be otherwise. For a person
  whose surname alone was sent, it must be the office, the birth or the item;
- or of the one entity that has the item of Wikidata which was sent.

It is never true by likeness.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from graph.engine import Engine
from server.reconciliation.agreement import NEARLY, SAME, Target, agreement
from server.reconciliation.entities import Entity, Name
from server.reconciliation.identifiers import id_of, iri_of
from server.reconciliation.offer import Offer
from server.reconciliation.properties import ITEM
from server.reconciliation.reading import MOST_CANDIDATES, Condition, Query
from server.reconciliation.retrieval import Holders, Values, having, holders_of, values_of
from server.reconciliation.surnames import is_surname
from server.reconciliation.turns import go_on

LEAST_LIKENESS: Final = 60.0
"""Names that are less alike share little more than some letters; this decides what is shown, never what matches."""
OTHER_TYPE: Final = 0.5
TELLING: Final = frozenset(("held-post", "schema:birthDate", ITEM))
"""The properties that tell people of one surname apart."""
_NAME_WEIGHT: Final = 2
_UNKNOWN: Final = 50.0


@dataclass
class Candidate:
    """An entity that a query may mean, and why; ``crowded`` if more have this very name than are compared.

    ``agreed`` has every condition of which something is known; ``missing`` those of properties that nothing has here.
    """

    entity: Entity
    likeness: float
    name: Name | None = None
    exact: bool = False
    given: bool = False
    fits: bool = True
    crowded: bool = False
    agreed: dict[Condition, float] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    score: float = 0.0
    match: bool = False

    @property
    def agrees(self) -> bool:
        """Whether a property agrees, and none is otherwise."""
        return bool(self.agreed) and not self.differs

    @property
    def differs(self) -> bool:
        """Whether a property is known, and otherwise; or is one that nothing has."""
        return bool(self.missing) or any(value < SAME for value in self.agreed.values())

    @property
    def is_surname(self) -> bool:
        """Whether it is a person of whom the name is only the surname."""
        return self.exact and self.name is not None and is_surname(self.entity, self.name)

    @property
    def is_told_apart(self) -> bool:
        """Whether something agrees that tells people of one surname apart."""
        return any(condition.pid in TELLING and value == SAME for condition, value in self.agreed.items())


def answer(queries: Mapping[str, Query], offer: Offer, engine: Engine, most: int) -> dict[str, Any]:
    """The candidates for each query of a batch."""
    holders = holders_of(queries.values(), offer, engine)
    drafts = {key: _found(query, offer, holders) for key, query in queries.items() if go_on()}
    known = _known(queries, drafts, offer, engine, most)
    return {
        key: {
            "result": [_told(each, query, offer) for each in _ranked(query, drafts[key], known, offer)[: query.limit]]
        }
        for key, query in queries.items()
        if go_on()
    }


def _found(query: Query, offer: Offer, holders: Holders) -> list[Candidate]:
    """The entities that the query may mean, of its types; of those of other types, where types should fit only."""
    if query.text is None:
        drafts = [Candidate(offer.entities[iri], 0.0) for iri in having(query.conditions, holders, offer)]
    else:
        drafts = _by_name(query.text, offer)
    wanted = [iri_of(each) or each for each in query.types]
    for draft in drafts:
        has = [each in draft.entity.all_types for each in wanted]
        draft.fits = not has or (all(has) if query.strict == "all" else any(has))
    found = [draft for draft in drafts if draft.fits or query.strict == "should"]
    if sum(draft.exact for draft in found) > MOST_CANDIDATES:
        for draft in found:
            draft.crowded = True
    return found[:MOST_CANDIDATES]


def _by_name(text: str, offer: Offer) -> list[Candidate]:
    """By identifier, by a name that is exactly the text, then by likeness."""
    meant = offer.identified(text)
    if meant:
        return [Candidate(offer.entities[iri], SAME, given=True) for iri in meant]
    exact = offer.names.exact(text)
    found = [Candidate(offer.entities[each], SAME, name, exact=True) for each, name in exact.items()]
    return found + [
        Candidate(offer.entities[like.iri], NEARLY * like.likeness, like.name)
        for like in offer.names.alike(text)
        if like.likeness >= LEAST_LIKENESS and like.iri not in exact
    ]


def _known(
    queries: Mapping[str, Query], drafts: Mapping[str, Sequence[Candidate]], offer: Offer, engine: Engine, most: int
) -> dict[str, Values]:
    """The values of every property of the batch, of every candidate for a query with it: one question for each."""
    asked: dict[str, set[str]] = defaultdict(set)
    for key, query in queries.items():
        for condition in query.conditions:
            asked[condition.pid].update(draft.entity.iri for draft in drafts[key])
    known = {pid: (offer.properties.get(pid), iris) for pid, iris in asked.items()}
    return {
        pid: values_of(engine, found, iris, most)
        for pid, (found, iris) in known.items()
        if found and iris and go_on()
    }


def _ranked(query: Query, drafts: Iterable[Candidate], known: Mapping[str, Values], offer: Offer) -> list[Candidate]:
    """The candidates, the best first; at most one of them is the match."""
    found = list(drafts)
    targets = {each: [Target(wanted, offer) for wanted in each.values] for each in query.conditions}
    missing = tuple(each.pid for each in targets if offer.properties.get(each.pid) is None)
    for draft in found:
        draft.missing = missing
        _weigh(draft, query, known, targets)
    if query.text is None:
        found = [draft for draft in found if SAME in draft.agreed.values()]
    sure = _sure(query, [draft for draft in found if draft.fits])
    if len(sure) == 1:
        sure[0].match = not sure[0].is_surname or sure[0].is_told_apart
    return sorted(found, key=_order)


def _weigh(
    draft: Candidate, query: Query, known: Mapping[str, Values], targets: Mapping[Condition, Sequence[Target]]
) -> None:
    """Compare the properties, and set the score."""
    parts = [draft.likeness] * _NAME_WEIGHT if query.text is not None else []
    for condition, wanted in targets.items():
        agreed = agreement(known.get(condition.pid, {}).get(draft.entity.iri, ()), wanted)
        if agreed is not None:
            draft.agreed[condition] = agreed
        unknown = 0.0 if condition.pid in draft.missing else _UNKNOWN
        parts.append(unknown if agreed is None else agreed)
    draft.score = sum(parts) / len(parts) * (1 if draft.fits else OTHER_TYPE)


def _sure(query: Query, fitting: Sequence[Candidate]) -> list[Candidate]:
    """Those that the query can only mean."""
    same_item = [draft for draft in fitting if _has_item(draft) and not draft.differs]
    if same_item:
        return same_item
    named = [draft for draft in fitting if (draft.given or draft.exact) and not draft.crowded]
    return [draft for draft in named if draft.agrees] if query.conditions else named


def _has_item(draft: Candidate) -> bool:
    return any(condition.pid == ITEM and value == SAME for condition, value in draft.agreed.items())


def _order(draft: Candidate) -> tuple[float, bool, int, str]:
    """By score; then what is so named before what is only alike, short names before long ones."""
    length = len(draft.name.text) if draft.name else 0
    return (-draft.score, not (draft.exact or draft.given), length, draft.entity.iri)


def _told(draft: Candidate, query: Query, offer: Offer) -> dict[str, Any]:
    entity = draft.entity
    described = offer.describe(entity, draft.name.text if draft.name else "")
    return {
        "id": id_of(entity.iri),
        "name": entity.label,
        **({"description": described} if described else {}),
        "type": offer.type_objects(entity.types),
        "score": round(draft.score, 2),
        "match": draft.match,
        "features": _features(draft, query),
    }


def _features(draft: Candidate, query: Query) -> list[dict[str, Any]]:
    """Everything that the score and the match were made of; of a property sent twice, what agrees least."""
    told: dict[str, bool | float] = {}
    if query.text is not None:
        told = {"id": draft.given, "name_exact": draft.exact, "name_likeness": round(draft.likeness, 2)}
    if draft.is_surname:
        told["name_whole"] = False
    if query.types:
        told["type"] = draft.fits
    told |= {f"property:{pid}": False for pid in draft.missing}
    for condition, value in draft.agreed.items():
        name = f"property:{condition.pid}"
        told[name] = min(told.get(name, SAME), round(value, 2))
    return [{"id": name, "value": value} for name, value in told.items()]
