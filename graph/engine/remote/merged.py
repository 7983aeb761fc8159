"""A query for a store whose default graph is the union of all graphs: there the merged graph is named explicitly.

Such a store (Virtuoso, for one) would count a triple once per graph. The Protocol's ``default-graph-uri`` is no way
out: with it Virtuoso 7 shows every graph to ``GRAPH ?g`` and none to ``GRAPH <…>``. So the text is changed: what is
matched stands within ``GRAPH <…/merged> { … }``; a ``GRAPH`` within that is left as it is, and means what it did.

A dataset that a request or a query names is sent as the Protocol names it, and taken out of the text: Virtuoso adds
the query's ``FROM`` to what the request names, which has to prevail, and `oxigraph serve --union-default-graph` heeds
only what the request names. Virtuoso takes an empty half of a dataset for "all": a graph that is nowhere stands in.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import RdfFormat, parse

from graph.engine import QueryEvaluationError, QuerySyntaxError
from graph.engine.remote.unbound import worked_out
from graph.engine.text.lexer import BEFORE_AN_IRI, FORMS, Token, query_form, tokens, where
from graph.namespaces import GRAPH_NONE

_OPENING: Final = frozenset("({[")
_CLOSING: Final = frozenset(")}]")
_HIDING: Final = "#'()[]"


@dataclass(frozen=True)
class Addressed:
    """A query's text and the dataset to send with it, as the SPARQL Protocol names it."""

    text: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Clause:
    """``FROM`` or ``FROM NAMED`` and the graph's name, which stands in the query from one offset to the other."""

    begin: int
    end: int
    name: str
    named: bool


@dataclass
class _Outline:
    """Where the query's form begins, where its groups stand (from, to), and its FROM clauses."""

    form: Token | None = None
    template: bool = False
    groups: list[tuple[int, int]] = field(default_factory=list)
    clauses: list[_Clause] = field(default_factory=list)
    opened: bool = False
    graph: bool = False


def addressed(query: str, default_graphs: Sequence[str], named_graphs: Sequence[str], merged: str) -> Addressed:
    """The query and its dataset for such a store; raises the errors of :mod:`graph.engine`."""
    query = worked_out(query)
    outline = _outline(query)
    if default_graphs or named_graphs:
        return _restricted(query, outline, default_graphs, named_graphs)
    if outline.clauses:
        named = [_name(query, outline, clause) for clause in outline.clauses if clause.named]
        default = [_name(query, outline, clause) for clause in outline.clauses if not clause.named]
        return _restricted(query, outline, default, named)
    if query_form(query) == "DESCRIBE":
        if outline.graph:
            raise QueryEvaluationError("this store cannot describe what GRAPH finds: ask by CONSTRUCT")
        return Addressed(query, (merged,))
    return Addressed(_within(query, outline, merged))


def _within(query: str, outline: _Outline, merged: str) -> str:
    """Each group around which there is no other, on the merged graph; a short CONSTRUCT gets its template."""
    places = [(begin, f" GRAPH <{merged}> {{") for begin, _ in outline.groups]
    places += [(end, " }") for _, end in outline.groups]
    if outline.form and outline.form.text.casefold() == "construct" and not outline.template and outline.groups:
        begin, end = outline.groups[0]
        places.append((outline.form.end, f" {{ {query[begin:end]} }} "))
    text = query
    for place, what in sorted(places, reverse=True):
        text = text[:place] + what + text[place:]
    return text


def _restricted(
    query: str, outline: _Outline, default_graphs: Sequence[str], named_graphs: Sequence[str]
) -> Addressed:
    """The query without its FROM clauses, everything else of it in its place, on a dataset."""
    for clause in outline.clauses:
        blanks = "".join(sign if sign in "\r\n" else " " for sign in query[clause.begin : clause.end])
        query = query[: clause.begin] + blanks + query[clause.end :]
    none = (GRAPH_NONE.value,)
    return Addressed(query, tuple(default_graphs) or none, tuple(named_graphs) or none)


def _name(query: str, outline: _Outline, clause: _Clause) -> str:
    """The IRI that a clause gives, by the query's prefixes and base; Turtle has the same ones."""
    prologue = query[: outline.form.start] if outline.form else ""
    try:
        (quad,) = parse(f"{prologue} <a:s> <a:p> {clause.name} .", format=RdfFormat.TURTLE)
    except SyntaxError as error:
        place = where(query, Token("", "", clause.begin, clause.end))
        raise QuerySyntaxError(f"what FROM names cannot be read: {clause.name}", *place) from error
    return str(getattr(quad.object, "value", ""))


def _outline(query: str) -> _Outline:
    found = _Outline()
    open_brackets: list[tuple[Token, bool]] = []
    before = [Token("sign", "", 0, 0)] * 2
    for token in tokens(query):
        if _is_unclear(token, before[-1], open_brackets):
            raise QuerySyntaxError("put a space after '<' if it is less than", *where(query, token))
        if token.kind == "sign" and token.text in _OPENING:
            open_brackets.append((token, _is_outer(found, token, before[-1], open_brackets)))
        elif token.kind == "sign" and token.text in _CLOSING and open_brackets:
            opening, outer = open_brackets.pop()
            # An empty group matches, whatever graph there is.
            holds = query[opening.end : token.start].strip()
            found.groups += [(opening.end, token.start)] if outer and holds else []
        _note(found, token, before, bool(open_brackets))
        before = [before[-1], token]
    return found


def _is_outer(found: _Outline, token: Token, last: Token, open_brackets: list[tuple[Token, bool]]) -> bool:
    """Whether a bracket opens a group with no other around it: the template, the pattern, or that of an EXISTS."""
    if token.text != "{" or any(outer or opening.text == "{" for opening, outer in open_brackets):
        return False
    word = last.text.casefold() if last.kind == "word" else ""
    if word.endswith("construct"):
        found.template = True
        return False
    first, found.opened = not (open_brackets or found.opened), found.opened or not open_brackets
    return first or word.endswith("exists")


def _is_unclear(token: Token, last: Token, open_brackets: list[tuple[Token, bool]]) -> bool:
    """Whether what looks like an IRI may be "less than" and something that would change the reading."""
    inside = bool(open_brackets) and open_brackets[-1][0].text == "("
    if token.kind != "iri" or not inside or last.text[-1:] in BEFORE_AN_IRI:
        return False
    return any(sign in token.text.partition("://")[0] for sign in _HIDING)


def _note(found: _Outline, token: Token, before: list[Token], inside: bool) -> None:
    """Keep the query's form, its FROM clauses, and whether it says GRAPH.

    Words may be glued to what stands before, and to each other: Oxigraph asks for no space.
    """
    earlier, last = before
    word = token.text.casefold() if token.kind == "word" else ""
    found.graph = found.graph or word.endswith("graph")
    if found.form is None and word.upper().startswith(FORMS):
        found.form = token
    if inside or token.kind not in ("iri", "name") or last.kind != "word":
        return
    said = last.text.casefold()
    named, keyword = said.endswith("named"), earlier if said == "named" else last
    words = "fromnamed" if named and keyword is last else "from"
    if keyword.kind == "word" and keyword.text.casefold().endswith(words):
        found.clauses.append(_Clause(keyword.end - len(words), token.end, token.text, named))
