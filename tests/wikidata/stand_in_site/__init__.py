"""A stand-in of Wikidata on the loopback: its URLs, its status codes, and the faults that tests order.

It answers as Wikibase's and MediaWiki's source and manuals say that the real site does::

    from stand_in_site import Holdings, StandIn, broken_off, busy, read_holdings, serving

    site = StandIn(read_holdings([path, …]), triples)   # entity JSON for EntityData and the API; triples for /sparql
    with serving(site):
        httpx.get(f"{site.url}/wiki/Special:EntityData/Q7747.json", headers={"User-Agent": "test/1 (me@example.org)"})
    site.asked                                       # what was asked, in order; site.most_at_once
    site.fail("/sparql", busy("5"), broken_off())    # the next request gets 429, the one after it half an answer
    site.lag = 10                                    # the API answers maxlag=5 with its error, status 200

A User-Agent that is empty or a library's own gets 403 everywhere, as Wikimedia's User-Agent policy says.
"""

from stand_in_site.exchange import Asked, Fault, Reply, broken_off, busy, told
from stand_in_site.holdings import Holdings, read_holdings
from stand_in_site.server import StandIn, is_generic, serving

__all__ = [
    "Asked",
    "Fault",
    "Holdings",
    "Reply",
    "StandIn",
    "broken_off",
    "busy",
    "is_generic",
    "read_holdings",
    "serving",
    "told",
]
