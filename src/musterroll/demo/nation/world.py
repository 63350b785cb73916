"""The people of a nation that does not exist, as SQL over a range of numbers.

1. Everything about a person is a function of (person, salt, seed): `u(id, salt)` is an even share of 1, `pick` a whole
   number. Nothing is drawn in an order, so any person, on any day, is made without making the others first.
2. People stand in blocks of 32 that hold whole families (`TEMPLATES`), so that whose child somebody is follows from the
   number alone: relatives are found by arithmetic, without a join.
3. A life is a row of days: born, came, left the parents' home, studied, served, married, parted, had children, left the
   country, died. What is true on a day is read from those days; a simulated year needs no state.
4. Days are whole numbers since 1970-01-01; `NEVER` is a day that does not come.
"""

from dataclasses import dataclass

from musterroll import dates
from musterroll.demo.nation import names

BLOCK = 32
NEVER = 2_000_000
NUMBERS = 999_999_937
"""A prime: personal numbers are multiples of a factor modulo it, so that no two people share one."""

# Families in a block: (adults, children). Each template holds 32 people.
_FAMILIES = (
    ((2, 0), (2, 1), (2, 2), (2, 2), (2, 3), (2, 1), (1, 0), (1, 0), (1, 1), (2, 2), (1, 0), (1, 0), (1, 0)),
    ((2, 2), (2, 4), (2, 1), (2, 0), (1, 0), (1, 2), (2, 3), (1, 0), (2, 1), (1, 0), (1, 0), (1, 0), (1, 0)),
    ((2, 3), (2, 2), (2, 2), (1, 0), (2, 0), (1, 0), (2, 1), (2, 1), (1, 0), (1, 3), (1, 0), (1, 0), (1, 0), (1, 0)),
    ((2, 1), (2, 1), (2, 2), (2, 3), (2, 2), (2, 2), (2, 1), (1, 0), (1, 0), (1, 1), (1, 0), (1, 0)),
)


@dataclass(frozen=True, slots=True)
class Nation:
    """Which nation: how many people, the year lived through, the seed, how much damage, and how fast people move.

    `pace` 1 is an ordinary year; more makes people move house so many times as often, for a day with many changes.
    """

    people: int
    year: int
    seed: int
    noise: int = 1
    pace: float = 1.0

    @property
    def first_day(self) -> int:
        """The day of the first full extracts: New Year's Day."""
        return dates.parse_day(f"{self.year}-01-01")


def templates() -> list[tuple[int, int, int, int, int, int]]:
    """For each place of each template: head's place, partner's (-1: none), role (0 head, 1 partner, 2 child), the
    child's turn, how many children, the first child's place.
    """
    rows = []
    for families in _FAMILIES:
        place = 0
        for adults, children in families:
            head, partner, first = place, (place + 1 if adults == 2 else -1), place + adults
            for member in range(adults + children):
                role = min(member, 1) if member < adults else 2
                rows.append((head, partner, role, max(0, member - adults + 1), children, first))
            place += adults + children
        if place != BLOCK:
            raise AssertionError("a template holds 32 people")
    return rows


def macros(nation: Nation) -> list[str]:
    """The statements that teach DuckDB this nation."""
    columns = list(zip(*templates(), strict=True))
    slots = {
        f"tm_{name}": f"[{', '.join(map(str, column))}]"
        for name, column in zip(("head", "partner", "role", "turn", "children", "first"), columns, strict=True)
    }
    lists = {
        "male_names": names.MALE,
        "female_names": names.FEMALE,
        "surnames": names.SURNAMES,
        "towns": names.TOWNS,
        "streets": names.STREETS,
    }
    factor = 400_000_007 + 2 * (nation.seed * 7919 % 50_000_000)
    drawn = f"hash(id * 4096 + salt + {nation.seed} * {1 << 40})"
    day = nation.first_day
    made = [
        f"u(id, salt) AS ({drawn} >> 12)::DOUBLE / {1 << 52}",
        f"pick(id, salt, n) AS ({drawn} % n)::BIGINT",
        *(f"{name}(i) AS ({array}::TINYINT[])[i + 1]" for name, array in slots.items()),
        *(f"{name}(i) AS ([{', '.join(_text(each) for each in values)}])[i + 1]" for name, values in lists.items()),
        f"serial(id) AS ((id * {factor} + 271828) % {NUMBERS})::BIGINT",
        "number_of(n) AS lpad(n::VARCHAR, 9, '0') || ((n * 3 + n // 10 * 7 + n // 1000 * 11) % 10)::VARCHAR",
        "number(id) AS number_of(serial(id))",
        "as_date(day) AS (DATE '1970-01-01' + day::INT)",
        "first_of(y, m) AS (make_date(y, m, 1) - DATE '1970-01-01')::INT",
        "age_years(born, day) AS year(as_date(day)) - year(as_date(born)) - CASE WHEN month(as_date(day)) * 32"
        " + day(as_date(day)) < month(as_date(born)) * 32 + day(as_date(born)) THEN 1 ELSE 0 END",
        # Gompertz's law of death, drawn for a time that begins six years ago.
        f"death(id, born) AS greatest(born + 2, {day} - 2192 + least({NEVER // 2}, (-ln(1 - u(id, 26)) * 365.25"
        f" / exp(-9.6 + .091 * ({day} - born) / 365.25)))::INT)",
        # Whom a tax return names: a family's head, with a partner; of parted parents who stays, and most who left.
        "supports(id, head, role, partner, who_parted, parted) AS CASE WHEN role = 2 THEN false"
        " WHEN partner < 0 OR NOT parted THEN role = 0 WHEN role = who_parted THEN u(head, 60) < .7"
        " ELSE u(head, 60) >= .7 END",
        f"given(id, sex) AS CASE WHEN sex = 0 THEN male_names(floor({len(names.MALE)} * pow(u(id, 2), 1.6))::INT)"
        f" ELSE female_names(floor({len(names.FEMALE)} * pow(u(id, 2), 1.6))::INT) END",
        f"second_given(id, sex) AS CASE WHEN u(id, 3) > .55 THEN '' WHEN sex = 0 THEN"
        f" male_names(floor({len(names.MALE)} * pow(u(id, 4), 1.3))::INT)"
        f" ELSE female_names(floor({len(names.FEMALE)} * pow(u(id, 4), 1.3))::INT) END",
        f"surname(id) AS surnames(floor({len(names.SURNAMES)} * pow(u(id, 5), 1.8))::INT)",
        # The age of a family's head in days, on the first day of the year; with children, old enough for them.
        "head_age(head, adults, children) AS (365.25 * CASE"
        " WHEN children = 0 AND adults = 1 THEN 18 + 74 * pow(u(head, 6), 1.5)"
        " WHEN children = 0 THEN 21 + 66 * u(head, 6)"
        " ELSE 22 + 2 * children + (62 - 2 * children) * pow(u(head, 6), 1.25) END)::INT",
        # A child's day of birth: its turn among the children, spread over the head's years from 20 to 44. The last
        # child of some young families is born within the simulated year.
        f"child_born(id, head, age, turn, children) AS {day} - CASE"
        " WHEN turn = children AND age BETWEEN 8700 AND 14600 AND u(head, 7) < .2 THEN -pick(head, 8, 365)::INT"
        " ELSE (age - 7300 - (least(age, 16000) - 7300)"
        " * ((turn - .92 + .84 * u(id, 9)) / greatest(children, 1)))::INT END",
        "child_sex(id) AS (u(id, 10) < .487)::TINYINT",
        "head_sex(head, adults, children) AS (CASE WHEN adults = 2 THEN u(head, 11) < .01"
        " WHEN children > 0 THEN u(head, 11) < .82 ELSE u(head, 11) < .5 END)::TINYINT",
        "partner_sex(head, partner) AS (CASE WHEN head_sex(head, 2, 0) = 1 THEN 1"
        " ELSE (u(partner, 12) < .99)::TINYINT END)::TINYINT",
        f"partner_born(head, partner, age) AS {day} - greatest(6940, age - 2920 + (4380 * u(partner, 13))::INT)",
        # The surname at birth, and the one after the wedding: the head's, both, or one's own.
        "married_name(head, partner) AS CASE WHEN u(partner, 14) < .62 THEN surname(head)"
        " WHEN u(partner, 14) < .78 THEN surname(partner) || '-' || surname(head) ELSE surname(partner) END",
    ]
    return [f"CREATE OR REPLACE MACRO {each}" for each in made]


def people(nation: Nation, ids: str) -> str:
    """A SELECT of everybody in `ids` (a relation with a column `id`) with the days of their lives."""
    day, last = nation.first_day, nation.people
    return f"""
    SELECT id, serial, sex, born, head, partner, role, children, first_child, age AS head_age,
      came, left_country, died, moved_out, parted, who_parted, wed,
      served_from, served_to, school_to, study_from, study_to, study_part,
      found_on, found_kind, found_to, held_from, held_to
    FROM (
      SELECT *,
        CASE WHEN sex = 0 AND u(id, 40) < .30 THEN born + 6650 + pick(id, 41, 1100)::INT
             WHEN u(id, 40) BETWEEN .30 AND .31 THEN born + 6900 + pick(id, 41, 1500)::INT
             ELSE {NEVER} END AS served_from,
        CASE WHEN u(id, 40) > .31 OR (sex = 1 AND u(id, 40) < .30) THEN {NEVER}
             WHEN u(id, 42) < .13 THEN served_from + 1460 + pick(id, 43, 6000)::INT
             ELSE served_from + 320 + pick(id, 43, 60)::INT END AS served_to,
        first_of(born_year + CASE WHEN u(id, 44) < .8 THEN 19 ELSE 18 END, 7) AS school_to,
        CASE WHEN u(id, 45) < .55 THEN first_of(born_year + CASE WHEN u(id, 46) < .62 THEN 19
             ELSE 20 + pick(id, 47, 5)::INT END, 9) ELSE {NEVER} END AS study_from,
        CASE WHEN u(id, 45) >= .55 THEN {NEVER}
             WHEN u(id, 48) < .2 THEN study_from + 60 + pick(id, 49, 700)::INT
             ELSE study_from - 62 + 365 * (3 + pick(id, 49, 3)::INT) END AS study_to,
        u(id, 50) < .09 AS study_part,
        CASE WHEN u(id, 51) < CASE WHEN sex = 0 THEN .11 ELSE .02 END
             THEN born + 6300 + pick(id, 52, 6200)::INT ELSE {NEVER} END AS found_on,
        CASE WHEN u(id, 53) < .25 THEN 'P' WHEN u(id, 53) < .72 THEN 'T' ELSE 'A' END AS found_kind,
        found_on + 180 + pick(id, 54, 900)::INT AS found_to,
        CASE WHEN u(id, 55) < .016 THEN born + 6600 + pick(id, 56, 12000)::INT ELSE {NEVER} END AS held_from,
        held_from + 60 + pick(id, 57, 1400)::INT AS held_to
      FROM (
        SELECT *, year(as_date(born)) AS born_year,
          CASE WHEN role = 2 THEN born + 6750 + (3900 * pow(u(id, 20), 1.4))::INT ELSE {NEVER} END AS moved_out,
          CASE WHEN partner < 0 OR u(head, 21) > .17 THEN {NEVER}
               ELSE {day} + 365 - (9 * 365 * u(head, 22))::INT END AS parted,
          CASE WHEN u(head, 23) < .82 THEN 0 ELSE 1 END AS who_parted,
          CASE WHEN partner < 0 OR u(head, 24) > .74 THEN {NEVER}
               ELSE {day} - age + 8000 + (7000 * pow(u(head, 25), 1.3))::INT END AS wed,
          death(id, born) AS died,
          CASE WHEN u(head, 27) < .035 THEN {day} + 365 - (4000 * u(head, 28))::INT ELSE {NEVER} END AS family_left,
          CASE WHEN u(id, 29) < .05 THEN {day} + 365 - (3650 * u(id, 31))::INT ELSE {NEVER} END AS self_left,
          CASE WHEN u(head, 32) < .07 THEN {day} + 365 - (7300 * u(head, 33))::INT ELSE -{NEVER} END AS came_at,
          CASE WHEN role = 2 AND self_left - born < 7300 THEN family_left
               ELSE least(family_left, self_left) END AS left_at,
          greatest(born, least(came_at, left_at - 400)) AS came,
          greatest(left_at, born + 30) AS left_country
        FROM (
          SELECT id, serial(id) AS serial, head, partner, role, turn, children, first_child, adults, age,
            (CASE WHEN role = 0 THEN head_sex(head, adults, children)
                  WHEN role = 1 THEN partner_sex(head, partner) ELSE child_sex(id) END)::TINYINT AS sex,
            (CASE WHEN role = 0 THEN {day} - age WHEN role = 1 THEN partner_born(head, partner, age)
                  ELSE child_born(id, head, age, turn, children) END)::INT AS born
          FROM (
            SELECT *, head_age(head, adults, children) AS age FROM (
              SELECT id, base + tm_head(slot) AS head,
                CASE WHEN tm_partner(slot) < 0 OR base + tm_partner(slot) >= {last} THEN -1
                     ELSE base + tm_partner(slot) END AS partner,
                tm_role(slot) AS role, tm_turn(slot) AS turn, tm_children(slot) AS children,
                CASE WHEN tm_partner(slot) < 0 THEN 1 ELSE 2 END AS adults, base + tm_first(slot) AS first_child
              FROM (
                SELECT id, id - id % {BLOCK} AS base, (pick(id // {BLOCK}, 1, 4) * {BLOCK} + id % {BLOCK})::INT AS slot
                FROM ({ids})
              )
            )
          )
        )
      )
    )"""


def everybody(nation: Nation, first: int = 0, many: int = 0) -> str:
    """The numbers of all people, or of `many` of them, in an order that says nothing about families."""
    last = min(nation.people, first + many) if many else nation.people
    return f"SELECT (range * {stride(nation.people)} % {nation.people})::BIGINT AS id FROM range({first}, {last})"


def stride(people: int) -> int:
    """A step that visits every number below `people` once: near the golden section and prime to it."""
    step = max(1, int(people * 0.6180339887)) | 1
    while _common(step, people) != 1:
        step += 1
    return step


def _common(a: int, b: int) -> int:
    while b:
        a, b = b, a % b
    return a


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
