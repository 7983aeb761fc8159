"""The saved queries on a generated world: they give what their plain forms give, on one page or on several.

``queries/plain/`` has each query as one would first write it, without the index and without regard to speed: by it
the rows of a query are explained. ``plain/`` has those of queries whose own text explains their rows faster.
"""

from importlib.resources import files
from pathlib import Path

import pytest
from benchmarks.questions import Asker, Question
from benchmarks.world import make_world, quads
from pyoxigraph import QuerySolutions, Store

from graph.catalogue import PAGE_LIMIT
from graph.engine import Solutions
from graph.names import Names
from graph.namespaces import GRAPH_INDEX
from graph.saved_query import PageError, answer, bind, catalogue, saved_query

MEETINGS = 500
QUESTIONS = {f"{question.form} {n}": question for n, question in enumerate(Asker(MEETINGS).questions(3))}
LIMIT = 7
PLAIN = {name: saved_query(name, query.plain) for name, query in catalogue().items()} | {
    path.stem: saved_query(path.stem, path.read_text()) for path in Path(__file__).parent.glob("plain/*.rq")
}


class Memory:
    """An engine on a store in memory, whose data have one version."""

    version = "generated"

    def __init__(self, store: Store) -> None:
        self._store = store

    def select(self, query: str) -> Solutions:
        found = self._store.query(query)
        assert isinstance(found, QuerySolutions)
        names = tuple(variable.value for variable in found.variables)
        return Solutions(names, tuple(tuple(row) for row in found))


@pytest.fixture(scope="module")
def engine() -> Memory:
    store = Store()
    store.bulk_extend(quads(make_world(MEETINGS)))
    return Memory(store)


@pytest.fixture(scope="module")
def names(engine: Memory) -> Names:
    return Names(engine)


ASKED = {name: question for name, question in QUESTIONS.items() if not catalogue()[question.query].computed}


@pytest.mark.parametrize("question", ASKED.values(), ids=ASKED)
def test_the_pages_together_are_the_whole_answer(question: Question, engine: Memory, names: Names) -> None:
    query, arguments = catalogue()[question.query], dict(question.arguments)
    whole = engine.select(bind(query, arguments, names)).rows
    places = [query.header.index(column.name) for column in query.columns]
    for offset in (0, LIMIT, 2 * LIMIT, 50):
        if offset and offset >= len(whole):
            with pytest.raises(PageError):
                answer(query, arguments, engine, names, LIMIT, offset)
            continue
        page = answer(query, arguments, engine, names, LIMIT, offset)
        assert [tuple(row[place] for place in places) for row in page.rows] == list(whole[offset : offset + LIMIT])
        assert page.more == (len(whole) > offset + LIMIT)


def test_no_plain_form_looks_into_the_index() -> None:
    plain = {name: query.text for name, query in PLAIN.items() if not query.computed}
    assert [name for name, text in plain.items() if str(GRAPH_INDEX) in text or PAGE_LIMIT.search(text)] == []


def test_each_plain_form_takes_and_gives_what_its_query_does() -> None:
    for name in (file.name.removesuffix(".rq") for file in files("queries").joinpath("plain").iterdir()):
        query, plain = catalogue()[name], PLAIN[name]
        assert [each.variable for each in query.parameters] == [each.variable for each in plain.parameters], name
        assert query.columns == plain.columns, name


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_the_index_changes_no_answer(question: Question, engine: Memory, names: Names) -> None:
    arguments = dict(question.arguments)
    plain = engine.select(bind(PLAIN[question.query], arguments, names))
    assert engine.select(bind(catalogue()[question.query], arguments, names)) == plain


def test_most_questions_have_an_answer(engine: Memory, names: Names) -> None:
    empty = {
        form
        for form, question in QUESTIONS.items()
        if not answer(catalogue()[question.query], dict(question.arguments), engine, names).rows
    }
    assert len(empty) < len(QUESTIONS) / 2
