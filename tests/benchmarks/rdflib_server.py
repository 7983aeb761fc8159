"""rdflib-endpoint's application on what a store holds; a process that answers is replaced when it is killed.

Its own command reads a file, and needs uvicorn. This does the same to the same data (``default_union``, as there)
under Granian; and the data are loaded once, in a parent process, since rdflib cannot be made to end a query.
"""

import asyncio
import os
import signal
import sys

from granian.constants import HTTPModes, Interfaces
from granian.server.embed import Server
from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Store, serialize
from rdflib import Dataset
from rdflib_endpoint import SparqlEndpoint


def loaded(location: str) -> Dataset:
    """The named graphs of a store: the default graph is a copy of one of them, and here the union of all."""
    store = Store.read_only(location)
    named = (quad for quad in store if isinstance(quad.graph_name, NamedNode) and quad.graph_name != DefaultGraph())
    dataset = Dataset(default_union=True)
    dataset.parse(data=serialize(named, format=RdfFormat.N_QUADS), format="nquads")
    return dataset


def main() -> None:
    """Load, and keep one child serving until the end of this process."""
    location, host, port = sys.argv[1:]
    dataset = loaded(location)
    while True:
        child = os.fork()
        if not child:
            app = SparqlEndpoint(graph=dataset)
            http = {"interface": Interfaces.ASGI, "http": HTTPModes.http1, "websockets": False}
            server = Server(app, host, int(port), log_enabled=False, **http)
            asyncio.run(server.serve())
            os._exit(0)
        signal.signal(signal.SIGTERM, lambda *_, child=child: (os.kill(child, signal.SIGKILL), os._exit(0)))
        os.waitpid(child, 0)


if __name__ == "__main__":
    main()
