"""Fetching: which revisions are newest, and the data of those that are not kept yet, into a folder of records.

For every 50 identifiers one call of ``wbgetentities`` (``props=info``) tells what stands under each: which revision,
a redirect, nothing. Only what is not kept at that revision is then fetched, each entity by itself from
``Special:EntityData/Q….json?revision=…``: so a record has the very bytes that the site sent for that entity, under an
address that goes on naming them, and a fetch that was broken off goes on where it stood. A redirect is kept as the
answer of ``wbgetentities`` for that one identifier, since EntityData answers as if the target had been asked for.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, Literal

from graph.limits import Limits, read_limits
from graph.wikidata.client.alone import alone_in
from graph.wikidata.client.answers import NoSuchEntityError, Version, read_data, read_versions
from graph.wikidata.client.identifiers import identifier
from graph.wikidata.client.pace import Clock
from graph.wikidata.client.sending import Answer, AnswerError, Sender, SiteError
from graph.wikidata.client.site import Site
from graph.wikidata.records import keep, kept

IDS_A_CALL: Final = 50

Outcome = Literal["fetched", "redirected", "unchanged", "kept", "missing", "failed"]


@dataclass(frozen=True)
class Fetched:
    """What became of one identifier.

    ``fetched`` and ``redirected`` (to ``entity``): there is a new record. ``unchanged``: the newest revision was kept
    already. ``kept``: some revision is kept, and the site was not asked. ``missing``: the site has no such entity, or
    no more. ``failed``: ``message`` says why.
    """

    id: str
    outcome: Outcome
    entity: str = ""
    revision: str = ""
    message: str = ""


def fetch(
    ids: Iterable[str],
    folder: Path,
    site: Site,
    *,
    retrieved: str,
    refresh: bool = False,
    limits: Limits | None = None,
    on_result: Callable[[Fetched], object] = lambda _: None,
    clock: Clock | None = None,
) -> tuple[Fetched, ...]:
    """Fetch entities into a folder of records; what became of each, in order, and to ``on_result`` as it comes.

    ``retrieved`` is the day to be recorded. What is kept is not asked for again, unless ``refresh``: then a newer
    revision is fetched beside the one that is kept. Raises ``IdentifierError`` before anything is asked, and
    :class:`SiteError` when nothing more can be fetched: the records so far are kept, and the same call goes on.
    Only one fetch is at work in a folder: another one raises :class:`FetchAtWorkError`.
    """
    wanted = list(dict.fromkeys(map(identifier, ids)))
    with alone_in(folder):
        fetching = _Fetching(folder, retrieved, _kept(folder, site), on_result)
        try:
            asyncio.run(fetching.run(wanted, Sender(site, limits or read_limits(), clock or Clock()), refresh))
        except ExceptionGroup as group:
            raise _first(group) from group
    return tuple(fetching.results[id_] for id_ in wanted)


def _first(group: ExceptionGroup[Exception]) -> Exception:
    """The first of the errors of requests that went on at the same time: each would have ended the fetch."""
    error = group.exceptions[0]
    return _first(error) if isinstance(error, ExceptionGroup) else error


class _Fetching:
    """One fetch into a folder."""

    def __init__(
        self, folder: Path, retrieved: str, kept_: Mapping[str, set[str]], on_result: Callable[[Fetched], object]
    ) -> None:
        self._folder = folder
        self._retrieved = retrieved
        self._kept = kept_
        self._on_result = on_result
        self.results: dict[str, Fetched] = {}

    async def run(self, ids: Sequence[str], sender: Sender, refresh: bool) -> None:
        asked = []
        for id_ in ids:
            if id_ in self._kept and not refresh:
                self._tell(Fetched(id_, "kept", revision=max(self._kept[id_], key=int)))
            else:
                asked.append(id_)
        async with sender:
            for batch in _batches(asked):
                versions = await _versions(sender, batch)
                async with asyncio.TaskGroup() as group:
                    for id_, version in versions.items():
                        group.create_task(self._one(sender, id_, version))

    async def _one(self, sender: Sender, id_: str, version: Version | None) -> None:
        """Fetch what stands under an identifier, unless it is kept."""
        if version is None:
            self._tell(Fetched(id_, "missing"))
        elif version.revision in self._kept.get(id_, ()):
            self._tell(_told(id_, "unchanged", version))
        else:
            await self._fetch(sender, id_, version)

    async def _fetch(self, sender: Sender, id_: str, version: Version) -> None:
        redirects = id_ != version.entity
        url = sender.site.entities([id_]) if redirects else sender.site.entity_data(id_, version.revision)

        def read(answer: Answer) -> tuple[Answer, Version | None]:
            return answer, read_data(answer, id_, version, sender.clock)

        try:
            answer, found = await sender.ask(url, read)
        except AnswerError as error:
            self._tell(Fetched(id_, "failed", message=str(error)))
            return
        if found is None:
            self._tell(Fetched(id_, "missing"))
            return
        self._keep(url, answer, found)
        self._tell(_told(id_, "redirected" if redirects else "fetched", found))

    def _keep(self, url: str, answer: Answer, found: Version) -> None:
        """Under the address that was asked, which is how a later fetch knows what is kept."""
        keep(
            self._folder,
            answer.data,
            url=url,
            media_type=answer.media_type,
            retrieved=self._retrieved,
            revision=found.revision,
            etag=answer.headers.get("etag", ""),
            last_modified=answer.headers.get("last-modified", ""),
        )

    def _tell(self, result: Fetched) -> None:
        self.results[result.id] = result
        self._on_result(result)


def _told(id_: str, outcome: Outcome, version: Version) -> Fetched:
    return Fetched(id_, outcome, version.entity, version.revision)


def _kept(folder: Path, site: Site) -> dict[str, set[str]]:
    """The revisions that are kept from a site, by the identifier that was asked for; raises ``RecordError``."""
    found: dict[str, set[str]] = {}
    for record in kept(folder):
        if record.revision.isdigit() and (id_ := site.asked(record.url)):
            found.setdefault(id_, set()).add(record.revision)
    return found


def _batches(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + IDS_A_CALL] for start in range(0, len(ids), IDS_A_CALL))


async def _versions(sender: Sender, ids: Sequence[str]) -> dict[str, Version | None]:
    """The versions of at most 50 entities; one that the site takes for no identifier is missing."""
    missing: dict[str, Version | None] = {}
    while asked := [id_ for id_ in ids if id_ not in missing]:
        read = partial(read_versions, asked=asked, clock=sender.clock)
        try:
            return missing | await sender.ask(sender.site.entities(asked, props="info"), read)
        except NoSuchEntityError as error:
            missing[error.id] = None
        except AnswerError as error:
            raise SiteError(str(error)) from error
    return missing
