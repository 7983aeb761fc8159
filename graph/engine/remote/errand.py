"""One query that a remote store is asked: a thread reads the answer and writes it to where it waits for readers."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Thread

from graph.engine.remote.conversion import convert
from graph.engine.remote.merged import Addressed
from graph.engine.remote.transfer import Transfer
from graph.engine.spool import Spool
from graph.engine.stream import Writer, let_go
from graph.engine.xml import Checked


@dataclass(frozen=True)
class Question:
    """A query as it was asked and as it is sent, its form, and the version that the store held then."""

    query: str
    form: str
    sent: Addressed
    version: str


class Errand:
    """Goes and comes back with an answer, or an error."""

    def __init__(self, transfer: Transfer, question: Question, media_type: str) -> None:
        self._transfer = transfer
        self._question = question
        self._media_type = media_type
        self._check = Checked() if media_type.endswith("xml") else None
        self._begun = Event()
        self._error: Exception | None = None

    def go(self, spool: Spool, ended: Callable[[Exception | None], Exception | None]) -> None:
        """Write the answer to the spool; ``ended`` gets the error, if there is one, and may find another.

        Returns once the first bytes are written; raises the error that came before them.
        """
        Thread(target=self._run, args=(spool, ended), name="remote answer", daemon=True).start()
        self._begun.wait()
        if self._error:
            raise self._error

    def _run(self, spool: Spool, ended: Callable[[Exception | None], Exception | None]) -> None:
        error: Exception | None = None
        try:
            self._convert(spool)
        except Exception as fault:  # noqa: BLE001 - whatever it is, who asked must see it
            let_go(fault)
            error = fault
            self._transfer.stop()
        error = ended(error)
        if not self._begun.is_set():
            self._error = error
        spool.finish(error)
        self._begun.set()

    def _convert(self, spool: Spool) -> None:
        def put(block: bytes) -> None:
            if self._check:
                self._check(block)
            spool.write(block)
            self._begun.set()

        writer = Writer(put)
        convert(self._question.query, self._question.form, self._transfer, self._media_type, writer)  # type: ignore[arg-type]
        writer.hand_over()


def in_memory(transfer: Transfer, question: Question, media_type: str) -> bytes:
    """The whole answer; raises what :func:`graph.engine.remote.conversion.convert` raises."""
    output = io.BytesIO()
    try:
        convert(question.query, question.form, transfer, media_type, output)
    finally:
        transfer.stop()
    return output.getvalue()
