"""Functions that the engine does not know: ours (``cqf:``), and those that nobody knows.

Calling one that nobody knows is an error of the expression, as in SPARQL, not of the query. Oxigraph refuses a whole
query that names one, before it evaluates anything, even where the call is never made. Here such a function is one
that has no value: a variable stays unbound, a FILTER does not hold, COALESCE passes on. Only for queries: an update
that calls what does not exist is better refused than half meant.

Ours (:mod:`graph.engine.date_functions`) are loaded when a query first names one, since a worker should start soon.
A name in our namespace that is none of ours is a slip, and refused.
"""

import re
from typing import Any, Final

from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, QueryTriples, Store

from graph.engine import QueryEvaluationError
from graph.namespaces import FUNCTIONS

_UNKNOWN: Final = re.compile(r"The custom function <([^>]*)> is not supported")
_MOST: Final = 20


def query(store: Store, text: str, **dataset: Any) -> QuerySolutions | QueryBoolean | QueryTriples:
    """``Store.query`` with our functions, in which others have no value: at most twenty of both.

    Raises what it raises, and :class:`graph.engine.QueryEvaluationError` for one of ours that does not exist.
    """
    known: dict[Any, Any] = {}
    while True:
        try:
            return store.query(text, custom_functions=known or None, **dataset)
        except RuntimeError as error:
            found = _UNKNOWN.fullmatch(str(error))
            if not found or len(known) >= _MOST:
                raise
            known[NamedNode(found[1])] = _function(found[1])


def _function(iri: str) -> Any:
    if not iri.startswith(FUNCTIONS):
        return _no_value
    from graph.engine.date_functions import DATE_FUNCTIONS  # noqa: PLC0415 - few queries need dates

    name = iri.removeprefix(FUNCTIONS)
    if name not in DATE_FUNCTIONS:
        raise QueryEvaluationError(f"there is no function cqf:{name}; there are: {', '.join(DATE_FUNCTIONS)}")
    return DATE_FUNCTIONS[name]


def _no_value(*_: object) -> None:
    """An error, whatever it is called with."""
