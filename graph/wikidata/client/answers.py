"""Reading what a site answers: versions of many entities (``wbgetentities``), and the data of one.

Errors come with the status 200 here (*API:Errors and warnings*), and so do answers that are none.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from graph.wikidata.client.identifiers import is_identifier
from graph.wikidata.client.pace import Clock, retry_after
from graph.wikidata.client.sending import Answer, AnswerError, BusyError, FaultError
from graph.wikidata.reading import EntityError, MissingEntityError, read_entity

_LATER: Final = ("maxlag", "readonly", "ratelimited", "internal_api_error")
_NO_SUCH: Final = "no-such-entity"


class NoSuchEntityError(AnswerError):
    """The site takes ``id`` for no identifier, and for its sake tells nothing of the others that were asked for."""

    def __init__(self, message: str, id_: str) -> None:
        super().__init__(message)
        self.id = id_


@dataclass(frozen=True)
class Version:
    """What stands under an identifier now: the entity (another one if it redirects) and its latest revision."""

    entity: str
    revision: str

    def __str__(self) -> str:
        return f"{self.entity}, revision {self.revision or 'unknown'}"


def read_versions(answer: Answer, asked: Collection[str], clock: Clock) -> dict[str, Version | None]:
    """The versions of the entities that were asked for; None for one that is missing.

    Raises :class:`BusyError`, :class:`FaultError`, :class:`NoSuchEntityError` and :class:`AnswerError`.
    """
    entities = _content(answer, asked, clock).get("entities")
    if not isinstance(entities, dict) or not set(asked) <= set(entities):
        raise FaultError(f"{answer.url} does not tell of all that it was asked for")
    return {id_: _version(answer, entities[id_]) for id_ in asked}


def read_data(answer: Answer, id_: str, wanted: Version, clock: Clock) -> Version | None:
    """The version of the one entity that is, whole and readable, in an answer; None if there is none any more.

    Through a redirect it may be a newer one than was wanted. Raises what :func:`read_versions` raises, and
    :class:`FaultError` if the answer is another entity, another revision, or no entity at all.
    """
    if answer.status == HTTPStatus.NOT_FOUND:
        return None
    try:
        entity = read_entity(_content(answer, (id_,), clock))
    except MissingEntityError:
        return None
    except EntityError as error:
        raise FaultError(f"{answer.url} is no entity as Wikibase writes it: {error}") from error
    found = Version(entity.id, entity.revision)
    if found != wanted and (id_ == wanted.entity or entity.id != wanted.entity):
        raise FaultError(f"{answer.url} answers with {found}, not with {wanted}")
    return found


def _content(answer: Answer, asked: Collection[str], clock: Clock) -> dict[str, Any]:
    """The object in an answer; raises for an error that it holds."""
    content = _json(answer)
    if "error" in content:
        raise _failure(answer, content["error"], asked, clock)
    return content


def _json(answer: Answer) -> dict[str, Any]:
    if answer.status != HTTPStatus.OK:
        raise AnswerError(f"{answer.url} answered {answer.status}: {answer.told()}")
    if answer.media_type != "application/json":
        raise FaultError(f"{answer.url} answers with '{answer.media_type}', not with JSON: {answer.told()}")
    try:
        content = json.loads(answer.data)
    except (ValueError, RecursionError) as error:
        raise FaultError(f"{answer.url} says that it is JSON, and is not ({error}): {answer.told()}") from error
    if not isinstance(content, dict):
        raise FaultError(f"{answer.url} is JSON, but no object: {answer.told()}")
    return content


def _failure(answer: Answer, error: object, asked: Collection[str], clock: Clock) -> Exception:
    told = error if isinstance(error, dict) else {}
    code, message = str(told.get("code")), f"{answer.url} answers: {told.get('code')}: {told.get('info')}"
    if code.startswith(_LATER):
        return BusyError(message, retry_after(answer.headers, clock))
    if code == _NO_SUCH and told.get("id") in asked:
        return NoSuchEntityError(message, str(told["id"]))
    return AnswerError(message)


def _version(answer: Answer, told: object) -> Version | None:
    if not isinstance(told, Mapping):
        raise FaultError(f"{answer.url} tells of no entity where one was asked for")
    if "missing" in told:
        return None
    entity, revision = told.get("id"), told.get("lastrevid")
    if not is_identifier(entity) or type(revision) is not int or revision < 1:
        raise FaultError(f"{answer.url} names no identifier and revision where an entity was asked for")
    return Version(str(entity), str(revision))
