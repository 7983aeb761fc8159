"""Names of variables that are one for a whole query."""

from itertools import count

from pyoxigraph import Variable


class Names:
    """Makes variables that a query does not have."""

    def __init__(self, query: str) -> None:
        self._prefix = next(prefix for n in count() if (prefix := f"v{n or ''}_") not in query)
        self._next = count(1)

    def fresh(self, name: str = "") -> Variable:
        """A new variable; its name ends in the one given, for readers."""
        return Variable(f"{self._prefix}{next(self._next)}{'_' + name if name else ''}")


class Scope:
    """What the names of variables mean in a query or sub-select, which shares what it gives with what is outside."""

    def __init__(self, names: Names, outer: "Scope | None" = None, shared: frozenset[str] = frozenset()) -> None:
        self.names = names
        self._outer = outer
        self._shared = shared
        self._own: dict[str, Variable] = {}

    def variable(self, name: str) -> Variable:
        """The variable of a name."""
        if name in self._own:
            return self._own[name]
        if self._outer is None:
            return Variable(name)
        found = self._outer.variable(name) if name in self._shared else self.names.fresh(name)
        return self._own.setdefault(name, found)

    def blank(self, label: str) -> Variable:
        """The variable of a blank node."""
        return self._own.setdefault("_:" + label, self.names.fresh())

    def alias(self, name: str, variable: Variable) -> None:
        """Let a name mean a variable that has another name already."""
        self._own[name] = variable
