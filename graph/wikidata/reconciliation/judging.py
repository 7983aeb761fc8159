"""Judgements and proposals written into the file of links: whole or not at all, one writer at a time.

A person's judgement replaces the former one of the same pair, and what the machine proposed for what is now decided.
The machine's proposals never touch a judgement.
"""

import fcntl
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from graph.wikidata.links import EXACT, Link, LinkError, Status, check_links, read_links, write_links
from graph.wikidata.links.hidden import shown
from graph.wikidata.links.table import check_link, written_file
from graph.wikidata.model import Entity
from graph.wikidata.reconciliation.at_hand import AtHand
from graph.wikidata.reconciliation.candidates import Candidate
from graph.wikidata.reconciliation.features import in_words
from graph.wikidata.reconciliation.subjects import Subject

MACHINE: Final = "communique wikidata reconcile"
_MANUAL: Final = "semapv:ManualMappingCuration"
_COMPOSITE: Final = "semapv:CompositeMatching"
_LEXICAL: Final = "semapv:LexicalMatching"
_VERBS: Final = {
    "accepted": "accept",
    "rejected": "reject",
    "candidate": "record as a candidate",
    "stale": "call stale",
}
_ITEM: Final = re.compile(r"Q[1-9][0-9]*")
_UNWRITABLE: Final = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029|]+")


class JudgementError(ValueError):
    """A judgement that means nothing, or cannot be written as a row."""


class AuthorityFolderError(ValueError):
    """The folder in which links should stand is not there, or cannot be written."""


@dataclass(frozen=True)
class Recorded:
    """What became of a judgement: the row, the rows it replaced, and whether the file is another one now."""

    link: Link
    replaced: tuple[Link, ...] = ()
    changed: bool = True


@dataclass(frozen=True)
class Proposed:
    """What became of proposals: rows written, rows that stood there already, and pairs that a person has judged."""

    written: tuple[Link, ...]
    unchanged: int
    judged: int


@dataclass(frozen=True)
class Verdict:
    """What a person says of a thing of ours (its IRI) and an item, or of no item (''): who, on which day, and why."""

    iri: str
    item: str
    status: Status
    author: str
    day: str
    predicate: str = EXACT
    comment: str = ""


def is_later(day: str, today: date) -> bool:
    """Whether a text is a day after today; what is no day is told where the row is made."""
    try:
        return date.fromisoformat(day) > today
    except ValueError:
        return False


def judgement(held: AtHand, verdict: Verdict) -> Link:
    """The row for a verdict, with the facts that agree and the revision that was seen.

    What is rejected without a comment has what contradicts as its comment, but no earlier judgement. Raises
    :class:`graph.wikidata.reconciliation.at_hand.UnknownThingError`, and :class:`JudgementError` for an item that is
    none or is accepted unseen, for one by nobody but this program, and for a row that cannot be written.
    """
    subject = held.subject(verdict.iri)
    if verdict.author.strip() == MACHINE:
        raise JudgementError(f"'{MACHINE}' is the author of proposals: say which person judges")
    _check_item(verdict)
    candidate = held.reconciliation.pair(subject, verdict.item) if verdict.item else None
    link = _link(candidate, verdict.predicate) if candidate else _unseen(subject, verdict)
    if verdict.status == "rejected":
        link = replace(link, agreed=(), comment=_text(_against(candidate)))
    link = replace(link, status=verdict.status, justification=_MANUAL, confidence="", author=verdict.author.strip())
    return _checked(replace(link, date=verdict.day, comment=verdict.comment.strip() or link.comment))


def objections(held: AtHand, link: Link) -> tuple[str, ...]:
    """Why an item that a person accepts does not pass the gate, in words; empty where it does, or is not accepted."""
    candidate = held.reconciliation.pair(held.subject(link.subject), link.object)
    return candidate.gate if candidate and link.status == "accepted" else ()


def _check_item(verdict: Verdict) -> None:
    if verdict.status == "no-item" and verdict.item:
        raise JudgementError(f"--no-item takes no item: leave {verdict.item} out, or say --reject of it")
    if verdict.status != "no-item" and not verdict.item:
        raise JudgementError(f"give the item (Q…) to {_VERBS[verdict.status]}")
    if verdict.item and not _ITEM.fullmatch(verdict.item):
        raise JudgementError(f"'{verdict.item}' is no item of Wikidata, such as Q58217")


def _against(candidate: Candidate | None) -> str:
    """What contradicts, in words; that somebody judged so before is no reason to judge so again."""
    found = candidate.contradictions if candidate else ()
    return "; ".join(in_words(each) for each in found if each.name != "judgement")


def _checked(link: Link) -> Link:
    try:
        check_link(link)
    except LinkError as error:
        raise JudgementError(str(error)) from error
    return link


def _unseen(subject: Subject, verdict: Verdict) -> Link:
    """What can be said of an item of which nothing is at hand."""
    if verdict.status == "accepted":
        raise JudgementError(
            f"nothing of {verdict.item} is at hand, so that nothing can be checked: get it first "
            f"(`communique wikidata fetch {verdict.item}`, or `import`), build, and judge then"
        )
    label = _text(subject.label)
    return Link(subject.iri, verdict.predicate, verdict.item, verdict.status, _MANUAL, "", "", subject_label=label)


def proposals(candidates: Iterable[Candidate], day: str) -> list[Link]:
    """Rows for the candidates that pass the gate."""
    return [replace(_link(each), author=MACHINE, date=day) for each in candidates if each.passes]


def _link(candidate: Candidate, predicate: str = EXACT) -> Link:
    entity = candidate.profile.entity
    return Link(
        candidate.subject.iri,
        predicate,
        entity.id,
        "candidate",
        _COMPOSITE if candidate.agreements else _LEXICAL,
        "",
        "",
        _text(candidate.subject.label),
        _text(candidate.profile.label),
        entity.revision or entity.retrieved,
        tuple(_text(in_words(each)) for each in candidate.agreements),
        f"{candidate.score / 100:.2f}",
    )


def _text(text: str) -> str:
    """A text of Wikidata's as a cell can hold it."""
    return _UNWRITABLE.sub(" ", shown(text))


def record(folder: Path, link: Link, entities: Mapping[str, Entity], *, keeps_comment: bool = False) -> Recorded:
    """Put a person's judgement into the links of an authority folder.

    Where it keeps the comment, that of a former row with the same judgement stays in place of its own. Raises
    :class:`graph.wikidata.links.LinkError` for one that cannot stand beside the others, and
    :class:`AuthorityFolderError` where the folder cannot be written.
    """
    with _alone(folder):
        held = read_links(folder)
        replaced = tuple(each for each in held if _gives_way(each, link))
        link = _with_former_comment(link, replaced) if keeps_comment else link
        if replaced == (link,):
            return Recorded(link, (), changed=False)
        kept = [each for each in held if each not in replaced]
        check_links([*kept, link], entities)
        write_links(folder, [*kept, link])
    return Recorded(link, replaced)


def _with_former_comment(link: Link, replaced: Iterable[Link]) -> Link:
    """Why somebody judged otherwise is no reason for this judgement."""
    same = (each for each in replaced if (each.pair, each.status) == (link.pair, link.status))
    return replace(link, comment=next((each.comment for each in same if each.comment), link.comment))


def _gives_way(former: Link, link: Link) -> bool:
    """Whether a row is replaced: the same pair, an answer to the same question, or a proposal that is decided now."""
    if former.subject != link.subject:
        return False
    decided = link.status in ("accepted", "no-item") and link.predicate == EXACT
    same = former.predicate == link.predicate and (former.object == link.object or _answers(former, link))
    return same or (_is_proposed(former) and (decided or former.object == link.object))


def _answers(former: Link, link: Link) -> bool:
    """An item where there was said to be none."""
    return former.status == "no-item" and link.status == "accepted"


def _is_proposed(link: Link) -> bool:
    """Whether the machine wrote it: a person's candidate is a judgement."""
    return link.status == "candidate" and link.author == MACHINE


def propose(folder: Path, links: Sequence[Link], entities: Mapping[str, Entity]) -> Proposed:
    """Put proposals among the links of an authority folder: none where a person has judged.

    Raises :class:`graph.wikidata.links.LinkError` where what stands there cannot: no row of it is lost by that.
    """
    with _alone(folder):
        standing = read_links(folder)
        check_links(standing, entities)
        held = {(*each.pair, each.predicate): each for each in standing}
        judged = {each.pair for each in held.values() if not _is_proposed(each)}
        closed = {each.subject for each in held.values() if _is_decided(each)}
        new = [each for each in links if each.pair not in judged and each.subject not in closed]
        written = [each for each in new if not _is_same(held.get((*each.pair, each.predicate)), each)]
        if written:
            held |= {(*each.pair, each.predicate): each for each in written}
            check_links(held.values(), entities)
            write_links(folder, held.values())
    return Proposed(tuple(written), len(new) - len(written), len(links) - len(new))


def _is_decided(link: Link) -> bool:
    return link.predicate == EXACT and link.status in ("accepted", "no-item")


def _is_same(former: Link | None, link: Link) -> bool:
    """Whether a proposal stands there already, whenever that was."""
    return former is not None and replace(former, date=link.date) == link


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Nobody else writes the links of a folder meanwhile; raises AuthorityFolderError where it cannot be written."""
    try:
        descriptor = os.open(written_file(folder).parent, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise AuthorityFolderError(f"{folder}: no folder of authority files: {error.strerror}") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    except OSError as error:
        raise AuthorityFolderError(f"{folder}: the links cannot be written: {error.strerror or error}") from error
    finally:
        os.close(descriptor)
