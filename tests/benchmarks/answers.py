"""Whether two servers say the same: the same solutions, and in the same order where ORDER BY leaves no choice."""

import json
import re
from collections import Counter
from dataclasses import dataclass

_LAST_ORDER = re.compile(r"\nORDER BY ((?:[^\n{}]|\n(?!LIMIT))*)\s*(?:LIMIT \d+(?: OFFSET \d+)?\s*)*\Z")
_KEY = re.compile(r"(?:DESC|ASC)?\(?\?(\w+)\)?")


@dataclass(frozen=True)
class Answer:
    """Solutions as they came; a solution is its variables with their terms, in a fixed form."""

    variables: tuple[str, ...]
    solutions: tuple[str, ...]
    length: int

    def keys(self, names: tuple[str, ...]) -> list[str]:
        """Of each solution what stands under these variables."""
        return [json.dumps([json.loads(each).get(name) for name in names]) for each in self.solutions]


def read(body: bytes) -> Answer:
    """An answer in SPARQL JSON."""
    said = json.loads(body)
    rows = tuple(json.dumps(row, sort_keys=True) for row in said["results"]["bindings"])
    return Answer(tuple(said["head"]["vars"]), rows, len(body))


def order_of(query: str) -> tuple[str, ...] | None:
    """The variables that the query's last ORDER BY compares; None where it has none, or compares something else."""
    found = _LAST_ORDER.search(query)
    if found is None:
        return None
    keys = found[1].split()
    matched = [_KEY.fullmatch(key) for key in keys]
    return tuple(each[1] for each in matched if each) if all(matched) else None


def is_total(query: str, answer: Answer) -> bool:
    """Whether the order of these solutions is given: no two have the same keys."""
    order = order_of(query)
    if order is None or not set(order) <= set(answer.variables):
        return False
    keys = answer.keys(order)
    return len(set(keys)) == len(keys)


def difference(query: str, ours: Answer, theirs: Answer) -> str:
    """How two answers differ, in words; empty where they are the same."""
    if ours.variables != theirs.variables:
        return f"variables: {ours.variables} and {theirs.variables}"
    first, second = Counter(ours.solutions), Counter(theirs.solutions)
    if first != second:
        return f"{len(ours.solutions)} and {len(theirs.solutions)} solutions; {(first - second).total()} only in ours"
    if ours.solutions != theirs.solutions and is_total(query, ours):
        return "the same solutions in another order"
    return ""
