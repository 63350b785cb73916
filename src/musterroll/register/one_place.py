"""Whether two offices write one address: each in its own order, with its own abbreviations, with or without a postcode.

1. Letter by letter the same, without capitals, marks, spaces and punctuation: one place.
2. Else the numbers are the same, short ones (house, then flat) in one order; and the words are, in one order, wherever
   the line begins: `12 Mill Lane, Aldham` is `Aldham, Mill Lane 12`; `Aldham Road 5, Borgar` is not `Borgar Road 5,
   Aldham`.
3. A word with a full stop, or of at most three letters, may stand for a longer one with its first letter that has its
   letters in their order, if that begins with it, ends as it does or has nothing but vowels beside them (`Str` for
   Strasse, `Rd.` for Road and not for Ridge, `Ln` for Lane); at least one longer word is the same in full.
4. What only says that a number follows may be missing on one side: a word between two numbers (`12 flat 4` is `12/4`),
   a word with a full stop before one (`no. 12`). So may one postcode: the longest number, of four digits and more.
5. So may the abbreviation of what kind of way it is: a word of two letters and more with a full stop that a street
   begins with (`ul. Polna 12` and `ul. Polna, d. 12` are `Polna 12`). Where both have one it is the same: `pl. Polna`
   is another. One letter with a full stop that a town begins with (`g. Zielin`) may be missing where both tell the
   same postcode; without one `N. Zielin` may be another town.
6. A postcode may be two numbers (`00-120`, `110 00`): it is read as one, too.

It never takes two house or flat numbers for one, nor an address without a number for one that has it.
"""

import re
from collections import Counter
from dataclasses import dataclass
from itertools import combinations

from musterroll.linkage.comparison import fold
from musterroll.linkage.script import latin

_SIGN = re.compile(r"\d+[^\W\d_]?(?![^\W_])|\d+|[^\W\d_]+\.?")
_KIND = re.compile(
    r"(?:^|[,;\n])\s*([^\W\d_]{2,}\.)"
    r"(?=\s*[^\W\d_](?:[^,;\n]*\d|[^,;\n]*,\s*(?:[^\W\d_]+\.\s*)?\d{1,3}[^\W\d_]?(?:[/-]\d+)?\s*(?:[,;\n]|$)))"
)
"""What kind of way it is, abbreviated, at the beginning of what stands between two commas and has a number, or is
followed by nothing but the house."""
_TOWN = re.compile(r"(?:^|[,;\n])\s*(?:\d{4,}\s+)?([^\W\d_]\.)(?=\s*[^\W\d_]{3}[^,;\n\d.]*(?:[,;\n]|$))")
"""One letter with a full stop that a town begins with."""
_PARTED = re.compile(r"\b(\d{2,5})-(\d{3,4})\b|\b(\d{3}) (\d{2})\b")
"""What may be a postcode of two numbers: the first as in Poland, Portugal, Japan, Brazil, the second as in Sweden."""
_APOSTROPHES = str.maketrans("", "", "'\u2019\u02bc`")
_VOWELS = frozenset("aeiouy")
POSTCODE = 4
"""A number of that many digits may be a postcode."""
SHORT = 3
"""A word of at most that many letters may be an abbreviation without a full stop."""
FULL = 3
"""A word of that many letters says something by itself."""


@dataclass(frozen=True, slots=True)
class Written:
    """An address taken apart. `forms` are its words, with and without those that only say that a number follows.

    `bare` is the same address without what kind of way it is, where it says so, `joined` with a postcode of two numbers
    in one, and `town` without the letter that the town begins with.
    """

    folded: str
    short: tuple[str, ...]
    long: Counter[str]
    words: tuple[str, ...]
    forms: frozenset[tuple[str, ...]]
    bare: "Written | None" = None
    joined: "Written | None" = None
    town: "Written | None" = None

    @property
    def signs(self) -> int:
        """How much of an address this is: the fuller of two that agree is the one to write on an envelope."""
        return len(self.short) + self.long.total() + len(self.words)


def written(text: str) -> Written:
    """The address in `text`, taken apart."""
    signs = _SIGN.findall(latin(text).casefold().translate(_APOSTROPHES))
    numbers = [sign for sign in signs if sign[0].isdigit()]
    long = [one for one in numbers if one.isdigit() and len(one) >= POSTCODE]
    words = [(sign, _leads(signs, at)) for at, sign in enumerate(signs) if not sign[0].isdigit()]
    spare = [at for at, (_, leads) in enumerate(words) if leads][:3]
    forms = {
        tuple(word for at, (word, _) in enumerate(words) if at not in left_out)
        for count in range(len(spare) + 1)
        for left_out in combinations(spare, count)
    }
    short = tuple(one for one in numbers if one not in long)
    whole = tuple(word for word, _ in words)
    kind = _KIND.search(text)
    bare = written(text[: kind.start(1)] + text[kind.end(1) :]) if kind else None
    one = _PARTED.sub(lambda parts: "".join(part or "" for part in parts.groups()), text)
    joined = written(one) if one != text else None
    letter = _TOWN.search(text)
    town = written(text[: letter.start(1)] + text[letter.end(1) :]) if letter else None
    return Written(fold(text) or "", short, Counter(long), whole, frozenset(forms), bare, joined, town)


def one_place(left: Written, right: Written) -> bool:
    """Whether both are one address."""
    if left.long and left.long == right.long and (left.town or right.town):
        return one_place(left.town or left, right.town or right)
    pairs = ((left, right), (left.bare or left, right), (left, right.bare or right))
    return any(_one_place(one, other) or _one_place(one.joined or one, other.joined or other) for one, other in pairs)


def _one_place(left: Written, right: Written) -> bool:
    if left.folded == right.folded:
        return bool(left.folded)
    if not _numbers_agree(left, right):
        return False
    return any(_same_words(left.words, form) for form in right.forms) or any(
        _same_words(form, right.words) for form in left.forms
    )


def _leads(signs: list[str], at: int) -> bool:
    """Whether the word there only says that a number follows."""
    follows = at + 1 < len(signs) and signs[at + 1][0].isdigit()
    return follows and (signs[at].endswith(".") or (at > 0 and signs[at - 1][0].isdigit()))


def _numbers_agree(left: Written, right: Written) -> bool:
    if left.short != right.short or not (left.short or (left.long and right.long)):
        return False
    if left.long == right.long:
        return True
    less, more = sorted((left.long, right.long), key=Counter.total)
    extra = more - less
    return not less - more and extra.total() == 1 and len(next(iter(extra))) == max(map(len, more))


def _same_words(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    if len(left) != len(right):
        return False
    turned = (right[at:] + right[:at] for at in range(max(1, len(right))))
    return any(
        all(map(_same_word, left, words))
        and any(one == other and len(one) >= FULL for one, other in zip(left, words, strict=True))
        for words in turned
    )


def _same_word(one: str, other: str) -> bool:
    short, whole = sorted((one.rstrip("."), other.rstrip(".")), key=len)
    if short == whole:
        return True
    stopped = (one if one.rstrip(".") == short else other).endswith(".")
    if not stopped and len(short) > SHORT:
        return False
    rest = iter(whole)
    in_order = short[0] == whole[0] and all(letter in rest for letter in short)
    ends = whole.startswith(short) or whole[-1] == short[-1]
    return in_order and (ends or set(Counter(whole) - Counter(short)) <= _VOWELS)
