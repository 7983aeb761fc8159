"""The three sizes at which all is measured, and the folders that hold them."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Store

from graph.build import build
from graph.store.corpus import MANIFEST, Manifest, write_manifest

from .world import make_world, quads


@dataclass(frozen=True)
class Size:
    """How much there is: the corpus (None), or a world of so many meetings."""

    name: str
    meetings: int | None

    @property
    def for_rdflib(self) -> bool:
        """Whether rdflib can be expected to hold it."""
        return (self.meetings or 0) <= 10_000


SIZES = {size.name: size for size in (Size("corpus", None), Size("10k", 10_000), Size("300k", 300_000))}


def folder_of(size: Size, within: Path, tell: Callable[[str], None]) -> Path:
    """The size's built folder; it is made if it is not there."""
    folder = within / size.name
    if not (folder / MANIFEST).exists():
        tell(f"making {folder}")
        make = _build if size.meetings is None else _generate
        make(folder, size)
    return folder


def _build(folder: Path, _: Size) -> None:
    build(folder)


def _generate(folder: Path, size: Size) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    store = folder / f"store-{size.name}"
    shutil.rmtree(store, ignore_errors=True)
    made = Store(str(store))
    made.bulk_extend(quads(make_world(size.meetings or 0)))
    made.optimize()
    made.flush()
    del made
    none = {"documents": None, "corpus": None, "authority": None}
    manifest = Manifest(f"{size.meetings:064d}", "generated", store.name, f"dataset-{size.name}.nq", {}, none)
    write_manifest(folder, manifest)
