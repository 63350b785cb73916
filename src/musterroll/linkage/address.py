"""Parts of an address in one form, so that two offices that write one dwelling each in its own way write the same.

1. A word that offices abbreviate stands as the first of its line below (`Long Street`, `Long St.`; `Hauptstraße`,
   `Hauptstr.`). One line may be several languages': that Street and Saint are one word tells few addresses apart less.
2. What only says that a street, house or flat follows is left out (`ul. Polna` is `Polna`, `Apt 4B` is `4B`).
3. House and flat in one cell are two numbers (`119-11`, `119/11`, `д. 119 кв. 11`), as where each has its own.

The words are of the dictionaries of libpostal (openvenues, MIT licence), those that meet most often.
"""

import re
from collections.abc import Iterable

from musterroll.linkage.script import latin


def _each(words: str) -> frozenset[str]:
    return frozenset(words.split())


_ABBREVIATED = """
st street str saint sankt sint straat strasse sveti sv svaty swiety sw
avenue ave av aven avda avd avenida
road rd
lane ln
dr drive doctor doktor
court ct
square sq
pl place plaza plac platz
terrace ter
crescent cres
boulevard blvd bd bul bulvar bulwar
highway hwy
parkway pkwy
circle cir
gardens gdns
mount mt
fort ft
c calle cl
r rue rua
v via
piazza pza pzza
carretera ctra
travessa trav traverse
ch chemin
g gasse
u utca
krt korut
pereulok per
pr prospekt prosp prospect
namesti nam namestie
trida tr
aleja al alley
osiedle os
sok sokak sk
caddesi cad cd
mahallesi mah mahalle
n north norte nord
s south sur sul sud sued
e east este est ost
w west
general gen
professor prof
"""
STREETS = _each("ul ulica ulice ulitsa vul vulitsia vulica ulitca odos")
"""Words that only say that a street follows."""
HOUSES = _each("no nr num numero nummer numer number n d dom haus house h")
"""Words that only say that the number of a house follows."""
FLATS = _each(
    "kv kvartira flat fl apt apartment apartamento apto ap app appt appartement unit suite ste room rm m lok "
    "mieszkanie whg wohnung top tuer int interno piso pta puerta dpto depto byt lgh daire em emelet ajto corpus korp"
)
"""Words that only say that the number of a flat follows."""
_TOWN = re.compile(r"(?:^|(?<=[,;\n\d]))\s*(?:г|гор|город|м|місто|с|село|п|пос|д|дер)\.\s*(?=[^\W\d])", re.IGNORECASE)
"""What only says that a town follows."""

_SAME = {word: line.split()[0] for line in _ABBREVIATED.strip().splitlines() for word in line.split()}
_ENDING = re.compile("(?<=[a-z]{2})(?:strasse|straat|str)$")
_WORD = re.compile(r"\d+[^\W\d_]?(?![^\W_])|\d+|[^\W\d_]+")


def words(text: str) -> list[str]:
    """Numbers and words of `text`, each word in the form of its line; a number has the letter that stands at it."""
    return [_SAME.get(word, _ENDING.sub("st", word)) for word in _WORD.findall(latin(text))]


def town(text: str) -> str | None:
    """The town as it is compared: `г. Чижово` is `chizhovo`. None where nothing is written."""
    return "".join(words(without_kinds(text))) or None


def without_kinds(text: str) -> str:
    """`text` without what only says that a town follows, at its beginning and after a comma or number."""
    return _TOWN.sub(" ", text)


def street(text: str) -> str | None:
    """The street as it is compared: `ul. Polna` and `Ulica Polna` are `polna`. None where nothing is written."""
    found = words(text)
    return "".join([word for word in found if word not in STREETS] or found) or None


def numbers(text: str) -> str | None:
    """House or flat as it is compared, numbers apart: `No. 119/11` is `119 11`. None where nothing is written."""
    found = words(text)
    return " ".join(_joined(word for word in found if word not in HOUSES | FLATS)) or " ".join(found) or None


def _joined(found: Iterable[str]) -> list[str]:
    """A word stands at the number before it: `5 a` is `5a`, `12 bis` is `12bis`."""
    told: list[str] = []
    for word in found:
        if told and not word[0].isdigit():
            told[-1] += word
        else:
            told.append(word)
    return told
