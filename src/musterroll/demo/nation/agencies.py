"""What eight agencies know of the nation, each in its own words, late in its own way, and with its own mistakes.

1. An agency's row shows the world as of `v`: the day of the extract less the agency's delay for that family. Some rows
   are stale: nobody has looked at them for more than a year.
2. Each has its own column names, order, dates, codes and letters (`declarations` says how they are read).
3. `state` lists what a row's text depends on besides the person: where it is equal on two days, so is the row. Daily
   changes are found by it, without making every row.
4. The health body's file has no personal number. It says an outcome and until when, and nothing else (charter, S2).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from musterroll.demo.nation.world import NEVER, NUMBERS, Nation

CHILDREN = (1, 2, 3, 4)
COPY = 100_000_000
"""What is added to a person's number for the damage of a second row."""


@dataclass(frozen=True, slots=True)
class Agency:
    """One agency's file. All texts are SQL over a person's row, `v`, `copy` and `did` (the row's own number).

    `delay` is the most days it learns late, `error` how careless it is. `known` are columns made first, layer upon
    layer; `there` says whether it has a row, `key` which column is its entry's key, `columns` what it sends, in order,
    `copies` which rows a person may have. `lost` and `stale` are shares of rows at noise 1.
    """

    name: str
    salt: int
    delay: int
    error: float
    there: str
    key: str
    columns: Mapping[str, str]
    state: tuple[str, ...]
    known: tuple[Mapping[str, str], ...] = ()
    copies: str = "[0]"
    lost: float = 0.01
    stale: float = 0.008


def agencies(nation: Nation, count: int = 8) -> tuple[Agency, ...]:
    """The first `count` of the eight agencies (6 to 8)."""
    made = (_civil, _residence, _education, _service, _benefit, _findings, _tax, _courts)
    return tuple(one(nation) for one in made[:count])


def rows(nation: Nation, agency: Agency, people: str, *, also: tuple[str, ...] = ()) -> str:
    """A SELECT of the agency's rows about the relation `people`, each on its day `today`.

    Where `single` is not null, of that copy alone. `also` are columns of the relation that come first.
    """
    cells = ", ".join((*also, *(f'{text} AS "{name}"' for name, text in agency.columns.items())))
    return f"SELECT {cells} FROM ({_seen(nation, agency, people)})"


def states(nation: Nation, agency: Agency, people: str) -> str:
    """A SELECT of `id`, `copy`, `turn`, and one number for what the agency's row depends on that day."""
    parts = ", ".join((*agency.state, "v >= mended"))
    return f"SELECT id, copy, turn, hash({parts}) AS state FROM ({_seen(nation, agency, people)})"


def on(people: str, day: int) -> str:
    """Everybody in the relation `people`, on one day."""
    return f"(SELECT *, {day} AS today, NULL::INT AS single FROM {people})"


def _seen(nation: Nation, agency: Agency, people: str) -> str:
    s, noise = agency.salt, nation.noise
    seen = f"""(
        SELECT *, CASE WHEN v >= mended THEN 0 ELSE {agency.error * noise} END AS e,
          coalesce(nullif(partner, -1), (id + 1) % {nation.people}) AS neighbour
        FROM (
          SELECT *, id + copy * {COPY} AS did,
            today - ({agency.delay} * pow(u(head, {s + 1}), 3))::INT
              - CASE WHEN u(id, {s + 2}) < {agency.stale * noise} THEN 420 ELSE 0 END AS v,
            CASE WHEN u(id, {s + 3}) < .3 THEN {nation.first_day} + pick(id, {s + 4}, 365)::INT ELSE {NEVER} END
              AS mended
          FROM (SELECT *, unnest({agency.copies}) AS copy FROM {people} WHERE u(id, {s + 5}) >= {agency.lost * noise})
          WHERE single IS NULL OR copy = single
        )
      )"""
    return f"SELECT * FROM {layered(seen, agency.known)} WHERE {agency.there}"


def layered(relation: str, known: tuple[Mapping[str, str], ...]) -> str:
    """A relation with more columns, each layer made from those below it."""
    for layer in known:
        relation = f"(SELECT *, {', '.join(f'{text} AS {name}' for name, text in layer.items())} FROM {relation})"
    return relation


def _twice(salt: int, noise: int) -> str:
    """Three people in a thousand have a second entry, that nobody noticed."""
    return f"CASE WHEN u(id, {salt}) < {0.003 * noise} THEN [0, 1] ELSE [0] END"


def _entry(letter: str, factor: int) -> str:
    """An agency's own entry number: the letter, nine digits, and another letter where it is the second entry."""
    digits = f"lpad((serial * {factor} % {NUMBERS})::VARCHAR, 9, '0')"
    return f"'{letter}' || {digits} || CASE copy WHEN 0 THEN '' ELSE 'b' END"


def _names(s: int, *, given: str = "given(id, sex)", family: str = "family") -> tuple[str, str]:
    """Given and family name with their damage; a few rows have the two exchanged."""
    swapped = f"u(did, {s}) < e * .005"
    return (
        f"bad_name(CASE WHEN {swapped} THEN {family} ELSE {given} END, did, {s + 1}, e * .02)",
        f"bad_name(CASE WHEN {swapped} THEN {given} ELSE {family} END, did, {s + 5}, e * .02)",
    )


def _day(s: int, form: str, day: str = "born", rate: float = 0.014) -> str:
    return f"written(bad_day({day}, did, {s}, e * {rate}), '{form}')"


def _number(s: int, serial: str = "serial", other: str = "serial(neighbour)") -> str:
    return f"bad_number(number_of({serial}), {other}, did, {s}, e * .013)"


def _code(right: str, wrong: str, s: int, rate: float = 0.004) -> str:
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


def _civil(nation: Nation) -> Agency:
    given, family = _names(110)
    late = "(25 * u(id, 102) + CASE WHEN left_country < died THEN 200 * u(id, 103) ELSE 0 END)::INT"
    return Agency(
        name="civil",
        salt=100,
        delay=6,
        error=0.25,
        there="came <= v",
        key="pn",
        known=({"family": FAMILY, "dead": f"died + {late} <= v AND u(id, 104) >= {0.004 * nation.noise}"},),
        columns={
            "pn": "number_of(serial)",
            "surname": family,
            "forename": given,
            "second_forename": "bad_name(second_given(id, sex), did, 122, e * .02)",
            "dob": _day(130, "%Y-%m-%d"),
            "sex": _code("CASE sex WHEN 0 THEN '1' ELSE '2' END", "CASE sex WHEN 0 THEN '2' ELSE '1' END", 134),
            "date_of_death": "CASE WHEN dead THEN written(as_date(died), '%Y-%m-%d') ELSE '' END",
        },
        state=(WED, "dead"),
        lost=0.0,
        stale=0.0,
    )


def _residence(nation: Nation) -> Agency:
    given, family = _names(210)
    turn = (
        f"floor((v - {nation.first_day} + 40000 + 6000 * u(home, 201))"
        f" / (365 * (2 + 14 * u(home, 202)) / {nation.pace}))::BIGINT"
    )
    left = "(left_country + (20 * u(id, 204) + CASE WHEN u(id, 205) < .12 THEN 380 * u(id, 206) ELSE 0 END)::INT)"
    place = (
        "CASE WHEN away OR role = 0 OR v >= parted THEN 'reference' WHEN role = 2 THEN 'child'"
        " WHEN v >= wed THEN 'spouse' ELSE 'partner' END"
    ).replace("v >= parted", "(role = 1 AND v >= parted)")
    return Agency(
        name="residence",
        salt=200,
        delay=25,
        error=1.0,
        there=f"came <= v AND v < {left} AND v < died + (15 * u(id, 207))::INT",
        key="entry",
        known=(
            *home("v"),
            {"family": FAMILY, "address": f"home * 1024 + {turn} % 1024"},
            {"town": "floor(420 * pow(u(address, 208), 2.2))::INT", "street": "pick(address, 209, 960)::INT"},
        ),
        columns={
            "entry": _entry("R", 7),
            "person_no": _number(220),
            "last_name": family,
            "first_name": given,
            "initial": "left(second_given(id, sex), 1)",
            "birth_date": _day(230, "%d.%m.%Y"),
            "sex": _code("CASE sex WHEN 0 THEN 'M' ELSE 'F' END", "CASE sex WHEN 0 THEN 'F' ELSE 'M' END", 234),
            "dwelling": f"bad_text('D' || lpad((serial(home) * 3 % {NUMBERS})::VARCHAR, 9, '0'), did, 236, e * .002)",
            "place": _code(place, "'other'", 240, 0.006),
            "street": "bad_text(streets(street), did, 243, e * .01)",
            "house": "(1 + pick(address, 246, 140))::VARCHAR",
            "flat": "CASE WHEN u(address, 247) < .5 THEN '' ELSE (1 + pick(address, 248, 40))::VARCHAR END",
            "postcode": "bad_text(lpad((town * 200 + street // 5)::VARCHAR, 5, '0'), did, 249, e * .006)",
            "town": "bad_text(towns(town), did, 253, e * .006)",
        },
        state=("address", WED, "role = 1 AND v >= parted"),
        copies=_twice(200, nation.noise),
    )


def _education(nation: Nation) -> Agency:
    given, family = _names(310)
    return Agency(
        name="education",
        salt=300,
        delay=20,
        error=1.0,
        there="begun <= v AND ends > v - 700 AND begun < least(died, left_country) AND begun >= came"
        f" AND u(did, 308) >= {0.01 * nation.noise}",
        key="enrolment",
        known=(
            {
                "family": FAMILY,
                "begun": "CASE copy WHEN 0 THEN first_of(year(as_date(born)) + 16, 9) ELSE study_from END",
                # Who drops out is enrolled for the planned years until the college has noticed.
                "ends": "CASE WHEN copy = 0 THEN school_to WHEN v >= study_to OR u(id, 48) >= .2 THEN study_to"
                " ELSE study_from - 62 + 1460 END",
                "part": "copy = 1 AND study_part",
            },
        ),
        columns={
            "enrolment": f"CASE copy WHEN 0 THEN 'S' ELSE 'H' END || lpad((serial * 11 % {NUMBERS})::VARCHAR, 9, '0')",
            "pupil_number": _number(320),
            "family_name": family,
            "given_name": given,
            "middle_name": "bad_name(second_given(id, sex), did, 326, e * .02)",
            "born": _day(330, "%m/%d/%Y"),
            "mode": _code(
                "CASE WHEN part THEN 'part' ELSE 'full' END", "CASE WHEN part THEN 'full' ELSE 'part' END", 334
            ),
            "first_day": "written(as_date(begun), '%m/%d/%Y')",
            "last_day": _day(336, "%m/%d/%Y", "ends", 0.004),
        },
        state=("ends", WED),
        copies="[0, 1]",
        lost=0.0,
    )


def _service(nation: Nation) -> Agency:
    given, family = _names(410)
    return Agency(
        name="service",
        salt=400,
        delay=12,
        error=0.7,
        there="served_from <= v AND served_from < least(died, left_country)",
        key="service_no",
        known=({"family": FAMILY, "over": "served_to <= v"},),
        columns={
            "service_no": _entry("A", 13),
            "nat_no": _number(420),
            "name": f"upper(strip_accents({family}))",
            "forenames": f"upper(strip_accents({given}))",
            "born": _day(430, "%Y%m%d"),
            "status": _code("CASE WHEN over THEN 'discharged' ELSE 'active' END", "'active'", 434),
            "entered": _day(436, "%Y%m%d", "served_from", 0.006),
            "discharged": "CASE WHEN over THEN " + _day(440, "%Y%m%d", "served_to", 0.006) + " ELSE '' END",
        },
        state=("over", WED),
        copies=_twice(400, nation.noise),
        lost=0.006,
        stale=0.004,
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


def _benefit(nation: Nation) -> Agency:
    given, family = _names(510)
    other = "bad_name(given({id}, {sex}), did, {salt}, e * .02)"
    columns = {
        "claim": _entry("B", 17),
        "claimant_no": _number(520),
        "claimant_surname": family,
        "claimant_forename": given,
        "claimant_born": _day(530, "%d-%m-%Y"),
        "partner_no": "CASE WHEN together THEN " + _number(534, "serial(mate)", "serial") + " ELSE '' END",
        "partner_forename": "CASE WHEN together THEN "
        + other.format(id="mate", sex="mate_sex", salt=538)
        + " ELSE '' END",
    }
    for n in CHILDREN:
        salt = 540 + 20 * n
        name = other.format(id=f"child_{n}", sex=f"child_sex(child_{n})", salt=salt)
        columns[f"child_{n}_forename"] = f"CASE WHEN minor_{n} THEN {name} ELSE '' END"
        columns[f"child_{n}_surname"] = f"CASE WHEN minor_{n} THEN surname(head) ELSE '' END"
        columns[f"child_{n}_born"] = (
            f"CASE WHEN minor_{n} THEN {_day(salt + 8, '%d-%m-%Y', f'child_{n}_born', 0.01)} ELSE '' END"
        )
    return Agency(
        name="benefit",
        salt=500,
        delay=30,
        error=1.0,
        there="role < 2 AND children > 0 AND claims AND minors > 0 AND v < left_country AND v < died AND came <= v",
        key="claim",
        known=(
            {
                "family": FAMILY,
                # The parent who stays with the children claims; of two, mostly the mother.
                "claims": "CASE WHEN partner < 0 THEN role = 0 WHEN v >= parted THEN role <> who_parted"
                " ELSE role = (u(head, 502) < .8)::INT END",
                "together": "partner >= 0 AND v < parted",
                "mate": "CASE role WHEN 0 THEN partner ELSE head END",
                "mate_sex": "CASE role WHEN 0 THEN partner_sex(head, partner) ELSE head_sex(head, 2, children) END",
            },
            *minors(nation, "v"),
        ),
        columns=columns,
        state=(*(f"minor_{n}" for n in CHILDREN), "together", WED),
        lost=0.012,
    )


def _findings(_: Nation) -> Agency:
    given, family = _names(610)
    return Agency(
        name="findings",
        salt=600,
        delay=25,
        error=1.3,
        there="found_on <= v AND found_on < least(died, left_country) AND came <= found_on"
        " AND (found_kind = 'P' OR found_to > v - 900)",
        key="ref",
        known=({"family": FAMILY},),
        columns={
            "ref": _entry("F", 19),
            "name": f"{family} || ', ' || {given}",
            "birth": _day(630, "%Y/%m/%d"),
            "outcome": _code("CASE found_kind WHEN 'A' THEN 'fit' ELSE 'not fit' END", "'fit'", 634, 0.002),
            "valid_to": "CASE found_kind WHEN 'P' THEN '2099/12/31' WHEN 'T' THEN "
            + _day(636, "%Y/%m/%d", "found_to", 0.006)
            + " ELSE '' END",
        },
        state=(WED,),
        lost=0.006,
        stale=0.0,
    )


def _tax(nation: Nation) -> Agency:
    given, family = _names(710)
    columns = {
        "return_no": _entry("T", 23),
        "filer": _number(720),
        "filer_surname": family,
        "filer_forename": given,
        "spouse": "CASE WHEN jointly THEN " + _number(730, "serial(partner)", "serial") + " ELSE '' END",
        "spouse_forename": "CASE WHEN jointly THEN bad_name(given(partner, partner_sex(head, partner)), did, 734,"
        " e * .02) ELSE '' END",
    }
    for n in CHILDREN:
        salt = 740 + 10 * n
        number = _number(salt, f"serial(child_{n})", "serial")
        name = f"bad_name(given(child_{n}, child_sex(child_{n})), did, {salt + 4}, e * .02)"
        columns[f"dependant_{n}"] = f"CASE WHEN minor_{n} THEN {number} ELSE '' END"
        columns[f"dependant_{n}_forename"] = f"CASE WHEN minor_{n} THEN {name} ELSE '' END"
    return Agency(
        name="tax",
        salt=700,
        delay=0,
        error=1.0,
        there="children > 0 AND files AND minors > 0 AND said < left_country AND said < died AND came <= said",
        key="return_no",
        known=(
            {
                # Returns of a year are filed from February to May of the next, and name whom somebody kept at its end.
                "filed": "first_of(year(as_date(v)), 2) + pick(head, 702, 110)::INT",
            },
            {
                "said": "first_of(year(as_date(v)) - CASE WHEN v >= filed THEN 0 ELSE 1 END, 1) - 1",
            },
            {
                "family": FAMILY.replace("v >=", "said >="),
                "jointly": "role = 0 AND partner >= 0 AND said < parted",
                "files": "supports(id, head, role, partner, who_parted, said >= parted)",
            },
            *minors(nation, "said"),
        ),
        columns=columns,
        state=("said", *(f"minor_{n}" for n in CHILDREN), "jointly", "family"),
        lost=0.015,
        stale=0.004,
    )


def _courts(nation: Nation) -> Agency:
    given, family = _names(810)
    return Agency(
        name="courts",
        salt=800,
        delay=30,
        error=1.2,
        there="held_from <= v AND held_to > v - 1400 AND held_from < least(died, left_country) AND came <= held_from",
        key="case_ref",
        known=({"family": FAMILY},),
        columns={
            "case_ref": _entry("C", 29),
            "number": f"CASE WHEN u(did, 806) < {0.04 * nation.noise} THEN '' ELSE {_number(820)} END",
            "surname": family,
            "first_names": f"trim({given} || ' ' || second_given(id, sex))",
            "birth": _day(830, "%d/%m/%Y"),
            "until": _day(836, "%d/%m/%Y", "held_to", 0.006),
        },
        state=(WED,),
        lost=0.01,
        stale=0.0,
    )
