"""Whose a record is, rule by rule, on a handful of rows."""

from musterroll.linkage.cluster import Refused
from musterroll.linkage.comparison import Compared
from musterroll.linkage.judgement import Author, Verdict
from musterroll.linkage.weight import CERTAIN, POSSIBLE
from musterroll.linkage.whose import Known, Said, by_rules, settle

COVERAGE = 0.9


def row(record, source="pay", *, single=False, **told):
    columns = {"given": "derick", "family": "castillo", "born": 9000, "sex": 0} | told
    return Compared(record, source, single, **columns)


def civil(record, **told):
    return row(record, "civil", single=True, **told)


def known(*rows):
    told = {}
    for one in rows:
        told.setdefault(one.record, []).append(one)
    return Known(told, frozenset(one.record for one in rows if one.source == "civil"), {})


def settled(people, scores=None, human=()):
    return settle(people, by_rules(people, human), scores or {}, COVERAGE, 1)


def links(found):
    return {(one.founder, one.record): (one.verdict, one.by, one.weight) for one in found.links if one.record > 10}


def test_a_verified_number_and_a_full_name_with_birth_date_need_no_weight():
    people = known(
        civil(1, number="123"), civil(2, given="anna"), row(11, number="123", born=None), row(12, given="anna")
    )
    assert links(settled(people)) == {
        (1, 11): (Verdict.CONFIRMED, Author.NUMBER, CERTAIN),
        (2, 12): (Verdict.CONFIRMED, Author.EXACT, CERTAIN),
    }


def test_two_founders_of_one_name_and_birth_date_leave_a_record_to_its_weight():
    people = known(civil(1), civil(2), row(11))
    found = settled(people, {(1, 11): 20_000, (2, 11): 20_000})
    assert {verdict for verdict, _, _ in links(found).values()} == {Verdict.POSSIBLE}
    assert found.unattached == frozenset()


def test_a_record_that_nothing_brings_near_is_unattached():
    assert settled(known(civil(1), row(11, given="zeb", family="other", born=1))).unattached == {11}


def test_weight_confirms_unless_something_contradicts():
    people = known(civil(1), row(11, born=None, middle="w"), row(12, given="zebedee", born=None))
    found = settled(people, {(1, 11): 15_000, (1, 12): 15_000})
    assert links(found)[1, 11][:2] == (Verdict.CONFIRMED, Author.MODEL)
    assert links(found)[1, 12][0] is Verdict.POSSIBLE
    assert [one.reason for one in found.refused] == ["given_name_differs"]


def test_a_humans_word_stands_above_every_rule():
    people = known(civil(1, number="123"), civil(2, given="anna", born=1), row(11, number="123"), row(12, born=None))
    human = [
        Said(1, 11, Verdict.REFUTED, Author.PERSON, 7),
        Said(2, 11, Verdict.CONFIRMED, Author.OFFICER, 8),
        Said(1, 12, Verdict.POSSIBLE, Author.OFFICER, 9),
    ]
    found = settled(people, {(1, 12): 15_000}, human)
    assert links(found) == {
        (1, 11): (Verdict.REFUTED, Author.PERSON, CERTAIN),
        (2, 11): (Verdict.CONFIRMED, Author.OFFICER, CERTAIN),
        (1, 12): (Verdict.POSSIBLE, Author.OFFICER, CERTAIN),
    }
    assert found.refused == (Refused(1, 12, found.refused[0].weight, "left_open_by_officer"),)


def test_a_refused_number_goes_to_nobody_by_rule():
    people = known(civil(1, number="123"), row(11, number="123"))
    found = settled(people, {(1, 11): 15_000}, [Said(1, 11, Verdict.REFUTED, Author.PERSON, 7)])
    assert links(found) == {(1, 11): (Verdict.REFUTED, Author.PERSON, CERTAIN)}
    assert found.refused[0].reason == "refuted_by_person"
    assert found.unattached == {11}


def test_records_bring_one_another_and_what_a_person_has_for_certain_is_possible_for_nobody_else():
    people = known(civil(1), civil(2, born=5), row(11, born=None, middle="w"), row(12, born=None, middle="w"))
    found = settled(people, {(1, 11): 15_000, (11, 12): 14_000, (2, 11): -9_000})
    assert links(found)[1, 12] == (Verdict.CONFIRMED, Author.MODEL, 14_000)
    assert (2, 11) not in links(found)


def test_a_sources_one_record_leaves_no_other_of_it_possible():
    people = known(
        civil(1), row(11, "tax", single=True), row(12, "tax", single=True, born=None, family="castilla", middle="w")
    )
    found = settled(people, {(1, 12): 2_000})
    assert set(links(found)) == {(1, 11)}
    assert found.unattached == {12}


def test_a_row_from_ones_childhood_is_not_even_possible():
    people = known(civil(1, born=9000), row(11, born=None, born_until=100))
    found = settled(people, {(1, 11): 5_000})
    assert links(found) == {}


def test_two_records_of_no_founder_and_a_record_between_founders_of_two_sources_are_weighed():
    people = known(civil(1), row(11, given="zeb", born=1), row(12, given="zeb", born=1), civil(20, given="anna"))
    found = settled(people, {(11, 12): 15_000, (1, 20): 3_000, (12, 20): 1_000})
    assert found.unattached == {11}
    assert links(found)[20, 12][0] is Verdict.POSSIBLE


def test_of_two_namesakes_neither_gets_a_row_that_the_other_ones_rows_are_as_near_to():
    """The board's row has no number; each of them has a row of the dwelling register that is just as like it."""
    people = known(
        civil(1, number="123"),
        civil(2, number="456"),
        row(11, "dwelling", single=True, number="123"),
        row(12, "dwelling", single=True, number="456"),
        row(13, "board"),
    )
    scores = {(1, 13): 13_000, (2, 13): 13_000, (11, 13): 13_000, (12, 13): 13_000}
    found = settled(people, scores)
    assert links(found)[1, 13][0] is links(found)[2, 13][0] is Verdict.POSSIBLE
    assert found.refused[-1].reason == "another_as_near"


def test_a_row_that_only_a_lost_row_had_brought_is_lost_with_it():
    people = known(
        civil(1, number="123"),
        civil(2, number="456"),
        row(11, "dwelling", number="123"),
        row(12, "dwelling", number="456"),
        row(13, "board"),
        row(14, "tax"),
    )
    scores = {(11, 13): 13_000, (12, 13): 13_000, (13, 14): 15_000}
    found = settled(people, scores)
    assert {verdict for (_, record), (verdict, _, _) in links(found).items() if record in (13, 14)} == {
        Verdict.POSSIBLE
    }
    assert (1, 14) not in links(found)


def test_a_row_that_is_far_nearer_to_one_of_two_namesakes_is_his():
    people = known(civil(1, number="123"), civil(2), row(11, "dwelling", number="123"), row(13, "board"))
    found = settled(people, {(1, 13): 13_000, (2, 13): 13_000, (11, 13): 24_000})
    assert links(found)[1, 13][:2] == (Verdict.CONFIRMED, Author.MODEL)


def test_a_brother_whom_the_row_contradicts_is_no_rival():
    people = known(
        civil(1, number="123"),
        civil(2, given="zebedee", born=5, number="456"),
        row(11, "dwelling", number="123"),
        row(12, "dwelling", given="zebedee", born=5, number="456"),
        row(13, "board", family="castilo"),
    )
    found = settled(people, {(11, 13): 15_000, (12, 13): 15_000})
    assert links(found)[1, 13][:2] == (Verdict.CONFIRMED, Author.MODEL)


def test_one_s_number_with_another_s_full_name_and_birth_date_is_possible_for_both():
    """A father and his son of one name; of the third row only a family name differs, which may have changed."""
    father, son = civil(1, number="123"), civil(2, number="456", born=18_000)
    people = known(
        father,
        son,
        row(11, number="123", born=18_000),
        row(12, number="123", born=None),
        row(13, number="123", family="other"),
    )
    found = settled(people, {(1, 11): 25_000, (2, 11): 25_000})
    assert links(found) == {
        (1, 11): (Verdict.POSSIBLE, Author.NUMBER, POSSIBLE),
        (2, 11): (Verdict.POSSIBLE, Author.EXACT, POSSIBLE),
        (1, 12): (Verdict.CONFIRMED, Author.NUMBER, CERTAIN),
        (1, 13): (Verdict.CONFIRMED, Author.NUMBER, CERTAIN),
    }


def namesakes(found):
    return {(one.founder, one.record) for one in found.links if one.by is Author.NAMESAKE}


def test_what_is_ones_is_possible_for_another_of_his_name_and_birth_date():
    row_of_one = row(11, number="123", born=None)
    people = known(civil(1, number="123"), civil(2, number="999"), civil(3, number="5", given="anna"), row_of_one)
    found = settled(people)
    assert links(found)[2, 11] == (Verdict.POSSIBLE, Author.NAMESAKE, POSSIBLE)
    assert namesakes(found) == {(1, 2), (2, 1), (2, 11)}
    told_apart = known(civil(1, number="123"), civil(2, number="999", sex=1), row_of_one)
    assert namesakes(settled(told_apart)) == set()


def test_an_officer_tells_two_namesakes_apart_and_the_person_only_one_record():
    people = known(civil(1, number="123"), civil(2, number="999"), row(11, number="123", born=None))
    assert namesakes(settled(people, human=[Said(1, 2, Verdict.REFUTED, Author.OFFICER, 7)])) == set()
    assert namesakes(settled(people, human=[Said(2, 1, Verdict.REFUTED, Author.PERSON, 7)])) == {(1, 2), (2, 11)}
    assert namesakes(settled(people, human=[Said(2, 11, Verdict.REFUTED, Author.OFFICER, 7)])) == {(1, 2), (2, 1)}


def test_the_number_of_one_who_left_the_list_is_perhaps_his_namesake_s():
    bare = {"given": None, "family": None, "born": None, "sex": None}
    here = known(civil(2, number="999"), row(11, number="123", **bare), row(12, number="123", given="otto", born=None))
    gone = {9: (civil(9, number="123"),), 8: (civil(8, number="77", family=None),)}
    people = Known(here.rows, here.founders, here.forms, gone)
    assert namesakes(settled(people)) == {(2, 11)}
    assert settled(people).unattached == {12}


def test_a_twins_number_beside_ones_own_name_with_a_slip_is_possible_for_both():
    twins = (civil(1, number="123"), civil(2, number="999", given="martin"))
    both = {1: Verdict.POSSIBLE, 2: Verdict.POSSIBLE}
    for given, whose in {"mrtain": both, "marten": both, "otto": {1: Verdict.CONFIRMED}}.items():
        found = settled(known(*twins, row(11, number="123", given=given)))
        assert {founder: verdict for (founder, _), (verdict, *_) in links(found).items()} == whose
