"""The log: one JSON object a line, on standard error.

Lines are written by a thread of their own, many at once, so that a reader of the log who is slow, or has stopped,
holds up nobody; when too many wait, the newest are dropped and counted. Nothing of a request stands in it but its
method, its path without parameters, and hashes; JSON escapes line ends, so no request can write a line of its own.
"""

import json
import logging
import sys
import traceback
from collections import deque
from datetime import UTC, datetime
from threading import Event, Thread
from time import time
from typing import TextIO

MOST_WAITING = 20_000
BETWEEN_WRITES = 0.05
SECONDS_TO_END = 1.0


class Journal:
    """Takes lines, and writes them soon."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._waiting: deque[str] = deque()
        self._there = Event()
        self._closed = Event()
        self._lost = 0
        self._second = (0, "")
        self._records = Records(self)
        self._thread = Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()
        logging.getLogger().addHandler(self._records)

    def write(self, line: str) -> None:
        """Take a line, without its end."""
        if len(self._waiting) >= MOST_WAITING:
            self._lost += 1
            return
        self._waiting.append(line)
        if not self._there.is_set():
            self._there.set()

    def tell(self, **members: object) -> None:
        """Take an object."""
        self.write(json.dumps({"time": self.now(), **members}, default=str))

    def now(self) -> str:
        """The time in UTC, to the millisecond (ISO 8601)."""
        seconds, rest = divmod(time(), 1)
        if self._second[0] != seconds:
            self._second = int(seconds), datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
        return f"{self._second[1]}.{int(rest * 1000):03d}Z"

    def close(self) -> None:
        """Write what waits, within a second."""
        logging.getLogger().removeHandler(self._records)
        self._closed.set()
        self._there.set()
        self._thread.join(SECONDS_TO_END)

    def _run(self) -> None:
        while not self._closed.is_set():
            self._there.wait()
            self._closed.wait(BETWEEN_WRITES)
            self._there.clear()
            self._write_all()
        self._write_all()

    def _write_all(self) -> None:
        lines = [self._waiting.popleft() for _ in range(len(self._waiting))]
        if self._lost:
            lost, self._lost = self._lost, 0
            lines.append(json.dumps({"time": self.now(), "level": "warning", "message": f"{lost} lines lost"}))
        try:
            if lines:
                self._stream.write("\n".join(lines) + "\n")
                self._stream.flush()
        except (OSError, ValueError):  # a full disk, a reader who has gone: there may be room again later
            self._lost += len(lines)


class Records(logging.Handler):
    """Lets the lines of Python's own logging, such as errors with their traceback, stand in the journal."""

    def __init__(self, journal: Journal) -> None:
        super().__init__(logging.INFO)
        self._journal = journal

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record."""
        members = {"level": record.levelname.lower(), "message": record.getMessage()}
        if request_id := getattr(record, "request_id", None):
            members["request_id"] = request_id
        if record.exc_info:
            members["trace"] = "".join(traceback.format_exception(*record.exc_info))
        self._journal.tell(**members)
