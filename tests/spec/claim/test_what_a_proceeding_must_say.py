"""Chapter: what a `proceeding` block must say, and how it is told what is wrong (docs/flow/proceeding.md, members)."""

import pytest
from tests import lawtext, proceedingtext
from tests.proceedingtext import CLAIM, ORDER, changed, law

from musterroll.errors import MusterRollError
from musterroll.law import lock
from musterroll.law.proceeding import StateKind

LIMIT = "appeal: 15 days from denied, counts: day after"
BODY = "board: quorum majority of members, decides majority of present, tie next_meeting"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("within: order\n", "within: orders\n", "`within: orders` is no other proceeding"),
        ("within: order\n", "within: claim\n", "`within: claim` is no other proceeding"),
        ("within: order\n", "many: perhaps\nwithin: order\n", "`many` is yes or no"),
        ("within: order\n", "color: red\nwithin: order\n", "`color` is not known here"),
        ("{filed: pending}", "{filed: waiting}", "`waiting` is not what a state is"),
        ("{filed: pending}", "{filed: start}", "not exactly one state is the start"),
        ("{filed: pending}", "{filed: pending, by: office}", "`by` is not known here"),
        ("{filed: pending}", "{filed: pending, color: red}", "a line has one name beside what is known here, not 2"),
        ("{filed: pending}", "{denied: pending}", "`denied` stands twice"),
        ("{filed: pending}", "{}", "a line has one name beside what is known here, not 0"),
        ("{filed: pending}", "[]", "a line has one name beside what is known here, not 0"),
        ("{filed: pending}", "", "a line has one name beside what is known here, not 0"),
        ("{filed: pending}", "{filed: {kind: pending}}", "a line holds more than names and values"),
        ("- (2): {filed: pending}", "- {filed: pending}", "`filed` is no paragraph quoted"),
        ("- (2): {filed: pending}", "- filed", "a line cites nothing"),
        ("- (2): {filed: pending}", "- (9): {filed: pending}", "`(9)` is no paragraph quoted"),
        ("{filed: pending}", "{while: pending}", "`while` is not one word that can stand here"),
        ("illness | study", "illness", "`illness` is no type"),
        ("illness | study", "illness | illness", "is no type"),
        ("illness | study", "any text", "`any text` is no type"),
        ("illness | study", "int 9 .. 3", "is no type"),
        ("{ground: illness", "{filed: illness", "`filed` is two things"),
        ("{ground: illness", "{born: illness", "`born` is already an attribute, a parameter or a definition"),
        ("{ground: illness", "{long: illness", "`long` is already an attribute"),
        ("tells: ground", "tells: reason", "`reason` is not declared where it is looked for"),
        ("tells: ground", "tells: [ground, [x]]", "a line holds more than names and values"),
        ("{filed: none -> filed", "{filed: none -> gone", "`gone` is not declared"),
        ("{filed: none -> filed", "{filed: somewhere -> filed", "`somewhere` is not declared"),
        ("{filed: none -> filed", "{filed: none to filed", "a move says from where, to where and by whom"),
        ("none -> filed, by: person,", "none -> filed,", "a move says from where, to where and by whom"),
        ("by: office or board,", "by: office or anybody,", "`anybody` is not declared"),
        ("not after: filing", "not after: friday", "`friday` is not declared"),
        ("not after: filing", "not before: friday", "`friday` is not declared"),
        ("not after: filing", "after: filing", "`filing` is not declared"),
        ("not after: filing", "binds: perhaps", "`binds` is yes or no"),
        ("not after: filing", "outer ended: perhaps", "`outer ended` is yes or no"),
        ("not after: filing", "waiver: nobody", "`nobody` is not declared"),
        ("not after: filing", "counts as: rumour", "what arrives counts as of some day"),
        ("not after: filing", "needs: 3 days", "`needs 3 days` is not understood"),
        ("not after: filing", "needs 3 days notice from nothing", "`nothing` is not declared"),
        ("not after: filing", "if: ground ==", "this is not a condition"),
        ("not after: filing", "if: grounds == study", "`grounds`"),
        ("not after: filing", "if: known(born)", "`known(...)` stands in procedures only"),
        ("not after: filing", "when: []", "a condition cites nothing"),
        ("not after: filing", "when: [serving]", "a condition cites nothing"),
        ("not after: filing", "when: [{(2): [serving]}]", "`(2)` holds no condition"),
        ("not after: filing", "when: [{(9): serving}]", "`(9)` is no paragraph quoted"),
        ("{again: 10 days", "{when: 10 days", "a line has one name beside what is known here, not 0"),
        ("by: time, after: appeal", "by: time", "`after` is not declared"),
        ("by: time, after: appeal", "by: time or office, after: appeal", "`appeal` is not declared"),
        ("by: time, after: appeal", "by: time, after: appeal, tells: ground", "`ground` is not declared"),
        ("by: time, after: appeal", "by: time, after: appeal, worsens: told", "`worsens` is not declared"),
        ("by: time, after: appeal", "by: time, after: appeal, waiver: office", "`office` is not declared"),
        (
            "by: time, after: appeal",
            "by: time, after: appeal, needs: 3 days notice from filed",
            "`needs` is not declared",
        ),
        ("by: time, after: appeal", "by: time, after: someday", "`someday` is not declared"),
        ("by: time, after: appeal", "by: office, after: appeal", "`appeal` is not declared"),
        ("worsens: told}\n  - (3): {app", "worsens: soon}\n  - (3): {app", "`worsens: soon` is not understood"),
        ("worsens: told}\n  - (3): {app", "worsens: parameter x after told}\n  - (3): {app", "`x` is not declared"),
        ("ends: order cancelled", "ends: order", "`` is not declared"),
        ("ends: order cancelled", "ends: order burnt", "`burnt` is not declared"),
        ("ends: order cancelled", "ends: claim denied", "`claim` is not declared"),
        ("ends: order cancelled", "ends: war declared", "`war` is not declared"),
        (BODY, BODY.replace("majority of members", "some"), "`quorum some` is not understood"),
        (BODY, BODY.replace("decides majority of present", "decides well"), "it does not say how it decides"),
        (BODY, BODY + ", unanimous", "it does not say how it decides"),
        (BODY, BODY.replace(", decides majority of present", ""), "it does not say how it decides"),
        (BODY, BODY + ", chair elected", "it does not say how it decides"),
        (BODY, BODY.replace(", tie next_meeting", ""), "it says nothing of a tie, or is no role"),
        (BODY, BODY.replace("board:", "court:"), "it says nothing of a tie, or is no role"),
        (BODY, BODY.replace("next_meeting", "tossed"), "`tossed` is not declared"),
        ("{order: filed or denied", "{claim: filed or denied", "`claim` is not declared"),
        ("{order: filed or denied", "{war: filed or denied", "`war` is not declared"),
        ("{order: filed or denied", "{order: filed or lost", "`lost` is not declared"),
        ("then: again", "then: never_again", "`never_again` is not declared"),
        (LIMIT, "appeal: soon, counts: day after", "`soon` is no time"),
        (LIMIT, "appeal: 15 from denied, counts: day after", "does not say of what it is that long"),
        (LIMIT, "appeal: 15 days town from denied, counts: day after", "does not say of what it is that long"),
        (LIMIT, "appeal: 15 working days from denied, counts: day after", "does not say of what it is that long"),
        (LIMIT, "appeal: 15 working days village from denied, counts: day after", "no holidays `village` are declared"),
        (LIMIT, f"{LIMIT}, last day: next working village", "no holidays `village` are declared"),
        (LIMIT, f"{LIMIT}, last day: whenever", "`whenever` says nothing of a day"),
        (LIMIT, "appeal: parameter short from denied, counts: day after", "there is no parameter `short`"),
        (LIMIT, "appeal: 15 days from denied", "it does not say how it is counted"),
        (
            LIMIT,
            "appeal: 15 days from denied, counts: roughly",
            "it does not say how it is counted, or not so: `roughly`",
        ),
        (LIMIT, "appeal: until denied, counts: day after", "it does not say how it is counted"),
        (LIMIT, "appeal: 2 months before denied", "only days are counted before a date"),
        (LIMIT, "appeal: 15 days from nothing, counts: day after", "`nothing` is not declared"),
        (LIMIT, "appeal: 15 days from serving, counts: day after", "`serving` is not declared"),
        (LIMIT, "appeal: until denied + weeks(2)", "`denied + weeks(2)` is no day"),
        (LIMIT, "appeal: until denied - months(2)", "months and years are added, never taken away"),
        (LIMIT, f"{LIMIT}, pauses: now and then", "`pauses: now and then` is not understood"),
        (LIMIT, f"{LIMIT}, pauses: while asleep", "`appeal` pauses while `asleep`, which is no state"),
        (LIMIT, "appeal: until denied, pauses: while filed", "only what is counted from a day can pause"),
        (LIMIT, f"{LIMIT}, color: red", "a line has one name"),
        (LIMIT, f"{LIMIT}, by: office", "`by` is not known here"),
        ("appeal: 15 days", "filing: 15 days", "`filing` stands twice"),
        ("again: 10 days", "appeal: 10 days", "`appeal` is two things"),
        ("limits:\n", "limits: soon\nextra:\n", "`extra` is not known here"),
        ("silent:\n  - law silent: {time to decide: none is set}", "silent: nothing", "`silent` is no list of lines"),
        ("```proceeding claim", "```proceeding", "it has no name of one word"),
        ("```proceeding claim", "```proceeding order", "it has no name of one word, or the name is declared twice"),
        ("```proceeding claim", "```proceeding person", "it has no name of one word"),
    ],
)
def test_what_is_wrong_is_told_with_its_place_and_a_remedy(old: str, new: str, says: str) -> None:
    assert old in CLAIM
    with pytest.raises(MusterRollError) as wrong:
        law(ORDER + CLAIM.replace(old, new, 1))
    assert says in wrong.value.what
    assert wrong.value.where.startswith("small.md:")
    assert wrong.value.remedy.endswith(".")


def test_an_error_names_the_line_and_its_paragraph() -> None:
    with pytest.raises(MusterRollError) as wrong:
        changed(("not after: appeal", "not after: friday"))
    assert wrong.value.code == "law.proceeding"
    assert wrong.value.where.endswith(", art. 1 (3)")
    with pytest.raises(MusterRollError) as wrong:
        changed(("{filed: pending}", "{filed: waiting}"))
    assert wrong.value.where.endswith(", art. 1 (2)")


def test_months_need_a_calendar() -> None:
    text = lawtext.HEAD + lawtext.ATTRIBUTES + lawtext.QUESTION + proceedingtext.HOLIDAYS
    text += "\n```rule exempt\ngives: class exempt\nwhen:\n  - (2): serving\n```\n"
    plain = proceedingtext.packs.from_text({"small.md": text + ORDER + CLAIM})
    assert not any(one.counts_months for one in plain.proceedings.values())
    for months in ("appeal: 1 month from denied", "appeal: 15 days from born + years(2)"):
        claim = CLAIM.replace("appeal: 15 days from denied", months)
        with pytest.raises(MusterRollError, match="months and years need a calendar"):
            proceedingtext.packs.from_text({"small.md": text + ORDER + claim})


def test_a_condition_that_grows_too_large_is_refused() -> None:
    much = " and ".join(["(serving or months_served > 3)"] * 90)
    doubled = "".join(
        f"\n```definition d{n + 1}\nmeans:\n  - (1): d{n} and (d{n} or serving)\n```\n" for n in range(1, 22)
    )
    first = f"\n```definition d1\nmeans:\n  - (1): {much}\n```\n"
    with pytest.raises(MusterRollError) as wrong:
        law(first + doubled + ORDER + CLAIM.replace("not after: filing", "if: d22"))
    assert wrong.value.code == "law.too-large"


def test_conditions_that_are_too_large_together_are_refused() -> None:
    doubled = "".join(
        f"\n```definition d{n + 1}\nmeans:\n  - (1): d{n} and (d{n} or serving)\n```\n" for n in range(1, 12)
    )
    first = "\n```definition d1\nmeans:\n  - (1): serving or months_served > 3\n```\n"
    assert law(first + doubled + ORDER + CLAIM.replace("not after: filing", "when: [{(2): d12}]"))
    many = ", ".join(["{(2): d12}", "{(3): d12 or serving}"] * 3)
    with pytest.raises(MusterRollError) as wrong:
        law(first + doubled + ORDER + CLAIM.replace("not after: filing", f"when: [{many}]"))
    assert wrong.value.code == "law.too-large"
    assert wrong.value.what.startswith("proceeding claim: ")


def test_lines_under_another_reading_do_not_count() -> None:
    doubt = (
        "\n```interpretation length\ndoubt: how long an appeal may take\n"
        "readings: {short: fifteen days, long: thirty}\nchosen: short\nby: nobody\n```\n"
    )
    lines = (
        "interpretation length short: {appeal: 15 days from denied, counts: day after}\n"
        "  - interpretation length long: {appeal: 30 days from denied, counts: day after}"
    )
    pack = law(doubt + ORDER + CLAIM.replace(f"(3): {{{LIMIT}}}", lines))
    limit = pack.proceedings["claim"].limits["appeal"]
    assert (limit.length and limit.length.amount, limit.cite) == (15, "interpretation length short")
    other = pack.with_readings({"length": "long"}).proceedings["claim"].limits["appeal"]
    assert other.length
    assert other.length.amount == 30
    assert other.cite == "interpretation length long"


def test_what_yaml_divides_at_commas_is_put_together() -> None:
    pack = changed((LIMIT, "appeal: 15 days from the later of denied, filed, order_issued, counts: day after"))
    assert [point.name for point in pack.proceedings["claim"].limits["appeal"].points] == [
        "denied",
        "filed",
        "order_issued",
    ]
    asks = changed(("not after: filing}", "if: district in (north, south), not after: filing}"))
    assert asks.proceedings["claim"].moves[0].only_if == "district in (north, south)"
    assert asks.proceedings["claim"].moves[0].not_after == ("filing",)
    assert pack.proceedings["claim"].bodies["board"].quorum == "majority of members"
    both = changed(("not after: filing}", "needs 3 days notice from order_issued, not after: filing and appeal}"))
    assert both.proceedings["claim"].moves[0].not_after == ("filing", "appeal")
    assert both.proceedings["claim"].moves[0].notice is not None


def test_what_a_proceeding_says_is_there_as_values() -> None:
    claim = law().proceedings["claim"]
    assert (claim.title, claim.within, claim.many, claim.start) == ("Claim", "order", False, "none")
    assert claim.events == ("filed", "granted", "denied", "appealed", "dismissed", "lapsed")
    assert claim.kind("denied") is StateKind.OPEN
    assert claim.facts["ground"].name == "ground"
    assert claim.bodies["board"].barred == ("parent", "employer")
    assert [(one.what, one.choice) for one in claim.silent] == [("time to decide", "none is set")]
    assert claim.roles["board"].cite == claim.roles["office"].cite == "art. 1 (2)"
    silent = changed(("- (3): {again: 10", "- law silent: {again: 10"))
    assert silent.proceedings["claim"].waits["again"].cite == "law silent"
    typed = changed(
        (
            "{ground: illness | study}",
            "{ground: illness | study}\n  - (2): {children: int 0 .. 9}\n  - (2): {ill: bool}",
        )
    )
    assert typed.proceedings["claim"].facts["children"].attribute.span == (0, 9)
    names = law().proceeding_names["claim"]
    assert "order_state" in names
    assert len(names) == len(list(names))


def test_the_lock_pairs_a_paragraph_with_the_lines_that_cite_it() -> None:
    before = {pair.key: pair.rule for pair in lock.pairs(law()) if pair.what == "proceeding claim"}
    after = {
        pair.key: pair.rule for pair in lock.pairs(changed((LIMIT, LIMIT.replace("15", "16")))) if pair.key in before
    }
    assert {paragraph for paragraph, _ in before} == {"art. 1 (2)", "art. 1 (3)"}
    assert [key[0] for key in before if before[key] != after[key]] == ["art. 1 (3)"]
