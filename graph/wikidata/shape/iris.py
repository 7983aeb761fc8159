"""Values that the RDF export writes as IRIs: addresses, files of Commons and data pages of Commons."""

from typing import Final
from urllib.parse import quote, quote_plus, unquote, unquote_plus

from pyoxigraph import NamedNode

from graph.wikidata.terms import COMMONS_DATA, COMMONS_FILE

_RESERVED: Final = ";/?:@&=+$,#%[]!*'()~"
_KEPT_BY_MEDIAWIKI: Final = ";@$!*(),/~:"


def is_iri(text: str) -> bool:
    """Whether a text can stand as an IRI in RDF."""
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


def encoded(address: str) -> str:
    """An address with what no IRI may hold (a space …) percent-encoded; as it is where that does not help."""
    if is_iri(address):
        return address
    better = quote(address, safe=_RESERVED)
    return better if is_iri(better) else address


def iri_of(text: str, datatype: str) -> str:
    """The IRI of a value that has one by its datatype; empty for others."""
    if datatype == "commonsMedia":
        return COMMONS_FILE + quote(text, safe="")
    if datatype in ("geo-shape", "tabular-data"):
        return COMMONS_DATA + quote_plus(text, safe=_KEPT_BY_MEDIAWIKI)
    return text if datatype == "url" and is_iri(text) else ""


def text_of(iri: str) -> tuple[str, str]:
    """The text of a value that was written as an IRI, and the datatype that this shows."""
    if iri.startswith(COMMONS_FILE):
        return unquote(iri.removeprefix(COMMONS_FILE)), "commonsMedia"
    if iri.startswith(COMMONS_DATA):
        page = unquote_plus(iri.removeprefix(COMMONS_DATA))
        return page, "tabular-data" if page.endswith(".tab") else "geo-shape"
    return iri, "url"
