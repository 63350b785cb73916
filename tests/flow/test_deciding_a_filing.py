"""A word against the record, decided from the desk: case, decision by two, hand-over, appeal, a board that grants."""

from tests.flow.test_officers_cli import Desk
from tests.register.attempts import first_call, ref
from tests.registerhome import LETTERS_AT, cluster, open_stage

from musterroll.register.actor import Actor

__all__ = ["cluster", "open_stage"]
DAY = 86_400


def test_a_filing_from_the_desk(open_stage, tmp_path):
    from musterroll.register.acts.declare import declare

    stage = open_stage("called", own=True)
    person = first_call().person
    said = {"person": person, "attribute": "full_time_student", "answer": "yes"}
    filing = declare(**said, by=Actor.person(person), at=LETTERS_AT).filing
    named = ref(person)
    at = Desk(stage).at(LETTERS_AT + 3_600)

    allocated = at.does("case", "allocate", named, "--to", "case-1", "--purpose", "decide a claim", officer="watch-1")
    case = allocated.split()[1]
    shown = at.does("case", "show", case, officer="case-1")
    assert f"Filing {filing}: full-time studies: yes, against no." in shown
    assert "may: refused by registry (art. 14 (2))" in shown
    assert "holds the call: yes" in shown
    assert named not in shown

    refusal = ("case", "decide", case, "--event", "refused", "--because", "art. 14 (2)")
    proposed = at.does(*refusal, officer="case-1")
    assert f": {filing}, digest " in proposed
    number = proposed.split()[1].rstrip(":")
    assert at.refused("approve", number, officer="registry-chief") == "approval.same-office"
    approval = at.does("approve", number, officer="watch-1").split()[-1]
    assert "the decision stands in their record" in at.does(*refusal, "--approval", approval, officer="case-1")
    assert "not told yet" in at.does("case", "show", case, officer="case-1")

    slip = tmp_path / "slip.pdf"
    slip.write_bytes(b"%PDF-slip")
    handed = ("case", "told", case, "--step", 2, "--slip", slip)
    number = at.does(*handed, officer="case-1").split()[1].rstrip(":")
    approval = at.does("approve", number, officer="watch-1").split()[-1]
    assert "Time runs from today." in at.does(*handed, "--approval", approval, officer="case-1")
    shown = at.does("case", "show", case, officer="case-1")
    assert "told 2021-04-03 (handed over)" in shown
    assert "last day of appeal: 2021-05-03 (art. 14 (3))" in shown

    assert at.refused("case", "appeal", case, "--event", "withdrawn", officer="case-1") == "filing.not-a-step"
    assert "step 3: appealed" in at.does("case", "appeal", case, "--event", "appealed", officer="case-1")

    at.does("officer", "appoint", "appeal-1", "--office", "appeal_board", "--title", "Appeal Board", "--role", "cases",
            "--by", "watch-1")  # fmt: skip
    board = at.does("case", "allocate", named, "--to", "appeal-1", "--purpose", "decide a claim", officer="watch-1")
    grant = ("case", "decide", board.split()[1], "--event", "granted", "--because", "art. 14 (1)")
    assert at.refused(*grant, officer="appeal-1") == "filing.refused"  # no votes, no decision
    votes = ("--members", 5, "--present", 3, "--favour", 2, "--against", 1)
    done = at.does(*grant, *votes, officer="appeal-1")
    assert f"Filing {filing}, step 4: granted." in done
    assert "Your service is deferred." in done


def test_what_stands_in_the_way_is_said(open_stage):
    stage = open_stage("called", own=True)
    named = ref(first_call().person)
    at = Desk(stage).at(LETTERS_AT)
    allocated = at.does("case", "allocate", named, "--to", "case-1", "--purpose", "decide a claim", officer="watch-1")
    case = allocated.split()[1]
    decide = ("case", "decide", case, "--event", "granted", "--because", "art. 14 (1)")
    assert at.refused(*decide, officer="case-1") == "filing.which"
    assert at.refused(*decide, officer="draw-1") == "access.no-case"
    assert at.refused(*decide, "--filing", "F-000000000000", officer="draw-1") == "access.no-case"
    assert at.refused(*decide, "--filing", "F-000000000000", officer="case-1") == "filing.unknown"
    assert at.does("case", "show", case, officer="case-1") == "No filing.\n"
    assert at.does("work", "list", "--kind", "claim", officer="case-1") == ""
    assert at.refused("work", "take", "--kind", "claim", officer="case-1") == "work.none"
