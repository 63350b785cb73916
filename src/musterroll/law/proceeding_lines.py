"""The lines of a proceeding as written: `- PARAGRAPH: {name: value, member: value}`, each with its paragraph.

1. A line that cites nothing is refused; one that rests on a reading which was not chosen does not count.
2. The name of a line is the member that is no known word: the published form keeps no order of members.
3. Whatever is wrong is told with file, line, paragraph and remedy.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from musterroll.errors import MusterRollError
from musterroll.law.article import Block, Value
from musterroll.law.declare import Citations
from musterroll.law.proceeding import SILENT

WHEN = "when"
WORDS = frozenset(
    {
        *("by", "tells", "if", "not after", "not before", "after", "waiver", "binds", "worsens", "ends", "counts as"),
        *("needs", "outer ended", "counts", "last day", "first day", "pauses", "then"),
    }
)
"""What a line may say beside its name."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its paragraph, its first name and that name's value, and what else it says."""

    block: Block
    path: tuple[str, int]
    cite: str
    name: str
    value: str
    more: Mapping[str, str]
    when: tuple[str | int, ...] = ()

    @property
    def where(self) -> str:
        """File and line."""
        return self.block.place(*self.path)

    def wrong(self, what: str, remedy: str) -> MusterRollError:
        """An error of this line."""
        return self.block.wrong("law.proceeding", what, remedy, *self.path)

    def only(self, *known: str) -> None:
        """Refuses members that are none of these."""
        if self.when:
            raise self.wrong("only a move has conditions.", "Take out `when`.")
        for name in self.more:
            if name not in known:
                says = f"Known: {', '.join(known)}." if known else "Write nothing after it."
                raise self.wrong(f"`{name}` is not known here.", says)


def lines(block: Block, member: str, citations: Citations) -> list[Line]:
    """The lines of one member that count. Raises `law.uncited` and `law.proceeding`."""
    found = []
    for index, item in enumerate(_listed(block, member)):
        path = (member, index)
        if not isinstance(item, dict) or len(item) != 1:
            raise block.wrong("law.uncited", "a line cites nothing.", "Write `- (P): {name: value}`.", *path)
        ((key, value),) = item.items()
        cite = SILENT if key == SILENT else " ".join(citations.resolve(key, block, *path)).strip()
        said = _said(block, value, path)
        names = [name for name in said if name not in WORDS]
        if len(names) != 1:
            what = f"a line has one name beside what is known here, not {len(names)}: {', '.join(names)}."
            raise block.wrong("law.proceeding", what, f"Known: {', '.join(sorted(WORDS))}.", *path)
        if citations.counts(key):
            more = {other: text for other, text in said.items() if other != names[0]}
            when = (*path, key, WHEN) if isinstance(value, dict) and WHEN in value else ()
            found.append(Line(block, path, cite, names[0], said[names[0]], more, when))
    return found


def by_name(lines_read: list[Line]) -> list[Line]:
    """The same lines, each of another name. Raises `law.proceeding`."""
    seen: set[str] = set()
    for line in lines_read:
        if line.name in seen:
            raise line.wrong(f"`{line.name}` stands twice.", "Keep one of them.")
        seen.add(line.name)
    return lines_read


def listed(text: str) -> tuple[str, ...]:
    """The names in `a, b` or `a and b`."""
    return tuple(name.strip() for name in text.replace(" and ", ",").split(",") if name.strip())


def _listed(block: Block, member: str) -> list[Value]:
    content = block.content.get(member, []) if isinstance(block.content, dict) else []
    if not isinstance(content, list):
        raise block.wrong(
            "law.uncited", f"`{member}` is no list of lines.", "Write `- (P): {name: value}`, one a line.", member
        )
    return content


def _said(block: Block, value: Value, path: tuple[str, int]) -> dict[str, str]:
    """The members of a line; a list of names, and a name by itself, stand for themselves."""
    if isinstance(value, str):
        return {value: ""} if value else {}
    if isinstance(value, list):
        return {", ".join(_text(block, one, path) for one in value): ""} if value else {}
    return {
        name: ", ".join(_text(block, part, path) for part in one) if isinstance(one, list) else _text(block, one, path)
        for name, one in value.items()
        if name != WHEN
    }


def _text(block: Block, value: Value, path: tuple[str, int]) -> str:
    if not isinstance(value, str):
        raise block.wrong("law.proceeding", "a line holds more than names and values.", "Write text.", *path)
    return value
