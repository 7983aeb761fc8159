"""A plain store in memory with the engine that reads it: all that tests of the protocol need."""

from collections.abc import Callable, Sequence
from io import BytesIO

from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import DefaultGraph, NamedNode, Store

from graph.engine import Cancellation, Response
from graph.engine.answers import Answers
from graph.engine.evaluation import evaluate, serialise
from graph.limits import Limits
from graph.store.faults import NoGraphError, UpdateEvaluationError, UpdateSyntaxError
from graph.store.plain import Condition, Written
from graph.store.uploads import Upload, quads_of
from server.access import Tokens
from server.app import create_app


class Whole:
    """A body that is all there."""

    def __init__(self, data: bytes) -> None:
        self.whole: bytes | None = data
        self._left = [data]

    def __iter__(self) -> "Whole":
        return self

    def __next__(self) -> bytes:
        if not self._left:
            raise StopIteration
        return self._left.pop()

    def poll(self, _: Callable[[], None]) -> bytes | None:
        return self._left.pop() if self._left else b""

    def close(self) -> None:
        self._left.clear()


class Memory(Answers):
    """The store as an engine, and as what is written."""

    def __init__(self) -> None:
        self.store = Store()
        self.number = 1

    @property
    def version(self) -> str:
        return f"{self.number:06}-{'0' * 16}"

    def respond(
        self,
        query: str,
        media_type: str,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        cancellation: Cancellation | None = None,  # noqa: ARG002 - the engine's protocol has it
    ) -> Response:
        output = BytesIO()
        serialise(evaluate(self.store, Limits(), query, default_graphs, named_graphs), media_type, output)
        return Response(media_type, self.version, Whole(output.getvalue()))

    def update(self, text: str, expected: Condition | None = None) -> str:
        if expected:
            expected(self.version, True)
        try:
            self.store.update(text)
        except SyntaxError as error:
            raise UpdateSyntaxError(str(error)) from error
        except RuntimeError as error:
            raise UpdateEvaluationError(str(error)) from error
        return self._written(False).version

    def put(
        self, graph: str | None, uploads: Sequence[Upload], replace: bool, expected: Condition | None = None
    ) -> Written:
        name, exists = self._look(graph, expected)
        quads = [quad for upload in uploads for quad in quads_of(upload, name)]
        if replace:
            self.store.remove_graph(name)
        if graph:
            self.store.add_graph(NamedNode(graph))
        self.store.extend(quads)
        return self._written(not exists)

    def delete(self, graph: str | None, expected: Condition | None = None) -> Written:
        name, exists = self._look(graph, expected)
        if not exists:
            raise NoGraphError(f"there is no graph {name}")
        self.store.remove_graph(name)
        return self._written(False)

    def _look(self, graph: str | None, expected: Condition | None) -> tuple[NamedNode | DefaultGraph, bool]:
        name = NamedNode(graph) if graph else DefaultGraph()
        exists = graph is None or self.store.contains_named_graph(NamedNode(graph))
        if expected:
            expected(self.version, exists)
        return name, exists

    def _written(self, created: bool) -> Written:
        self.number += 1
        return Written(self.version, created)


def application(memory: Memory, tokens: Tokens | None, updates: bool = True) -> Flask:
    """The application on a store in memory."""
    app = create_app(memory)
    app.extensions |= {"plain": memory, "updates": updates, "tokens": tokens}
    return app


def writing_client(app: Flask, token: str) -> FlaskClient:
    """A client that sends the token with every request."""
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    return client
