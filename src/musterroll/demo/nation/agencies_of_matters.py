"""The four agencies that write a row about a matter: a claim, a finding, a tax return, a court's order.

The health body's file has no personal number. It says an outcome and until when, and nothing else (charter, S2).
"""

from musterroll.demo.nation import cells
from musterroll.demo.nation.agency import Agency
from musterroll.demo.nation.world import Nation


def benefit(nation: Nation) -> Agency:
    """Claims for children, with partner and up to four of them."""
    given, family = cells.names(510)
    other = "bad_name(given({id}, {sex}), did, {salt}, e * .02)"
    columns = {
        "claim": cells.entry("B", 17),
        "claimant_no": cells.number(520),
        "claimant_surname": family,
        "claimant_forename": given,
        "claimant_born": cells.day(530, "%d-%m-%Y"),
        "partner_no": "CASE WHEN together THEN " + cells.number(534, "serial(mate)", "serial") + " ELSE '' END",
        "partner_forename": "CASE WHEN together THEN "
        + other.format(id="mate", sex="mate_sex", salt=538)
        + " ELSE '' END",
    }
    for n in cells.CHILDREN:
        salt = 540 + 20 * n
        name = other.format(id=f"child_{n}", sex=f"child_sex(child_{n})", salt=salt)
        columns[f"child_{n}_forename"] = f"CASE WHEN minor_{n} THEN {name} ELSE '' END"
        columns[f"child_{n}_surname"] = f"CASE WHEN minor_{n} THEN surname(head) ELSE '' END"
        columns[f"child_{n}_born"] = (
            f"CASE WHEN minor_{n} THEN {cells.day(salt + 8, '%d-%m-%Y', f'child_{n}_born', 0.01)} ELSE '' END"
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
                "family": cells.FAMILY,
                # The parent who stays with the children claims; of two, mostly the mother.
                "claims": "CASE WHEN partner < 0 THEN role = 0 WHEN v >= parted THEN role <> who_parted"
                " ELSE role = (u(head, 502) < .8)::INT END",
                "together": "partner >= 0 AND v < parted",
                "mate": "CASE role WHEN 0 THEN partner ELSE head END",
                "mate_sex": "CASE role WHEN 0 THEN partner_sex(head, partner) ELSE head_sex(head, 2, children) END",
            },
            *cells.minors(nation, "v"),
        ),
        columns=columns,
        state=(*(f"minor_{n}" for n in cells.CHILDREN), "together", cells.WED),
        lost=0.012,
    )


def findings(_: Nation) -> Agency:
    """Outcomes of the health body: fit or not, and until when."""
    given, family = cells.names(610)
    return Agency(
        name="findings",
        salt=600,
        delay=25,
        error=1.3,
        there="found_on <= v AND found_on < least(died, left_country) AND came <= found_on"
        " AND (found_kind = 'P' OR found_to > v - 900)",
        key="ref",
        known=({"family": cells.FAMILY},),
        columns={
            "ref": cells.entry("F", 19),
            "name": f"{family} || ', ' || {given}",
            "birth": cells.day(630, "%Y/%m/%d"),
            "outcome": cells.code("CASE found_kind WHEN 'A' THEN 'fit' ELSE 'not fit' END", "'fit'", 634, 0.002),
            "valid_to": "CASE found_kind WHEN 'P' THEN '2099/12/31' WHEN 'T' THEN "
            + cells.day(636, "%Y/%m/%d", "found_to", 0.006)
            + " ELSE '' END",
        },
        state=(cells.WED,),
        lost=0.006,
        stale=0.0,
    )


def tax(nation: Nation) -> Agency:
    """Returns with spouse and dependants."""
    given, family = cells.names(710)
    columns = {
        "return_no": cells.entry("T", 23),
        "filer": cells.number(720),
        "filer_surname": family,
        "filer_forename": given,
        "spouse": "CASE WHEN jointly THEN " + cells.number(730, "serial(partner)", "serial") + " ELSE '' END",
        "spouse_forename": "CASE WHEN jointly THEN bad_name(given(partner, partner_sex(head, partner)), did, 734,"
        " e * .02) ELSE '' END",
    }
    for n in cells.CHILDREN:
        salt = 740 + 10 * n
        number = cells.number(salt, f"serial(child_{n})", "serial")
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
                "family": cells.FAMILY.replace("v >=", "said >="),
                "jointly": "role = 0 AND partner >= 0 AND said < parted",
                "files": "supports(id, head, role, partner, who_parted, said >= parted)",
            },
            *cells.minors(nation, "said"),
        ),
        columns=columns,
        state=("said", *(f"minor_{n}" for n in cells.CHILDREN), "jointly", "family"),
        lost=0.015,
        stale=0.004,
    )


def courts(nation: Nation) -> Agency:
    """Care and guardianship orders."""
    given, family = cells.names(810)
    return Agency(
        name="courts",
        salt=800,
        delay=30,
        error=1.2,
        there="held_from <= v AND held_to > v - 1400 AND held_from < least(died, left_country) AND came <= held_from",
        key="case_ref",
        known=({"family": cells.FAMILY},),
        columns={
            "case_ref": cells.entry("C", 29),
            "number": f"CASE WHEN u(did, 806) < {0.04 * nation.noise} THEN '' ELSE {cells.number(820)} END",
            "surname": family,
            "first_names": f"trim({given} || ' ' || second_given(id, sex))",
            "birth": cells.day(830, "%d/%m/%Y"),
            "until": cells.day(836, "%d/%m/%Y", "held_to", 0.006),
        },
        state=(cells.WED,),
        lost=0.01,
        stale=0.0,
    )
