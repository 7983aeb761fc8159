"""The admission table: each combination of modality, status and voice is matched by exactly one row."""

from importlib.resources import files
from itertools import product

import pytest
from pyoxigraph import NamedNode, RdfFormat, Store

from graph.namespaces import cq, shorten, term


def table() -> Store:
    store = Store()
    for name in ("diplomacy.ttl", "evidence.ttl", "admission.ttl"):
        store.load(files("ontology").joinpath(name).read_bytes(), format=RdfFormat.TURTLE)
    return store


def members(store: Store, name: str) -> list[NamedNode]:
    return sorted(quad.subject for quad in store.quads_for_pattern(None, term("rdf:type"), cq(name)))


def values(store: Store, row: NamedNode, name: str) -> set[NamedNode]:
    return {quad.object for quad in store.quads_for_pattern(row, cq(name), None)}


def matching(store: Store, modality: NamedNode, status: NamedNode, voice: NamedNode) -> list[NamedNode]:
    wanted = {"ifModality": modality, "ifStatus": status, "ifVoice": voice}
    return [
        row
        for row in members(store, "AdmissionRule")
        if all(not (given := values(store, row, name)) or value in given for name, value in wanted.items())
    ]


TABLE = table()
COMBINATIONS = list(product(*(members(TABLE, name) for name in ("Modality", "Status", "VoiceKind"))))


def test_there_are_as_many_combinations_as_the_vocabulary_makes() -> None:
    assert len(COMBINATIONS) == 5 * 12 * 3


@pytest.mark.parametrize(
    "combination", COMBINATIONS, ids=lambda nodes: "-".join(shorten(node.value).removeprefix("cq:") for node in nodes)
)
def test_exactly_one_row_matches(combination: tuple[NamedNode, NamedNode, NamedNode]) -> None:
    rows = matching(TABLE, *combination)
    assert len(rows) == 1
    assert len(values(TABLE, rows[0], "admission")) == 1


@pytest.mark.parametrize(
    ("modality", "status", "voice", "admission"),
    [
        ("Asserted", "Held", "AuthorVoice", "Premise"),
        ("Asserted", "NoStatus", "AuthorVoice", "Premise"),
        ("Asserted", "Planned", "AuthorVoice", "Admitted"),
        ("Asserted", "NoStatus", "ClaimantVoice", "Premise"),
        ("Opinion", "NoStatus", "ClaimantVoice", "StatementOnly"),
        ("Asserted", "Held", "QuotedVoice", "Admitted"),
        ("Asserted", "NoStatus", "QuotedVoice", "Admitted"),
        ("Expected", "Held", "AuthorVoice", "StatementOnly"),
        ("Denied", "Deployed", "QuotedVoice", "StatementOnly"),
        ("Opinion", "NoStatus", "AuthorVoice", "StatementOnly"),
        ("Accusation", "Underway", "QuotedVoice", "StatementOnly"),
    ],
)
def test_rows_admit_as_designed(modality: str, status: str, voice: str, admission: str) -> None:
    (row,) = matching(TABLE, cq(modality), cq(status), cq(voice))
    assert values(TABLE, row, "admission") == {cq(admission)}


def test_a_plan_is_never_a_premise() -> None:
    for modality, voice in product(members(TABLE, "Modality"), members(TABLE, "VoiceKind")):
        (row,) = matching(TABLE, modality, cq("Planned"), voice)
        assert cq("Premise") not in values(TABLE, row, "admission")


def test_a_new_status_without_a_row_would_be_found() -> None:
    assert matching(TABLE, cq("Asserted"), cq("Rumoured"), cq("AuthorVoice")) == []
