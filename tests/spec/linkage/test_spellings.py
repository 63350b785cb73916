"""Two spellings of one name: what agrees across scripts, transliterations, orders and double names, and what not."""

import pytest

from musterroll.linkage.comparison import Compared, fold
from musterroll.linkage.pair import compare
from musterroll.linkage.script import keys


def row(record, given="Anna", family="Nobody"):
    return Compared(
        record, "civil", True, given=fold(given), family=fold(family), given_keys=keys(given), family_keys=keys(family)
    )


def pair(left, right):
    return compare(row(1, *left), row(2, *right), {})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Юрий", "Yuri"),  # Cyrillic, and three ways to write it
        ("Юрий", "Iurii"),
        ("Yuri", "Jurij"),
        ("Алексей", "Alexey"),
        ("Фёдор", "Федор"),  # two dots that most leave out
        ("Фёдор", "Fedor"),  # as in a passport
        ("Пётр", "Pyotr"),  # by ear
        ("Артём", "Artiom"),
        ("Γεώργιος", "Georgios"),  # Greek
        ("Αντώνης", "Antonis"),
        ("Σταύρος", "Stavros"),  # two letters that sound as one
        ("ΣΤΑΥΡΟΣ", "Stavros"),
        ("Ευάγγελος", "Evangelos"),
        ("Ευθύμιος", "Efthymios"),
        ("Ουρανία", "Ourania"),
        ("Λουκάς", "Loukas"),
        ("Μπάμπης", "Bampis"),
        ("Πραΰλιος", "Prailios"),  # two dots: two sounds
        ("გიორგი", "Giorgi"),  # Georgian
        ("Արամ", "Aram"),  # Armenian
        ("محمد", "Mohammed"),  # Arabic: written without vowels, the consonants are compared
        ("محمد", "Muhammad"),
        ("عبد الله", "Abdullah"),  # one name, in two words or in one
        ("عبد الرحمن", "Abd al-Rahman"),
        ("عبدالرحمن", "Abdul Rahman"),
        ("Abdel-Rahman Omar", "Abdelrahman"),
        ("משה", "Moshe"),  # Hebrew
        ("Łukasz", "Lukasz"),  # marks and letters of their own
        ("Weiß", "Weiss"),
        ("Sigrún", "Sigrun"),
        ("Işık", "Isik"),
        ("Jürgen", "Juergen"),
        ("Anna Maria", "Maria"),  # several words, of which an office keeps one
    ],
)
def test_given_names_that_agree(one, other):
    assert pair((one,), (other,)).agrees("given")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Юрий", "Igor"),
        ("Anna Maria", "Maria Elena"),  # sisters share a word
        ("عبد الله", "Abdul Rahman"),
        ("Marion", "Maren"),  # not every `io` is a `yo`
        ("Violeta", "Veleta"),
        ("محمد", "Ahmed"),
        ("王芳", "王伟"),  # a script without a table: equal or not
        ("伟", "伟明"),  # one sign is a word there, and no initial
    ],
)
def test_given_names_that_do_not_agree(one, other):
    assert not pair((one,), (other,)).agrees("given")


@pytest.mark.parametrize(("one", "other"), [("Юрий", "Y."), ("Юрий", "J"), ("Харитон", "H."), ("Чингиз", "C.")])
def test_the_initial_of_another_way_to_write_a_name_says_nothing(one, other):
    found = pair((one,), (other,))
    assert found.slips("given")
    assert pair((other,), (one,)) == found


def test_another_initial_is_held_against_a_name():
    assert pair(("Юрий",), ("A.",)).differs("given")
    assert pair(("Y.",), ("M.",)).differs("given")


@pytest.mark.parametrize(("one", "other"), [("สมชาย", "Somchai"), ("王芳", "Fang"), ("伟", "W"), ("कमल", "Kamal")])
def test_letters_without_a_table_say_nothing_beside_latin_ones(one, other):
    found = pair((one, one), (other, other))
    assert not any(
        judges(name) for judges in (found.agrees, found.differs, found.slips) for name in ("given", "family")
    )


@pytest.mark.parametrize(("one", "other"), [("สมชาย", "สมหมาย"), ("王芳", "王伟"), ("伟", "伟明"), ("สมชาย", "कमल")])
def test_letters_without_a_table_are_held_against_one_another(one, other):
    assert pair((one,), (other,)).differs("given")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Παπαδόπουλος", "Papadopoulos"),
        ("Αγγελοπούλου", "Angelopoulou"),
        ("Иванов", "Ivanov"),
        ("Иванова", "Ivanov"),  # a woman's ending
        ("Garcia Lopez", "Lopez"),  # either half
        ("Garcia-Lopez", "García"),
        ("van den Berg", "Berg"),  # particles
        ("Al-Hassan", "Hassan"),
        ("bin Laden", "Laden"),
        ("de la Cruz", "Cruz"),
        ("O'Brien", "OBrien"),
        ("Müller-Lüdenscheid", "Mueller"),
    ],
)
def test_family_names_that_agree(one, other):
    assert pair(("Anna", one), ("Anna", other)).agrees("family")


@pytest.mark.parametrize(("one", "other"), [("Lopez Garcia", "Alvarez Moreno"), ("Иванов", "Петров"), ("Berg", "Dahl")])
def test_family_names_that_do_not_agree(one, other):
    assert not pair(("Anna", one), ("Anna", other)).agrees("family")


def test_names_in_the_other_order_agree_across_scripts():
    found = pair(("Юрий", "Иванов"), ("Ivanov", "Yuri"))
    assert found.agrees("given")
    assert found.agrees("family")


def test_a_patronymic_is_compared_by_its_first_letter_whatever_its_ending():
    left = Compared(1, "civil", True, middle=fold("Иванович"))
    right = Compared(2, "civil", True, middle=fold("Ivanovna"))
    assert compare(left, right, {}).agrees("middle")
