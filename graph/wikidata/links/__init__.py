"""Links: which things of ours are which items of Wikidata, one judgement a row, each with who judged and why."""

from graph.wikidata.links.checking import check_links
from graph.wikidata.links.model import EXACT, PREDICATES, STATUSES, Link, LinkError, Status, accepted, exact
from graph.wikidata.links.publishing import links_in, node, published
from graph.wikidata.links.table import NAME, read_links, write_links

__all__ = [
    "EXACT",
    "NAME",
    "PREDICATES",
    "STATUSES",
    "Link",
    "LinkError",
    "Status",
    "accepted",
    "check_links",
    "exact",
    "links_in",
    "node",
    "published",
    "read_links",
    "write_links",
]
