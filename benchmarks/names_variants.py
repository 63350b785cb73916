"""Names of several scripts and the ways in which offices write them: what `benchmarks.names` is measured on.

1. The tables here are not the product's (`linkage/script.py`): transliterations follow the published systems named
   beside them, and Arabic names the spellings that passports of several countries bear.
2. A kind is a way of writing one name otherwise. It gets a given and a family name and gives those an office would
   write; None where the kind does not apply to them (no mark to lose, one family name only).
"""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

type Names = tuple[str, str]
type Kind = Callable[[str, str], Names | None]


@dataclass(frozen=True, slots=True)
class Script:
    """The names of a script's civil register, and the kinds in which other offices write them."""

    name: str
    given: tuple[str, ...]
    family: tuple[str, ...]
    kinds: dict[str, Kind]


_RUSSIAN = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _table(letters: str, written: str) -> dict[str, str]:
    return dict(zip(letters, ("" if one == "-" else one for one in written.split()), strict=True))


ICAO = _table(_RUSSIAN, "a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh shch ie y - e iu ia")
"""ICAO 9303, as in passports."""
ISO_9 = _table(_RUSSIAN, "a b v g d e ë ž z i j k l m n o p r s t u f h c č š ŝ ʺ y ʹ è û â")
BGN = _table(_RUSSIAN, "a b v g d e yo zh z i y k l m n o p r s t u f kh ts ch sh shch ” y ’ e yu ya")
"""BGN/PCGN 1947."""
GERMAN = _table(_RUSSIAN, "a b w g d e jo sch s i j k l m n o p r s t u f ch z tsch sch schtsch - y - e ju ja")
"""As the Duden writes Russian names."""
FRENCH = _table(_RUSSIAN, "a b v gu d e io j z i ï k l m n o p r s t ou f kh ts tch ch chtch - y - e iou ia")

_UKRAINIAN = "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя'"
KMU = _table(_UKRAINIAN, "a b v h g d e ie zh z y i i i k l m n o p r s t u f kh ts ch sh shch - iu ia -")
"""The Ukrainian government's resolution 55 of 2010."""
THROUGH_RUSSIAN = _table(_UKRAINIAN, "a b v g g d e e zh z i i i i k l m n o p r s t u f kh ts ch sh shch - yu ya -")

_GREEK = "αβγδεζηθικλμνξοπρσςτυφχψω"
ELOT = _table(_GREEK, "a v g d e z i th i k l m n x o p r s s t y f ch ps o")
"""ELOT 743 (ISO 843), as in passports, with the pairs below."""
_ELOT_PAIRS = {"ου": "ou", "αυ": "av", "ευ": "ev", "γγ": "ng", "γχ": "nch", "γξ": "nx"}
BGN_GREEK = _table(_GREEK, "a v g d e z i th i k l m n x o p r s s t i f kh ps o")
_BGN_PAIRS = {
    "ου": "ou",
    "αυ": "av",
    "ευ": "ev",
    "αι": "e",
    "ει": "i",
    "οι": "i",
    "μπ": "b",
    "ντ": "d",
    "γγ": "ng",
    "γκ": "g",
}
CLASSICAL = _table(_GREEK, "a b g d e z e th i k l m n x o p r s s t y ph ch ps o")


def _written(table: dict[str, str], text: str, pairs: dict[str, str] | None = None) -> str:
    bare = "".join(one for one in unicodedata.normalize("NFD", text.lower()) if one != "\u0301")
    bare = unicodedata.normalize("NFC", bare)
    for pair, letters in (pairs or {}).items():
        bare = bare.replace(pair, letters)
    return "".join(table.get(one, one) for one in bare).title()


def _system(table: dict[str, str], pairs: dict[str, str] | None = None) -> Kind:
    return lambda given, family: (_written(table, given, pairs), _written(table, family, pairs))


def exchanged(given: str, family: str) -> Names:
    """The family name in the column of the given name, and the other way round."""
    return family, given


def _exchanged_and(kind: Kind) -> Kind:
    def both(given: str, family: str) -> Names | None:
        found = kind(given, family)
        return None if found is None else exchanged(*found)

    return both


def _with_patronymic(father: str, kind: Kind | None = None) -> Kind:
    """The patronymic beside the given name, in one column."""

    def beside(given: str, family: str) -> Names | None:
        told = f"{given} {father}"
        return (told, family) if kind is None else kind(told, family)

    return beside


def _womans(kind: Kind) -> Kind:
    """A family name with a woman's ending, as the other office has it without."""
    return lambda given, family: kind(given, family + "а") if family.endswith(("ов", "ев", "ин")) else None


RUSSIAN = Script(
    "Cyrillic (Russian)",
    _words(
        "Юрий Алексей Дмитрий Сергей Владимир Михаил Николай Пётр Фёдор Григорий Евгений Илья Тимофей Анатолий "
        "Василий Ярослав Эдуард Юлия Наталья Екатерина Татьяна Ольга Светлана Людмила Галина Ксения Анастасия Любовь "
        "Зоя Жанна Вячеслав Аркадий Семён Захар Игорь Лев Матвей Геннадий Валерий Щукарь"
    ),
    _words(
        "Иванов Петров Сидоров Кузнецов Попов Соколов Лебедев Козлов Новиков Морозов Волков Алексеев Соловьёв Яковлев "
        "Жуков Щербаков Чернышёв Шишкин Цветков Хохлов Юдин Эйхенбаум Бобров Фёдоров Зайцев Ершов Ильин Горький "
        "Толстой Достоевский Чайковский Мусоргский Ющенко Ильиных Черных Быков Рыжов Журавлёв Мещеряков Гущин"
    ),
    {
        "ICAO 9303 (passport)": _system(ICAO),
        "ISO 9": _system(ISO_9),
        "BGN/PCGN": _system(BGN),
        "German": _system(GERMAN),
        "French": _system(FRENCH),
        "ICAO, order exchanged": _exchanged_and(_system(ICAO)),
        "patronymic beside the given name": _with_patronymic("Иванович"),
        "the same in ICAO": _with_patronymic("Иванович", _system(ICAO)),
        "woman's ending": _womans(lambda given, family: (given, family)),
        "woman's ending in ICAO": _womans(_system(ICAO)),
    },
)
UKRAINIAN = Script(
    "Cyrillic (Ukrainian)",
    _words(
        "Володимир Олександр Сергій Юрій Андрій Михайло Микола Василь Григорій Євген Ілля Олексій Дмитро Ярослав "
        "Богдан Тарас Остап Назар Юлія Наталія Катерина Тетяна Ольга Оксана Ганна Галина Ірина Людмила Зоя Їжакевич"
    ),
    _words(
        "Шевченко Коваленко Бондаренко Ткаченко Кравченко Олійник Шевчук Поліщук Мельник Лисенко Гончар Ющенко "
        "Зеленський Порошенко Хмельницький Сковорода Франко Грушевський Гнатюк Щербак Яценюк Ґалаґан Їжак Єрмак "
        "Цимбал Чорновіл Жадан Кличко Лук'яненко Дзюба"
    ),
    {
        "resolution 55 (passport)": _system(KMU),
        "through Russian": _system(THROUGH_RUSSIAN),
        "resolution 55, order exchanged": _exchanged_and(_system(KMU)),
        "patronymic beside the given name": _with_patronymic("Петрович"),
    },
)
GREEK = Script(
    "Greek",
    _words(
        "Γεώργιος Ιωάννης Δημήτριος Κωνσταντίνος Νικόλαος Παναγιώτης Βασίλειος Χρήστος Αθανάσιος Μιχαήλ Ευάγγελος "
        "Σπυρίδων Θεόδωρος Χαράλαμπος Αντώνιος Γρηγόριος Ηλίας Σταύρος Ξενοφών Φίλιππος Μαρία Ελένη Αικατερίνη "
        "Βασιλική Σοφία Αγγελική Ευαγγελία Ψυχή Χρυσάνθη Ουρανία"
    ),
    _words(
        "Παπαδόπουλος Βλάχος Αγγελόπουλος Νικολαΐδης Γεωργίου Δημητρίου Οικονόμου Παπαγεωργίου Μακρής Κωνσταντινίδης "
        "Χατζής Ζαφειρίου Θεοδωράκης Ξενάκης Φωτόπουλος Ψαρρός Μπακογιάννης Ντόκος Γκίκας Τσίπρας Ευθυμίου Αυγερινός "
        "Κουτσογιάννης Σγουρός Λαμπρόπουλος Παντελίδης Χριστοφόρου Ραυτόπουλος Ιωαννίδης Καραμπέτσος"
    ),
    {
        "ELOT 743 (passport)": _system(ELOT, _ELOT_PAIRS),
        "BGN/PCGN": _system(BGN_GREEK, _BGN_PAIRS),
        "classical": _system(CLASSICAL, {"ου": "u"}),
        "ELOT, order exchanged": _exchanged_and(_system(ELOT, _ELOT_PAIRS)),
        "capitals without accents": lambda given, family: (_capitals(given), _capitals(family)),
    },
)


def _capitals(text: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFD", text.upper()) if not unicodedata.combining(one))


# Each name with its spelling in English-, French- and German-speaking offices' passports, and in ALA-LC.
_ARABIC_GIVEN = """
محمد Mohammed Mohamed Muhammad Muḥammad
أحمد Ahmed Ahmed Ahmad Aḥmad
محمود Mahmoud Mahmoud Mahmud Maḥmūd
علي Ali Ali Ali ʻAlī
حسن Hassan Hassen Hasan Ḥasan
حسين Hussein Houcine Hussain Ḥusayn
خالد Khaled Khaled Chalid Khālid
عمر Omar Omar Umar ʻUmar
يوسف Youssef Youssef Yusuf Yūsuf
إبراهيم Ibrahim Brahim Ibrahim Ibrāhīm
مصطفى Mustafa Mostafa Mustafa Muṣṭafá
سعيد Saeed Said Said Saʻīd
طارق Tariq Tarek Tarik Ṭāriq
جمال Gamal Djamel Jamal Jamāl
كريم Kareem Karim Karim Karīm
رشيد Rasheed Rachid Raschid Rashīd
شريف Sherif Cherif Scharif Sharīf
فاطمة Fatima Fatma Fatima Fāṭimah
عائشة Aisha Aïcha Aischa ʻĀʼishah
مريم Mariam Meriem Maryam Maryam
خديجة Khadija Khadidja Chadidscha Khadījah
زينب Zainab Zineb Sainab Zaynab
ليلى Laila Leïla Leila Laylá
نور Noor Nour Nur Nūr
سلمى Salma Selma Salma Salmá
ياسين Yassin Yassine Yasin Yāsīn
بلال Bilal Bilel Bilal Bilāl
هشام Hisham Hichem Hischam Hishām
"""
_ARABIC_FAMILY = """
الحسن Al-Hassan Elhassan Al-Hasan al-Ḥasan
المصري El-Masry Elmasri Al-Masri al-Miṣrī
الخطيب Al-Khatib Elkhatib Al-Chatib al-Khaṭīb
النجار Al-Najjar Ennajar An-Nadschar al-Najjār
الشريف Al-Sharif Cherif Asch-Scharif al-Sharīf
حداد Haddad Haddad Haddad Ḥaddād
منصور Mansour Mansour Mansur Manṣūr
صالح Saleh Salah Salih Ṣāliḥ
بن علي Ben-Ali Benali Bin-Ali Bin-ʻAlī
عباس Abbas Abbes Abbas ʻAbbās
قاسم Qasim Kacem Kasim Qāsim
سليمان Suleiman Slimane Sulaiman Sulaymān
عثمان Othman Othmane Uthman ʻUthmān
درويش Darwish Derouiche Darwisch Darwīsh
فرحات Farhat Ferhat Farhat Farḥāt
يعقوب Yaqoub Yacoub Jakub Yaʻqūb
زيدان Zidan Zidane Zaidan Zaydān
بوعزيز Bouaziz Bouaziz Buaziz Būʻazīz
خليفة Khalifa Khelifa Chalifa Khalīfah
مرزوق Marzouq Merzoug Marzuk Marzūq
طاهر Taher Tahar Tahir Ṭāhir
شاهين Shaheen Chahine Schahin Shāhīn
غانم Ghanem Ghanem Ghanim Ghānim
ناصر Nasser Nacer Nasir Nāṣir
"""
OFFICES = ("English-speaking", "French-speaking", "German-speaking", "ALA-LC")


def _spellings(text: str) -> dict[str, list[str]]:
    lines = (line.rsplit(" ", len(OFFICES)) for line in text.strip().splitlines())
    return {name: [one.replace("-", " ") if one.startswith("Ben-") else one for one in told] for name, *told in lines}


_GIVEN_SPELT, _FAMILY_SPELT = _spellings(_ARABIC_GIVEN), _spellings(_ARABIC_FAMILY)


def _office(place: int) -> Kind:
    return lambda given, family: (_GIVEN_SPELT[given][place], _FAMILY_SPELT[family][place])


ARABIC = Script(
    "Arabic",
    tuple(_GIVEN_SPELT),
    tuple(_FAMILY_SPELT),
    {
        **{f"{office} passport" if place < 3 else office: _office(place) for place, office in enumerate(OFFICES)},
        "English-speaking, order exchanged": _exchanged_and(_office(0)),
    },
)


def _from(table: dict[str, str]) -> Kind:
    """Letters written otherwise; None where none of them stands in the names."""

    def written(given: str, family: str) -> Names | None:
        told = tuple("".join(table.get(one, one) for one in name) for name in (given, family))
        return None if told == (given, family) else (told[0], told[1])

    return written


_DIGRAPHS = {
    "ä": "ae",
    "ö": "oe",
    "ü": "ue",
    "Ä": "Ae",
    "Ö": "Oe",
    "Ü": "Ue",
    "ß": "ss",
    "ø": "oe",
    "Ø": "Oe",
    "å": "aa",
    "Å": "Aa",
    "æ": "ae",
    "Æ": "Ae",
    "œ": "oe",
    "þ": "th",
    "Þ": "Th",
    "ð": "d",
}
_BARE = {
    "ł": "l",
    "Ł": "L",
    "ø": "o",
    "Ø": "O",
    "đ": "d",
    "Đ": "D",
    "ı": "i",
    "ß": "ss",
    "æ": "ae",
    "ð": "d",
    "þ": "th",
    "Þ": "Th",
    "Æ": "Ae",
}


def _bare(given: str, family: str) -> Names | None:
    plain = _from(_BARE)(given, family) or (given, family)
    told = tuple(
        "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)) for name in plain
    )
    return None if told == (given, family) else (told[0], told[1])


def _lost(given: str, family: str) -> Names | None:
    """Letters with marks left out altogether, as an old system does that does not know them."""
    told = tuple("".join(one for one in name if one.isascii()) for name in (given, family))
    return None if told == (given, family) else (told[0], told[1])


DIACRITICS = Script(
    "Latin with marks",
    _words(
        "José André Zoë Jürgen Günther Björn Søren Åse Łukasz Małgorzata Jiří Tomáš Željko Đorđe Işık Gülşen Sigrún "
        "Þór François Hélène Núria João Ängla Õie Ülle Žilvinas Ģirts Ștefan Răzvan Nguyễn Thúy Ágnes Győző Máire "
        "Siân"
    ),
    _words(
        "Müller Weiß Ibáñez Núñez Gonçalves Sørensen Ångström Wałęsa Dvořák Novotný Đoković Šimić Yıldız Öztürk "
        "Þórsson Jónsdóttir Lefèvre Bœuf Pärt Mägi Žukauskas Bērziņš Țiriac Brâncuși Trần Đặng Kovács Szőke Ó'Briain "
        "Håkansson"
    ),
    {
        "marks dropped": _bare,
        "marks as two letters (ü: ue)": _from(_DIGRAPHS),
        "marked letters lost": _lost,
        "marks dropped, order exchanged": _exchanged_and(_bare),
    },
)


def _part(place: int) -> Kind:
    return lambda given, family: (given, family.replace("-", " ").split(" ")[place])


SPANISH = Script(
    "double family names",
    _words("María Carmen Antonio Francisco Manuel Lucía Javier Pablo Alejandro Elena Hugo Inés Rocío Tomás Ana João"),
    tuple(
        f"{one} {other}"
        for one in _words("García Rodríguez Fernández López Martínez Sánchez Pérez Gómez Ruiz Hernández")
        for other in _words("Moreno Álvarez Romero Navarro Torres Ramos Serrano Molina")
    ),
    {
        "first of two": _part(0),
        "second of two": _part(-1),
        "joined by a hyphen": lambda given, family: (given, family.replace(" ", "-")),
        "written together": lambda given, family: (given, family.replace(" ", "")),
        "the two exchanged": lambda given, family: (given, " ".join(reversed(family.split(" ")))),
        "given and family exchanged": exchanged,
    },
)
PARTICLED = Script(
    "particles and several given names",
    ("Anna Maria", "Jan Willem", "Marie Louise", "Karl Heinz", "Johan Peter", "Ana Sofia", "Pedro Miguel", "Eva Liisa",
     "Hans Georg", "Rosa Elena", "Kees Jan", "Tor Erik"),
    tuple(
        f"{particle} {name}"
        for particle in ("van den", "de la", "von", "di", "O'", "Mac", "ter", "dos")
        for name in _words("Berg Cruz Hagen Marco Brien Donald Horst Santos Velde Linden Rossi Braak")
    ),
    {
        "first given name only": lambda given, family: (given.split(" ")[0], family),
        "second given name only": lambda given, family: (given.split(" ")[-1], family),
        "given names joined": lambda given, family: (given.replace(" ", "-"), family),
        "without particles": lambda given, family: (given, family.split(" ")[-1]),
        "particles written together": lambda given, family: (given, family.replace(" ", "").replace("'", "")),
        "first given name, no particles": lambda given, family: (given.split(" ")[0], family.split(" ")[-1]),
    },
)  # fmt: skip

SCRIPTS = (RUSSIAN, UKRAINIAN, GREEK, ARABIC, DIACRITICS, SPANISH, PARTICLED)
