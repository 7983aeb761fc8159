"""The saved queries on a generated world: they give what their plain forms give, on one page or on several.

``plain/`` has each query as one would first write it, without the index and without regard to speed.
"""

from pathlib import Path

import pytest
from benchmarks.questions import Asker, Question
from benchmarks.world import World
from benchmarks.writing import Sink
from pyoxigraph import QuerySolutions, RdfFormat, Store

from graph.engine import Solutions
from graph.names import Names
from graph.saved_query import PageError, answer, bind, catalogue, saved_query

MEETINGS = 500
QUESTIONS = {f"{question.form} {n}": question for n, question in enumerate(Asker(MEETINGS).questions(3))}
LIMIT = 7
PLAIN = {path.stem: saved_query(path.stem, path.read_text()) for path in Path(__file__).parent.glob("plain/*.rq")}


class Memory:
    """An engine on a store in memory."""

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
    written: list[str] = []
    World(MEETINGS, Sink(written.append)).write()
    store.bulk_load(input="".join(written).encode(), format=RdfFormat.N_QUADS)
    return Memory(store)


@pytest.fixture(scope="module")
def names(engine: Memory) -> Names:
    return Names(engine)


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
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


def test_each_query_has_a_plain_form() -> None:
    assert set(PLAIN) == set(catalogue())


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
