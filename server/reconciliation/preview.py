"""Previews: a small page to be shown in a frame of another site, and fragments of HTML for suggestions."""

from base64 import b64encode
from hashlib import sha256
from typing import Any, Final

from flask import Response, render_template
from markupsafe import Markup

from server.reconciliation.entities import Name
from server.reconciliation.extension import property_objects
from server.reconciliation.identifiers import iri_of
from server.reconciliation.offer import Offer
from server.reconciliation.suggesting import described_type

STYLE: Final = (
    "body{font:14px/1.35 sans-serif;margin:8px;color:#1d1c1a;background:#fcfbf8}h1{font-size:16px;margin:0}"
    "p{margin:4px 0}.fine{color:#5c5850;font-size:12px}ul{margin:4px 0;padding-left:18px}"
)
# As strict as every page of the service, but that any site may frame it; its style is the one that has this hash.
FRAMED: Final = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors *;"
    f" style-src 'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'"
)


def preview(offer: Offer, identifier: str) -> Response | None:
    """The page of an entity; None if there is none of that identifier."""
    entity = offer.entities.get(offer.meant(identifier) or "")
    if entity is None:
        return None
    page = render_template(
        "reconciliation_preview.html",
        style=Markup(STYLE),  # noqa: S704 - our own constant, whose hash is in the policy
        entity=entity,
        types=[offer.vocabulary.name(each) for each in entity.types],
        names=[(name, _users(name, offer)) for name in entity.names if not name.hidden and name.text != entity.label],
    )
    response = Response(page, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = FRAMED
    return response


def flyout(offer: Offer, kind: str, identifier: str) -> dict[str, str] | None:
    """A fragment of HTML on an entity, a property or a type; None if there is none of that identifier."""
    found = _described(offer, kind, identifier)
    if found is None:
        return None
    html = Markup("<p><b>{}</b><br>{}</p>").format(found["name"], found.get("description", ""))
    return {"id": identifier, "html": str(html)}


def _described(offer: Offer, kind: str, identifier: str) -> dict[str, Any] | None:
    iri = iri_of(identifier) or ""
    meant = offer.meant(identifier) if kind == "entity" else None
    if meant:
        entity = offer.entities[meant]
        return {"name": entity.label, "description": offer.describe(entity)}
    if kind == "type" and iri in offer.types:
        return described_type(offer, iri)
    found = offer.properties.get(identifier) if kind == "property" else None
    return property_objects([found])[0] if found else None


def _users(name: Name, offer: Offer) -> str:
    return " and ".join(sorted(map(offer.called, name.parties)))
