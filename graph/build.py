"""The build: from assertion files, authority and ontology to a store that can be queried.

Read and check → anchors (verified where the texts are at hand) → dataset and admission → SHACL → rules → SHACL on
the merged view → the merge with Wikidata → canonical N-Quads and Oxigraph store. A step that fails stops the build
and leaves the former store in place. Each expected error is a ValueError of the module that raises it.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from graph.anchors import locks
from graph.assertions import CorpusFile, read_corpus
from graph.dataset import Dataset, assemble, read_authority, read_ontology
from graph.derivation import derive
from graph.namespaces import cq, expand, shorten
from graph.sources import SOURCES, default_authority, default_corpus, inputs_hash, records_read
from graph.store import Manifest, NoStoreError, read_manifest, write, writer
from graph.store.corpus import recorded_versions
from graph.store.history import latest, refuse_earlier
from graph.validation import EmptySlot, empty_slots, validate_assertion_graphs, validate_merged
from graph.wikidata.deriving import derive_with_wikidata, put_beside
from graph.wikidata.links import links_in, read_links
from graph.wikidata.slices import read_slices

Progress = Callable[[str, int, int], None]
STEPS = ("read", "anchor", "assemble", "validate", "entail", "validate merged", "merge with Wikidata", "store")


@dataclass(frozen=True)
class BuildReport:
    """What a build made: data version, counts by kind, whether quotes were checked against texts, seconds taken.

    ``empty_slots`` are the seats of held meetings' formats in which nobody is named or known.
    """

    version: str
    counts: dict[str, int]
    quotes_checked: bool
    seconds: float
    empty_slots: tuple[EmptySlot, ...]


def build(  # noqa: PLR0917
    out: Path,
    documents: Path | None = None,
    corpus: Path | None = None,
    authority: Path | None = None,
    progress: Progress | None = None,
    recorded: str | None = None,
    wikidata: Path | None = None,
) -> BuildReport:
    """Builds into a folder; with the folder of texts, every quote is checked against them.

    ``wikidata`` is a folder of records of Wikidata, which are read beside the facts that the program ships.
    ``recorded`` is the time at which the version counts as recorded, a day or a time: by default the latest day on
    which a document of the corpus was, but not before the last version. Raises RecordingTimeError.
    """
    started = time.monotonic()
    sources = corpus or default_corpus(), authority or default_authority()
    steps = _Steps(progress)
    with writer(out):
        former = recorded_versions(out)
        if recorded:
            refuse_earlier(former, recorded)
        inputs = inputs_hash(documents, *sources, wikidata)
        dataset = _dataset(steps, documents, *sources, wikidata)
        steps.next()
        counts = _counts(dataset)
        told = recorded or latest([_last_recorded(dataset), *(each.time for each in former[-1:])])
        manifest = write(
            out, dataset.quads(), inputs, counts, _recorded(documents, corpus, authority, wikidata), told
        )
    steps.next()
    seats = tuple(empty_slots(dataset.merged()))
    return BuildReport(manifest.version, counts, documents is not None, time.monotonic() - started, seats)


def _last_recorded(dataset: Dataset) -> str:
    """The latest day on which a document was recorded; '' where there is none."""
    days = (t.object for t in dataset.provenance if t.predicate == cq("recordedOn"))
    return max((getattr(day, "value", "") for day in days), default="")


def _recorded(*folders: Path | None) -> dict[str, str | None]:
    found = (str(folder.resolve()) if folder and folder.is_dir() else None for folder in folders)
    return dict(zip(SOURCES, found, strict=True))


def recorded_sources(out: Path) -> dict[str, Path | None]:
    """The folders that a store was built from (documents, corpus, authority), None where none was given.

    Nothing where there is no store.
    """
    with suppress(NoStoreError):
        held = read_manifest(out).sources
        return {name: Path(folder) if folder else None for name, folder in held.items()}
    return dict.fromkeys(SOURCES)


class _Steps:
    """Tells the progress of a build, step by step."""

    def __init__(self, progress: Progress | None) -> None:
        self.progress = progress
        self.done = 0

    def next(self) -> None:
        if self.progress:
            self.progress(STEPS[min(self.done, len(STEPS) - 1)], self.done, len(STEPS))
        self.done += 1


def _dataset(steps: _Steps, documents: Path | None, corpus: Path, authority: Path, wikidata: Path | None) -> Dataset:
    steps.next()
    held = read_corpus(corpus)
    steps.next()
    locked = list(locks(held, documents))
    steps.next()
    dataset = assemble(locked, read_authority(authority), read_ontology())
    told = put_beside(dataset, read_slices(*records_read(wikidata)), read_links(authority))
    steps.next()
    said = {name.value: graph for name, graph in dataset.assertions.items()}
    validate_assertion_graphs(said, _places(held))
    steps.next()
    derive(dataset)
    steps.next()
    validate_merged(dataset.merged(), _places(held))
    steps.next()
    derive_with_wikidata(dataset, told)
    return dataset


def _places(corpus: list[CorpusFile]) -> dict[str, str]:
    """Where each assertion stands, by its IRI, for complaints."""
    return {expand(a.id): file.at(index) for file in corpus for index, a in enumerate(file.content.assertions)}


def _counts(dataset: Dataset) -> dict[str, int]:
    passages = {t.object for t in dataset.provenance if shorten(t.predicate.value) == "cq:restsOn"}
    return {
        "assertions": len(dataset.assertions),
        "passages": len(passages),
        "asserted": len(set().union(*dataset.assertions.values())),
        "provenance": len(dataset.provenance),
        "authority": len(dataset.authority),
        "ontology": len(dataset.ontology),
        "entailed": len(dataset.entailed),
        "index": len(dataset.index),
        "merged": len(dataset.merged()),
        "links": len(links_in(dataset.links)),
        "slices of Wikidata": len(dataset.slices),
        "comparisons": sum(t.predicate == cq("verdict") for t in dataset.comparisons),
        "merged with Wikidata": len(dataset.with_wikidata),
    }


def is_current(
    out: Path,
    documents: Path | None = None,
    corpus: Path | None = None,
    authority: Path | None = None,
    wikidata: Path | None = None,
) -> bool:
    """Whether the folder holds a store built from what is there now."""
    held: Manifest | None = None
    with suppress(NoStoreError):
        held = read_manifest(out)
    wanted = inputs_hash(documents, corpus or default_corpus(), authority or default_authority(), wikidata)
    return held is not None and held.inputs == wanted
