"""A row without a number, two people whose rows are equally like it: the engine says what the plain rules say.

Two namesakes of one birth date live in one country. The board writes no numbers. Whose its row is nobody can tell.
They may also be one human who was entered twice: then what is one's is possible for the other.
"""

import os
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from tests.agreement.test_linkage_night import MODEL, frame, human_frame, known, plain

from musterroll.dates import parse_day
from musterroll.engine.linkage_delta import laid_over, link_delta
from musterroll.engine.linkage_frame import Population, told_apart
from musterroll.engine.linkage_night import link_all
from musterroll.linkage.comparison import Compared
from musterroll.linkage.judgement import Author, Verdict
from musterroll.linkage.script import keys
from musterroll.linkage.whose import Known, Said, by_rules, settle

BORN = parse_day("1984-05-06")


def row(record, source, number=None, given="derick", family="castillo", born=BORN, **told):
    named = {"given_keys": keys(given), "family_keys": keys(family)}
    return Compared(
        record, source, source != "board", number=number, given=given, family=family, born=born, sex=0, **named, **told
    )


OTHERS = [
    row(100 + n, "civil", str(900 + n), given, family, born=BORN + 400 * n)
    for n, (given, family) in enumerate([("anna", "berg"), ("otto", "dorn"), ("ida", "falk"), ("max", "ebner")], 1)
]
ONE = [row(1, "civil", "12345678"), row(11, "dwelling", "12345678", town="aldham", street="millane", house="1")]
OTHER = [row(2, "civil", "55550000"), row(12, "dwelling", "55550000", town="newton", street="oakst", house="7")]
BOARD = [row(21, "board")]


def judged(links):
    """By record: for whom it is confirmed (1) or possible (2)."""
    return {(record, founder): judgement for founder, record, judgement in links.rows() if record > 20 and record < 100}


def linked(rows, folder, **more):
    done = link_all(Population(frame(rows), frozenset({"civil"})), MODEL, folder, **more)
    wanted = plain(rows, [], done.read("pair"))
    links = done.read("link").select("founder", "record", "judgement")
    assert links.rows() == [(one.founder, one.record, int(one.verdict)) for one in wanted.links]
    assert set(done.read("refused").rows()) == {(one.left, one.right, one.weight, one.reason) for one in wanted.refused}
    return judged(links)


@pytest.mark.parametrize("turned", [False, True], ids=["the one first", "the other first"])
def test_of_two_namesakes_neither_gets_the_row_for_certain(tmp_path, turned):
    rows = [*ONE, *OTHER, *BOARD, *OTHERS]
    assert linked(rows[::-1] if turned else rows, tmp_path) == {(21, 1): 2, (21, 2): 2}


def test_where_an_address_speaks_for_one_of_them_the_odds_are_too_few(tmp_path):
    at_home = [row(21, "board", town="aldham", street="millane", house="1")]
    assert linked([*ONE, *OTHER, *at_home, *OTHERS], tmp_path) == {(21, 1): 2, (21, 2): 2}


def test_when_the_other_one_comes_what_was_certain_is_so_no_more(tmp_path):
    """The first day knows one of them only. On the second the other moves in, under the same name at his office."""
    misspelt = [row(21, "board", family="castilo")]
    renamed = [row(2, "civil", "55550000", family="berg"), OTHER[1]]
    held = [*ONE, *misspelt, *OTHERS]
    assert linked(held, tmp_path / "0") == {(21, 1): 1}
    now = [*held, *renamed]
    population = Population(frame(now), frozenset({"civil"}))
    delta = link_delta(tmp_path / "0", population, frame([]), frame(renamed), MODEL, tmp_path / "delta")
    found = laid_over(tmp_path / "0", delta, tmp_path / "1").read("link")
    assert linked(now, tmp_path / "whole", terms=tmp_path / "0" / "terms") == {(21, 1): 2, (21, 2): 2}
    assert judged(found.select("founder", "record", "judgement")) == {(21, 1): 2, (21, 2): 2}
    assert (
        found.rows()
        == link_all(population, MODEL, tmp_path / "again", terms=tmp_path / "0" / "terms").read("link").rows()
    )


# One of two twins' number in the other's row


TWINS = [row(1, "civil", "12345678"), row(2, "civil", "55550000", given="martin")]


@pytest.mark.parametrize(
    ("given", "whose"),
    [
        ("derick", {1: 1}),
        ("derrick", {1: 1}),
        ("martin", {1: 2, 2: 2}),
        ("martim", {1: 2, 2: 2}),
        ("marten", {1: 2, 2: 2}),
        ("mrtain", {1: 2, 2: 2}),
        ("otto", {1: 1}),  # nobody's name: a number and a birth date, and no twin to whom it is nearer
    ],
)
def test_a_brother_s_number_beside_ones_own_name_with_a_slip_is_possible_for_both(tmp_path, given, whose):
    lent = row(21, "board", "12345678", given=given)
    rows = [*TWINS, lent, *OTHERS]
    assert linked(rows, tmp_path) == {(21, founder): judgement for founder, judgement in whose.items()}


def test_a_slip_is_a_twin_s_from_the_day_on_which_he_is_in_the_register_and_until_he_is_not(tmp_path):
    lent = row(21, "board", "12345678", given="martim")
    one, twin = TWINS
    days = [[one, lent, *OTHERS], [one, twin, lent, *OTHERS], [one, lent, *OTHERS]]
    assert linked(days[0], tmp_path / "0") == {(21, 1): 1}
    for day, (gone, fresh, whose) in enumerate([([], [twin], {(21, 1): 2, (21, 2): 2}), ([twin], [], {(21, 1): 1})], 1):
        population = Population(frame(days[day]), frozenset({"civil"}))
        delta = link_delta(
            tmp_path / str(day - 1), population, frame(gone), frame(fresh), MODEL, tmp_path / f"delta-{day}"
        )
        now = laid_over(tmp_path / str(day - 1), delta, tmp_path / str(day))
        whole = link_all(population, MODEL, tmp_path / f"whole-{day}", terms=tmp_path / "0" / "terms")
        assert judged(now.read("link").select("founder", "record", "judgement")) == whose
        for name in ("pair", "link", "free", "unattached"):
            assert now.read(name).rows() == whole.read(name).rows(), name


def test_a_record_that_a_founder_s_number_and_in_another_row_his_name_make_his_is_contested_by_nobody(tmp_path):
    def both(record, source):
        return [row(record, source), row(record, source, "55550000", "otto", middle="w", born=None)]

    assert linked([*both(1, "civil"), *both(21, "board"), *OTHERS], tmp_path) == {(21, 1): 1}


# One who may have been entered twice


TWICE = [
    row(1, "civil", "12345678"),
    row(2, "civil", "55550000"),  # the same name and birth date under another key and number
    row(3, "civil", "70707070", given="anna"),
]
NAMELESS = dict.fromkeys(("given", "family", "given_keys", "family_keys"))
PRISON = row(21, "prison", "12345678", born=None)


def everything(done):
    return done.read("link").select("founder", "record", "judgement", "by", "weight", "agreed", "against").rows()


def said_by_rules(wanted):
    return [
        (one.founder, one.record, int(one.verdict), str(one.by), one.weight, one.agreed, one.against)
        for one in wanted.links
    ]


def agreed(rows, folder, *, human=(), vanished=(), **more):
    """The links of a full run, which are those of the plain rules, and who is unattached likewise."""
    population = Population(
        frame(rows), frozenset({"civil"}), human=human_frame(human), vanished=told_apart(frame(vanished))
    )
    done = link_all(population, MODEL, folder, **more)
    people = known(rows, {"civil"})
    gone = known(vanished, set()).rows
    people = Known(people.rows, people.founders, people.forms, gone)
    scores = {(left, right): weight for left, right, weight in done.read("pair").iter_rows()}
    wanted = settle(people, by_rules(people, human), scores, MODEL.coverage, MODEL.number)
    assert everything(done) == said_by_rules(wanted)
    assert set(done.read("unattached")["record"]) == wanted.unattached
    return done


def of_namesakes(done):
    links = done.read("link").filter(done.read("link")["by"] == "namesake")
    return set(links.select("founder", "record", "judgement").rows())


def test_what_is_ones_is_possible_for_the_other_of_his_name_and_birth_date(tmp_path):
    done = agreed([*TWICE, PRISON, *OTHERS], tmp_path)
    assert (1, 21, 1) in done.read("link").select("founder", "record", "judgement").rows()
    assert of_namesakes(done) == {(1, 2, 2), (2, 1, 2), (2, 21, 2)}


@pytest.mark.parametrize(
    "told", [{"sex": 1}, {"middle": "w"}, {"born": BORN + 1}, {"family": None}, {"given": "martin"}], ids=str
)
def test_two_whom_something_tells_apart_have_nothing_of_each_other(tmp_path, told):
    one, other = row(1, "civil", "12345678", middle="x"), replace(row(2, "civil", "55550000"), **told)
    assert of_namesakes(agreed([one, other, PRISON, *OTHERS], tmp_path)) == set()


@pytest.mark.parametrize("refuted", [(1, 2), (2, 1)])
def test_an_officer_s_word_that_they_are_two_stands(tmp_path, refuted):
    human = [Said(*refuted, Verdict.REFUTED, Author.OFFICER, 7)]
    assert of_namesakes(agreed([*TWICE, PRISON, *OTHERS], tmp_path, human=human)) == set()


def test_the_person_s_word_about_the_other_s_founding_record_is_about_that_alone(tmp_path):
    human = [Said(2, 1, Verdict.REFUTED, Author.PERSON, 7)]
    assert of_namesakes(agreed([*TWICE, PRISON, *OTHERS], tmp_path, human=human)) == {(1, 2, 2), (2, 21, 2)}


def test_an_officer_s_word_about_one_row_stands(tmp_path):
    human = [Said(2, 21, Verdict.REFUTED, Author.OFFICER, 7)]
    assert of_namesakes(agreed([*TWICE, PRISON, *OTHERS], tmp_path, human=human)) == {(1, 2, 2), (2, 1, 2)}


def test_a_judgement_of_a_record_whose_rows_are_gone_makes_it_nobody_else_s(tmp_path):
    human = [Said(2, 21, Verdict.POSSIBLE, Author.OFFICER, 7)]
    assert of_namesakes(agreed([*TWICE, *OTHERS], tmp_path, human=human)) == {(1, 2, 2), (2, 1, 2)}


def test_a_founder_of_the_row_s_family_name_and_birth_date_contests_it_by_a_given_name_in_another_row(tmp_path):
    """Whoever's number a row has, whose given name it has not: a twin whose first row is without a given name."""
    unnamed = {"given": None, "given_keys": None}
    twin = [replace(row(2, "civil", "90909090", family="berg"), **unnamed), row(2, "civil", given="ana", born=None)]
    lent = [replace(row(22, "board", "12345678", family="berg"), **unnamed), row(22, "board", given="anna", born=None)]
    done = agreed([row(1, "civil", "12345678"), *twin, *lent, *OTHERS], tmp_path)
    assert judged(done.read("link").select("founder", "record", "judgement")) == {(22, 1): 2, (22, 2): 2}


def test_a_number_that_only_one_who_is_gone_had_is_possible_for_his_namesake(tmp_path):
    gone = [row(9, "civil", "12345678")]
    rows = [TWICE[1], TWICE[2], replace(PRISON, **NAMELESS), *OTHERS]
    assert set(agreed(rows, tmp_path / "unknown").read("unattached")["record"]) == {21}
    done = agreed(rows, tmp_path / "known", vanished=gone)
    assert of_namesakes(done) == {(2, 21, 2)}
    brother = row(21, "prison", "12345678", "otto", born=None)
    assert of_namesakes(agreed([*rows[:2], brother, *OTHERS], tmp_path / "brother", vanished=gone)) == set()


def test_a_row_of_one_whose_founding_record_somebody_says_is_another_s_stays_his(tmp_path):
    human = [Said(2, 1, Verdict.CONFIRMED, Author.OFFICER, 7)]
    held = [row(1, "civil", "12345678"), row(2, "civil", "55550000", "otto", "dorn", BORN + 400), *OTHERS]
    misspelt = row(21, "board", family="castilo")
    agreed(held, tmp_path / "0", human=human)
    population = Population(frame([*held, misspelt]), frozenset({"civil"}), human=human_frame(human))
    delta = link_delta(tmp_path / "0", population, frame([]), frame([misspelt]), MODEL, tmp_path / "delta")
    now = laid_over(tmp_path / "0", delta, tmp_path / "1")
    whole = agreed([*held, misspelt], tmp_path / "whole", human=human, terms=tmp_path / "0" / "terms")
    assert judged(now.read("link").select("founder", "record", "judgement")) == {(21, 1): 1}
    for name in ("pair", "link", "free", "unattached"):
        assert now.read(name).rows() == whole.read(name).rows(), name


def test_who_is_entered_again_months_later_has_the_old_number_s_rows_as_long_as_nobody_else_moves_them(tmp_path):
    """He is deleted; entered again on a later day; then the number is given to somebody else."""
    gone, again, heir = row(9, "civil", "12345678"), TWICE[1], row(3, "civil", "12345678", given="anna")
    bare = replace(PRISON, **NAMELESS)
    days = [([gone], [], set()), ([], [again], {(2, 21, 2)}), ([], [heir], {(2, 21, 2)})]
    held = [gone, bare, *OTHERS]
    agreed(held, tmp_path / "0")
    for day, (left, came, whose) in enumerate(days, 1):
        held = [*(one for one in held if one not in left), *came]
        population = Population(frame(held), frozenset({"civil"}), vanished=told_apart(frame([gone])))
        delta = link_delta(
            tmp_path / str(day - 1), population, frame(left), frame(came), MODEL, tmp_path / f"delta-{day}"
        )
        now = laid_over(tmp_path / str(day - 1), delta, tmp_path / str(day))
        whole = agreed(held, tmp_path / f"whole-{day}", vanished=[gone], terms=tmp_path / "0" / "terms")
        assert of_namesakes(now) == whose
        for name in ("pair", "link", "free", "unattached"):
            assert now.read(name).rows() == whole.read(name).rows(), name


def test_on_the_day_on_which_a_namesake_comes_what_is_the_other_s_is_possible_for_him(tmp_path):
    held = [TWICE[0], PRISON, *OTHERS]
    agreed(held, tmp_path / "0")
    population = Population(frame([*held, TWICE[1]]), frozenset({"civil"}))
    delta = link_delta(tmp_path / "0", population, frame([]), frame([TWICE[1]]), MODEL, tmp_path / "delta")
    assert of_namesakes(laid_over(tmp_path / "0", delta, tmp_path / "1")) == {(1, 2, 2), (2, 1, 2), (2, 21, 2)}


NAMES = [
    ("derick", "castillo"),
    ("anna", "castillo"),
    ("ana", "castillo"),
    ("derick", "berg"),
    (None, "berg"),
    ("derick", None),
]
NUMBERS = [None, "12345678", "55550000", "90909090"]


@st.composite
def somebody(draw, record, source):
    given, family = draw(st.sampled_from(NAMES))
    born = draw(st.sampled_from([BORN, BORN, BORN + 400, None]))
    told = {"sex": draw(st.sampled_from([0, 0, None, 1])), "middle": draw(st.sampled_from([None, None, "w", "x"]))}
    one = row(record, source, draw(st.sampled_from(NUMBERS)), given or "x", family or "x", born)
    nameless = {name: None for name, text in (("given", given), ("family", family)) if text is None}
    return replace(one, **told, **nameless, **{f"{name}_keys": None for name in nameless})


@st.composite
def crowds(draw, records):
    """Rows of these records, some of two rows."""
    sources = {record: "civil" if record < 10 else draw(st.sampled_from(["prison", "board"])) for record in records}
    sources |= {record: "prison" if record % 2 else "board" for record in records if record > 10}
    return [
        one
        for record in sorted(records)
        for one in draw(st.lists(somebody(record, sources[record]), min_size=1, max_size=2, unique=True))
    ]


OFFICERS = [Author.OFFICER, Author.OFFICER, Author.PERSON]
EVERYBODY = [1, 2, 3, 4, 21, 22, 23, 24, 25]


@settings(max_examples=int(os.environ.get("LINKAGE_DAYS", "2")), deadline=None, phases=[Phase.explicit, Phase.generate])
@given(st.data())
def test_days_leave_to_namesakes_what_one_run_leaves_to_them(data):
    pairs = st.tuples(st.sampled_from(EVERYBODY[:4]), st.sampled_from(EVERYBODY))
    said = st.builds(Said, st.just(0), st.just(0), st.sampled_from(list(Verdict)), st.just(Author.OFFICER), st.just(7))

    def judged_now():
        found = {both: data.draw(said) for both in data.draw(st.lists(pairs, max_size=2)) if both[0] != both[1]}
        return [replace(one, founder=founder, record=record) for (founder, record), one in sorted(found.items())]

    held, gone, human = data.draw(crowds(EVERYBODY)), [], judged_now()
    with TemporaryDirectory() as place:
        work = Path(place)
        agreed([*held, *OTHERS], work / "0", human=human)
        for day in range(1, 4):
            records = data.draw(st.sets(st.sampled_from(EVERYBODY), min_size=1, max_size=3))
            left = data.draw(st.sets(st.sampled_from(sorted(records))))
            was = [one for one in held if one.record in records]
            fresh = data.draw(crowds(sorted(records - left)))
            held = [one for one in held if one.record not in records] + fresh
            here = {one.record for one in held}
            lost = [one for one in was if one.record < 10 and one.record not in here]
            before, gone = gone, [one for one in gone if one.record not in here] + lost
            erased = data.draw(st.booleans()) and bool(before)
            struck = [one for one in gone if one in before and erased][:1]
            gone = [one for one in gone if not struck or one.record != struck[0].record]
            after = human if data.draw(st.booleans()) else judged_now()
            asked = {number for one in {*human} ^ {*after} for number in (one.founder, one.record)}
            human = [one for one in after if one.founder in here]
            asked |= {number for one in {*after} ^ {*human} for number in (one.founder, one.record)}
            population = Population(
                frame([*held, *OTHERS]), frozenset({"civil"}), human=human_frame(human),
                vanished=told_apart(frame(gone)),
            )  # fmt: skip
            ended = [*was, *(one for one in before if struck and one.record == struck[0].record)]
            delta = link_delta(
                work / str(day - 1), population, frame(ended), frame(fresh), MODEL, work / f"delta-{day}",
                touched=frozenset(asked),
            )  # fmt: skip
            now = laid_over(work / str(day - 1), delta, work / str(day))
            whole = agreed(
                [*held, *OTHERS], work / f"whole-{day}", human=human, vanished=gone, terms=work / "0" / "terms"
            )
            for name in ("pair", "link", "free", "unattached"):
                assert now.read(name).rows() == whole.read(name).rows(), name
