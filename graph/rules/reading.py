"""Rule files, read and checked."""

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from graph.heads import read_head, required
from graph.rules.pattern import Pattern
from graph.rules.rule import Rule, RuleError, cut
from graph.rules.shape import Group, ShapeError, parse_rule
from graph.rules.strata import check_strata


def read_rules(folder: Traversable | Path | None = None) -> tuple[Rule, ...]:
    """The rules of a folder (the program's own by default) in the order of their names.

    Raises HeadError and RuleError with the file and the reason.
    """
    return _read(folder) if folder else _own()


@cache
def _own() -> tuple[Rule, ...]:
    return _read(files("ontology").joinpath("rules"))


def _read(folder: Traversable | Path) -> tuple[Rule, ...]:
    held = (file for file in sorted(folder.iterdir(), key=lambda f: f.name) if file.name.endswith(".rq"))
    rules = tuple(read_rule(f.name.removesuffix(".rq"), f.read_text(encoding="utf-8"), str(f)) for f in held)
    check_strata(rules)
    return rules


def read_rule(name: str, text: str, where: str) -> Rule:
    """One rule from its text; ``where`` names its file in messages; raises HeadError and RuleError."""
    head = read_head(text, where)
    title, concludes, reason = (required(head, key, where) for key in ("title", "concludes", "sound-because"))
    stratum = head.get("stratum", 1)
    if not isinstance(stratum, int):
        raise RuleError(f"{where}: `stratum:` is a whole number, not {stratum!r}")
    try:
        template, group = parse_rule(text)
        if len(cut(text).absent) != len(group.absent):
            raise ShapeError("write `FILTER NOT EXISTS {` with nothing but spaces between")
        keys = _keys(group)
        _check_variables(template, group, keys)
    except ShapeError as error:
        raise RuleError(f"{where}: {error}") from error
    absent = tuple(block.patterns for block in group.absent)
    return Rule(
        name, title, concludes, reason, stratum, text, template, group.patterns, absent, frozenset(keys), keys
    )


def _keys(group: Group) -> dict[str, frozenset[str]]:
    """For each variable that a BIND computes, the variables of patterns that decide its value."""
    keys: dict[str, frozenset[str]] = {}
    for bind in group.binds:
        keys[bind.variable] = frozenset(each for name in bind.given for each in keys.get(name, frozenset({name})))
    return keys


def _check_variables(template: tuple[Pattern, ...], group: Group, keys: dict[str, frozenset[str]]) -> None:
    """Each variable is bound where it is needed, none that BIND computes is looked up, and IRIs have their keys."""
    if not group.patterns:
        raise ShapeError("a rule asks for one triple at least")
    head = {name for pattern in template for name in pattern.variables}
    asked = group.variables.union(*(block.variables for block in group.absent))
    if looked_up := sorted(asked & keys.keys()):
        raise ShapeError(f"?{looked_up[0]} is computed by BIND, so no pattern may ask for it")
    needed = head.union(group.filtered, *keys.values()) - keys.keys()
    for block in group.absent:
        needed |= block.filtered - block.variables - keys.keys()
    if unbound := sorted(needed - group.variables):
        raise ShapeError(f"?{unbound[0]} is bound by no pattern of the rule")
    iris = {bind.variable for bind in group.binds if bind.makes_iri}
    for minted in sorted(head & iris | {str(p.subject.value) for p in template} & keys.keys()):
        if missing := sorted(keys[minted] - head):
            raise ShapeError(
                f"?{minted} is minted from ?{missing[0]}, which does not stand beside it in the conclusion"
            )
