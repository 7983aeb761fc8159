"""Why each row: explanations of the rows of an answer, for programs and for pages.

``explain=true`` on ``/sparql`` and on saved queries; ``--explain`` in the shell. At most ``explained_rows`` rows are
given, each with its explanation.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from graph.engine import Engine, Term
from graph.limits import Limits
from graph.names import ArgumentError
from graph.namespaces import cq
from graph.proofs import Bound, Explanation, Leaf, Proof, Quote, Step, leaves
from graph.proofs.rows import CannotExplainError, Query, Row, RowBound, explain_rows, read_query
from graph.proofs.rows.told import ToldFact, ToldRow, tell
from graph.proofs.words import Words
from graph.saved_query import Page, SavedQuery
from server.parameters import Fields
from server.statements import Evidence
from server.statements import Quote as Shown
from server.tables import binding
from server.why_data import quote_as_json
from server.why_shown import Part
from server.why_terms import address

PARAMETER: Final = "explain"
_CUT_BY_TIME: Final = "stopped"
_UNNAMED: Final = cq("unnamed")
_ELSEWHERE: Final = ("wikidata", "link")
_GROUNDS: Final = {
    "authority": "by the authority file",
    "axiom": "by the ontology",
    "record": "on record",
    "entailed": "inferred",
    "look-up": "looked up in the index",
    "stated": "in the data",
}


def wanted(given: Fields) -> bool:
    """Whether a request asks for explanations; raises :class:`ArgumentError` for another value than true or false."""
    values = [value for name, value in given if name == PARAMETER and value]
    for value in values:
        if value not in ("true", "false"):
            raise ArgumentError(PARAMETER, f"'{value}' will not do", "true or false")
    return values[-1:] == ["true"]


def without(given: Fields) -> Fields:
    """The other parameters."""
    return [(name, value) for name, value in given if name != PARAMETER]


def explain(
    engine: Engine, query: Query, rows: Sequence[Row], limits: Limits, arguments: Mapping[str, Term] | None = None
) -> tuple[ToldRow, ...]:
    """Why each row: its supports, with the quotes or the proofs of their triples."""
    bound = RowBound(supports=limits.explained_supports, seconds=limits.explain_seconds)
    proofs = Bound(
        limits.proof_supports, limits.proof_depth, queries=limits.proof_queries, seconds=limits.proof_seconds
    )
    return tell(engine, list(explain_rows(engine, query, rows, arguments, bound)), proofs)


def explain_page(
    engine_of: Callable[[str], Engine],
    query: SavedQuery,
    arguments: Mapping[str, Term],
    page: Page,
    limits: Limits,
) -> list[ToldRow]:
    """Why each row of a saved query's page; ``engine_of`` has the view in which a row is *certain* or *possible*.

    Raises :class:`CannotExplainError` for a query that a program answers.
    """
    if query.computed:
        raise CannotExplainError(f"{query.name} is worked out by a program; its rows name their evidence")
    places = {column.name: page.columns.index(column.name) for column in query.columns}
    rows = [{name: row[place] for name, place in places.items()} for row in page.rows]
    last = [] if len(page.columns) == len(query.header) else [getattr(row[-1], "value", "") for row in page.rows]
    views = last or [""] * len(rows)
    told: dict[int, ToldRow] = {}
    for view in dict.fromkeys(views):
        chosen = [number for number, each in enumerate(views) if each == view]
        found = explain(engine_of(view), read_query(query.plain), [rows[n] for n in chosen], limits, arguments)
        told.update(zip(chosen, found, strict=True))
    return [told[number] for number in range(len(rows))]


def may_differ(rows: Iterable[ToldRow]) -> bool:
    """Whether another time more may be found, since the time was up: such an answer is not kept."""
    facts = [fact for row in rows for support in row.supports for fact in support.facts]
    proofs = [fact.proofs for fact in facts if fact.proofs]
    return any(each.startswith(_CUT_BY_TIME) for row in rows for each in row.cut) or any(
        "seconds" in each.cut for each in proofs
    )


def read_rows(lines: Sequence[str]) -> list[Row]:
    """The rows of an answer in TSV, as far as it was read; of ASK one without cells, if it is true."""
    truth, names = truth_of(lines), names_of(lines)
    if truth is not None:
        return [{}] if truth else []
    return [dict(zip(names, map(_cell, line.split("\t")), strict=True)) if names else {} for line in lines[1:]]


def _cell(text: str) -> Term | None:
    """A term as TSV writes it, which is as Turtle does."""
    if not text:
        return None
    (quad,) = parse(f"<s:> <p:> {text} .", format=RdfFormat.TURTLE)
    found: Term = quad.object
    return found


def truth_of(lines: Sequence[str]) -> bool | None:
    """The answer to ASK in TSV; None for that to SELECT."""
    return lines[0] == "true" if lines and lines[0] in ("true", "false") else None


def names_of(lines: Sequence[str]) -> list[str]:
    """The variables of an answer in TSV."""
    return [name.removeprefix("?") for name in lines[0].split("\t") if name] if lines else []


def answer_document(
    names: Sequence[str], rows: Sequence[Row], told: Sequence[ToldRow], *, truth: bool | None, cut: bool
) -> dict[str, Any]:
    """An answer to SELECT, or to ASK, in JSON with the explanations of its rows; ``cut`` if it has more rows."""
    explained = {"explanations": [as_json(row) for row in told], "cut": cut}
    if truth is not None:
        return {"head": {}, "boolean": truth, **explained}
    bindings = [{name: binding(term) for name, term in row.items() if term is not None} for row in rows]
    return {"head": {"vars": list(names)}, "results": {"bindings": bindings}, **explained}


def as_json(row: ToldRow) -> dict[str, Any]:
    """The explanation of one row in JSON; its shape is in docs/reference.md."""
    quotes = row.quotes()
    numbers = {quote: number for number, quote in enumerate(quotes)}
    supports = [
        {"triples": [_fact(each, numbers) for each in support.facts], "absences": list(support.absences)}
        for support in row.supports
    ]
    return {"supports": supports, "quotes": list(map(quote_as_json, quotes)), "cut": list(row.cut)}


def _fact(told: ToldFact, numbers: Mapping[Quote, int]) -> dict[str, Any]:
    graph = {"graph": told.fact.graph.value} if told.fact.graph else {}
    document = {**_triple(told.fact.triple), **graph, "kind": told.kind}
    if told.leaf:
        return {**document, **_told_by(told.leaf, numbers)}
    if told.kind != "entailed":
        return document
    return {**document, "why": address(told.fact.triple), "supports": _supports(told.proofs, numbers)}


def _supports(proofs: Explanation | None, numbers: Mapping[Quote, int]) -> list[list[dict[str, Any]]]:
    return [
        [{**_triple(leaf.triple), "kind": leaf.kind, **_told_by(leaf, numbers)} for leaf in told]
        for told in (dict.fromkeys(leaves(proof)) for proof in (proofs.proofs if proofs else ()))
    ]


def _told_by(leaf: Leaf, numbers: Mapping[Quote, int]) -> dict[str, Any]:
    return {"sources": list(leaf.sources), "quotes": [numbers[quote] for quote in leaf.quotes]}


def _triple(triple: Triple) -> dict[str, Any]:
    parts = {"subject": triple.subject, "predicate": triple.predicate, "object": triple.object}
    return {name: binding(part) for name, part in parts.items()}


@dataclass
class ShownFact:
    """A triple in words, what gives it, the numbers of its evidence; ``why`` where its proofs are.

    Of what is inferred, ``rule`` is the title of the last rule of its smallest proof, and ``under`` what that rests
    on beside words that say something else: in clauses, each once in a row.
    """

    statement: list[Part]
    ground: str
    numbers: list[int]
    why: str = ""
    rule: str = ""
    under: list[str] = field(default_factory=list)


@dataclass
class ShownSupport:
    """One support, and what was absent."""

    facts: list[ShownFact]
    absences: tuple[str, ...]


@dataclass
class ShownRow:
    """Why a row, as people see it: the words, by assertion, numbered from 1; and the supports that rest on them."""

    evidence: list[Evidence]
    supports: list[ShownSupport]
    cut: tuple[str, ...]

    @property
    def summary(self) -> str:
        """How much there is."""
        quotes, documents = sum(len(each.quotes) for each in self.evidence), {each.document for each in self.evidence}
        told = f"{_number(quotes, 'quote')} of {_number(len(documents), 'document')}" if quotes else "no quotes"
        return told if self.supports else "not found"


def as_page(engine: Engine, rows: Sequence[ToldRow]) -> list[ShownRow]:
    """The explanations of the rows of a page."""
    facts = {fact.fact: fact for row in rows for support in row.supports for fact in support.facts}
    words = Words(engine, *map(_explained, facts.values()))
    return [_shown_row(row, words) for row in rows]


def _explained(told: ToldFact) -> Explanation:
    """All that is to be said of a fact."""
    return told.proofs or Explanation(told.fact.triple, (told.leaf,) if told.leaf else (), (), "")


def _shown_row(row: ToldRow, words: Words) -> ShownRow:
    evidence: dict[str, Evidence] = {}
    for quote in row.quotes():
        item = evidence.setdefault(
            quote.assertion,
            Evidence(quote.assertion, quote.document, quote.document_title, quote.attribution, quote.modality),
        )
        item.quotes.append(Shown(quote.exact, quote.start, quote.end))
    numbers = {assertion: number for number, assertion in enumerate(evidence, 1)}
    said: set[str] = set()
    supports = [
        ShownSupport([_shown_fact(fact, words, numbers, said) for fact in support.facts], support.absences)
        for support in row.supports
    ]
    return ShownRow(list(evidence.values()), supports, row.cut)


def _shown_fact(told: ToldFact, words: Words, numbers: Mapping[str, int], said: set[str]) -> ShownFact:
    """A fact in words; what was said before of what is under another one is not said again."""
    triple = told.fact.triple
    statement = [Part(text, term.value if isinstance(term, NamedNode) else "") for term, text in words.parts(triple)]
    cited = sorted({numbers[quote.assertion] for leaf in told.leaves() for quote in leaf.quotes})
    if told.kind != "entailed":
        ground = words.ground(told.leaf) if told.leaf and told.kind in _ELSEWHERE else _GROUNDS.get(told.kind, "")
        return ShownFact(statement, ground, cited)
    proof = told.proofs.proofs[0] if told.proofs and told.proofs.proofs else None
    rule = words.title(proof.rule) if isinstance(proof, Step) else ""
    under = [each for each in (_under(proof, words) if proof else ()) if each not in said]
    said.update(under)
    return ShownFact(statement, _GROUNDS["entailed"], cited, address(triple), rule, under)


def _under(proof: Proof, words: Words) -> Iterable[str]:
    """What a proof rests on that is not told by the words under it: that they name nobody, and what others say.

    Of what is read in one place of one thing, the thing alone is named.
    """
    found = dict.fromkeys(leaves(proof))
    yield from (words.clause(leaf) for leaf in found if leaf.triple.predicate == _UNNAMED)
    things = ((words.name(leaf.triple.subject), words.ground(leaf)) for leaf in found if leaf.kind == "wikidata")
    yield from (f"{thing}, {ground}" for thing, ground in dict.fromkeys(things))
    yield from (words.clause(leaf) for leaf in found if leaf.kind == "link")
    if any(leaf.kind == "authority" for leaf in found):
        yield "the authority file"


def _number(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
