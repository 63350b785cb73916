"""The language reference, docs/flow/{pack,proceeding}.md: their examples are one law that loads; its cases agree."""

import re
from pathlib import Path

import pytest
from tests.lawtext import day

from musterroll.claim import worked
from musterroll.law import cases
from musterroll.law import pack as packs
from musterroll.law.build import KINDS
from musterroll.law.cases import Outcome
from musterroll.law.evaluate import in_scope, lines_in_force
from musterroll.law.truth import Truth

FLOW = Path(__file__).parents[3] / "docs" / "flow"
PAGE = (FLOW / "pack.md").read_text("utf-8")
BOTH = PAGE + (FLOW / "proceeding.md").read_text("utf-8")
LAW = "\n".join(re.findall(r"^````markdown\n(.*?)^````$", BOTH, re.MULTILINE | re.DOTALL))
PACK = packs.from_text({"ferry.md": LAW})
BLOCKS = PAGE.partition("## Blocks")[2].partition("\n## ")[0]
CONDITIONS = tuple(
    code
    for line in PAGE.partition("## Conditions")[2].partition("\n* ")[0].splitlines()
    if line.startswith("| ") and "|---" not in line
    for code in re.findall(r"`([^`]+)`", line)
)


@pytest.mark.parametrize("outcome", cases.run(PACK), ids=lambda one: one.where)
def test_every_case_of_the_reference_agrees(outcome: Outcome) -> None:
    assert outcome.differs == "", f"{outcome.case}: {outcome.expected}"


@pytest.mark.parametrize("outcome", worked.run(PACK), ids=lambda one: one.where)
def test_every_course_of_the_reference_agrees(outcome: Outcome) -> None:
    assert outcome.differs == "", f"{outcome.case}: {outcome.expected}"


def test_the_examples_show_every_kind_of_declaration_and_every_member() -> None:
    shown = {block.kind for block in PACK.pages.blocks}
    assert shown == KINDS
    for kind, members in re.findall(r"^\| `(\w+)` \| ([a-z_, ;]+) \|", BLOCKS, re.MULTILINE):
        used = {name for block in PACK.pages.blocks if block.kind == kind and isinstance(block.content, dict)
                for name in block.content}  # fmt: skip
        listed = {name.strip() for name in re.split("[,;]", members)} - {"lines"}
        assert kind in ("pack", "selection", "procedure", "words") or used - listed <= {"on"}, (kind, used - listed)
        if kind != "rule":  # `reading` of a rule is shown in words only
            assert listed <= used, (kind, listed - used)


@pytest.mark.parametrize("condition", CONDITIONS)
def test_every_condition_of_the_table_is_read(condition: str) -> None:
    rule = f"\n```rule tried\nquestion: helm\ngives: class may\nwhen:\n  - art. 1 (2): {condition!r}\n```\n"
    assert packs.from_text({"ferry.md": LAW + rule.replace("'", '"')}).at(day("2021-01-01"))


def test_the_table_of_conditions_was_found() -> None:
    assert len(CONDITIONS) == 42


def test_what_the_examples_say_of_scope_procedure_and_time() -> None:
    on = day("2021-01-01")
    held = cases.people(PACK)["a grown islander"]
    assert in_scope(PACK, held, on) is Truth.TRUE
    assert [truth for _, truth in lines_in_force(PACK, "enquiry", {}, on)] == [Truth.TRUE, Truth.FALSE, Truth.TRUE]
    assert PACK.accepted
    assert PACK.selection
