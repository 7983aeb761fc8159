"""``communique backup``, ``restore`` and ``versions``: for a built store and for a plain one alike."""

from collections.abc import Callable
from pathlib import Path

import click

from graph.store.upkeep import Held, backup, held_versions, restore
from server.shell import FORMATS, print_rows

_COLUMNS = ("version", "recorded", "committed", "quads", "bytes", "current", "in use")


def upkeep_commands(default_store: Callable[[], Path]) -> list[click.Command]:
    """The commands, on the store that is meant where none is named."""
    store = click.Option(
        ["--store", "--plain", "store"],
        type=click.Path(file_okay=False, path_type=Path),
        default=default_store,
        envvar="COMMUNIQUE_STORE",
        show_default="$XDG_DATA_HOME/communique",
        show_envvar=True,
        help="The built folder, or the folder of a plain store.",
    )
    form = click.Option(
        ["--format", "form"], type=click.Choice(FORMATS), default="table", show_default=True, help="How to print."
    )
    folder = click.Argument(["folder"], metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
    return [
        click.Command("backup", callback=_backup, params=[store, folder], help=_backup.__doc__),
        click.Command("restore", callback=_restore, params=[store, folder], help=_restore.__doc__),
        click.Command("versions", callback=_versions, params=[store, form], help=_versions.__doc__),
    ]


def _backup(store: Path, folder: Path) -> None:
    """Copy the store's current version into the new folder DIR, counted and hashed; a server may go on meanwhile."""
    done = backup(store, folder)
    click.echo(f"Saved version {done.version} of {store} in {folder}: {done.inventory.quads} quads.", err=True)


def _restore(store: Path, folder: Path) -> None:
    """Make the backup in DIR the store's current version, once verified. Stop a plain store's server first."""
    click.echo(f"Restored {folder} to {store} as version {restore(store, folder)}.", err=True)


def _versions(store: Path, form: str) -> None:
    """List the versions of the store, the newest first; bytes are those not shared with newer ones.

    Of a built store those are listed, too, whose snapshots were removed: the history has them.
    """
    print_rows(_COLUMNS, map(_row, held_versions(store)), form)


def _row(held: Held) -> tuple[str, ...]:
    size = (str(held.quads), str(held.bytes)) if held.time else ("", "")
    return held.version, held.recorded, held.time, *size, _yes(held.is_current), _yes(held.is_read)


def _yes(is_so: bool) -> str:
    return "yes" if is_so else "no"
