"""Two rows side by side, as SQL for millions of pairs: the same comparisons, vetoes and rules as `linkage.pair`.

1. `view_sql` makes of a comparison frame what is compared: no words that are no names, the dwelling in one text.
2. `closeness_sql` gives one whole number a pair of rows. Of several rows of two records the largest is the best pair
   (`linkage.whose.closeness`), and `agreed`, `near`, `against` and every contradiction are read back from it.
3. `linkage.pair` and `linkage.veto` are the truth; tests/agreement holds this against them.
"""

from collections.abc import Callable, Collection, Mapping

from musterroll.linkage.comparison import COMPARISONS
from musterroll.linkage.pair import AGREES, DIFFERS, FIRST_WORD_SIGN

BITS = len(COMPARISONS)
_MASK = (1 << BITS) - 1
_AT = {name: bit for bit, name in enumerate(COMPARISONS)}
_TWO_YEARS = 731


def no_name_sql(words: Collection[str]) -> str:
    """Make the macro `no_name`, by which `view_sql` knows words that are no names.

    They stand in a table: a list written out is compared word by word, where the database asks for it as it reads.
    """
    listed = ", ".join(f"('{word}')" for word in sorted(words)) or "('')"
    return f"""
        CREATE OR REPLACE TABLE no_names AS SELECT * FROM (VALUES {listed}) listed(word);
        CREATE OR REPLACE MACRO no_name(word) AS word IN (SELECT no_names.word FROM no_names)
    """


def view_sql(table: str) -> str:
    """The rows of `table` (as `told_apart`, and `founds`) without words that are no names; `latin` is `is_latin`."""
    names = "concat(given, middle, family)"
    return f"""
    WITH unnamed AS (SELECT *, no_name(given) AS no_given, no_name(family) AS no_family FROM {table}), named AS (
    SELECT record, source, single, alone, founds, number, middle, born, sex, age, as_of, po_box, dwelling,
        town, postcode, born_until, latin AS all_latin, no_given OR no_family AS partly,
        CASE WHEN no_given THEN NULL ELSE given END AS given,
        CASE WHEN no_family THEN NULL ELSE family END AS family,
        CASE WHEN no_given THEN NULL ELSE given_keys END AS given_keys,
        CASE WHEN no_family THEN NULL ELSE family_keys END AS family_keys,
        CASE WHEN age IS NULL OR as_of IS NULL THEN NULL ELSE
            (DATE '1970-01-01' + as_of - to_years(age + 1))::DATE - DATE '1970-01-01' + 1 END AS told_lo,
        CASE WHEN age IS NULL OR as_of IS NULL THEN NULL ELSE
            (DATE '1970-01-01' + as_of - to_years(age))::DATE - DATE '1970-01-01' END AS told_hi
    FROM unnamed
    )
    SELECT * EXCLUDE (all_latin, partly), CASE WHEN partly IS DISTINCT FROM TRUE THEN all_latin
        WHEN {names} <> '' THEN strlen({names}) = length({names}) END AS latin FROM named
    """


VIEW_COLUMNS = (
    "record",
    "source",
    "single",
    "alone",
    "founds",
    "number",
    "given",
    "middle",
    "family",
    "born",
    "sex",
    "age",
    "as_of",
    "po_box",
    "dwelling",
    "town",
    "postcode",
    "born_until",
    "given_keys",
    "family_keys",
    "told_lo",
    "told_hi",
    "latin",
)
"""The columns of `view_sql`."""


def _latin(name: str) -> str:
    return f"strlen(l.{name}) = length(l.{name}) AND strlen(r.{name}) = length(r.{name})"


def _silent(name: str) -> str:
    return f"WHEN l.{name} IS NULL OR r.{name} IS NULL THEN NULL"


_APART = "CASE WHEN l.latin <> r.latin THEN NULL ELSE 2 END"


def _equal(name: str, otherwise: str = "2") -> str:
    return f"CASE WHEN l.{name} = r.{name} THEN 0 {_silent(name)} ELSE {otherwise} END"


def _slip(name: str, otherwise: str = "2") -> str:
    return (
        f"CASE WHEN l.{name} = r.{name} THEN 0 {_silent(name)} "
        f"WHEN abs(length(l.{name}) - length(r.{name})) <= 1 AND {_latin(name)} "
        f"AND damerau_levenshtein(l.{name}, r.{name}) <= 1 THEN 1 ELSE {otherwise} END"
    )


def _initial(name: str) -> str:
    return f"length({name}) = 1 AND unicode({name}) < {ord(FIRST_WORD_SIGN)}"


def _similar(name: str) -> str:
    likeness = f"jaro_winkler_similarity(l.{name}, r.{name})"
    close = f"WHEN {likeness} >= {AGREES} THEN 0 WHEN {likeness} >= {DIFFERS} THEN 1 ELSE 2"
    return f"WHEN NOT ({_latin(name)}) THEN {_APART} {close}"


def _within(name: str) -> str:
    words = (f"string_split(l.{name}, ' ')", f"string_split(r.{name}, ' ')")
    bare = (bones_sql(f"l.{name}"), bones_sql(f"r.{name}"))
    either = f"(contains(l.{name}, '~') OR contains(r.{name}, '~'))"
    return f"CASE WHEN {either} THEN {_subset(*bare)} ELSE {_subset(*words)} END"


def _subset(a: str, b: str) -> str:
    return f"(len({a}) > 0 AND len({b}) > 0 AND (list_has_all({a}, {b}) OR list_has_all({b}, {a})))"


def bones_sql(name: str) -> str:
    """SQL: `linkage.script.skeleton` of a column of keys."""
    words = f"list_transform(string_split({name}, ' '), w -> regexp_replace(ltrim(w, '~'), '[aeiouv]', '', 'g'))"
    return f"list_filter({words}, w -> length(w) > 1)"


SWAPPED = "(l.given = r.family AND l.family = r.given OR l.given_keys = r.family_keys AND l.family_keys = r.given_keys)"

_TOLD = (
    "CASE WHEN {a}.told_lo IS NULL OR {b}.born IS NULL THEN NULL "
    "WHEN {b}.born BETWEEN {a}.told_lo AND {a}.told_hi THEN 0 "
    f"WHEN {{b}}.born BETWEEN {{a}}.told_lo - {_TWO_YEARS} AND {{a}}.told_hi + {_TWO_YEARS} THEN 1 ELSE 2 END"
)

_DAY = "strftime(DATE '1970-01-01' + {0}.born, '%Y%m%d')"
_TURNED = "strftime(DATE '1970-01-01' + {0}.born, '%Y%d%m')"


def levels() -> Mapping[str, str]:
    """For each comparison the SQL of its level: 0 agrees, 1 near, 2 against, NULL silent.

    Equality comes first in each: most pairs are equal, and the rest is not computed for them.
    """
    return {
        "number": _slip("number"),
        "given": f"CASE WHEN l.given = r.given THEN 0 WHEN {SWAPPED} THEN 0 {_silent('given')} "
        "WHEN list_has_any(l.forms, r.forms) THEN 0 "
        f"WHEN {_initial('l.given')} OR {_initial('r.given')} THEN "
        "(CASE WHEN left(l.given, 1) = left(r.given, 1) THEN 0 "
        f"WHEN left(l.given_keys, 1) = left(r.given_keys, 1) THEN 1 ELSE {_APART} END) "
        f"WHEN {_within('given_keys')} THEN 0 {_similar('given')} END",
        "middle": f"CASE {_silent('middle')} WHEN left(l.middle, 1) = left(r.middle, 1) THEN 0 ELSE {_APART} END",
        "family": f"CASE WHEN l.family = r.family THEN 0 WHEN {SWAPPED} THEN 0 {_silent('family')} "
        "WHEN length(l.family) >= 4 AND length(r.family) >= 4 AND ("
        "starts_with(l.family, r.family) OR starts_with(r.family, l.family) "
        "OR suffix(l.family, r.family) OR suffix(r.family, l.family)) THEN 0 "
        f"WHEN {_within('family_keys')} THEN 0 {_similar('family')} END",
        "born": f"CASE WHEN l.born = r.born THEN 0 {_silent('born')} "
        f"WHEN {_DAY.format('l')} = {_TURNED.format('r')} THEN 1 "
        f"WHEN damerau_levenshtein({_DAY.format('l')}, {_DAY.format('r')}) <= 1 THEN 1 ELSE 2 END",
        "sex": _equal("sex"),
        "age": "CASE WHEN l.born > r.born_until OR r.born > l.born_until THEN 2 ELSE "
        f"least({_TOLD.format(a='l', b='r')}, {_TOLD.format(a='r', b='l')}) END",
        "address": f"least({_equal('po_box')}, {_slip('dwelling', _APART)})",
        "postcode": _equal("postcode"),
        "town": _equal("town", _APART),
    }


def masks_sql() -> str:
    """One whole number from the columns of `levels`: agreed at bit 0, against at bit 10, near at bit 20."""
    places = (0, 2 * BITS, BITS)  # by level: agreed, near, against
    return " + ".join(
        f'CASE "{name}" WHEN 0 THEN {1 << (bit + places[0])} WHEN 1 THEN {1 << (bit + places[1])} '
        f"WHEN 2 THEN {1 << (bit + places[2])} ELSE 0 END"
        for bit, name in enumerate(COMPARISONS)
    )


def agrees(name: str, masks: str = "masks") -> str:
    """SQL: whether the comparison agrees."""
    return f"({masks} >> {_AT[name]}) & 1 = 1"


def differs(name: str, masks: str = "masks") -> str:
    """SQL: whether the comparison speaks against."""
    return f"({masks} >> {_AT[name] + BITS}) & 1 = 1"


def slips(name: str, masks: str = "masks") -> str:
    """SQL: whether the comparison differs by a slip of the pen only."""
    return f"({masks} >> {_AT[name] + 2 * BITS}) & 1 = 1"


def _of(level: Callable[[str, str], str], masks: str) -> Callable[[str], str]:
    return lambda name: level(name, masks)


def contradiction_sql(masks: str = "masks") -> str:
    """SQL: the name of the first contradiction, or NULL (`linkage.veto.contradiction`)."""
    a, d, s = _of(agrees, masks), _of(differs, masks), _of(slips, masks)
    others = " OR ".join(d(name) for name in ("given", "middle", "family", "born", "sex", "age"))
    return (
        f"CASE WHEN {d('given')} AND NOT {a('born')} THEN 'given_name_differs' "
        f"WHEN {a('born')} AND {d('given')} AND ({d('middle')} OR {d('sex')}) THEN 'twins' "
        f"WHEN {d('number')} AND ({others}) THEN 'number_differs' "
        f"WHEN ({d('born')} OR {d('age')} AND NOT ({a('born')} OR {s('born')})) AND NOT {a('number')} "
        "THEN 'birth_date_differs' END"
    )


def with_his_number_sql(masks: str = "masks") -> str:
    """SQL: the masks of `linkage.veto.with_his_number`."""
    number = 1 << _AT["number"]
    return f"(({masks} & ~{number << BITS | number << 2 * BITS}) | {number})"


def nothing_of_his_own_sql(masks: str = "masks") -> str:
    """SQL: `linkage.veto.nothing_of_his_own`."""
    a, s = _of(agrees, masks), _of(slips, masks)
    return (
        f"(NOT {a('given')} AND ({a('born')} OR {s('born')} OR {a('age')})::INTEGER + ({a('middle')})::INTEGER "
        f"+ ({a('number')})::INTEGER + ({s('given')})::INTEGER < 2)"
    )


def objection_sql(masks: str = "masks") -> str:
    """SQL: `linkage.veto.objection`."""
    own = nothing_of_his_own_sql(masks)
    return f"coalesce({contradiction_sql(masks)}, CASE WHEN {own} THEN 'nothing_of_his_own' END)"


def verified_sql(masks: str = "masks") -> str:
    """SQL: `linkage.veto.verified`."""
    name = f"{agrees('given', masks)} AND ({agrees('family', masks)} OR {agrees('middle', masks)})"
    return f"({agrees('number', masks)} AND ({name} OR {agrees('born', masks)}) AND {objection_sql(masks)} IS NULL)"


def exact_sql(masks: str = "masks") -> str:
    """SQL: `linkage.veto.exact`."""
    return f"(NOT {differs('middle', masks)} AND NOT {differs('sex', masks)} AND {objection_sql(masks)} IS NULL)"


def closeness_sql(masks: str = "masks") -> str:
    """SQL: the order of `linkage.whose.closeness` as one number; the masks are its lowest bits (`masks_of`)."""
    agreed, against = f"({masks} & {_MASK})", f"(({masks} >> {BITS}) & {_MASK})"
    near = f"(({masks} >> {2 * BITS}) & {_MASK})"
    return (
        f"((CASE WHEN ({contradiction_sql(masks)}) IS NULL THEN 1 ELSE 0 END)::BIGINT << 40) "
        f"+ (bit_count({agreed})::BIGINT << 35) + ((15 - bit_count({against}))::BIGINT << 30) "
        f"+ ({agreed}::BIGINT << 20) + ({against}::BIGINT << 10) + {near}"
    )


def masks_of(closest: str = "closest") -> str:
    """SQL: the masks again from the largest closeness of a pair of records."""
    agreed, against = f"(({closest} >> 20) & {_MASK})", f"(({closest} >> 10) & {_MASK})"
    return f"({agreed} + ({against} << {BITS}) + (({closest} & {_MASK}) << {2 * BITS}))"


def agreed_of(masks: str = "masks") -> str:
    """SQL: the mask `agreed` of a link."""
    return f"({masks} & {_MASK})::BIGINT"


def against_of(masks: str = "masks") -> str:
    """SQL: the mask `against` of a link."""
    return f"(({masks} >> {BITS}) & {_MASK})::BIGINT"


def compared_sql(pairs: str, left: str, right: str) -> str:
    """`pairs` (columns `a`, `b`, records) with `masks` of the best pair of their rows, from tables `left`, `right`."""
    made = ", ".join(f'{sql} AS "{name}"' for name, sql in levels().items())
    return f"""
    WITH level AS (
        SELECT p.a, p.b, {made} FROM {pairs} p JOIN {left} l ON l.record = p.a JOIN {right} r ON r.record = p.b
    ), masked AS (SELECT a, b, {masks_sql()} AS masks FROM level)
    SELECT a, b, {masks_of("max(closest)")} AS masks FROM (SELECT a, b, {closeness_sql()} AS closest FROM masked)
    GROUP BY a, b
    """
