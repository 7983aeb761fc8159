"""Which site is asked, and who asks: its address, its URLs, and the User-Agent that Wikimedia's policy wants.

``<client>/<version> (<contact>) <library>/<version>``, after meta.wikimedia.org/wiki/User-Agent_policy. The contact
is that of the person who fetches, not of this program, so there is no default; Wikimedia's own sites are not asked
without one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Final
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

WIKIDATA: Final = "https://www.wikidata.org"
MAXLAG: Final = 5
"""Seconds by which the site's replicas may be behind, before it tells one to wait (Manual:Maxlag parameter)."""
_WIKIMEDIA: Final = ("wikidata.org", "wikimedia.org", "wikipedia.org")
_CONTACT: Final = re.compile(r"[!-'*-~]+@[!-'*-~]+|.*(https?://|User:).+")
_PRINTABLE: Final = re.compile(r"[ !-'*-~]+")
_PORTS: Final = {"http": 80, "https": 443}


class SiteAddressError(ValueError):
    """The address of a site is none, or has more than a scheme, a host and a port."""


class ContactError(ValueError):
    """There is no contact where one is needed, or it is none; the message says what one is."""


@dataclass(frozen=True)
class Site:
    """A Wikibase: its address (``https://www.wikidata.org``) and how to reach whoever asks it.

    Raises :class:`SiteAddressError` and :class:`ContactError` when it is made.
    """

    url: str = WIKIDATA
    contact: str = ""

    def __post_init__(self) -> None:
        parts = _parts(self.url)
        if self.contact and not (_PRINTABLE.fullmatch(self.contact) and _CONTACT.fullmatch(self.contact)):
            raise ContactError(
                f"the contact '{self.contact}' is no e-mail address, URL or user page (User:Name)"
                " in plain ASCII without brackets"
            )
        if not self.contact and _is_wikimedia(parts.hostname or ""):
            raise ContactError(
                f"{parts.hostname} wants to know whom to ask about a program's requests: give your e-mail address,"
                " a URL or your user page (User:Name) with --contact or COMMUNIQUE_CONTACT"
                " (https://meta.wikimedia.org/wiki/User-Agent_policy)"
            )

    @property
    def root(self) -> str:
        """Its address without a slash at the end."""
        return self.url.rstrip("/")

    @property
    def agent(self) -> str:
        """The User-Agent."""
        contact = f" ({self.contact})" if self.contact else ""
        return f"communique/{version('communique')}{contact} httpx/{version('httpx')}"

    def entities(self, ids: Sequence[str], **parameters: str) -> str:
        """The URL of a call of ``wbgetentities`` for at most 50 entities, which is short enough for a GET."""
        call = {"action": "wbgetentities", "ids": "|".join(ids), **parameters, "format": "json", "maxlag": MAXLAG}
        return f"{self.root}/w/api.php?{urlencode(call)}"

    def entity_data(self, entity: str, revision: str) -> str:
        """The URL of the JSON of an entity at a revision: its bytes stay the same."""
        return f"{self.root}/wiki/Special:EntityData/{entity}.json?revision={revision}"

    def asked(self, url: str) -> str:
        """The one entity that a URL of this site was asked for; empty for another URL."""
        data, call = f"{self.root}/wiki/Special:EntityData/", f"{self.root}/w/api.php?"
        if url.startswith(data):
            return url.removeprefix(data).partition(".json?revision=")[0]
        ids = dict(parse_qsl(url.removeprefix(call))).get("ids", "") if url.startswith(call) else ""
        return "" if "|" in ids else ids

    def has(self, url: str) -> bool:
        """Whether a URL is on this site: the same host and port, encrypted if the site is."""
        try:
            target, own = urlsplit(url), urlsplit(self.url)
            if target.scheme not in _PORTS or target.username is not None or target.hostname != own.hostname:
                return False
            if target.scheme == own.scheme:
                return _port(target) == _port(own)
            return own.scheme == "http" and (_port(own), _port(target)) == (80, 443)
        except ValueError:
            return False


def _port(parts: SplitResult) -> int:
    return parts.port or _PORTS[parts.scheme]


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        bare = parts.scheme in _PORTS and bool(parts.hostname) and _port(parts) > 0
    except ValueError as error:
        raise SiteAddressError(f"'{url}' is no address of a site: {error}") from error
    more = parts.path.strip("/") or parts.query or parts.fragment or parts.username is not None
    if not bare or more or not url.isascii() or not url.isprintable() or " " in url:
        raise SiteAddressError(f"'{url}' is no address of a site: write http(s)://host or http(s)://host:port")
    return parts


def _is_wikimedia(host: str) -> bool:
    return any(host == name or host.endswith(f".{name}") for name in _WIKIMEDIA)
