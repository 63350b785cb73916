"""Reading a pack's pages: the quoted law, and the fenced blocks beside it (law-engine 6.1).

1. A heading `# art. 4: Who is liable` opens an article: what stands before the colon is how it is cited.
2. Lines that begin with `>` are the law's own words; everything else outside a fence is comment for readers.
3. A fence ```` ```KIND NAME ```` holds one declaration in YAML, every scalar read as text: `no` and `on` stay words,
   dates stay as written. A name standing twice, anchors and tags are refused.
4. Each block remembers its file and line, and the article above it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import yaml

from musterroll.errors import MusterRollError
from musterroll.law.model import Article

_HEADING = re.compile(r"^#{1,4} (?P<cite>[^:]+): (?P<title>.+)$")
_FENCE = re.compile(r"^```(?P<kind>[a-z]+)(?: (?P<name>.*))?$")

_UNSEEN = re.compile(
    "[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u061c\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u2069\\ufeff]"
    "|(?<![^\\x00-\\x7f])[\\u200c\\u200d]"
)
"""What nobody sees, or what turns the direction of what is seen. Joiners stand only after letters beyond ASCII."""

_OWN_WORDS = frozenset({"case", "course", "person", "omitted"})
"""Declarations whose names are sentences in the author's language; all other names are written in ASCII."""

DEEPEST = 50
"""How deep lists and members of a declaration may stand inside one another."""

type Value = str | list["Value"] | dict[str, "Value"]


@dataclass(frozen=True, slots=True)
class Block:
    """One declaration: its kind and name, the article above it, its content as text, its place in a file.

    `lines` gives the line of a member of the content (by its path); it is not part of the canonical form.
    """

    kind: str
    name: str
    article: str
    content: Value
    where: str = field(compare=False, default="")
    lines: Mapping[tuple[str | int, ...], str] = field(compare=False, default_factory=dict)

    def place(self, *path: str | int) -> str:
        """Where a member stands: file and line, or the declaration's name when read from the canonical form."""
        return self.lines.get(path) or self.where or f"{self.kind} {self.name} ({self.article or 'no article'})"

    def wrong(self, code: str, what: str, remedy: str, *path: str | int) -> MusterRollError:
        """An error that names this declaration, the line, the article and, where one is meant, the paragraph."""
        place = self.place(*path)
        if self.article and (path in self.lines or self.where):
            place = f"{place}, {self.article} {self._paragraph(path)}".rstrip()
        return MusterRollError(code, f"{self.kind} {self.name}: {what}".replace(" :", ":"), where=place, remedy=remedy)

    def _paragraph(self, path: tuple[str | int, ...]) -> str:
        """The key of the line that a path leads to or through, if it is a mark such as `(1)`."""
        value: Value = self.content
        found = ""
        for step in path:
            if isinstance(value, list) and isinstance(step, int):
                value = value[step]
            else:
                value = value.get(str(step), "") if isinstance(value, dict) else ""
            if isinstance(value, dict) and len(value) == 1:
                key = next(iter(value))
                found = key if key.startswith("(") else found
        return found

    def fields(self, required: tuple[str, ...] = (), optional: tuple[str, ...] = ()) -> dict[str, Value]:
        """The content as named members; `law.block` when one is missing or unknown."""
        if not isinstance(self.content, dict):
            raise self.wrong("law.block", "its content is not `name: value` lines.", "Write one member a line.")
        for name in self.content:
            if name not in required and name not in optional:
                known = ", ".join(required + optional)
                raise self.wrong("law.block", f"`{name}` is not known here.", f"Known: {known}.", name)
        for name in required:
            if not self.content.get(name):
                raise self.wrong("law.block", f"`{name}` is missing.", f"Write `{name}: ...` in this block.")
        return self.content

    def text(self, name: str, default: str = "") -> str:
        """One member that is plain text."""
        content = self.content if isinstance(self.content, dict) else {}
        value = content.get(name, default)
        if not isinstance(value, str):
            raise self.wrong("law.block", f"`{name}` is not plain text.", "Write it on one line.", name)
        return value

    def names(self, name: str) -> tuple[str, ...]:
        """One member that is a list of names, written `[a, b]`, or `a, b`, or one a line."""
        content = self.content if isinstance(self.content, dict) else {}
        value = content.get(name, "")
        found = value if isinstance(value, list) else str(value).split(",")
        if isinstance(value, dict) or not all(isinstance(one, str) for one in found):
            raise self.wrong("law.block", f"`{name}` is not a list of names.", "Write `[a, b]`.", name)
        return tuple(str(one).strip() for one in found if str(one).strip())

    def mapping(self, name: str) -> dict[str, str]:
        """One member that is `{name: text, ...}`."""
        content = self.content if isinstance(self.content, dict) else {}
        value = content.get(name, {})
        if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
            raise self.wrong("law.block", f"`{name}` is not `{{name: text}}`.", "Write `{a: b, c: d}`.", name)
        return {key: str(one) for key, one in value.items()}


@dataclass(frozen=True, slots=True)
class Pages:
    """All that a pack's pages declare, in order."""

    articles: tuple[Article, ...]
    blocks: tuple[Block, ...]


def read(text: str, file: str) -> Pages:
    """The articles and blocks of one page. Raises MusterRollError `law.page` or `law.yaml` with file and line."""
    if unseen := _UNSEEN.search(text):
        raise MusterRollError(
            "law.page",
            f"There is a character that nobody sees (U+{ord(unseen[0]):04X}).",
            where=f"{file}:{text.count(chr(10), 0, unseen.start()) + 1}",
            remedy="Take it out: a law is reviewed by what can be seen of it.",
        )
    articles: list[tuple[str, str, list[str], str]] = []
    blocks: list[Block] = []
    lines = text.splitlines()
    at = 0
    while at < len(lines):
        line = lines[at]
        if fence := _FENCE.match(line):
            end = next((n for n in range(at + 1, len(lines)) if lines[n].rstrip() == "```"), None)
            if end is None:
                raise MusterRollError(
                    "law.page", "A fence is not closed.", where=f"{file}:{at + 1}", remedy="Close it with ```."
                )
            cite = articles[-1][0] if articles else ""
            blocks.append(_block(fence["kind"], (fence["name"] or "").strip(), cite, lines[at + 1 : end], file, at + 2))
            at = end
        elif line.startswith("```"):
            raise MusterRollError(
                "law.page",
                "A fence does not say what it declares.",
                where=f"{file}:{at + 1}",
                remedy="Write ```rule NAME.",
            )
        elif heading := _HEADING.match(line):
            articles.append((heading["cite"].strip(), heading["title"].strip(), [], f"{file}:{at + 1}"))
        elif line.startswith(">"):
            if not articles:
                raise MusterRollError(
                    "law.page",
                    "Law is quoted before any article is named.",
                    where=f"{file}:{at + 1}",
                    remedy="Put a heading `# CITATION: TITLE` above it.",
                )
            articles[-1][2].append(line[1:].strip())
        at += 1
    return Pages(
        tuple(Article(cite, title, tuple(quote), where) for cite, title, quote, where in articles), tuple(blocks)
    )


def _block(kind: str, name: str, cite: str, lines: list[str], file: str, first: int) -> Block:
    places: dict[tuple[str | int, ...], str] = {}
    if not name.isascii() and kind not in _OWN_WORDS:
        raise MusterRollError(
            "law.block",
            f"{kind} {name}: this name has letters beyond ASCII, some of which look like others.",
            where=f"{file}:{first - 1}",
            remedy="Write the name in the letters a to z; words for people may have all letters.",
        )

    def plain(node: yaml.Node, path: tuple[str | int, ...]) -> Value:
        here = f"{file}:{first + node.start_mark.line}"
        places.setdefault(path, here)
        match node:
            case yaml.ScalarNode():
                return str(node.value)
            case yaml.SequenceNode():
                return [plain(item, (*path, index)) for index, item in enumerate(node.value)]
            case _:
                members: dict[str, Value] = {}
                for key, item in node.value:
                    if not isinstance(key, yaml.ScalarNode) or key.value in members or not key.value.isascii():
                        raise MusterRollError(
                            "law.yaml",
                            f"{kind} {name}: a member's name stands twice, or is not a name in ASCII letters.",
                            where=f"{file}:{first + key.start_mark.line}",
                            remedy="Keep one of them. An article whose name has other signs is cited by the "
                            "paragraph's mark alone, `(1)`, in a block below its heading; or write `section` for the "
                            "section sign.",
                        )
                    places[(*path, key.value)] = f"{file}:{first + key.start_mark.line}"
                    members[key.value] = plain(item, (*path, key.value))
                return members

    try:
        text = "\n".join(lines)
        deep = 0
        for event in yaml.parse(text, Loader=yaml.BaseLoader):
            deep += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if deep > DEEPEST:
                raise MusterRollError(
                    "law.yaml",
                    f"{kind} {name}: more than {DEEPEST} lists or members stand inside one another.",
                    where=f"{file}:{first + getattr(event.start_mark, 'line', 0)}",
                    remedy="Write it with fewer brackets.",
                )
            if getattr(event, "anchor", None) or getattr(event, "tag", None):
                raise MusterRollError(
                    "law.yaml",
                    f"{kind} {name}: anchors and tags are not read.",
                    where=f"{file}:{first + getattr(event.start_mark, 'line', 0)}",
                    remedy="Write the value out.",
                )
        node = yaml.compose(text, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError) as problem:
        line = getattr(getattr(problem, "problem_mark", None), "line", 0)
        reason = getattr(problem, "problem", None) or "it cannot be read"
        raise MusterRollError(
            "law.yaml",
            f"{kind} {name}: this is not `name: value` lines ({reason}).",
            where=f"{file}:{first + line}",
            remedy="Put text with a colon, a bracket or a quote inside quotation marks.",
        ) from None
    content = {} if node is None else plain(node, ())
    return Block(kind, name, cite, content, f"{file}:{first - 1}", places)
