"""Chapter: what is proved of orders, claims and appeals (docs/flow/proof.md, of proceedings).

A law with an order and an objection to it is in order. Then one line of it is spoiled, and what is wrong is named with
its lines, its paragraphs and the shortest way there.
"""

import pytest
from tests.objectiontext import LAPSED, OBJECTION, ORDER, law, spoiled, text

from musterroll.errors import MusterRollError
from musterroll.law import lint
from musterroll.law import pack as packs
from musterroll.law.lint import Finding
from musterroll.law.pack import Pack
from musterroll.law.prove import checking
from musterroll.law.prove.proceedings import Looked

DISMISSED = "  - (3): {dismissed: appealed -> final, by: ferry_board, worsens: told}"
GRANTED = "  - (2): {granted: filed or appealed -> granted, by: harbour_office or ferry_board, ends: order cancelled}"
APPEAL_DAYS = "15 days from refused, counts: day after, last day: next working shore, pauses: while order_cancelled}"
KINDS = 8


def found(pack: Pack, name: str = "objection", effort: int = 200_000_000) -> dict[str, Finding]:
    """What is found about one proceeding, by code and first part."""
    looked = Looked(pack, pack.proceedings[name], effort)
    return {f"{one.code} {' '.join(one.rules)}": one for _, _, look in looked.kinds() for one in look()}


def only(pack: Pack, name: str = "objection") -> Finding:
    """The one finding."""
    made = found(pack, name)
    assert len(made) == 1, made
    return next(iter(made.values()))


def test_of_a_law_that_is_in_order_everything_is_proved_with_its_steps() -> None:
    made = checking.check(law())
    assert [one for one in made.findings if one.rules or one.forbids] == []
    of = {one.code: one for one in made.proved if one.question == "objection"}
    assert len(of) == KINDS
    assert "in each of 3 states somebody can always act" in of["no-next-step"].what
    assert of["no-next-step"].steps > 0


def test_a_state_that_nothing_leads_out_of_is_no_end_and_has_no_next_step() -> None:
    made = found(
        spoiled(
            ("dismissed: appealed ->", "dismissed: refused ->"), ("filed or appealed -> granted", "filed -> granted")
        )
    )
    assert set(made) == {"no-end objection.appealed", "no-next-step objection.appealed"}
    assert made["no-end objection.appealed"].forbids
    told = made["no-next-step objection.appealed"]
    assert told.forbids
    assert "no move leads on that lasts (shortest way: `filed`, `refused`, `appealed`)" in told.what
    assert "art. 1 (3)" in told.where
    assert "small.md:" in told.where


def test_a_limit_with_nothing_after_it_is_no_next_step() -> None:
    made = only(spoiled((LAPSED, "")))
    assert (made.code, made.rules) == ("no-next-step", ("objection.refused",))


def test_conditions_that_leave_somebody_out_are_no_next_step_and_he_is_shown() -> None:
    pack = spoiled(
        ("dismissed: appealed -> final,", "dismissed: appealed -> final, if: serving,"),
        (
            GRANTED,
            GRANTED.replace("filed or appealed", "filed")
            + "\n  - (2): {allowed: appealed -> granted, by: ferry_board, "
            "if: not serving, ends: order cancelled}",
        ),
    )
    made = only(pack)
    assert made.code == "no-next-step"
    assert "nobody can act of somebody of whom nothing is known, on 2000-01-01" in made.what


def test_conditions_of_the_person_leave_nobody_out_whose_facts_are_not_known() -> None:
    """What helps a person is let in where it is not known to be excluded (S1)."""
    pack = spoiled(
        ("dismissed: appealed -> final,", "dismissed: appealed -> final, if: serving,"),
        (
            GRANTED,
            GRANTED.replace("filed or appealed", "filed") + "\n  - (2): {withdrawn: appealed -> granted, by: person, "
            "if: not serving}",
        ),
    )
    assert found(pack) == {}


def test_what_a_move_tells_is_chosen_by_whoever_makes_it() -> None:
    chosen = "tells: about, if: not (about == leave and serving) or about == lifeboat,"
    office = f"{{refused: filed -> refused, by: harbour_office, {chosen} worsens: told}}"
    pack = spoiled(
        ("{refused: filed -> refused, by: harbour_office, worsens: told}", office),
        (GRANTED, GRANTED.replace("filed or appealed", "appealed")),
    )
    assert found(pack) == {}


def test_what_must_have_happened_has_a_day_and_what_cannot_have_is_never() -> None:
    """`filed <= on` holds wherever an objection was filed; `granted <= on` of none that is open."""
    before = "dismissed: appealed -> final,"
    fine = spoiled(
        (before, f"{before} if: filed <= on and granted > on and order_issued <= on or not (order_issued <= on),"),
        ("filed or appealed -> granted", "filed -> granted"),
    )
    assert set(found(fine)) <= {"always-moves objection.dismissed"}
    lost = spoiled((before, f"{before} if: granted <= on,"), ("filed or appealed -> granted", "filed -> granted"))
    assert "no-next-step objection.appealed" in found(lost)


def test_moves_of_time_that_go_round_are_named_in_their_order() -> None:
    pack = spoiled(
        (LAPSED, LAPSED + "\n  - (3): {again: final -> refused, by: time, after: report_again}"),
        ("final: ended", "final: open"),
    )
    made = (
        found(pack)["time-loop objection.again objection.lapsed"]
        if "time-loop objection.again objection.lapsed" in found(pack)
        else found(pack)["time-loop objection.lapsed objection.again"]
    )
    assert made.forbids
    assert "time alone goes round: refused -> final -> refused" in made.what


@pytest.mark.parametrize(
    ("limit", "condition"),
    [
        ("20 days from filed, counts: day after", ""),
        ("16 days from refused, counts: day after", ""),  # the other one goes on to a working day
        ("15 days from refused, counts: day after", ", if: serving"),
        ("parameter n days from refused, counts: day after", ""),
        ("until order_report_on", ""),
    ],
)
def test_two_moves_of_time_that_could_fall_on_one_day_are_ordered_by_something(limit: str, condition: str) -> None:
    more = "\n```parameter n\nunit: days\nbasis: (1)\nvalues: {2000-01-01: 9}\n```\n"
    pack = spoiled(
        (LAPSED, LAPSED + f"\n  - (3): {{dropped: refused -> granted, by: time, after: second{condition}}}"),
        ("waits:\n", f"  - (3): {{second: {limit}}}\nwaits:\n"),
        more=more,
    )
    made = {code: one for code, one in found(pack).items() if code.startswith("unordered-time")}
    assert made
    for one in made.values():
        assert one.forbids
        assert one.where.count("art. 1 (3)") == 2


def test_conditions_that_exclude_each_other_order_them_and_so_do_other_numbers_of_the_same_days() -> None:
    second = "\n  - (3): {dropped: refused -> granted, by: time, after: appeal, if: serving, ends: order cancelled}"
    pack = spoiled((LAPSED, LAPSED.replace("after: appeal", "after: appeal, if: not serving") + second))
    assert not any(code.startswith("unordered-time") for code in found(pack))
    plain = ("last day: next working shore, pauses: while order_cancelled}", "pauses: while order_cancelled}")
    pack = spoiled(
        plain,
        (LAPSED, LAPSED + "\n  - (3): {dropped: refused -> granted, by: time, after: second}"),
        (
            "waits:\n",
            "  - (3): {second: 16 days from refused, counts: day after, pauses: while order_cancelled}\nwaits:\n",
        ),
    )
    assert not any(code.startswith("unordered-time") for code in found(pack))
    same = spoiled(
        (LAPSED, LAPSED + "\n  - (3): {dropped: refused -> final, by: time, after: second}"),
        ("waits:\n", "  - (3): {second: 20 days from filed, counts: day after}\nwaits:\n"),
    )
    assert found(same) == {}  # both do the same


def test_an_office_that_ends_what_holds_an_order_says_that_it_worsens() -> None:
    made = only(spoiled((DISMISSED, DISMISSED.replace(", worsens: told", ""))))
    assert (made.code, made.forbids) == ("unmarked-worsening", True)
    assert "`dismissed` ends what holds `order`" in made.what
    assert made.where.count("art. 1 (3)") == 2


def test_granting_ends_the_order_and_so_worsens_nothing() -> None:
    made = only(spoiled((", ends: order cancelled", "")))
    assert (made.code, made.rules) == ("unmarked-worsening", ("objection.granted",))


def test_an_end_by_somebody_else_while_the_order_stands_is_told() -> None:
    pack = spoiled(
        (DISMISSED, DISMISSED.replace(", worsens: told", "")),
        ("filed or refused or appealed, then", "filed or refused, then"),
        ("appealed: refused -> appealed, by: person", "appealed: refused -> appealed, by: person"),
    )
    made = only(pack)
    assert (made.code, made.forbids) == ("unmarked-end", False)
    reason = "basis: (3)\nbecause: nobody is worse off\nby: the authors"
    accepted = f"\n```accepted unmarked-end objection.dismissed\n{reason}\n```\n"
    told = checking.check(
        spoiled(
            (DISMISSED, DISMISSED.replace(", worsens: told", "")),
            ("filed or refused or appealed, then", "filed or refused, then"),
            more=accepted,
        )
    )
    assert [one.code for one, _ in told.accepted] == ["unmarked-end"]


def test_an_office_that_binds_somebody_again_says_that_it_worsens() -> None:
    pack = spoiled(
        ("  - (3): {cancelled: ended}", "  - (3): {cancelled: ended}\n  - (3): {put_off: open}"),
        (
            "  - (3): {cancelled: issued",
            "  - (3): {put_off: issued -> put_off, by: harbour_office}\n"
            "  - (3): {called_again: put_off -> issued, by: harbour_office}\n  - (3): {cancelled: issued",
        ),
    )
    made = only(pack, "order")
    assert (made.code, made.rules) == ("unmarked-worsening", ("order.called_again",))
    assert "makes somebody bound who was not (shortest way: `issued`, `put_off`, `called_again`)" in made.what


def test_a_hold_that_stops_nothing_or_never_ends_is_told() -> None:
    made = only(spoiled((", binds: yes", "")))
    assert (made.code, made.forbids) == ("empty-hold", True)
    made = only(spoiled(("{order: filed or refused", "{order: granted or filed or refused")))
    assert (made.code, made.rules, made.forbids) == ("endless-hold", ("objection.granted",), False)


def test_what_is_never_reached_or_used_is_told() -> None:
    made = found(
        spoiled(
            ("  - (3): {final: ended}", "  - (3): {final: ended}\n  - (3): {lost: ended}"),
            ("  - (2): {about: leave | lifeboat}", "  - (2): {about: leave | lifeboat}\n  - (2): {late: bool}"),
            ("  - (2): [harbour_office, ferry_board]", "  - (2): [harbour_office, ferry_board, minister]"),
            (
                "waits:\n  - (3)",
                "  - (3): {unasked: 3 days from filed, counts: day after}\nwaits:\n"
                "  - (3): {never_asked: 3 days from filed, counts: day after}\n  - (3)",
            ),
        )
    )
    assert set(made) == {
        "unreached objection.lost",
        *(f"unused-part objection.{name}" for name in ("late", "minister", "unasked", "never_asked")),
    }
    assert not any(one.forbids for one in made.values())
    assert "fact `late` is told by no move." in made["unused-part objection.late"].what


def test_a_body_that_never_acts_is_told() -> None:
    made = found(
        spoiled(
            (DISMISSED, DISMISSED.replace("ferry_board", "harbour_office")),
            ("harbour_office or ferry_board", "harbour_office"),
        )
    )
    assert set(made) == {"unused-part objection.ferry_board"}


def test_conditions_that_are_always_or_never_so_are_told() -> None:
    before = "dismissed: appealed -> final,"
    made = only(spoiled((before, f"{before} if: age(born) < 18 and age(born) >= 26,")))
    assert made.code == "never-moves"
    made = only(spoiled((before, f"{before} if: serving or not serving,"), (GRANTED, GRANTED)))
    assert made.code == "always-moves"


def test_what_runs_from_something_that_need_not_have_happened_is_told() -> None:
    pack = spoiled((APPEAL_DAYS, "15 days from appealed, counts: day after}"))
    made = found(pack)
    told = made["not-begun objection.appeal objection.appealed"]
    assert "in `refused` `appeal` is asked for, and `appealed` need not have happened" in told.what
    # what never begins is no next step by time either
    assert "no-next-step objection.refused" in made
    assert found(spoiled((APPEAL_DAYS, "until the earlier of appealed, refused}"))) == {}
    assert found(spoiled((APPEAL_DAYS, "15 days from refused_told, counts: day after}"))) == {}
    made = found(spoiled((APPEAL_DAYS, "15 days from final, counts: day after}")))
    assert "not-begun objection.appeal objection.appealed" in made


def test_where_the_solver_gives_up_nothing_is_proved_and_that_forbids() -> None:
    before = "dismissed: appealed -> final,"
    hard = "if: age(born) >= 18 and granted_on + days(3) < born,"
    pack = spoiled(
        (before, f"{before} {hard}"),
        ("filed or appealed -> granted", "filed -> granted"),
        (
            LAPSED,
            LAPSED.replace("after: appeal", "after: appeal, if: age(born) >= 18 and granted_on < born")
            + "\n  - (3): {dropped: refused -> granted, by: time, after: appeal, "
            "if: age(born) < 18 and born < granted_on}",
        ),
    )
    looked = Looked(pack, pack.proceedings["objection"], 1)
    made = [one for _, _, look in looked.kinds() for one in look()]
    gave_up = [one for one in made if one.code == "not-proved"]
    assert {one.what.split("it is not proved that ")[1].split(" ")[0] for one in gave_up} == {"in", "`lapsed`", "the"}
    assert all(one.forbids for one in gave_up)


def test_a_law_outside_the_years_of_proofs_has_no_condition_proved_true_of_anybody() -> None:
    before = "dismissed: appealed -> final,"
    pack = spoiled((before, f"{before} if: serving,"))
    assert "never-moves objection.dismissed" not in found(pack)


@pytest.mark.parametrize(
    "code", ["no-next-step", "no-end", "time-loop", "unordered-time", "unmarked-worsening", "empty-hold"]
)
def test_what_forbids_publication_cannot_be_accepted(code: str) -> None:
    more = f"\n```accepted {code} objection.dismissed\nbasis: (3)\nbecause: so\nby: the authors\n```\n"
    with pytest.raises(MusterRollError) as refused:
        law(more=more)
    assert refused.value.code == "law.accepted"


def test_what_is_accepted_names_parts_of_a_proceeding_that_exist() -> None:
    with pytest.raises(MusterRollError) as refused:
        law(more="\n```accepted unmarked-end objection.nothing\nbasis: (3)\nbecause: so\nby: the authors\n```\n")
    assert "`objection.nothing` is no rule and no part of a proceeding." in refused.value.what


def test_an_attribute_that_only_a_proceeding_reads_is_read() -> None:
    pack = law()
    unused = {one.what.split("`")[1] for one in lint.check(pack) if one.code == "unused-attribute"}
    assert "months_served" in unused
    pack = spoiled(
        ("dismissed: appealed -> final,", "dismissed: appealed -> final, if: months_served >= 3,"),
        (
            "until order_report_on, counts: day before",
            "until the earlier of granted_on, order_report_on, counts: day before",
        ),
    )
    unused = {one.what.split("`")[1] for one in lint.check(pack) if one.code == "unused-attribute"}
    assert not {"months_served", "granted_on"} & unused


def test_conditions_are_asked_once_for_periods_that_read_them_alike_and_not_beyond_the_years_of_proofs() -> None:
    before = "dismissed: appealed -> final,"
    numbers = "\n```parameter n\nunit: days\nbasis: (1)\nvalues: {2000-01-01: 9, 2010-01-01: 12}\n```\n"
    never = (before, f"{before} if: age(born) < 18 and age(born) >= 26,")
    one, two = only(spoiled(never)), only(spoiled(never, more=numbers))
    assert (one.code, one.what) == (two.code, two.what) == ("never-moves", two.what)
    page = text(*(part.replace(*never) for part in (ORDER, OBJECTION)))
    early = packs.from_text({"small.md": page.replace("2000-01-01 .. 2100-01-01", "1850-01-01 .. 1890-01-01")})
    assert only(early).code == "never-moves"


def test_how_a_board_voted_is_known_and_may_be_anything() -> None:
    before = "dismissed: appealed -> final,"
    assert set(found(spoiled((before, f"{before} if: dismissed_against == 0,")))) == set()
    told = found(spoiled((before, f"{before} if: dismissed_against >= 0,")))
    assert set(told) == {"always-moves objection.dismissed"}
