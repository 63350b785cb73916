"""A law pack: the law of one jurisdiction as code beside its text (law-engine 6.1).

1. A pack is a folder of Markdown pages. `load` reads them; `from_canonical` reads the published form; both build the
   same pack, which carries the digest of its canonical bytes.
2. The pack is a timeline: `at(on)` gives the law in force on a day. Outside its coverage it refuses to answer.
3. Loading checks that everything named exists and that everything said is cited. What needs evaluation (liable by the
   unknown, burdens on protected facts) is `law.lint`.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from musterroll import canonical
from musterroll.dates import NEVER, format_day
from musterroll.errors import MusterRollError
from musterroll.fact.attribute import Attribute
from musterroll.fact.derivation import Derivation
from musterroll.law import article, serial
from musterroll.law.accepted import Accepted, Key
from musterroll.law.apart import periods_apart
from musterroll.law.article import Block, Pages
from musterroll.law.build import Law, Omitted, built
from musterroll.law.burden import Burden
from musterroll.law.compare import Remark
from musterroll.law.declare import Reading, Roster
from musterroll.law.joined import joined
from musterroll.law.model import Article, Parameter, Period, Question
from musterroll.law.numbers import check_numbers
from musterroll.law.proceeding import Proceeding
from musterroll.law.proceeding_names import Names
from musterroll.law.selection import Procedure, Selection


@dataclass(frozen=True)
class Pack:
    """One version of one jurisdiction's law, ready to be asked. Made by `load` and `from_canonical` only."""

    pages: Pages
    cases: tuple[Block, ...]
    law: Law
    digest: str

    @property
    def name(self) -> str:
        """The jurisdiction's folder name."""
        return self.law.name

    @property
    def title(self) -> str:
        """What the law is called."""
        return self.law.title

    @property
    def version(self) -> str:
        """The pack's own version."""
        return self.law.version

    @property
    def attributes(self) -> dict[str, Attribute]:
        """What may be held of a person, in the order of the bits in `needs`."""
        return self.law.attributes

    @property
    def questions(self) -> dict[str, Question]:
        """What the law is asked about a person."""
        return self.law.questions

    @property
    def parameters(self) -> dict[str, Parameter]:
        """The numbers that the law sets."""
        return self.law.parameters

    @property
    def derivations(self) -> tuple[Derivation, ...]:
        """The attributes made of several rows."""
        return self.law.derivations

    @property
    def rosters(self) -> dict[str, Roster]:
        """The lists of members that derivations read."""
        return self.law.rosters

    @property
    def selection(self) -> Selection | None:
        """How people are drawn, where the law draws."""
        return self.law.selection

    @property
    def procedures(self) -> dict[str, Procedure]:
        """Time limits and stays by kind of matter."""
        return self.law.procedures

    @property
    def proceedings(self) -> dict[str, Proceeding]:
        """What is done about a person: orders, claims, appeals (docs/flow/proceeding.md)."""
        return self.law.proceedings

    @cached_property
    def proceeding_names(self) -> dict[str, Names]:
        """What each proceeding's conditions may name beside the person's attributes."""
        return {name: Names(name, self.proceedings) for name in self.proceedings}

    @property
    def words(self) -> dict[str, dict[str, str]]:
        """Sentences by language and key."""
        return self.law.words

    @property
    def articles(self) -> dict[str, Article]:
        """The quoted law by citation."""
        return self.law.articles

    @property
    def readings(self) -> dict[str, Reading]:
        """Doubtful places and how they are read."""
        return self.law.readings

    @property
    def burdens(self) -> dict[str, Burden]:
        """Protected attributes that may weigh against a person, with what they may do and the article (S2)."""
        return self.law.burdens

    @property
    def omitted(self) -> tuple[Omitted, ...]:
        """Parts of the law that this pack does not hold, and why."""
        return self.law.omitted

    @property
    def accepted(self) -> dict[Key, Accepted]:
        """Findings that the pack accepts, by code, rules and facts, each with its reason."""
        return self.law.accepted

    @property
    def language(self) -> str:
        """The language in which the law is quoted."""
        return self.law.language

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """What the pack says of its law beside other laws."""
        return self.law.remarks

    def at(self, on: int) -> Period:
        """The law in force on a day. Raises MusterRollError `law.coverage` outside the pack's time."""
        for period in self.law.periods:
            if period.first <= on < period.end:
                return period
        raise MusterRollError(
            "law.coverage",
            f"The pack {self.name} does not hold the law in force on {format_day(on)}: it covers {self.coverage}.",
            where=f"pack {self.name} {self.version}",
            remedy=self.law.after or "Take the pack that covers this day.",
        )

    @property
    def coverage(self) -> str:
        """The days covered, in words."""
        first, end = self.law.periods[0].first, self.law.periods[-1].end
        if end == NEVER:
            return f"from {format_day(first)}, with no end"
        return f"{format_day(first)} to the day before {format_day(end)}"

    def canonical(self) -> bytes:
        """The published form: the bytes under `digest`. Inverse of `from_canonical`, which has no cases."""
        return serial.encode(self.pages)

    def with_parameters(self, changed: Mapping[str, int]) -> "Pack":
        """The same law with other numbers, valid in its whole time; another digest. Raises KeyError for no parameter.

        For rehearsals and the truth report; such a pack is never published.
        """
        for name in changed:
            if name not in self.parameters:
                raise KeyError(name)
        blocks = tuple(
            _with_value(block, changed[block.name]) if block.kind == "parameter" and block.name in changed else block
            for block in self.pages.blocks
        )
        return _made(Pages(self.pages.articles, blocks))

    def with_readings(self, chosen: Mapping[str, str]) -> "Pack":
        """The same law with doubtful places read otherwise, by name; another digest. Made once for each choice.

        Raises KeyError for a place or a reading that does not exist.
        """
        key = tuple(sorted(chosen.items()))
        if key not in self._otherwise:
            for name, reading in chosen.items():
                _ = self.readings[name].readings[reading]
            blocks = tuple(
                dataclasses.replace(
                    block,
                    content={**block.fields(("doubt", "chosen", "by"), ("readings",)), "chosen": chosen[block.name]},
                )
                if block.kind == "interpretation" and block.name in chosen
                else block
                for block in self.pages.blocks
            )
            self._otherwise[key] = _made(Pages(self.pages.articles, blocks))
        return self._otherwise[key]

    @cached_property
    def _otherwise(self) -> dict[tuple[tuple[str, str], ...], "Pack"]:
        return {}

    @cached_property
    def apart(self) -> "Pack":
        """The same law with the conditions of each line its own (`law.apart`); made once."""
        made = dataclasses.replace(self, law=dataclasses.replace(self.law, periods=periods_apart(self.law.periods)))
        made.__dict__["apart"] = made
        return made

    def quoted(self, article: str, paragraph: str) -> str:
        """The words of a citation: of a paragraph, or of the reading chosen for a doubtful place."""
        if article != "interpretation":
            return self.articles[article].quoted(paragraph)
        place = self.readings.get(paragraph)
        if place is not None:
            return place.text
        name, _, reading = paragraph.rpartition(" ")
        return self.readings[name].readings[reading]


def load(folder: Path) -> Pack:
    """The pack in a folder: `pack.md` first, then the other pages by name (README.md is not one).

    Raises MusterRollError `law.folder` and all that building raises, each with file, line and remedy.
    """
    pages = sorted(folder.glob("*.md"), key=lambda page: (page.name != "pack.md", page.name))
    pages = [page for page in pages if page.name != "README.md"]
    if not pages or pages[0].name != "pack.md":
        raise MusterRollError(
            "law.folder",
            "This folder is not a law pack: it has no pack.md.",
            where=str(folder),
            remedy="Give the folder of a pack, such as packs/example.",
            exit_code=2,
        )
    pack = from_text({f"{folder.name}/{page.name}": _text(page) for page in pages})
    check_numbers(folder.parent / "attributes.json", pack.law)
    return pack


def from_text(pages: Mapping[str, str]) -> Pack:
    """The pack written on pages, given as name and text in order. Raises all that building raises."""
    read = [article.read(text, name) for name, text in pages.items()]
    return _made(
        Pages(
            tuple(one for page in read for one in page.articles),
            tuple(
                dataclasses.replace(one, content=joined(one.content)) if one.kind == "proceeding" else one
                for page in read
                for one in page.blocks
            ),
        )
    )


def from_canonical(data: bytes) -> Pack:
    """The pack in published bytes. Raises `law.canonical` and all that building raises."""
    return _made(serial.decode(data))


def of_pages(pages: Pages) -> Pack:
    """The pack of pages that have been read, with its cases: for another process. Raises all that building raises."""
    return _made(pages)


LARGEST_PAGE = 2_000_000
"""The most bytes of one page. The largest page of the packs that come with this has a few tens of thousands."""


def _text(page: Path) -> str:
    """What a page holds. Links, pipes and folders are not read: a pack is what lies in its folder."""
    where = f"{page.parent.name}/{page.name}"
    if page.is_symlink() or not page.is_file():
        raise MusterRollError(
            "law.page", "This page is not a plain file.", where=where, remedy="Put the page itself into the folder."
        )
    if page.stat().st_size > LARGEST_PAGE:
        raise MusterRollError(
            "law.page",
            f"This page is larger than {LARGEST_PAGE // 1_000_000} MB.",
            where=where,
            remedy="Divide it: one page a part of the law.",
        )
    try:
        return page.read_text("utf-8")
    except UnicodeDecodeError as problem:
        raise MusterRollError(
            "law.page",
            f"This page is not UTF-8 text (byte {problem.start}).",
            where=where,
            remedy="Save it as UTF-8.",
        ) from None


def _made(pages: Pages) -> Pack:
    law = built(pages)
    cases = tuple(block for block in pages.blocks if block.kind in serial.NOT_LAW)
    return Pack(pages, cases, law, canonical.sha256_hex(serial.encode(pages)))


def _with_value(block: Block, value: int) -> Block:
    values = {first: str(value) for first in block.mapping("values")}
    return dataclasses.replace(block, content={**block.fields(("unit", "basis", "values")), "values": dict(values)})
