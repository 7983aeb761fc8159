"""``communique wikidata diff``: what changed between two slices of an entity."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

import click
from pyoxigraph import NamedNode

from graph.sources import default_records, records_read
from graph.wikidata.entities import ShapeError, entities
from graph.wikidata.model import Entity, Part
from graph.wikidata.records import kept
from graph.wikidata.revisions import changes
from graph.wikidata.slices import EntityError, FactError, RecordError, SliceError, Slices, read_slices
from graph.wikidata.slices.description import Slice, described, triples_about
from graph.wikidata.slices.media import untold_in
from graph.wikidata.slices.newest import newest_of
from graph.wikidata.terms import ENTITY, PROPERTY
from server.shell import FORMATS, print_rows

_COLUMNS: Final = ("what", "property", "where", "before", "after")


@click.command("diff")
@click.argument("entity", metavar="Q…")
@click.option(
    "--from", "first", metavar="REV", help="A revision or a day.  [default: the newest whole slice before the other]"
)
@click.option("--to", "second", metavar="REV", help="A revision or a day.  [default: the newest whole slice]")
@click.option("--property", "only", metavar="P…", multiple=True, help="Only statements of this property; repeatable.")
@click.option(
    "--wikidata",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=default_records,
    envvar="COMMUNIQUE_WIKIDATA",
    show_default="$XDG_DATA_HOME/communique-wikidata",
    show_envvar=True,
    help="The folder of records.",
)
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default="table", show_default=True, help="How to print."
)
def diff_command(  # noqa: PLR0917
    entity: str, first: str | None, second: str | None, only: tuple[str, ...], folder: Path, form: str
) -> None:
    """Tell what changed in an entity: statements, their values, ranks, qualifiers and references, and terms."""
    _check(ENTITY, (entity,), "Q…")
    _check(PROPERTY, only, "--property")
    try:
        slices = read_slices(*records_read(folder))
        old, new = _two(slices, entity, first, second)
        before, after = (_entity(slices, each, folder) for each in (old, new))
        found = changes(before, after)
    except (EntityError, FactError, RecordError, ShapeError, SliceError) as error:
        raise click.ClickException(str(error)) from error
    told = [each for each in found if not only or each.property in only]
    print_rows(_COLUMNS, ([each.what, each.property, each.where, each.before, each.after] for each in told), form)
    if not only:
        _tell_untold({_name(old): before.untold, _name(new): after.untold})
    click.echo(f"{len(told)} changes in {entity} from {_name(old)} to {_name(new)}", err=True)


def _check(form: re.Pattern[str], texts: Iterable[str], name: str) -> None:
    for text in texts:
        if not form.fullmatch(text):
            raise click.BadParameter(f"'{text}' is no identifier, such as Q7747 or P39", param_hint=name)


def _tell_untold(untold: Mapping[str, frozenset[Part]]) -> None:
    parts = (
        f"{part} (not in {' and '.join(name for name, lacking in untold.items() if part in lacking)})"
        for part in sorted(frozenset().union(*untold.values()))
    )
    told = ", ".join(parts)
    if told:
        click.echo(f"Not compared, as not retrieved: {told}", err=True)


def _two(slices: Slices, entity: str, first: str | None, second: str | None) -> tuple[Slice, Slice]:
    known = described(slices.retrieved).get(entity, ())
    whole = _from_the_oldest(each for each in known if not each.partial)
    new = _named(known, second, entity) if second else (whole[-1] if whole else None)
    older = whole[: whole.index(new)] if new in whole else [each for each in whole if new and each.age() < new.age()]
    old = _named(known, first, entity) if first else (older[-1] if older else None)
    if old is None or new is None:
        raise SliceError(
            f"two whole slices of {entity} are needed; there are: {_names(known)}. Fetch or import another, or name "
            "two of these with --from and --to"
        )
    return old, new


def _from_the_oldest(whole: Iterable[Slice]) -> list[Slice]:
    """Whole slices in the order in which the view takes one before the other."""
    left, found = [*whole], []
    while left:
        found.append(newest_of(left))
        left.remove(found[-1])
    return found[::-1]


def _named(known: tuple[Slice, ...], name: str, entity: str) -> Slice:
    found = [each for each in known if name in (each.revision, each.retrieved)]
    if not found:
        raise SliceError(f"there is no slice of {entity} at '{name}'; there are: {_names(known)}")
    return next((each for each in found if not each.partial), found[0])


def _names(known: tuple[Slice, ...]) -> str:
    return ", ".join(f"{_name(each)}{' (partial)' * each.partial}" for each in known) or "none"


def _name(found: Slice) -> str:
    return found.revision or found.retrieved


def _entity(slices: Slices, found: Slice, folder: Path) -> Entity:
    """The entity of a slice, with what its record was retrieved without, which RDF does not tell."""
    read = entities(slices.graphs[NamedNode(found.graph)], triples_about(found))[found.entity]
    records = (each for each in kept(folder) if each.sha256 in found.sha256 and not found.partial)
    return replace(read, untold=frozenset().union(*(untold_in(each, found.entity) for each in records)))
