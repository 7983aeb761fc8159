"""Addresses: whether a page is one of Wikidata or its sister projects, and whether two addresses mean one page."""

from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

from graph.namespaces import is_minted
from graph.wikidata.shape.iris import encoded

_WIKIDATA: Final = ("wikidata.org", "w.wiki")
_WIKIMEDIA: Final = (*_WIKIDATA, "wikipedia.org", "wikimedia.org", "toolforge.org", "wmcloud.org", "wmflabs.org")
_PORTS: Final = (80, 443)


def is_of_wikidata(iri: str) -> bool:
    """Whether Wikidata says it: its own hosts, and what we minted, for such a row or slice was read there."""
    return is_minted(iri) or _is_at(iri, _WIKIDATA)


def is_of_wikimedia(iri: str) -> bool:
    """Whether a page is of Wikidata, Wikipedia or their sisters, which Wikidata does not take for a source."""
    return _is_at(iri, _WIKIMEDIA)


def settled(address: str) -> str:
    """What is alike for all addresses of one page: no scheme, ``www.``, usual port, last ``/``, fragment."""
    parts = _split(encoded(address.strip()))
    if parts is None or not parts.hostname:
        return address
    port = parts.netloc.rpartition(":")[2]
    shown = f":{port}" if port.isdigit() and int(port) not in _PORTS else ""
    query = f"?{parts.query}" if parts.query else ""
    return f"{_host(parts).removeprefix('www.')}{shown}{parts.path.rstrip('/')}{query}"


def _is_at(iri: str, domains: tuple[str, ...]) -> bool:
    parts = _split(iri)
    host = _host(parts) if parts else ""
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)


def _host(parts: SplitResult) -> str:
    return unquote(parts.hostname or "").lower().rstrip(".")


def _split(iri: str) -> SplitResult | None:
    """The parts of an address; None for what is none (an IPv6 host that does not close)."""
    try:
        return urlsplit(iri)
    except ValueError:
        return None
