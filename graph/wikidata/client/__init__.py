"""The client of Wikidata's own site: fetches entities into a folder of records, as the site's rules want it."""

from graph.wikidata.client.alone import FetchAtWorkError, UnlockableError
from graph.wikidata.client.fetching import Fetched, Outcome, fetch
from graph.wikidata.client.identifiers import IdentifierError, identifier
from graph.wikidata.client.pace import Clock
from graph.wikidata.client.sending import AnswerError, SiteError
from graph.wikidata.client.site import WIKIDATA, ContactError, Site, SiteAddressError

__all__ = [
    "WIKIDATA",
    "AnswerError",
    "Clock",
    "ContactError",
    "FetchAtWorkError",
    "Fetched",
    "IdentifierError",
    "Outcome",
    "Site",
    "SiteAddressError",
    "SiteError",
    "UnlockableError",
    "fetch",
    "identifier",
]
