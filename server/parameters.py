"""The parameters of a URL or a form, decoded exactly once and strictly."""

from typing import Final
from urllib.parse import parse_qsl

from werkzeug.exceptions import BadRequest

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
