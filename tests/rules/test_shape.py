"""What a rule file may hold, and what is refused, with the file and the reason."""

import re
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Triple, Variable

from graph.heads import HeadError
from graph.rules import Pattern, RuleError, read_rule, read_rules

HEAD = "#+ title: t\n#+ concludes: c\n#+ sound-because: s\n#+ stratum: {}\nPREFIX x: <urn:x#>\n"


def rules(folder: Path, *given: tuple[int, str]) -> None:
    """Reads rules named a, b, … of these strata."""
    for name, (stratum, text) in zip("abcd", given, strict=False):
        (folder / f"{name}.rq").write_text(HEAD.format(stratum) + text)
    read_rules(folder)


def asking(more: str) -> str:
    return f"CONSTRUCT {{ ?s x:q ?o }} WHERE {{ ?s x:p ?o {more} }}"


def minting(bind: str) -> str:
    return f"CONSTRUCT {{ ?n x:of ?s }} WHERE {{ ?s x:p ?o {bind} }}"


REFUSED = [
    ("a CONSTRUCT query", "SELECT * { ?s x:p ?o }"),
    ("not SPARQL", "CONSTRUCT { ?s"),
    ("a CONSTRUCT query with a template", "CONSTRUCT WHERE { ?s x:p ?o }"),
    ("OPTIONAL", asking("OPTIONAL { ?s x:r ?t }")),
    ("UNION", "CONSTRUCT { ?s x:q ?o } WHERE { { ?s x:p ?o } UNION { ?s x:r ?o } }"),
    ("MINUS", asking("MINUS { ?s x:r ?o }")),
    ("GRAPH", "CONSTRUCT { ?s x:q ?o } WHERE { GRAPH ?g { ?s x:p ?o } }"),
    ("VALUES", asking("VALUES ?s { x:a }")),
    ("sub-select", "CONSTRUCT { ?s x:q ?o } WHERE { SELECT ?s ?o { ?s x:p ?o } }"),
    ("LIMIT", "CONSTRUCT { ?s x:q ?o } WHERE { ?s x:p ?o } LIMIT 1"),
    ("GROUP BY", "CONSTRUCT { ?s x:q ?s } WHERE { ?s x:p ?o } GROUP BY ?s"),
    ("paths", "CONSTRUCT { ?s x:q ?o } WHERE { ?s x:p/x:r ?o }"),
    ("blank nodes", "CONSTRUCT { ?s x:q ?o } WHERE { ?s x:p [ x:r ?o ] }"),
    ("no blank nodes", "CONSTRUCT { ?s x:q [] } WHERE { ?s x:p ?o }"),
    ("FILTER NOT EXISTS of its own", asking("FILTER (?s = ?o || NOT EXISTS { ?s x:r ?o })")),
    ("by none within", asking("FILTER NOT EXISTS { ?s x:r ?o FILTER NOT EXISTS { ?o x:r ?s } }")),
    ("FILTER NOT EXISTS", asking("FILTER EXISTS { ?s x:r ?o }")),
    ("NOW", "CONSTRUCT { ?s x:q ?t } WHERE { ?s x:p ?o BIND (NOW() AS ?t) }"),
    ("one triple at least", "CONSTRUCT { x:s x:q x:o } WHERE { }"),
    ("?t is bound by no", "CONSTRUCT { ?s x:q ?t } WHERE { ?s x:p ?o }"),
    ("?typo is bound by no", asking("FILTER (?o != ?typo)")),
    ("?other is bound by no", asking("FILTER NOT EXISTS { ?s x:r ?t FILTER (?t = ?other) }")),
    ("no pattern may ask", "CONSTRUCT { ?s x:q ?n } WHERE { ?s x:p ?o . ?n x:p ?o BIND (IRI(STR(?o)) AS ?n) }"),
    ("minted from ?o, which does not stand beside", minting("BIND (IRI(CONCAT(STR(?s), STR(?o))) AS ?n)")),
    ("minted from ?o", minting("BIND (CONCAT(STR(?s), STR(?o)) AS ?k) BIND (IRI(?k) AS ?n)")),
    ("write 1 for it", asking("; x:r 01")),
]  # fmt: skip


@pytest.mark.parametrize(("reason", "text"), REFUSED)
def test_what_no_rule_may_have_is_refused(tmp_path: Path, reason: str, text: str) -> None:
    with pytest.raises(RuleError, match=rf"(?s)a\.rq: .*{re.escape(reason)}"):
        rules(tmp_path, (1, text))


def test_a_head_is_required(tmp_path: Path) -> None:
    (tmp_path / "a.rq").write_text("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
    with pytest.raises(HeadError, match=r"a\.rq"):
        read_rules(tmp_path)


ASKS = "CONSTRUCT { ?s x:q ?o } WHERE { ?s x:p ?o FILTER NOT EXISTS { ?s x:r ?o } }"
GIVES = "CONSTRUCT { ?s x:r ?o } WHERE { ?s x:t ?o }"
NEEDS = "CONSTRUCT { ?s x:u ?o } WHERE { ?s x:r ?o }"


@pytest.mark.parametrize(("asking", "giving"), [(1, 1), (1, 2)])
def test_absence_is_not_asked_of_what_is_concluded_with_it_or_later(tmp_path: Path, asking: int, giving: int) -> None:
    with pytest.raises(RuleError, match=r"a\.rq: stratum 1 asks for the absence of .* b\.rq concludes in stratum"):
        rules(tmp_path, (asking, ASKS), (giving, GIVES))


def test_what_is_concluded_later_is_not_needed_before(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match=r"a\.rq: stratum 1 needs"):
        rules(tmp_path, (1, NEEDS), (2, GIVES))


def test_strata_in_order_are_accepted(tmp_path: Path) -> None:
    rules(tmp_path, (2, ASKS), (1, GIVES), (1, NEEDS))


def test_absence_of_another_class_or_object_is_no_matter(tmp_path: Path) -> None:
    asks = "CONSTRUCT { ?s a x:New } WHERE { ?s x:p ?o FILTER NOT EXISTS { ?s a x:Old } }"
    rules(tmp_path, (1, asks))
    with pytest.raises(RuleError, match="absence"):
        rules(tmp_path, (1, asks.replace("Old", "New")))


def test_rules_whose_class_the_data_name_come_last(tmp_path: Path) -> None:
    general = "CONSTRUCT { ?s a ?above } WHERE { ?s a ?class . ?class x:under ?above }"
    typed = "CONSTRUCT { ?s x:q ?s } WHERE { ?s a x:Class }"
    rules(tmp_path, (1, typed), (2, general))
    with pytest.raises(RuleError, match="needs"):
        rules(tmp_path, (1, typed), (2, general), (3, GIVES))


@pytest.mark.parametrize(
    "text",
    [
        "CONSTRUCT { ?n x:p ?s } WHERE { ?s x:p ?o BIND (IRI(CONCAT(STR(?s), 'x')) AS ?n) }",
        "CONSTRUCT { ?s x:p ?n } WHERE { ?s x:p ?o BIND (CONCAT(STR(?o), 'x') AS ?n) }",
    ],
)
def test_nothing_is_minted_without_end(tmp_path: Path, text: str) -> None:
    with pytest.raises(RuleError, match="without end"):
        rules(tmp_path, (1, text))


def test_what_is_minted_may_have_a_label_from_a_label(tmp_path: Path) -> None:
    """A dispute is no territory: nothing makes it one, so its label is not labelled again."""
    rules(
        tmp_path,
        (
            1,
            "CONSTRUCT { ?d x:about ?t ; x:label ?l } WHERE { ?t x:label ?n . ?c x:claims ?t "
            "BIND (CONCAT('on ', ?n) AS ?l) BIND (IRI(CONCAT(STR(?t), 'd')) AS ?d) }",
        ),
    )


TEXT = HEAD.format(1) + (
    "CONSTRUCT { ?n a x:Pair ; x:of ?s, ?o ; x:is 'a } b' } WHERE { # one } of them\n ?s x:p ?o ; x:q 'x{'@en , true"
    " FILTER (?s < ?o) FILTER NOT EXISTS { ?s x:r ?t . FILTER (?t != ?o) } ?o x:p 1 . FILTER REGEX(STR(?s), '[(]')"
    " BIND (IRI(CONCAT(STR(?s), '(', STR(?o))) AS ?n) }"
)


def test_a_rule_is_parsed() -> None:
    rule = read_rule("a", TEXT, "a.rq")
    s, p, o = Variable("s"), NamedNode("urn:x#p"), Variable("o")
    assert rule.body[0] == Pattern(s, p, o)
    assert rule.body[1].object == Literal("x{", language="en")
    assert rule.absent == ((Pattern(s, NamedNode("urn:x#r"), Variable("t")),),)
    assert (rule.minted, rule.keys) == ({"n"}, {"n": {"s", "o"}})
    assert [str(pattern.object) for pattern in rule.head] == ["<urn:x#Pair>", "?s", "?o", '"a } b"']


def test_a_pattern_is_matched_and_filled() -> None:
    s, p, o = NamedNode("urn:s"), NamedNode("urn:p"), Literal("o")
    pattern = Pattern(Variable("a"), p, Variable("b"))
    assert pattern.match(Triple(s, p, o)) == {"a": s, "b": o}
    assert pattern.fill({"a": s, "b": o}) == Triple(s, p, o)
    assert pattern.fill({"a": s}) is None
    assert pattern.fill({"a": o, "b": s}) is None
    assert Pattern(Variable("a"), p, Variable("a")).match(Triple(s, p, o)) is None
    assert Pattern(Variable("a"), s, Variable("b")).match(Triple(s, p, o)) is None


def test_the_programs_own_rules_are_accepted() -> None:
    assert len({rule.name for rule in read_rules()}) == len(read_rules()) >= 5
