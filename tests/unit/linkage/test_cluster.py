from itertools import permutations

import pytest

from musterroll.linkage.cluster import ONE_PER_SOURCE, TWO_FOUNDERS, Edge, Refused, Rules, cluster

# Records 1 and 2 founded persons; 11, 12 are dwelling records (one a person), 21, 22 pay records (several a person).
FOUNDERS = frozenset({1, 2})
DWELLING = {11: "dwelling", 12: "dwelling", 1: "civil", 2: "civil"}


def clustered(*edges, against=()):
    """The clusters as founder -> records that joined it; the same for every order of the edges."""
    rules = Rules(FOUNDERS, DWELLING, lambda founder, record: "differs" if (founder, record) in against else None)
    results = [cluster(order, rules) for order in permutations(edges)]
    assert all(result == results[0] for result in results)
    return results[0]


def joined(result):
    return {record: (founder, result.joined[record]) for record, founder in result.founder.items() if record > 9}


def test_records_that_meet_are_one_persons():
    result = clustered(Edge(1, 11, 20), Edge(11, 21, 15), Edge(21, 22, 12))
    assert joined(result) == {11: (1, 20), 21: (1, 15), 22: (1, 12)}
    assert set(result.of.values()) == {1}
    assert result.refused == ()


def test_records_that_have_met_need_no_further_edge():
    result = clustered(Edge(1, 11, 20), Edge(11, 21, 15), Edge(1, 21, 12))
    assert joined(result) == {11: (1, 20), 21: (1, 15)}
    assert result.refused == ()


def test_records_without_a_founder_are_nobodys():
    result = clustered(Edge(11, 21, 15))
    assert result.founder == {}
    assert result.of == {11: 11, 21: 11}


def test_two_civil_records_are_never_merged():
    result = clustered(Edge(1, 21, 20), Edge(2, 21, 15))
    assert joined(result) == {21: (1, 20)}
    assert result.refused == (Refused(2, 21, 15, TWO_FOUNDERS),)


def test_a_person_has_one_record_of_a_source_that_holds_one():
    result = clustered(Edge(1, 11, 20), Edge(1, 12, 15))
    assert joined(result) == {11: (1, 20)}
    assert result.refused == (Refused(1, 12, 15, ONE_PER_SOURCE),)


def test_two_records_of_one_source_are_two_peoples_even_where_neither_is_known():
    result = clustered(Edge(11, 21, 20), Edge(12, 21, 15))
    assert result.of == {11: 11, 21: 11, 12: 12}
    assert result.refused == (Refused(12, 21, 15, ONE_PER_SOURCE),)


def test_equal_weights_are_settled_by_record_numbers():
    assert joined(clustered(Edge(1, 11, 20), Edge(1, 12, 20))) == {11: (1, 20)}


def test_a_contradiction_keeps_a_record_out_whoever_brought_it():
    result = clustered(Edge(11, 21, 20), Edge(1, 11, 15), against={(1, 21)})
    assert joined(result) == {}
    assert result.refused == (Refused(1, 11, 15, "differs"),)


def test_a_contradiction_keeps_a_record_from_a_group_that_has_a_founder():
    result = clustered(Edge(1, 11, 20), Edge(11, 21, 15), against={(1, 21)})
    assert joined(result) == {11: (1, 20)}
    assert result.refused == (Refused(11, 21, 15, "differs"),)


def test_a_founder_that_joins_late_is_asked_about_every_member():
    result = clustered(Edge(11, 21, 20), Edge(2, 22, 30), Edge(21, 22, 10))
    assert joined(result) == {22: (2, 30), 11: (2, 10), 21: (2, 10)}


def test_a_judgement_joins_first_and_may_add_a_second_record_of_a_source():
    result = clustered(
        Edge(1, 11, 99, fixed=True), Edge(1, 12, 99, fixed=True), Edge(2, 12, 30), Edge(12, 21, 10), against={(1, 12)}
    )
    assert joined(result) == {11: (1, 99), 12: (1, 99), 21: (1, 10)}
    assert result.refused == (Refused(2, 12, 30, TWO_FOUNDERS),)


def test_not_even_a_judgement_merges_two_civil_records():
    result = clustered(Edge(1, 21, 99, fixed=True), Edge(2, 21, 99, fixed=True))
    assert joined(result) == {21: (1, 99)}
    assert result.refused == (Refused(2, 21, 99, TWO_FOUNDERS),)


def test_a_contradicted_judgement_of_a_rule_in_a_quiet_component_stands():
    assert joined(clustered(Edge(1, 11, 99, fixed=True), Edge(11, 21, 10), against={(1, 11)})) == {
        11: (1, 99),
        21: (1, 10),
    }


def test_an_edge_runs_upwards():
    with pytest.raises(ValueError, match="smaller"):
        Edge(2, 1, 10)
