"""What goes wrong on the way into a file, as pseudopeople does it: a share of cells, rows and numbers, by a digest.

1. Whether a cell is damaged, and how, is a function of (row, cell, seed): the same file errs alike every day, until the
   agency mends the row (`mended`), and an unchanged row keeps every byte.
2. Kinds: a slip of the pen, a blank, an initial or a short form in place of a name, given and family name exchanged,
   day and month exchanged, a wrong digit, the number of a relative or neighbour, a wrong code; rows lost, doubled,
   stale.
3. `noise` 1 damages about as many cells as pseudopeople's own default: some five in a hundred rows have a wrong name or
   date. 0 damages nothing; 2 and 3 multiply every share.
"""

from musterroll.demo.nation import names

_LETTERS = "aeioubdgkptmnlrsvwyzcjfhqx"
_OTHERS = "eaouipbkgtdnmrlszwvyckjhfqx"


def macros() -> list[str]:
    """The statements that teach DuckDB the ways of going wrong. `did` is a row's own number, `rate` the share."""
    short = ", ".join(f"'{name}': '{other}'" for name, other in names.SHORT.items())
    made = [
        f"other_at(t, p) AS translate(substr(t, p, 1), '{_LETTERS}', '{_OTHERS[:26]}')",
        # A slip of the pen: another letter, one left out, two exchanged, one doubled.
        "slip(t, p, kind) AS CASE WHEN length(t) < 3 THEN t"
        " WHEN kind = 0 THEN left(t, p - 1) || other_at(t, p) || substr(t, p + 1)"
        " WHEN kind = 1 THEN left(t, p - 1) || substr(t, p + 1)"
        " WHEN kind = 2 THEN left(t, p - 1) || substr(t, p + 1, 1) || substr(t, p, 1) || substr(t, p + 2)"
        " ELSE left(t, p) || substr(t, p) END",
        "slipped(t, did, salt) AS slip(t, 2 + pick(did, salt, greatest(1, length(t) - 2)), pick(did, salt + 1, 4))",
        "bad_name(t, did, salt, rate) AS CASE WHEN u(did, salt) >= rate THEN t"
        " WHEN u(did, salt) < .2 * rate THEN ''"
        f" WHEN u(did, salt) < .35 * rate THEN coalesce(element_at(MAP {{{short}}}, t)[1], left(t, 1) || '.')"
        " ELSE slipped(t, did, salt + 2) END",
        "bad_text(t, did, salt, rate) AS CASE WHEN u(did, salt) >= rate THEN t"
        " WHEN u(did, salt) < .3 * rate THEN '' ELSE slipped(t, did, salt + 2) END",
        "bad_day(day, did, salt, rate) AS CASE WHEN u(did, salt) >= rate THEN as_date(day)"
        " WHEN u(did, salt) < .3 * rate THEN NULL"
        " WHEN u(did, salt) < .6 * rate AND day(as_date(day)) <= 12"
        " THEN make_date(year(as_date(day)), day(as_date(day)), month(as_date(day)))"
        " WHEN u(did, salt) < .8 * rate"
        " THEN as_date(day) - to_years(CASE WHEN pick(did, salt + 1, 3) = 0 THEN 10 ELSE 1 END::INT)"
        " ELSE as_date(day) - CASE WHEN day(as_date(day)) > 10 THEN 10 ELSE -10 END END::DATE",
        "bad_digit(t, p) AS left(t, p - 1) || ((substr(t, p, 1)::INT + 1 + p % 7) % 10)::VARCHAR || substr(t, p + 1)",
        "bad_number(t, other, did, salt, rate) AS CASE WHEN u(did, salt) >= rate THEN t"
        " WHEN u(did, salt) < .4 * rate THEN ''"
        " WHEN u(did, salt) < .7 * rate THEN bad_digit(t, 1 + pick(did, salt + 1, 10)::INT)"
        " WHEN u(did, salt) < .88 * rate THEN slip(t, 1 + pick(did, salt + 1, 9), 2)"
        " ELSE number_of(other) END",
        "bad_code(t, other, did, salt, rate) AS CASE WHEN u(did, salt) >= rate THEN t"
        " WHEN u(did, salt) < .5 * rate THEN '' ELSE other END",
        "written(day, form) AS coalesce(strftime(day, form), '')",
    ]
    return [f"CREATE OR REPLACE MACRO {each}" for each in made]
