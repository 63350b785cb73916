"""The list of situations of docs/law/us.md: which case or course of packs/us answers each, with what.

python -m tests.situations      writes the rows of the page anew
"""

import re
from collections.abc import Iterator
from pathlib import Path

from musterroll.claim import worked
from musterroll.law import cases
from musterroll.law.pack import Pack

PAGE = Path(__file__).parents[1] / "docs" / "law" / "us.md"

LISTED = {"A": 34, "B": 26, "C": 22, "D": 25, "E": 73, "F": 18}
"""The situations that were worked out from the text before the pack of the United States was written."""

ELSEWHERE = {
    "A27": "two registrations are never merged, nor canceled by a rule | [linkage](../flow/linkage.md)",
    "B13": "the public key decides (AMB-2) | the order of call in [processing](../../packs/us/processing.md)",
    "B15": "refused: a list with 29 February needs 366 days | [the draw](../spec/draw.md), by table",
    "F18": "volunteer, postponed, expired deferment, age 20 | the order of call in "
    "[processing](../../packs/us/processing.md)",
}
"""What is no answer about one person in one pack: run by the test of this list, on the stage that it belongs to."""

_NUMBER = re.compile(r"\b[A-F]\d+\b")


def names(title: str) -> list[str]:
    """The situations that a case or a course names before its colon."""
    return _NUMBER.findall(title.partition(":")[0])


def answers(pack: Pack) -> Iterator[tuple[str, str, str, str, str]]:
    """Each answer: situation, question or proceeding, the answer, the page of the pack, and the case it stands in."""
    for line in cases.lines(pack):
        for situation in names(line.case):
            yield situation, line.question, line.text.partition(",")[0].strip(), _page(line.where), line.case
    for course in worked.lines(pack):
        for situation in names(course.case):
            for one in course.expected:
                if one.form == "state" and not one.denied and not one.formally:
                    yield situation, one.proceeding, one.name, _page(course.where), course.case
                elif one.form == "refused":
                    yield situation, one.proceeding, f"*{one.name}* refused", _page(course.where), course.case


def rows(pack: Pack) -> dict[str, str]:
    """The row of each situation of the list."""
    said: dict[str, dict[str, dict[str, list[str]]]] = {}
    pages: dict[str, list[str]] = {}
    for situation, of, answer, page, case in answers(pack):
        found = said.setdefault(situation, {}).setdefault(of, {}).setdefault(case, [])
        if found[-1:] != [answer]:
            found.append(answer)
        if page not in pages.setdefault(situation, []):
            pages[situation].append(page)
    noted = {
        situation
        for block in pack.cases
        if isinstance(block.content, dict) and "note" in block.content
        for situation in names(block.name)
    }
    made = {}
    for letter, most in LISTED.items():
        for number in range(1, most + 1):
            situation = f"{letter}{number}"
            if situation in said:
                told = "; ".join(
                    f"{of}: {' / '.join(dict.fromkeys(' → '.join(one) for one in found.values()))}"
                    for of, found in said[situation].items()
                )
                links = ", ".join(f"[{page}](../../packs/us/{page}.md)" for page in pages[situation])
                made[situation] = f"| {situation} | {told} | {links}{' (note)' * (situation in noted)} |"
            elif situation in ELSEWHERE:
                made[situation] = f"| {situation} | {ELSEWHERE[situation]} |"
    return made


def written(page: str, pack: Pack) -> str:
    """The page with its rows made anew, each table under the heading of its letter."""
    made = rows(pack)
    kept = [line for line in page.splitlines() if not re.match(r"\| [A-F]\d", line)]
    out: list[str] = []
    letter = ""
    for line in kept:
        out.append(line)
        heading = re.match(r"### ([A-F]):", line)
        letter = heading[1] if heading else letter
        if letter and line.startswith("|---"):
            out += [row for situation, row in made.items() if situation.startswith(letter)]
    return "\n".join(out) + "\n"


def _page(where: str) -> str:
    return Path(where.partition(":")[0]).stem


if __name__ == "__main__":
    from musterroll.law import pack as packs

    PAGE.write_text(written(PAGE.read_text("utf-8"), packs.load(PAGE.parents[2] / "packs" / "us")), "utf-8")
