"""What a request says beside an update's text, put into the text: the base of relative IRIs, and ``USING`` clauses.

By the SPARQL 1.1 Protocol (2.2.3) each ``using-graph-uri`` stands for ``USING <…>`` in every operation that matches a
pattern, and naming graphs twice, beside and in the text, is an error. ``DELETE WHERE`` has no place for ``USING`` and
is written out as the ``DELETE { … } WHERE { … }`` that it stands for. Nothing else of the text changes, and for an
error in what has been made of it the place in the text as it was sent can be told.

The text is read by its tokens. Oxigraph wants no space between words (``DELETEWHERE``, ``WITHex:g``), which could
hide a clause; and ``<`` may be "less than" and what follows another text. Where that matters the request is refused.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from pyoxigraph import NamedNode

from graph.engine import GraphNameError, QuerySyntaxError
from graph.engine.text.lexer import Token, tokens, where
from graph.engine.text.outside import outside_groups
from graph.engine.text.prologue import hoisted
from graph.engine.text.rewriting import Edit, Rewritten

_WORDS: Final = frozenset(
    ["add", "all", "base", "clear", "copy", "create", "data", "default", "delete", "drop", "graph", "insert", "into"]
).union(["load", "move", "named", "prefix", "silent", "to", "using", "version", "where", "with"])


class DatasetConflictError(ValueError):
    """An update names its graphs in its text (``USING``, ``WITH``), and the request names others beside it."""


def rewritten(update: str, base: str, graphs: Sequence[str] = (), named_graphs: Sequence[str] = ()) -> Rewritten:
    """The update with its base and, in each operation that matches a pattern, the graphs that the request names.

    Raises :class:`DatasetConflictError`, :class:`graph.engine.GraphNameError` for what is no absolute IRI, and
    :class:`graph.engine.QuerySyntaxError` for a text that can be read in two ways.
    """
    clauses = [f"USING {_name(iri)} " for iri in graphs] + [f"USING NAMED {_name(iri)} " for iri in named_graphs]
    inserted = _insertions(update, "".join(clauses)) if clauses else ()
    edits = [*hoisted(update), *(Edit(at, at, text) for at, text in inserted)]
    return Rewritten(update, (Edit(0, 0, f"BASE {_name(base)} "), *sorted(edits, key=lambda edit: edit.start)))


def _name(iri: str) -> NamedNode:
    try:
        return NamedNode(iri)
    except ValueError as error:
        raise GraphNameError(f"'{iri}' cannot name a graph: {error}") from error


def _insertions(update: str, clauses: str) -> Iterator[tuple[int, str]]:
    """What goes where: the clauses before each ``WHERE``, after the template that a ``DELETE WHERE`` leaves out."""
    outer = list(outside_groups(update))
    for last, token in pairwise((Token("sign", ";", 0, 0), *outer)):
        _refuse_clause(update, token, last)
    for number, token in enumerate(outer):
        if token.kind != "word" or token.text.casefold() != "where":
            continue
        before = outer[number - 1].text.casefold() if number else ""
        if before == "delete":
            yield token.start, f"{_group_after(update, outer, number)} {clauses}"
        else:
            yield token.start, clauses


def _group_after(update: str, outer: list[Token], number: int) -> str:
    """The group after a ``DELETE WHERE``, on one line; an empty one where the text breaks off."""
    braces = outer[number + 1 : number + 3]
    if [brace.text for brace in braces] != ["{", "}"]:
        return "{}"
    inside = list(tokens(update[braces[0].start : braces[1].end]))
    gaps = ["", *(" " if token.start > last.end else "" for last, token in pairwise(inside))]
    return "".join(gap + token.text for gap, token in zip(gaps, inside, strict=True))


def _refuse_clause(update: str, token: Token, last: Token) -> None:
    """Refuse ``USING`` and ``WITH``, and words that may hide one because no space stands between them."""
    word = token.text.casefold()
    place = where(update, token)
    if token.kind == "word" and word in ("using", "with"):
        raise DatasetConflictError(
            f"line {place[0]}, column {place[1]}: {token.text} names a graph in the update, and"
            " using-graph-uri or using-named-graph-uri names others beside it: use one of the two"
        )
    if (token.kind == "word" and word not in _WORDS) or (token.kind == "name" and last.kind != "word"):
        raise QuerySyntaxError(f"'{token.text}' may be read in two ways: put spaces between words", *place)
