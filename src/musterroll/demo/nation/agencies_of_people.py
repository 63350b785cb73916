"""The four agencies that write a row about one person: civil register, residents, schools, armed forces."""

from musterroll.demo.nation import cells
from musterroll.demo.nation.agency import Agency
from musterroll.demo.nation.world import NUMBERS, Nation


def civil(nation: Nation) -> Agency:
    """Everybody, from birth or arrival on, with the day of death."""
    given, family = cells.names(110)
    late = "(25 * u(id, 102) + CASE WHEN left_country < died THEN 200 * u(id, 103) ELSE 0 END)::INT"
    return Agency(
        name="civil",
        salt=100,
        delay=6,
        error=0.25,
        there="came <= v",
        key="pn",
        known=({"family": cells.FAMILY, "dead": f"died + {late} <= v AND u(id, 104) >= {0.004 * nation.noise}"},),
        columns={
            "pn": "number_of(serial)",
            "surname": family,
            "forename": given,
            "second_forename": "bad_name(second_given(id, sex), did, 122, e * .02)",
            "dob": cells.day(130, "%Y-%m-%d"),
            "sex": cells.code("CASE sex WHEN 0 THEN '1' ELSE '2' END", "CASE sex WHEN 0 THEN '2' ELSE '1' END", 134),
            "date_of_death": "CASE WHEN dead THEN written(as_date(died), '%Y-%m-%d') ELSE '' END",
        },
        state=(cells.WED, "dead"),
        lost=0.0,
        stale=0.0,
    )


def residence(nation: Nation) -> Agency:
    """Who lives where, with whom, in which place of the household."""
    given, family = cells.names(210)
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
            *cells.home("v"),
            {"family": cells.FAMILY, "address": f"home * 1024 + {turn} % 1024"},
            {"town": "floor(420 * pow(u(address, 208), 2.2))::INT", "street": "pick(address, 209, 960)::INT"},
        ),
        columns={
            "entry": cells.entry("R", 7),
            "person_no": cells.number(220),
            "last_name": family,
            "first_name": given,
            "initial": "left(second_given(id, sex), 1)",
            "birth_date": cells.day(230, "%d.%m.%Y"),
            "sex": cells.code("CASE sex WHEN 0 THEN 'M' ELSE 'F' END", "CASE sex WHEN 0 THEN 'F' ELSE 'M' END", 234),
            "dwelling": f"bad_text('D' || lpad((serial(home) * 3 % {NUMBERS})::VARCHAR, 9, '0'), did, 236, e * .002)",
            "place": cells.code(place, "'other'", 240, 0.006),
            "street": "bad_text(streets(street), did, 243, e * .01)",
            "house": "(1 + pick(address, 246, 140))::VARCHAR",
            "flat": "CASE WHEN u(address, 247) < .5 THEN '' ELSE (1 + pick(address, 248, 40))::VARCHAR END",
            "postcode": "bad_text(lpad((town * 200 + street // 5)::VARCHAR, 5, '0'), did, 249, e * .006)",
            "town": "bad_text(towns(town), did, 253, e * .006)",
        },
        state=("address", cells.WED, "role = 1 AND v >= parted"),
        copies=cells.twice(200, nation.noise),
    )


def education(nation: Nation) -> Agency:
    """Enrolments at schools and colleges."""
    given, family = cells.names(310)
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
                "family": cells.FAMILY,
                "begun": "CASE copy WHEN 0 THEN first_of(year(as_date(born)) + 16, 9) ELSE study_from END",
                # Who drops out is enrolled for the planned years until the college has noticed.
                "ends": "CASE WHEN copy = 0 THEN school_to WHEN v >= study_to OR u(id, 48) >= .2 THEN study_to"
                " ELSE study_from - 62 + 1460 END",
                "part": "copy = 1 AND study_part",
            },
        ),
        columns={
            "enrolment": f"CASE copy WHEN 0 THEN 'S' ELSE 'H' END || lpad((serial * 11 % {NUMBERS})::VARCHAR, 9, '0')",
            "pupil_number": cells.number(320),
            "family_name": family,
            "given_name": given,
            "middle_name": "bad_name(second_given(id, sex), did, 326, e * .02)",
            "born": cells.day(330, "%m/%d/%Y"),
            "mode": cells.code(
                "CASE WHEN part THEN 'part' ELSE 'full' END", "CASE WHEN part THEN 'full' ELSE 'part' END", 334
            ),
            "first_day": "written(as_date(begun), '%m/%d/%Y')",
            "last_day": cells.day(336, "%m/%d/%Y", "ends", 0.004),
        },
        state=("ends", cells.WED),
        copies="[0, 1]",
        lost=0.0,
    )


def service(nation: Nation) -> Agency:
    """Who serves and who has served."""
    given, family = cells.names(410)
    return Agency(
        name="service",
        salt=400,
        delay=12,
        error=0.7,
        there="served_from <= v AND served_from < least(died, left_country)",
        key="service_no",
        known=({"family": cells.FAMILY, "over": "served_to <= v"},),
        columns={
            "service_no": cells.entry("A", 13),
            "nat_no": cells.number(420),
            "name": f"upper(strip_accents({family}))",
            "forenames": f"upper(strip_accents({given}))",
            "born": cells.day(430, "%Y%m%d"),
            "status": cells.code("CASE WHEN over THEN 'discharged' ELSE 'active' END", "'active'", 434),
            "entered": cells.day(436, "%Y%m%d", "served_from", 0.006),
            "discharged": "CASE WHEN over THEN " + cells.day(440, "%Y%m%d", "served_to", 0.006) + " ELSE '' END",
        },
        state=("over", cells.WED),
        copies=cells.twice(400, nation.noise),
        lost=0.006,
        stale=0.004,
    )
