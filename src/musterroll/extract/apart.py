"""Rows set aside that still say of whom they are: entries of their own, which may protect and never harm.

On a list of those concerned no row about somebody says something. A row whose place is unclear (no key, a key that
stands twice, a required cell that is empty) may be of anybody who has none; what it says of its person says of whom.

1. Kept apart is a row of a list of those concerned whose rows speak each for itself, where it tells a number, or two of
   given name, family name and birth date. Every other one stays what it was: nobody's silence is read until it is
   mended. So is one that asks for an entry to be dropped, and one of a list that places people in families; but not of
   one whose rows name their person's relatives (`names_relatives`: a family fund's) where it says in which family, or
   families are told by that person's own number: whomever it may be of has perhaps one child more.
2. The row stays set aside: counted, told to the agency, and mended by what mends any such row.
3. Of a civil register whose rows also place people in families (`places`) every such row is kept apart, and founds
   nobody: whom it names as parents have perhaps one child more. Its key cell is the entry's own: it is nobody's row.
4. Its key follows from what it says, and its place among rows that say the same, so that it is the same entry in the
   next delivery.
5. A row with one or two cells too many has delimiters inside its cells, and nobody knows inside which. It is kept apart
   once for each way to read it, as if these delimiters were not there; one of the ways is what was meant. So is one
   that lacks one or two: cells beside each other are cut off, or run into one, and cannot be read. Each way has a place
   of its own, behind the last row of the file. One that lacks more was cut off at its end, if what is left is as
   declared: the last of it cannot be read. What stands so near to a column that is cut at the door that it could be
   that column's text cannot be read either. A broken line of JSON is kept apart by those of its members that are whole.
   A lost cell is one that cannot be read: whom it named is nobody, as in any row; and of a row that says whose it is
   its relatives are this one's, whatever their family is called.
6. Rows of one record may look at one another. Where one keeps another from speaking (`without`: an entry that was
   annulled, a term that has ended) and says itself what holds instead, each may be kept apart: it is only possible, so
   that what it would take away is not taken. Where a row speaks by others (`beside`, `rank`) none is kept apart.
7. Where there would be more than `MOST` entries there is none: such a file has other troubles.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement

from musterroll import canonical
from musterroll.extract.made import APART
from musterroll.extract.row import cell
from musterroll.extract.schema import FactMap, Silence, Source

MOST = 10_000
MOST_ASTRAY = 2
MOST_LETTERS = 2_000
"""Of a row with too many cells or too few: a longer one is not held in memory, nor read in several ways."""
UNREAD = "\N{REPLACEMENT CHARACTER}"
"""The text of a cell of which only its place is known. No code, day or number is written so, and no name."""
_TELLING = frozenset(["given", "family", "former", "born"])


type Ragged = Sequence[str] | Mapping[str, str]
"""What is left of a row: the cells of one with too many or too few, or what a broken line of JSON says by name."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A row kept apart, or one way to read it. `row` is its own place, `of` the place of the row in the file."""

    row: int
    of: int
    key: str
    texts: Mapping[str, str]


def keeps(source: Source) -> bool:
    """Whether rows of the source that are set aside may be kept apart."""
    listed = source.silence is Silence.THOSE_CONCERNED and not source.founds
    listed = listed and (not source.rosters or names_relatives(source))
    alone = not any(each.rank > 1 or each.beside or each.without for each in source.facts)
    return (listed and _speak_for_themselves(source)) or (alone and places(source))


def _speak_for_themselves(source: Source) -> bool:
    """Whether a row that keeps another row of its record from saying something says something of it itself (rule 6)."""
    return not any(each.rank > 1 or each.beside for each in source.facts) and all(
        any(_says(other, each.attribute, column, code) for other in source.facts)
        for each in source.facts
        for column, codes in each.without.items()
        for code in codes
    )


def _says(each: FactMap, attribute: str, column: str, code: str) -> bool:
    return (
        each.attribute == attribute
        and all(name == column and code in codes for name, codes in each.when.items())
        and not each.unless
    )


def places(source: Source) -> bool:
    """Whether the source founds persons, tells all of each in one row, and places people in families by it.

    What its silence says of other things is no matter: whoever has a row of his own has the children who name him.
    """
    one = source.rows_per_record == "one" and source.records_per_person == "one"
    told = source.founds and bool(source.rosters) and source.silence is not Silence.THOSE_CONCERNED
    return one and told and source.columns[source.key].made is None


def keeps_own_keys(source: Source) -> bool:
    """Whether a row kept apart has its own key in the cell of the key, by which it is known for one."""
    return places(source) or (bool(source.rosters) and names_relatives(source))


def names_relatives(source: Source) -> bool:
    """Whether each row places its person by one role, and relatives whom it names, in a family told by a column.

    The key says nothing else, so that the entry may have one of its own.
    """
    own = all(bool(each.as_role) and not each.born for each in source.rosters if not each.part)
    named = any(each.part for each in source.rosters) and all(each.group for each in source.rosters)
    read = {each.column for each in source.facts} | {column for each in source.facts for column in each.when}
    read |= {column for each in source.facts for column in each.unless} | {each.group for each in source.rosters}
    read |= {column for each in source.particulars for column in each.columns}
    return own and named and not source.columns[source.key].role and source.key not in read


def is_ragged(width: int, cells: Sequence[str]) -> bool:
    """Whether a row of these cells under a heading of `width` may be read in each of its ways.

    One of two rows that stand in one line is none: it has a cell less than two rows have, or all.
    """
    astray = len(cells) - width
    if sum(map(len, cells)) > MOST_LETTERS:
        return False
    too_few = astray < 0 and (len(cells) > 1 or astray >= -MOST_ASTRAY)
    return too_few or 0 < astray < min(width - 1, MOST_ASTRAY + 1)


def cut_off(width: int, cells: Sequence[str]) -> bool:
    """Whether so many cells are missing that the row was cut off: they did not run into one another."""
    return width - len(cells) > MOST_ASTRAY


def meant(source: Source, heading: Sequence[str], row: Ragged, as_of: int) -> list[dict[str, str]]:
    """The ways to read what is left of a row, by the words of the heading; none where it cannot be told."""
    if isinstance(row, Mapping):
        return [dict(row)]
    width, astray = len(heading), abs(len(heading) - len(row))
    if not is_ragged(width, row):
        return []
    if cut_off(width, row):
        left = dict(zip(heading, ways(row, width)[0], strict=True)) | dict.fromkeys(source.cut, UNREAD)
        told = any(left[name] not in ("", UNREAD) for name, _ in source.roles if name in left)
        return [left] if told and _as_declared(source, left, as_of) else []
    cut = [place for place, name in enumerate(heading) if name in source.cut]
    near = {heading[place] for place in range(width) if any(abs(place - other) <= astray for other in cut)}
    return [dict(zip(heading, way, strict=True)) | dict.fromkeys(near, UNREAD) for way in ways(row, width)]


def ways(cells: Sequence[str], width: int) -> list[list[str]]:
    """The ways to read a row with too many cells, or too few, as one of `width`.

    Too many: at each way others are put together again. Too few: others cannot be read, as many as there lack and one;
    of one that was cut off the last and what would follow.
    """
    lack = width - len(cells)
    if cut_off(width, cells):
        return [[*cells[:-1], *[UNREAD] * (lack + 1)]]
    if lack > 0:
        return [[*cells[:n], *[UNREAD] * (lack + 1), *cells[n + 1 :]] for n in range(len(cells))]
    found = []
    for joined in combinations_with_replacement(range(width), -lack):
        row: list[str] = []
        for column in range(width):
            place = len(row) + sum(one < column for one in joined)
            row.append("".join(cells[place : place + 1 + joined.count(column)]))
        found.append(row)
    return found


def entries(
    source: Source, as_of: int, rows: int, aside: Iterable[tuple[int, Sequence[Mapping[str, str]]]]
) -> tuple[Entry, ...]:
    """The entries of rows set aside (place in the file of `rows` rows, the ways to read it as texts of every column).

    They come in file order.
    """
    found: list[Entry] = []
    seen: Counter[str] = Counter()
    founding, own = places(source), keeps_own_keys(source)
    behind = rows
    for row, several in sorted(aside, key=lambda one: one[0]):
        if not founding and not all(_says_who(source, texts, as_of) for texts in _likely(source, several, as_of)):
            continue
        for texts in several:
            said = canonical.sha256_hex(APART.join(texts[name] for name in source.columns).encode())[:32]
            seen[said] += 1
            key = f"{APART}{said}{APART}{seen[said]}"
            behind += len(several) > 1
            place = behind if len(several) > 1 else row
            found.append(Entry(place, row, key, {**texts, source.key: key} if own else texts))
    return tuple(found) if len(found) <= MOST else ()


def _likely(source: Source, several: Sequence[Mapping[str, str]], as_of: int) -> Sequence[Mapping[str, str]]:
    """Those of the ways in which every cell is as declared, if there are any: in the others some stand a column off."""

    return [texts for texts in several if _as_declared(source, texts, as_of)] or several


def _as_declared(source: Source, texts: Mapping[str, str], as_of: int) -> bool:
    columns = [(source.columns[name], text) for name, text in texts.items() if name in source.columns]
    return not any(cell(column, text, as_of)[1] for column, text in columns if text != UNREAD)


def _says_who(source: Source, texts: Mapping[str, str], as_of: int) -> bool:
    said = [(role, source.columns[name], texts[name]) for name, role in source.roles]
    told = {role for role, column, text in said if cell(column, text, as_of)[0] is not None}
    own = {name for name, role in source.roles if role == "number"}
    where = all(each.group in own or texts[each.group].strip() for each in source.rosters)
    return where and ("number" in told or len(told & _TELLING) > 1)
