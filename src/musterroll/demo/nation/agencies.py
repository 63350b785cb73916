"""What eight agencies know of the nation, each in its own words, late in its own way, and with its own mistakes.

1. An agency's row shows the world as of `v`: the day of the extract less the agency's delay for that family. Some rows
   are stale: nobody has looked at them for more than a year.
2. Each has its own column names, order, dates, codes and letters (`declarations` says how they are read).
3. `state` lists what a row's text depends on besides the person: where it is equal on two days, so is the row. Daily
   changes are found by it, without making every row.
4. What each writes is in `agencies_of_people` and `agencies_of_matters`, in cells that `cells` damages.
"""

from collections.abc import Mapping

from musterroll.demo.nation import agencies_of_matters as matters
from musterroll.demo.nation import agencies_of_people as people
from musterroll.demo.nation.agency import Agency
from musterroll.demo.nation.world import NEVER, Nation

COPY = 100_000_000
"""What is added to a person's number for the damage of a second row."""


def agencies(nation: Nation, count: int = 8) -> tuple[Agency, ...]:
    """The first `count` of the eight agencies (6 to 8)."""
    made = (
        people.civil,
        people.residence,
        people.education,
        people.service,
        matters.benefit,
        matters.findings,
        matters.tax,
        matters.courts,
    )
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
