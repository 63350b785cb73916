"""Whether two offices write one address: each in its own order, with its own abbreviations, with or without a postcode.

1. Letter by letter the same, without capitals, marks, spaces and punctuation: one place.
2. Else the numbers are the same, short ones (house, then flat) in one order; and the words are, in one order, wherever
   the line begins: `12 Mill Lane, Aldham` is `Aldham, Mill Lane 12`; `Aldham Road 5, Borgar` is not `Borgar Road 5,
   Aldham`.
3. A word with a full stop, or of at most three letters, may stand for a longer one with its first letter that has its
   letters in their order, if that begins with it, ends as it does or has nothing but vowels beside them (`Str` for
   Strasse, `Rd.` for Road and not for Ridge, `Ln` for Lane); at least one longer word is the same in full.
4. What only says that a number follows may be missing on one side: a word between two numbers (`12 flat 4` is `12/4`),
   one that is known or has a full stop before one (`nr 12`, `no. 12`), two letters before a postcode (`IL 62701`). A
   known word for a flat (`linkage.address`) may be another one, and the flat stands behind the house wherever it is
   written (`Apt 4, 12 Mill Lane`; `12 Mill Lane, Unit 4`). One postcode may be missing: the longest number, of four
   digits and more, or letters with digits (`AB1 2CD`).
5. So may what kind of way it is, if that is known (`ulica`), or an abbreviation of two letters and more with a full
   stop that a street begins with (`ul. Polna 12` is `Polna 12`). Where both have one it is the same: `pl. Polna 12` is
   another place.
6. A postcode may be two numbers (`00-120`, `110 00`): it is read as one, too; of `62701-1234` the first one counts.
7. Of the parts between commas the first or the last two may be missing on one side where they are words alone (a town,
   a county, a country) and the rest has a number and two words.

It never takes two house or flat numbers for one, nor an address without a number for one that has it.
"""

import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import combinations

from musterroll.linkage.address import FLATS, HOUSES, STREETS, without_kinds
from musterroll.linkage.comparison import fold
from musterroll.linkage.script import latin

_SIGN = re.compile(r"\d+[^\W\d_]?(?![^\W_])|\d+|[^\W\d_]+\.?")
_KIND = re.compile(
    r"(?:^|[,;\n])\s*(?:([^\W\d_]{2,}\.)(?=\s*[^\W\d_][^,;\n]*\d)"
    rf"|((?:{'|'.join(sorted(STREETS))})\b\.?)(?=\s*[^\W\d_]))"
)
"""What kind of way it is, at the beginning of what stands between two commas: known, or abbreviated, with a number."""
_PARTED = re.compile(r"\b(\d{2,5})-(\d{3,4})\b|\b(\d{3}) (\d{2})\b")
"""What may be a postcode of two numbers: the first as in Poland, Portugal, Japan, Brazil, the second as in Sweden."""
_LETTERED = re.compile(r"\b(?:[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}|[a-z]\d[a-z] ?\d[a-z]\d)\b")
"""A postcode of letters and digits, as in Britain and in Canada."""
_AND_FOUR = re.compile(r"\b(\d{5})-\d{4}\b")
_ENDS = re.compile(r"\s*[,;\n]\s*")
_APOSTROPHES = str.maketrans("", "", "'\u2019\u02bc`")
_COUNTED = re.compile(r"(?<=\d)[\u00ba\u00aa\u00b0]")
_VOWELS = frozenset("aeiouy")
_NUMBERS = HOUSES - {"house", "haus", "d", "h", "n"}
"""Words that say nothing but that a number follows; a house may have a name."""
_QUARTERS = frozenset(["n", "s", "e", "w", "ne", "nw", "se", "sw", "north", "south", "east", "west"])
"""Before a number they belong to a street: `12 N 5th Street`."""
POSTCODE = 4
"""A number of that many digits may be a postcode."""
STATE = 2
"""A word of that many letters before a postcode is a state or a province."""
SHORT = 3
"""A word of at most that many letters may be an abbreviation without a full stop."""
FULL = 3
"""A word of that many letters says something by itself."""


@dataclass(frozen=True, slots=True)
class Written:
    """An address taken apart. `forms` are its words, with and without those that only say that a number follows.

    `bare` is the same address without what kind of way it is, where it says so, `joined` with a postcode of two numbers
    in one, and `shortened` without the first part or the last ones between commas.
    """

    folded: str
    short: tuple[str, ...]
    long: Counter[str]
    words: tuple[str, ...]
    forms: frozenset[tuple[str, ...]]
    bare: "Written | None" = None
    joined: "Written | None" = None
    shortened: "tuple[Written, ...]" = ()

    @property
    def signs(self) -> int:
        """How much of an address this is: the fuller of two that agree is the one to write on an envelope."""
        return len(self.short) + self.long.total() + len(self.words)


def written(text: str) -> Written:
    """The address in `text`, taken apart."""
    plain = latin(_COUNTED.sub("", _AND_FOUR.sub(r"\1", without_kinds(text)))).casefold().translate(_APOSTROPHES)
    return replace(_apart(plain), shortened=tuple(_apart(one) for one in _shortened(plain)))


def _shortened(plain: str) -> list[str]:
    """The address without one part of words alone at its beginning, or with one or two such less at its end."""
    parts = [part for part in _ENDS.split(plain) if part]
    told = [parts[1:]] if not _numbered(parts[:1]) else []
    told += [parts[:-count] for count in (1, 2) if not _numbered(parts[-count:])]
    return [
        ", ".join(rest) for rest in told if _numbered(rest) and len(re.findall(r"[^\W\d_]{3,}", " ".join(rest))) > 1
    ]


def _numbered(parts: list[str]) -> bool:
    return any(letter.isdigit() for part in parts for letter in part)


def _apart(plain: str) -> Written:
    lettered = [code.replace(" ", "") for code in _LETTERED.findall(plain)]
    signs, flats = _without_flats(_SIGN.findall(_LETTERED.sub(" ", plain)))
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
    kind = _KIND.search(plain)
    bare = _apart(plain[: kind.start(kind.lastindex or 0)] + plain[kind.end() :]) if kind else None
    one = _PARTED.sub(lambda parts: "".join(part or "" for part in parts.groups()), plain)
    joined = _apart(one) if one != plain else None
    return Written(fold(plain) or "", (*short, *flats), Counter(long + lettered), whole, frozenset(forms), bare, joined)


def _without_flats(signs: list[str]) -> tuple[list[str], list[str]]:
    """The signs without flats that a known word leads to, and their numbers; a house has a number beside them."""
    leading = [at for at, sign in enumerate(signs[:-1]) if _is_flat(signs, at, sign.rstrip("."))]
    taken = {place for at in leading for place in (at, at + 1)}
    if not any(sign[0].isdigit() and len(sign) < POSTCODE for at, sign in enumerate(signs) if at not in taken):
        return signs, []
    return [sign for at, sign in enumerate(signs) if at not in taken], [signs[at + 1] for at in leading]


def _is_flat(signs: list[str], at: int, word: str) -> bool:
    sure = len(word) > 1 or signs[at].endswith(".") or (at > 0 and signs[at - 1][0].isdigit())
    return word in FLATS and sure and signs[at + 1][0].isdigit()


def one_place(left: Written, right: Written) -> bool:
    """Whether both are one address."""
    pairs = [(left, right), *((one, right) for one in left.shortened), *((left, one) for one in right.shortened)]
    pairs += [(one.bare or one, other) for one, other in pairs] + [(one, other.bare or other) for one, other in pairs]
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
    if not follows or signs[at].rstrip(".") in _QUARTERS:
        return False
    numbers = sum(sign[0].isdigit() for sign in signs)
    a_state = len(signs[at]) == STATE and len(signs[at + 1]) > POSTCODE and numbers > 1
    return a_state or signs[at] in _NUMBERS or signs[at].endswith(".") or (at > 0 and signs[at - 1][0].isdigit())


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
