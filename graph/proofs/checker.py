"""The checker: whether a proof proves. It is small, and knows nothing of how proofs are found.

A step holds if its rule, run in an empty store on nothing but the step's premises, concludes it with all of them, and
if nothing that a rule sees matches what the rule wants to be absent. A leaf holds if it stands where it says, as a
premise where a rule builds on it, and if each quote is a passage of its assertion: word for word, where texts are at
hand. No conclusion may stand among its own premises.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeVar

from pyoxigraph import NamedNode, Quad, QuerySolutions, Store, Triple

from graph.engine import Engine, Term
from graph.namespaces import (
    GRAPH_AUTHORITY,
    GRAPH_ENTAILED,
    GRAPH_LINKS,
    GRAPH_ONTOLOGY,
    GRAPH_PROVENANCE,
    GRAPH_TENURES,
    GRAPH_WIKIDATA,
    cq,
    is_slice,
    kind,
    prologue,
)
from graph.proofs.model import Absence, Leaf, Proof, Quote, Step
from graph.proofs.ruleset import own_rules
from graph.rules import Pattern, Rule
from graph.rules.computed import COMPUTED
from graph.rules.rule import cut

AT_ONCE: Final = 300
_GRAPH_OF: Final = {
    "authority": GRAPH_AUTHORITY.value,
    "wikidata": GRAPH_AUTHORITY.value,
    "link": GRAPH_LINKS.value,
    "axiom": GRAPH_ONTOLOGY.value,
    "record": GRAPH_PROVENANCE.value,
}
Row = Mapping[str, Term]
_Item = TypeVar("_Item")


class ProofError(ValueError):
    """A proof does not hold. The message begins with the place: ``0`` the root, ``0.2`` its second premise."""

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(f"at {place}: {problem}")
        self.place = place


def check(
    engine: Engine,
    proofs: Proof | Iterable[Proof],
    texts: Mapping[str, str] | None = None,
    rules: Iterable[Rule] | None = None,
) -> None:
    """Check a proof, or many at once; ``texts`` are those of the documents by SHA-256.

    Raises :class:`ProofError` at the first fault.
    """
    given = [proofs] if isinstance(proofs, Leaf | Step) else list(proofs)
    checker = _Checker(own_rules() if rules is None else tuple(rules))
    for proof in given:
        checker.walk(proof, "0", (), built_on=False)
    _Data(engine).check(checker, texts or {})


class _Checker:
    """What can be checked without the data, and what is left to be checked with them."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = {rule.name: rule for rule in rules}
        self.leaves: dict[tuple[Leaf, bool], str] = {}
        self.absences: list[tuple[Rule, int, Row, str]] = []
        self._steps: set[tuple[Triple, str, frozenset[Triple], tuple[Absence, ...]]] = set()

    def walk(self, proof: Proof, place: str, above: tuple[Triple, ...], *, built_on: bool) -> None:
        """Check the proof's steps; ``above`` are the conclusions that rest on it."""
        if isinstance(proof, Leaf):
            self.leaves.setdefault((proof, built_on), place)
            return
        if proof.triple in above:
            raise ProofError(place, f"{proof.triple} is among its own premises")
        rule = self._rules.get(proof.rule)
        self._check_step(proof, rule, place)
        for number, premise in enumerate(proof.premises, 1):
            self.walk(premise, f"{place}.{number}", (*above, proof.triple), built_on=rule is not None)

    def _check_step(self, step: Step, rule: Rule | None, place: str) -> None:
        premises = frozenset(premise.triple for premise in step.premises)
        known = (step.triple, step.rule, premises, step.absent)
        if known in self._steps:
            return
        self._steps.add(known)
        if rule is None:
            _check_computed(step, premises, place)
            return
        for premise in step.premises:
            under = self._rules.get(premise.rule) if isinstance(premise, Step) else None
            if under and under.stratum > rule.stratum:
                raise ProofError(place, f"the rule {rule.name} does not see what {under.name} concludes after it")
        row = next(_instances(rule, step, premises), None)
        if row is None:
            raise ProofError(place, f"the rule {rule.name} does not conclude {step.triple} from these premises")
        self.absences += [(rule, number, row, place) for number in range(len(rule.absent))]


def _check_computed(step: Step, premises: frozenset[Triple], place: str) -> None:
    computed = {each.name: each for each in COMPUTED}
    if step.rule not in computed:
        raise ProofError(place, f"there is no rule {step.rule}")
    if step.triple not in computed[step.rule].conclusions(premises):
        raise ProofError(place, f"{step.rule} does not compute {step.triple} from these premises")


def _instances(rule: Rule, step: Step, premises: frozenset[Triple]) -> Iterator[Row]:
    """The rows of the rule's body, run on the premises alone, that use them all and give the step."""
    store = Store()
    store.extend(Quad(t.subject, t.predicate, t.object) for t in premises)
    solutions = store.query(rule.seeded(form="SELECT"))
    assert isinstance(solutions, QuerySolutions)  # noqa: S101 - it is a SELECT
    names = [variable.value for variable in solutions.variables]
    for solution in solutions:
        row = {name: solution[name] for name in names if solution[name] is not None}
        used = _filled(rule.body, row) == premises and step.triple in _filled(rule.head, row)
        if used and _names_what_is_absent(rule, step.absent, row):
            yield row


def _names_what_is_absent(rule: Rule, absent: Sequence[Absence], row: Row) -> bool:
    """Whether a step tells of each NOT EXISTS of its rule, under the bindings of this row."""
    told = [(absence.rule, absence.number) for absence in absent]
    agree = all(str(row.get(name)) == term for absence in absent for name, term in absence.bindings)
    return agree and told == [(rule.name, number) for number in range(len(rule.absent))]


def _filled(patterns: Iterable[Pattern], row: Row) -> frozenset[Triple]:
    found = (pattern.fill(row) for pattern in patterns)  # type: ignore[arg-type]
    return frozenset(triple for triple in found if triple is not None)


class _Data:
    """What the data say of leaves and absences."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def check(self, checker: _Checker, texts: Mapping[str, str]) -> None:
        """Raises :class:`ProofError` for a leaf that does not stand there, or something that is not absent."""
        graphs = self._graphs([leaf.triple for leaf, _ in checker.leaves])
        for (leaf, built_on), place in checker.leaves.items():
            _check_leaf(leaf, graphs.get(leaf.triple, {}), place, built_on=built_on)
        self._check_quotes(checker.leaves, texts)
        self._check_tenures({leaf: place for (leaf, _), place in checker.leaves.items() if _is_read(leaf)})
        for rule in {rule.name: rule for rule, *_ in checker.absences}.values():
            for number in range(len(rule.absent)):
                rows = [(row, place) for of, n, row, place in checker.absences if (of, n) == (rule, number)]
                for some in _parts(rows):
                    self._check_absent(rule, number, some)

    def _graphs(self, triples: Iterable[Triple]) -> dict[Triple, dict[str, bool]]:
        """The graphs in which each triple stands, and whether each is granted Premise; the merged view is ''."""
        wanted = sorted(set(triples), key=str)
        found: dict[Triple, dict[str, bool]] = {}
        for some in _parts(wanted):
            rows = " ".join(f"({n} {t.subject} {t.predicate} {t.object})" for n, t in enumerate(some))
            given = f"VALUES (?n ?s ?p ?o) {{ {rows} }}"
            query = f"""SELECT ?n ?g ?premise {{ {{ {given} ?s ?p ?o }} UNION {{ {given} GRAPH ?g {{ ?s ?p ?o }}
                OPTIONAL {{ ?g cq:admission ?granted }} BIND (?granted = cq:Premise AS ?premise) }} }}"""
            for n, graph, premise in self._engine.select(prologue("cq") + query).rows:
                found.setdefault(some[int(_text(n))], {})[_text(graph)] = _text(premise) == "true"
        return found

    def _check_quotes(self, leaves: Mapping[tuple[Leaf, bool], str], texts: Mapping[str, str]) -> None:
        quotes = {quote: place for (leaf, _), place in leaves.items() for quote in leaf.quotes}
        passages, hashes = self._passages(quotes), self._hashes(quotes) if texts else {}
        for quote, place in quotes.items():
            if (quote.assertion, quote.document, str(quote.start), str(quote.end), quote.exact) not in passages:
                raise ProofError(place, f"“{quote.exact}” is no passage of {quote.assertion} at {quote.start}")
            text = texts.get(hashes.get(quote.document, ""))
            if text is not None and text[quote.start : quote.end] != quote.exact:
                raise ProofError(place, f"“{quote.exact}” does not stand at {quote.start} of {quote.document}")

    def _check_tenures(self, leaves: Mapping[Leaf, str]) -> None:
        """Whether the statement of each is of the linked person or its item, on the linked office, not deprecated."""
        for some in _parts(sorted(leaves, key=str)):
            tenures = " ".join(sorted({str(leaf.triple.subject) for leaf in some}))
            query = f"""SELECT ?tenure ?statement ?persons ?offices {{ VALUES ?tenure {{ {tenures} }}
                GRAPH {GRAPH_TENURES} {{ ?tenure prov:wasDerivedFrom ?statement ; org:member ?holder ;
                    cq:heldPost ?office ; cq:restsOnLink ?offices }}
                GRAPH {GRAPH_LINKS} {{ {_accepted("offices", "office", "post")} }}
                GRAPH {GRAPH_WIKIDATA} {{ ?item p:P39 ?statement . ?statement ps:P39/owl:sameAs? ?post
                    FILTER NOT EXISTS {{ ?statement wikibase:rank wikibase:DeprecatedRank }} }}
                OPTIONAL {{ GRAPH {GRAPH_TENURES} {{ ?tenure cq:restsOnLink ?persons }}
                    GRAPH {GRAPH_LINKS} {{ {_accepted("persons", "holder", "item")} }} }}
                FILTER (BOUND(?persons) || ?holder = ?item) }}"""
            prefixes = prologue("cq", "org", "owl", "p", "prov", "ps", "skos", "wikibase")
            rows = self._engine.select(prefixes + query).rows
            known = {(_text(tenure), frozenset(_text(each) for each in sources if each)) for tenure, *sources in rows}
            for leaf in some:
                if (_text(leaf.triple.subject), frozenset(leaf.sources)) not in known:
                    raise ProofError(leaves[leaf], f"{leaf.triple} is not what {leaf.sources[0]} and its links say")

    def _passages(self, quotes: Iterable[Quote]) -> set[tuple[str, ...]]:
        found: set[tuple[str, ...]] = set()
        for some in _parts(sorted({quote.assertion for quote in quotes})):
            query = f"""SELECT ?a ?d ?start ?end ?exact {{ VALUES ?a {{ {" ".join(str(NamedNode(a)) for a in some)} }}
                ?a cq:restsOn ?passage ; cq:inDocument ?d . ?passage oa:hasSource ?d ; oa:hasSelector ?q , ?p .
                ?q oa:exact ?exact . ?p oa:start ?start ; oa:end ?end }}"""
            found |= {tuple(map(_text, row)) for row in self._engine.select(prologue("cq", "oa") + query).rows}
        return found

    def _hashes(self, quotes: Iterable[Quote]) -> dict[str, str]:
        documents = " ".join(sorted({str(NamedNode(quote.document)) for quote in quotes}))
        query = f"SELECT ?d ?hash {{ VALUES ?d {{ {documents} }} ?d cq:sha256 ?hash }}"
        return {_text(document): _text(found) for document, found in self._engine.select(prologue("cq") + query).rows}

    def _check_absent(self, rule: Rule, number: int, rows: Sequence[tuple[Row, str]]) -> None:
        """Look for what must not be there; what is found counts if a rule sees all of it."""
        names = sorted(rows[0][0])
        cells = " ".join(f"({n} {' '.join(str(row[name]) for name in names)})" for n, (row, _) in enumerate(rows))
        inner = sorted({name for pattern in rule.absent[number] for name in pattern.variables}.union(names))
        pieces = cut(rule.text)
        query = f"""{pieces.prefixes} SELECT ?n {" ".join(f"?{name}" for name in inner)} WHERE {{
            VALUES (?n {" ".join(f"?{name}" for name in names)}) {{ {cells} }} {pieces.absent[number]} }}"""
        solutions = self._engine.select(query)
        matches = [dict(zip(solutions.variables, found, strict=True)) for found in solutions.rows]
        triples = [_filled(rule.absent[number], {k: v for k, v in found.items() if v}) for found in matches]
        graphs = self._graphs(triple for match in triples for triple in match)
        for found, match in zip(matches, triples, strict=True):
            if all(_is_seen(triple, graphs.get(triple, {})) for triple in match):
                place = rows[int(_text(found["n"]))][1]
                raise ProofError(place, f"what {rule.name} wants to be absent is there: {', '.join(map(str, match))}")


def _check_leaf(leaf: Leaf, graphs: Mapping[str, bool], place: str, *, built_on: bool) -> None:
    """Whether the leaf stands where it says; as a premise, where a rule builds on it."""
    held = leaf.sources if leaf.kind == "quote" else (_graph_of(leaf),)
    is_record_of_view = leaf.kind == "record" and leaf.triple.predicate == cq("statedIn") and "" in graphs
    if not held or not (set(held) <= graphs.keys() or is_record_of_view):
        raise ProofError(place, f"{leaf.triple} does not stand in {', '.join(held) or 'anything'}")
    if leaf.kind == "quote" and not leaf.quotes:
        raise ProofError(place, f"{leaf.triple} has no quote")
    if built_on and not any(_is_premise(leaf.triple, graph, graphs) for graph in held):
        raise ProofError(place, f"{leaf.triple} is no premise, and a rule is made to build on it")


def _graph_of(leaf: Leaf) -> str:
    """The graph that says it. What Wikidata says stands in a slice, in the tenures, or in the authority file."""
    if leaf.kind == "wikidata" and is_slice(NamedNode(leaf.sources[0])):
        return leaf.sources[0]
    return GRAPH_TENURES.value if _is_read(leaf) else _GRAPH_OF[leaf.kind]


def _is_read(leaf: Leaf) -> bool:
    """Whether it is of a tenure that was read in a slice, through links."""
    return leaf.kind == "wikidata" and len(leaf.sources) > 1


def _accepted(link: str, ours: str, theirs: str) -> str:
    """The pattern of an accepted link between a thing of ours and an item."""
    return (
        f"?{link} owl:annotatedSource ?{ours} ; owl:annotatedTarget ?{theirs} ; cq:linkStatus cq:LinkAccepted ;"
        " owl:annotatedProperty skos:exactMatch ."
    )


def _is_premise(triple: Triple, graph: str, graphs: Mapping[str, bool]) -> bool:
    """Whether it is one by standing in this one of its graphs; a tenure or link is, where the view asked has it."""
    if graph == GRAPH_PROVENANCE.value:
        return kind(_text(triple.subject)) == "account"
    if graph in (GRAPH_TENURES.value, GRAPH_LINKS.value):
        return "" in graphs
    return graphs[graph] or graph in (GRAPH_AUTHORITY.value, GRAPH_ONTOLOGY.value)


def _is_seen(triple: Triple, graphs: Mapping[str, bool]) -> bool:
    inferred = GRAPH_ENTAILED.value in graphs
    return inferred or any(_is_premise(triple, graph, graphs) for graph in graphs)


def _parts(items: Sequence[_Item]) -> Iterator[Sequence[_Item]]:
    return (items[start : start + AT_ONCE] for start in range(0, len(items), AT_ONCE))


def _text(term: Term | None) -> str:
    return str(getattr(term, "value", ""))
