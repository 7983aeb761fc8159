"""The parts of a query, as SPARQL's algebra has them. Each is compared by identity.

Names of variables are one for the whole query: a variable that a sub-select keeps to itself has another name than one
outside. A ``mark`` is a variable that is bound only in solutions that came that way: by which branch of a UNION, and
whether what is OPTIONAL was found. ``certain`` are the variables that are bound in every solution of a pattern.
"""

from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import Literal, NamedNode, Variable

from graph.engine import Term

Slot = NamedNode | Literal | Variable
Slots = tuple[Slot, Slot, Slot]
Variables = frozenset[Variable]


@dataclass(frozen=True, eq=False)
class Plain:
    """An expression: its text, in which variables and conditions stand; ``flag`` is bound to whether it is true."""

    pieces: "tuple[str | Variable | Condition, ...]"
    flag: Variable | None = None


@dataclass(frozen=True, eq=False)
class Exists:
    """``EXISTS`` or ``NOT EXISTS``."""

    pattern: "Pattern"
    negated: bool


@dataclass(frozen=True, eq=False)
class And:
    """All of them."""

    parts: "tuple[Condition, ...]"


@dataclass(frozen=True, eq=False)
class Or:
    """One of them at least."""

    parts: "tuple[Condition, ...]"


Condition = Plain | Exists | And | Or


@dataclass(frozen=True, eq=False)
class Basic:
    """A basic graph pattern without paths."""

    triples: tuple[Slots, ...] = ()

    @cached_property
    def certain(self) -> Variables:
        """All of its variables."""
        return frozenset(slot for each in self.triples for slot in each if isinstance(slot, Variable))


@dataclass(frozen=True, eq=False)
class Walk:
    """A property path: as it was written, and what it means."""

    subject: Slot
    path: str
    object: Slot
    meaning: "Pattern"

    @cached_property
    def certain(self) -> Variables:
        """Its two ends."""
        return frozenset(slot for slot in (self.subject, self.object) if isinstance(slot, Variable))


@dataclass(frozen=True, eq=False)
class Closure(Walk):
    """``path?``, ``path*`` or ``path+``: its ``meaning`` is one step of it, from ``start`` to ``end``."""

    modifier: str
    start: Variable
    end: Variable


@dataclass(frozen=True, eq=False)
class Join:
    """Both."""

    left: "Pattern"
    right: "Pattern"

    @cached_property
    def certain(self) -> Variables:
        """Those of both."""
        return self.left.certain | self.right.certain


@dataclass(frozen=True, eq=False)
class LeftJoin:
    """``left OPTIONAL { right FILTER (condition) }``."""

    left: "Pattern"
    right: "Pattern"
    condition: Condition | None
    mark: Variable

    @cached_property
    def certain(self) -> Variables:
        """Those of the left side."""
        return self.left.certain


@dataclass(frozen=True, eq=False)
class Union:
    """Either; the mark holds which: 1 or 2."""

    left: "Pattern"
    right: "Pattern"
    mark: Variable

    @cached_property
    def certain(self) -> Variables:
        """Those that both branches have."""
        return self.left.certain & self.right.certain


@dataclass(frozen=True, eq=False)
class Minus:
    """``left MINUS { right }``."""

    left: "Pattern"
    right: "Pattern"

    @cached_property
    def certain(self) -> Variables:
        """Those of the left side."""
        return self.left.certain


@dataclass(frozen=True, eq=False)
class Filter:
    """The solutions for which a condition is true."""

    pattern: "Pattern"
    condition: Condition

    @cached_property
    def certain(self) -> Variables:
        """Those of what it filters."""
        return self.pattern.certain


@dataclass(frozen=True, eq=False)
class Extend:
    """``BIND (expression AS ?variable)``."""

    pattern: "Pattern"
    variable: Variable
    expression: Condition

    @cached_property
    def certain(self) -> Variables:
        """Those of what it extends: the expression may fail."""
        return self.pattern.certain


@dataclass(frozen=True, eq=False)
class Table:
    """``VALUES``; ``names`` are those of its columns as they were written, by which arguments are filled in."""

    variables: tuple[Variable, ...]
    rows: tuple[tuple[Term | None, ...], ...]
    names: tuple[str, ...] = ()

    @cached_property
    def certain(self) -> Variables:
        """The columns without UNDEF."""
        columns = zip(self.variables, zip(*self.rows, strict=True), strict=True) if self.rows else ()
        return frozenset(variable for variable, cells in columns if None not in cells)


@dataclass(frozen=True, eq=False)
class Graph:
    """``GRAPH name { pattern }``."""

    name: NamedNode | Variable
    pattern: "Pattern"

    @cached_property
    def certain(self) -> Variables:
        """The name, and those of the pattern."""
        return self.pattern.certain | ({self.name} if isinstance(self.name, Variable) else set())


@dataclass(frozen=True, eq=False)
class Aggregate:
    """``name(argument)``, called ``result``; no argument is ``*``; ``rest`` is what else stands in the brackets."""

    name: str
    argument: Condition | None
    distinct: bool
    rest: str
    result: Variable


@dataclass(frozen=True, eq=False)
class Group:
    """The groups of a pattern's solutions: keys and aggregates."""

    pattern: "Pattern"
    keys: tuple[Variable, ...]
    aggregates: tuple[Aggregate, ...]

    @cached_property
    def certain(self) -> Variables:
        """The keys that are bound in every member."""
        return self.pattern.certain & frozenset(self.keys)


@dataclass(frozen=True, eq=False)
class Select:
    """A query or sub-select: its variables, and which of the solutions it gives in which order."""

    variables: tuple[Variable, ...]
    pattern: "Pattern"
    modifier: str = ""
    order: tuple[tuple[str, Condition], ...] = ()
    start: int = 0
    length: int | None = None

    @property
    def sliced(self) -> bool:
        """Whether it gives only some of its solutions."""
        return self.length is not None or self.start > 0

    @cached_property
    def certain(self) -> Variables:
        """Those that it gives, of the certain ones."""
        return self.pattern.certain & frozenset(self.variables)


Pattern = Basic | Walk | Join | LeftJoin | Union | Minus | Filter | Extend | Table | Graph | Group | Select
