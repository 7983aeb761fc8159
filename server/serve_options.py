"""The options of ``communique serve``: what is served, who may write, what may be fetched, and every limit."""

import re
import sys
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

import click

from graph.limits import Limits, read_limits
from server.federated import reach_of
from server.front.rates import read_trusted
from server.service import Service, Terms

_folder: Final = click.Path(file_okay=False, path_type=Path)
_existing: Final = click.Path(exists=True, file_okay=False, path_type=Path)
Command = Callable[..., Any]
_ROOT: Final = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]+/?")

_OPTIONS: Final[tuple[Callable[[Command], Command], ...]] = (
    click.option("--plain", type=_folder, help="Serve the plain store in this folder; made if it is not there."),
    click.option("--allow-updates", is_flag=True, help="Let whoever has a token write the plain store."),
    click.option("--judge", type=_existing, help="Take judgements on links to Wikidata into this authority folder."),
    click.option("--read-only", is_flag=True, help="Serve what is there; never build, make or write anything."),
    click.option("--engine", metavar="URL", help="Serve what this SPARQL endpoint holds instead."),
    click.option("--default-graph", metavar="IRI", help="The graph to query there, if it has no default graph."),
    click.option("--allow-service", multiple=True, metavar="IRI", help="A SPARQL service that SERVICE may ask."),
    click.option("--allow-load", multiple=True, metavar="IRI", help="What the IRI of a LOAD may begin with."),
    click.option("--contact", envvar="COMMUNIQUE_CONTACT", metavar="TEXT", help="Whom those that are asked may ask."),
    click.option("--trusted-proxy", multiple=True, metavar="NETWORK", help="Its X-Forwarded-For is believed."),
    click.option("--public-url", envvar="COMMUNIQUE_PUBLIC_URL", metavar="URL", help="How others call it."),
    click.option("--log/--no-log", default=None, help="A line for each request.  [default: unless on a terminal]"),
)


def serve_options(command: Command) -> Command:
    """Give a command the options of the service and of every limit."""
    for option in reversed((*_OPTIONS, *map(_limit, fields(Limits)))):
        command = option(command)
    return command


def _limit(item: Any) -> Callable[[Command], Command]:
    unit, reason = item.metadata["unit"], item.metadata["reason"]
    return click.option(
        f"--{item.name.replace('_', '-')}",
        item.name,
        type=float if isinstance(item.default, float) else int,
        help=f"{reason[0].upper()}{reason[1:]}.  [default: {item.default:,} {unit}]",
    )


def service_of(store: Path, given: dict[str, Any]) -> Service:
    """The service that the options ask for; raises click's usage error where they contradict each other."""
    terms = _terms(given)
    plain, engine = given["plain"], given["engine"]
    _refuse_contradictions(given)
    if engine:
        return Service.remote(engine, terms, given["default_graph"])
    if plain and given["allow_updates"]:
        return Service.plain(plain, terms)
    if plain:
        return Service.folder(plain, terms) if given["read_only"] else Service.plain_to_read(plain, terms)
    return Service.folder(store, terms, writes=not given["read_only"])


def _refuse_contradictions(given: dict[str, Any]) -> None:
    if given["plain"] and given["engine"]:
        raise click.UsageError("--plain serves a folder and --engine another store: give one of them")
    if given["allow_updates"] and (given["read_only"] or not given["plain"]):
        raise click.UsageError("--allow-updates needs --plain DIR, and does not go with --read-only")
    if given["judge"] and (given["read_only"] or given["plain"] or given["engine"]):
        raise click.UsageError(
            "--judge is for a graph that `communique build` made, and does not go with --read-only"
        )
    if given["default_graph"] and not given["engine"]:
        raise click.UsageError("--default-graph is for --engine URL")


def _terms(given: dict[str, Any]) -> Terms:
    limits = read_limits(**{item.name: given[item.name] for item in fields(Limits)})
    reach = reach_of(limits, given["allow_service"], given["allow_load"], given["contact"] or "")
    log = given["log"] if given["log"] is not None else not sys.stderr.isatty()
    public = _public(given["public_url"])
    return Terms(limits, reach, read_trusted(given["trusted_proxy"]), public, log, given["judge"])


def _public(url: str | None) -> str | None:
    """Scheme and host, with nothing behind them; raises click's usage error for anything else."""
    if url and not _ROOT.fullmatch(url):
        raise click.UsageError(f"--public-url is '{url}': https:// and a host are expected, and no path")
    return url.rstrip("/") if url else None
