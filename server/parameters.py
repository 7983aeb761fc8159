"""The parameters of a URL or a form, decoded exactly once and strictly; and bodies that are text."""

from collections.abc import Iterable
from typing import Final
from urllib.parse import parse_qsl

from flask import current_app, request
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

from graph.limits import Limits

FORM: Final = "application/x-www-form-urlencoded"
_MOST: Final = 1000

Fields = list[tuple[str, str]]


def fields(encoded: bytes) -> Fields:
    """Names and values in their order; raises 400 where they are too many or not UTF-8."""
    try:
        return parse_qsl(encoded.decode(), keep_blank_values=True, errors="strict", max_num_fields=_MOST)
    except ValueError as error:
        raise BadRequest(f"the parameters cannot be decoded: {error}") from error


def once(given: Fields, name: str) -> str | None:
    """The one value of a parameter, or None; raises 400 where it is repeated."""
    values = [value for key, value in given if key == name]
    if len(values) > 1:
        raise BadRequest(f"'{name}' is given {len(values)} times, and has one place")
    return values[0] if values else None


def every(given: Fields, name: str) -> tuple[str, ...]:
    """All values of a parameter that may be repeated."""
    return tuple(value for key, value in given if key == name)


def refuse(given: Fields, names: Iterable[str], place: str) -> None:
    """Raise 400 for parameters that belong to another service; ``place`` says what this one is."""
    for name in names:
        if every(given, name):
            raise BadRequest(f"{place}, and has no parameter '{name}'")


def operation_fields(name: str, direct: str) -> Fields:
    """The parameters of a POST by the SPARQL 1.1 Protocol: from a form and the URL, or from a body that is the text.

    ``name`` is the parameter that the text gets, ``direct`` the media type of such a body; any other raises 415.
    """
    given = fields(request.query_string)
    if request.mimetype == FORM:
        return [*given, *fields(text_body().encode())]
    if request.mimetype == direct:
        return [*given, (name, text_body())]
    raise UnsupportedMediaType(f"send {FORM} or {direct}, not '{request.content_type or 'nothing'}'")


def text_body() -> str:
    """The request's body, in UTF-8 whether it says so or not; raises 415 for another charset, 400 for no text."""
    refuse_charset()
    try:
        return request.get_data(cache=False).decode()
    except UnicodeDecodeError as error:
        raise BadRequest(f"the body is not UTF-8: {error}") from error


def refuse_charset() -> None:
    """Raise 415 where the request says that its body is not UTF-8."""
    charset = request.mimetype_params.get("charset", "utf-8")
    if charset.lower() not in ("utf-8", "utf8"):
        raise UnsupportedMediaType(f"the charset is '{charset}': send UTF-8")


def refuse_long(query: str) -> None:
    """Raise 413 for a query over the limit on its length."""
    limits: Limits = current_app.extensions.get("limits") or Limits()
    if len(query.encode()) > limits.query_bytes:
        raise RequestEntityTooLarge(f"a query has at most {limits.query_bytes} bytes here")
