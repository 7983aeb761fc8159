"""What a row rests on, worked out by hand on graphs of a few letters: one case or more for each part of SPARQL."""

import pytest
from row_graphs import PREFIX, Memory, explained, graph_of, supports, term_of

from graph.proofs.rows import CannotExplainError, RowBound, explain_rows, read_query


class TestJoinsAndUnions:
    def test_a_basic_pattern_rests_on_its_triples(self) -> None:
        assert supports("a p b . b q c . x p y", "SELECT ?x { ?x :p ?y . ?y :q ?z }") == [{"a p b", "b q c"}]

    def test_a_row_that_comes_in_two_ways_has_two_supports(self) -> None:
        graph = "a p b . a p c . b q d . c q d"
        assert supports(graph, "SELECT DISTINCT ?x ?z { ?x :p ?y . ?y :q ?z }") == [
            {"a p b", "b q d"},
            {"a p c", "c q d"},
        ]

    def test_a_union_rests_on_the_branch_that_was_taken(self) -> None:
        rows = explained("a p b . a q c", "SELECT ?x ?y { { ?x :p ?y } UNION { ?x :q ?y } }")
        assert [(each.row, each.supports) for each in rows] == [
            (("a", "b"), [{"a p b"}]),
            (("a", "c"), [{"a q c"}]),
        ]

    def test_both_branches_of_a_union_may_give_the_row(self) -> None:
        query = "SELECT DISTINCT ?x { { ?x :p ?y } UNION { ?x :q ?y . ?y :q ?z } }"
        assert supports("a p b . a q c . c q d", query) == [{"a p b"}, {"a q c", "c q d"}]

    def test_a_support_that_holds_another_is_none(self) -> None:
        assert supports("a p b . a q c", "SELECT DISTINCT ?x { ?x :p ?y OPTIONAL { ?x :q ?z } }") == [
            {"a p b", "a q c"}
        ]
        assert supports("a p b . b q c", "SELECT DISTINCT ?x { { ?x :p ?y } UNION { ?x :p ?y . ?y :q ?z } }") == [
            {"a p b"}
        ]

    def test_an_unbound_cell_is_no_wildcard(self) -> None:
        rows = explained("a p b . a q c", "SELECT ?x ?y { { ?x :p ?z } UNION { ?x :q ?y } }")
        assert [(each.row, each.supports) for each in rows] == [
            (("a", None), [{"a p b"}]),
            (("a", "c"), [{"a q c"}]),
        ]

    def test_a_triple_of_a_named_graph_is_another_fact(self) -> None:
        graph = "a p b . a p b @g . a p b @h"
        assert supports(graph, "SELECT ?x { ?x :p :b }") == [{"a p b"}]
        assert supports(graph, "SELECT ?x { GRAPH :g { ?x :p :b } }") == [{"a p b @g"}]
        assert supports(graph, "SELECT DISTINCT ?x { GRAPH ?g { ?x :p :b } }") == [{"a p b @g"}, {"a p b @h"}]

    def test_a_blank_node_of_a_pattern_is_a_variable(self) -> None:
        assert supports("a p b . b q c", "SELECT ?x { ?x :p [ :q ?z ] }") == [{"a p b", "b q c"}]

    def test_nothing_at_all_rests_on_nothing(self) -> None:
        assert supports("a p b", "SELECT (1 AS ?x) {}") == [set()]


class TestOptional:
    GRAPH = "a p b . c p d . b q e"

    def test_bound_and_unbound(self) -> None:
        bound, unbound = explained(self.GRAPH, "SELECT ?x ?z { ?x :p ?y OPTIONAL { ?y :q ?z } }")
        assert (bound.row, bound.supports, bound.absences) == (("a", "e"), [{"a p b", "b q e"}], [[]])
        assert (unbound.row, unbound.supports) == (("c", None), [{"c p d"}])
        assert unbound.absences == [["OPTIONAL { <urn:x:d> <urn:x:q> ?z . }"]]

    def test_its_filter_sees_the_other_side(self) -> None:
        query = "SELECT ?x ?z { ?x :p ?y OPTIONAL { ?y :q ?z FILTER (?x = :c) } }"
        assert [each.supports for each in explained(self.GRAPH, query)] == [[{"a p b"}], [{"c p d"}]]

    def test_an_exists_within_decides_whether_it_is_found(self) -> None:
        query = "SELECT ?x ?z { ?x :p ?y OPTIONAL { { ?y :q ?z FILTER (EXISTS { ?z :r ?w }) } } }"
        (first, _) = explained(self.GRAPH, query)
        assert (first.row, first.supports) == (("a", None), [{"a p b"}])
        (first, _) = explained(self.GRAPH + " . e r f", query)
        assert (first.row, first.supports) == (("a", "e"), [{"a p b", "b q e", "e r f"}])

    def test_one_in_another(self) -> None:
        query = "SELECT ?x ?w { ?x :p ?y OPTIONAL { ?y :q ?z OPTIONAL { ?z :r ?w } } }"
        assert explained(self.GRAPH + " . e r f", query)[0].supports == [{"a p b", "b q e", "e r f"}]


class TestFilters:
    GRAPH = "a p b . a q c . d p b"

    def test_exists_is_part_of_the_support(self) -> None:
        assert supports(self.GRAPH, "SELECT ?x { ?x :p :b FILTER (EXISTS { ?x :q ?y }) }") == [{"a p b", "a q c"}]

    def test_not_exists_is_an_absence(self) -> None:
        (only,) = explained(self.GRAPH, "SELECT ?x { ?x :p :b FILTER NOT EXISTS { ?x :q ?y } }")
        assert (only.row, only.supports) == (("d",), [{"d p b"}])
        assert only.absences == [["NOT EXISTS { <urn:x:d> <urn:x:q> ?y . }"]]

    def test_what_is_true_anyhow_needs_no_exists(self) -> None:
        query = "SELECT ?x { ?x :p :b FILTER (?x = :a || EXISTS { ?x :q ?y }) }"
        assert supports(self.GRAPH, query) == [{"a p b"}]

    def test_one_exists_or_another(self) -> None:
        query = "SELECT DISTINCT ?x { ?x :p :b FILTER (EXISTS { ?x :q ?y } || EXISTS { ?x :r ?y }) }"
        assert supports(self.GRAPH + " . a r e", query) == [{"a p b", "a q c"}, {"a p b", "a r e"}]

    def test_a_double_negation_is_an_exists(self) -> None:
        query = "SELECT ?x { ?x :p :b FILTER (!(NOT EXISTS { ?x :q ?y } || ?x = :d)) }"
        assert supports(self.GRAPH, query) == [{"a p b", "a q c"}]

    def test_an_exists_in_an_expression(self) -> None:
        rows = explained(self.GRAPH, "SELECT ?x ?z { ?x :p :b BIND (IF(EXISTS { ?x :q ?y }, 1, 2) AS ?z) }")
        assert [(each.row, each.supports) for each in rows] == [
            (("a", "1"), [{"a p b", "a q c"}]),
            (("d", "2"), [{"d p b"}]),
        ]
        assert rows[1].absences == [["NOT EXISTS { <urn:x:d> <urn:x:q> ?y . }"]]

    def test_a_filter_within_exists_sees_what_is_outside(self) -> None:
        query = "SELECT ?x { ?x :p ?y FILTER (EXISTS { ?z :q ?w FILTER (?z = ?x) }) }"
        assert supports("a p b . c p b . a q d", query) == [{"a p b", "a q d"}]

    def test_exists_does_not_see_what_is_joined_elsewhere(self) -> None:
        query = "SELECT DISTINCT ?x { VALUES ?x { :e } { ?y :p :b FILTER (EXISTS { ?x :q ?y }) } }"
        assert supports("a p b . c q a", query) == [{"a p b", "c q a"}]

    def test_minus_is_the_positive_part_and_an_absence(self) -> None:
        (only,) = explained(self.GRAPH, "SELECT ?x { ?x :p :b MINUS { ?x :q ?y } }")
        assert (only.row, only.supports) == (("d",), [{"d p b"}])
        assert only.absences == [["MINUS { <urn:x:d> <urn:x:q> ?y . }"]]

    def test_values_and_bind_rest_on_nothing_themselves(self) -> None:
        assert supports(self.GRAPH, "SELECT ?x ?n { VALUES (?x ?n) { (:a 1) (:z 2) } ?x :q ?y }") == [{"a q c"}]
        assert supports(self.GRAPH, "SELECT ?x ?n { VALUES (?x ?n) { (UNDEF 1) } ?x :q ?y }") == [{"a q c"}]
        assert supports(self.GRAPH, "SELECT ?s { ?x :q ?y BIND (STR(?x) AS ?s) }") == [{"a q c"}]


class TestPaths:
    def test_a_sequence_names_each_step(self) -> None:
        assert supports("a p b . b q c", "SELECT ?x ?z { ?x :p/:q ?z }") == [{"a p b", "b q c"}]

    def test_an_alternative_names_the_step_taken(self) -> None:
        rows = explained("a p b . a q c", "SELECT ?z { :a :p|:q ?z }")
        assert [each.supports for each in rows] == [[{"a p b"}], [{"a q c"}]]

    def test_inverse_and_negated(self) -> None:
        assert supports("a p b", "SELECT ?x { :b ^:p ?x }") == [{"a p b"}]
        assert supports("a p b . a q c", "SELECT ?z { :a !:p ?z }") == [{"a q c"}]
        assert supports("a p b . a q c . a r d", "SELECT ?z { :a !(:p|:r) ?z }") == [{"a q c"}]

    def test_an_optional_step_may_be_none(self) -> None:
        rows = explained("a p b . a q c", "SELECT ?z { :a :p ?y . :a :q? ?z }")
        assert [each.supports for each in rows] == [[{"a p b"}], [{"a p b", "a q c"}]]

    def test_a_closure_names_each_way_that_repeats_no_place(self) -> None:
        graph = "a p b . b p c . a p d . d p c . c p a"
        assert supports(graph, "SELECT ?x { VALUES ?x { :c } :a :p+ ?x }") == [{"a p b", "b p c"}, {"a p d", "d p c"}]
        assert supports(graph, "SELECT ?x { VALUES ?x { :a } :a :p+ ?x }") == [
            {"a p b", "b p c", "c p a"},
            {"a p d", "c p a", "d p c"},
        ]

    def test_a_closure_of_a_path(self) -> None:
        graph = "a p b . c q b . c p d . e q d"
        assert supports(graph, "SELECT ?x { VALUES ?x { :e } :a (:p/^:q)* ?x }") == [
            {"a p b", "c p d", "c q b", "e q d"}
        ]

    def test_a_way_beyond_the_bound_is_told(self) -> None:
        chain = " . ".join(f"n{n} p n{n + 1}" for n in range(6))
        query = read_query(PREFIX + "SELECT ?x { :n0 :p+ ?x FILTER (?x = :n6) }")
        engine = Memory(graph_of(chain))
        row = {"x": term_of("n6")}
        (short,) = explain_rows(engine, query, [row], bound=RowBound(steps=5))
        assert short.supports == ()
        assert "paths of more than 5 steps were not looked at" in short.cut
        (enough,) = explain_rows(engine, query, [row], bound=RowBound(steps=6))
        assert len(enough.supports[0].facts) == 6


class TestGroups:
    GRAPH = "a p 1 . a p 2 . a p 3 . b p 4"

    def test_a_count_rests_on_the_whole_group(self) -> None:
        rows = explained(self.GRAPH, "SELECT ?x (COUNT(?n) AS ?c) { ?x :p ?n } GROUP BY ?x")
        assert [(each.row, each.supports) for each in rows] == [
            (("a", "3"), [{"a p 1", "a p 2", "a p 3"}]),
            (("b", "1"), [{"b p 4"}]),
        ]

    def test_a_least_or_greatest_rests_on_one_that_has_it(self) -> None:
        rows = explained(self.GRAPH, "SELECT ?x (MIN(?n) AS ?c) { ?x :p ?n } GROUP BY ?x")
        assert rows[0].supports == [{"a p 1"}]
        assert supports(self.GRAPH, "SELECT (MIN(?n) AS ?c) (MAX(?n) AS ?d) { ?x :p ?n }") == [{"a p 1", "b p 4"}]

    def test_a_key_alone_rests_on_any_member(self) -> None:
        rows = explained(self.GRAPH, "SELECT ?x { ?x :p ?n } GROUP BY ?x")
        assert rows[0].supports == [{"a p 1"}, {"a p 2"}, {"a p 3"}]

    def test_a_group_whose_key_is_not_shown(self) -> None:
        query = "SELECT (COUNT(*) AS ?c) { ?x :p ?n } GROUP BY ?x HAVING (COUNT(*) > 1)"
        assert supports("a p 1 . b p 1 . b p 2", query) == [{"b p 1", "b p 2"}]

    def test_an_expression_over_an_aggregate(self) -> None:
        rows = explained(self.GRAPH, "SELECT ?x (SUM(?n) * 2 AS ?c) { ?x :p ?n } GROUP BY ?x ORDER BY SUM(?n)")
        assert [each.row for each in rows] == [("a", "12"), ("b", "8")]
        assert rows[1].supports == [{"b p 4"}]

    def test_none_of_a_kind_is_an_absence(self) -> None:
        (only,) = explained(self.GRAPH, "SELECT (COUNT(*) AS ?c) { ?x :q ?n }")
        assert (only.row, only.supports) == (("0",), [set()])
        assert only.absences == [["no member of { ?x <urn:x:q> ?n . }"]]


class TestSubSelects:
    GRAPH = "a p 1 . b p 2 . c p 3 . a q d . b q d . c q d"

    def test_what_a_sub_select_keeps_to_itself_is_another_variable(self) -> None:
        query = "SELECT ?x ?y { ?x :q ?y { SELECT ?x { ?x :p ?y } } } ORDER BY ?x LIMIT 1"
        assert supports(self.GRAPH, query) == [{"a p 1", "a q d"}]

    def test_one_with_limit_rests_on_its_own_rows(self) -> None:
        query = "SELECT ?x { { SELECT ?x { ?x :p ?n } ORDER BY DESC(?n) LIMIT 1 } ?x :q ?y }"
        assert [(each.row, each.supports) for each in explained(self.GRAPH, query)] == [
            (("c",), [{"c p 3", "c q d"}])
        ]

    def test_one_with_a_group(self) -> None:
        query = "SELECT ?x ?c { ?x :p 1 { SELECT ?y (COUNT(?z) AS ?c) { ?z :q ?y } GROUP BY ?y } }"
        assert supports(self.GRAPH, query) == [{"a p 1", "a q d", "b q d", "c q d"}]

    def test_distinct_merges_ways(self) -> None:
        query = "SELECT ?y { { SELECT DISTINCT ?y { ?x :q ?y } } }"
        assert supports(self.GRAPH, query) == [{"a q d"}, {"b q d"}, {"c q d"}]

    def test_a_group_over_a_union_and_a_sub_select(self) -> None:
        query = """SELECT (GROUP_CONCAT(?t; SEPARATOR = ", ") AS ?s) {
            { SELECT DISTINCT ?t { { ?x :p ?n FILTER (?n < 3) } UNION { ?x :q :z } BIND (STR(?n) AS ?t) }
              ORDER BY ?t }
        }"""
        assert supports(self.GRAPH, query) == [{"a p 1", "b p 2"}]


class TestAsk:
    def test_true_rests_on_any_way(self) -> None:
        engine = Memory(graph_of("a p b . c p b"))
        (told,) = explain_rows(engine, read_query(PREFIX + "ASK { ?x :p :b }"), [{}])
        assert [len(each.facts) for each in told.supports] == [1, 1]

    def test_the_rows_of_a_dataset_that_the_query_names(self) -> None:
        graph = "a p b . a p b @g . c p b @h"
        query = "SELECT ?x FROM <urn:x:g> FROM NAMED <urn:x:h> { { ?x :p :b } UNION { GRAPH ?g { ?x :p :b } } }"
        assert [(each.row, each.supports) for each in explained(graph, query)] == [
            (("a",), [{"a p b"}]),
            (("c",), [{"c p b @h"}]),
        ]


class TestRefusals:
    @pytest.mark.parametrize(
        ("query", "words"),
        [
            ("SELECT ?x { SERVICE <http://example.org/> { ?x ?y ?z } }", "SERVICE"),
            ("SELECT (NOW() AS ?x) {}", "NOW"),
            ("SELECT ?x { ?x !(:p|^:q) ?y }", "backwards"),
            ("SELECT ?x { GRAPH ?g { GRAPH :g { ?x :p ?y } } }", "engines differ"),
            ("SELECT ?x { ?x :p ?y FILTER (EXISTS { ?x :q ?z BIND (?z AS ?y) }) }", "bound outside"),
            ("SELECT ?x { ?x :p ?y LATERAL { SELECT ?z { ?y :p ?z } LIMIT 1 } }", "is no SPARQL 1.1"),
            ("SELECT ?x { << ?x :p ?y >> :q ?z }", "is no SPARQL 1.1"),
            ("CONSTRUCT { ?x :p ?y } { ?x :p ?y }", "CONSTRUCT"),
            ("DESCRIBE :a", "DESCRIBE"),
            ("SELECT ?x " + "{" * 60 + "?x :p ?y" + "}" * 60, "too deep"),
            ("SELECT ?x { VALUES ?x { " + ":abcdefghij " * 6000 + "} }", "longer"),
        ],
    )
    def test_what_cannot_be_explained_is_told(self, query: str, words: str) -> None:
        with pytest.raises(CannotExplainError, match=f"cannot explain: .*{words}"):
            read_query(PREFIX + query)

    def test_a_row_that_the_query_does_not_make_has_no_support(self) -> None:
        engine = Memory(graph_of("a p b"))
        (told,) = explain_rows(engine, read_query(PREFIX + "SELECT ?x { ?x :p ?y }"), [{"x": None}])
        assert told.supports == ()
        assert told.cut == ("no way was found by which the query makes this row",)

    def test_a_bound_is_told(self) -> None:
        engine = Memory(graph_of(" . ".join(f"a p n{n}" for n in range(30))))
        query, row = read_query(PREFIX + "SELECT DISTINCT ?x { ?x :p ?y }"), {"x": term_of("a")}
        (few,) = explain_rows(engine, query, [row], bound=RowBound(supports=5))
        assert len(few.supports) == 5
        assert few.cut == ("only the 5 smallest supports of a part of it are kept",)
        (fewer,) = explain_rows(engine, query, [row], bound=RowBound(solutions=3))
        assert len(fewer.supports) == 3
        assert fewer.cut == ("only 3 ways to find a part of it were looked at",)
        stopped = list(explain_rows(engine, query, [row, {"x": None}], bound=RowBound(queries=1)))
        assert stopped[1].cut == ("stopped: more than 1 queries would be needed",)
