"""What the law is asked: a question's classes, and the cited order in which they are tried (law-engine 6.3).

1. Every class has an effect and a paragraph; whom no rule reaches gets `otherwise`, which binds nobody.
2. `order` holds chains, each with the paragraph that says so: `- (2): [exempt, deferred, liable]`. They may not run in
   a circle. Classes that no chain puts in order are tried in the order in which they are listed. A question with more
   than two classes does not load without one: somebody nearly always fits two of them at once.
3. A chain may hold for a time: `- (2): {tried: [exempt, liable], in force: 2027-01-01 ..}`.
4. A question has at most 62 classes and 1,000 rules.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from musterroll.law import declare, rules
from musterroll.law.article import Block, Value
from musterroll.law.declare import Citations
from musterroll.law.model import Chain, Class, Effect, Question

MOST_RULES = 1_000
MOST_CLASSES = 62
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


@dataclass(frozen=True, slots=True)
class Ordering:
    """One chain as written, with the days on which it is in force (end excluded)."""

    chain: Chain
    first: int
    end: int


def question(block: Block, citations: Citations, written: list[Block], questions: list[Block]) -> Question:
    """The question a block declares; `written` are the rules of all questions, the first question being meant by those
    that name none. Raises `law.question`, `law.class`, `law.rule`."""
    block.fields(("number", "basis", "undetermined", "otherwise", "classes"), ("order",))
    classes = _classes(block, citations)
    names = [one.name for one in classes]
    if block.text("otherwise") not in names or classes[names.index(block.text("otherwise"))].adverse:
        raise block.wrong(
            "law.class",
            "`otherwise` is not one of the classes that bind nobody.",
            "Whom no rule reaches is bound by nothing: name a class that is neither liable nor callable.",
            "otherwise",
        )
    mine: dict[str, int] = {}
    for rule in written:
        asked = rule.text("question", questions[0].name)
        if asked == block.name:
            gives = rule.text("gives").removeprefix("class ").strip()
            mine.setdefault(rule.name, names.index(gives) if gives in names else 0)
        elif asked not in {one.name for one in questions}:
            raise rule.wrong("law.rule", f"there is no question `{asked}`.", "Correct its name.", "question")
    if len(mine) > MOST_RULES or len(classes) > MOST_CLASSES:
        raise block.wrong(
            "law.question",
            f"it has more than {MOST_RULES:,} rules or {MOST_CLASSES} classes.",
            "Ask two questions, or join rules.",
        )
    return Question(
        block.name,
        declare.number(block, "number"),
        tuple(classes),
        tuple(sorted(mine, key=lambda name: mine[name])),
        block.text("otherwise"),
        citations.basis(block),
        block.text("undetermined"),
    )


def _classes(block: Block, citations: Citations) -> list[Class]:
    content = block.content["classes"] if isinstance(block.content, dict) else []
    effects = {effect.value: effect for effect in Effect}
    classes: list[Class] = []
    for index, item in enumerate(content if isinstance(content, list) else []):
        name = next(iter(item)) if isinstance(item, dict) else ""
        one = Block(
            "class", "", block.article, item[name] if isinstance(item, dict) else "", block.place("classes", index)
        )
        one.fields(("effect", "callable", "label", "basis"))
        if one.text("effect") not in effects or one.text("callable") not in ("yes", "no"):
            raise one.wrong(
                "law.class",
                f"`{name}` has no known effect, or `callable` is not yes or no.",
                f"The effects are: {', '.join(effects)}.",
            )
        if not _NAME.fullmatch(name) or name in ("not", "undetermined"):
            raise one.wrong(
                "law.class", f"`{name}` is not a name that a case can use.", "Use letters, digits and hyphens: `1-A-O`."
            )
        made = Class(
            name, effects[one.text("effect")], one.text("callable") == "yes", one.text("label"), citations.basis(one)
        )
        if any(made.name == other.name for other in classes) or (made.callable and made.effect is not Effect.LIABLE):
            raise one.wrong("law.class", f"`{name}` stands twice, or is callable but not liable.", "Correct the class.")
        classes.append(made)
    return classes


def orderings(block: Block, citations: Citations, classes: tuple[Class, ...], first: int, end: int) -> list[Ordering]:
    """The chains under `order`. Raises `law.order` for a class that does not exist and `law.uncited`."""
    content = block.content.get("order", []) if isinstance(block.content, dict) else []
    found = []
    for index, item in enumerate(content if isinstance(content, list) else [content]):
        if not isinstance(item, dict) or len(item) != 1:
            raise block.wrong(
                "law.uncited", "a line of the order cites nothing.", "Write `- (P): [first, second]`.", "order", index
            )
        ((key, value),) = item.items()
        dated: Value = value if isinstance(value, dict) else {"tried": value}
        line = Block("order of question", block.name, block.article, dated, block.place("order", index))
        line.fields(("tried",), ("in force",))
        names = line.names("tried")
        if len(names) < 2 or len(set(names)) < len(names) or not set(names) <= {one.name for one in classes}:
            raise line.wrong(
                "law.order",
                f"`{', '.join(names)}` are not two or more different classes of this question.",
                f"The classes are: {', '.join(one.name for one in classes)}.",
            )
        cite = " ".join(part for part in citations.resolve(key, block, "order", index) if part)
        if citations.counts(key):
            found.append(Ordering((cite, names), *rules.in_force(line, first, end)))
    return found


def tried(block: Block, classes: tuple[Class, ...], order: tuple[Chain, ...]) -> tuple[int, ...]:
    """The numbers of the classes in the order in which they are tried. Raises `law.order` for a circle."""
    if len(classes) > 2 and not order:
        raise block.wrong(
            "law.order",
            "nothing says in which order its classes are tried.",
            "Write `order:` with lines `- (P): [first, second, ...]`, each with the paragraph that says so.",
        )
    place = {one.name: number for number, one in enumerate(classes)}
    left = dict(place)
    found: list[int] = []
    while left:
        free = next((name for name in left if not any(one in left for one in _before(order, name))), None)
        if free is None:
            raise block.wrong(
                "law.order",
                f"its order runs in a circle among {', '.join(left)} ({'; '.join(cite for cite, _ in order)}).",
                "Let each class be tried once.",
                "order",
            )
        found.append(left.pop(free))
    return tuple(found)


def _before(order: tuple[Chain, ...], name: str) -> Iterator[str]:
    for _, classes in order:
        if name in classes:
            yield from classes[: classes.index(name)]
