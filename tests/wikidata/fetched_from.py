"""What tests of the client share: a site with small entities, a clock that waits for nobody, and a fetch."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from small_entities import OFFICE, OLD_OFFICE, item, small_entities
from stand_in_site import Holdings, StandIn

from graph.limits import Limits
from graph.wikidata.client import Clock, Fetched, Site, fetch
from graph.wikidata.records import Record, kept

DAY = "2026-04-21"
CONTACT = "test@example.org"
DATA = "/wiki/Special:EntityData/"
API = "/w/api.php"


def small_site(more: int = 0) -> StandIn:
    """A site with the small entities, one redirect, and ``more`` items Q1, Q2 and so on."""
    holdings = Holdings()
    for entity in [*small_entities(), *(item(f"Q{n}", f"example {n}", 100 + n) for n in range(1, more + 1))]:
        holdings.add(entity)
    holdings.merge(OLD_OFFICE, OFFICE, 31)
    return StandIn(holdings)


class Hasty(Clock):
    """A clock that goes on by itself: who sleeps wakes at once, so much later. ``slept`` has what was slept."""

    def __init__(self, on_sleep: Callable[[], object] = lambda: None) -> None:
        self.slept: list[float] = []
        self._on_sleep = on_sleep

    def now(self) -> float:
        return sum(self.slept)

    def date(self) -> datetime:
        return datetime(2026, 4, 21, 12, tzinfo=UTC)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self._on_sleep()


def fetched(
    site: StandIn, folder: Path, ids: Iterable[str], clock: Clock | None = None, **more: Any
) -> list[Fetched]:
    """Fetch from a stand-in; nothing waits."""
    limits = more.pop("limits", Limits())
    where = Site(site.url, CONTACT)
    return [*fetch(ids, folder, where, retrieved=DAY, clock=clock or Hasty(), limits=limits, **more)]


def outcomes(results: Iterable[Fetched]) -> dict[str, str]:
    return {result.id: result.outcome for result in results}


def asked_data(site: StandIn) -> list[str]:
    """The documents that were asked for, in order: ``Q1.json?revision=101``."""
    return [f"{each.path.removeprefix(DATA)}?{each.query}" for each in site.on(DATA)]


def record_of(folder: Path, id_: str) -> Record:
    """The one record that was asked for by an identifier."""
    (found,) = (each for each in kept(folder) if f"/{id_}.json" in each.url or f"ids={id_}&" in each.url)
    return found
