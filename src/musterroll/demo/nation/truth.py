"""What is true of everybody on a day: kept apart from what agencies send, and read by measurements only.

`standing` gives one row for each man of 17 to 60 whose record the civil register should hold, with a reason a column. A
man is truly callable where no reason holds and his age is that which is called.
"""

from musterroll.demo.nation import agencies, cells
from musterroll.demo.nation.agency import Agency
from musterroll.demo.nation.world import Nation

REASONS = {
    "dead": "has died",
    "abroad": "has left the country",
    "serving": "is serving",
    "served": "has served",
    "student": "studies full-time",
    "unfit": "is found unfit, for good or for a time",
    "held": "is held back by a court's finding",
    "three_children": "lives with three minor children",
    "three_dependants": "maintains three minor children",
}
"""Why somebody of the age may not be called, in the order in which a wrongful call-up is told."""


def standing(nation: Nation, day: int, people: str) -> str:
    """A SELECT of `number`, `born` and a column for each of `REASONS`, as things are on `day`."""
    men = f"(SELECT * FROM {people} WHERE sex = 0 AND came <= {day} AND age_years(born, {day}) BETWEEN 17 AND 60)"
    known = agencies.layered(men, (*cells.home(str(day)), *cells.minors(nation, str(day))))
    here = "least(died, left_country)"
    school = "first_of(year(as_date(born)) + 16, 9)"
    return f"""
    SELECT number_of(serial) AS number, born,
      died <= {day} AS dead,
      left_country <= {day} AS abroad,
      served_from <= {day} AND served_to > {day} AND served_from < {here} AS serving,
      served_to <= {day} AND served_from < {here} AS served,
      ({school} <= {day} AND school_to > {day} AND {school} >= came AND {school} < {here}) OR (study_from <= {day}
        AND study_to > {day} AND NOT study_part AND study_from >= came AND study_from < {here}) AS student,
      found_on <= {day} AND found_on < {here} AND came <= found_on
        AND (found_kind = 'P' OR (found_kind = 'T' AND found_to >= {day})) AS unfit,
      held_from <= {day} AND held_to >= {day} AND held_from < {here} AND came <= held_from AS held,
      role < 2 AND NOT away AND minors >= 3 AS three_children,
      role < 2 AND minors >= 3 AND (partner >= 0 AND parted > {day}
        OR supports(id, head, role, partner, who_parted, parted <= {day})) AS three_dependants
    FROM {known}"""


def entries(agency: Agency, people: str) -> str:
    """A SELECT of `key`, `number`: whose every entry of an agency is, in whatever extract it may stand."""
    key = agency.columns[agency.key]
    copies = f"(SELECT *, unnest({agency.copies}) AS copy FROM {people})"
    return f"SELECT {key} AS key, number_of(serial) AS number FROM {copies}"
