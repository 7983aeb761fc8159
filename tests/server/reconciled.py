"""A client that asks as OpenRefine does, and a world of namesakes to ask about."""

import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from flask.testing import FlaskClient
from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse

from graph.build import SOURCES
from graph.namespaces import GRAPH_MERGED, GRAPH_ONTOLOGY, GRAPH_WIKIDATA, PREFIXES
from graph.store import write

# Father and son; two ministers of one name; a scholar, and somebody whose name is 86 % like his.
WORLD = """
person:putin a foaf:Person, foaf:Agent ; skos:prefLabel "Vladimir Putin"@en ;
    schema:birthDate "1952-10-07"^^xsd:date ; skos:exactMatch wd:Q7747 .
person:putin-senior a foaf:Person ; skos:prefLabel "Vladimir Putin"@en ; schema:birthDate "1911-02-23"^^xsd:date ;
    skos:exactMatch wd:Q19300851 .
person:nakagawa a foaf:Person ; skos:prefLabel "Masaharu Nakagawa"@en ; skos:exactMatch wd:Q1906668 .
person:nakagawa-the-other a foaf:Person ; skos:prefLabel "Masaharu Nakagawa"@en .
person:kistanov a foaf:Person ; skos:prefLabel "Valery Kistanov"@en ; schema:birthDate "1940-01-01"^^xsd:date ;
    skos:note "<script>alert(1)</script>" .
office:president a org:Post ; skos:prefLabel "President of Russia"@en ; skos:definition "<b>Head</b> of state."@en .
tenure:putin-president a org:Membership ; org:member person:putin ; cq:heldPost office:president .
state:georgia a cq:State ; skos:prefLabel "Georgia"@en ; cq:count 5 ; schema:area 69.7 ; skos:hiddenLabel "Gruziya" ;
    skos:scopeNote "two"@en, "one"@en .
place:georgia a cq:Place ; skos:prefLabel "Georgia"@en ; dcterms:issued "2017-03-20T10:00:00Z"^^xsd:dateTime .
"""
TERMS = """
foaf:Person a owl:Class ; rdfs:subClassOf foaf:Agent ; skos:prefLabel "person"@en, "человек"@ru .
foaf:Agent a owl:Class ; skos:prefLabel "agent"@en .
cq:State a owl:Class ; rdfs:subClassOf foaf:Agent ; skos:prefLabel "state"@en ; skos:definition "A country."@en .
schema:birthDate a owl:DatatypeProperty ; skos:prefLabel "was born on"@en .
"""
# One item has an English label, one has one for all languages, and one has others only.
SLICE = """
wd:Q7747 rdfs:label "Vladimir Putin, of the slice"@en, "Wladimir Putin"@de, "V. Putin"@mul .
wd:Q1906668 rdfs:label "Masaharu Nakagawa, in all languages"@mul, "Masaharu Nakagawa, auf Deutsch"@de .
wd:Q19300851 rdfs:label "父"@ja, "Der Vater"@de .
"""


def build_world(folder: Path, world: str = WORLD, beside: Mapping[NamedNode, str] = MappingProxyType({})) -> Path:
    """Write the namesakes, or other things, as a built folder; ``beside`` are more graphs."""
    graphs = {GRAPH_MERGED: world, GRAPH_ONTOLOGY: TERMS, GRAPH_WIKIDATA: SLICE, **beside}
    quads = [Quad(t.subject, t.predicate, t.object, graph) for graph, text in graphs.items() for t in triples(text)]
    write(folder, quads, inputs="by hand", counts={}, sources=dict.fromkeys(SOURCES))
    return folder


def triples(text: str) -> list[Triple]:
    """Turtle with the prefixes of the project."""
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    return [quad.triple for quad in parse(prefixes + text, format=RdfFormat.TURTLE)]


class Asker:
    """Sends what OpenRefine sends: posted forms, and parameters of URLs."""

    def __init__(self, client: FlaskClient, **always: str) -> None:
        self.client, self.always, self.path = client, always, "/reconcile"

    def get(self, path: str = "", **parameters: object) -> Any:
        """The JSON at a path below the endpoint."""
        response = self.client.get(self.path + path, query_string={**self.always, **parameters})
        assert response.status_code == 200, response.text
        return response.json

    def batch(self, queries: dict[str, Any]) -> Any:
        """The answer to a batch of queries."""
        return self.post(queries=json.dumps(queries))

    def post(self, **fields: str) -> Any:
        """The answer to a posted form."""
        response = self.client.post(self.path, query_string=self.always, data=fields)
        assert response.status_code == 200, response.text
        return response.json

    def candidates(self, text: str | None = None, **more: object) -> list[dict[str, Any]]:
        """The candidates for one query."""
        query = more if text is None else {"query": text, **more}
        return self.batch({"q0": query})["q0"]["result"]

    def match(self, text: str | None = None, **more: object) -> str | None:
        """What one query can only mean."""
        found = [each["id"] for each in self.candidates(text, **more) if each["match"]]
        assert len(found) < 2
        return found[0] if found else None

    def extend(self, ids: list[str], *properties: str | dict[str, Any]) -> Any:
        """The rows of a data extension."""
        columns = [{"id": each} if isinstance(each, str) else each for each in properties]
        return self.post(extend=json.dumps({"ids": ids, "properties": columns}))


def features(candidate: dict[str, Any]) -> dict[str, float | bool]:
    """A candidate's features by their identifiers, which are unique."""
    found = {each["id"]: each["value"] for each in candidate["features"]}
    assert len(found) == len(candidate["features"])
    return found
