"""What agencies write into a cell, with the mistakes they make: SQL over a person's row, `v`, `e` and `did`.

`s` is the salt of a cell: damage is a number made from the row and the salt, the same in each run.
"""

from musterroll.demo.nation.world import NUMBERS, Nation

CHILDREN = (1, 2, 3, 4)


def twice(salt: int, noise: int) -> str:
    """Three people in a thousand have a second entry, that nobody noticed."""
    return f"CASE WHEN u(id, {salt}) < {0.003 * noise} THEN [0, 1] ELSE [0] END"


def entry(letter: str, factor: int) -> str:
    """An agency's own entry number: the letter, nine digits, and another letter where it is the second entry."""
    digits = f"lpad((serial * {factor} % {NUMBERS})::VARCHAR, 9, '0')"
    return f"'{letter}' || {digits} || CASE copy WHEN 0 THEN '' ELSE 'b' END"


def names(s: int, *, given: str = "given(id, sex)", family: str = "family") -> tuple[str, str]:
    """Given and family name with their damage; a few rows have the two exchanged."""
    swapped = f"u(did, {s}) < e * .005"
    return (
        f"bad_name(CASE WHEN {swapped} THEN {family} ELSE {given} END, did, {s + 1}, e * .02)",
        f"bad_name(CASE WHEN {swapped} THEN {given} ELSE {family} END, did, {s + 5}, e * .02)",
    )


def day(s: int, form: str, day: str = "born", rate: float = 0.014) -> str:
    """A day as the agency writes it, now and then another one."""
    return f"written(bad_day({day}, did, {s}, e * {rate}), '{form}')"


def number(s: int, serial: str = "serial", other: str = "serial(neighbour)") -> str:
    """Somebody's personal number, now and then a slip or somebody else's."""
    return f"bad_number(number_of({serial}), {other}, did, {s}, e * .013)"


def code(right: str, wrong: str, s: int, rate: float = 0.004) -> str:
    """A code, now and then the wrong one."""
    return f"bad_code({right}, {wrong}, did, {s}, e * {rate})"


FAMILY = "CASE WHEN role <> 1 THEN surname(head) WHEN v >= wed THEN married_name(head, id) ELSE surname(id) END"
"""The surname on the day `v`."""
WED = "role = 1 AND v >= wed"


def home(day: str) -> tuple[dict[str, str], ...]:
    """Where somebody lives on a day: `away` from the family's home or not, and the number of the home."""
    return (
        {"away": f"(role = 2 AND {day} >= moved_out) OR (role < 2 AND {day} >= parted AND role = who_parted)"},
        {"home": "CASE WHEN away THEN id * 2 + 1 ELSE head * 2 END"},
    )


def minors(nation: Nation, day: str) -> tuple[dict[str, str], ...]:
    """The children of the family of `head`: their numbers and births, which are minors alive on a day, and how many."""
    return (
        {f"child_{n}": f"first_child + {n - 1}" for n in CHILDREN},
        {f"child_{n}_born": f"child_born(child_{n}, head, head_age, {n}, children)" for n in CHILDREN},
        {
            f"minor_{n}": f"children >= {n} AND child_{n} < {nation.people} AND child_{n}_born <= {day}"
            f" AND child_{n}_born > {day} - 6580 AND age_years(child_{n}_born, {day}) < 18"
            f" AND death(child_{n}, child_{n}_born) > {day}"
            for n in CHILDREN
        },
        {"minors": " + ".join(f"minor_{n}::INT" for n in CHILDREN)},
    )
