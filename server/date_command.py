"""``communique date``: what a date means, written in EDTF or as a text says it."""

import click

from graph.dates import DateError, bounds
from graph.relative_dates import relative_date
from server.shell import FORMATS, print_rows

_COLUMNS = ("edtf", "startEarliest", "startLatest", "endEarliest", "endLatest")


@click.command("date")
@click.argument("phrase")
@click.option("--relative-to", "written", metavar="DATE", help="When the text was written, in EDTF.")
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default="table", show_default=True, help="How to print."
)
def date_command(phrase: str, written: str | None, form: str) -> None:
    """Tell what PHRASE means in days: an EDTF date, or words such as "last December" with --relative-to."""
    edtf = relative_date(phrase, bounds(written)) if written else phrase
    try:
        found = bounds(edtf)
    except DateError as error:
        raise click.UsageError(f"{error}; or say with --relative-to when the words were written") from error
    days = (found.start_earliest, found.start_latest, found.end_earliest, found.end_latest)
    print_rows(_COLUMNS, [(edtf, *(day.isoformat() if day else "" for day in days))], form)
