"""Rules: SPARQL CONSTRUCT queries, run over the premises to a fixpoint, stratum by stratum.

Each ``ontology/rules/*.rq`` is one rule; its ``#+`` head says what it concludes and why that is sound. Rules see
premises only (``graph.dataset.Dataset.premises``), and what rules concluded: a plan, a report, an opinion is not
there, so nothing can be built on it.
"""

from collections.abc import Iterable, Sequence

from pyoxigraph import Triple

from graph.rules.materialisation import Materialisation
from graph.rules.pattern import Pattern, Slot, Term
from graph.rules.reading import read_rule, read_rules
from graph.rules.revision import Change
from graph.rules.rule import Rule, RuleError

__all__ = [
    "Change",
    "Materialisation",
    "Pattern",
    "Rule",
    "RuleError",
    "Slot",
    "Term",
    "entail",
    "read_rule",
    "read_rules",
]


def entail(premises: Iterable[Triple], rules: Sequence[Rule] | None = None) -> set[Triple]:
    """Everything that the rules conclude from the premises and that is not a premise itself; raises RuleError."""
    materialisation = Materialisation(rules)
    materialisation.update(premises)
    return materialisation.entailed
