"""What a build is made from: the folders, where they are if nobody says, and the hash of all that they hold."""

import hashlib
import os
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

SOURCES: Final = ("documents", "corpus", "authority", "wikidata")


def default_out() -> Path:
    """Where a build goes: ``$COMMUNIQUE_STORE``, else ``communique`` under ``$XDG_DATA_HOME`` (~/.local/share)."""
    if os.environ.get("COMMUNIQUE_STORE"):
        return Path(os.environ["COMMUNIQUE_STORE"])
    return _data_home() / "communique"


def default_documents() -> Path | None:
    """The folder of texts: ``$COMMUNIQUE_DOCUMENTS``, else ``../shared/seeds`` beside the checkout if it is there."""
    if os.environ.get("COMMUNIQUE_DOCUMENTS"):
        return Path(os.environ["COMMUNIQUE_DOCUMENTS"])
    beside = Path(__file__).resolve().parents[2] / "shared" / "seeds"
    return beside if beside.is_dir() else None


def default_corpus() -> Path:
    """The assertion files that the program ships."""
    return _folder("corpus")


def default_authority() -> Path:
    """The authority files that the program ships."""
    return _folder("authority")


def default_records() -> Path:
    """Where records of Wikidata are kept: ``$COMMUNIQUE_WIKIDATA``, else ``communique-wikidata`` beside the store."""
    if os.environ.get("COMMUNIQUE_WIKIDATA"):
        return Path(os.environ["COMMUNIQUE_WIKIDATA"])
    return _data_home() / "communique-wikidata"


def shipped_slices() -> Path:
    """The facts of Wikidata that the program ships."""
    return _folder("slices")


def _data_home() -> Path:
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")


def _folder(name: str) -> Path:
    return Path(str(files("graph").joinpath(name)))


def records_read(wikidata: Path | None) -> list[Path]:
    """The folders of what Wikidata says; one of the user's own is there once something has been kept in it."""
    return [shipped_slices(), *([wikidata] if wikidata and wikidata.is_dir() else [])]


def inputs_hash(documents: Path | None, corpus: Path, authority: Path, wikidata: Path | None = None) -> str:
    """The hash of all that a build is made from: corpus, authority, ontology, program, texts, records of Wikidata."""
    digest = hashlib.sha256()
    for root in (files("ontology"), files("graph"), corpus, authority, *records_read(wikidata)[1:]):
        for name, data in _contents(root, ""):
            digest.update(f"{name}\0{len(data)}\0".encode() + data)
    for text in sorted(documents.glob("*.txt")) if documents and documents.is_dir() else ():
        digest.update(hashlib.sha256(text.read_bytes()).digest())
    return digest.hexdigest()


def _contents(folder: Traversable | Path, prefix: str) -> Iterator[tuple[str, bytes]]:
    """The files of a folder, but for hidden ones: what a killed writer leaves is no part of it."""
    shown = (item for item in folder.iterdir() if not item.name.startswith("."))
    for item in sorted(shown, key=lambda item: item.name):
        if item.is_dir() and item.name != "__pycache__":
            yield from _contents(item, f"{prefix}{item.name}/")
        elif item.is_file():
            yield f"{prefix}{item.name}", item.read_bytes()
