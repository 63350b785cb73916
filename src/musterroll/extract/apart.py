"""Rows set aside that still say of whom they are: entries of their own, which may protect and never harm.

On a list of those concerned no row about somebody says something. A row whose place is unclear (no key, a key that
stands twice, a required cell that is empty) may be of anybody who has none; what it says of its person says of whom.

1. Kept apart is a row of a whole list of those concerned that places nobody in a family and whose rows speak each for
   itself, where it tells a number, or two of given name, family name and birth date. Every other one stays what it was:
   nobody's silence is read until it is mended.
2. The row stays set aside: counted, told to the agency, and mended by what mends any such row.
3. Of a civil register whose rows also place people in families (`places`) every such row is kept apart, and founds
   nobody: whom it names as parents have perhaps one child more. Its key cell is the entry's own: it is nobody's row.
4. Its key follows from what it says, and its place among rows that say the same, so that it is the same entry in the
   next delivery.
5. Of more than `MOST` rows none is kept apart: such a file has other troubles.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

from musterroll import canonical
from musterroll.extract.made import APART
from musterroll.extract.manifest import Manifest
from musterroll.extract.row import Row, cell
from musterroll.extract.schema import Silence, Source

MOST = 10_000
_TELLING = frozenset(["given", "family", "former", "born"])


def keeps(source: Source, manifest: Manifest) -> bool:
    """Whether rows set aside of this delivery may be kept apart."""
    listed = source.silence is Silence.THOSE_CONCERNED and not source.founds and not source.rosters
    alone = not any(each.rank > 1 or each.beside or each.without for each in source.facts)
    return manifest.full and (listed or places(source)) and alone


def places(source: Source) -> bool:
    """Whether the source founds persons, tells all of each in one row, and places people in families by it."""
    one = source.rows_per_record == "one" and source.records_per_person == "one"
    told = source.founds and bool(source.rosters) and source.silence is Silence.EVERYBODY
    return one and told and source.columns[source.key].made is None


def entries(source: Source, as_of: int, aside: Iterable[tuple[int, Mapping[str, str]]]) -> tuple[Row, ...]:
    """The rows set aside (place in the file, texts of every column) that are entries of their own, in file order."""
    found = []
    seen: Counter[str] = Counter()
    placed = places(source)
    for row, texts in sorted(aside, key=lambda one: one[0]):
        if not placed and not _says_who(source, texts, as_of):
            continue
        said = canonical.sha256_hex(APART.join(texts[name] for name in source.columns).encode())[:32]
        seen[said] += 1
        key = f"{APART}{said}{APART}{seen[said]}"
        found.append(Row(row, key, {**texts, source.key: key} if placed else texts, {}))
    return tuple(found) if len(found) <= MOST else ()


def _says_who(source: Source, texts: Mapping[str, str], as_of: int) -> bool:
    told = {role for name, role in source.roles if cell(source.columns[name], texts[name], as_of)[0] is not None}
    return "number" in told or len(told & _TELLING) > 1
