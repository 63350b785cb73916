"""S3: a list is counted outside before it is drawn, and drawn again only on a ground that anybody can check, once."""

import dataclasses

import pytest
from tests.register.attempts import approved, manifest, order, result, second_night
from tests.registerhome import (
    COUNTED,
    DRAW,
    DRAWER,
    FREEZE_AT,
    OFFICE_KEY,
    PROGRAM,
    REPORT_ON,
    RESULT_AT,
    STUDENT,
    SYMBOLS,
    count_of,
    manifest_of,
)

from musterroll import canonical
from musterroll.draw import potcheck, transcript
from musterroll.draw.because import Because, PotcheckTerms
from musterroll.errors import MusterRollError

WRONG = {**COUNTED, ("birth-year", "2000"): 40}
"""What the office counts when it finds that people are missing from the list."""


def code_of(action, *args, **kwargs) -> str:
    with pytest.raises(MusterRollError) as problem:
        action(*args, **kwargs)
    return problem.value.code


def counted(at: int, cells=None, **changed) -> str:
    """A pot check by the office: of the list to come, or of the committed one where that is not locked yet."""
    from musterroll.register import draw_policies
    from musterroll.register.acts.potcheck import check_pot
    from musterroll.register.models import Draw

    row = Draw.objects.filter(draw=DRAW).order_by("-attempt").first()
    if row is not None and not draw_policies.locked(transcript.decode(bytes(row.manifest))):
        changed = {"manifest": row.manifest_sha256, **changed}
    return check_pot(**count_of(cells=cells, **changed), by=DRAWER, at=at)


def commit(terms: transcript.Manifest, at: int) -> str:
    from musterroll.register.acts.draw import commit_draw

    data = terms.encode()
    approval = approved("commit_draw", terms.draw, canonical.sha256_hex(data), DRAWER, at)
    return commit_draw(manifest=data, approval=approval, by=DRAWER, at=at)


def entries(kind: str) -> list[dict]:
    from musterroll.register.models import Entry

    return [canonical.decode(bytes(row.entry))["p"] for row in Entry.objects.filter(kind=kind).order_by("id")]


def test_a_list_that_nobody_outside_has_counted_is_not_drawn(rolled):
    assert code_of(commit, transcript.decode(manifest_of()), FREEZE_AT) == "draw.no-potcheck"


def test_a_cell_beyond_the_declared_share_locks_the_draw_and_is_public(rolled):
    from musterroll.register.models import PotCheck

    assert counted(FREEZE_AT, WRONG) == "locks"
    assert [one["verdict"] for one in entries("draw.potcheck")] == ["locks"]
    row = PotCheck.objects.get()
    named = PotcheckTerms(row.sha256, row.office, row.key, 50)
    terms = dataclasses.replace(transcript.decode(manifest_of()), potcheck=named)
    assert code_of(commit, terms, FREEZE_AT) == "draw.locked"
    assert (
        counted(FREEZE_AT, {**COUNTED, ("birth-year", "2001"): 30}) == "locks"
    )  # an empty cell: many expected, nobody


def test_another_count_that_holds_does_not_open_a_list_that_is_locked(rolled):
    """Otherwise whoever found a friendlier office would draw all the same."""
    counted(FREEZE_AT, WRONG)
    assert counted(FREEZE_AT) == "holds"
    assert code_of(commit, transcript.decode(manifest_of()), FREEZE_AT) == "draw.locked"


def test_few_people_are_not_shown_in_a_pot_check_and_the_rest_is_rounded(rolled):
    from musterroll.register.models import PotCheck

    counted(FREEZE_AT)
    data = canonical.decode(bytes(PotCheck.objects.get().potcheck))
    assert {cell["found"] for cell in data["cells"]} == {25}  # 26 people
    assert (data["rounded_to"], data["least"]) == (5, 10)


def test_a_count_is_the_office_s_own_and_for_this_draw(rolled):
    assert code_of(counted, FREEZE_AT, signature="00" * 64) == "potcheck.signature"
    other = OFFICE_KEY.sign(b"something else").hex()
    assert code_of(counted, FREEZE_AT, signature=other) == "potcheck.signature"
    assert code_of(counted, FREEZE_AT, office="The Registry") == "potcheck.terms"
    assert code_of(counted, FREEZE_AT, per_mille=900) == "potcheck.terms"
    from musterroll.register.acts.potcheck import check_pot

    elsewhere = {**count_of(), "draw": "another-draw"}
    assert code_of(check_pot, **elsewhere, by=DRAWER, at=FREEZE_AT) == "potcheck.terms"


def test_what_a_manifest_says_of_its_pot_check_is_what_was_found(rolled):
    counted(FREEZE_AT)
    terms = transcript.decode(manifest_of())
    for changed in ({"per_mille": 60}, {"office": "The Registry"}):
        lie = dataclasses.replace(terms, potcheck=dataclasses.replace(terms.potcheck, **changed))
        assert code_of(commit, lie, FREEZE_AT) == "potcheck.wrong"
    lie = dataclasses.replace(terms, potcheck=dataclasses.replace(terms.potcheck, key="ab" * 32))
    assert code_of(commit, lie, FREEZE_AT) == "draw.no-potcheck"


def test_a_manifest_is_not_replaced_because_somebody_would_like_to(rolled):
    """Not even before the round: whoever may replace it may also wait for a better list."""
    from musterroll.register.acts.draw import commit_draw

    first = commit_draw(**manifest(rolled), by=DRAWER)
    terms = transcript.decode(manifest_of())
    assert code_of(commit, dataclasses.replace(terms, legal="art. 13"), FREEZE_AT + 1) == "attempt.wrong"
    later = dataclasses.replace(terms, attempt=2, supersedes=first)
    assert code_of(commit, later, FREEZE_AT + 1) == "attempt.wrong"


def failed_after(at: int) -> str:
    """A later count of the committed list that locks it; its digest."""
    from musterroll.register.models import PotCheck

    assert counted(at, WRONG) == "locks"
    return PotCheck.objects.order_by("-id").first().sha256


def redraw(first: str, sha256: str, attempt: int = 2) -> transcript.Manifest:
    later = transcript.Drand.quicknet(32398885 + 10_000_000)
    return dataclasses.replace(
        transcript.decode(manifest_of()),
        attempt=attempt,
        supersedes=first,
        because=Because("potcheck", sha256),
        randomness=(later,),
        audit=transcript.Audit(later.round + 1, (1,)),
    )


def test_nothing_follows_from_a_committed_list_that_the_office_found_wrong(rolled):
    from musterroll.register.acts.draw import publish_result

    ready = result(rolled)
    failed_after(FREEZE_AT + 3)
    assert code_of(publish_result, **ready, by=DRAWER) == "draw.locked"


def test_a_list_found_wrong_by_the_office_that_the_manifest_named_is_drawn_again_once(rolled):
    """The roll is mended in between: the list that the law gives is then another one, with a count of its own."""
    from musterroll.register.acts.draw import commit_draw
    from musterroll.register.acts.snapshot import commit_snapshot
    from musterroll.register.models import Draw

    first = commit_draw(**manifest(rolled), by=DRAWER)
    failed = failed_after(FREEZE_AT + 3)
    at = second_night(rolled)["at"]
    commit_snapshot(**second_night(rolled, {STUDENT: {"full_time_student": 0}}), by=PROGRAM)
    assert counted(at, dict.fromkeys(COUNTED, 27)) == "holds"
    again = redraw(first, failed)
    commit(again, at)
    assert Draw.objects.get(attempt=2).manifest_sha256 == again.digest
    third = dataclasses.replace(redraw(again.digest, failed, 3))
    assert code_of(commit, third, at) == "attempt.wrong"


def test_a_redraw_needs_a_check_that_locks_signed_by_the_office_named_before(rolled):
    from musterroll.register.acts.draw import commit_draw

    first = commit_draw(**manifest(rolled), by=DRAWER)
    held = transcript.decode(manifest_of()).potcheck.sha256
    assert code_of(commit, redraw(first, held), FREEZE_AT + 1) in ("draw.again", "attempt.wrong")
    assert code_of(commit, redraw(first, "ab" * 32), FREEZE_AT + 1) == "draw.again"
    assert code_of(counted, FREEZE_AT + 1, WRONG, office="Another Office") == "potcheck.terms"
    assert code_of(counted, FREEZE_AT + 1, WRONG, per_mille=1) == "potcheck.terms"


def test_an_older_count_that_was_kept_back_is_no_ground(rolled):
    """Else the register could wait for the order, and bring it out only where it dislikes the order."""
    from musterroll.register.acts.draw import commit_draw

    commit_draw(**manifest(rolled), by=DRAWER)
    assert code_of(counted, FREEZE_AT + 1, WRONG, manifest=None) == "potcheck.terms"
    assert code_of(counted, FREEZE_AT + 1, WRONG, manifest="ab" * 32) == "potcheck.terms"


def test_nobody_draws_again_once_people_were_called(called):
    from musterroll.register.models import Draw

    first = Draw.objects.get().manifest_sha256
    failed = failed_after(RESULT_AT + 1)
    assert code_of(commit, redraw(first, failed), RESULT_AT + 2) == "draw.again"


def test_a_silent_beacon_is_waited_for_as_long_as_the_manifest_says(rolled):
    from musterroll.register.acts.draw import declare_silent

    counted(FREEZE_AT)
    far = transcript.Fallback(86_400, transcript.Drand.quicknet(32398885 + 10_000_000))
    first = dataclasses.replace(transcript.decode(manifest_of()), fallback=far)
    commit(first, FREEZE_AT)
    ready = {"draw": DRAW, "at": RESULT_AT + 2 * 86_400}
    assert code_of(declare_silent, draw=DRAW, by=DRAWER, at=RESULT_AT) == "draw.not-silent"
    fallen = dataclasses.replace(
        first,
        attempt=2,
        supersedes=first.digest,
        because=Because("fallback"),
        randomness=(first.fallback.second, first.randomness[1]),
        audit=transcript.Audit(first.fallback.second.round + 1, (1,)),
    )
    assert code_of(commit, fallen, ready["at"]) == "draw.again"  # nobody has declared it silent
    assert declare_silent(**ready, by=DRAWER)
    other = transcript.Drand.quicknet(99_999_999)
    elsewhere = dataclasses.replace(fallen, randomness=(other, first.randomness[1]), audit=None)
    assert code_of(commit, elsewhere, ready["at"]) == "attempt.wrong"


def test_a_beacon_that_spoke_is_not_declared_silent(rolled):
    from musterroll.register.acts.draw import declare_silent, publish_result

    publish_result(**result(rolled), by=DRAWER)
    assert code_of(declare_silent, draw=DRAW, by=DRAWER, at=RESULT_AT + 40 * 86_400) == "draw.not-silent"


def test_the_fallback_keeps_the_list_person_for_person_and_waits_for_no_round(rolled):
    """The second source of this draw is a ceremony: no round of a beacon is named any more."""
    from musterroll.register.acts.draw import declare_silent, hold_ceremony, publish_result
    from musterroll.register.acts.potcheck import check_pot
    from musterroll.register.models import Draw, Entrant
    from musterroll.register.terms import fallback

    check_pot(**count_of(), by=DRAWER, at=FREEZE_AT)
    first = transcript.decode(manifest_of())
    second_source = transcript.Ceremony("0123456789", 40, "00" * 32, "2026-12-01T00:00:00Z")
    first = dataclasses.replace(
        first, randomness=first.randomness[:1], fallback=transcript.Fallback(86_400, second_source)
    )
    assert commit(first, FREEZE_AT)
    at = RESULT_AT + 2 * 86_400
    assert declare_silent(draw=DRAW, by=DRAWER, at=at)
    fallen = fallback(Draw.objects.get())
    assert not fallen.has_round
    commit(fallen, at)
    lists = [
        list(Entrant.objects.filter(draw=one).order_by("index").values_list("person", "index", "commitment"))
        for one in Draw.objects.order_by("attempt")
    ]
    assert lists[0] == lists[1]
    early = {"draw": DRAW, "symbols": SYMBOLS, "minutes": b"m", "by": DRAWER}
    assert code_of(hold_ceremony, **early, at=at + 3_600) == "ceremony.early"
    held = at + 7 * 86_400
    hold_ceremony(**early, at=held)
    assert publish_result(draw=DRAW, signature=None, by=DRAWER, at=held)


def test_nobody_is_called_before_the_fairness_figures_are_published(rolled):
    from musterroll.register.acts.call import approval_digest, order_call
    from musterroll.register.acts.draw import publish_result
    from musterroll.register.acts.fairness import publish_fairness

    digest = publish_result(**result(rolled), by=DRAWER)
    approval = approved("order_call", DRAW, approval_digest(digest, REPORT_ON), DRAWER, RESULT_AT)
    ready = {"draw": DRAW, "report_on": REPORT_ON, "approval": approval, "by": DRAWER, "at": RESULT_AT}
    assert code_of(order_call, **ready) == "draw.no-fairness"
    assert publish_fairness(draw=DRAW, by=DRAWER, at=RESULT_AT) == "unremarkable"
    assert order_call(**ready)


def test_no_letter_goes_out_while_the_fairness_figures_are_in_no_checkpoint(called, monkeypatch):
    from musterroll.register import gate
    from musterroll.register.models import FairnessReport

    assert gate.is_open(called.made["order"], RESULT_AT + 72 * 3_600)
    real = gate.public_since
    report = FairnessReport.objects.get().entry_id
    monkeypatch.setattr(gate, "public_since", lambda entry: None if entry.pk == report else real(entry))
    assert not gate.is_open(called.made["order"], RESULT_AT + 1_000 * 3_600)


def test_a_flag_opens_a_review_and_changes_nothing_else(rolled, monkeypatch):
    from musterroll.draw import fairness
    from musterroll.register.acts.call import order_call
    from musterroll.register.acts.draw import publish_result
    from musterroll.register.models import Call, FairnessReport

    publish_result(**result(rolled), by=DRAWER)
    monkeypatch.setattr(fairness, "judge", lambda *_: "flag")
    ready = order(rolled)
    assert FairnessReport.objects.get().verdict == "flag"
    (review,) = entries("draw.review")
    assert review["fairness"] == FairnessReport.objects.get().sha256
    order_call(**ready, by=DRAWER)
    assert Call.objects.count() == 5


def test_a_count_names_its_cells_by_codes_only():
    with pytest.raises(ValueError, match="under a code"):
        potcheck.Count(DRAW, "Office", "2020-12-31", 1, {("birth-year", "about 2000"): 1})
