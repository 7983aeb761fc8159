"""``communique limits``: every limit of the service with its value, what sets it, and why it is there."""

from dataclasses import fields

import click

from graph.limits import PREFIX, LimitError, Limits, read_limits
from server.shell import FORMATS, print_rows

_COLUMNS = ("limit", "value", "unit", "default", "setting", "reason")


@click.command("limits")
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default="table", help="How to print.", show_default=True
)
def limits_command(form: str) -> None:
    """Print the limits of the service: their values as the environment sets them, and the reason for each.

    A limit of some name is also set by an option of 'communique serve', which wins: query_seconds by --query-seconds.
    """
    try:
        held = read_limits()
    except LimitError as error:
        raise click.ClickException(str(error)) from error
    print_rows(_COLUMNS, rows(held), form)


def rows(limits: Limits) -> list[tuple[str, ...]]:
    """One row for each limit, in the order of the table."""
    return [
        (
            item.name,
            _number(getattr(limits, item.name)),
            item.metadata["unit"],
            _number(getattr(Limits(), item.name)),
            f"{PREFIX}{item.name.upper()}",
            item.metadata["reason"],
        )
        for item in fields(Limits)
    ]


def _number(value: float) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
