"""People found missing, and a stratum that was wrong: lists of their own, by later rounds, with nobody renumbered."""

import dataclasses

import pytest
from tests.register.attempts import (
    LATE_SIGNATURE,
    LATER,
    any_beacon,
    approved,
    found_missing,
    mended,
    supplement,
)
from tests.registerhome import (
    COUNTED,
    DRAW,
    DRAWER,
    LETTERS_AT,
    PROGRAM,
    REPORT_ON,
    RESULT_AT,
    STUDENT,
    SYMBOLS,
    count_of,
)

from musterroll import canonical
from musterroll.draw import transcript
from musterroll.errors import MusterRollError

HELD_AT, DRAWN_AT = LETTERS_AT + 7 * 86_400, LETTERS_AT + 9 * 86_400


def code_of(action, *args, **kwargs) -> str:
    with pytest.raises(MusterRollError) as problem:
        action(*args, **kwargs)
    return problem.value.code


def drawn(stage) -> None:
    """The supplement committed, its ceremony held, its result published."""
    from musterroll.register.acts.draw import hold_ceremony, publish_result
    from musterroll.register.acts.part import commit_part

    commit_part(**supplement(stage), by=DRAWER)
    part = {"draw": DRAW, "part": "supplement-01", "by": DRAWER}
    hold_ceremony(**part, symbols=SYMBOLS, minutes=b"m", at=HELD_AT)
    any_beacon(publish_result)(**part, signature=LATE_SIGNATURE, at=DRAWN_AT)


def test_whoever_is_found_missing_is_found_by_the_law_not_named(called):
    from musterroll.register.acts.part import prepare_part

    assert code_of(prepare_part, draw=DRAW, by=DRAWER, at=LETTERS_AT) == "draw.nobody-missing"
    entrants = prepare_part(**found_missing(called), by=DRAWER)
    assert [person for person, _ in entrants] == [STUDENT]
    assert {entrant.stratum for _, entrant in entrants} == {"born-2000"}
    assert set(prepare_part.__wrapped__.__annotations__) == {
        "draw",
        "by",
        "at",
        "stratum",
        "return",
    }  # no list of people


def test_a_supplement_waits_for_a_round_of_its_own_and_nobody_is_renumbered(called):
    from musterroll.register import places
    from musterroll.register.models import Draw, DrawResult, Entrant

    before = places.order_of(DrawResult.objects.get()).data
    drawn(called)
    main = DrawResult.objects.get(draw__part="draw")
    assert places.order_of(main).data == before
    late = Entrant.objects.get(draw__part="supplement")
    label = places.label_of(late)
    assert (late.person, label.supplement, label.nth) == (STUDENT, 1, 1)
    assert 0 <= label.place <= 26
    seeds = set(DrawResult.objects.values_list("seed", flat=True))
    assert len(seeds) == 2
    assert Draw.objects.get(part="supplement").parent == main.draw


def test_the_old_seed_and_an_earlier_round_are_refused(called):
    from musterroll.register.acts.part import commit_part

    ready = supplement(called)
    terms = transcript.decode(ready["manifest"])
    early = dataclasses.replace(terms, randomness=(transcript.Drand.quicknet(32398885),))
    approval = approved("commit_part", f"{DRAW}/supplement-01", early.digest, DRAWER, LETTERS_AT)
    assert code_of(commit_part, manifest=early.encode(), approval=approval, by=DRAWER, at=LETTERS_AT) in (
        "supplement.wrong",
        "draw.late",
    )


def test_a_supplement_says_exactly_who_is_missing(called):
    """Another list than the computed one is refused, whatever two people approved."""
    from musterroll.register.acts.part import commit_part

    ready = supplement(called)
    terms = transcript.decode(ready["manifest"])
    other = dataclasses.replace(terms, cohort=dataclasses.replace(terms.cohort, root="ab" * 32))
    approval = approved("commit_part", f"{DRAW}/supplement-01", other.digest, DRAWER, LETTERS_AT)
    assert code_of(commit_part, manifest=other.encode(), approval=approval, by=DRAWER, at=LETTERS_AT) == (
        "cohort.manifest"
    )
    third = dataclasses.replace(terms, number=3)
    approval = approved("commit_part", f"{DRAW}/supplement-03", third.digest, DRAWER, LETTERS_AT)
    assert code_of(commit_part, manifest=third.encode(), approval=approval, by=DRAWER, at=LETTERS_AT) == "draw.part"


def test_somebody_late_who_comes_before_the_last_place_reached_is_called_next(called):
    from musterroll.register import places
    from musterroll.register.acts.call import approval_digest, order_call
    from musterroll.register.models import Call, DrawResult, Entrant, Order

    first = {call.entrant_id for call in Call.objects.all()}
    drawn(called)
    result = DrawResult.objects.get(draw__part="draw")
    report_on = REPORT_ON + 200
    digest = approval_digest(result.order_sha256, report_on)
    approval = approved("order_call", f"{DRAW}/2", digest, DRAWER, DRAWN_AT)
    order_call(draw=DRAW, report_on=report_on, approval=approval, by=DRAWER, at=DRAWN_AT, number=2)
    late = Entrant.objects.get(draw__part="supplement")
    label = places.label_of(late)
    rows = canonical.decode(bytes(Order.objects.get(number=2).dispositions))["dispositions"]
    reached = [row[1] for row in rows]
    last = max(place for place in reached if isinstance(place, int))
    assert (str(label) in reached) == (label.place < last)
    grounds = {row[1]: row[3] for row in rows}
    called_late = Call.objects.filter(entrant=late).first()
    assert (called_late is not None) == (str(label) in reached and grounds[str(label)] is None)
    if called_late is not None:
        assert (called_late.place, called_late.label) == (label.place, str(label))
    assert {call.entrant_id for call in Call.objects.exclude(entrant=late)} == first  # nobody else moved


def test_a_person_found_missing_sees_their_own_place_between_two_others(called):
    from musterroll.draw import ticket as tickets
    from musterroll.register.queries.tickets import inside, ticket

    drawn(called)
    (view,) = inside(STUDENT)
    assert (view.part, "+S1.1" in view.label) == ("supplement-01", True)
    made = tickets.decode(ticket(STUDENT, DRAW, "supplement-01"))
    assert (made.folder, str(made.label)) == ("supplement-01", view.label)


def anew(stage, ground: str, stratum: str = "born-2000") -> dict:
    from musterroll.draw.because import Because
    from musterroll.register import draw_policies
    from musterroll.register.acts.part import prepare_part, subject_of
    from musterroll.register.terms import Plan, part

    at = LETTERS_AT
    entrants = prepare_part(draw=DRAW, stratum=stratum, by=DRAWER, at=at)
    plan = Plan(DRAW, LATER, "0" * 64, "2026-10-03T00:00:00Z", because=Because("potcheck", ground))
    made = part(plan, draw_policies.newest_draw(DRAW), entrants, number=1, stratum=stratum)
    return {"manifest": made.encode(), "approval": approved("commit_part", subject_of(made), made.digest, DRAWER, at)}


def locking(at: int) -> str:
    from musterroll.register import draw_policies
    from musterroll.register.acts.potcheck import check_pot
    from musterroll.register.models import PotCheck

    cells = {**COUNTED, ("stratum", "born-2000"): 40}
    parent = draw_policies.newest_draw(DRAW).manifest_sha256
    assert check_pot(**count_of(cells=cells, manifest=parent), by=DRAWER, at=at) == "locks"
    return PotCheck.objects.order_by("-id").first().sha256


def test_a_stratum_that_the_office_found_wrong_is_drawn_anew_once(rolled):
    from tests.register.attempts import result

    from musterroll.register.acts.draw import publish_result
    from musterroll.register.acts.part import commit_part
    from musterroll.register.acts.snapshot import commit_snapshot
    from musterroll.register.models import Draw, Entrant

    publish_result(**result(rolled), by=DRAWER)
    ground = locking(RESULT_AT + 60)
    commit_snapshot(**mended(rolled, {STUDENT: {"full_time_student": 0}}), by=PROGRAM)
    commit_part(**anew(rolled, ground), by=DRAWER, at=LETTERS_AT)
    row = Draw.objects.get(part="stratum")
    assert (row.stratum, Entrant.objects.filter(draw=row).count()) == ("born-2000", 27)
    from musterroll.register import draw_policies

    assert not draw_policies.locked(
        transcript.decode(bytes(draw_policies.newest_draw(DRAW).manifest))
    )  # the ground is answered
    again = anew(rolled, ground)
    terms = dataclasses.replace(transcript.decode(again["manifest"]), number=2)
    approval = approved("commit_part", f"{DRAW}/stratum-02", terms.digest, DRAWER, LETTERS_AT)
    assert code_of(commit_part, manifest=terms.encode(), approval=approval, by=DRAWER, at=LETTERS_AT) == "draw.part"


def test_no_stratum_is_drawn_anew_after_its_people_were_called_or_without_the_office(called):
    from musterroll.register.acts.part import commit_part

    assert code_of(commit_part, **anew(called, "ab" * 32), by=DRAWER, at=LETTERS_AT) == "draw.part"
    ground = locking(RESULT_AT + 60)
    assert code_of(commit_part, **anew(called, ground), by=DRAWER, at=LETTERS_AT) == "draw.part"


def test_where_the_law_names_categories_people_are_called_category_by_category(rolled, monkeypatch):
    """Two men who volunteered come first, the earlier one before the other; all others follow by their place."""
    from tests.register.attempts import order

    from musterroll import dates
    from musterroll.law import calling
    from musterroll.register.acts.call import order_call
    from musterroll.register.models import Call, Entrant, Order

    volunteers = {dates.parse_day("2000-03-08"): 2, dates.parse_day("2000-03-04"): 1}  # persons 7 and 3, by birthday
    declared = (calling.Category("art. 1 (1)", "volunteers", "born"), calling.Category("art. 1 (2)", "others", None))
    monkeypatch.setattr(calling, "categories", lambda _: declared)
    monkeypatch.setattr(
        calling,
        "place_of",
        lambda _, held, __: (0, volunteers[held["born"].lo]) if held["born"].lo in volunteers else (1, 0),
    )
    order_call(**order(rolled), by=DRAWER)
    rows = canonical.decode(bytes(Order.objects.get().dispositions))["dispositions"]
    people = {bytes(one.commitment).hex(): one.person for one in Entrant.objects.all()}
    turn = [people[row[2]] for row in rows]
    assert turn[:2] == [3, 7]
    places = [row[1] for row in rows[2:]]
    assert places == sorted(places)  # the others by their place in the draw
    assert Call.objects.count() == 5  # no more than the quota, whoever comes first
    assert {row[1] for row in rows} >= set(Call.objects.values_list("place", flat=True))


def of_one_line(law, **wanted: int):
    """The law in force, with a draw whose picked are called in one line, as many as `wanted` says."""
    from dataclasses import replace

    from musterroll.law.selection import BY_VALUE, Amount

    changed = law.with_parameters(wanted) if wanted else law
    called = Amount(tuple(wanted)) if wanted else None
    selection = replace(changed.selection, order=BY_VALUE, called=called)
    return replace(changed, law=replace(changed.law, selection=selection))


@pytest.mark.parametrize(("wanted", "to_call"), [({"intake": 3}, 3), ({"intake": 60}, 60), ({}, 60)])
def test_where_all_who_were_picked_stand_in_one_line_as_many_are_called_as_are_wanted(
    rolled, monkeypatch, wanted, to_call
):
    from tests.register.attempts import order

    from musterroll.draw.order import draw_value
    from musterroll.register.acts import call
    from musterroll.register.models import Call, DrawResult, Order

    before = call.roll.law_of
    monkeypatch.setattr(call.roll, "law_of", lambda digest: of_one_line(before(digest), **wanted))
    call.order_call(**order(rolled), by=DRAWER)
    rows = canonical.decode(bytes(Order.objects.get().dispositions))["dispositions"]
    seed = bytes.fromhex(DrawResult.objects.get().seed)
    values = [draw_value(seed, bytes.fromhex(row[2])) for row in rows]
    assert values == sorted(values)
    called = sum(row[3] is None for row in rows)
    assert Call.objects.count() == called
    # Five are picked. Some of them may not be called; nobody is picked in their place.
    assert (called == to_call and rows[-1][3] is None) or (called < to_call and len(rows) == 5)


def test_where_everybody_is_called_the_law_holds_no_draw(rolled):
    from dataclasses import replace

    from tests.registerhome import FREEZE_AT, PROGRAM, count_of

    from musterroll.register import roll, terms
    from musterroll.register.acts.draw import prepare_draw
    from musterroll.register.acts.potcheck import check_pot

    plan = terms.Plan("example-2021-d", 32398885, "0" * 64, "2026-09-21T13:00:00Z")
    check_pot(**count_of(plan.draw), by=DRAWER, at=FREEZE_AT)
    frozen = prepare_draw(draw=plan.draw, by=PROGRAM, at=FREEZE_AT)
    current = roll.current()

    def terms_of(number: int) -> object:
        law = of_one_line(current.pack, intake=number)
        law = replace(law, law=replace(law.law, selection=replace(law.selection, not_held_by="art. 12 (1)", least=0)))
        return terms.manifest(plan, replace(current, pack=law), frozen, "register.example")

    assert terms_of(len(frozen.entrants) - 1)
    with pytest.raises(MusterRollError, match=r"art\. 12 \(1\).*\[draw.everybody-called\]"):
        terms_of(len(frozen.entrants))
