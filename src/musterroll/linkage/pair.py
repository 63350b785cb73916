"""Two rows side by side: which comparisons agree, which speak against, which are a slip of the pen apart.

1. Where either side is silent a comparison says nothing. Silence never speaks against anybody.
2. `near` is a difference that a slip of the pen explains (one digit or letter, day and month exchanged, a similar
   spelling): it neither agrees nor speaks against.
3. Names are compared in both orders, initials match full names, and declared forms of a name (William, Bill) agree. So
   do names of several words of which one side has only some (Garcia Lopez, Lopez), each word in its normal form.
4. Closeness is told between Latin spellings only; in letters that have no table two texts are equal or not. Beside a
   row whose names are in Latin letters such a row's names and address agree or say nothing (`in_other_letters`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from musterroll.dates import date_of
from musterroll.linkage.comparison import COMPARISONS, Compared
from musterroll.linkage.script import skeleton

AGREES = 0.9
"""From this Jaro-Winkler similarity two spellings count as one name."""

DIFFERS = 0.8
"""Below this similarity two names are different names (intake 7.2)."""

type Forms = Mapping[str, frozenset[int]]
"""For a folded given name, the numbers of the groups of forms it belongs to."""

_BIT = {name: 1 << bit for bit, name in enumerate(COMPARISONS)}


@dataclass(frozen=True, slots=True)
class Pair:
    """The three masks over COMPARISONS; a comparison stands in one of them at most, in none when a side is silent."""

    agreed: int
    near: int
    against: int

    def agrees(self, name: str) -> bool:
        """Whether the comparison agrees."""
        return bool(self.agreed & _BIT[name])

    def slips(self, name: str) -> bool:
        """Whether the comparison differs by a slip of the pen only."""
        return bool(self.near & _BIT[name])

    def differs(self, name: str) -> bool:
        """Whether the comparison speaks against."""
        return bool(self.against & _BIT[name])


def compare(left: Compared, right: Compared, forms: Forms) -> Pair:
    """Every comparison of two rows. The order of the two does not matter."""
    swapped = _swapped(left, right)
    apart = None if in_other_letters(left, right) else _AGAINST
    levels = (  # in the order of COMPARISONS
        _slip(left.number, right.number),
        _AGREE if swapped else _given(left, right, forms, apart),
        _middle(left.middle, right.middle, apart),
        _AGREE if swapped else _family(left, right, apart),
        _born(left.born, right.born),
        _equal(left.sex, right.sex),
        _age(left, right),
        _address(left, right, apart),
        _equal(left.postcode, right.postcode),
        _equal(left.town, right.town, apart),
    )
    masks = [0, 0, 0]
    for bit, level in enumerate(levels):
        if level is not None:
            masks[level] |= 1 << bit
    return Pair(*masks)


_AGREE, _NEAR, _AGAINST = 0, 1, 2
_TWO_YEARS = 731

FIRST_WORD_SIGN = "\u2e80"
"""From here on (Chinese, kana, Hangul) one sign is a syllable or a word: a name of one sign is no initial."""


def in_other_letters(left: Compared, right: Compared) -> bool:
    """Whether one row's names are in Latin letters and the other's are in letters without a table (Thai, Chinese).

    They cannot be held against each other: that two such names are not equal says nothing.
    """
    return None not in (left.is_latin, right.is_latin) and left.is_latin != right.is_latin


def _swapped(left: Compared, right: Compared) -> bool:
    if None not in (left.given, left.family) and (left.given, left.family) == (right.family, right.given):
        return True
    told = (left.given_keys, left.family_keys)
    return None not in told and told == (right.family_keys, right.given_keys)


def _equal(left: object, right: object, apart: int | None = _AGAINST) -> int | None:
    if left is None or right is None:
        return None
    return _AGREE if left == right else apart


def _slip(left: str | None, right: str | None, apart: int | None = _AGAINST) -> int | None:
    if left is None or right is None:
        return None
    if left == right:
        return _AGREE
    return _NEAR if left.isascii() and right.isascii() and one_slip(left, right) else apart


def _given(a: Compared, b: Compared, forms: Forms, apart: int | None) -> int | None:
    left, right = a.given, b.given
    if left is None or right is None:
        return None
    if left == right or same_form(left, right, forms):
        return _AGREE
    if _initial(left) or _initial(right):
        return _AGREE if left[0] == right[0] else _NEAR if _begin_alike(a.given_keys, b.given_keys) else apart
    return _AGREE if within(a.given_keys, b.given_keys) else _similar(left, right, apart)


def _initial(name: str) -> bool:
    return len(name) == 1 and name < FIRST_WORD_SIGN


def _begin_alike(left: str | None, right: str | None) -> bool:
    """Whether two names in their normal form have one initial: `Y.` may stand for what others write Iurii."""
    return left is not None and right is not None and left[0] == right[0]


def _family(a: Compared, b: Compared, apart: int | None) -> int | None:
    left, right = a.family, b.family
    if left is None or right is None:
        return None
    if left == right:
        return _AGREE
    shorter, longer = sorted((left, right), key=len)
    if len(shorter) >= 4 and (longer.startswith(shorter) or longer.endswith(shorter)):
        return _AGREE  # one of two family names, or both
    return _AGREE if within(a.family_keys, b.family_keys) else _similar(left, right, apart)


def within(left: str | None, right: str | None) -> bool:
    """Whether all words of one name are words of the other. A name without vowels meets the other's consonants."""
    if left is None or right is None:
        return False
    a, b = frozenset(left.split(" ")), frozenset(right.split(" "))
    if "~" in left or "~" in right:
        a, b = skeleton(left), skeleton(right)
    return bool(a) and bool(b) and (a <= b or b <= a)


def _similar(left: str, right: str, apart: int | None) -> int | None:
    if not (left.isascii() and right.isascii()):
        return apart
    likeness = similarity(left, right)
    if likeness >= AGREES:
        return _AGREE
    return _NEAR if likeness >= DIFFERS else _AGAINST


def _middle(left: str | None, right: str | None, apart: int | None) -> int | None:
    if left is None or right is None:
        return None
    return _AGREE if left[0] == right[0] else apart


def _born(left: int | None, right: int | None) -> int | None:
    if left is None or right is None:
        return None
    if left == right:
        return _AGREE
    return _NEAR if near_days(left, right) else _AGAINST


def _age(left: Compared, right: Compared) -> int | None:
    """An age is compared with a birth day that the other side has; up to two years' error in telling it is near."""
    if left.was_a_child_for(right) or right.was_a_child_for(left):
        return _AGAINST
    levels = [_age_against(a, b) for a, b in ((left, right), (right, left))]
    told = [level for level in levels if level is not None]
    return min(told) if told else None


def _age_against(told: Compared, born: Compared) -> int | None:
    hull = told.born_by_age
    if hull is None or born.born is None:
        return None
    if hull[0] <= born.born <= hull[1]:
        return _AGREE
    return _NEAR if hull[0] - _TWO_YEARS <= born.born <= hull[1] + _TWO_YEARS else _AGAINST


def _address(left: Compared, right: Compared, apart: int | None) -> int | None:
    levels = [
        _equal(left.po_box, right.po_box),
        _slip(_dwelling(left), _dwelling(right), apart),
    ]
    told = [level for level in levels if level is not None]
    return min(told) if told else None


def _dwelling(row: Compared) -> str | None:
    if row.street is None or row.house is None:
        return None
    return " ".join(part for part in (row.house, row.unit, row.street) if part is not None)


def same_form(left: str, right: str, forms: Forms) -> bool:
    """Whether two given names are declared forms of one name."""
    return not forms.get(left, frozenset()).isdisjoint(forms.get(right, frozenset()))


def near_days(left: int, right: int) -> bool:
    """Whether one wrong digit, two exchanged digits, or day and month exchanged make one date of the other."""
    a, b = date_of(left), date_of(right)
    if a.year == b.year and (a.month, a.day) == (b.day, b.month):
        return True
    return one_slip(f"{a:%Y%m%d}", f"{b:%Y%m%d}")


@lru_cache(maxsize=65_536)
def one_slip(left: str, right: str) -> bool:
    """Whether one character wrong, missing, added, or two neighbours exchanged, make one text of the other."""
    if left == right or abs(len(left) - len(right)) > 1:
        return False
    start = 0
    while start < min(len(left), len(right)) and left[start] == right[start]:
        start += 1
    a, b = left[start:], right[start:]
    if len(a) == len(b):
        return a[1:] == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])
    return a[1:] == b or a == b[1:]


@lru_cache(maxsize=262_144)
def similarity(left: str, right: str) -> float:
    """The Jaro-Winkler similarity, 0 to 1: W. E. Winkler, "String Comparator Metrics", 1990 (prefix 4, scale 0.1)."""
    jaro = _jaro(left, right)
    prefix = 0
    for a, b in zip(left[:4], right[:4], strict=False):
        if a != b:
            break
        prefix += 1
    return jaro + prefix * 0.1 * (1 - jaro) if jaro > 0.7 else jaro


def _jaro(left: str, right: str) -> float:
    if not left or not right:
        return 0.0
    reach = max(len(left), len(right), 2) // 2 - 1
    taken = [False] * len(right)
    ours: list[str] = []
    for place, letter in enumerate(left):
        for other in range(max(0, place - reach), min(len(right), place + reach + 1)):
            if not taken[other] and right[other] == letter:
                taken[other] = True
                ours.append(letter)
                break
    common = len(ours)
    if common == 0:
        return 0.0
    theirs = [letter for letter, used in zip(right, taken, strict=True) if used]
    moved = sum(a != b for a, b in zip(ours, theirs, strict=True)) // 2
    return (common / len(left) + common / len(right) + (common - moved) / common) / 3
