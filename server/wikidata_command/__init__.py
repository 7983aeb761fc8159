"""``communique wikidata``: fetch, import, compare, reconcile, judge and export."""

import click

from server.wikidata_command.compare_command import compare_command
from server.wikidata_command.diff_command import diff_command
from server.wikidata_command.export_command import export_command
from server.wikidata_command.fetch_command import fetch_command
from server.wikidata_command.import_command import import_command
from server.wikidata_command.judge_command import judge_command
from server.wikidata_command.query_command import query_command
from server.wikidata_command.reconcile_command import reconcile_command


@click.group("wikidata")
def wikidata() -> None:
    """What Wikidata says, beside what documents say: get it, link it, compare it, give back what it lacks."""


wikidata.add_command(compare_command)
wikidata.add_command(diff_command)
wikidata.add_command(export_command)
wikidata.add_command(fetch_command)
wikidata.add_command(import_command)
wikidata.add_command(judge_command)
wikidata.add_command(reconcile_command)
wikidata.add_command(query_command)
