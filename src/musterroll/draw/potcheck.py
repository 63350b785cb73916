"""Is everybody in the pot? The list counted against somebody else's count, before the draw (docs/spec/draw.md, 6).

1. An office outside the register counts by district, birth year, source or stratum and signs. Its key stands in the
   manifest, so the same office can show after the draw that the list was wrong.
2. The register's own numbers are shown as the disclosure function shows numbers: rounded, few people not at all.
3. A cell where the two differ by more than the declared share locks the draw; a cell where many are expected and nobody
   is found always does. Whoever has the two files computes the same verdict.
"""

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from musterroll import canonical, dates
from musterroll.draw import entrant
from musterroll.draw.member import Members
from musterroll.errors import MusterRollError

BY = ("birth-year", "district", "source", "stratum")
KIND = "muster-roll/potcheck"
COUNT_KIND = "muster-roll/count"
HOLDS, LOCKS = "holds", "locks"
MOST_PER_MILLE = 200
MOST_ROUNDED, MOST_LEAST, MOST_ROUNDED_COUNT = 10, 20, 100
"""The widest that the register's numbers, and the office's, may be shown: wider ones would agree with every number."""

_ADDING_UP = ("birth-year", "district", "stratum")
_TAG_COUNT = canonical.tag("count")
_VALUE = re.compile(r"[A-Za-z0-9._-]{1,128}")
_YEAR = re.compile(r"[0-9]{4}|unknown")

type Cell = tuple[str, str]
"""What is counted: by which attribute, and its value."""

type Span = tuple[int, int]
"""All whole numbers from the first to the last."""


@dataclass(frozen=True, slots=True)
class Count:
    """`count.json`: how many people an office outside the register expects in each cell. `reference_day` is a day.

    `manifest` is None before a draw; a count made after it names the manifest (SHA-256) whose list was wrong, so that
    no older count can be brought out once the order is known.
    """

    draw: str
    office: str
    reference_day: str
    rounded_to: int
    cells: Mapping[Cell, int]
    manifest: str | None = None

    def __post_init__(self) -> None:
        entrant.check_draw_id(self.draw, where="count.json")
        dates.parse_day(self.reference_day, where="count.json")
        _check_cells(self.cells)
        if not self.office or not 1 <= self.rounded_to <= MOST_ROUNDED_COUNT:
            raise ValueError(f"a count names its office, and is rounded to 1 to {MOST_ROUNDED_COUNT}")
        if not any(by in _ADDING_UP for by, _ in self.cells):
            raise ValueError("a count has a number by birth year, district or stratum")

    def encode(self) -> bytes:
        """The bytes of `count.json`. Inverse of `decode_count`."""
        cells = [{"by": by, "value": value, "count": count} for (by, value), count in sorted(self.cells.items())]
        return canonical.encode(
            {
                "v": 1,
                "kind": COUNT_KIND,
                "draw": self.draw,
                "office": self.office,
                "reference_day": self.reference_day,
                "rounded_to": self.rounded_to,
                "cells": cells,
            }
            | ({} if self.manifest is None else {"manifest": self.manifest})
        )


@dataclass(frozen=True, slots=True)
class Found:
    """One cell: what the office expects and what the register found, None where too few to be shown."""

    cell: Cell
    expected: int
    found: int | None


@dataclass(frozen=True, slots=True)
class Check:
    """`potcheck.json`: the list with this root and size, counted against the count with this SHA-256."""

    draw: str
    root: str
    size: int
    count: str
    per_mille: int
    rounded_to: int
    least: int
    count_rounded_to: int
    cells: tuple[Found, ...]

    def __post_init__(self) -> None:
        entrant.check_draw_id(self.draw, where="potcheck.json")
        _check_cells([found.cell for found in self.cells])
        if not 1 <= self.per_mille <= MOST_PER_MILLE:
            raise ValueError(f"the share is 1 to {MOST_PER_MILLE} in a thousand")
        if not 1 <= self.rounded_to <= MOST_ROUNDED or not 1 <= self.least <= MOST_LEAST:
            raise ValueError(f"rounding and least are 1 or more, and at most {MOST_ROUNDED} and {MOST_LEAST}")

    @property
    def off(self) -> tuple[Cell, ...]:
        """The cells that differ by more than the declared share."""
        return tuple(found.cell for found in self.cells if self._gap(found) * 1000 > self.per_mille * found.expected)

    @property
    def verdict(self) -> str:
        """`locks` where a cell is off, else `holds`."""
        return LOCKS if self.off else HOLDS

    @property
    def digest(self) -> str:
        """SHA-256 of `encode()`, hexadecimal."""
        return canonical.sha256_hex(self.encode())

    def span(self, found: Found) -> Span:
        """Between what the register's number lies."""
        if found.found is None:
            return 0, self.least - 1
        return _span(found.found, self.rounded_to)

    def adds_up(self, sizes: Mapping[str, int]) -> bool:
        """Whether the cells can be those of a list of `size` people with strata of these `sizes` by id."""
        for by in _ADDING_UP:
            spans = [self.span(found) for found in self.cells if found.cell[0] == by]
            if spans and not sum(low for low, _ in spans) <= self.size <= sum(high for _, high in spans):
                return False
        for found in self.cells:
            by, value = found.cell
            low, high = self.span(found)
            if by == "stratum" and not low <= sizes.get(value, 0) <= high:
                return False
        return True

    def encode(self) -> bytes:
        """The bytes of `potcheck.json`. Inverse of `decode`, which also needs the count."""
        cells = [
            {"by": one.cell[0], "value": one.cell[1], "expected": one.expected, "found": one.found}
            for one in self.cells
        ]
        return canonical.encode(
            {
                "v": 1,
                "kind": KIND,
                "draw": self.draw,
                "root": self.root,
                "size": self.size,
                "count": self.count,
                "per_mille": self.per_mille,
                "rounded_to": self.rounded_to,
                "least": self.least,
                "cells": cells,
                "verdict": self.verdict,
            }
        )

    def _gap(self, found: Found) -> int:
        expected, seen = _span(found.expected, self.count_rounded_to), self.span(found)
        return max(0, expected[0] - seen[1], seen[0] - expected[1])


def examine(
    count: Count,
    found: Mapping[Cell, int],
    *,
    root: str,
    size: int,
    per_mille: int,
    rounded_to: int = 5,
    least: int = 10,
) -> Check:
    """The list of `size` people under `root`, with `found` people in each cell, against the office's `count`.

    `rounded_to` and `least` are how the numbers are shown; 1 and 1 show them exactly.
    """
    cells = sorted({*count.cells, *(cell for cell, number in found.items() if number)})
    numbers = [(cell, count.cells.get(cell, 0), found.get(cell, 0)) for cell in cells]
    return Check(
        draw=count.draw,
        root=root,
        size=size,
        count=canonical.sha256_hex(count.encode()),
        per_mille=per_mille,
        rounded_to=rounded_to,
        least=least,
        count_rounded_to=count.rounded_to,
        cells=tuple(
            Found(cell, expected, None if number < least else (number + rounded_to // 2) // rounded_to * rounded_to)
            for cell, expected, number in numbers
        ),
    )


def signed_message(count: bytes) -> bytes:
    """What the office signs for the bytes of `count.json`; its Ed25519 signature, in hexadecimal, is `count.sig`."""
    return _TAG_COUNT + canonical.sha256(count)


def decode_count(data: bytes) -> Count:
    """The count in the bytes of `count.json`. Raises MusterRollError `json.malformed` or `manifest.member`."""
    members = Members(canonical.decode(data, where="count.json"), "count", file="count.json")
    members.fixed(v=1, kind=COUNT_KIND)
    rows = [item.make(_counted, cell=_cell(item), number=item.number("count")) for item in members.objects("cells")]
    _check_ascending(members, [cell for cell, _ in rows])
    return members.make(
        Count,
        draw=members.text("draw"),
        office=members.text("office"),
        reference_day=members.text("reference_day"),
        rounded_to=members.number("rounded_to"),
        cells=dict(rows),
        manifest=members.hex_or_absent("manifest"),
    )


def decode(data: bytes, count: bytes) -> Check:
    """The check in the bytes of `potcheck.json`, made against the bytes of `count.json`; its verdict computed anew.

    Raises MusterRollError `json.malformed`, `manifest.member`, or `potcheck.wrong` where they do not belong together.
    """
    expected = decode_count(count)
    members = Members(canonical.decode(data, where="potcheck.json"), "potcheck", file="potcheck.json")
    members.fixed(v=1, kind=KIND)
    cells = tuple(
        item.make(Found, cell=_cell(item), expected=item.number("expected"), found=item.number_or_null("found"))
        for item in members.objects("cells")
    )
    _check_ascending(members, [one.cell for one in cells])
    verdict = members.text("verdict")
    check = members.make(
        Check,
        draw=members.text("draw"),
        root=members.hex("root"),
        size=members.number("size"),
        count=members.hex("count"),
        per_mille=members.number("per_mille"),
        rounded_to=members.number("rounded_to"),
        least=members.number("least"),
        count_rounded_to=expected.rounded_to,
        cells=cells,
    )
    if check.count != canonical.sha256_hex(count) or check.draw != expected.draw:
        raise wrong("it was made against another count")
    if {one.cell: one.expected for one in cells if one.expected or one.cell in expected.cells} != dict(expected.cells):
        raise wrong("its cells are not those of the count")
    if verdict != check.verdict:
        raise wrong(f"its verdict is `{verdict}` where `{check.verdict}` follows from its cells")
    return check


def _span(number: int, rounded_to: int) -> Span:
    return max(0, number - rounded_to // 2), number + rounded_to // 2


def _counted(cell: Cell, number: int) -> tuple[Cell, int]:
    return cell, number


def _cell(item: Members) -> Cell:
    return item.text("by"), item.text("value")


def _check_cells(cells: Iterable[Cell]) -> None:
    for by, value in cells:
        if by not in BY or not _VALUE.fullmatch(value) or (by == "birth-year" and not _YEAR.fullmatch(value)):
            raise ValueError(f"people are counted by {', '.join(BY)}, under a code")


def _check_ascending(members: Members, cells: Sequence[Cell]) -> None:
    if any(a >= b for a, b in itertools.pairwise(cells)):
        raise members.wrong("cells", "ascends, each cell once")


def wrong(why: str) -> MusterRollError:
    """The error for a pot check that does not belong where it stands."""
    return MusterRollError(
        "potcheck.wrong",
        f"This pot check does not belong to what was counted: {why}.",
        where="potcheck.json",
        remedy="Fetch both files again; if it stays so, keep them: one was changed after it was published.",
    )
