"""The shape of an assertion file: ``graph/corpus/<document>.yaml``, one document and what it asserts.

A file is read and checked strictly before anything is made of it; every complaint names file and line.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date as day
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, model_validator

from graph.content import AssertionRef, Edtf, Node, Strict, identified, references, some
from graph.namespaces import slug
from graph.yaml_file import Location, YamlFile, read_yaml, yaml_files

Modality = Literal["Asserted", "Expected", "Denied", "Opinion", "Accusation"]
Reason = Literal["page-furniture", "metadata", "heading", "transition", "duplicate", "unintelligible-translation"]


class AssertionFileError(ValueError):
    """An assertion file breaks the rules of its shape: unknown key, prefix, kind or reference, or a double id."""


def _is_day(value: str) -> str:
    if not value.isascii() or day.fromisoformat(value).isoformat() != value:
        raise ValueError(f"'{value}' is not a day such as 2026-11-21")
    return value


class Document(Strict):
    """The document's metadata; the author may be a body, or nobody is named.

    ``date`` is EDTF, ``length`` counts code points, ``recorded`` is given, never now.
    """

    id: identified("document")  # type: ignore[valid-type]
    title: str
    author: identified("person", "organisation", "group", "office", "state") | None = None  # type: ignore[valid-type]
    author_post: identified("office") | None = Field(default=None, alias="author post")  # type: ignore[valid-type]
    publisher: identified("organisation")  # type: ignore[valid-type]
    date: Edtf
    date_inferred_from: some(AssertionRef) | None = Field(default=None, alias="date inferred from")  # type: ignore[valid-type]
    language: str = Field(pattern="^[a-z]{2}$")
    translated_from: str | None = Field(default=None, alias="translated from", pattern="^[a-z]{2}$")
    genre: Literal["analysis", "opinion", "news", "communiqué", "interview"]
    url: str | None = Field(default=None, pattern=r'^https?://[^\s<>"{}|\\^`]+$')
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    length: int = Field(ge=1)
    recorded: Annotated[str, AfterValidator(_is_day)]
    caveats: some(str) | None = None  # type: ignore[valid-type]


class Quote(Strict):
    """Words of the document, and what stands right before them where they alone occur more than once."""

    quote: str = Field(min_length=1)
    prefix: str = ""


def _as_quotes(value: Any) -> Any:
    items = value if isinstance(value, list) else [value]
    return [{"quote": item} if isinstance(item, str) else item for item in items]


def _as_nodes(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


class Assertion(Strict):
    """What the quoted words say, who says so (innermost first) and how; its id names the graph that holds it."""

    id: AssertionRef
    quotes: Annotated[list[Quote], BeforeValidator(_as_quotes), Field(alias="quote", min_length=1)]
    prefix: str | None = None
    modality: Modality | None = None
    voices: list[identified("person", "state", "organisation", "group", "office")] = []  # type: ignore[valid-type]
    says: Annotated[list[Node], BeforeValidator(_as_nodes)] = []
    flags: list[Literal["suspect-translation"]] = []
    note: str | None = None
    infers: Literal["year", "month", "date", "speaker"] | None = None
    inferred_from: some(AssertionRef) | None = Field(default=None, alias="inferred from")  # type: ignore[valid-type]

    @model_validator(mode="after")
    def _is_whole(self) -> "Assertion":
        if self.says and not (self.modality and self.voices):
            raise ValueError("an assertion that says something needs `modality:` and `voices:`")
        if not self.says and "suspect-translation" not in self.flags:
            raise ValueError("an assertion needs `says:`, unless it is flagged `suspect-translation`")
        if "suspect-translation" in self.flags and (self.says or self.voices or self.modality):
            raise ValueError("what is garbled is asserted by nobody: leave `says:`, `voices:` and `modality:` out")
        if "suspect-translation" in self.flags and not self.note:
            raise ValueError("a suspect translation needs a `note:` of its likely sense")
        if bool(self.infers) != bool(self.inferred_from):
            raise ValueError("`infers:` and `inferred from:` go together: what is inferred, and its ground")
        if self.prefix is not None and len(self.quotes) != 1:
            raise ValueError("`prefix:` beside several quotes is unclear; give it with its quote")
        return self

    def located_quotes(self) -> list[Quote]:
        """The quotes, a prefix that stands beside a single quote given to it."""
        if self.prefix is None:
            return self.quotes
        return [Quote(quote=self.quotes[0].quote, prefix=self.prefix)]


class NothingAsserted(Strict):
    """A sentence (by number and hash) that asserts nothing, and why; a duplicate names what it repeats."""

    sentence: int = Field(ge=1)
    hash: str = Field(pattern="^[0-9a-f]{12}$")
    reason: Reason
    of: AssertionRef | None = None

    @model_validator(mode="after")
    def _names_its_original(self) -> "NothingAsserted":
        if (self.reason == "duplicate") != (self.of is not None):
            raise ValueError("`of:` names what a duplicate repeats, and stands with `reason: duplicate` only")
        return self


class Content(Strict):
    """A whole file."""

    document: Document
    assertions: list[Assertion]
    nothing_asserted: list[NothingAsserted] = Field(default=[], alias="nothing-asserted")


@dataclass(frozen=True)
class CorpusFile:
    """A checked assertion file with the lines on which its parts stand."""

    source: YamlFile
    content: Content

    @property
    def document(self) -> Document:
        """The document's metadata."""
        return self.content.document

    @cached_property
    def name(self) -> str:
        """The document's slug, which is also the file's name."""
        return slug(self.document.id.replace(":", "/"))

    @property
    def lock_path(self) -> Path:
        """Where the anchors of this file are locked."""
        return self.source.path.with_suffix(".lock.json")

    def at(self, assertion: int, *rest: int | str) -> str:
        """``path:line`` of the assertion of that index, or of a part of it."""
        return self.source.at(("assertions", assertion, *rest))


def json_schema() -> dict[str, Any]:
    """The JSON Schema of assertion files, for editors."""
    return Content.model_json_schema(by_alias=True)


def read_corpus(folder: Path) -> list[CorpusFile]:
    """All assertion files of a folder, checked alone and against each other; raises AssertionFileError."""
    files = [read_assertions(path) for path in yaml_files(folder)]
    if not files:
        raise AssertionFileError(f"{folder}: no assertion file (*.yaml) is there")
    _check_ids(files)
    _check_assertion_references(files)
    return files


def read_assertions(path: Path) -> CorpusFile:
    """One assertion file, checked; raises AssertionFileError or YamlError, each with file and line."""
    source = read_yaml(path)
    try:
        content = Content.model_validate(source.data)
    except ValidationError as error:
        raise AssertionFileError(_complaints(source, error)) from error
    found = CorpusFile(source, content)
    if path.stem != found.name:
        raise AssertionFileError(f"{source.at(('document', 'id'))}: {found.document.id} belongs in {found.name}.yaml")
    _check_voices(found)
    return found


def _complaints(source: YamlFile, error: ValidationError) -> str:
    lines = []
    for detail in error.errors(include_url=False):
        place = source.at(_in_file(detail["loc"]))
        key = next((step for step in reversed(detail["loc"]) if isinstance(step, str)), "the file")
        lines.append(f"{place}: {key}: {detail['msg'].removeprefix('Value error, ')}")
    return "\n".join(dict.fromkeys(lines))


def _in_file(location: Location) -> Location:
    """A pydantic location without the name of the union's member, which is no key of the file."""
    return tuple(step for step in location if not (isinstance(step, str) and step[:1].isupper()))


def _check_voices(file: CorpusFile) -> None:
    own = {voice for voice in (file.document.author, file.document.publisher) if voice}
    for index, assertion in enumerate(file.content.assertions):
        if assertion.voices and assertion.voices[-1] not in own:
            raise AssertionFileError(
                f"{file.at(index, 'voices')}: the outermost voice is {assertion.voices[-1]}, but the document speaks "
                f"through {' or '.join(sorted(own))}: end the chain with one of them"
            )


def _check_ids(files: Iterable[CorpusFile]) -> None:
    seen: dict[str, str] = {}
    for file in files:
        for index, assertion in enumerate(file.content.assertions):
            place = file.at(index, "id")
            if assertion.id in seen:
                raise AssertionFileError(
                    f"{place}: {assertion.id} names an assertion already, at {seen[assertion.id]}"
                )
            seen[assertion.id] = place


def _check_assertion_references(files: Iterable[CorpusFile]) -> None:
    known = Counter(assertion.id for file in files for assertion in file.content.assertions)
    for file in files:
        for location, reference in _assertion_references(file):
            if reference not in known:
                raise AssertionFileError(f"{file.source.at(location)}: {reference} is no assertion of the corpus")


def _assertion_references(file: CorpusFile) -> Iterable[tuple[Location, str]]:
    for reference in file.document.date_inferred_from or []:
        yield ("document", "date inferred from"), reference
    for index, assertion in enumerate(file.content.assertions):
        for reference in assertion.inferred_from or []:
            yield ("assertions", index, "inferred from"), reference
    for index, entry in enumerate(file.content.nothing_asserted):
        if entry.of:
            yield ("nothing-asserted", index, "of"), entry.of


def mentioned(file: CorpusFile) -> Mapping[str, str]:
    """Every compact IRI that a file's assertions mention, with the place where it first stands."""
    places: dict[str, str] = {}
    for index, assertion in enumerate(file.content.assertions):
        for reference in [*assertion.voices, *(found for node in assertion.says for found in references(node))]:
            places.setdefault(reference, file.at(index))
    for key in ("author", "publisher", "author_post"):
        reference = getattr(file.document, key)
        if reference:
            places.setdefault(reference, file.source.at(("document", key.replace("_", " "))))
    return places
