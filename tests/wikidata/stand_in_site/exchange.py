"""What the stand-in is asked, what it answers, and the faults that a test may order."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs


@dataclass(frozen=True)
class Asked:
    """A request as it came; names of headers are in lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def agent(self) -> str:
        """The User-Agent; empty where there is none."""
        return self.headers.get("user-agent", "")

    def parameters(self) -> dict[str, str]:
        """Those of the URL and of a form, each with its last value."""
        texts = [self.query]
        if self.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            texts.append(self.body.decode())
        read = (parse_qs(text, keep_blank_values=True) for text in texts)
        return {name: values[-1] for each in read for name, values in each.items()}


@dataclass(frozen=True)
class Reply:
    """An answer."""

    status: int = 200
    body: bytes = b""
    media_type: str = "text/html; charset=UTF-8"
    headers: Mapping[str, str] = field(default_factory=dict)


def told(value: Any, status: int = 200, **headers: str) -> Reply:
    """A value as JSON; underscores in the names of headers stand for hyphens."""
    data = json.dumps(value, ensure_ascii=False).encode()
    given = {name.replace("_", "-"): text for name, text in headers.items()}
    return Reply(status, data, "application/json; charset=utf-8", given)


def redirect(status: int, location: str) -> Reply:
    return Reply(status, headers={"Location": location})


@dataclass(frozen=True)
class Fault:
    """What is done to one request that a test chose.

    ``reply`` stands in for the true answer, or is made from it; of the body only the first ``cut`` bytes are sent,
    though the headers announce all; ``before`` is called before anything is sent, and ``between`` after each byte of
    the body: both may wait for what they like.
    """

    reply: Reply | Callable[[Reply], Reply] | None = None
    cut: int | None = None
    before: Callable[[], object] | None = None
    between: Callable[[], object] | None = None

    def of(self, answer: Reply) -> Reply:
        if callable(self.reply):
            return self.reply(answer)
        return self.reply or answer


def busy(retry_after: str | None = None, status: int = 429) -> Fault:
    """«Too many requests», or another status, with the time to wait."""
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    return Fault(
        Reply(status, b"Too many requests. Please comply with the User-Agent policy.", "text/plain", headers)
    )


def broken_off(
    text: str = "java.util.concurrent.TimeoutException\n\tat java.util.concurrent.FutureTask.get",
) -> Fault:
    """A time-out of the query service: 200, the beginning of results, and then a trace as text."""

    def half(answer: Reply) -> Reply:
        held = answer.body[: len(answer.body) // 2]
        return Reply(200, held + f"SPARQL-QUERY: queryStr=\n{text}".encode(), answer.media_type)

    return Fault(half)
