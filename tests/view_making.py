"""Views made in the tests' own process, which has read the rules already; a maker's own process reads them again."""

from pathlib import Path

from graph.store.corpus import read_manifest, snapshot_of
from graph.views import Views
from graph.views.clocks import read_clocks
from graph.views.making import make


def make_here(views: Views, folder: Path, room: Path, **clocks: str) -> None:
    """Make the certain view of a folder at clocks, so that it is there when it is asked for."""
    given = read_clocks((name.replace("_", "-"), value) for name, value in clocks.items())
    view = views.at(given, "certain", read_manifest(folder).version)
    source = snapshot_of(folder, view.source)
    asked = {name: getattr(view, name) for name in ("known", "valid", "certainty", "merged")}
    told = {"do": "view", "target": view.name, "source": str(source.path), "version": source.version}
    make(folder, room, {**told, **asked})
