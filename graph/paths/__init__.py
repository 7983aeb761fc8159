"""How a word could have passed from one person to another: chains of held meetings in the order of time.

A hop is one meeting in which both took part (``cq:tookPartIn``: stated by a premise, or inferred of who held the
office). The word goes on at a later meeting only if that is certain: the next meeting begins, at the earliest, on a
day after the last on which the one before may have ended. Of two meetings on one day, or whose dates may overlap, the
order is unknown, and the word does not pass. A chain that the dates forbid is therefore never found, however closely
its people are joined.

``contacts`` holds who met where and when, in compact arrays; ``gathering`` fills it from an engine, once per version
of the data; ``search`` finds the chains; ``telling`` makes rows of them, with evidence and a sentence.
"""

from graph.paths.gathering import Versioned
from graph.paths.telling import connection

__all__ = ["Versioned", "connection"]
