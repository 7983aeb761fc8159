"""SERVICE clauses are answered before a query is evaluated: each gives way to the solutions of the other service.

The group of a clause is sent as a query of its own, with the declarations of the text around it, as a form by POST,
if the service is on the list. One of which there are records here is asked with care (``live``); where it fails, or
is not on the list, the records answer. What answered is told with the query (:class:`graph.engine.Federated`).
"""

import time
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from urllib.parse import urlsplit

from graph.engine import (
    Cancellation,
    Federated,
    QueryEvaluationError,
    QuerySyntaxError,
    Response,
    ServiceRefusedError,
)
from graph.engine.text.complexity import refuse_complexity
from graph.engine.text.guard import refuse_service
from graph.engine.text.lexer import Token, where
from graph.engine.text.rewriting import Edit, Rewritten
from graph.limits import Limits
from graph.reach.allowed import Reach
from graph.reach.clauses import Clause, service_clauses
from graph.reach.client import Answer, ExchangeError, Wanted
from graph.reach.labelled import EVERYTHING, Labelled
from graph.reach.live import is_refusal, moment
from graph.reach.network import Allowance
from graph.reach.recorded import Recorded
from graph.reach.solutions import ACCEPT, ONE_EMPTY, ServiceFailedError, values

_WORD: Final = "service"


@dataclass(frozen=True)
class Answered:
    """A query in which no other service is asked any more, and what answered instead, clause by clause."""

    query: Rewritten
    federated: tuple[Federated, ...] = ()


def answer_services(
    query: str, reach: Reach, cancellation: Cancellation | None = None, recorded: Recorded | None = None
) -> Answered:
    """The query, or update, with each SERVICE clause replaced by what the other service, or the records, answer.

    Raises :class:`ServiceRefusedError` for a clause that is not allowed, or that could be read in two ways,
    :class:`ServiceFailedError` if a service fails, nothing stands in for it and the clause has no SILENT, what the
    records raise, and ``CancelledError``.
    """
    if _WORD not in query.casefold() or not (reach.services or (recorded and _is_named(recorded, query))):
        return Answered(Rewritten(query))
    clauses = service_clauses(query)
    with ExitStack() as held:
        services = _Services(query, reach, recorded, cancellation, held)
        for clause in clauses:
            services.refuse(clause)
        answers = [services.answer(clause) for clause in clauses]
    edits = (Edit(clause.start, clause.end, found) for clause, (found, _) in zip(clauses, answers, strict=True))
    answered = Rewritten(query, tuple(edits))
    refuse_service(answered.text)
    return Answered(answered, tuple(told for _, told in answers))


def refuse_large_answers(made: Rewritten, limits: Limits) -> None:
    """Raise :class:`ServiceFailedError` for a query that is within the limits itself, but not with the answers."""
    try:
        refuse_complexity(made.sent, limits)
    except (QuerySyntaxError, QueryEvaluationError):
        return
    try:
        refuse_complexity(made.text, limits)
    except QueryEvaluationError as error:
        largest = max(made.edits, key=lambda edit: len(edit.text))
        line, column = where(made.sent, Token("", "", largest.start, largest.end))
        fault = str(error).partition(": ")[2].partition(":")[0]
        place = f"SERVICE (line {line}, column {column})"
        raise ServiceFailedError(f"{place}: the answer is too large to be joined: {fault}: ask for less") from error


def _is_named(recorded: Recorded, query: str) -> bool:
    """Whether a query names the host of a service of which there are records."""
    return any(str(urlsplit(each).hostname) in query for each in recorded.services)


class _Services:
    """Answers the clauses of one query, within the time that all of them may take; ``held`` is until its end."""

    def __init__(
        self,
        query: str,
        reach: Reach,
        recorded: Recorded | None,
        cancellation: Cancellation | None,
        held: ExitStack,
    ) -> None:
        self._query = query
        self._reach = reach
        self._recorded = recorded
        self._cancellation = cancellation
        self._held = held
        self._begun: Allowance | None = None
        self._until: float | None = None
        self._wanted: dict[int, str] = {}

    def refuse(self, clause: Clause) -> None:
        """Raise :class:`ServiceRefusedError` for a clause that may not be sent, and that no records can answer."""
        place = _place(clause)
        if clause.iri is None:
            raise ServiceRefusedError(
                f"{place}: write the address of the service in the query; a variable is not taken"
            )
        recorded = self._recorded_of(clause)
        if not self._reach.allows_service(clause.iri) and not (recorded and recorded.is_held):
            raise ServiceRefusedError(f"{place}: this endpoint sends no requests to <{clause.iri}>")
        sent = self._sent(clause)
        try:
            if recorded:
                recorded.sent(clause.iri, sent.text)
            else:
                refuse_service(sent.text)
        except ServiceRefusedError as error:
            raise ServiceRefusedError(f"{place}: a SERVICE clause inside another is not taken") from error
        except (QuerySyntaxError, QueryEvaluationError) as error:
            raise sent.as_sent(error) from error

    def answer(self, clause: Clause) -> tuple[str, Federated]:
        """The solutions of one clause as SPARQL; one empty solution for a failure that is to be silent."""
        service = clause.iri or ""
        try:
            return self._answered(clause, service)
        except (ExchangeError, ServiceFailedError) as error:
            if clause.silent:
                return ONE_EMPTY, Federated(service, "none", reason=str(error))
            raise ServiceFailedError(f"{_place(clause)}: {error}") from error

    def _answered(self, clause: Clause, service: str) -> tuple[str, Federated]:
        """By the service itself if it may be asked, else from the records, which also stand in where it fails."""
        recorded = self._recorded_of(clause)
        if recorded and not self._reach.allows_service(service):
            return self._from_records(clause, recorded, "")
        try:
            return self._live(clause, service)
        except (ExchangeError, ServiceFailedError) as error:
            if recorded is None or not recorded.is_held or is_refusal(error):
                raise
            return self._from_records(clause, recorded, str(error))

    def _live(self, clause: Clause, service: str) -> tuple[str, Federated]:
        query, listed, allowance = self._sent(clause).text, self._reach.allows_service, self._allowance()
        if recorded := self._recorded_of(clause):
            return self._reach.live.answer(service, recorded.sent(service, query), listed, allowance)
        answer = self._reach.client.fetch(Wanted(service, ACCEPT, (("query", query),)), listed, allowance)
        return values(answer), Federated(service, "live", moment(self._reach.now()))

    def _from_records(self, clause: Clause, recorded: Recorded, reason: str) -> tuple[str, Federated]:
        sent, service = self._sent(clause), clause.iri or ""
        try:
            self._refuse_late(service)
            response = recorded.respond(sent.text, ACCEPT, cancellation=self._cancellation)
            data = self._read(response)
        except (QuerySyntaxError, QueryEvaluationError) as error:
            raise sent.as_sent(error) from error
        told = Federated(service, "slices", version=response.version, reason=reason)
        return values(Answer(service, ACCEPT, data)), told

    def _refuse_late(self, service: str) -> None:
        """The records have as much time for all clauses as services have, and the first clause has its turn."""
        seconds = self._reach.client.limits.service_seconds
        self._until = self._until or time.monotonic() + seconds
        if time.monotonic() > self._until:
            raise ServiceFailedError(f"{service}: what is recorded took longer than {seconds:g} seconds to answer")

    def _read(self, response: Response) -> bytes:
        """All of an answer from the records, which may be as large as another service's."""
        data, most = bytearray(), self._reach.client.limits.service_bytes
        try:
            for block in response.body:
                data += block
                if len(data) > most:
                    raise ServiceFailedError(f"what is recorded answers with more than {most} bytes")
        finally:
            response.body.close()
        return bytes(data)

    def _recorded_of(self, clause: Clause) -> Recorded | None:
        """The records of the service that a clause names, if there are any of it."""
        return self._recorded if self._recorded and clause.iri in self._recorded.services else None

    def _allowance(self) -> Allowance:
        if self._begun is None:
            seconds = self._reach.client.limits.service_seconds
            self._begun = self._held.enter_context(Allowance(seconds, self._cancellation))
        return self._begun

    def _sent(self, clause: Clause) -> Rewritten:
        """The group of a clause as a query of its own."""
        group = clause.end - len(clause.rest)
        before = Edit(0, group, f"{clause.declarations}SELECT {self._selected(clause)} WHERE ")
        return Rewritten(self._query, (before, Edit(clause.end, len(self._query), "")))

    def _selected(self, clause: Clause) -> str:
        """What is selected of the group, found once: labels by name where a label service may give some."""
        if self._recorded_of(clause) is None or "label" not in clause.rest.casefold():
            return EVERYTHING
        if clause.start not in self._wanted:
            self._wanted[clause.start] = self._labelled.selected(clause)
        return self._wanted[clause.start]

    @cached_property
    def _labelled(self) -> Labelled:
        return Labelled(self._query)


def _place(clause: Clause) -> str:
    return f"SERVICE (line {clause.line}, column {clause.column})"
