"""Who may write: whoever sends a token that is known here, and only what its scopes allow.

A token is 256 random bits. The folder keeps its SHA-256 (no salt is needed for what nobody can guess), never the
token itself, in a file that only its owner can read; it is read again when it changes, so that a revoked token ends
at once. Tokens are compared by their hashes and in constant time, and are never logged.
"""

import fcntl
import hmac
import json
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Final

from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Forbidden, Unauthorized

SCOPES: Final = ("update", "graph-store", "judge")
FILE: Final = "tokens.json"
_BITS: Final = 256
_SHOWN: Final = 12


class TokenFileError(ValueError):
    """The file of tokens cannot be read; nobody may write until it can."""


class UnknownTokenError(ValueError):
    """There is no token with that id."""


class ScopeError(ValueError):
    """A scope that does not exist, or none."""


@dataclass(frozen=True)
class Token:
    """What is kept of a token; ``id`` is the beginning of its hash, ``created`` a time in UTC."""

    id: str
    sha256: str
    scopes: tuple[str, ...]
    label: str
    created: str


class Tokens:
    """The tokens of one folder. Safe to use from several threads, and while another process changes the file."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._lock = Lock()
        self._seen: tuple[int, ...] = ()
        self._held: tuple[Token, ...] = ()

    def new(self, scopes: Sequence[str], label: str = "") -> str:
        """A new token with these scopes, to be shown once; raises :class:`ScopeError`."""
        wrong = [scope for scope in scopes if scope not in SCOPES]
        if wrong or not scopes:
            raise ScopeError(f"'{','.join(wrong)}' is no scope: expected one or more of {', '.join(SCOPES)}")
        text = f"cq_{secrets.token_urlsafe(_BITS // 8)}"
        digest = _digest(text)
        created = datetime.now(UTC).isoformat(timespec="seconds")
        token = Token(digest[:_SHOWN], digest, tuple(dict.fromkeys(scopes)), label, created)
        with self._changing() as held:
            self._write((*held, token))
        return text

    def all(self) -> tuple[Token, ...]:
        """What is kept of each token; raises :class:`TokenFileError`."""
        return self._read()

    def revoke(self, token_id: str) -> None:
        """Forget a token; raises :class:`UnknownTokenError`."""
        with self._changing() as held:
            left = tuple(token for token in held if token.id != token_id)
            if len(left) == len(held):
                known = ", ".join(token.id for token in held) or "none"
                raise UnknownTokenError(f"there is no token '{token_id}' in {self._path}; there are: {known}")
            self._write(left)

    def check(self, header: str | None, scope: str) -> str:
        """The id of the token in an ``Authorization`` header; raises 401, or 403 where it has not the scope."""
        kind, _, text = (header or "").strip().partition(" ")
        if kind.casefold() != "bearer" or not text.strip():
            raise _unauthorized("send the header 'Authorization: Bearer …' with a token of this store")
        found = self._found(text.strip())
        if found is None:
            raise _unauthorized("the token is not known here: it is mistyped, or it was revoked", "invalid_token")
        if scope not in found.scopes:
            raise Forbidden(f"the token is for {', '.join(found.scopes)}, and this needs the scope {scope}")
        return found.id

    def knows(self, text: str) -> bool:
        """Whether this is one of the tokens, whatever it is for."""
        return self._found(text) is not None

    def _found(self, text: str) -> Token | None:
        """The token, which is compared with every one that is held, so that the time tells nothing."""
        digest, found = _digest(text).encode(), None
        for token in self._current():
            if hmac.compare_digest(token.sha256.encode(), digest):
                found = token
        return found

    def _current(self) -> tuple[Token, ...]:
        """The tokens as the file has them now; it is read only where it has changed."""
        with self._lock:
            seen = self._stamp()
            if seen != self._seen:
                self._held, self._seen = self._read(), seen
            return self._held

    def _stamp(self) -> tuple[int, ...]:
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return ()
        return found.st_ino, found.st_mtime_ns, found.st_ctime_ns, found.st_size

    def _read(self) -> tuple[Token, ...]:
        try:
            entries = json.loads(self._path.read_text(encoding="utf-8"))["tokens"]
            return tuple(Token(**{**entry, "scopes": tuple(entry["scopes"])}) for entry in entries)
        except FileNotFoundError:
            return ()
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise TokenFileError(f"{self._path} cannot be read as tokens: {error!r}; mend or remove it") from error

    @contextmanager
    def _changing(self) -> Iterator[tuple[Token, ...]]:
        """The tokens while nobody else changes them; makes the folder if it is not there."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield self._read()

    def _write(self, tokens: Sequence[Token]) -> None:
        """Replace the file at once; from its first byte on only its owner can read it."""
        partial = self._path.with_suffix(".partial")
        partial.unlink(missing_ok=True)
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump({"tokens": [asdict(token) for token in tokens]}, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(self._path)


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def _unauthorized(detail: str, error: str | None = None) -> Unauthorized:
    """401 as RFC 6750 wants it: the scheme, and the error where a token was sent. A realm with a blank is quoted."""
    values: dict[str, str | None] = {"realm": "communique store", **({"error": error} if error else {})}
    return Unauthorized(detail, www_authenticate=WWWAuthenticate("bearer", values))
