"""Properties that a query asks for by best rank (``wdt:``) where no record tells which statements are of the best.

Parts of entities, as the shipped facts are, have ``p:`` and no ``wdt:``, so that such a query would find nothing and
not say why.
"""

import re
from collections.abc import Callable, Iterable
from typing import Final

from graph.engine.text.structure import Structure
from graph.namespaces import GRAPH_SLICES, GRAPH_WIKIDATA, WIKIDATA, cq
from graph.wikidata.querying.names import UntranslatableError, iri_of, refusal
from graph.wikidata.terms import PROPERTY

_IN_SLICES: Final = f"ASK {{{{ GRAPH {GRAPH_WIKIDATA} {{{{ {{}} }}}} }}}}"
_WIKIBASE: Final = WIKIDATA["wikibase"]
_DIRECT: Final = re.compile(f"{re.escape(WIKIDATA['wdt'])}({PROPERTY.pattern})")


def by_best_rank(structure: Structure, numbers: Iterable[int]) -> dict[str, UntranslatableError]:
    """The properties that are asked for so, each with the error that says how to ask for it otherwise.

    ``numbers`` are those of the tokens that are read.
    """
    found: dict[str, UntranslatableError] = {}
    for number in numbers:
        token = structure.tokens[number]
        direct = _DIRECT.fullmatch(iri_of(structure, token) or "") if token.kind in ("name", "iri") else None
        if direct and direct[1] not in found:
            way = f"p:{direct[1]}/ps:{direct[1]}"
            message = (
                f"the records here do not tell which statements of {direct[1]} are of the best rank: ask by {way}"
            )
            found[direct[1]] = refusal(structure, number, message)
    return found


def is_unranked(ask: Callable[[str], bool], property_: str) -> bool:
    """Whether a property has statements in the newest slices, none of them known as of the best rank.

    A property whose statements are all deprecated has none, and that is known. Three small queries, most often one:
    as one they would be joined in an order that takes seconds.
    """
    claim = f"?item <{WIKIDATA['p']}{property_}> ?statement ."
    deprecated = f"?statement <{_WIKIBASE}rank> <{_WIKIBASE}DeprecatedRank>"
    if ask(_IN_SLICES.format(f"?item <{WIKIDATA['wdt']}{property_}> ?value")):
        return False
    held = ask(_IN_SLICES.format(f"{claim} FILTER NOT EXISTS {{ {deprecated} }}"))
    return held and not ask(_IN_SLICES.format(f"{claim} ?statement a <{_WIKIBASE}BestRank>"))


def is_partly_ranked(ask: Callable[[str], bool], property_: str) -> bool:
    """Whether a property has statements on entities that are here in parts only, not known as of the best rank.

    Deprecated ones are known. Of a whole entity it is told how many statements it has.
    """
    unknown = " ".join(
        f"FILTER NOT EXISTS {{ {pattern} }}"
        for pattern in (
            f"?item <{_WIKIBASE}statements> ?number",
            f"?statement a <{_WIKIBASE}BestRank>",
            f"?statement <{_WIKIBASE}rank> <{_WIKIBASE}DeprecatedRank>",
        )
    )
    in_parts = f"GRAPH {GRAPH_SLICES} {{ ?slice {cq('isPartial')} true ; {cq('sliceOf')} ?item }}"
    held = f"GRAPH {GRAPH_WIKIDATA} {{ ?item <{WIKIDATA['p']}{property_}> ?statement {unknown} }}"
    return ask(f"ASK {{ {in_parts} {held} }}")
