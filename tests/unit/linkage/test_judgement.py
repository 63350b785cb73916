import pytest

from musterroll.linkage.comparison import COMPARISONS
from musterroll.linkage.judgement import Author, Judgement, Verdict, standing_judgement


def judged(verdict=Verdict.CONFIRMED, by=Author.MODEL, at=1, agreed=0b11, against=0b100):
    return Judgement(1, 2, verdict, by, 1, 12_000, agreed, against, at)


def test_a_judgement_names_what_agreed_and_what_spoke_against():
    assert judged().comparisons == (("number", "given"), ("middle",))


def test_a_comparison_cannot_speak_both_ways():
    with pytest.raises(ValueError, match="not both"):
        judged(agreed=1, against=1)


def test_a_mask_has_no_bit_beyond_the_declared_comparisons():
    with pytest.raises(ValueError, match="beyond"):
        judged(agreed=1 << len(COMPARISONS))


def test_the_last_judgement_holds():
    assert standing_judgement([judged(at=2), judged(Verdict.POSSIBLE, at=1)]) == judged(at=2)


def test_no_run_undoes_what_a_person_or_officer_judged():
    human = judged(Verdict.REFUTED, Author.OFFICER, at=1)
    assert standing_judgement([human, judged(at=9)]) == human


def test_of_two_humans_the_later_is_heard_and_at_one_time_the_refusal():
    officer, person = judged(by=Author.OFFICER), judged(Verdict.REFUTED, Author.PERSON, at=2)
    assert standing_judgement([officer, person]) == person
    assert standing_judgement([judged(by=Author.PERSON, at=2), person]) == person


def test_without_judgements_nothing_stands():
    assert standing_judgement([]) is None
