"""The list of what may be fetched: exact IRIs of SPARQL services, and beginnings of the IRIs of documents.

It is set by ``COMMUNIQUE_ALLOW_SERVICE`` and ``COMMUNIQUE_ALLOW_LOAD``, each a list separated by spaces. Nothing is
normalised: an IRI in a query is on the list if it is there letter by letter.
"""

import os
import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from urllib.parse import unquote, urlsplit

from graph.limits import PREFIX, Limits
from graph.reach.client import Client
from graph.reach.live import Live

ALLOW_SERVICE: Final = f"{PREFIX}ALLOW_SERVICE"
ALLOW_LOAD: Final = f"{PREFIX}ALLOW_LOAD"
CONTACT: Final = f"{PREFIX}CONTACT"
_PRINTABLE: Final = re.compile(r"[!-~]+")
_FORBIDDEN: Final = frozenset('\\"<>^`{|}')


class AllowListError(ValueError):
    """What should be allowed is no address that could be fetched; the message says which and why."""


@dataclass(frozen=True)
class Reach:
    """What may be fetched, the client that does it, and the time in seconds since 1970.

    Raises :class:`AllowListError`.
    """

    client: Client
    services: tuple[str, ...] = ()
    loads: tuple[str, ...] = ()
    now: Callable[[], float] = time.time

    def __post_init__(self) -> None:
        for iri in (*self.services, *self.loads):
            if fault := _fault(iri):
                raise AllowListError(f"'{iri}' cannot be allowed: {fault}")
        for iri in self.loads:
            if not urlsplit(iri).path:
                raise AllowListError(f"'{iri}' cannot be allowed: end the name of the host with '/'")

    @cached_property
    def live(self) -> Live:
        """The services of Wikidata, asked with care: what they answered, and whether they want to be left alone."""
        return Live(self.client, self.now)

    def __bool__(self) -> bool:
        return bool(self.services or self.loads)

    def allows_service(self, iri: str) -> bool:
        """Whether the IRI is one of those listed."""
        return iri in self.services

    def allows_load(self, iri: str) -> bool:
        """Whether the IRI begins with one of those listed, and does not climb out of it."""
        return iri.startswith(self.loads) and not _fault(iri) if self.loads else False


def read_reach(
    limits: Limits,
    environment: Mapping[str, str] | None = None,
    services: Iterable[str] = (),
    loads: Iterable[str] = (),
    contact: str = "",
) -> Reach:
    """What the arguments and the environment allow, together; raises :class:`AllowListError`.

    ``contact`` wins over the environment.
    """
    held = os.environ if environment is None else environment
    return Reach(
        Client(limits, contact=contact or held.get(CONTACT, "")),
        (*services, *held.get(ALLOW_SERVICE, "").split()),
        (*loads, *held.get(ALLOW_LOAD, "").split()),
    )


def _fault(iri: str) -> str:
    """Why an IRI cannot be fetched as it stands, in words; empty if it can."""
    if not _PRINTABLE.fullmatch(iri) or not _FORBIDDEN.isdisjoint(iri):
        return "write it in printable ASCII, percent-encoded where need be"
    try:
        parts = urlsplit(iri)
        parts.port  # noqa: B018 - it is read, and checked, only now
    except ValueError as error:
        return str(error)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return "it has to begin with http:// or https:// and a host"
    if "@" in parts.netloc:
        return "it has a user's name before the host"
    if {".", ".."} & set(unquote(parts.path).split("/")):
        return "it has '.' or '..' in its path"
    return ""
