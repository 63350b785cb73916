"""Names in other scripts and other spellings, brought to one form so that two spellings of one name can be equal.

1. `latin` turns letters of the scripts below into Latin ones, letter by letter (Greek also by some pairs of letters);
   one without a table stays as it is.
2. `keys` gives the words of a name in a normal form in which usual transliterations meet (Yuri, Iurii, Jurij), without
   particles (van, al-, de la) where something is left. What of them must agree says `linkage.pair`.
3. A word written without vowels (Arabic, Hebrew) is marked `~` and can only meet the consonants of the other side.
4. This serves one question only, whether two spellings are of one name. Nothing is concluded from a script or a name.

The tables follow, simplified to what meets most often: ISO 9, ALA-LC and passport practice for Cyrillic; ISO 843 for
Greek; ISO 9985 for Armenian; ISO 9984 for Georgian; ISO 259 for Hebrew; ALA-LC for Arabic and Persian letters.
"""

import re
import unicodedata
from functools import lru_cache

from musterroll.extract.digits import OTHER_DIGITS

_CYRILLIC = {
    **dict(zip("абвгдезийклмнопрстуфхыэіїєґѓќјљњћђџўўңөүәқғұһ", (
        "a", "b", "v", "g", "d", "e", "z", "i", "i", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f", "kh", "y",
        "e", "i", "i", "ie", "g", "g", "k", "j", "lj", "nj", "c", "dj", "dj", "u", "u", "n", "o", "u", "a", "k", "g",
        "u", "h",
    ), strict=True)),
    "ё": "e", "ж": "zh", "ц": "ts", "ч": "tch", "ш": "sh", "щ": "shch", "ю": "iu", "я": "ia", "ъ": "", "ь": "",
}  # fmt: skip
_GREEK = {
    **dict(zip("αβγδεζηικλμνξοπρστυφω", (
        "a", "v", "g", "d", "e", "z", "i", "i", "k", "l", "m", "n", "x", "o", "p", "r", "s", "t", "y", "f", "o",
    ), strict=True)),
    "θ": "th", "χ": "ch", "ψ": "ps",
}  # fmt: skip
_GREEK_PAIRS = tuple(
    (re.compile(pattern), made)
    for pattern, made in (
        ("ο[υύ]", "ou"),
        (r"([αεη])[υύ](?=[θκξπστφχψ]|\b)", r"\1f"),
        ("([αεη])[υύ]", r"\1v"),
        ("γ(?=[γξχ])", "n"),
        (r"\bμπ", "b"),
    )
)
"""Two letters that sound as one (ISO 843, type 2, as in passports). A mark on the first, or two dots, parts them."""
_ARMENIAN = dict(zip("աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆև", (
    "a", "b", "g", "d", "e", "z", "e", "e", "t", "zh", "i", "l", "kh", "ts", "k", "h", "dz", "gh", "tch", "m", "y",
    "n", "sh", "o", "tch", "p", "j", "r", "s", "v", "t", "r", "ts", "v", "p", "k", "o", "f", "ev",
), strict=True))  # fmt: skip
_GEORGIAN = dict(zip("აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ", (
    "a", "b", "g", "d", "e", "v", "z", "t", "i", "k", "l", "m", "n", "o", "p", "zh", "r", "s", "t", "u", "p", "k",
    "gh", "k", "sh", "tch", "ts", "dz", "ts", "tch", "kh", "j", "h",
), strict=True))  # fmt: skip
_HEBREW = dict(zip("אבגדהוזחטיכךלמםנןסעפףצץקרשת", (
    "a", "b", "g", "d", "h", "u", "z", "kh", "t", "i", "k", "k", "l", "m", "m", "n", "n", "s", "", "p", "p", "ts",
    "ts", "k", "r", "sh", "t",
), strict=True))  # fmt: skip
_ARABIC = dict(zip("ابتثجحخدذرزسشصضطظعغفقكلمنهويةىءأإآؤئپچژگکی", (
    "a", "b", "t", "th", "j", "h", "kh", "d", "dh", "r", "z", "s", "sh", "s", "d", "t", "z", "", "gh", "f", "k", "k",
    "l", "m", "n", "h", "u", "i", "a", "a", "", "a", "a", "a", "u", "i", "p", "tch", "zh", "g", "k", "i",
), strict=True))  # fmt: skip
_LATIN = {
    "ß": "ss", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ə": "a",
    "ŋ": "n", "ŧ": "t", "ĸ": "k", "ſ": "s", "ʻ": "", "ʼ": "", "’": "", "'": "", "`": "",
}  # fmt: skip

_LETTERS = str.maketrans(_LATIN | _CYRILLIC | _GREEK | _ARMENIAN | _GEORGIAN | _HEBREW | _ARABIC) | OTHER_DIGITS
_APOSTROPHES = str.maketrans("", "", "'`")
_ABJAD = frozenset([*_HEBREW, *_ARABIC])

_WORDS = (
    "van von der den de del della delle degli di da do dos das du la las le les lo los al el ul as ar bin ibn ben bint "
    "bt af av zu zum zur ter ten te ap ab of y e i und et"
)
PARTICLES = frozenset(_WORDS.split(" "))
"""Words that join the parts of a name and are left out, or written together, as offices please."""

_NORMAL = tuple(
    (re.compile(pattern), made)
    for pattern, made in (
        ("^[ae]l(?=[bcdfghjklmnpqrstvwxz][a-z]{3})", ""),  # alhassan, elhassan
        ("shch|sch|sh|sz", "s"),
        ("tsch|tch|cz|^ch(?=[aeiou])", "c"),
        ("zh", "z"),
        ("[kc]h", "h"),
        ("t[sz]", "c"),
        ("ph", "f"),
        ("([tgd])h", r"\1"),
        ("dz|dj", "j"),
        ("x", "ks"),
        ("ck|q|c(?=[aoulr])", "k"),
        ("w", "v"),
        ("ou|oo", "u"),
        ("ee", "i"),
        ("([aou])e", r"\1"),
        ("(?<=[bcdfglmnprstvz])([yj]o(?=.)|io(?=[dmtv]))", "e"),  # Fyodor, Artiom: as passports write them
        ("[yj]", "i"),
        (r"(.)\1+", r"\1"),
        ("^ie", "e"),
        ("(?<=[aeiou])h$", ""),
    )
)
_SERVANT = re.compile(r"\b(?:abd|عبد)(?:[\s-]*[aeu]l)?[\s-]+(?=\w)", re.IGNORECASE)
_VOWELS = re.compile("[aeiouv]")


def latin(text: str) -> str:
    """`text` in small letters without marks, its letters Latin where the table knows them; other signs as they are."""
    if text.isascii():
        return text.lower().translate(_APOSTROPHES)
    folded = unicodedata.normalize("NFC", text).casefold()
    if _GREEK.keys() & set(folded):
        for pattern, made in _GREEK_PAIRS:
            folded = pattern.sub(made, folded)
    plain = unicodedata.normalize("NFKD", folded.translate(_LETTERS))
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return bare.translate(_LETTERS)


@lru_cache(maxsize=65_536)
def keys(text: str) -> str | None:
    """The words of a name in their normal form, sorted, with one space between; None when there are none."""
    found = [_marked(word) for word in re.split(r"[\W_]+", _joined(text)) if word]
    told = [(plain, key) for plain, key in found if key]
    kept = {key for plain, key in told if plain not in PARTICLES} or {key for _, key in told}
    return " ".join(sorted(kept)) or None


def skeleton(keys_of_name: str) -> frozenset[str]:
    """The consonants of each word of `keys`; words of fewer than two consonants say too little and are left out."""
    words = (_VOWELS.sub("", word.removeprefix("~")) for word in keys_of_name.split(" "))
    return frozenset(word for word in words if len(word) > 1)


def _joined(text: str) -> str:
    """Apostrophes and marks inside a word are no end of it, nor is what follows Abd (Abd al-Rahman)."""
    whole = re.sub("['`’ʻʼ]", "", unicodedata.normalize("NFC", text))
    return _SERVANT.sub(lambda found: re.sub(r"[\W_]", "", found[0]), whole)


def _marked(word: str) -> tuple[str, str]:
    abjad = any(letter in _ABJAD for letter in word.casefold())
    plain = latin(word)
    key = plain
    for pattern, made in _NORMAL:
        key = pattern.sub(made, key)
    if not abjad:
        return plain, key
    bare = _VOWELS.sub("", key).removesuffix("h")  # at the end it stands for a vowel
    return plain, f"~{bare}" if bare else ""
