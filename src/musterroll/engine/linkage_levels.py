"""The levels at which the model compares two records, as SQL conditions for Splink, and which pairs it looks at.

Levels are tried in order; the first that holds counts, and where nothing holds the pair `differs`. Rules of Splink:
columns carry `_l` and `_r`. A level with `rarity` counts more the rarer the value (term frequency): two Zbigniews say
more than two Johns. Names and addresses say nothing where only one row's names are in Latin letters. The plain
`linkage.pair` is what judges contradictions; these levels only weigh.
"""

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True, slots=True)
class Level:
    """One level: its name in the model file, its condition, and the column whose frequency adjusts its weight."""

    name: str
    sql: str
    rarity: str = ""


@dataclass(frozen=True, slots=True)
class LevelSet:
    """One comparison of the model; `silent` is the condition under which it says nothing."""

    name: str
    silent: str
    levels: tuple[Level, ...]


DIFFERS = "differs"
DWELLING = pl.when(pl.col("house").is_not_null() & pl.col("street").is_not_null()).then(
    pl.concat_str("house", "unit", "street", separator=" ", ignore_nulls=True)
)
"""House, flat and street as one text, as `linkage.pair` has it: a flat may stand with the house's number."""


def _both(left: str, right: str = "") -> str:
    other = right or left
    return f'"{left}_l" = "{other}_r"'


def _missing(column: str) -> str:
    return f'"{column}_l" IS NULL OR "{column}_r" IS NULL'


_APART = '"latin_l" <> "latin_r"'


def _like(column: str, similarity: float) -> str:
    return f'jaro_winkler_similarity("{column}_l", "{column}_r") >= {similarity}'


_SWAPPED = '"given_l" = "family_r" AND "family_l" = "given_r"'
_INITIALS = '(length("given_l") = 1 OR length("given_r") = 1) AND left("{0}_l", 1) = left("{0}_r", 1)'
_SLIP = 'damerau_levenshtein("{0}_l", "{0}_r") <= 1'

LEVEL_SETS = (
    LevelSet("number", _missing("number"), (Level("same", _both("number")), Level("slip", _SLIP.format("number")))),
    LevelSet(
        "given",
        f"{_missing('given')} OR {_APART}",
        (
            Level("same", _both("given"), rarity="given"),
            Level("exchanged", _SWAPPED),
            Level("form", 'list_has_any("forms_l", "forms_r")'),
            Level("initial", _INITIALS.format("given")),
            Level("spelling", f"{_like('given', 0.92)} OR {_both('given_keys')}"),
            Level("similar", f"{_like('given', 0.8)} OR {_INITIALS.format('given_keys')}"),
        ),
    ),
    LevelSet("middle", f"{_missing('initial')} OR {_APART}", (Level("same", _both("initial")),)),
    LevelSet(
        "family",
        f"{_missing('family')} OR {_APART}",
        (
            Level("same", _both("family"), rarity="family"),
            Level("exchanged", _SWAPPED),
            Level(
                "part",
                'length("family_l") >= 4 AND length("family_r") >= 4 AND ('
                'starts_with("family_l", "family_r") OR starts_with("family_r", "family_l") '
                'OR suffix("family_l", "family_r") OR suffix("family_r", "family_l"))',
            ),
            Level("spelling", f"{_like('family', 0.92)} OR {_both('family_keys')}"),
            Level("similar", _like("family", 0.8)),
        ),
    ),
    LevelSet(
        "born",
        _missing("born_text"),
        (
            Level("same", _both("born_text")),
            Level("slip", _SLIP.format("born_text")),
            Level("day and month exchanged", '"born_text_l" = "born_exchanged_r"'),
            Level("same year", 'left("born_text_l", 4) = left("born_text_r", 4)'),
        ),
    ),
    LevelSet(
        "age",
        'NOT (("born_text_l" IS NULL OR "born_text_r" IS NULL) AND '
        '"told_year_l" IS NOT NULL AND "told_year_r" IS NOT NULL)',
        (
            Level("same", 'abs("told_year_l" - "told_year_r") <= 1'),
            Level("near", 'abs("told_year_l" - "told_year_r") <= 3'),
        ),
    ),
    LevelSet("sex", _missing("sex"), (Level("same", _both("sex")),)),
    LevelSet(
        "address",
        f"{_missing('place')} OR {_APART}",
        (
            Level("same", _both("place"), rarity="place"),
            Level("spelling", _like("place", 0.95)),
        ),
    ),
)

_APART = ' AND l."source" <> r."source"'

PAIRS_TO_SCORE = tuple(
    rule + _APART
    for rule in (
        'l."number" = r."number"',
        'l."given" = r."given" AND l."family" = r."family"',
        'l."born_text" = r."born_text"',
        'l."place" = r."place"',
        'l."family" = r."family" AND l."told_year" = r."told_year"',
        'l."given" = r."given" AND l."told_year" = r."told_year"',
        'l."given" = r."given" AND l."initial" = r."initial"',
        'l."family" = r."family" AND l."initial" = r."initial"',
        'l."given" = r."family" AND l."family" = r."given"',
        'left(l."given", 3) = left(r."given", 3) AND left(l."family", 3) = left(r."family", 3)',
    )
)
"""Only records of different sources are compared: a source's own order already tells its records apart."""


def derived(records: pl.DataFrame, forms: dict[str, list[int]]) -> pl.DataFrame:
    """`records` with the columns that the conditions read beside the comparison frame's own, one number `row` each."""
    day = pl.col("born").cast(pl.Date)
    told_year = pl.col("as_of").cast(pl.Date).dt.year() - pl.col("age")
    names = pl.concat_str("given", "middle", "family", ignore_nulls=True)
    table = pl.DataFrame(
        {"given": list(forms), "forms": list(forms.values())}, schema={"given": pl.String, "forms": pl.List(pl.Int32)}
    )
    return (
        records.with_columns(
            born_text=day.dt.strftime("%Y%m%d"),
            born_exchanged=pl.when(day.dt.day() <= 12).then(
                pl.concat_str(day.dt.strftime("%Y"), day.dt.strftime("%d"), day.dt.strftime("%m"))
            ),
            told_year=pl.coalesce(day.dt.year(), told_year).cast(pl.Int32),
            initial=pl.col("middle").str.slice(0, 1),
            place=pl.coalesce(pl.concat_str(pl.lit("box "), "po_box"), DWELLING),
            latin=pl.when(names != "").then(names.str.len_bytes() == names.str.len_chars()),
        )
        .join(table, on="given", how="left", maintain_order="left")
        .with_columns(forms=pl.col("forms").fill_null(pl.lit([], dtype=pl.List(pl.Int32))))
        .with_row_index("row")
    )
