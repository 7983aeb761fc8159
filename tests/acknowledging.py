"""A program that writes to a plain store until it is killed, and says what it was told is committed.

It prints ``ready <pid of the writing process>``, then ``sent <n>`` before and ``held <n>`` after each write. The
writes are numbered from the second argument on. Most add a node with the number and move a counter; every seventh
replaces one of three graphs with 2,000 triples in bulk, which tell its number. A write that fails because the
writing process was killed is sent again.
"""

import sys
from pathlib import Path

from graph.limits import Limits
from graph.store.faults import WriterGoneError
from graph.store.plain import PlainStore
from graph.store.uploads import BULK, Upload

BULK_TRIPLES = 2000
BULK_EVERY = 7
BULK_GRAPHS = 3


def small(number: int) -> str:
    return (
        "DELETE { <a:counter> <a:at> ?before } WHERE { <a:counter> <a:at> ?before } ; "
        f"INSERT DATA {{ <a:counter> <a:at> {number} . [] <a:number> {number} }}"
    )


def large(number: int) -> Upload:
    lines = (
        f'<a:{n}> <a:in> "{number:08} {"of a graph that is loaded in bulk" * 4}" .\n' for n in range(BULK_TRIPLES)
    )
    data = "".join(lines).encode()
    assert len(data) > BULK
    return Upload(data, "application/n-triples", "")


def is_large(number: int) -> bool:
    return number % BULK_EVERY == 0


def graph_of(number: int) -> str:
    return f"a:graph-{number // BULK_EVERY % BULK_GRAPHS}"


def write(store: PlainStore, number: int) -> None:
    if is_large(number):
        store.put(graph_of(number), [large(number)], replace=True)
    else:
        store.update(small(number))


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def main() -> None:
    store = PlainStore(Path(sys.argv[1]), Limits(), lambda _: None)
    say("ready", store.writer_pid)
    number = int(sys.argv[2])
    while True:
        say("sent", number)
        try:
            write(store, number)
        except WriterGoneError:
            continue
        say("held", number)
        number += 1


if __name__ == "__main__":
    main()
