"""The program's own rules, read once: parsing them takes a second."""

from functools import cache

from graph.rules import Rule, read_rules


@cache
def own_rules() -> tuple[Rule, ...]:
    """The rules of ``ontology/rules``."""
    return read_rules()
