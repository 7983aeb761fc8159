"""``communique wikidata judge``: a person's judgement on whether a thing of ours is an item of Wikidata."""

from pathlib import Path
from typing import Final, cast

import click

from graph.engine import open_engine
from graph.namespaces import shorten
from graph.wikidata.links import NAME, PREDICATES, Link, Status
from graph.wikidata.reconciliation.at_hand import at_hand
from graph.wikidata.reconciliation.judging import Recorded, Verdict, judgement, objections, record
from server.shell import FORMATS, print_rows
from server.wikidata_command.reconcile_command import date_option, folder, store_option

_PREDICATES: Final = {each.removeprefix("skos:").removesuffix("Match"): each for each in PREDICATES}


@click.command("judge")
@click.argument("iri")
@click.argument("item", required=False, metavar="[Q…]")
@click.option("--accept", "status", flag_value="accepted", help="They are the same, or match as --predicate says.")
@click.option("--reject", "status", flag_value="rejected", help="They are not.")
@click.option("--no-item", "status", flag_value="no-item", help="Wikidata has no item for it; without Q….")
@click.option("--candidate", "status", flag_value="candidate", help="They may be; somebody else should look.")
@click.option("--stale", "status", flag_value="stale", help="They were, and the item has changed since.")
@click.option("--predicate", type=click.Choice([*_PREDICATES]), default="exact", show_default=True, help="The match.")
@click.option("--by", "author", required=True, metavar="NAME", help="Who judges.")
@date_option
@click.option("--comment", default="", metavar="TEXT", help="Why, in words.")
@click.option("--authority", type=folder, required=True, help="The folder of authority files with the links.")
@store_option
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default="table", show_default=True, help="How to print."
)
def judge_command(  # noqa: PLR0917 - click gives them by name
    iri: str,
    item: str | None,
    status: str | None,
    predicate: str,
    author: str,
    day: str,
    comment: str,
    authority: Path,
    store: Path,
    form: str,
) -> None:
    """Record a judgement on the thing IRI and the item Q…: one row of links.sssom.tsv, taken up by the next build."""
    if status is None:
        raise click.UsageError("give one of --accept, --reject, --no-item, --candidate and --stale")
    held = at_hand(open_engine(store))
    verdict = Verdict(iri, item or "", cast(Status, status), author, day, _PREDICATES[predicate], comment)
    link = judgement(held, verdict)
    candidate = held.reconciliation.pair(held.subject(iri), item) if item else None
    if candidate:
        rows = ((each.name, each.verdict, f"{each.part:.1f}", each.told) for each in candidate.features)
        print_rows(("feature", "verdict", "part", "in words"), rows, form)
    _tell(record(authority, link, held.entities, keeps_comment=not comment.strip()), authority)
    if gate := objections(held, link):
        click.echo(f"Warning: {item} does not pass: {'; '.join(gate)}; recorded as you say.", err=True)


def _tell(done: Recorded, authority: Path) -> None:
    """What was written, and what it replaced."""
    for former in done.replaced:
        why = f" Its comment was: {former.comment}" if former.comment else ""
        click.echo(f"Replaced: {_in_words(former)}, judged by {former.author} on {former.date}.{why}", err=True)
    what = "Recorded" if done.changed else "Stands already"
    click.echo(f"{what} in {authority / NAME}: {_in_words(done.link)}.", err=True)
    if done.changed:
        click.echo("Build again to have it in the graph.", err=True)


def _in_words(link: Link) -> str:
    return f"{shorten(link.subject)} {link.predicate} {link.object or 'no item'}: {link.status}"
