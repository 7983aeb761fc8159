"""Clocks on the command line: ``--valid-at``, ``--known-at``, ``--recorded-at``, ``--certainty``, ``--merged``."""

from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import click

from graph.engine import open_engine
from graph.engine.embedded import Embedded
from graph.limits import Limits, read_limits
from graph.store import kind
from graph.views import Views
from graph.views.clocks import CERTAINTIES, MERGED, Clocks, NoClocksError, read_clocks
from graph.views.question import Question

_HELP: Final = {
    "valid-at": "Only what was so on this day.",
    "known-at": "Only what documents published by this day say.",
    "recorded-at": "The version recorded by then: a day (its end, UTC) or a time.",
}


def clock_options() -> list[click.Parameter]:
    """The options, which a command gives on to :func:`clocks_of`."""
    days = [click.Option([f"--{name}", name.replace("-", "_")], metavar="DAY", help=_HELP[name]) for name in _HELP]
    which = "What is certain, or what is possible."
    certainty = click.Option(["--certainty"], type=click.Choice(CERTAINTIES), help=which)
    return [*days, certainty, click.Option([f"--{MERGED}"], is_flag=True, help="The view with Wikidata.")]


def with_clocks(command: click.Command) -> click.Command:
    """A command with the options of the clocks after its own."""
    command.params.extend(clock_options())
    return command


def tell_other(question: Question) -> None:
    """Say on standard error that the other view may have another answer."""
    if question.differs:
        rest = f"--certainty {question.other}"
        click.echo(f"This is what is {question.certainty}; ask with {rest} for the other answer.", err=True)


def clocks_of(given: MutableMapping[str, Any]) -> Clocks:
    """The clocks among a command's options, taken out of them; raises :class:`graph.views.clocks.ClockError`."""
    named = [(name, given.pop(name.replace("-", "_"), None)) for name in (*_HELP, "certainty")]
    named += [(MERGED, "true")] if given.pop(MERGED, False) else []
    return read_clocks((name, value) for name, value in named if value is not None)


@contextmanager
def question_at(store: Path, clocks: Clocks) -> Iterator[Question]:
    """A question to a built folder at some clocks, or at none: then the current version answers.

    Raises NoStoreError, NoClocksError, and what :class:`graph.views.question.Question` does.
    """
    if clocks and kind(store) == "plain":
        raise NoClocksError(f"{store}: a plain store has no clocks, and no view with Wikidata")
    views = Views(store, _patient(read_limits()), Embedded)
    question = Question(clocks, views, open_engine(store))
    try:
        yield question
    finally:
        question.close()
        views.close()


def _patient(limits: Limits) -> Limits:
    """In the shell one waits until a view is there."""
    return replace(limits, view_waiting_seconds=2 * limits.view_seconds)
