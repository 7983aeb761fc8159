"""``/entity/Q…`` and ``/wiki/Special:EntityData/Q…``: as Wikibase's ``EntityDataRequestHandler`` answers.

A missing format is negotiated (303 to the document; 406), another spelling than the canonical one is redirected
(301), an unknown format is 415, a bad identifier 400, an unknown entity or revision 404. A redirected entity is
answered with its target; asked for at the revision that made it a redirect, with 400. ``If-Modified-Since`` is looked
at before anything is written; ``If-None-Match`` as well, which Wikibase leaves to the caches before it.
"""

import json
import re
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

from pyoxigraph import RdfFormat, parse, serialize
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from stand_in_site.exchange import Asked, Reply, redirect
from stand_in_site.holdings import Holdings, normalised

DATA = "/wiki/Special:EntityData/"
ENTITY = "/entity/"
_FORMATS = {
    "json": ("application/json",),
    "ttl": ("text/turtle", "application/x-turtle"),
    "nt": ("application/n-triples", "text/n-triples", "text/plain"),
    "rdf": ("application/rdf+xml", "application/xml", "text/xml"),
    "html": ("text/html",),
}
_EXTENSION = {media_type: name for name, types in _FORMATS.items() for media_type in types}
_RDF = {"ttl": RdfFormat.TURTLE, "nt": RdfFormat.N_TRIPLES, "rdf": RdfFormat.RDF_XML}


def entity(asked: Asked) -> Reply:
    """The IRI of an entity leads to its data."""
    return redirect(303, DATA + asked.path.removeprefix(ENTITY))


def entity_data(asked: Asked, holdings: Holdings) -> Reply:
    """The data of an entity, or where they are."""
    document = asked.path.removeprefix(DATA)
    name, form = _parts(document)
    parameters = asked.parameters()
    id_ = normalised(name)
    if id_ is None:
        return Reply(400, b"Invalid ID: " + name.encode())
    revision = parameters.get("revision", "0")
    number = int(revision) if revision.isdigit() else 0
    if not form:
        return _negotiated(asked, id_, number)
    if form not in _FORMATS:
        return Reply(415, b"Unsupported data format: " + form.encode())
    if document != f"{id_}.{form}":
        return redirect(301, _url(id_, form, number))
    if form == "html":
        return redirect(303, f"/wiki/{id_}")
    return _shown(asked, holdings, id_, form, number)


def _parts(document: str) -> tuple[str, str]:
    found = re.search(r"\.([-./\w]+)$", document)
    return (document[: found.start()], found[1].lower()) if found else (document, "")


def _url(id_: str, form: str, revision: int) -> str:
    return f"{DATA}{id_}.{form}" + (f"?revision={revision}" if revision else "")


def _negotiated(asked: Asked, id_: str, revision: int) -> Reply:
    accept = parse_accept_header(asked.headers.get("accept", "application/json"), MIMEAccept)
    chosen = accept.best_match(list(_EXTENSION))
    if chosen is None:
        return Reply(406, b"No suitable format found. Supported: " + ", ".join(_EXTENSION).encode())
    if _EXTENSION[chosen] == "html":
        return redirect(303, f"/wiki/{id_}")
    return redirect(303, _url(id_, _EXTENSION[chosen], revision))


def _shown(asked: Asked, holdings: Holdings, id_: str, form: str, revision: int) -> Reply:
    if revision and revision in holdings.redirect_revisions and id_ in holdings.redirects:
        return Reply(400, f"Cannot load revision {revision} of {id_}".encode())
    held = holdings.revisions.get(id_ if revision else holdings.resolved(id_), {})
    found = held.get(revision) if revision else held.get(max(held, default=0))
    if found is None:
        return Reply(404, f"No entity with ID {id_} was found".encode())
    modified = datetime.fromisoformat(found["modified"])
    tag = f'"{found["id"]}/{found["lastrevid"]}.{form}"'
    headers = {"Last-Modified": format_datetime(modified.astimezone(UTC), usegmt=True), "ETag": tag}
    if _unchanged(asked, modified, tag):
        return Reply(304, headers=headers)
    return Reply(200, _data(holdings, found, form), f"{_FORMATS[form][0]}; charset=UTF-8", headers)


def _unchanged(asked: Asked, modified: datetime, tag: str) -> bool:
    if "if-none-match" in asked.headers:
        return tag in asked.headers["if-none-match"]
    since = asked.headers.get("if-modified-since")
    return since is not None and modified <= parsedate_to_datetime(since)


def _data(holdings: Holdings, found: dict[str, Any], form: str) -> bytes:
    if form == "json":
        return json.dumps({"entities": {found["id"]: found}}, separators=(",", ":")).encode()
    turtle = holdings.rdf.get(found["id"])
    triples = parse(turtle, RdfFormat.TURTLE) if turtle else _triples(found)
    return serialize((each.triple for each in triples), format=_RDF[form]) or b""


def _triples(found: dict[str, Any]) -> Any:
    from pyoxigraph import Quad

    from graph.wikidata.reading import read_entity
    from graph.wikidata.shape import triples_of

    return (Quad(t.subject, t.predicate, t.object) for t in sorted(triples_of(read_entity(found)), key=str))
