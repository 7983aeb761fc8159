"""The header ``Federated``: what answered for each of the other services that a query names, in their order.

``Federated: <https://query.wikidata.org/sparql>; source=slices; version="3f…"``: a list of links as in RFC 8288, with
the parameters ``source`` (``live``, ``cache``, ``slices``, ``none``), ``date``, ``version`` and ``reason``.
"""

import re
from collections.abc import Callable, Sequence
from typing import Final
from urllib.parse import urlsplit

from flask import Blueprint, Response, request

from graph.engine import Engine, Federated
from graph.limits import Limits
from graph.reach.allowed import Reach, read_reach
from graph.reach.engine import Reaching
from graph.wikidata.querying.engine import OnSlices
from server.exchange import exchange_of

HEADER: Final = "Federated"
_LONGEST: Final = 200
_UNSAFE: Final = re.compile(r"[^ -~]|[\"\\\\]")


def tell_federated(blueprint: Blueprint) -> None:
    """Let every answer of a blueprint have the header, where its query names other services."""
    blueprint.after_request(_told)


def federating(engine: Engine, reach: Reach, tell: Callable[[Federated], None] | None = None) -> Reaching:
    """An engine before another one, which answers for other services: by asking them, or from the slices."""
    return Reaching(engine, reach, OnSlices(engine), tell)


def reach_of(limits: Limits, services: Sequence[str] = (), loads: Sequence[str] = (), contact: str = "") -> Reach:
    """What the arguments and the environment allow, together.

    Raises :class:`graph.reach.allowed.AllowListError`, and :class:`graph.wikidata.client.ContactError` where one of
    Wikimedia's hosts may be asked and nobody is named whom it may turn to.
    """
    reach = read_reach(limits, services=services, loads=loads, contact=contact)
    for address in (*reach.services, *reach.loads):
        from graph.wikidata.client.site import Site  # noqa: PLC0415 - most fetch nothing, and should start soon

        parts = urlsplit(address)
        Site(f"{parts.scheme}://{parts.netloc}", reach.client.contact)
    return reach


def _told(response: Response) -> Response:
    for each in exchange_of(request.environ).federated:
        response.headers.add(HEADER, line(each))
    return response


def line(told: Federated) -> str:
    """What answered for one service, as a value of the header, in printable ASCII."""
    service = _UNSAFE.sub("?", told.service)
    more = {"date": told.date, "version": told.version, "reason": _UNSAFE.sub("?", told.reason)[:_LONGEST]}
    parameters = "".join(f'; {name}="{value}"' for name, value in more.items() if value)
    return f"<{service}>; source={told.source}{parameters}"
