"""Whether an update can be read at all, found out without running any of it.

Oxigraph has no way to parse an update alone. So one is tried on an empty store behind an operation that fails: what
cannot be read is refused before that, and after it nothing is run.
"""

from typing import Final

from pyoxigraph import Store

from graph.engine import QueryEvaluationError
from graph.engine.text.complexity import refuse_complexity
from graph.engine.text.faults import syntax_error
from graph.engine.text.prologue import first_operation, hoisted
from graph.engine.text.rewriting import Edit, Rewritten

_FAILS: Final = "DROP GRAPH <urn:uuid:5e3c1a52-0d0f-4f0e-9a43-7b6b3f2f1c11> ; "


def refuse_unreadable(update: str, base: str) -> None:
    """Raise :class:`graph.engine.QuerySyntaxError` for an update that cannot be parsed.

    One that is too complex to be parsed here, or whose first operation does not clearly begin after plain
    declarations, is let pass: nothing of it may be run, so it has to be certain what comes first.
    """
    first = first_operation(update)
    if first is None:
        return
    moved, *taken = hoisted(update) or (Edit(first, first, ""),)
    made = Rewritten(update, (moved, Edit(first, first, _FAILS), *taken))
    try:
        refuse_complexity(update)
        Store().update(made.text, base_iri=base)
    except SyntaxError as error:
        raise made.as_sent(syntax_error(made.text, error)) from error
    except (QueryEvaluationError, RuntimeError):
        return
