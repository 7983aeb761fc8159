"""The entities that the stand-in serves: each with its revisions, redirects, and what has been deleted."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_ID = re.compile(r"([QP])([1-9][0-9]{0,9})", re.IGNORECASE)
_GREATEST = 2**31 - 1


def normalised(text: str) -> str | None:
    """The identifier in its canonical case; None if it is none (Wikibase: a number of 32 bits)."""
    found = _ID.fullmatch(text.strip())
    return text.strip().upper() if found and int(found[2]) <= _GREATEST else None


@dataclass
class Holdings:
    """``revisions`` has, for an entity, its JSON by revision number; the greatest is the latest."""

    revisions: dict[str, dict[int, dict[str, Any]]] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    redirect_revisions: set[int] = field(default_factory=set)
    rdf: dict[str, bytes] = field(default_factory=dict)

    def add(self, entity: Mapping[str, Any]) -> None:
        """One more revision; one without page information (as in dumps) gets some."""
        page = {"pageid": int(entity["id"][1:]), "ns": 0, "title": entity["id"], "lastrevid": 1}
        whole = {**page, "modified": "2020-01-01T00:00:00Z", **entity}
        self.revisions.setdefault(whole["id"], {})[whole["lastrevid"]] = whole

    def merge(self, source: str, target: str, revision: int = 0) -> None:
        """Make an entity a redirect, by an edit with this revision number."""
        self.redirects[source] = target
        self.redirect_revisions.add(revision)

    def delete(self, id: str) -> None:
        self.revisions.pop(id, None)

    def resolved(self, id: str) -> str:
        """The target of a redirect, over one step, as Wikibase follows them."""
        return self.redirects.get(id, id)

    def latest(self, id: str) -> dict[str, Any] | None:
        """The latest revision of an entity or of what it redirects to."""
        held = self.revisions.get(self.resolved(id))
        return held[max(held)] if held else None


def read_holdings(paths: Iterable[Path]) -> Holdings:
    """What files of entity JSON hold, each ``{"entities": {…}}``."""
    holdings = Holdings()
    for path in paths:
        for entity in json.loads(path.read_bytes())["entities"].values():
            holdings.add(entity)
    return holdings
