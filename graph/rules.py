"""Rules: SPARQL CONSTRUCT queries, run over the premises to a fixpoint, stratum by stratum.

Each ``ontology/rules/*.rq`` is one rule; its ``#+`` head says what it concludes and why that is sound. Rules see
premises only (``graph.dataset.Dataset.premises``), and what rules concluded: a plan, a report, an opinion is not
there, so nothing can be built on it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from pyoxigraph import Quad, QueryTriples, Store, Triple

from graph.heads import read_head, required


class RuleError(ValueError):
    """A rule file is not a SPARQL CONSTRUCT query."""


@dataclass(frozen=True)
class Rule:
    """One rule: its name, its head's title, conclusion, reason of soundness and stratum, and its CONSTRUCT query.

    A rule that asks for the absence of something stands in a later stratum than the rules that conclude it.
    """

    name: str
    title: str
    concludes: str
    sound_because: str
    stratum: int
    text: str


def read_rules(folder: Traversable | Path | None = None) -> tuple[Rule, ...]:
    """The rules of a folder (the program's own by default) in the order of their names; raises HeadError."""
    found = folder or files("ontology").joinpath("rules")
    return tuple(_read(file) for file in sorted(found.iterdir(), key=lambda f: f.name) if file.name.endswith(".rq"))


def _read(file: Traversable | Path) -> Rule:
    text = file.read_text(encoding="utf-8")
    head = read_head(text, str(file))
    title, concludes, reason = (required(head, key, str(file)) for key in ("title", "concludes", "sound-because"))
    stratum = head.get("stratum", 1)
    if not isinstance(stratum, int):
        raise RuleError(f"{file}: `stratum:` is a whole number, not {stratum!r}")
    return Rule(file.name.removesuffix(".rq"), title, concludes, reason, stratum, text)


def entail(premises: Iterable[Triple], rules: Sequence[Rule] | None = None) -> set[Triple]:
    """Everything that the rules conclude from the premises and that is not a premise itself; raises RuleError."""
    store = Store()
    store.bulk_extend(Quad(t.subject, t.predicate, t.object) for t in premises)
    entailed: set[Triple] = set()
    applied = read_rules() if rules is None else rules
    for stratum in sorted({rule.stratum for rule in applied}):
        here = [rule for rule in applied if rule.stratum == stratum]
        while new := _conclusions(store, here):
            store.extend(Quad(t.subject, t.predicate, t.object) for t in new)
            entailed |= new
    return entailed


def _conclusions(store: Store, rules: Iterable[Rule]) -> set[Triple]:
    found = {triple for rule in rules for triple in _apply(store, rule)}
    return {t for t in found if Quad(t.subject, t.predicate, t.object) not in store}


def _apply(store: Store, rule: Rule) -> QueryTriples:
    try:
        result = store.query(rule.text)
    except SyntaxError as error:
        raise RuleError(f"ontology/rules/{rule.name}.rq: not SPARQL: {error}") from error
    if not isinstance(result, QueryTriples):
        raise RuleError(f"ontology/rules/{rule.name}.rq: a rule is a CONSTRUCT query")
    return result
