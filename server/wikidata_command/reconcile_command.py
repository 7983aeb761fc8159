"""``communique wikidata reconcile``: the items that may be our things, with what speaks for and against each."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Final

import click

from graph.engine import open_engine
from graph.namespaces import shorten
from graph.sources import default_out
from graph.wikidata.links import Link
from graph.wikidata.reconciliation.at_hand import AtHand, at_hand
from graph.wikidata.reconciliation.candidates import MOST_CANDIDATES, Candidate, decided, open_subjects
from graph.wikidata.reconciliation.features import Feature, in_words
from graph.wikidata.reconciliation.judging import is_later, proposals, propose
from graph.wikidata.reconciliation.subjects import Subject
from server.shell import FORMATS, print_rows

_COLUMNS: Final = ("thing", "label", "item", "item label", "score", "parts", "agrees", "gate")

_NAMED: Final = 5

folder: Final = click.Path(file_okay=False, path_type=Path)
store_option: Final = click.option(
    "--store",
    type=folder,
    default=default_out,
    envvar="COMMUNIQUE_STORE",
    show_default="$XDG_DATA_HOME/communique",
    show_envvar=True,
    help="The built folder.",
)


def _until_today(context: click.Context, parameter: click.Parameter, day: str) -> str:  # noqa: ARG001 - click's
    """Nobody judges in the future."""
    today = date.today()
    if is_later(day, today):
        raise click.BadParameter(f"'{day}' is after today, {today}")
    return day


date_option: Final = click.option(
    "--date",
    "day",
    metavar="DAY",
    callback=_until_today,
    default=lambda: date.today().isoformat(),
    show_default="today",
    help="The day that is recorded.",
)


@click.command("reconcile")
@click.argument("iris", nargs=-1, metavar="[IRI]...")
@store_option
@click.option("--limit", type=click.IntRange(1), default=MOST_CANDIDATES, show_default=True, help="Items for each.")
@click.option("--write", is_flag=True, help="Put those that pass the gate into the links, as candidates.")
@click.option("--authority", type=folder, help="The folder of authority files with the links, for --write.")
@date_option
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default="table", show_default=True, help="How to print."
)
def reconcile_command(  # noqa: PLR0917 - click gives them by name
    iris: tuple[str, ...], store: Path, limit: int, write: bool, authority: Path | None, day: str, form: str
) -> None:
    """Candidates for the things that nobody has linked or judged to have no item, or for those of the IRIs.

    What passes the gate is of a fitting class, agrees in an independent fact, and contradicts nothing; a person
    judges it (``communique wikidata judge``).
    """
    if write and authority is None:
        raise click.UsageError("--write needs --authority DIR, the folder whose links.sssom.tsv is written")
    held = at_hand(open_engine(store))
    wanted = [held.subject(iri) for iri in iris] or open_subjects(held.subjects, held.links)
    found = {subject.iri: held.candidates(subject, limit) for subject in wanted}
    rows = (row for each in wanted for row in (*_rows(found[each.iri]), *_unseen_rows(each, held)))
    print_rows(_COLUMNS, rows, form)
    _tell(wanted, found, held)
    if authority is not None and write:
        _write(authority, (each for candidates in found.values() for each in candidates), held, day)


def _rows(candidates: Iterable[Candidate]) -> Iterator[Sequence[str]]:
    for each in candidates:
        yield (
            shorten(each.subject.iri),
            each.subject.label,
            each.profile.id,
            each.profile.label,
            f"{each.score:.1f}",
            parts(each.features),
            "; ".join(map(in_words, each.agreements)),
            "passes" if each.passes else "; ".join(each.gate),
        )


def _unseen_rows(subject: Subject, held: AtHand) -> Iterator[Sequence[str]]:
    """The recorded candidates of which nothing is at hand, so that nothing can be weighed."""
    for each in held.recorded(subject):
        if each.object not in held.entities:
            named = (shorten(subject.iri), subject.label, each.object, each.object_label)
            yield *named, "", "", "", "nothing of it is at hand"


def parts(features: Iterable[Feature]) -> str:
    """What each feature gives to the score."""
    return ", ".join(f"{each.name} {each.part:.1f}" for each in features if each.part)


def _tell(wanted: Sequence[Subject], found: dict[str, tuple[Candidate, ...]], held: AtHand) -> None:
    left = [each for each in wanted if not any(candidate.passes for candidate in found[each.iri])]
    judged = decided(held.links)
    none = [each for each in left if not held.recorded(each) and each.iri not in judged]
    click.echo(
        f"{len(wanted)} things were compared with {len(held.entities)} entities; "
        f"for {len(wanted) - len(left)} an item passes the gate.",
        err=True,
    )
    for link in (judged[each.iri] for each in wanted if each.iri in judged):
        click.echo(_decided(link), err=True)
    for link in (link for each in wanted for link in held.recorded(each)):
        click.echo(_recorded(link, held), err=True)
    if none:
        more = f" and {len(none) - _NAMED} more" if len(none) > _NAMED else ""
        names = ", ".join(shorten(each.iri) for each in none[:_NAMED]) + more
        click.echo(f"Nothing passes for {names}: where Wikidata has no item, judge --no-item says so.", err=True)


def _decided(link: Link) -> str:
    """What is judged already, and how it is judged otherwise: nothing else is accepted beside it."""
    thing = shorten(link.subject)
    judge = f"`communique wikidata judge {thing}"
    if not link.object:
        return f"{thing} has no item, as {link.author} judged on {link.date}; {judge} Q… --accept` says otherwise."
    said = f"{thing} is linked to {link.object}, as {link.author} judged on {link.date}"
    return f"{said}; {judge} {link.object} --stale`, or --reject, says otherwise."


def _recorded(link: Link, held: AtHand) -> str:
    """A candidate that stands in the links, with the commands that decide on it."""
    why = f": {link.comment}" if link.comment else "."
    judge = f"communique wikidata judge {shorten(link.subject)} {link.object}"
    ways = f"`{judge} --accept`, or --reject"
    if link.object not in held.entities:
        ways = f"`communique wikidata fetch {link.object}` gets it to be accepted; `{judge} --reject`"
    said = f"recorded as a candidate by {link.author} on {link.date}{why}"
    return f"{shorten(link.subject)}: {link.object} is {said} {ways}."


def _write(authority: Path, candidates: Iterable[Candidate], held: AtHand, day: str) -> None:
    done = propose(authority, proposals(candidates, day), held.entities)
    click.echo(
        f"Wrote {len(done.written)} candidates to {authority}; {done.unchanged} stood there, "
        f"and of {done.judged} pairs a person has judged.",
        err=True,
    )
