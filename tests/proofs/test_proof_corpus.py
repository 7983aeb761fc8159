"""Everything that is inferred from the corpus has a proof that the checker accepts, to the letter of the texts."""

from pathlib import Path

import pytest

from graph.documents import texts_by_hash
from graph.engine import Engine
from graph.namespaces import GRAPH_ENTAILED
from graph.proofs import Bound, Explanation, check, leaves, why_all

TEXTS = Path(__file__).parents[3] / "shared" / "seeds"
WIDE = Bound(triples=20_000, queries=5_000, seconds=120.0)

Explained = list[Explanation]


@pytest.fixture(scope="module")
def explained(corpus_engine: Engine) -> Explained:
    entailed = corpus_engine.construct(f"CONSTRUCT {{ ?s ?p ?o }} {{ GRAPH {GRAPH_ENTAILED} {{ ?s ?p ?o }} }}")
    return list(why_all(corpus_engine, entailed, WIDE).values())


def test_every_inferred_triple_has_a_proof(explained: Explained) -> None:
    assert len(explained) > 200
    assert [found.triple for found in explained if not found.proofs] == []
    assert {name for found in explained for name in found.cut} <= {"supports"}


def test_the_checker_accepts_every_proof(explained: Explained, corpus_engine: Engine) -> None:
    check(corpus_engine, [proof for found in explained for proof in found.proofs])


def test_no_support_contains_another_and_none_the_conclusion(explained: Explained) -> None:
    for found in explained:
        assert not [a for a in found.supports for b in found.supports if a < b]
        assert len(set(found.supports)) == len(found.proofs)
        assert not [support for support in found.supports if found.triple in support]


@pytest.mark.shared
@pytest.mark.skipif(not TEXTS.is_dir(), reason="the texts are not here")
def test_every_quote_under_every_proof_stands_in_its_text(explained: Explained, corpus_engine: Engine) -> None:
    texts = texts_by_hash(TEXTS)
    assert len(texts) == 2
    check(corpus_engine, [proof for found in explained for proof in found.proofs], texts)
    quotes = {
        quote for found in explained for proof in found.proofs for leaf in leaves(proof) for quote in leaf.quotes
    }
    assert len(quotes) > 50
