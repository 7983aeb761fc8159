"""Functions that the engine does not know: calling one is an error of the expression, as in SPARQL, not of the query.

Oxigraph refuses a whole query that names one, before it evaluates anything, even where the call is never made. Here
such a function is one that has no value: a variable stays unbound, a FILTER does not hold, COALESCE passes on. Only
for queries: an update that calls what does not exist is better refused than half meant.
"""

import re
from typing import Any, Final

from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, QueryTriples, Store

_UNKNOWN: Final = re.compile(r"The custom function <([^>]*)> is not supported")
_MOST: Final = 20


def query(store: Store, text: str, **dataset: Any) -> QuerySolutions | QueryBoolean | QueryTriples:
    """``Store.query``, in which at most twenty unknown functions have no value; raises what it raises."""
    unknown: dict[Any, Any] = {}
    while True:
        try:
            return store.query(text, custom_functions=unknown or None, **dataset)
        except RuntimeError as error:
            found = _UNKNOWN.fullmatch(str(error))
            if not found or len(unknown) >= _MOST:
                raise
            unknown[NamedNode(found[1])] = _no_value


def _no_value(*_: object) -> None:
    """An error, whatever it is called with."""
