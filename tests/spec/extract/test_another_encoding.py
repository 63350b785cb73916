"""Chapter: a register that is read in another encoding than it was written in, and can be read. It does not pass."""

import hashlib
import random
import unicodedata
from dataclasses import replace

import pytest

from musterroll.dates import parse_day
from musterroll.errors import MusterRollError
from musterroll.extract.check import receive
from musterroll.extract.declaration import load_source
from musterroll.extract.lines import lines_of
from musterroll.extract.manifest import Manifest

DECLARED = """
source: civil
kind: civil register
agency: Civil Register Office
legal_basis: art. 20 (1)
purpose: administration
format: csv
encoding: utf-8
founds: persons
rows_per_record: one
records_per_person: one
freshness_days: 30
silence: everybody
delta: {column: change, put: [put], drop: [drop]}
schema:
  primaryKey: entry
  fields:
    - {name: entry, constraints: {required: yes}}
    - {name: given, role: given}
    - {name: family, role: family}
    - {name: town, role: town}
limits: {rows: [1, 10000]}
"""
SOURCE = load_source(DECLARED)
RUSSIAN = (
    "Александр Дмитрий Сергей Андрей Илья Кирилл Никита Егор Денис Евгений Игорь Павел Анна Мария Дарья Юлия Ксения",
    "Иванов Смирнов Кузнецов Попов Васильев Петров Соколов Михайлов Новиков Фёдоров Морозов Волков Лебедев Козлов",
)
TURKISH = (
    "Ayşe Çağla Doğan Emine Gökhan İbrahim Işıl Mehmet Özgür Şule Ümit Yiğit Can Burçin Barış",
    "Yılmaz Kaya Demir Şahin Çelik Yıldız Öztürk Aydın Arslan Doğan Kılıç Çetin Erdoğan Güneş Çakır",
)
POLISH = (
    "Łukasz Paweł Michał Grażyna Małgorzata Stanisław Róża Zdzisława Żaneta Józef Jan Anna Ewa",
    "Wiśniewski Wójcik Kamiński Zieliński Szymański Woźniak Dąbrowski Kozłowski Król Pawłowski Bąk Stępień Nowak",
)


def people(names, count, seed=1):
    chance = random.Random(seed)
    given, family = (words.split() for words in names)
    return [[f"E{n}", chance.choice(given), chance.choice(family), "Ort"] for n in range(count)]


def received(rows, written="utf-8", declared=None, previous=None, base=""):
    heading = "entry,given,family,town" + (",change" if base else "")
    text = "\n".join([heading, *(",".join([*row, *(["put"] if base else [])]) for row in rows), ""])
    file = text.encode(written)
    told = Manifest(
        source="civil",
        as_of=parse_day("2020-12-31"),
        rows=len(rows),
        sha256=hashlib.sha256(file).hexdigest(),
        full=not base,
        base=base,
    )
    source = replace(SOURCE, encoding=declared or written)
    return receive(source, told, file, previous=previous, today=parse_day("2021-01-05"))


def codes(delivery):
    return {finding.code for finding in delivery.findings}


@pytest.mark.parametrize("names", [RUSSIAN, TURKISH, POLISH])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_other_people_of_one_country_have_the_letters_that_names_there_have(names, encoding):
    last = received(people(names, 3000)).profile
    assert codes(received(people(names, 3000, seed=2), encoding, previous=last)) == set()
    assert codes(received(people(names, 120, seed=3), encoding, previous=last, base="ab" * 32)) == set()


@pytest.mark.parametrize(
    ("names", "written", "declared"),
    [
        (RUSSIAN, "koi8-r", "windows-1251"),
        (RUSSIAN, "windows-1251", "koi8-r"),
        (RUSSIAN, "windows-1251", "windows-1252"),
        (TURKISH, "windows-1254", "windows-1252"),
        (POLISH, "windows-1250", "windows-1252"),
    ],
)
def test_letters_that_are_others_since_the_last_delivery_wait(names, written, declared):
    last = received(people(names, 3000), declared if names is RUSSIAN and declared != "windows-1252" else "utf-8")
    assert "letters" in codes(received(people(names, 3000), written, declared, last.profile))
    assert "letters" in codes(received(people(names, 300, seed=2), written, declared, last.profile, base="ab" * 32))


@pytest.mark.parametrize(
    ("names", "written", "declared"),
    [
        (RUSSIAN, "cp866", "windows-1251"),
        (POLISH, "iso-8859-2", "windows-1250"),
        (POLISH, "cp852", "iso-8859-2"),
    ],
)
def test_signs_that_no_name_has_wait_on_the_first_day(names, written, declared):
    first = received(people(names, 1000), written, declared)
    assert "signs" in codes(first)
    told = next(finding.what for finding in first.findings if finding.code == "signs")
    assert told.startswith("The number of signs that no name has, in a hundred cells of `")
    assert told.endswith("expected is 0.00 % to 1.00 %. The file may be written in another encoding than declared.")


def test_who_writes_in_capitals_or_letters_and_marks_apart_has_the_same_letters():
    rows = people(RUSSIAN, 2000)
    last = received(rows).profile
    other = [[row[0], *(unicodedata.normalize("NFD", cell.upper()) for cell in row[1:3]), row[3]] for row in rows]
    assert codes(received(other, previous=last)) == set()


def test_letters_that_are_lost_wait_and_the_place_is_told():
    last = received(people(TURKISH, 1000)).profile
    plain = str.maketrans("ışğçöüİŞĞÇÖÜ", "isgcouISGCOU")
    lost = [[row[0], row[1].translate(plain), row[2], row[3]] for row in people(TURKISH, 1000)]
    (finding,) = received(lost, previous=last).findings
    assert finding.what == (
        "Since the last delivery, 100.00 % of the letters outside ASCII in `given` are others; expected is at most "
        "35.00 %. The file may be written in another encoding than declared."
    )


ICELANDIC = (
    "Guðrún Þórður Sigríður Jón Ólafur Þóra Gunnar Magnús Einar Kristín Friðþjófur Ýmir Sigþór Guðný Anna Björn",
    "Þorvaldsdóttir Guðmundsson Jónsdóttir Sigurðsson Þórðarson Árnadóttir Briem Guðjónsson Daðason Thors",
)
PORTUGUESE = ("Conceição Gonçalo João Lourenço Inês França", "Gonçalves Araújo França Lourenço Simões Graça")


@pytest.mark.parametrize("declared", ["windows-1252", "iso-8859-1"])
@pytest.mark.parametrize("base", ["", "ab" * 32])
def test_turkish_letters_read_as_icelandic_ones_wait_on_the_first_day(declared, base):
    first = received(people(TURKISH, 200), "windows-1254", declared, base=base)
    assert codes(first) == {"letters"}
    told = next(finding.what for finding in first.findings if "`family`" in finding.what)
    assert told.startswith("Of the letters outside ASCII in `family` ")
    assert told.endswith(
        "names of one language have at most one of the two, expected is 8.00 % or less. The file may be written in "
        "another encoding than declared."
    )
    assert codes(received(people(TURKISH, 200), "windows-1254", base=base)) == set()


@pytest.mark.parametrize("encoding", ["windows-1252", "iso-8859-1", "utf-8"])
def test_icelandic_names_do_not_wait_though_one_in_ten_writes_a_cedilla(encoding):
    for seed in range(20):
        rows = [
            [f"E{n}", *row[1:]] for n, row in enumerate(people(ICELANDIC, 900, seed) + people(PORTUGUESE, 100, seed))
        ]
        assert codes(received(rows, encoding)) == set()
        assert codes(received(people(PORTUGUESE, 300, seed), encoding)) == set()


def test_of_twenty_turkish_names_nothing_follows():
    assert codes(received(people(TURKISH, 20), "windows-1254", "windows-1252")) == set()


def test_of_few_letters_nothing_follows():
    last = received(people(RUSSIAN, 20)).profile
    assert codes(received(people(RUSSIAN, 20), "koi8-r", "windows-1251", last)) == set()
    rare = [[row[0], "Zoë" if n % 60 == 0 else "Jan", "Smit", row[3]] for n, row in enumerate(people(POLISH, 6000))]
    last = received(rare).profile
    assert codes(received([[*row[:1], "Jan", *row[2:]] for row in rare], previous=last)) == set()


def test_a_last_delivery_of_which_no_letters_were_kept_asks_nothing():
    last = replace(received(people(TURKISH, 2000)).profile, letters={})
    assert codes(received(people(TURKISH, 2000), "windows-1254", "windows-1252", last)) == set()


@pytest.mark.parametrize("base", ["", "ab" * 32])
def test_names_the_wrong_way_round_wait_on_the_first_day(base):
    first = received(people(RUSSIAN, 200), "koi8-r", "windows-1251", base=base)
    assert codes(first) == {"inverted"}
    assert first.findings[0].what == (
        "The share of names in `given` that begin small and go on in capitals is 100.00 %; expected is 0.00 % to "
        "50.00 %. The file may be written in another encoding than declared."
    )


@pytest.mark.parametrize("names", [RUSSIAN, TURKISH, POLISH])
def test_names_in_capitals_or_small_or_with_a_small_particle_are_no_names_the_wrong_way_round(names):
    rows = people(names, 2000)
    ascii_only = {ord(letter): letter.upper() for letter in "abcdefghijklmnopqrstuvwxyz"}
    writings = (
        str.upper,
        str.lower,
        str.title,
        lambda name: name.translate(ascii_only),  # programs that know no other letters than English ones
        lambda name: name.lower().translate(ascii_only),
        lambda name: f"de {name.upper()}",
        lambda name: f"д'{name.upper()}",
    )
    for written in writings:
        assert codes(received([[row[0], *map(written, row[1:3]), row[3]] for row in rows])) == set()


@pytest.mark.parametrize("declared", ["windows-1252", "iso-8859-9", "mac-roman", "gb18030"])
def test_a_file_that_is_utf_8_throughout_is_refused_under_another_name(declared):
    file = "entry,given,family,town\nE1,Ayşe,Özgür,Ümit\n".encode()
    with pytest.raises(MusterRollError) as refused:
        lines_of(replace(SOURCE, encoding=declared), file)
    assert str(refused.value) == (
        f"The file is not written in {declared}: it is UTF-8 from the first byte to the last. "
        f"Where: delivery of civil. What to do: Ask the agency to write the file in {declared}, or declare "
        "`encoding: utf-8`. [delivery.encoding]"
    )


def test_one_letter_that_could_be_utf_8_refuses_nothing():
    file = "entry,given,family,town\nE1,Ã©,b,c\n".encode("windows-1252")
    assert lines_of(replace(SOURCE, encoding="windows-1252"), file).rows[0]["given"] == "Ã©"
