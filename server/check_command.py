"""``communique check``: whether a built store is consistent, and if not, by which axioms and which quoted words."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any, Final

import click
from pyoxigraph import Triple

from graph.consistency import Contradiction, Verdict, check_store
from graph.documents import fold
from graph.engine import Engine, open_engine
from graph.labels import Labels
from graph.namespaces import shorten
from graph.proofs import Explanation, Quote, Step, grounds, leaves, why_all

_GROUNDS: Final = {
    "axiom": "an axiom of the ontology",
    "authority": "the authority file",
    "wikidata": "the authority file, from Wikidata",
    "record": "the record of documents and assertions",
    "quote": "quoted",
}
_WORDS: Final = {
    "rdf:type": "is a",
    "rdfs:subClassOf": "is always a",
    "rdfs:subPropertyOf": "always implies",
    "rdfs:domain": "is only said of a",
    "rdfs:range": "only leads to a",
    "owl:disjointWith": "is never a",
    "owl:IrreflexiveProperty": "relation of nothing to itself",
}


def check_command(default_store: Callable[[], Path]) -> click.Command:
    """The command, on the store that is meant where none is named."""
    store = click.Option(
        ["--store"],
        type=click.Path(file_okay=False, path_type=Path),
        default=default_store,
        envvar="COMMUNIQUE_STORE",
        show_default="$XDG_DATA_HOME/communique",
        show_envvar=True,
        help="The built folder.",
    )
    form = click.Option(
        ["--format", "form"],
        type=click.Choice(("table", "json")),
        default="table",
        show_default=True,
        help="How to print.",
    )
    return click.Command("check", callback=_check, params=[store, form], help=_check.__doc__)


def _check(store: Path, form: str) -> None:
    """Check by HermiT that ontology and data are consistent and that each class can have members.

    A contradiction is explained by a minimal set of axioms and data with their quotes: any one less, and it is gone.
    The exit code is 0 if there is none, else 1.
    """
    engine = open_engine(store)
    verdict = check_store(engine)
    found = [(each, _grounded(engine, each.members)) for each in verdict.contradictions]
    labels = Labels(engine)
    click.echo(_json(verdict, found, labels) if form == "json" else "\n".join(_lines(verdict, found, labels)))
    if found:
        raise click.exceptions.Exit(1)


@dataclass(frozen=True)
class _Member:
    """A triple of a contradiction, what it rests on, in words, and the quotes; if inferred, those under its proof."""

    triple: Triple
    kind: str
    ground: str
    quotes: tuple[Quote, ...]


Found = list[tuple[Contradiction, list[_Member]]]


def _grounded(engine: Engine, triples: Sequence[Triple]) -> list[_Member]:
    stated = {triple: ground.leaf for triple, ground in grounds(engine, triples).items() if ground.leaf}
    inferred = why_all(engine, (triple for triple in triples if triple not in stated))
    members = []
    for triple in triples:
        if leaf := stated.get(triple):
            members.append(_Member(triple, leaf.kind, _GROUNDS[leaf.kind], leaf.quotes))
        else:
            members.append(_inferred(inferred[triple]))
    return members


def _inferred(found: Explanation) -> _Member:
    """By the smallest of its proofs, where one was found."""
    proof = next(iter(found.proofs), None)
    quotes = {quote: None for leaf in leaves(proof) for quote in leaf.quotes} if proof else ()
    rule = f" by the rule {proof.rule}" if isinstance(proof, Step) else ""
    return _Member(found.triple, "inferred", f"inferred{rule}", tuple(sorted(quotes)))


def _lines(verdict: Verdict, found: Found, labels: Labels) -> Iterator[str]:
    for contradiction, members in found:
        yield _heading(contradiction, labels)
        for number, member in enumerate(members, 1):
            t = member.triple
            yield f"\n  {number}. {_in_words(member, labels)}  ({member.ground})"
            yield f"     {_short(t.subject)} {_short(t.predicate)} {_short(t.object)}"
            for assertion, quotes in groupby(member.quotes, key=attrgetter("assertion")):
                yield from _said(assertion, list(quotes))
        yield ""
    outcome = "Consistent; each class can have members" if verdict.consistent else "Not consistent"
    yield f"{outcome}: {verdict.triples} triples checked, HermiT asked {_times(verdict.asked)}."


def _said(assertion: str, quotes: list[Quote]) -> Iterator[str]:
    one = quotes[0]
    yield f"     {one.attribution}, “{one.document_title}” ({shorten(assertion)}):"
    yield from (f"       {quote.start}–{quote.end} “{fold(quote.exact)}”" for quote in quotes)


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _heading(contradiction: Contradiction, labels: Labels) -> str:
    count = len(contradiction.members)
    what = "These cannot all be true"
    if contradiction.impossible:
        what = f"Nothing can be a {_name(contradiction.impossible, labels)}, because of these"
    if contradiction.minimal:
        return f"{what}; without any one of the {count}, they could:"
    return f"{what}. (HermiT was not asked further: some of the {count} may have no part in it.)"


def _in_words(member: _Member, labels: Labels) -> str:
    t = member.triple
    return " ".join(_name(each, labels) for each in (t.subject, t.predicate, t.object))


def _name(term: Any, labels: Labels) -> str:
    iri = getattr(term, "value", str(term))
    label = labels.of(iri)
    return _WORDS.get(shorten(iri)) or (label.value if label else _short(term))


def _short(term: Any) -> str:
    return shorten(term.value) if str(term).startswith("<") else str(term)


def _json(verdict: Verdict, found: Found, labels: Labels) -> str:
    told = {
        "consistent": verdict.consistent,
        "triples": verdict.triples,
        "asked": verdict.asked,
        "contradictions": [
            {
                "impossible": contradiction.impossible.value if contradiction.impossible else None,
                "minimal": contradiction.minimal,
                "members": [_member(each, labels) for each in members],
            }
            for contradiction, members in found
        ],
    }
    return json.dumps(told, indent=2, ensure_ascii=False)


def _member(member: _Member, labels: Labels) -> dict[str, Any]:
    t = member.triple
    return {
        "triple": f"{t.subject} {t.predicate} {t.object}",
        "words": _in_words(member, labels),
        "kind": member.kind,
        "ground": member.ground,
        "quotes": [asdict(quote) for quote in member.quotes],
    }
