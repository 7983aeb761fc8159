"""A rule's body as queries over the engine: its instances for given bindings, and what its NOT EXISTS would find.

A rule runs over premises and axioms; the engine's default graph is the merged view, which has no axioms and has more
than premises. So patterns of the ontology are asked of its graph, the filters NOT EXISTS are left out and asked for
by themselves, and whoever calls judges by the triples of each row whether it counts.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple, Variable

from graph.engine import Term as EngineTerm
from graph.namespaces import GRAPH_ONTOLOGY, PREFIXES
from graph.proofs.model import Absence
from graph.rules import Pattern, Rule, Term
from graph.rules.rule import Cut, cut

Bindings = Mapping[str, Term]

_AXIOMS: Final = (PREFIXES["rdfs"] + "sub", PREFIXES["rdfs"] + "domain", PREFIXES["rdfs"] + "range")
_META: Final = (PREFIXES["owl"], PREFIXES["rdfs"])
_TYPE: Final = PREFIXES["rdf"] + "type"
_VARIABLE: Final = re.compile(r"[?$](\w+)")
_TOKEN: Final = re.compile(
    r"#[^\n]*|<[^<>\"{}|^`\\\x00-\x20]*>|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'"
    r"|(?P<clause>\b(?:FILTER|BIND)\b)|(?P<open>\()|(?P<close>\))",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Body:
    """The body of one rule, to be asked."""

    rule: Rule

    @cached_property
    def variables(self) -> tuple[str, ...]:
        """The names of the variables of body and head."""
        patterns = (*self.rule.body, *self.rule.head)
        return tuple(sorted({name for pattern in patterns for name in pattern.variables}))

    @cached_property
    def given(self) -> frozenset[str]:
        """The variables that may be given: those of the body's patterns."""
        return frozenset(name for pattern in self.rule.body for name in pattern.variables)

    @cached_property
    def axioms(self) -> tuple[Pattern, ...]:
        """The patterns that only the ontology can match."""
        return tuple(filter(_is_axiom, self.rule.body))

    def may_conclude(self, triple: Triple) -> bool:
        """Whether a pattern of the head fits."""
        return any(pattern.match(triple) is not None for pattern in self.rule.head)

    def looks_at(self, number: int) -> tuple[str, ...]:
        """The variables that a NOT EXISTS shares with the rest of the rule."""
        named = set(_VARIABLE.findall(self._cut.absent[number]))
        return tuple(sorted(named.intersection(self.variables)))

    def instances(self, seeds: Sequence[Bindings], most: int) -> str:
        """A SELECT for the rule's instances under any of the seeds, which all bind the same variables."""
        names = " ".join(f"?{name}" for name in self.variables)
        group = f"{_values(seeds)} {self._patterns()}\n{self._conditions}"
        return f"{self._cut.prefixes}\nSELECT DISTINCT {names} WHERE {{ {group} }} LIMIT {most}"

    def _patterns(self) -> str:
        """The patterns: axioms in the ontology; beside an axiom the others there, too, for it has individuals."""
        if not self.axioms:
            return " . ".join(map(str, self.rule.body))
        others = (pattern for pattern in self.rule.body if pattern not in self.axioms)
        asked = [f"GRAPH {GRAPH_ONTOLOGY} {{ {pattern} }}" for pattern in self.axioms]
        asked += [f"{{ {pattern} }} UNION {{ GRAPH {GRAPH_ONTOLOGY} {{ {pattern} }} }}" for pattern in others]
        return " ".join(asked)

    def blockers(self, number: int, rows: Sequence[Bindings], most: int) -> str:
        """A SELECT for what a NOT EXISTS would find for each row, which is numbered ``?row`` from 0."""
        shared = self.looks_at(number)
        inner = sorted({name for pattern in self.rule.absent[number] for name in pattern.variables} | set(shared))
        numbered = [{"row": Literal(n), **{name: row[name] for name in shared}} for n, row in enumerate(rows)]
        names = " ".join(f"?{name}" for name in ("row", *inner))
        group = f"{_values(numbered)} {self._cut.absent[number]}"
        return f"{self._cut.prefixes}\nSELECT DISTINCT {names} WHERE {{ {group} }} LIMIT {most}"

    def absences(self, bindings: Bindings, version: str) -> tuple[Absence, ...]:
        """What the rule's filters NOT EXISTS looked for under these bindings."""
        return tuple(self._absence(number, bindings, version) for number in range(len(self.rule.absent)))

    def _absence(self, number: int, bindings: Bindings, version: str) -> Absence:
        held = {name: bindings[name] for name in self.looks_at(number)}
        patterns = [filled(pattern, held) for pattern in self.rule.absent[number]]
        patterns += [_put_in(" ".join(clause.split()), held) for clause in _clauses(self._cut.absent[number])]
        named = tuple((name, str(term)) for name, term in held.items())
        return Absence(self.rule.name, number, named, tuple(patterns), version)

    @cached_property
    def _cut(self) -> Cut:
        return cut(self.rule.text)

    @cached_property
    def _conditions(self) -> str:
        return "\n".join(_clauses(self._cut.positive))


def bindings_of(variables: Sequence[str], row: Sequence[EngineTerm | None]) -> dict[str, Term] | None:
    """The bindings of a row; None where one is unbound or no constant of a rule."""
    found: dict[str, Term] = {}
    for name, term in zip(variables, row, strict=True):
        if not isinstance(term, NamedNode | Literal):
            return None
        found[name] = term
    return found


def filled(pattern: Pattern, bindings: Bindings) -> str:
    """The pattern in SPARQL with the bindings put in."""
    slots = (bindings.get(slot.value, slot) if isinstance(slot, Variable) else slot for slot in pattern)
    return " ".join(map(str, slots))


def _put_in(clause: str, bindings: Bindings) -> str:
    return _VARIABLE.sub(lambda found: str(bindings.get(found[1], found[0])), clause)


def _is_axiom(pattern: Pattern) -> bool:
    """Whether only the ontology has such triples."""
    predicate, value = pattern.predicate, pattern.object
    if not isinstance(predicate, NamedNode):
        return False
    typed = predicate.value == _TYPE and isinstance(value, NamedNode) and value.value.startswith(_META)
    return typed or predicate.value.startswith(_AXIOMS)


def _values(rows: Sequence[Bindings]) -> str:
    names = sorted(rows[0]) if rows else []
    if not names:
        return ""
    cells = "\n".join("(" + " ".join(str(row[name]) for name in names) + ")" for row in rows)
    return f"VALUES ({' '.join('?' + name for name in names)}) {{ {cells} }}"


def _clauses(group: str) -> Iterable[str]:
    """The FILTER and BIND clauses of a group that has no other groups in it."""
    start, depth = None, 0
    for token in _TOKEN.finditer(group):
        if token["clause"] and not depth:
            start = token.start()
        elif start is not None and (token["open"] or token["close"]):
            depth += 1 if token["open"] else -1
            if not depth:
                yield group[start : token.end()]
                start = None
