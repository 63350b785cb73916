# ruff: noqa: E501 (each pack stands on one line)
"""Packs that are wrong, by mistake or on purpose: each changes one thing in a law that is in order.

A row: what is wrong; how the pages are changed; the code, a part of the place, of the sentence and of the remedy.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from musterroll.law import scaffold

type Change = Callable[[Path], None]


@dataclass(frozen=True)
class Hostile:
    """One pack that must be refused: its name says why."""

    name: str
    change: Change
    code: str
    where: str
    what: str
    remedy: str

    def write(self, folder: Path) -> None:
        scaffold.write(folder)
        self.change(folder)


def put(page: str, old: str, new: str) -> Change:
    """`new` in place of `old`, which must be there."""

    def change(folder: Path) -> None:
        text = (folder / page).read_text("utf-8")
        assert old in text, f"{old!r} is not in {page}"
        (folder / page).write_text(text.replace(old, new, 1), "utf-8")

    return change


def add(text: str, page: str = "duty.md") -> Change:
    def change(folder: Path) -> None:
        with (folder / page).open("a", encoding="utf-8") as opened:
            opened.write("\n" + text + "\n")

    return change


def raw(page: str, data: bytes) -> Change:
    def change(folder: Path) -> None:
        with (folder / page).open("ab") as opened:
            opened.write(data)

    return change


def instead(page: str, make: Callable[[Path], None]) -> Change:
    def change(folder: Path) -> None:
        (folder / page).unlink(missing_ok=True)
        make(folder / page)

    return change


def both(*changes: Change) -> Change:
    def change(folder: Path) -> None:
        for one in changes:
            one(folder)

    return change


def condition(text: str) -> Change:
    """The rule about the fire brigade with another condition."""
    return put("duty.md", "  - (1): fire_brigade", f"  - (1): {text}")


def attribute(old: str, new: str) -> Change:
    """The attribute about the fire brigade with one member changed."""

    def change(folder: Path) -> None:
        text = (folder / "pack.md").read_text("utf-8")
        before, mark, after = text.partition("```attribute fire_brigade\n")
        assert mark
        assert old in after, old
        (folder / "pack.md").write_text(before + mark + after.replace(old, new, 1), "utf-8")

    return change


def rule(name: str, when: str, gives: str = "bound", more: str = "") -> str:
    return f"```rule {name}\ngives: class {gives}\n{more}when:\n  - sec. 4 (1): {when}\n```\n"


def definitions(*pairs: tuple[str, str]) -> str:
    return "\n".join(f"```definition {name}\nmeans:\n  - sec. 4 (1): {text}\n```\n" for name, text in pairs)


SELECTION = """```parameter intake
unit: number
basis: sec. 5 (1)
values: {2020-01-01: 5}
```

```selection call_up
- sec. 5 (1): {cohort: watch is bound}
- sec. 5 (1): {strata: year of born}
- sec. 5 (1): {total: parameter intake}
- sec. 5 (1): {share: stratum size}
- sec. 5 (1): {rounding: largest remainder}
- sec. 5 (1): {least: 1}
- sec. 5 (1): {merge under: 20}
- sec. 5 (1): {order: place}
```
"""

DOUBLING = definitions(("d0", "fire_brigade"), *((f"d{n}", f"d{n - 1} and d{n - 1}") for n in range(1, 41)))

PACKS = [
    # what is not a page, or not a pack
    Hostile(
        "a page that is not UTF-8",
        raw("duty.md", b"\xff\xfe\x00"),
        "law.page",
        "nowhere/duty.md",
        "not UTF-8",
        "Save it as UTF-8",
    ),
    Hostile(
        "pack.md is a folder",
        instead("pack.md", Path.mkdir),
        "law.page",
        "nowhere/pack.md",
        "not a plain file",
        "Put the page itself",
    ),
    Hostile(
        "a page is a pipe that never ends",
        instead("duty.md", os.mkfifo),
        "law.page",
        "nowhere/duty.md",
        "not a plain file",
        "Put the page itself",
    ),
    Hostile(
        "a page is a link to a file elsewhere",
        instead("duty.md", lambda page: page.symlink_to("/etc/passwd")),
        "law.page",
        "nowhere/duty.md",
        "not a plain file",
        "Put the page itself",
    ),
    Hostile(
        "a page is a link to itself",
        instead("duty.md", lambda page: page.symlink_to(page)),
        "law.page",
        "nowhere/duty.md",
        "not a plain file",
        "Put the page itself",
    ),
    Hostile(
        "a line of 10 MB",
        raw("duty.md", b"\n> " + b"x" * 10_000_000 + b"\n"),
        "law.page",
        "nowhere/duty.md",
        "larger than",
        "Divide it",
    ),
    Hostile(
        "a page of 10 MB in short lines",
        raw("duty.md", b"\n\n> x" * 2_500_000),
        "law.page",
        "nowhere/duty.md",
        "larger than",
        "Divide it",
    ),
    Hostile(
        "no block names the pack",
        put("pack.md", "```pack nowhere", "```omitted nowhere"),
        "law.block",
        "nowhere/pack.md",
        "",
        "",
    ),
    Hostile(
        "a fence is not closed",
        add("```rule open\ngives: class bound"),
        "law.page",
        "nowhere/duty.md:",
        "not closed",
        "Close it",
    ),
    Hostile(
        "a fence says nothing",
        add("```\nx\n```"),
        "law.page",
        "nowhere/duty.md:",
        "does not say what it declares",
        "Write ```rule NAME",
    ),
    Hostile(
        "a declaration of no known kind",
        add("```weapon x\na: b\n```"),
        "law.block",
        "nowhere/duty.md:",
        "no such declaration",
        "Known:",
    ),
    Hostile(
        "law quoted before any article",
        put("pack.md", "# An invented law: replace it piece by piece", "> nobody"),
        "law.page",
        "nowhere/pack.md:",
        "before any article",
        "Put a heading",
    ),
    Hostile(
        "an article quoted twice",
        add("## sec. 4: Again\n\n> (1) Exempt is nobody."),
        "law.page",
        "nowhere/duty.md:",
        "quoted twice",
        "Quote each article once",
    ),
    # YAML
    Hostile(
        "YAML: an object to be made",
        attribute("neutral: no", "neutral: !!python/object/apply:os.system [id]"),
        "law.yaml",
        "nowhere/pack.md:",
        "anchors and tags are not read",
        "Write the value out",
    ),
    Hostile(
        "YAML: an anchor and its alias",
        attribute("proof: the fire brigade, or the person", "proof: &x yes"),
        "law.yaml",
        "nowhere/pack.md:",
        "anchors and tags are not read",
        "Write the value out",
    ),
    Hostile(
        "YAML: a billion laughs",
        add('```words en\na: &a ["x"]\nb: &b [*a, *a]\nc: [*b, *b]\n```'),
        "law.yaml",
        "nowhere/duty.md:",
        "anchors and tags are not read",
        "Write the value out",
    ),
    Hostile(
        "YAML: a member twice",
        attribute("neutral: no", "neutral: no\nneutral: yes"),
        "law.yaml",
        "nowhere/pack.md:",
        "stands twice",
        "Keep one of them",
    ),
    Hostile(
        "YAML: a member's name in other letters",
        attribute("neutral: no", "neutrаl: no"),
        "law.yaml",
        "nowhere/pack.md:",
        "not a name in ASCII letters",
        "Keep one of them",
    ),
    Hostile(
        "YAML: a name that is a list",
        add("```words en\n? [a, b]\n: c\n```"),
        "law.yaml",
        "nowhere/duty.md:",
        "not a name",
        "",
    ),
    Hostile(
        "YAML: brackets without end",
        add("```words en\na: " + "[" * 100_000 + "\n```"),
        "law.yaml",
        "nowhere/duty.md:",
        "",
        "",
    ),
    Hostile(
        "YAML: lists in lists in lists",
        add("```rule x\ngives: class bound\nwhen: " + "[" * 5_000 + "]" * 5_000 + "\n```"),
        "law.yaml",
        "nowhere/duty.md:",
        "",
        "",
    ),
    Hostile(
        "YAML: two documents", attribute("neutral: no", "---\nneutral: no"), "law.yaml", "nowhere/pack.md:", "", ""
    ),
    Hostile("YAML: a tab", attribute("neutral: no", "neutral:\n\t- no"), "law.yaml", "nowhere/pack.md:", "", ""),
    Hostile(
        "YAML: text where members are expected",
        add("```burden fire_brigade\nbecause I say so\n```"),
        "law.block",
        "nowhere/duty.md:",
        "not `name: value` lines",
        "Write one member a line",
    ),
    Hostile(
        "YAML: no is no answer to who can be asked",
        attribute("answers: [fire brigade, person]", "answers: {a: b}"),
        "law.block",
        "nowhere/pack.md:",
        "not a list of names",
        "Write `[a, b]`",
    ),
    # facts about people
    Hostile(
        "an attribute without an article",
        attribute("basis: (3)", "basis: (9)"),
        "law.uncited",
        "nowhere/pack.md:",
        "`(9)` is no paragraph quoted in this pack",
        "Cite a paragraph",
    ),
    Hostile(
        "an attribute that names no article at all",
        attribute("basis: (3)\n", ""),
        "law.block",
        "nowhere/pack.md:",
        "`basis` is missing",
        "Write `basis: ...`",
    ),
    Hostile(
        "an attribute of no closed kind",
        attribute("kind: service", "kind: criminal record"),
        "law.attribute-kind",
        "nowhere/pack.md:",
        "not one of the closed kinds",
        "is not held",
    ),
    Hostile(
        "a protected attribute without a neutral value",
        attribute("neutral: no\n", ""),
        "law.attribute",
        "nowhere/pack.md:",
        "which value is the neutral one",
        "Write `neutral: no`",
    ),
    Hostile(
        "a neutral value that is none",
        attribute("neutral: no", "neutral: perhaps"),
        "law.value",
        "nowhere/pack.md:",
        "`perhaps` is no value",
        "Write",
    ),
    Hostile(
        "an attribute of text",
        attribute("type: bool", "type: text"),
        "law.attribute",
        "nowhere/pack.md:",
        "`text` is no type",
        "The types are",
    ),
    Hostile(
        "an enumeration of 300 values",
        attribute("type: bool", f"type: enum\nvalues: [{', '.join(f'v{n}' for n in range(300))}]"),
        "law.attribute",
        "nowhere/pack.md:",
        "250 values",
        "Write `values`",
    ),
    Hostile(
        "an enumeration with a value twice",
        attribute("type: bool\n", "type: enum\nvalues: [no, no]\n"),
        "law.attribute",
        "nowhere/pack.md:",
        "",
        "",
    ),
    Hostile(
        "a number used twice",
        attribute("number: 3", "number: 1"),
        "law.number",
        "nowhere/pack.md:",
        "taken",
        "new number",
    ),
    Hostile(
        "a number that is too large",
        attribute("number: 3", "number: 99999999999999999999"),
        "law.block",
        "nowhere/pack.md:",
        "`number`",
        "",
    ),
    Hostile(
        "a number in other digits",
        attribute("number: 3", "number: ３"),
        "law.block",
        "nowhere/pack.md:",
        "not a whole number",
        "Write digits",
    ),
    Hostile(
        "an attribute called like the day",
        put("pack.md", "```attribute fire_brigade", "```attribute on"),
        "law.attribute",
        "nowhere/pack.md:",
        "not one word that can stand in a rule",
        "Use a_name_like_this",
    ),
    Hostile(
        "an attribute with a Cyrillic letter in its name",
        put("pack.md", "```attribute fire_brigade", "```attribute fire_brigаde"),
        "law.block",
        "nowhere/pack.md:",
        "letters beyond ASCII",
        "a to z",
    ),
    Hostile(
        "an attribute whose name climbs out of the folder",
        put("pack.md", "```attribute fire_brigade", "```attribute ../../etc/passwd"),
        "law.attribute",
        "nowhere/pack.md:",
        "not one word that can stand in a rule",
        "Use a_name_like_this",
    ),
    Hostile(
        "an attribute declared twice",
        add(
            "```attribute born\nnumber: 9\nkind: birth\ntype: date\nbasis: sec. 2 (1)\nlabel: x\nproof: x\nunknown: x\nanswers: [x]\n```"
        ),
        "law.block",
        "nowhere/duty.md:",
        "declared twice",
        "Give it its own name",
    ),
    Hostile(
        "an attribute that no rule reads",
        add(
            "```attribute brother\nnumber: 9\nkind: registration\ntype: bool\nbasis: sec. 2 (1)\nlabel: x\nproof: x\nunknown: x\nanswers: [x]\n```"
        ),
        "unused-attribute",
        "sec. 2 (1)",
        "would be held although no rule reads it",
        "Take the attribute out",
    ),
    Hostile(
        "a roster that nobody declared",
        add("```derive born\ngives: date\nfrom: neighbours\ntake: latest born\nfewer: none\nbasis: sec. 2 (1)\n```"),
        "law.derive",
        "nowhere/duty.md:",
        "no roster `neighbours`",
        "Declare the roster",
    ),
    # time
    Hostile(
        "no calendar although ages are counted",
        put(
            "pack.md",
            "```calendar\nleap_day: {is: 1 March, basis: (1)}\nmonth_end: {is: last day, basis: (2)}\nage_attained: {is: on anniversary, basis: (1)}\n```",
            "",
        ),
        "law.expression",
        "nowhere/duty.md:",
        "months and years need a calendar",
        "Declare `calendar`",
    ),
    Hostile(
        "a calendar that is silent about 29 February",
        put("pack.md", "leap_day: {is: 1 March, basis: (1)}\n", ""),
        "law.block",
        "nowhere/pack.md:",
        "`leap_day` is missing",
        "Write `leap_day",
    ),
    Hostile(
        "a calendar that cites nothing",
        put("pack.md", "leap_day: {is: 1 March, basis: (1)}", "leap_day: {is: 1 March}"),
        "law.",
        "nowhere/pack.md:",
        "",
        "",
    ),
    Hostile(
        "a leap day of one's own",
        put("pack.md", "{is: 1 March,", "{is: 30 February,"),
        "law.calendar",
        "nowhere/pack.md:",
        "is one of",
        "Write `is: ...`",
    ),
    Hostile(
        "a date that does not exist",
        put("pack.md", "in force: 2020-01-01 ..", "in force: 2021-02-29 .."),
        "date.malformed",
        "nowhere/pack.md:",
        "exists in the calendar",
        "Correct the date",
    ),
    Hostile(
        "a pack that is never in force",
        put("pack.md", "in force: 2020-01-01 ..", "in force: 2020-01-01 .. 2019-01-01"),
        "law.in-force",
        "nowhere/pack.md:",
        "never in force",
        "Correct the dates",
    ),
    Hostile(
        "two versions of a rule overlap",
        add(rule("duty", "inhabitant", more="in force: 2021-01-01 ..\n")),
        "law.versions",
        "nowhere/duty.md:",
        "overlap",
        "Give the second another name",
    ),
    Hostile(
        "a hole between two versions",
        put(
            "duty.md",
            "```rule fire_brigade\ngives: class exempt\n",
            rule("fire_brigade", "fire_brigade", "exempt", "in force: .. 2021-01-01\n")
            + "\n```rule fire_brigade\ngives: class exempt\nin force: 2022-01-01 ..\n",
        ),
        "law.versions",
        "nowhere/duty.md:",
        "leave a gap",
        "Give the second another name",
    ),
    Hostile(
        "a rule in force before the pack",
        put(
            "duty.md",
            "```rule fire_brigade\ngives: class exempt\n",
            "```rule fire_brigade\ngives: class exempt\nin force: 2000-01-01 ..\n",
        ),
        "law.in-force",
        "nowhere/duty.md:",
        "outside the pack's own time",
        "Correct the dates",
    ),
    Hostile(
        "a parameter without a value at the beginning",
        add("```parameter p\nunit: number\nbasis: sec. 5 (1)\nvalues: {2025-01-01: 5}\n```"),
        "law.parameter",
        "nowhere/duty.md:",
        "no value when the pack begins",
        "Give it an earlier value",
    ),
    Hostile(
        "a parameter that is not whole",
        add("```parameter p\nunit: number\nbasis: sec. 5 (1)\nvalues: {2020-01-01: 18.5}\n```"),
        "law.parameter",
        "nowhere/duty.md:",
        "not a whole number",
        "Write digits",
    ),
    # conditions
    Hostile(
        "a condition that cites nothing",
        put("duty.md", "  - (1): fire_brigade", "  - fire_brigade"),
        "law.uncited",
        "nowhere/duty.md:",
        "a condition cites nothing",
        "Write each condition as",
    ),
    Hostile(
        "a condition that cites what is not quoted",
        put("duty.md", "  - (1): fire_brigade", "  - (7): fire_brigade"),
        "law.uncited",
        "nowhere/duty.md:",
        "`(7)` is no paragraph quoted",
        "Cite a paragraph",
    ),
    Hostile(
        "a fact that nobody declared",
        condition("wealth > 5"),
        "law.expression",
        "nowhere/duty.md:",
        "`wealth` is not declared",
        "Declare it",
    ),
    Hostile(
        "a look-alike letter in a fact",
        condition("fire_brigаde"),
        "law.expression",
        "nowhere/duty.md:",
        "not declared",
        "Declare it",
    ),
    Hostile(
        "a fraction",
        condition("age(born) >= 17.5"),
        "law.expression",
        "nowhere/duty.md:",
        "something that the language does not have",
        "docs/flow/pack.md",
    ),
    Hostile(
        "text",
        condition("\"'a' == 'a'\""),
        "law.expression",
        "nowhere/duty.md:",
        "something that the language does not have",
        "docs/flow/pack.md",
    ),
    Hostile(
        "a call of one's own",
        condition("__import__(os) == 1"),
        "law.expression",
        "nowhere/duty.md:",
        "does not exist",
        "The calls are",
    ),
    Hostile(
        "a call with text",
        condition("\"__import__('os').system('id') == 1\""),
        "law.expression",
        "nowhere/duty.md:",
        "",
        "",
    ),
    Hostile(
        "the inside of an object",
        condition("born.__class__ == 1"),
        "law.expression",
        "nowhere/duty.md:",
        "something that the language does not have",
        "docs/flow/pack.md",
    ),
    Hostile(
        "a function of one's own", condition('"(lambda: fire_brigade)()"'), "law.expression", "nowhere/duty.md:", "", ""
    ),
    Hostile("a loop", condition('"[fire_brigade for x in y]"'), "law.expression", "nowhere/duty.md:", "", ""),
    Hostile("an assignment inside", condition('"(x := fire_brigade)"'), "law.expression", "nowhere/duty.md:", "", ""),
    Hostile(
        "a power",
        condition("9 ** 9 ** 9 > 1"),
        "law.expression",
        "nowhere/duty.md:",
        "something that the language does not have",
        "docs/flow/pack.md",
    ),
    Hostile(
        "a number without end", condition("age(born) >= " + "9" * 5_000), "law.expression", "nowhere/duty.md:", "", ""
    ),
    Hostile(
        "a number that is too large for a law",
        condition("age(born) >= 1000001"),
        "law.expression",
        "nowhere/duty.md:",
        "a number is too large",
        "No number is above",
    ),
    Hostile(
        "a million brackets",
        condition("(" * 200_000 + "fire_brigade" + ")" * 200_000),
        "law.",
        "nowhere/duty.md:",
        "",
        "",
    ),
    Hostile(
        "fifty thousand times not", condition("not " * 50_000 + "fire_brigade"), "law.", "nowhere/duty.md:", "", ""
    ),
    Hostile(
        "thousands of comparisons on one line",
        condition(" and ".join(["fire_brigade"] * 20_000)),
        "law.",
        "nowhere/duty.md:",
        "",
        "",
    ),
    Hostile(
        "known() in a rule that gives a class",
        condition("known(born)"),
        "law.expression",
        "nowhere/duty.md:",
        "`known(...)` stands in",
        "the rule is unknown by itself",
    ),
    Hostile(
        "a date compared with a yes or no",
        condition("born == fire_brigade"),
        "law.expression",
        "nowhere/duty.md:",
        "different kinds are compared",
        "Compare like with like",
    ),
    Hostile(
        "months taken away",
        condition("on >= born - months(1)"),
        "law.expression",
        "nowhere/duty.md:",
        "only days can be taken away",
        "on the other side",
    ),
    Hostile(
        "an age below nothing",
        condition("age(born) >= -1"),
        "law.expression",
        "nowhere/duty.md:",
        "an age is not negative",
        "Write the age",
    ),
    Hostile(
        "a date alone",
        condition("born"),
        "law.expression",
        "nowhere/duty.md:",
        "not a yes-or-no attribute",
        "Compare it with something",
    ),
    Hostile("an empty condition", condition('""'), "law.expression", "nowhere/duty.md:", "", ""),
    Hostile(
        "a name used inside the language",
        condition("_day(1) <= on"),
        "law.expression",
        "nowhere/duty.md:",
        "used inside the language",
        "Take another name",
    ),
    Hostile(
        "words fifty deep",
        condition("not (" * 60 + "fire_brigade" + ")" * 60),
        "law.expression",
        "nowhere/duty.md:",
        "stand inside one another",
        "Use `definition` blocks",
    ),
    # rules and definitions
    Hostile(
        "definitions in a circle",
        add(definitions(("a", "b"), ("b", "c"), ("c", "a"))),
        "law.circle",
        "nowhere/duty.md:",
        "use one another in a circle",
        "Write one of them without the others",
    ),
    Hostile(
        "a definition of itself",
        add(definitions(("a", "not a"))),
        "law.circle",
        "nowhere/duty.md:",
        "use one another in a circle",
        "Write one of them without the others",
    ),
    Hostile(
        "definitions that double forty times",
        add(DOUBLING + rule("bomb", "d40", "exempt")),
        "law.too-large",
        "nowhere/duty.md:",
        "written out",
        "fewer conditions",
    ),
    Hostile(
        "two thousand definitions in a chain",
        add(
            definitions(("c0", "fire_brigade"), *((f"c{n}", f"not c{n - 1}") for n in range(1, 2_000)))
            + rule("chain", "c1999", "exempt")
        ),
        "law.too-large",
        "nowhere/duty.md:",
        "written out",
        "fewer conditions",
    ),
    Hostile(
        "five hundred exceptions in a chain",
        add(
            "\n".join(
                rule(f"e{n}", "fire_brigade", "exempt", f"exception to: e{n - 1}\n" if n else "") for n in range(500)
            )
        ),
        "law.too-large",
        "nowhere/duty.md:",
        "written out",
        "fewer conditions",
    ),
    Hostile(
        "forty rules, each of which yields to all before it",
        add(
            "\n".join(
                rule(
                    f"y{n}",
                    "fire_brigade",
                    "exempt",
                    f"yields to: [{', '.join(f'y{m}' for m in range(n))}]\n" if n else "",
                )
                for n in range(40)
            )
        ),
        "law.too-large",
        "nowhere/duty.md:",
        "written out",
        "fewer conditions",
    ),
    Hostile(
        "exceptions in a circle",
        add(
            rule("a", "fire_brigade", "exempt", "exception to: b\n")
            + rule("b", "inhabitant", "exempt", "exception to: a\n")
        ),
        "law.circle",
        "nowhere/duty.md:",
        "exceptions run in a circle",
        "Let one of them take precedence",
    ),
    Hostile(
        "a rule that yields to itself",
        add(rule("a", "fire_brigade", "exempt", "yields to: a\n")),
        "law.circle",
        "nowhere/duty.md:",
        "exceptions run in a circle",
        "Let one of them take precedence",
    ),
    Hostile(
        "an exception to no rule",
        add(rule("a", "fire_brigade", "exempt", "exception to: nothing\n")),
        "law.rule",
        "nowhere/duty.md:",
        "there is no rule `nothing`",
        "Correct its name",
    ),
    Hostile(
        "a class that does not exist",
        add(rule("a", "fire_brigade", "general")),
        "law.rule",
        "nowhere/duty.md:",
        "not the one class of this rule",
        "the classes are",
    ),
    Hostile(
        "a judgement about what is not declared",
        put("duty.md", "judgement: leave_until", "judgement: loyalty"),
        "law.rule",
        "nowhere/duty.md:",
        "`loyalty` is not declared",
        "Name an attribute",
    ),
    Hostile(
        "a rule for no question",
        add(rule("a", "fire_brigade", "exempt", "question: loyalty\n")),
        "law.rule",
        "nowhere/duty.md:",
        "there is no question `loyalty`",
        "Correct its name",
    ),
    Hostile(
        "a thousand and one rules",
        add("\n".join(rule(f"r{n}", "fire_brigade", "exempt") for n in range(1_001))),
        "law.question",
        "nowhere/duty.md:",
        "more than",
        "",
    ),
    Hostile(
        "two thousand definitions in a chain, the last first",
        add(definitions(*((f"c{n}", f"not c{n + 1}") for n in range(2_000)), ("c2000", "fire_brigade"))),
        "law.too-large",
        "nowhere/duty.md:",
        "more than 40 deep",
        "fewer conditions",
    ),
    # classes
    Hostile(
        "a class that binds whoever no rule reaches",
        put("duty.md", "otherwise: free", "otherwise: bound"),
        "law.class",
        "nowhere/duty.md:",
        "`otherwise` is not one of the classes that bind nobody",
        "bound by nothing",
    ),
    Hostile(
        "somebody may be called who is not liable",
        put("duty.md", "effect: exempt, callable: no", "effect: exempt, callable: yes"),
        "law.class",
        "nowhere/duty.md:",
        "callable but not liable",
        "Correct the class",
    ),
    Hostile(
        "an effect of one's own",
        put("duty.md", "effect: liable", "effect: wanted"),
        "law.class",
        "nowhere/duty.md:",
        "no known effect",
        "The effects are",
    ),
    Hostile(
        "no order of the classes",
        put("duty.md", "order:\n  - sec. 5 (1): [free, exempt, on_leave, bound]\n", ""),
        "law.order",
        "nowhere/duty.md:",
        "",
        "",
    ),
    Hostile(
        "an order that runs in a circle",
        put(
            "duty.md",
            "[free, exempt, on_leave, bound]",
            "[free, exempt, on_leave, bound]\n  - sec. 5 (1): [bound, free]",
        ),
        "law.order",
        "nowhere/duty.md:",
        "",
        "",
    ),
    Hostile(
        "an order of a class that does not exist",
        put("duty.md", "[free, exempt, on_leave, bound]", "[free, exempt, on_leave, bound, wanted]"),
        "law.order",
        "nowhere/duty.md:",
        "",
        "",
    ),
    Hostile(
        "two classes that overlap and no order between them",
        put(
            "duty.md",
            "[free, exempt, on_leave, bound]",
            "[free, exempt, bound]\n  - sec. 5 (1): [free, on_leave, bound]",
        ),
        "unordered-overlap",
        "nowhere/duty.md:",
        "",
        "",
    ),
    # against people
    Hostile(
        "whoever serves is worse off, and no BURDEN says so",
        both(
            put("duty.md", "rule fire_brigade\ngives: class exempt", "rule fire_brigade\ngives: class bound"),
            put(
                "duty.md",
                "      - (1): not inhabitant\n",
                "      - (1): not inhabitant\n      - (3): not fire_brigade\n",
            ),
        ),
        "burden",
        "sec. 2 (3); nowhere/duty.md:",
        "`fire_brigade` is a service fact; `yes` gives `bound`",
        "publish a BURDEN entry with its article",
    ),
    Hostile(
        "somebody is bound by what is not known",
        put(
            "duty.md",
            "  - (1): inhabitant\n  - (2): age(born) >= 18\n  - (2): not (age(born) >= 60)\n",
            "  - (1): on >= 2020-01-01\n",
        ),
        "case",
        "nowhere/duty.md:",
        "is no reason",
        "Correct the rule or the case",
    ),
    Hostile(
        "a finding against a person is accepted away",
        add("```accepted burden fire_brigade\nbasis: sec. 4 (1)\nbecause: it is easier\nby: nobody\n```"),
        "law.accepted",
        "nowhere/duty.md:",
        "cannot be accepted",
        "",
    ),
    Hostile(
        "a burden on what is not declared",
        add("```burden loyalty\nbasis: sec. 4 (1)\nwhy: so\nallows: [duty: bound instead of free]\n```"),
        "law.b",
        "nowhere/duty.md:",
        "",
        "",
    ),
    Hostile(
        "strata by street",
        add(SELECTION.replace("strata: year of born", "strata: street")),
        "law.selection",
        "nowhere/duty.md:",
        "strata may not be made by `street`",
        "Write `year of` a birth date, a legal sex",
    ),
    Hostile(
        "strata by a protected fact",
        add(SELECTION.replace("strata: year of born", "strata: fire_brigade")),
        "law.selection",
        "nowhere/duty.md:",
        "strata may not be made by `fire_brigade`",
        "Write `year of` a birth date, a legal sex",
    ),
    Hostile(
        "people called by hand",
        add(SELECTION.replace("order: place", "order: the officer's choice")),
        "law.selection",
        "nowhere/duty.md:",
        "always `place`",
        "Write `place`",
    ),
    Hostile(
        "shares that are not proportional",
        add(SELECTION.replace("share: stratum size", "share: opposition")),
        "law.selection",
        "nowhere/duty.md:",
        "always `stratum size`",
        "Write `stratum size`",
    ),
    Hostile(
        "a draw among those who may not be called",
        add(SELECTION.replace("watch is bound", "watch is exempt")),
        "law.selection",
        "nowhere/duty.md:",
        "not made of callable classes",
        "Write `cohort",
    ),
    # cases and words
    Hostile(
        "a case that the law answers otherwise",
        put("duty.md", "on 2024-01-01: exempt, because sec. 4 (1)", "on 2024-01-01: bound"),
        "case",
        "nowhere/duty.md:",
        "expected bound, found exempt",
        "Correct the rule or the case",
    ),
    Hostile(
        "a case about nobody",
        add("```case x\ngiven: {like: a ghost}\non 2024-01-01: free\n```"),
        "law.case",
        "nowhere/duty.md:",
        "there is no person `a ghost`",
        "Declare ```person",
    ),
    Hostile(
        "a case that expects nothing",
        add("```case x\ngiven: {}\n```"),
        "law.case",
        "nowhere/duty.md:",
        "it expects nothing",
        "Write `on DATE",
    ),
    Hostile(
        "a case of a class that does not exist",
        add("```case x\ngiven: {}\non 2024-01-01: wanted\n```"),
        "law.case",
        "nowhere/duty.md:",
        "`wanted` is no class",
        "The classes are",
    ),
    Hostile(
        "a case on no day",
        add("```case x\ngiven: {}\non the day of wrath: free\n```"),
        "date.malformed",
        "nowhere/duty.md:",
        "written YYYY-MM-DD",
        "Correct the date",
    ),
    Hostile(
        "a case in the year ten thousand",
        add("```case x\ngiven: {}\non 10000-01-01: free\n```"),
        "date.malformed",
        "nowhere/duty.md:",
        "written YYYY-MM-DD",
        "Correct the date",
    ),
    Hostile(
        "a sentence is missing",
        put("words.md", "rule.leave: The town has granted you leave.\n", ""),
        "words",
        "words en",
        "1 sentences are missing: rule.leave",
        "Write them",
    ),
    Hostile(
        "a sentence stands twice",
        put("words.md", "rule.leave: The", "rule.duty: x\nrule.leave: The"),
        "law.yaml",
        "nowhere/words.md:",
        "stands twice",
        "Keep one of them",
    ),
    Hostile(
        "a case whose name runs backwards",
        add("```case \u202enobody is bound\ngiven: {}\non 2024-01-01: undetermined\n```"),
        "law.page",
        "nowhere/duty.md:",
        "a character that nobody sees (U+202E)",
        "Take it out",
    ),
    Hostile(
        "a space that nobody sees in a label",
        attribute("label: service", "label: ser\u200bvice"),
        "law.page",
        "nowhere/pack.md:",
        "a character that nobody sees (U+200B)",
        "Take it out",
    ),
    Hostile(
        "a byte that turns the terminal",
        attribute("label: service", "label: \x1b[2Jservice"),
        "law.page",
        "nowhere/pack.md:",
        "a character that nobody sees (U+001B)",
        "Take it out",
    ),
    Hostile(
        "a rule with a look-alike letter in its name",
        add(rule("dut\u0443", "inhabitant")),
        "law.block",
        "nowhere/duty.md:",
        "letters beyond ASCII",
        "a to z",
    ),
    Hostile(
        "a case in a law that asks nothing",
        put("duty.md", "```question watch", "```omitted watch"),
        "law.",
        "nowhere/",
        "",
        "",
    ),
    # the lock and the register of numbers
    Hostile(
        "a lock that is a folder",
        instead("pack.lock", Path.mkdir),
        "law.lock",
        "nowhere/pack.lock",
        "it is not a plain file",
        "Take the file again",
    ),
    Hostile(
        "a lock that nobody can read",
        raw("pack.lock", b"\x00\x01"),
        "law.lock",
        "nowhere/pack.lock:1",
        "cannot be read",
        "Take the file again",
    ),
    Hostile(
        "a lock of another law",
        raw(
            "pack.lock",
            b"muster-lock/1 nowhere\n"
            + b"0" * 32
            + b" "
            + b"0" * 32
            + b" 2026-01-01 X | sec. 4 (1) | rule fire_brigade\n",
        ),
        "needs-review",
        "nowhere/duty.md:",
        "sec. 4 (1) needs review by a lawyer",
        "A lawyer compares them",
    ),
    Hostile(
        "a register of numbers that nobody can read",
        lambda folder: (folder.parent / "attributes.json").write_bytes(b"{") and None,
        "json.malformed",
        "attributes.json",
        "not the restricted JSON",
        "Take the file again",
    ),
    Hostile(
        "a register of numbers of another shape",
        lambda folder: (folder.parent / "attributes.json").write_bytes(b'{"packs":[]}') and None,
        "law.number",
        "attributes.json",
        "",
        "",
    ),
]
