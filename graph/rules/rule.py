"""A rule: what its file says in words, its patterns, and its query with something put first into its group."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pyoxigraph import Variable

from graph.rules.pattern import Pattern

# Comments, IRIs and strings, which may hold anything.
_OPAQUE = (
    r"#[^\n]*"
    r"|<[^<>\"{}|^`\\\x00-\x20]*>"
    r"|\"\"\"(?:[^\"\\]|\\.|\"(?!\"\"))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r"|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'"
)
_FLAGS = re.DOTALL | re.IGNORECASE
_GROUP = re.compile(_OPAQUE + r"|(?P<open>(?:\bFILTER\s+NOT\s+EXISTS\s*)?\{)|(?P<close>\})", _FLAGS)
_CONDITION = re.compile(
    _OPAQUE + r"|(?P<word>(?<![\w?$:-])(?:FILTER|BIND)\b(?!:))|(?P<open>\()|(?P<close>\))", _FLAGS
)
# Between triples where a filter was cut out, and there may be no full stop.
_APART = " FILTER (true) "


class RuleError(ValueError):
    """A rule file is not a CONSTRUCT query of the shape that rules have, or does not go with the other rules."""


@dataclass(frozen=True)
class Rule:
    """One rule: its name, its head's title, conclusion, reason of soundness and stratum, its query and patterns.

    ``head`` is the CONSTRUCT template, ``body`` the triple patterns of WHERE, ``absent`` those of each NOT EXISTS,
    ``minted`` the variables that BIND computes, ``keys`` the variables of the body from which each is computed.
    """

    name: str
    title: str
    concludes: str
    sound_because: str
    stratum: int
    text: str
    head: tuple[Pattern, ...]
    body: tuple[Pattern, ...]
    absent: tuple[tuple[Pattern, ...], ...]
    minted: frozenset[str]
    keys: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def __hash__(self) -> int:
        """By the name, which rules that go together do not share: to look at all fields takes long."""
        return hash(self.name)

    def seeded(self, seed: str = "", form: str = "CONSTRUCT") -> str:
        """The rule's query with ``seed`` (SPARQL) put first into its group.

        The form ``SELECT`` asks for all variables of body and head over the same group, each solution once.
        """
        return self._query(f"{seed} {self._cut.group}", form)

    def positive(self, seed: str, block: int | None = None) -> str:
        """Selects the same without the NOT EXISTS; what stands in one of them is asked for as well, if given."""
        inner = "" if block is None else self._cut.absent[block]
        return self._query(f"{seed} {inner}{_APART}{self._cut.positive}", "SELECT")

    def tested(self, seed: str, block: int | None = None) -> str:
        """Selects the same where ``seed`` binds the body's variables: its patterns are left out, its filters stay."""
        inner = "" if block is None else self._cut.absent[block]
        return self._query(f"{seed} {inner} {self._cut.conditions}", "SELECT")

    @cached_property
    def variables(self) -> tuple[str, ...]:
        """The names of the variables of body and head, in alphabetical order."""
        return tuple(sorted({name for pattern in self.head + self.body for name in pattern.variables}))

    @cached_property
    def variables_of_body(self) -> tuple[str, ...]:
        """The names of the variables of the body, in alphabetical order."""
        return tuple(sorted({name for pattern in self.body for name in pattern.variables}))

    @cached_property
    def subjects_minted(self) -> frozenset[str]:
        """The variables that BIND computes and of which the head says something."""
        return frozenset(p.subject.value for p in self.head if isinstance(p.subject, Variable)) & self.minted

    def _query(self, group: str, form: str) -> str:
        names = " ".join(f"?{name}" for name in self.variables)
        what = f"CONSTRUCT {{{self._cut.template}\n}}" if form == "CONSTRUCT" else f"SELECT DISTINCT {names}"
        return f"{self._cut.prefixes}{what}\nWHERE {{ {group}\n}}"

    @cached_property
    def _cut(self) -> "Cut":
        return cut(self.text)


@dataclass(frozen=True)
class Cut:
    """A rule's text in pieces: prefixes, template, what is asked, what outside of NOT EXISTS, what inside of each.

    ``conditions`` are the filters and BINDs of the positive part, without its triple patterns.
    """

    prefixes: str
    template: str
    group: str
    positive: str
    absent: tuple[str, ...]
    conditions: str


def cut(text: str) -> Cut:
    """Cuts the text of a CONSTRUCT query that has a template and a WHERE group."""
    opened: list[tuple[int, int]] = []
    groups: list[tuple[int, int, int]] = []
    absent: list[tuple[int, int, int]] = []
    for token in _GROUP.finditer(text):
        if token["open"]:
            opened.append((token.start(), token.end()))
        elif token["close"]:
            start, inner = opened.pop()
            if text[start] != "{":
                absent.append((start, inner, token.start()))
            elif not opened:
                groups.append((start, inner, token.start()))
    (before, first, last), (_, start, end) = groups
    outside = [start, *(edge for found in absent for edge in (found[0], found[2] + 1)), end]
    positive = _APART.join(text[a:b] for a, b in zip(outside[::2], outside[1::2], strict=True))
    return Cut(
        prefixes=re.sub(r"^#[^\n]*\n|CONSTRUCT\s*$", "", text[:before], flags=re.IGNORECASE | re.MULTILINE),
        template=text[first:last],
        group=text[start:end],
        positive=positive,
        absent=tuple(text[inner:close] for _, inner, close in absent),
        conditions=" ".join(_conditions(positive)),
    )


def _conditions(group: str) -> Iterator[str]:
    """The filters and BINDs of a group."""
    depth, start = 0, None
    for token in _CONDITION.finditer(group):
        depth += (token["open"] is not None) - (token["close"] is not None)
        if token["word"] and not depth:
            start = token.start()
        elif token["close"] and not depth and start is not None:
            yield group[start : token.end()]
            start = None
