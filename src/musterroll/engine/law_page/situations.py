"""The worked cases of a pack as a lawyer reads them: who, on which day, what the law should answer and does answer."""

from dataclasses import dataclass

from musterroll.engine.law_page.anchors import anchored
from musterroll.engine.law_page.speech import Speech
from musterroll.law import cases
from musterroll.law.article import Block
from musterroll.law.cases import CaseLine
from musterroll.law.pack import Pack


@dataclass(frozen=True, slots=True)
class Answered:
    """One line: the day, the answer expected, what else is said of it, and in what the law differs (or nothing)."""

    day: str
    answer: str
    more: str
    differs: str
    reading: str


@dataclass(frozen=True, slots=True)
class Situation:
    """One case: what is given (label and value), and its lines. `like` is the person it starts from."""

    name: str
    article: str
    where: str
    question: str
    like: str
    like_anchor: str
    given: tuple[tuple[str, str], ...]
    note: str
    lines: tuple[Answered, ...]


def situations(pack: Pack, speech: Speech) -> tuple[Situation, ...]:
    """Every case of the pack, in order."""
    differs = {one.where: one.differs for one in cases.run(pack)}
    lines: dict[tuple[str, str], list[CaseLine]] = {}
    for line in cases.lines(pack):
        lines.setdefault((line.case, line.article), []).append(line)
    found = []
    for block in pack.cases:
        mine = lines.get((block.name, block.article), [])
        mine = [line for line in mine if line.where in block.lines.values()]
        if block.kind == "case":
            found.append(
                Situation(
                    block.name,
                    block.article,
                    block.where,
                    mine[0].question if len(pack.questions) > 1 else "",
                    like(block),
                    f"person-{anchored(like(block))}",
                    given(pack, block, speech),
                    block.text("note"),
                    tuple(_answered(pack, line, speech, differs.get(line.where, "")) for line in mine),
                )
            )
    return tuple(found)


def like(block: Block) -> str:
    """The person from whom a case starts."""
    return block.mapping("given").get("like", "")


def given(pack: Pack, block: Block, speech: Speech) -> tuple[tuple[str, str], ...]:
    """What a case or a person gives: label and value."""
    return tuple(
        (speech.wording.label(name), speech.value(pack.attributes[name], text))
        for name, text in block.mapping("given").items()
        if name != "like"
    )


def _answered(pack: Pack, line: CaseLine, speech: Speech, differs: str) -> Answered:
    _ = speech.translations.gettext
    expected = line.expected
    asked = pack.questions[line.question]
    names = {one.name: speech.wording.class_label(asked.name, one.name) for one in asked.classes}
    names |= {
        "undetermined": _("Undetermined"),
        "not covered": _("Not covered: this pack does not hold the law of that day"),
    }
    plain = expected.answer.removeprefix("not ") if expected.answer != "not covered" else expected.answer
    answer = names[plain] if plain == expected.answer else _("not: {answer}").format(answer=names[plain])
    more = []
    if expected.because:
        more.append(_("because of {cites}").format(cites=", ".join(expected.because)))
    if expected.needs is not None:
        labels = [f"“{speech.wording.label(name)}”" for name in expected.needs]
        more.append(_("needed: {facts}").format(facts=", ".join(labels + [_("and more")] * expected.more)))
    if expected.possible is not None:
        more.append(_("possible: {answers}").format(answers=", ".join(names[name] for name in expected.possible)))
    if expected.next_change is not None:
        more.append(_("next change: {day}").format(day=speech.day(expected.next_change)))
    reading = ", ".join(f"{name}: {text}" for name, text in line.readings.items())
    return Answered(speech.day(line.on), answer, "; ".join(more), differs, reading)
