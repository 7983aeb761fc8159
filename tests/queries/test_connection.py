"""How a word could have passed, in worlds of a few meetings."""

import json
from collections.abc import Callable

import pytest

Row = tuple[str | int | None, ...]
Ask = Callable[..., list[Row]]
AskWorld = Callable[..., Ask]
PROVENANCE = "<https://w3id.org/communique/graph/provenance>"


def told(name: str, when: str, *present: str, status: str = "Held", admission: str = "Premise") -> str:
    """An assertion on one meeting and who was there, as ``lavrov:russia``."""
    said = f'meeting:{name} a cq:Meeting ; cq:status cq:{status} ; cq:when "{when}"^^edtf:EDTF .'
    for person, state in (each.split(":") for each in present):
        node = f"p:{name}.{person}.{status.lower()}"
        said += f" meeting:{name} cq:hasParticipation {node} . {node} a cq:Participation ; cq:status cq:{status} ;"
        said += f" cq:participant person:{person} ; cq:representing state:{state} ."
    return (
        f'{PROVENANCE} {{ document:d a cq:Document ; cq:when "2018-01-01"^^edtf:EDTF .'
        f" a:{name} a cq:Assertion ; cq:inDocument document:d ; cq:modality cq:Asserted ;"
        f" cq:admission cq:{admission} . }} a:{name} {{ {said} }}"
    )


PUTIN, LAVROV, SHOIGU = "putin:russia", "lavrov:russia", "shoigu:russia"
ABE, KISHIDA, INADA = "abe:japan", "kishida:japan", "inada:japan"


def chain(ask: Ask, source: str, target: str, before: str = "2018", **more: str) -> list[Row]:
    return ask(
        "connection", "route hop person meeting other", from_person=source, to_person=target, before=before, **more
    )


@pytest.fixture(scope="module")
def ask(ask_world: AskWorld) -> Ask:
    """Putin to Abe in January, Abe to Inada in February, Putin to Inada himself in June; and what leads nowhere."""
    return ask_world(
        told("first", "2017-01-10", PUTIN, ABE),
        told("second", "[2017-02-01..2017-02-20]", ABE, INADA),
        told("direct", "2017-06-01", PUTIN, INADA),
        told("plan", "2017-01-20", PUTIN, KISHIDA, status="Planned", admission="Admitted"),
        told("rumour", "2017-01-21", PUTIN, KISHIDA, admission="StatementOnly"),
        told("undated", "2017-01-11/..", SHOIGU, KISHIDA),
        told("same-day", "2017-02-20", INADA, LAVROV),
    )


def test_the_earliest_and_the_fewest(ask: Ask) -> None:
    assert chain(ask, "putin", "inada") == [
        ("earliest", 1, "putin", "first", "abe"),
        ("earliest", 2, "abe", "second", "inada"),
        ("fewest", 1, "putin", "direct", "inada"),
    ]
    assert chain(ask, "putin", "inada", before="2017-06") == [
        ("earliest and fewest", 1, "putin", "first", "abe"),
        ("earliest and fewest", 2, "abe", "second", "inada"),
    ]
    assert chain(ask, "putin", "inada", from_="2017-01-11") == [
        ("earliest and fewest", 1, "putin", "direct", "inada")
    ]


def test_the_sentence_of_a_chain(ask: Ask) -> None:
    first, second = ask("connection", "sentence", from_person="putin", to_person="inada", before="2017-06")
    assert first == (
        "A word could have passed from Vladimir Putin to Tomomi Inada by 20 February 2017: from Vladimir Putin to "
        "Shinzo Abe at “meeting:first” (10 January 2017); then from Shinzo Abe to Tomomi Inada at “meeting:second” "
        "(some time from 1 February 2017 to 20 February 2017); each meeting began on a later day than the one before "
        "it ended.",
    )
    assert second == (None,)


def test_what_is_planned_or_only_said_to_be_carries_nothing(ask: Ask) -> None:
    assert chain(ask, "putin", "kishida") == []


def test_a_meeting_that_may_not_be_over_carries_nothing(ask: Ask) -> None:
    assert chain(ask, "shoigu", "kishida", before="2100") == []


def test_where_the_order_is_unknown_the_word_does_not_pass(ask: Ask) -> None:
    """Abe met Inada by 20 February, and Inada met Lavrov on that day: perhaps before."""
    assert chain(ask, "inada", "lavrov") == [("earliest and fewest", 1, "inada", "same-day", "lavrov")]
    assert chain(ask, "abe", "lavrov") == []


def test_whom_nobody_met_is_reached_by_nothing(ask: Ask) -> None:
    assert chain(ask, "putin", "tillerson") == []


class TestOverHttp:
    @pytest.fixture
    def client(self, corpus_engine):
        from server.app import create_app

        return create_app(corpus_engine).test_client()

    ASKED = "from-person=Lavrov&to-person=Inada&before=2017-04-01"

    def test_as_data(self, client) -> None:
        rows = json.loads(client.get(f"/queries/connection.json?{self.ASKED}").data)["results"]["bindings"]
        assert [row["evidence"]["value"].rpartition("/")[2] for row in rows] == [
            "kistanov-2plus2-held",
            "streltsov-2plus2-held",
        ]
        page = client.get(f"/queries/connection.csv?{self.ASKED}&limit=1&offset=1")
        assert "streltsov-2plus2-held" in page.text
        assert "kistanov-2plus2-held" not in page.text
        assert client.get(f"/queries/connection.csv?{self.ASKED}&offset=2").status_code == 404

    def test_as_a_page(self, client) -> None:
        page = client.get(f"/queries/connection?{self.ASKED}")
        assert page.status_code == 200
        assert "A word could have passed from Sergei Lavrov to Tomomi Inada by 20 March 2017" in page.text

    def test_what_is_asked_amiss(self, client) -> None:
        page = client.get("/queries/connection.csv?from-person=Lavrov&to-person=Lavrov&before=2017")
        assert page.status_code == 400
        assert "the same person" in page.text
