"""pack.lock: which paragraph was compared with which rule, by whom and when (law-engine 6.1; docs/flow/pack-lock.md).

1. A *pair* is one paragraph as quoted and one declaration that cites it. A paragraph that nothing cites is paired with
   nothing, so that a change of its words is seen too. Words for people and worked cases are not law and not in it.
2. Of each pair the lock holds a hash of the text, a hash of the declaration (spaces do not count), and its review. Of a
   proceeding a paragraph is paired with the lines that cite it.
3. Text changed but the rule not, the reverse, both, a pair that is new or gone: the lock is stale. `needs-review` names
   the paragraph, and the pack may not be published.
4. Making the lock anew refreshes pairs that nobody has reviewed. A pair that somebody reviewed, and that changed, stays
   stale until somebody reviews it again: a review is never carried over to other words, and never lost in silence.
5. A pair that nobody has reviewed is counted and told; it forbids nothing.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from musterroll import canonical
from musterroll.dates import format_day, parse_day
from musterroll.errors import MusterRollError
from musterroll.law import serial
from musterroll.law.article import Block, Value
from musterroll.law.declare import Citations
from musterroll.law.lint import Finding
from musterroll.law.model import BEGINS, Article
from musterroll.law.pack import Pack

FORMAT = "muster-lock/1"
FILE = "pack.lock"
UNREVIEWED = "not reviewed"
_NOT_PAIRED = serial.NOT_LAW | {"pack", "words", "omitted"}
_NOTHING = "nothing cites it"
_JOINS = ("all", "any", "none")
_LINE = re.compile(
    r"(?P<text>[0-9a-f]{32}) (?P<rule>[0-9a-f]{32}) (?P<review>[^|]+) \| (?P<paragraph>[^|]+) \| (?P<what>[^|]+)"
)
_REVIEW = re.compile(r"(?P<on>\d{4}-\d{2}-\d{2}) (?P<by>\S.*)")


@dataclass(frozen=True, slots=True)
class Review:
    """Who compared the two, and on which day."""

    by: str
    on: int

    def __post_init__(self) -> None:
        if not self.by.isprintable() or self.by != self.by.strip() or not self.by or "|" in self.by:
            raise MusterRollError(
                "law.lock-reviewer",
                "This is not a reviewer's name.",
                where="--reviewed-by",
                remedy="Give a name on one line, without `|`.",
            )


@dataclass(frozen=True, slots=True)
class Pair:
    """One paragraph and one declaration that cites it: their hashes, their review, where the declaration stands."""

    paragraph: str
    what: str
    text: str
    rule: str
    review: Review | None = None
    where: str = field(compare=False, default="")

    @property
    def key(self) -> tuple[str, str]:
        """What is compared with what."""
        return self.paragraph, self.what


@dataclass(frozen=True, slots=True)
class Lock:
    """The pairs of one pack, in the order of its pages."""

    pack: str
    pairs: tuple[Pair, ...]

    @property
    def unreviewed(self) -> int:
        """How many pairs nobody has reviewed."""
        return sum(pair.review is None for pair in self.pairs)


def pairs(pack: Pack) -> tuple[Pair, ...]:
    """Every pair of the pack as it stands now, none of them reviewed."""
    citations = Citations(pack.articles, pack.readings)
    reading = {block.name: block.content for block in pack.pages.blocks if block.kind == "interpretation"}
    found: dict[tuple[str, str], Pair] = {}
    covered: set[tuple[str, int]] = set()
    for what, blocks in _declarations(pack).items():
        rule = _digest([_plain(block.content) for block in blocks])
        for block in blocks:
            for article, paragraph in _cited(block, citations):
                if article == "interpretation":
                    named = max((one for one in reading if f"{paragraph} ".startswith(f"{one} ")), key=len)
                    text = _digest(_plain(reading[named]))
                else:
                    quoted = pack.articles[article]
                    text = _digest([_spaced(quoted.title), _spaced(quoted.quoted(paragraph))])
                    covered |= {(article, at) for at in _starts(quoted) if not paragraph}
                    covered.add((article, quoted.place_of(paragraph) or 0))
                if block.kind == "proceeding":
                    rule = _digest(_plain(_lines(block, citations, (article, paragraph))))
                made = Pair(_spaced(f"{article} {paragraph}"), what, text, rule, where=block.where)
                found.setdefault(made.key, made)
    for made in _uncited(pack, covered):
        found.setdefault(made.key, made)
    return tuple(found.values())


def locked(pack: Pack, old: Lock | None, review: Review | None, only: tuple[str, ...] = ()) -> Lock:
    """The lock of the pack as it stands; with `review`, its pairs (or those of the paragraphs `only`) are reviewed.

    Raises MusterRollError `law.lock-paragraph` for a paragraph that is not in the pack.
    """
    now = pairs(pack)
    for cite in only:
        if not any(pair.paragraph == cite for pair in now):
            raise MusterRollError(
                "law.lock-paragraph",
                f"No pair of {pack.name} has the paragraph `{cite}`.",
                where="--paragraph",
                remedy="Write it as the lock does, such as `art. 4 (1)`.",
            )
    before = {pair.key: pair for pair in old.pairs} if old else {}
    made = []
    for pair in now:
        was = before.pop(pair.key, None)
        if review and (not only or pair.paragraph in only):
            made.append(replace(pair, review=review))
        elif was and was.review:
            made.append(was)
        else:
            made.append(pair)
    gone = [pair for pair in before.values() if pair.review and not (review and not only)]
    return Lock(pack.name, (*made, *gone))


def findings(pack: Pack, lock: Lock | None) -> tuple[Finding, ...]:
    """What the lock says of the pack: stale pairs first (they forbid), then how many nobody has reviewed."""
    now = pairs(pack)
    if lock is None:
        return (
            Finding(
                "no-lock",
                f"There is no {FILE}: none of {len(now)} pairs of paragraph and rule counts as reviewed.",
                pack.name,
                "Run `muster pack lock FOLDER`, with --reviewed-by where a lawyer has compared them.",
                forbids=False,
            ),
        )
    found = list(_stale({pair.key: pair for pair in lock.pairs}, {pair.key: pair for pair in now}))
    if lock.unreviewed:
        found.append(
            Finding(
                "unreviewed",
                f"{lock.unreviewed} of {len(lock.pairs)} pairs of paragraph and rule have been reviewed by nobody.",
                f"{pack.name}/{FILE}",
                "A lawyer compares them on the page that `muster pack render` writes; then `muster pack lock "
                "--reviewed-by NAME --on DATE`.",
                forbids=False,
            )
        )
    return tuple(found)


def refuse(pack: Pack, lock: Lock | None) -> None:
    """Raises MusterRollError `law.needs-review` for the first stale pair; does nothing otherwise."""
    for finding in findings(pack, lock):
        if finding.forbids:
            raise MusterRollError(f"law.{finding.code}", finding.what, where=finding.where, remedy=finding.remedy)


def beside(folder: Path) -> Lock | None:
    """The lock in a pack's folder; None where there is none. Raises MusterRollError `law.lock`."""
    file = folder / FILE
    if not file.exists() and not file.is_symlink():
        return None
    if file.is_symlink() or not file.is_file():
        raise _unreadable("it is not a plain file", f"{folder.name}/{FILE}")
    return decode(file.read_bytes(), f"{folder.name}/{FILE}")


def encode(lock: Lock) -> bytes:
    """The file. Inverse of `decode`."""
    lines = [
        f"{FORMAT} {lock.pack}",
        "# Written by `muster pack lock`, read by `muster pack check`: docs/flow/pack-lock.md. Do not edit.",
        "# hash of the text, hash of the rule, review | paragraph | what cites it",
    ]
    for pair in lock.pairs:
        review = f"{format_day(pair.review.on)} {pair.review.by}" if pair.review else UNREVIEWED
        lines.append(f"{pair.text} {pair.rule} {review} | {pair.paragraph} | {pair.what}")
    return ("\n".join(lines) + "\n").encode("utf-8")


def decode(data: bytes, where: str) -> Lock:
    """The lock written in a file. Raises MusterRollError `law.lock` with its line."""
    try:
        lines = data.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        raise _unreadable("it is not UTF-8 text", where) from None
    head, _, name = lines[0].partition(" ")
    if head != FORMAT or not name:
        raise _unreadable(f"its first line is not `{FORMAT} NAME`", f"{where}:1")
    found: dict[tuple[str, str], Pair] = {}
    for number, line in enumerate(lines[1:], 2):
        if line.startswith("#") or not line:
            continue
        read = _LINE.fullmatch(line)
        if read is None:
            raise _unreadable("this line is no pair", f"{where}:{number}")
        review = None
        if read["review"] != UNREVIEWED:
            by = _REVIEW.fullmatch(read["review"])
            if by is None:
                raise _unreadable("this review has no day and name", f"{where}:{number}")
            review = Review(by["by"], parse_day(by["on"], where=f"{where}:{number}"))
        pair = Pair(read["paragraph"], read["what"], read["text"], read["rule"], review)
        if pair.key in found:
            raise _unreadable("this pair stands twice", f"{where}:{number}")
        found[pair.key] = pair
    return Lock(name, tuple(found.values()))


def _unreadable(what: str, where: str) -> MusterRollError:
    return MusterRollError(
        "law.lock",
        f"This lock cannot be read: {what}.",
        where=where,
        remedy="Take the file again from the pack's history, or write it anew with `muster pack lock`.",
    )


def _declarations(pack: Pack) -> dict[str, list[Block]]:
    """The declarations by name and, where they are dated, their time."""
    found: dict[str, list[Block]] = {}
    for block in pack.pages.blocks:
        if block.kind not in _NOT_PAIRED:
            content = block.content if isinstance(block.content, dict) else {}
            found.setdefault(_spaced(f"{block.kind} {block.name} {content.get('in force', '')}"), []).append(block)
    return found


def _cited(block: Block, citations: Citations) -> tuple[tuple[str, str], ...]:
    """Article and paragraph of every citation in a declaration; the article above it where it cites nothing itself."""
    found: dict[tuple[str, str], None] = {}
    for key, path in _keys(block.content, ()):
        try:
            found[citations.resolve(key, block, *path)] = None
        except MusterRollError:
            continue  # `law silent`, or a name: what must be cited was checked when the pack was loaded
    if not found and block.article in citations.articles:
        found[block.article, ""] = None
    return tuple(found)


def _lines(block: Block, citations: Citations, cite: tuple[str, str]) -> Value:
    """What a proceeding says by one paragraph: the lines that cite it, by member."""
    found: dict[str, Value] = {}
    for member, lines in block.content.items() if isinstance(block.content, dict) else ():
        if not isinstance(lines, list):
            continue
        here: list[Value] = [line for line in lines if cite in _cited(replace(block, content=[line]), citations)]
        if here:
            found[member] = here
    return found


def _keys(content: Value, path: tuple[str | int, ...]) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    """What stands where a citation stands: after `basis:`, and before the colon of a list's line."""
    match content:
        case dict():
            for name, inner in content.items():
                if name == "basis" and isinstance(inner, str):
                    yield inner, (*path, name)
                else:
                    yield from _keys(inner, (*path, name))
        case list():
            for at, item in enumerate(content):
                if isinstance(item, dict) and len(item) == 1 and "classes" not in path:
                    (name,) = item
                    if name not in _JOINS:
                        yield name, (*path, at)
                yield from _keys(item, (*path, at))
        case _:
            return


def _starts(article: Article) -> tuple[int, ...]:
    """The lines on which paragraphs begin."""
    return tuple(at for at, line in enumerate(article.text) if at == 0 or BEGINS.match(line))


def _uncited(pack: Pack, covered: set[tuple[str, int]]) -> Iterator[Pair]:
    for article in pack.articles.values():
        starts = _starts(article)
        marks: list[str] = []
        for at, end in zip(starts, (*starts[1:], len(article.text)), strict=False):
            mark = BEGINS.match(article.text[at])
            marks.append(mark[0] if mark else "")
            if (article.cite, at) not in covered:
                again = f" [{marks.count(marks[-1])}]" if marks.count(marks[-1]) > 1 else ""
                cite = _spaced(f"{article.cite} {marks[-1]}{again}")
                text = _digest([_spaced(article.title), _spaced(" ".join(article.text[at:end]))])
                yield Pair(cite, _NOTHING, text, _digest(""), where=article.cite)


def _stale(old: Mapping[tuple[str, str], Pair], now: Mapping[tuple[str, str], Pair]) -> Iterator[Finding]:
    for key in dict.fromkeys((*now, *old)):
        before, after = old.get(key), now.get(key)
        if before and after and (before.text, before.rule) == (after.text, after.rule):
            continue
        paragraph, what = key
        reviewed = bool(before and before.review)
        yield Finding(
            "needs-review",
            f"{paragraph} needs review by a lawyer: {_change(before, after, what)}.",
            after.where if after else f"pack.lock, {what}",
            "A lawyer compares them; then `muster pack lock FOLDER --reviewed-by NAME --on DATE`."
            if reviewed
            else "Compare them; then `muster pack lock FOLDER` (it stays told that no lawyer has reviewed them).",
            forbids=True,
        )


def _change(before: Pair | None, after: Pair | None, what: str) -> str:
    if before is None:
        return f"{what} is new beside it"
    if after is None:
        return f"{what}, which stood beside it, is gone"
    if before.rule == after.rule:
        return f"its text changed and {what} did not"
    if before.text == after.text:
        return f"{what} changed and its text did not"
    return f"its text and {what} both changed"


def _plain(content: Value) -> Value:
    match content:
        case str():
            return _spaced(content)
        case list():
            return [_plain(item) for item in content]
        case _:
            return {name: _plain(item) for name, item in content.items()}


def _spaced(text: str) -> str:
    return " ".join(text.replace("|", "/").split())


def _digest(content: Value) -> str:
    return canonical.sha256_hex(canonical.encode(content))[:32]
