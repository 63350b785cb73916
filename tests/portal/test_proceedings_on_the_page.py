"""Orders, claims and appeals on the lawyer's page: beside their article, in words, every line with its paragraph.

The law is the Ferry Act of docs/flow/pack.md and docs/flow/proceeding.md.
"""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from tests.conftest import ROOT

from musterroll.engine import law_page
from musterroll.law import pack as packs
from musterroll.law.coverage import covered
from musterroll.law.pack import Pack


def law(*changes: tuple[str, str]) -> str:
    pages = [(ROOT / "docs" / "flow" / name).read_text("utf-8") for name in ("pack.md", "proceeding.md")]
    text = "\n".join(re.findall(r"^````markdown\n(.*?)^````$", "\n".join(pages), re.MULTILINE | re.DOTALL))
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text


def ferry(*changes: tuple[str, str]) -> Pack:
    return packs.from_text({"ferry.md": law(*changes)})


def html(pack: Pack) -> str:
    return law_page.html(pack, findings=(), figures=(), coverage=covered(pack), lock=None)


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", text.partition("<body>")[2]))


def test_what_is_worked_under_no_article_comes_after_the_law() -> None:
    text = law()
    one = re.search(r"^```course .*?^```$", text, re.MULTILINE | re.DOTALL)
    assert one
    alone = one[0].replace("```course ", "```course again, ", 1)
    page = html(packs.from_text({"alone.md": f"# One thing at a time\n\n{alone}\n", "ferry.md": text}))
    assert 'id="before-the-articles"' not in page
    last = page.rindex('class="part article"')
    section = page[last:]
    assert section.startswith('class="part article" id="under-no-article"')
    assert "Worked under no article" in section
    assert section.count("<strong>again, ") == 1
    assert "No words of the law" not in section.partition("</section>")[0]


def test_each_line_of_a_proceeding_stands_in_words_with_its_paragraph() -> None:
    text = plain(html(ferry()))
    for words in (
        "Proceeding objection Objection to a call within Call to the ferry",
        "What can happen; what is not in this table cannot",
        "issued harbour office none issued Only if the day judged is 20 days before “report on”, or earlier",
        "reported the person issued served Not before “report on”. It binds the person; a hold stops it. art. 2 (1)",
        "granted harbour office or ferry board filed or appealed granted At the same moment, in “Call to the ferry”: "
        "cancelled. art. 2 (2)",
        "It counts from the day the person was told; until then all stays as it was. art. 2 (2)",
        "lapsed time, by itself refused final It happens by itself when the limit “appeal” has run out. art. 2 (3)",
        "filed an office must act art. 2 (2) refused the person may act art. 2 (3)",
        "More than half of the members must be present. More than half of those present decide. If votes are equal, "
        "the next meeting decides. art. 2 (3)",
        "Whoever is one of these to the person may not sit: parent, child, employer. art. 2 (3)",
        "about one of: leave, lifeboat art. 2 (2)",
        "filing The last day is the day before “Call to the ferry: report on”. art. 2 (2)",
        "appeal The last day: 15 days from “day on which the person was told of: refused”, the next day being the "
        "first. If that is no working day (shore), the next working day. Days on which “Call to the ferry” stands at "
        "“cancelled” are not counted. art. 2 (3)",
        "report again The first day: 10 days from “day on which it came to stand at: final”, the next day being the "
        "first. art. 2 (4)",
        "Call to the ferry As long as this stands at filed or refused or appealed, and until the wait “report again” "
        "is over, nothing in “Call to the ferry” binds. art. 2 (4)",
        "decision of the office no time limit is set; none is invented the law is silent",
    ):
        assert words in text, words


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("worsens: told}", "worsens: 10 days after told}", "It counts 10 days after the person was told;"),
        (
            "worsens: told}",
            "worsens: law silent}",
            "The law sets no time: it counts 30 days after the person was told;",
        ),
        (
            "worsens: told}",
            "worsens: parameter crews_a_year after told}",
            "It counts after 40 days (“crews a year”, from 1 January 2020 on) from the day the person was told",
        ),
        (
            "15 days from refused_told, counts: day after, last day: next",
            "5 working days shore from refused_posted, counts: day of, last day: previous",
            "The last day: 5 working days (shore) from “day on which word was posted of: refused”, that day counted. "
            "If that is no working day (shore), the last working day before it.",
        ),
        (
            "until order_report_on, counts: day before",
            "until order_report_on",
            "The last day is “Call to the ferry: report on”.",
        ),
        (
            "until order_report_on, counts: day before",
            "10 days before the later of order_report_on, born + years(18), counts: clear",
            "The last day is such that 10 days lie between it and the later of: “Call to the ferry: report on”, "
            "18 years after “day of birth”.",
        ),
        (
            "10 days from final, counts: day after",
            "2 months from the earlier of final, refused, counts: day of",
            "The first day: 2 months from the earlier of: “day on which it came to stand at: final”",
        ),
        ("10 days from final, counts: day after", "10 days before order_report_on", "The first day is 10 days before"),
        (
            "10 days from final, counts: day after",
            "until order_report_on",
            "The first day is “Call to the ferry: report",
        ),
        ("quorum majority of members", "quorum 3", "At least 3 members must be present."),
        ("quorum majority of members", "quorum all", "All members must be present."),
        ("decides majority of present", "decides unanimous", "It decides with all votes or not at all."),
        ("decides majority of present", "decides majority of votes", "More than half of the votes given decide."),
        ("decides majority of present", "decides majority of members", "More than half of all members decide."),
        ("tie next_meeting", "tie dismissed", "If votes are equal: dismissed."),
        (", then: report_again", "", "As long as this stands at filed or refused or appealed, nothing in"),
        (
            "not after: filing}",
            "not after: filing, waiver: harbour_office}",
            "A late one may be let in by: harbour office.",
        ),
        (
            "not after: filing}",
            "not after: filing, counts as: postmark or received}",
            "What is sent counts as of the day of its postmark or its arrival.",
        ),
        (
            "lapsed: refused -> final, by: time, after: appeal",
            "lapsed: refused -> final, by: time, after: report_again",
            "when the wait “report again” is over",
        ),
        (
            "binds: yes}",
            "binds: yes, needs 10 days notice from issued}",
            "notice of it: 10 days from “day of: issued”.",
        ),
        (
            "cancelled: issued -> cancelled, by",
            "cancelled: issued -> same, by",
            "cancelled harbour office issued the same",
        ),
    ],
)
def test_what_a_line_may_say_has_its_words(old: str, new: str, words: str) -> None:
    assert words in plain(html(ferry((old, new))))


def test_courses_stand_below_with_what_happened_and_where_it_stands() -> None:
    """Each course of the page of the language, and one that is wrong on purpose."""
    text = plain(html(ferry()))
    for words in (
        "appeal on the last day, and a day late Objection to a call",
        "1 March 2021: Call to the ferry: issued, by harbour office (report on: 25 March 2021)",
        "20 March 2021: refused, by harbour office (the person was told on 22 March 2021)",
        "6 April 2021 it stands at: refused; “Call to the ferry” is held up; the last day of “appeal” is 6 April 2021; "
        "the person may do this: appealed",
        "it stands at: final, because of art. 2 (3); nobody may do this: appealed, because of art. 2 (3)",
        "it stands at: Call to the ferry: issued; “Call to the ferry” is not held up",
    ):
        assert words in text, words
    wrong = ferry(("last day of appeal 2021-04-06", "last day of appeal 2021-04-05"))
    assert "The law answers otherwise: expected last day of appeal 2021-04-05, found 2021-04-06" in plain(html(wrong))


def test_what_a_course_may_say_has_its_words() -> None:
    more = """
```course a board, late, by post
of: objection
given: {like: a grown islander, shore: north}
note: only to be shown
reading: {students: own}
events:
  - 2021-03-01 order issued by harbour_office: {report_on: 2021-03-25}
  - 2021-03-10 filed by person: {about: leave, waived by: harbour_office, postmark: 2021-03-09, received: 2021-03-10}
  - 2021-03-20 refused by harbour_office: {told: 2021-03-22, posted: 2021-03-21}
  - 2021-03-30 appealed by person
  - 2021-04-20 dismissed by ferry_board: {members: 5, present: 3, for: 2, against: 1, barred: parent}
expect:
  - 2021-03-10: not refused, not formally refused, last day of appeal none, may not refused by person
  - 2021-04-20: refused dismissed, first day of report_again none
```
"""
    text = plain(html(packs.from_text({"ferry.md": law() + more})))
    for words in (
        "filed, by the person (about: leave; postmark of 9 March 2021; arrived on 10 March 2021; let in late by "
        "harbour office)",
        "(the person was told on 22 March 2021; posted on 21 March 2021)",
        "dismissed, by ferry board (5 members; 3 present; 2 for it; 1 against it; among them: parent)",
        "it does not stand at: refused; in form not at: refused; “appeal” has no day yet; the person may not do this: "
        "refused",
        "refused: dismissed; “report again” has no day yet",
        "only to be shown",
        "(under the reading students: own)",
    ):
        assert words in text, words


def test_links_lead_to_places_on_the_page() -> None:
    text = html(ferry())
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]*)"', text)) <= set(ids)


def test_the_comparison_says_who_decides_what_stays_and_what_an_appeal_is() -> None:
    text = plain(law_page.comparison([ferry()]))
    for words in (
        "Objection to a call: harbour office art. 2 (2) ferry board art. 2 (2) ferry board: More than half of "
        "the members must be present.",
        "report again: The first day: 10 days from",
        "dismissed: It counts from the day the person was told; until then all stays as it was. art. 2 (3)",
        "Objection to a call: As long as this stands at filed or refused or appealed",
        "Objection to a call: appealed: The last day: 15 days from “day on which the person was told of: refused”",
        "Decided by: harbour office or ferry board. art. 2 (3)",
        "Objection to a call, decision of the office: no time limit is set; none is invented",
    ):
        assert words in text, words


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 1500])
def test_it_fits_its_window_and_has_no_barrier_that_axe_knows(browser: Browser, tmp_path: Path, width: int) -> None:
    (tmp_path / "page.html").write_text(html(ferry()), "utf-8")
    context = browser.new_context(viewport={"width": width, "height": 900}, bypass_csp=True)
    page = context.new_page()
    page.goto((tmp_path / "page.html").as_uri())
    assert page.evaluate("document.scrollingElement.scrollWidth <= window.innerWidth")
    found = Axe().run(page).response["violations"]
    assert [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]] == []
    context.close()


def test_what_a_person_reads_stands_there_in_every_language_the_law_has() -> None:
    """A lawyer reviews the sentences too: each in its own language, and in the direction in which that is written."""
    more = """
```words ar
rule.crew: أنت بالغ وتسكن على أحد الشاطئين.
class.crew.bound: عليك واجب الطاقم.
proceeding.objection.event.filed: قدمت اعتراضا.
proceeding.objection.state.refused: رفض اعتراضك.
proceeding.objection.limit.appeal: آخر يوم للطعن.
```
"""
    text = html(packs.from_text({"ferry.md": law() + more}))
    for words in (
        "أنت بالغ وتسكن على أحد الشاطئين.",
        "عليك واجب الطاقم.",
        "قدمت اعتراضا.",
        "رفض اعتراضك.",
        "آخر يوم للطعن.",
    ):
        assert f'lang="ar" dir="rtl">“{words}”</span>' in text
    assert '<span class="reads">“You are of age and live on a shore.”</span>' in text


def test_a_law_quoted_in_another_language_is_marked_so() -> None:
    text = html(ferry(("language: en", "language: he")))
    assert re.search(r'<p id="article-1-0" lang="he" dir="rtl">\(1\) Bound to crew', text)
