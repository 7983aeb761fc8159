"""``/w/api.php?action=wbgetentities``: as MediaWiki's action API answers, errors with the status 200.

After Wikibase's ``Api/GetEntities`` and ``ResultBuilder``, *API:Errors and warnings* and *Manual:Maxlag parameter*.
"""

from typing import Any

from stand_in_site.exchange import Asked, Reply, told
from stand_in_site.holdings import Holdings, normalised

PATH = "/w/api.php"
MOST_IDS = 50
_HELP = "See https://www.wikidata.org/w/api.php for API usage."
_PAGE = ("pageid", "ns", "title", "lastrevid", "modified")
_PROPS = ("info", "sitelinks", "aliases", "labels", "descriptions", "claims", "datatype")


def api(asked: Asked, holdings: Holdings, lag: float) -> Reply:
    """The answer to a call; ``lag`` is by how many seconds the replicas are behind."""
    given = asked.parameters()
    two = given.get("formatversion") == "2"
    if given.get("format") != "json":
        return Reply(200, b"<!DOCTYPE html><title>MediaWiki API result</title>")
    most = given.get("maxlag", "")
    if most and lag > float(most):
        info = f"Waiting for a database server: {lag:g} seconds lagged."
        answer = _error("maxlag", info, two, host="db1234", lag=lag, type="db")
        return told(answer, Retry_After="5", X_Database_Lag=f"{lag:.0f}", MediaWiki_API_Error="maxlag")
    if given.get("action") != "wbgetentities":
        info = f'Unrecognized value for parameter "action": {given.get("action", "")}.'
        return told(_error("badvalue", info, two), MediaWiki_API_Error="badvalue")
    answer = _entities(given, holdings, two)
    return told(answer, MediaWiki_API_Error=answer["error"]["code"]) if "error" in answer else told(answer)


def _error(code: str, info: str, two: bool, **more: Any) -> dict[str, Any]:
    return {"error": {"code": code, "info": info, **more, "docref" if two else "*": _HELP}, "servedby": "mw1234"}


def _entities(given: dict[str, str], holdings: Holdings, two: bool) -> dict[str, Any]:
    ids = _ids(given.get("ids", ""))
    props = given.get("props", "|".join(_PROPS)).split("|")
    if not ids:
        return _error("param-missing", 'Either provide the item "ids" or pairs of "sites" and "titles".', two)
    if len(ids) > MOST_IDS:
        info = f'Too many values supplied for parameter "ids". The limit is {MOST_IDS}.'
        return _error("toomanyvalues", info, two, limit=MOST_IDS, lowlimit=MOST_IDS, highlimit=500, parameter="ids")
    for text in ids:
        if normalised(text) is None:
            return _error("no-such-entity", f'Could not find an entity with the ID "{text}".', two, id=text)
    names = dict.fromkeys(normalised(text) or "" for text in ids)
    follow = given.get("redirects", "yes") == "yes"
    return {"entities": {id_: _entity(id_, holdings, props, follow) for id_ in names}, "success": 1}


def _ids(text: str) -> list[str]:
    """Values are separated by a bar, or by U+001F where the first character is one."""
    separator = "\x1f" if text.startswith("\x1f") else "|"
    return list(dict.fromkeys(each for each in text.split(separator) if each))


def _entity(id_: str, holdings: Holdings, props: list[str], follow: bool) -> dict[str, Any]:
    found = holdings.latest(id_)
    if found is None or (id_ in holdings.redirects and not follow):
        return {"id": id_, "missing": ""}
    page = {name: found[name] for name in _PAGE} if "info" in props else {}
    moved = {"redirects": {"from": id_, "to": found["id"]}} if id_ != found["id"] else {}
    rest = {name: value for name, value in found.items() if name in props or name in ("type", "id")}
    return {**page, **moved, **rest}
