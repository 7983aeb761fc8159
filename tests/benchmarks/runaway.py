"""How long a light query takes while another one runs away, against how long it takes without."""

import statistics
from dataclasses import asdict, dataclass, field
from typing import Any

from .asked import Asked
from .rounds import Generator, Terms, Told
from .servers import Peer

LIGHT = "participants"
RUNAWAY = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


@dataclass
class Disturbed:
    """Rounds of a light query on one server, without and with a runaway, in turn."""

    size: str
    peer: str
    idle: list[Told] = field(default_factory=list)
    during: list[Told] = field(default_factory=list)

    def ratio(self, what: str) -> float:
        """The median of during by idle, over neighbouring rounds."""
        pairs = zip(self.idle, self.during, strict=True)
        return statistics.median(float(during[what] / idle[what]) for idle, during in pairs)

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "ratios": {what: self.ratio(what) for what in ("p50", "p99")}}


def disturbed(size: str, generator: Generator, peer: Peer, asked: Asked, terms: Terms) -> Disturbed:
    """One client asks the light query, each time another text. A server that cannot stop a query is started anew."""
    found = Disturbed(size, peer.name)
    for _ in range(terms.pairs):
        found.idle.append(generator.round(peer, asked, 1, True, terms))
        with peer.asked(RUNAWAY):
            found.during.append(generator.round(peer, asked, 1, True, terms))
        if peer.name != "ours":
            peer.restart()
    return found
