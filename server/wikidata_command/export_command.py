"""``communique wikidata export``: what Wikidata lacks, and the graph in shapes that others read. Nothing is sent."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click
from pyoxigraph import NamedNode, Store
from rich.console import Console

from graph.dataset import Dataset
from graph.namespaces import GRAPH_ENTAILED, GRAPH_WIKIDATA, expand, mint, shorten, slug
from graph.sources import default_out
from graph.store import current, reading
from graph.store.files import replace_file
from graph.views.selection import read_dataset
from graph.wikidata.exports import (
    Publication,
    as_batch,
    as_lines,
    as_review,
    as_trig,
    doubted_in,
    graph_entities,
    nanopublications,
    proposals,
    publishable,
    same_as,
)
from graph.wikidata.links import exact, links_in


@dataclass(frozen=True)
class _Asked:
    """What the options say of what is to be exported."""

    without_weak: bool
    assertions: tuple[str, ...]
    every: bool
    creator: str
    license: str
    created: str


@dataclass(frozen=True)
class _Made:
    """The export: one text, or files by their names; and what to tell of it."""

    data: bytes
    summary: str
    files: Mapping[str, bytes] | None = None


@click.command("export")
@click.option(
    "--form",
    type=click.Choice(["quickstatements", "review", "json", "nanopubs", "same-as"]),
    required=True,
    help="What to export.",
)
@click.option(
    "--store",
    type=click.Path(file_okay=False, path_type=Path),
    default=default_out,
    envvar="COMMUNIQUE_STORE",
    show_default="$XDG_DATA_HOME/communique",
    show_envvar=True,
    help="The built folder.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="The file to write; for nanopubs a folder, too, for one file each.  [default: standard output]",
)
@click.option("--without-weak", is_flag=True, help="Weak sources, such as opinion pieces, go to the review list.")
@click.option(
    "--assertion", "assertions", multiple=True, metavar="A", help="An assertion to publish: its IRI, a:… or slug."
)
@click.option("--all", "every", is_flag=True, help="Every assertion that has something to publish.")
@click.option("--creator", default="", metavar="IRI", help="Who publishes the nanopublications.")
@click.option("--license", default="", metavar="IRI", help="Under which licence.")
@click.option("--created", default="", metavar="TIME", help="When they are made.  [default: now]")
def export_command(form: str, store: Path, out: Path | None, **given: object) -> None:
    """Export what Wikidata lacks (quickstatements, review), or the graph (json, nanopubs, same-as).

    Nothing is sent: the export goes to standard output or into a file.
    """
    asked = _Asked(**given)  # type: ignore[arg-type]
    if form != "nanopubs" and (asked.assertions or asked.every or asked.creator or asked.license or asked.created):
        raise click.UsageError("--assertion, --all, --creator, --license and --created are for --form nanopubs")
    if asked.without_weak and form not in ("quickstatements", "review"):
        raise click.UsageError("--without-weak is for --form quickstatements and --form review")
    with Console(stderr=True).status("reading the graph") as status:
        dataset = _dataset(store)
        status.update("exporting")
        made = _MAKERS[form](dataset, asked)
    _write(made, out)
    click.echo(made.summary, err=True)


def _dataset(folder: Path) -> Dataset:
    """The current version's dataset, with the derived graphs that an export reads."""
    snapshot = current(folder)
    with reading(snapshot):
        store = Store.read_only(str(snapshot.path))
        dataset = read_dataset(store)
        for name, graph in ((GRAPH_WIKIDATA, dataset.wikidata), (GRAPH_ENTAILED, dataset.entailed)):
            graph.update(quad.triple for quad in store.quads_for_pattern(None, None, None, name))
    return dataset


def _quickstatements(dataset: Dataset, asked: _Asked) -> _Made:
    found = proposals(dataset, weak=not asked.without_weak)
    free = [each for each in found if not each.hindrances]
    flagged = sum(bool(each.weaknesses) for each in free)
    left = f"{len(found) - len(free)} rows are left to review, with the reason of each (--form review)"
    return _Made(
        as_batch(free).encode(),
        f"{len(free)} lines ({flagged} flagged as weak sources); {left}. Nothing was sent.",
    )


def _review(dataset: Dataset, asked: _Asked) -> _Made:
    found = proposals(dataset, weak=not asked.without_weak)
    held = sum(bool(each.hindrances) for each in found)
    return _Made(as_review(found).encode(), f"{held} rows; {len(found) - held} are for --form quickstatements.")


def _json(dataset: Dataset, _asked: _Asked) -> _Made:
    doubts = doubted_in(dataset)
    properties, entities = graph_entities(dataset, doubts)
    told = f"{len(entities)} items, and {len(properties)} properties of our own."
    return _Made(as_lines(properties, entities), told + _left_out(doubts))


def _nanopubs(dataset: Dataset, asked: _Asked) -> _Made:
    if asked.every == bool(asked.assertions):
        raise click.UsageError("give --assertion, once or more, or --all")
    if not asked.creator or not asked.license:
        raise click.UsageError("give --creator IRI and --license IRI: who publishes, and under which licence")
    created = asked.created or datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    names = publishable(dataset) if asked.every else [_assertion(each) for each in asked.assertions]
    made = list(nanopublications(dataset, names, Publication(asked.creator, asked.license, created)))
    left = f"; {len(dataset.assertions) - len(made)} assertions have nothing to publish" if asked.every else ""
    return _Made(
        as_trig(quad for _, quads in made for quad in quads),
        f"{len(made)} nanopublications{left}. They are not signed, and nothing was sent.",
        {f"{slug(name.value)}.trig": as_trig(quads) for name, quads in made},
    )


def _assertion(given: str) -> NamedNode:
    """The assertion that is meant by an IRI, ``a:…`` or a slug; raises SlugError."""
    return mint("assertion", given.removeprefix(expand("a:")).removeprefix("a:"))


def _same_as(dataset: Dataset, _asked: _Asked) -> _Made:
    doubts = doubted_in(dataset)
    links = [each for each in links_in(dataset.links) if each.subject not in doubts]
    told = "Mind the warning at its head: owl:sameAs merges both sides under OWL."
    return _Made(same_as(links), f"{len(exact(links))} links as owl:sameAs. {told}{_left_out(doubts)}")


def _left_out(doubted: Collection[str]) -> str:
    """Which things of ours are not said to be the items to which they are linked."""
    told = ", ".join(map(shorten, sorted(doubted)))
    return f" Without an item until the link is judged again (link-stale): {told}." if told else ""


_MAKERS: Final[Mapping[str, Callable[[Dataset, _Asked], _Made]]] = {
    "quickstatements": _quickstatements,
    "review": _review,
    "json": _json,
    "nanopubs": _nanopubs,
    "same-as": _same_as,
}


def _write(made: _Made, out: Path | None) -> None:
    """To standard output, a file, or a folder; a file has all of it, or what it had before."""
    if out is None:
        click.echo(made.data, nl=False)
    elif made.files is not None and out.is_dir():
        for name, data in made.files.items():
            replace_file(out / name, data)
    else:
        replace_file(out, made.data)
