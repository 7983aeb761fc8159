"""``communique token``: give out, list and revoke the tokens with which a store takes writing, or judgements."""

from pathlib import Path

import click

from server.access import SCOPES, ScopeError, TokenFileError, Tokens, UnknownTokenError
from server.shell import FORMATS, print_rows


@click.command(name="token")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--scope", help=f"What it may be used for: one or more of {', '.join(SCOPES)}, with commas between.")
@click.option("--label", default="", help="Who or what it is for; only shown by --list.")
@click.option("--list", "listed", is_flag=True, help="The tokens there are, without the tokens themselves.")
@click.option("--revoke", metavar="ID", help="Forget a token: the id is in the list.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="table", show_default=True, help="For --list.")
def token(  # noqa: PLR0917 - click gives them by name
    folder: Path, scope: str | None, label: str, listed: bool, revoke: str | None, form: str
) -> None:
    """A new token for writing to the plain store in FOLDER, or for judging links at a built one.

    It is printed once; the folder keeps its hash.
    """
    if sum((scope is not None, listed, revoke is not None)) != 1:
        raise click.UsageError("give one of --scope, --list and --revoke")
    tokens = Tokens(folder)
    try:
        if revoke is not None:
            tokens.revoke(revoke)
            click.echo(f"Revoked {revoke}.", err=True)
        elif listed:
            _print(tokens, form)
        else:
            click.echo(tokens.new([name.strip() for name in (scope or "").split(",")], label))
            click.echo("Keep it: it is not shown again. Send it as 'Authorization: Bearer …'.", err=True)
    except ScopeError as error:
        raise click.UsageError(str(error)) from error
    except (TokenFileError, UnknownTokenError, OSError) as error:
        raise click.ClickException(str(error)) from error


def _print(tokens: Tokens, form: str) -> None:
    rows = [(held.id, ",".join(held.scopes), held.label, held.created) for held in tokens.all()]
    print_rows(("id", "scopes", "label", "created"), rows, form)
