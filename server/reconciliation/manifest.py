"""The service manifest: what the service offers, and where."""

from importlib.metadata import version as version_of
from typing import Any, Final
from urllib.parse import urlencode

from graph.limits import Limits
from graph.namespaces import VOCABULARY
from server.parameters import Fields
from server.reconciliation.identifiers import IDENTIFIER_SPACE
from server.reconciliation.offer import Offer
from server.reconciliation.suggesting import described_type

PATH: Final = "/reconcile"
_PREVIEW: Final = {"width": 430, "height": 300}
_SETTINGS: Final = (
    {
        "name": "limit",
        "label": "Limit",
        "type": "number",
        "default": 0,
        "help_text": "At most so many values for each entity; 0 for all of them.",
    },
    {
        "name": "content",
        "label": "Content",
        "type": "select",
        "default": "entity",
        "help_text": "How things are told that are values.",
        "choices": [
            {"value": "entity", "name": "Matched entity"},
            {"value": "literal", "name": "Name"},
            {"value": "id", "name": "Identifier"},
        ],
    },
)


def manifest(offer: Offer, site: str, clocks: Fields, limits: Limits) -> dict[str, Any]:
    """The manifest of the service at a site. All its addresses keep the clocks, so that a session is at one time."""
    return {
        "versions": ["0.2"],
        "name": f"Communiqué{_at(clocks)}",
        "identifierSpace": IDENTIFIER_SPACE,
        "schemaSpace": VOCABULARY,
        "documentation": f"{site}/",
        "serviceVersion": version_of("communique"),
        "defaultTypes": [described_type(offer, each) for each in offer.types],
        "view": {"url": f"{site}/id/{{{{id}}}}{_query('', clocks)}"},
        "preview": {"url": site + PATH + _query("/preview?id={{id}}", clocks), **_PREVIEW},
        "suggest": {name: _suggest(site, name, clocks) for name in ("entity", "property", "type")},
        "extend": {
            "propose_properties": {"service_url": site, "service_path": PATH + _query("/extend/propose", clocks)},
            "property_settings": list(_SETTINGS),
        },
        "batchSize": limits.reconciled_queries,
    }


def _suggest(site: str, name: str, clocks: Fields) -> dict[str, str]:
    return {
        "service_url": site,
        "service_path": PATH + _query(f"/suggest/{name}", clocks),
        "flyout_service_url": site,
        "flyout_service_path": PATH + _query(f"/flyout/{name}?id=${{id}}", clocks),
    }


def _query(path: str, clocks: Fields) -> str:
    """A path with the clocks among its parameters."""
    return f"{path}{'&' if '?' in path else '?'}{urlencode(clocks)}" if clocks else path


def _at(clocks: Fields) -> str:
    """How to tell the service from the one at other clocks, in a client's list."""
    return f" ({', '.join(f'{name} {value}' for name, value in clocks)})" if clocks else ""
