"""The limits: what one query, one document and one client may take of the service. One table, a reason for each.

Each is set by ``COMMUNIQUE_<NAME>`` or, for ``communique serve``, by ``--<name>``. Sizes are in bytes, times in
seconds; a rate of 0 is no limit.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final

_MIB: Final = 1024 * 1024
PREFIX: Final = "COMMUNIQUE_"


class LimitError(ValueError):
    """A limit is set to what is no number, or too small to serve with."""


def _limit(default: float, unit: str, reason: str, least: float = 1) -> Any:
    return field(default=default, metadata={"unit": unit, "reason": reason, "least": least})


@dataclass(frozen=True)
class Limits:
    """Every limit with its default; ``metadata`` of a field has its unit, its reason and the least value allowed."""

    query_seconds: float = _limit(30.0, "seconds", "a query that plans or joins for ever must end", 0.05)
    query_memory: int = _limit(1024 * _MIB, "bytes", "one query must not take the machine's memory", 16 * _MIB)
    query_bytes: int = _limit(_MIB, "bytes", "a query's text is read into memory, and read again by the lexer")
    query_parts: int = _limit(2000, "words and signs", "Oxigraph recurses over them; 3,000 overflow a usual stack")
    query_depth: int = _limit(200, "brackets", "Oxigraph recurses into brackets")
    query_joins: int = _limit(100, "patterns", "planning is worse than cubic: 100 take 1 s, 200 over 12 s")
    query_data: int = _limit(200_000, "terms", "data in VALUES and IN are cheap, but not free")
    result_bytes: int = _limit(1024 * _MIB, "bytes", "an answer may wait on the disk for a slow reader")
    spool_bytes: int = _limit(4096 * _MIB, "bytes", "all answers that wait on the disk, taken together")
    workers: int = _limit(0, "processes", "0: twice the processors, at least four; each holds one query", 0)
    waiting: int = _limit(256, "queries", "a longer queue would only make everybody late")
    waiting_seconds: float = _limit(10.0, "seconds", "who waits longer for a worker is told to come back", 0.0)
    proof_seconds: float = _limit(10.0, "seconds", "the many queries of a proof must end together", 0.05)
    proof_queries: int = _limit(400, "queries", "the same, however fast each of them is")
    proof_supports: int = _limit(20, "supports", "a triple may follow in more ways than anybody reads")
    proof_depth: int = _limit(24, "rules", "a chain of conclusions may be as long as the data")
    explained_rows: int = _limit(50, "rows", "each row that is explained is asked about again, several times")
    explained_supports: int = _limit(20, "supports", "a row may be made in more ways than anybody reads")
    explain_seconds: float = _limit(10.0, "seconds", "the many queries about a page must end together", 0.05)
    reconciled_queries: int = _limit(100, "queries", "the queries of a batch are answered one after another")
    reconciled_names: int = _limit(100_000, "names", "all names are held in memory, to be compared with")
    extended_values: int = _limit(50_000, "values", "a table that is filled in is made in memory")
    cache_bytes: int = _limit(256 * _MIB, "bytes", "answers kept, taken together", 0)
    cached_answer_bytes: int = _limit(4 * _MIB, "bytes", "one large answer must not push out all the others", 0)
    body_bytes: int = _limit(_MIB, "bytes", "a request's body is read whole before it is answered")
    upload_bytes: int = _limit(256 * _MIB, "bytes", "the same for a graph or an update sent with a token")
    request_seconds: float = _limit(30.0, "seconds", "a client that sends slowly holds a connection", 0.05)
    stalled_seconds: float = _limit(60.0, "seconds", "a client that reads nothing holds an answer", 0.05)
    queries_per_second: float = _limit(1000.0, "a second", "evaluations for one address; twice as many at once", 0.0)
    writes_per_second: float = _limit(500.0, "a second", "writes with one token; twice as many at once", 0.0)
    failures_per_second: float = _limit(10.0, "a second", "guesses at a token from one address; twice at once", 0.0)
    connections: int = _limit(2048, "connections", "each holds buffers; more wait to be accepted")
    update_seconds: float = _limit(120.0, "seconds", "one writer serves all: an update must end", 0.05)
    update_memory: int = _limit(4096 * _MIB, "bytes", "an update holds what it changes in memory", 16 * _MIB)
    service_seconds: float = _limit(10.0, "seconds", "an allowed SERVICE may never answer", 0.05)
    service_bytes: int = _limit(16 * _MIB, "bytes", "an allowed SERVICE may answer without end")
    federated_seconds: float = _limit(3600.0, "seconds", "Wikidata is not asked the same so soon again", 0.0)
    federated_days: float = _limit(30.0, "days", "an answer this old says little, even where none can be had", 0.0)
    federated_bytes: int = _limit(64 * _MIB, "bytes", "Wikidata's answers kept, taken together", 0)
    fetch_seconds: float = _limit(60.0, "seconds", "one answer to a fetch from Wikidata may never end", 0.05)
    fetch_bytes: int = _limit(64 * _MIB, "bytes", "a record is read whole before it is kept")
    kept_versions: int = _limit(10, "versions", "older snapshots of a plain store are removed", 1)
    kept_days: float = _limit(30.0, "days", "snapshots older than this are removed", 0.0)
    kept_bytes: int = _limit(20 * 1024 * _MIB, "bytes", "snapshots cost disk as the writer compacts")
    view_seconds: float = _limit(900.0, "seconds", "a view at a clock is derived anew, which must end", 0.05)
    view_memory: int = _limit(8192 * _MIB, "bytes", "deriving a view holds its data in memory", 16 * _MIB)
    view_waiting_seconds: float = _limit(10.0, "seconds", "who waits longer for a view is told to come back", 0.0)
    waiting_views: int = _limit(8, "views", "one is made at a time; a longer queue would only make everybody late")
    kept_views: int = _limit(40, "views", "each day asked for may have its own; the longest unread are removed")
    view_bytes: int = _limit(10 * 1024 * _MIB, "bytes", "all views kept, taken together")


def read_limits(environment: Mapping[str, str] | None = None, **given: float | None) -> Limits:
    """The limits that the environment and the arguments (which win) set; raises :class:`LimitError`."""
    held = os.environ if environment is None else environment
    values: dict[str, Any] = {}
    for item in fields(Limits):
        name = PREFIX + item.name.upper()
        text = given.get(item.name) if given.get(item.name) is not None else held.get(name)
        if text not in (None, ""):
            values[item.name] = _number(name, text, type(item.default), item.metadata["least"])
    return Limits(**values)


def _number(name: str, text: Any, kind: Any, least: float) -> float:
    try:
        value = kind(text)
    except (ValueError, OverflowError) as error:
        raise LimitError(f"{name} is '{text}': a number of at least {least:g} is expected") from error
    if not least <= value < float("inf"):
        raise LimitError(f"{name} is {text}: a number of at least {least:g} is expected")
    return float(value) if kind is float else int(value)
