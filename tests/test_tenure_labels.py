"""What tenures are called, which have no names in the data."""

import pytest
from pyoxigraph import QuerySolutions, RdfFormat, Store

from graph.engine import Solutions
from graph.labels import Labels
from graph.namespaces import expand, prologue

TENURE = "tenure:t a org:Membership ; org:member person:lavrov ; cq:heldPost office:ru-foreign-minister"
NAMES = 'person:lavrov skos:prefLabel "Sergei Lavrov"@en, "Сергей Лавров"@ru .'
OFFICE = 'office:ru-foreign-minister skos:prefLabel "Foreign Minister of Russia"@en .'


class InMemory:
    """Looks things up in a store of some Turtle."""

    def __init__(self, turtle: str) -> None:
        self.store = Store()
        self.store.load(prologue().encode() + turtle.encode(), format=RdfFormat.TURTLE)

    def select(self, query: str) -> Solutions:
        found = self.store.query(query)
        assert isinstance(found, QuerySolutions)
        names = tuple(variable.value for variable in found.variables)
        return Solutions(names, tuple(tuple(row[name] for name in names) for row in found))


def called(*turtle: str) -> str | None:
    found = Labels(InMemory("\n".join(turtle))).of(expand("tenure:t"))
    return found.value if found else None


@pytest.mark.parametrize(
    ("first", "last", "years"),
    [
        ("2004-03-09", "2014-02-01", ", 2004–2014"),
        ("2004-03-09", "2004-05-31", ", 2004"),
        ("2004-03-09", "", ", from 2004"),
        ("2004-03-09", "9999-12-31", ", from 2004"),
        ("", "2014-02-01", ", until 2014"),
        ("", "9999-12-31", ""),
        ("", "", ""),
    ],
)
def test_a_tenure_is_called_after_its_holder_its_office_and_its_years(first: str, last: str, years: str) -> None:
    begun = f' ; cq:startEarliest "{first}"^^xsd:date' if first else ""
    ended = f' ; cq:endLatest "{last}"^^xsd:date' if last else ""
    assert called(f"{TENURE}{begun}{ended} .", NAMES, OFFICE) == f"Sergei Lavrov as Foreign Minister of Russia{years}"


def test_what_has_no_name_either_is_told_in_its_compact_form() -> None:
    assert called(f"{TENURE} .", NAMES) == "Sergei Lavrov as office:ru-foreign-minister"


def test_a_name_of_its_own_comes_first() -> None:
    assert called(f'{TENURE} ; skos:prefLabel "His term"@en .', NAMES, OFFICE) == "His term"


def test_a_tenure_of_nobody_has_no_name() -> None:
    assert called("tenure:t a org:Membership ; cq:heldPost office:ru-foreign-minister .", OFFICE) is None
