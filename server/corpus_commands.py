"""Commands for those who write assertion files: ``anchor``, ``sentences``, ``schema``, ``coverage``."""

import json
from pathlib import Path
from typing import Final

import click

from graph.anchors import anchor, short_hash
from graph.assertions import json_schema
from graph.coverage import accounts, unaccounted
from graph.documents import fold, read, sentences, sha256
from server.shell import FORMATS, print_rows
from server.source_options import corpus_option, documents_option

_format = click.option(
    "--format", "form", type=click.Choice(FORMATS), default="table", show_default=True, help="How to print."
)


@click.command("anchor")
@documents_option
@corpus_option
def anchor_command(documents: Path | None, corpus: Path) -> None:
    """Find every quote in its text and write the lock files."""
    for path in anchor(corpus, _needed(documents)):
        click.echo(path)


def _needed(documents: Path | None) -> Path:
    if documents is None:
        raise click.UsageError("the texts are needed: give --documents or set COMMUNIQUE_DOCUMENTS")
    return documents


@click.command("sentences")
@click.argument("text", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_format
def sentences_command(text: Path, form: str) -> None:
    """Number the sentences of TEXT, with what its assertion file needs: hashes, SHA-256 and length."""
    words = read(text)
    spans = ((n, fold(words[span.start : span.end])) for n, span in enumerate(sentences(words), 1))
    print_rows(("sentence", "hash", "text"), [(str(n), short_hash(said), said) for n, said in spans], form)
    click.echo(f"sha256: {sha256(words)}\nlength: {len(words)}", err=True)


@click.command("schema")
def schema_command() -> None:
    """Print the JSON Schema of assertion files, for editors."""
    click.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))


@click.command("coverage")
@documents_option
@corpus_option
@_format
def coverage_command(documents: Path | None, corpus: Path, form: str) -> None:
    """Account for every sentence of every document; fail on one that is not accounted for."""
    found = accounts(corpus, documents)
    columns = ("document", "sentences", "asserted", "listed", "unaccounted", "assertions", "quotes", "quoted")
    rows = [
        (
            item.document,
            str(item.sentences),
            str(item.asserted),
            ", ".join(f"{count} {reason}" for reason, count in item.listed.items()),
            str(len(item.unaccounted)),
            str(item.assertions),
            str(item.quotes),
            f"{item.quoted_share:.1%}",
        )
        for item in found
    ]
    print_rows(columns, rows, form)
    complaints = unaccounted(found)
    if complaints:
        raise click.ClickException("; ".join(complaints))


corpus_commands: Final = (anchor_command, sentences_command, schema_command, coverage_command)
