"""Links to pages of wikis, as ``schema:Article``."""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import quote, urlsplit

from pyoxigraph import Literal, NamedNode, Triple

from graph.namespaces import term
from graph.wikidata.model import Sitelink
from graph.wikidata.shape.iris import is_iri
from graph.wikidata.terms import entity_node, schema, wikibase

_GROUPS: Final = {
    **{"wiki": "wikipedia", "wikibooks": "wikibooks", "wikinews": "wikinews", "wikiquote": "wikiquote"},
    **{"wikisource": "wikisource", "wikiversity": "wikiversity", "wikivoyage": "wikivoyage"},
    "wiktionary": "wiktionary",
}
_HOSTS: Final = {
    "commonswiki": ("commons.wikimedia.org", "commons"),
    "incubatorwiki": ("incubator.wikimedia.org", "incubator"),
    "mediawikiwiki": ("www.mediawiki.org", "mediawiki"),
    "metawiki": ("meta.wikimedia.org", "meta"),
    "outreachwiki": ("outreach.wikimedia.org", "outreach"),
    "sourceswiki": ("wikisource.org", "sources"),
    "specieswiki": ("species.wikimedia.org", "species"),
    "wikidatawiki": ("www.wikidata.org", "wikidata"),
    "wikifunctionswiki": ("www.wikifunctions.org", "wikifunctions"),
    "wikimaniawiki": ("wikimania.wikimedia.org", "wikimania"),
}
_SITES: Final = {host: site for site, (host, _) in _HOSTS.items()}
_SITE: Final = re.compile(rf"([a-z0-9_]+?)({'|'.join(sorted(_GROUPS, key=len, reverse=True))})")
_KEPT_BY_MEDIAWIKI: Final = ";@$!*(),/~:"
# MediaWiki's codes that BCP 47 has others for (LanguageCode.php); Wikibase writes those of the pages' languages so.
_LANGUAGES: Final = {
    **{"als": "gsw", "bat-smg": "sgs", "be-x-old": "be-tarask", "cbk-zam": "cbk", "eml": "egl", "fiu-vro": "vro"},
    **{"map-bms": "jv-x-bms", "mo": "ro-cyrl-md", "no": "nb", "nrm": "nrf", "roa-rup": "rup", "simple": "en-simple"},
    **{"roa-tara": "nap-x-tara", "zh-classical": "lzh", "zh-min-nan": "nan", "zh-yue": "yue"},
}


def site_of(address: str) -> str:
    """The site (``enwiki``) that an address lies in; empty where it is none of the known wikis."""
    host = urlsplit(address).hostname or ""
    if host in _SITES:
        return _SITES[host]
    language, _, project = host.removesuffix(".org").partition(".")
    family = next((family for family, name in _GROUPS.items() if name == project), "")
    return f"{language.replace('-', '_')}{family}" if family else ""


def address_of(site: str, title: str) -> str:
    """The address of a page; empty where the wiki is not known."""
    host = _host(site)[0]
    return f"https://{host}/wiki/{quote(title.replace(' ', '_'), safe=_KEPT_BY_MEDIAWIKI)}" if host else ""


def sitelink_triples(identifier: str, links: tuple[Sitelink, ...]) -> Iterator[Triple]:
    """What the export says of the pages on an entity; nothing of one whose address is not known."""
    for link in links:
        if is_iri(link.url):
            yield from _article(identifier, link)


def _article(identifier: str, link: Sitelink) -> Iterator[Triple]:
    page, language = NamedNode(link.url), language_of(link.site)
    split = urlsplit(link.url)
    wiki = NamedNode(f"{split.scheme}://{split.netloc}/")
    yield Triple(page, term("rdf:type"), schema("Article"))
    yield Triple(page, schema("about"), entity_node(identifier))
    yield Triple(page, schema("inLanguage"), Literal(language))
    yield Triple(page, schema("isPartOf"), wiki)
    yield Triple(page, schema("name"), Literal(link.title, language=language))
    yield Triple(wiki, wikibase("wikiGroup"), Literal(_host(link.site)[1] or "unknown"))
    for badge in link.badges:
        yield Triple(page, wikibase("badge"), entity_node(badge))


def language_of(site: str) -> str:
    """The language of a wiki's pages, by BCP 47; that of a wiki in many languages is English, as in the export."""
    match = _SITE.fullmatch(site)
    if match is None or site in _HOSTS:
        return "en"
    code = match[1].replace("_", "-")
    return _LANGUAGES.get(code, code)


def _host(site: str) -> tuple[str, str]:
    match = _SITE.fullmatch(site)
    if site in _HOSTS or match is None:
        return _HOSTS.get(site, ("", ""))
    group = _GROUPS[match[2]]
    return f"{match[1].replace('_', '-')}.{group}.org", group
