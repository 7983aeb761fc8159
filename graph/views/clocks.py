"""The three clocks of a question, and whether Wikidata counts, as they are written in a URL or on the command line.

====================  ===========================================================================================
``valid-at``          a day: only what was so, or happened, on it
``known-at``          a day: only what documents published by then say, and what follows from that alone
``recorded-at``       a day (its end, UTC) or a time: the newest version that was recorded by then
``certainty``         ``certain`` or ``possible``: what is there for every date, or for some date, that fits
``merged``            ``true``: the view in which Wikidata's tenures count; ``false`` is as if it were not given
====================  ===========================================================================================

What a saved query concludes is certain if both views have the row. One view alone, as pages and SPARQL queries have
it, vouches for no conclusion from an absence: that holds among the documents and things of this view only.

A day is a whole one, ``2017-03-20``: a month or a year would have as many answers as days.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from graph.store.history import RecordingTimeError, moment

MERGED: Final = "merged"
NAMES: Final = ("valid-at", "known-at", "recorded-at", "certainty", MERGED)
Certainty = Literal["certain", "possible"]
CERTAINTIES: Final[tuple[Certainty, Certainty]] = ("certain", "possible")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class ClockError(ValueError):
    """A clock is set to what is no day or time, twice, or to nothing."""


class NoClocksError(ClockError):
    """The store has no clocks: it is a plain one, or stands elsewhere."""


class MergedError(ClockError):
    """It is not said whether the view with Wikidata is asked for: ``merged`` is neither true nor false."""


@dataclass(frozen=True)
class Clocks:
    """The clocks that are set, with days in ISO 8601; None is not set, and for ``certainty`` not said.

    ``merged`` is whether the view with Wikidata is asked.
    """

    valid_at: str | None = None
    known_at: str | None = None
    recorded_at: str | None = None
    certainty: Certainty | None = None
    merged: bool = False

    def __bool__(self) -> bool:
        return self.timed or self.merged

    @property
    def timed(self) -> bool:
        """Whether a time is asked for."""
        return any((self.valid_at, self.known_at, self.recorded_at))

    @property
    def given(self) -> dict[str, str]:
        """What is set, by the names of the parameters."""
        values = (self.valid_at, self.known_at, self.recorded_at, self.certainty, "true" if self.merged else None)
        return {name: value for name, value in zip(NAMES, values, strict=True) if value}


def read_clocks(given: Iterable[tuple[str, str]]) -> Clocks:
    """The clocks among some parameters; raises :class:`ClockError` for a value that will not do, or a second one."""
    found: dict[str, str] = {}
    for name, value in given:
        if name in NAMES:
            if name in found:
                raise ClockError(f"'{name}' is given more than once, and has one place")
            found[name] = value
    certainty = _certainty(found)
    clocks = Clocks(_day("valid-at", found), _day("known-at", found), _time(found), certainty, _merged(found))
    if certainty and not clocks.timed:
        raise ClockError("'certainty' is said of an answer at a clock: give valid-at, known-at or recorded-at, too")
    return clocks


def _day(name: str, found: dict[str, str]) -> str | None:
    text = found.get(name)
    if text is None:
        return None
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise ClockError(f"{name} is '{text}': there is no such day ({error})") from error
    raise ClockError(
        f"{name} is '{text}': one whole day is expected, such as 2017-03-20; for a month, ask for its first and last"
    )


def _time(found: dict[str, str]) -> str | None:
    text = found.get("recorded-at")
    try:
        if text is not None:
            moment(text)
    except RecordingTimeError as error:
        raise ClockError(f"recorded-at: {error}") from error
    return text


def _certainty(found: dict[str, str]) -> Certainty | None:
    text = found.get("certainty")
    known = next((each for each in CERTAINTIES if each == text), None)
    if text is not None and known is None:
        raise ClockError(f"certainty is '{text}': expected 'certain' or 'possible'")
    return known


def _merged(found: dict[str, str]) -> bool:
    text = found.get(MERGED, "false")
    if text not in ("true", "false"):
        raise MergedError(f"merged is '{text}': expected 'true' (the view with Wikidata) or 'false'")
    return text == "true"
