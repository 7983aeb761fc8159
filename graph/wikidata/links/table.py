"""The file of links, ``links.sssom.tsv``: an SSSOM mapping set as tab-separated values (w3id.org/sssom, version 1.1).

The head (lines after ``#``) is YAML: which set this is, and what each prefix stands for. Our own columns (``status``,
``agreed``) are declared there as SSSOM's extensions. There is no quoting: no value holds a tab or a line end.
"""

import io
import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Final, cast

from graph.namespaces import UnknownPrefixError, expand, kind, shorten
from graph.store.files import replace_file
from graph.wikidata.links.head import check_head, written_head
from graph.wikidata.links.hidden import hidden
from graph.wikidata.links.model import PREDICATES, STATUSES, Link, LinkError, Status

NAME: Final = "links.sssom.tsv"
COLUMNS: Final = (
    "subject_id", "subject_label", "predicate_modifier", "predicate_id", "object_id", "object_label", "status",
    "mapping_justification", "author_label", "mapping_date", "object_source_version", "confidence", "agreed",
    "comment",
)  # fmt: skip
_NO_ITEM: Final = "sssom:NoTermFound"
_SEPARATOR: Final = "|"
_OBJECT: Final = re.compile(r"wd:(Q[1-9][0-9]{0,9})")
_BROKEN: Final = re.compile(
    r"[\t\n\r\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029\ufdd0-\ufdef\ufeff\ufffe\uffff\ud800-\udfff]"
)
_LONGEST: Final = 2_000


def read_links(folder: Path) -> tuple[Link, ...]:
    """The links of an authority folder, none if it has no file of them; raises LinkError with file and line."""
    path = folder / NAME
    if not path.exists():
        return ()
    if not path.is_file():
        raise LinkError(f"{path}: it is no file")
    lines = _lines(path)
    head = _head(lines)
    check_head(path, head, lines)
    body = [(number, line) for number, line in enumerate(lines, 1) if number > len(head) and line.strip()]
    if not body or tuple(body[0][1].split("\t")) != COLUMNS:
        raise LinkError(f"{path}:{len(head) + 1}: the columns are not {', '.join(COLUMNS)}, with tabs between")
    return tuple(_link(f"{path}:{number}", line) for number, line in body[1:])


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise LinkError(f"{path}: cannot be read: {error}") from error


def _head(lines: list[str]) -> list[str]:
    return [line for line in lines if line.startswith("#")]


def _link(place: str, line: str) -> Link:
    cells = line.split("\t")
    if len(cells) != len(COLUMNS):
        raise LinkError(f"{place}: {len(cells)} cells, where {len(COLUMNS)} columns are")
    row = {name: cell.strip() for name, cell in zip(COLUMNS, cells, strict=True)}
    agreed = tuple(each for each in row["agreed"].split(_SEPARATOR) if each)
    link = Link(
        _subject(place, row["subject_id"]),
        row["predicate_id"],
        _object(place, row["object_id"]),
        cast(Status, row["status"]),
        row["mapping_justification"],
        row["author_label"],
        row["mapping_date"],
        row["subject_label"],
        row["object_label"],
        row["object_source_version"],
        agreed,
        row["confidence"],
        row["comment"],
        place,
    )
    check_link(link)
    if (row["predicate_modifier"] == "Not") != (link.status == "rejected") or row["predicate_modifier"] not in (
        "",
        "Not",
    ):
        raise LinkError(f"{place}: predicate_modifier is 'Not' for what is rejected, and empty for all else")
    return link


def _subject(place: str, text: str) -> str:
    try:
        found = expand(text)
    except UnknownPrefixError as error:
        raise LinkError(f"{place}: {error}") from error
    if kind(found) is None:
        raise LinkError(f"{place}: '{text}' is no resource of ours, such as person:lavrov")
    return found


def _object(place: str, text: str) -> str:
    found = _OBJECT.fullmatch(text)
    if text != _NO_ITEM and not found:
        raise LinkError(f"{place}: '{text}' is no item of Wikidata, such as wd:Q58217, and not {_NO_ITEM}")
    return found[1] if found else ""


def check_link(link: Link) -> None:
    """Whether a link can be written and means something by itself; raises LinkError."""
    place = link.place or f"{shorten(link.subject)} {link.object}"
    texts = (link.author, link.subject_label, link.object_label, link.revision, link.comment, *link.agreed)
    faults = {
        f"status is '{link.status}': expected one of {', '.join(STATUSES)}": link.status not in STATUSES,
        f"predicate is '{link.predicate}': expected one of {', '.join(PREDICATES)}": link.predicate not in PREDICATES,
        f"{_NO_ITEM} goes with the status no-item, and with no other": (link.status == "no-item")
        != (not link.object),
        "justification is missing, such as semapv:ManualMappingCuration": not link.justification.startswith(
            "semapv:"
        ),
        "who judged is missing": not link.author.strip(),
        f"the day of the judgement is '{link.date}': a day such as 2017-03-20 is expected": not _is_day(link.date),
        f"confidence is '{link.confidence}': expected a number from 0 to 1": not _is_share(link.confidence),
        f"a text is longer than {_LONGEST} characters": any(len(each) > _LONGEST for each in texts),
        "a text holds a tab, a line end or another control character": any(map(_BROKEN.search, texts)),
        f"who judged has an invisible character, {hidden(link.author)}: leave it out": bool(hidden(link.author)),
        f"the comment has an invisible character, {hidden(link.comment)}: leave it out": bool(hidden(link.comment)),
        f"a fact that agreed holds '{_SEPARATOR}', which stands between facts": any(
            "|" in each for each in link.agreed
        ),
    }
    for fault, holds in faults.items():
        if holds:
            raise LinkError(f"{place}: {fault}")


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _is_share(text: str) -> bool:
    return not text or re.fullmatch(r"0|1|0?\.[0-9]{1,6}|1\.0+", text) is not None


def write_links(folder: Path, links: Iterable[Link]) -> None:
    """The file of an authority folder holds these links, sorted; the former file stays whole until then.

    What a person has added to its head stays; where it is a symbolic link, the file that it leads to is written.
    Raises LinkError for a link that cannot be written, and OSError where the folder cannot.
    """
    held = [*links]
    for link in held:
        check_link(link)
    rows = sorted(map(_row, held))
    path = written_file(folder)
    former = _head(_lines(path)) if path.exists() else []
    out = io.StringIO(newline="")
    out.write(written_head(path, former, _prefixes(rows)) + "\t".join(COLUMNS) + "\n")
    out.writelines("\t".join(row) + "\n" for row in rows)
    replace_file(path, out.getvalue().encode())


def written_file(folder: Path) -> Path:
    """The file in which the links of an authority folder stand, wherever a symbolic link leads; raises LinkError."""
    try:
        return (folder / NAME).resolve()
    except (OSError, RuntimeError) as error:
        raise LinkError(f"{folder / NAME}: a symbolic link that leads nowhere: {error}") from error


def _prefixes(rows: Iterable[tuple[str, ...]]) -> set[str]:
    return {"wd", "sssom", "skos", "semapv", *(row[0].partition(":")[0] for row in rows)}


def _row(link: Link) -> tuple[str, ...]:
    return tuple(_cells(link))


def _cells(link: Link) -> Iterator[str]:
    yield from (shorten(link.subject), link.subject_label, "Not" if link.status == "rejected" else "", link.predicate)
    yield from (f"wd:{link.object}" if link.object else _NO_ITEM, link.object_label, link.status, link.justification)
    yield from (link.author, link.date, link.revision, link.confidence, _SEPARATOR.join(link.agreed), link.comment)
