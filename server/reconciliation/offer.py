"""What is offered for reconciliation from one version of the data: read when it is first asked for, and kept."""

from collections import Counter
from collections.abc import Iterable
from threading import Lock
from typing import Any, Final

from flask import current_app

from graph.engine import Engine
from graph.limits import Limits
from server.clock import engine
from server.reconciliation.alike import NameIndex
from server.reconciliation.entities import Entity, linked, read_entities
from server.reconciliation.identifiers import id_of, iri_of, is_entity, term_id
from server.reconciliation.properties import Properties
from server.reconciliation.vocabulary import Vocabulary

_KEPT: Final = 4
_LOCK: Final = Lock()


class Offer:
    """The entities, their names, types and properties."""

    def __init__(self, engine: Engine, most_names: int) -> None:
        self.vocabulary = Vocabulary(engine)
        self.entities = read_entities(engine, self.vocabulary, most_names)
        self.names = NameIndex(self.entities)
        counted = Counter(each for entity in self.entities.values() for each in entity.types)
        self.types = tuple(sorted(counted, key=lambda each: (-counted[each], each)))
        self.properties = Properties(engine, frozenset(counted), self.vocabulary)
        self.value_types: dict[str, dict[str, Any]] = {}
        self._linked = linked(engine, self.entities)

    def identified(self, text: str) -> tuple[str, ...]:
        """The entities that an identifier stands for: its own, or those that an item of Wikidata is linked to."""
        iri = iri_of(text) or ""
        return (iri,) if iri in self.entities else self._linked.get(iri, ())

    def meant(self, text: str) -> str | None:
        """The one entity that an identifier stands for; None where there is none, or more than one."""
        found = self.identified(text)
        return found[0] if len(found) == 1 else None

    def type_object(self, iri: str) -> dict[str, Any]:
        """A type as the API tells it: identifier and name."""
        return {"id": term_id(iri), "name": self.vocabulary.name(iri)}

    def type_objects(self, iris: Iterable[str]) -> list[dict[str, Any]]:
        """Those of the types that are offered."""
        return [self.type_object(iri) for iri in iris]

    def called(self, iri: str) -> str:
        """What to call a thing of ours: its label; else its identifier; a term of the ontology by its label."""
        if iri in self.entities:
            return self.entities[iri].label
        return id_of(iri) if is_entity(iri) else self.vocabulary.name(iri)

    def describe(self, entity: Entity, text: str = "") -> str:
        """A sentence or two on an entity; where parties name it differently, who uses which name, and nothing more.

        ``text`` is the name by which it was found; without it, all English names that parties use are told.
        """
        used: dict[tuple[str, ...], list[str]] = {}
        for name in entity.names:
            if name.parties and (name.text == text if text else name.language == "en"):
                used.setdefault(name.parties, []).append(f"“{name.text}”")
        told = (f"{', '.join(names)}: a name used by {self._listed(parties)}." for parties, names in used.items())
        return " ".join(filter(None, (entity.definition, *told)))

    def _listed(self, iris: Iterable[str]) -> str:
        return " and ".join(sorted(map(self.called, iris)))


def offer_now() -> Offer:
    """What is offered from the version of the data that the request asks."""
    held: dict[str, Offer] = current_app.extensions.setdefault("reconciliation", {})
    asked = engine()
    found = held.get(asked.version)
    if found is None:
        with _LOCK:
            found = held.get(asked.version) or _read(asked, held)
    return found


def limits() -> Limits:
    """The limits of the application."""
    found: Limits = current_app.extensions.get("limits") or Limits()
    return found


def _read(asked: Engine, held: dict[str, Offer]) -> Offer:
    """Read the offer and keep it, instead of the oldest; nothing is kept of an engine that knows no version."""
    found = Offer(asked, limits().reconciled_names)
    if asked.version:
        for oldest in list(held)[: 1 - _KEPT]:
            held.pop(oldest, None)
        held[asked.version] = found
    return found
