"""The prefixes that the Wikidata Query Service knows without declaration, and how a query gets them."""

from typing import Final

from graph.engine.text.rewriting import Edit
from graph.engine.text.structure import Structure
from graph.namespaces import STANDARD, WIKIDATA

# After WikibaseContextListener of the query service and mw:Wikibase/Indexing/RDF Dump Format. ``schema`` is theirs.
PRESET: Final = {
    **WIKIDATA,
    "wdata": "http://www.wikidata.org/wiki/Special:EntityData/",
    "psn": "http://www.wikidata.org/prop/statement/value-normalized/",
    "pqn": "http://www.wikidata.org/prop/qualifier/value-normalized/",
    "prn": "http://www.wikidata.org/prop/reference/value-normalized/",
    "wikibaseqs": "http://wikiba.se/queryService#",
    "bd": "http://www.bigdata.com/rdf#",
    "bds": "http://www.bigdata.com/rdf/search#",
    "gas": "http://www.bigdata.com/rdf/gas#",
    "hint": "http://www.bigdata.com/queryHints#",
    "mediawiki": "https://www.mediawiki.org/ontology#",
    "mwapi": "https://www.mediawiki.org/ontology#API/",
    "schema": "http://schema.org/",
    "geof": "http://www.opengis.net/def/function/geosparql/",
    "cc": "http://creativecommons.org/ns#",
    "dct": "http://purl.org/dc/terms/",
    "ontolex": "http://www.w3.org/ns/lemon/ontolex#",
    "fn": "http://www.w3.org/2005/xpath-functions#",
    **{name: STANDARD[name] for name in ("foaf", "geo", "owl", "prov", "rdf", "rdfs", "skos", "xsd")},
}


def preset(structure: Structure) -> list[Edit]:
    """The declarations that the text uses and does not make, before its first sign, on the same line."""
    declared = {each[1].text for each in structure.declarations if len(each) > len(("BASE", "iri"))}
    used = {f"{each.text.partition(':')[0]}:" for each in structure.tokens if each.kind == "name"} - declared
    written = [f"PREFIX {name}: <{PRESET[name]}> " for name in sorted(PRESET) if f"{name}:" in used]
    return [Edit(0, 0, "".join(written))] if written else []
