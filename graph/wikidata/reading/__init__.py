"""Entity JSON (*Wikibase/DataModel/JSON*) → :class:`Entity`.

What ``wbgetentities`` and ``Special:EntityData`` answer (``{"entities": {"Q7747": {…}}}``) and the lines of a dump
(one entity each) are read alike. PHP writes an empty map as ``[]``; older dumps have no ``lastrevid``; an entity that
was asked for by an identifier that redirects stands under that one with its own ``id`` inside; one that does not
exist is ``missing``. Whatever the JSON, there is an Entity or an :class:`EntityError`.

An entity without ``claims`` is an answer that was not asked for them (``props=info``): it is no whole entity, and is
refused, as an empty map of them says that there are none. One with them is whole by its statements, also where it
lacks another part (``props=claims``), which is noted as untold. Only what the model has is read: not the hashes of
snaks, nor the lemmas, forms and senses of lexemes, which are partial therefore; files of Commons (MediaInfo) are
refused.

What has no order in RDF is put in one order here, statements by property and GUID, and values stand as the RDF export
writes them (:mod:`graph.wikidata.shape`), so that an entity is the same whether it is read from JSON or from RDF.
"""

import re
from collections.abc import Iterator
from typing import Final

from graph.wikidata.model import Entity, Kind, Part, Rank, Reference, Sitelink, Snak, Statement
from graph.wikidata.reading.checks import EntityError, Json, as_list, as_map, as_matching, as_one_of, as_text, is_of
from graph.wikidata.reading.values import as_language, value_of
from graph.wikidata.shape.iris import encoded
from graph.wikidata.shape.order import in_order
from graph.wikidata.shape.sitelinks import address_of
from graph.wikidata.terms import ENTITY, GUID, PROPERTY, statement_node

__all__ = ["EntityError", "MissingEntityError", "read_entities", "read_entity"]

_RANKS: Final[tuple[Rank, ...]] = ("preferred", "normal", "deprecated")
_KINDS: Final[tuple[Kind, ...]] = ("value", "somevalue", "novalue")
_PARTS: Final[tuple[Part, ...]] = ("labels", "descriptions", "aliases", "sitelinks")
_TYPES: Final = {"Q": ("item",), "P": ("property",), "L": ("lexeme", "form", "sense"), "E": ("entity-schema",)}
_DATATYPE: Final = re.compile(r"([A-Za-z]+(-[A-Za-z]+)*)?")
_SITE: Final = re.compile(r"[a-z0-9_]+")
_REVISION: Final = re.compile(r"([1-9][0-9]{0,17})?")
_DAY: Final = r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_MODIFIED: Final = re.compile(rf"({_DAY}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z)?")
_HASH: Final = re.compile(r"[0-9a-f]{8,64}")


class MissingEntityError(EntityError):
    """The JSON says that there is no such entity."""


def read_entities(json: object, retrieved: str = "", graph: str = "") -> Iterator[Entity]:
    """The entities of an answer or of a dump's line, but for missing ones; raises EntityError."""
    answer = as_map(json, "the JSON")
    if "error" in answer and "id" not in answer:
        raise EntityError(f"it is an error that the site answered, and no entity: {str(answer['error'])[:200]}")
    if "entities" not in answer:
        yield read_entity(answer, retrieved, graph)
        return
    for asked, each in as_map(answer["entities"], "entities").items():
        content = as_map(each, asked)
        if "missing" not in content:
            yield _entity(content, retrieved, graph, asked)


def read_entity(json: object, retrieved: str = "", graph: str = "") -> Entity:
    """One entity, from its own JSON or from an answer that holds no other; raises EntityError."""
    content, asked = as_map(json, "the JSON"), ""
    if "entities" in content:
        held = as_map(content["entities"], "entities")
        if len(held) != 1:
            raise EntityError(f"{len(held)} entities stand where one was expected: read them with read_entities")
        ((asked, inner),) = held.items()
        content = as_map(inner, asked)
    if "missing" in content:
        raise MissingEntityError(f"{asked or 'the entity'}: Wikidata has no such entity")
    return _entity(content, retrieved, graph, asked)


def _entity(content: Json, retrieved: str, graph: str, asked: str) -> Entity:
    own = as_matching(ENTITY, content.get("id"), asked or "the entity", "id")
    _check_whole(content, own)
    return Entity(
        id=own,
        revision=_revision(content.get("lastrevid", ""), own),
        modified=as_matching(_MODIFIED, content.get("modified", ""), own, "modified"),
        retrieved=retrieved,
        graph=graph,
        labels={language: texts[0] for language, texts in _terms(content, "labels", own)},
        descriptions={language: texts[0] for language, texts in _terms(content, "descriptions", own)},
        aliases=dict(_terms(content, "aliases", own)),
        statements=in_order(_statements(content, own)),
        redirects=tuple(sorted(_redirects(content, own, asked))),
        type=as_one_of(_TYPES[own[0]], content.get("type", _TYPES[own[0]][0]), own, "type"),
        partial=own.startswith("L"),
        sitelinks=tuple(_sitelinks(content, own)),
        datatype=as_matching(_DATATYPE, content.get("datatype", ""), own, "datatype") if own[0] == "P" else "",
        untold=frozenset(_untold(content, own)),
    )


def _revision(given: object, own: str) -> str:
    """The revision; 0, which Wikibase has for what was never saved, is none."""
    text = str(given or "") if type(given) is int else given
    return as_matching(_REVISION, text, own, "lastrevid")


def _check_whole(content: Json, own: str) -> None:
    if own.startswith("M") or content.get("type") == "mediainfo":
        raise EntityError(f"{own}: this is a file of Commons (MediaInfo), which is not read")
    if "claims" not in content:
        raise EntityError(f"{own}: without claims this is not the whole of it: retrieve it with all its props")


def _untold(content: Json, own: str) -> Iterator[Part]:
    """The parts that are not even empty; pages are of items alone."""
    return (part for part in _PARTS if part not in content and (part != "sitelinks" or own[0] == "Q"))


def _redirects(content: Json, own: str, asked: str) -> set[str]:
    told = as_map(content.get("redirects", {}), f"{own}, redirects").get("from", asked)
    return {each for each in (asked, as_text(told, own, "redirects")) if each != own and ENTITY.fullmatch(each)}


def _terms(content: Json, name: str, own: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for language, given in sorted(as_map(content.get(name, {}), f"{own}, {name}").items()):
        where = f"{own}, {name}, {language}"
        code = as_language(language, where)
        texts = as_list(given, where) if name == "aliases" else [given]
        found = {as_text(as_map(each, where).get("value"), where, "value") for each in texts}
        if found:
            yield code, tuple(sorted(found))


def _sitelinks(content: Json, own: str) -> Iterator[Sitelink]:
    for site, given in sorted(as_map(content.get("sitelinks", {}), f"{own}, sitelinks").items()):
        where = f"{own}, sitelinks, {site}"
        each = as_map(given, where)
        title = as_text(each.get("title"), where, "title")
        url = as_text(each["url"], where, "url") if "url" in each else address_of(site, title)
        badges = {as_matching(ENTITY, badge, where, "badges") for badge in as_list(each.get("badges", []), where)}
        yield Sitelink(as_matching(_SITE, site, where, "site"), title, encoded(url), tuple(sorted(badges)))


def _statements(content: Json, own: str) -> Iterator[Statement]:
    seen: set[str] = set()
    for property_, given in as_map(content.get("claims", {}), f"{own}, claims").items():
        for each in as_list(given, f"{own}, {property_}"):
            statement = _statement(as_map(each, f"{own}, {property_}"), own, property_)
            if statement.iri in seen:
                raise EntityError(f"{own}, {property_}, {statement.guid}: this GUID stands twice")
            seen.add(statement.iri)
            yield statement


def _statement(each: Json, own: str, property_: str) -> Statement:
    guid = as_matching(GUID, each.get("id"), f"{own}, {property_}", "the statement's id")
    where = f"{own}, {property_}, {guid}"
    if not is_of(guid, own):
        raise EntityError(f"{where}: this is the GUID of a statement of another entity")
    main = _snak(each.get("mainsnak"), where)
    if main.property != property_:
        raise EntityError(f"{where}: its main snak has the property {main.property}")
    return Statement(
        iri=statement_node(guid).value,
        guid=guid,
        subject=own,
        main=main,
        rank=as_one_of(_RANKS, each.get("rank"), where, "rank"),
        qualifiers=in_order(_snaks(each.get("qualifiers", {}), f"{where}, qualifiers")),
        references=in_order(_references(each, where)),
    )


def _references(each: Json, where: str) -> Iterator[Reference]:
    for number, given in enumerate(as_list(each.get("references", []), f"{where}, references"), 1):
        place = f"{where}, reference {number}"
        reference = as_map(given, place)
        hash_ = as_matching(_HASH, reference.get("hash"), place, "hash")
        yield Reference(hash_, in_order(_snaks(reference.get("snaks", {}), place)))


def _snaks(given: object, where: str) -> Iterator[Snak]:
    for property_, snaks in as_map(given, where).items():
        yield from (_snak(each, where) for each in as_list(snaks, f"{where}, {property_}"))


def _snak(given: object, where: str) -> Snak:
    snak = as_map(given, where)
    property_ = as_matching(PROPERTY, snak.get("property"), where, "property")
    place = f"{where}, {property_}"
    kind = as_one_of(_KINDS, snak.get("snaktype"), place, "snaktype")
    datatype = as_matching(_DATATYPE, snak.get("datatype", ""), place, "datatype")
    value = value_of(as_map(snak.get("datavalue"), place), datatype, place) if kind == "value" else None
    return Snak(property_, value, kind, datatype)
