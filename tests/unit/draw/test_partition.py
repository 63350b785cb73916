"""How a list is divided, as it is declared and as it is read."""

import itertools
import random
from collections import Counter
from dataclasses import replace

import pytest
from tests.published import people as invented
from tests.published import terms

from musterroll import dates
from musterroll.draw import strata, transcript
from musterroll.draw.commitment import Cohort
from musterroll.draw.entrant import Candidate
from musterroll.draw.partition import NOTHING, PRODUCT, Partition
from musterroll.draw.strata import Class
from musterroll.draw.terms import CohortTerms

ARTICLE = "Example Act, art. 9 (2)"


def people(*rows: tuple[int, str | None, str | None, int | None]) -> list[Candidate]:
    """So many people of this territory, sex and birth year."""
    made = []
    for count, territory, sex, year in rows:
        born = None if year is None else dates.parse_day(f"{year}-05-01")
        for _ in range(count):
            made.append(Candidate(f"XX{len(made)}", born, bytes(32), sex, territory))
    return made


def sizes(partition: Partition, candidates: list[Candidate]) -> dict[str, int]:
    return dict(sorted(Counter(one.stratum for one in partition.divide(candidates, draw="xx-2027-a")).items()))


def test_the_example_of_the_page() -> None:
    cohort = people(
        (30, "XX-01", None, 2001), (5, "XX-01", None, 2002), (12, "XX-02", None, 2001), (40, "XX-03", None, 2002)
    )
    partition = Partition.product("territory-1", "birth-year")
    assert sizes(partition, cohort) == {"XX-01.born-2001-2002": 35, "XX-02_XX-03.born-2001-2002": 52}


def test_a_class_that_is_large_enough_is_divided_further() -> None:
    cohort = people((25, "XX-01", "female", None), (25, "XX-01", "male", None), (3, None, "male", None))
    assert sizes(Partition.product("territory-2", "sex"), cohort) == {
        "XX-01_unknown.female": 25,
        "XX-01_unknown.male": 28,
    }


def test_with_nothing_to_divide_by_everybody_stands_together() -> None:
    assert sizes(Partition.product(), people((3, None, None, 2001))) == {"all": 3}


def test_nothing_is_merged_where_an_article_forbids_it() -> None:
    partition = Partition(20, ("sex", "birth-year"), NOTHING, ARTICLE)
    made = sizes(partition, people((1, None, "male", 2001), (2, None, None, None)))
    assert made == {"male.born-2001": 1, "unknown.born-unknown": 2}
    partition.check(list(made), list(made.values()))
    with pytest.raises(ValueError, match="nothing is merged"):
        partition.check(["male.born-2001-2002"], [30])


def test_what_is_divided_by_a_rule_is_accepted_by_its_reader() -> None:
    chance = random.Random(5)
    orders = [order for n in range(4) for order in itertools.permutations(["territory-1", "sex", "birth-year"], n)]
    for by in orders:
        cohort = people(
            *(
                (
                    chance.randint(1, 30),
                    chance.choice(["XX-01", "XX-02", "XX-03", None]),
                    chance.choice(["female", "male", None]),
                    chance.choice([2001, 2002, 2003, None]),
                )
                for _ in range(12)
            )
        )
        partition = Partition.product(*by)
        made = sizes(partition, cohort)
        partition.check(list(made), list(made.values()))
        for one, entrant in zip(cohort, partition.divide(cohort, draw="xx-2027-a"), strict=True):
            for attribute, group in zip(by, partition.classes(entrant.stratum), strict=True):
                assert group.covers(strata.value_of(one, attribute))


@pytest.mark.parametrize(
    ("members", "says"),
    [
        ({"by": ("sex",)}, "by its rule"),  # neighbour/v1 is birth years alone
        ({"by": "birth-year", "merge": PRODUCT}, "by its rule"),
        ({"least": 19}, "at least 20"),
        ({"by": ("surname",), "merge": PRODUCT}, "by birth year, sex or territory"),
        ({"by": ("sex",), "merge": "by-hand"}, "merged by a known rule"),
        ({"by": ("sex", "sex"), "merge": PRODUCT}, "each attribute once"),
        ({"by": ("territory-1", "territory-2"), "merge": PRODUCT}, "one level of territory"),
        ({"by": ("sex",), "merge": PRODUCT, "article": ARTICLE}, "only there"),
        ({"by": ("sex",), "merge": NOTHING}, "is cited"),
        ({"by": (), "merge": NOTHING, "article": ARTICLE}, "only there"),
    ],
)
def test_a_rule_that_the_charter_does_not_allow_cannot_be_stated(members, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Partition(**members)


@pytest.mark.parametrize(
    ("by", "ids", "says"),
    [
        (("territory-1",), ["XX-01", "XX-01_XX-02"], "do not overlap"),
        (("territory-1",), ["XX-01_unknown", "XX-02"], "do not overlap"),
        (("territory-1",), ["XX-01_unknown", "unknown"], "do not overlap"),
        (("birth-year",), ["born-1999-2001", "born-2001"], "do not overlap"),
        (("birth-year",), ["born-1999-or-unknown", "born-unknown"], "do not overlap"),
        (("sex", "birth-year"), ["male.born-1999-2000", "male.born-2000"], "do not overlap"),
        (("sex", "birth-year"), ["male_unknown.born-1999", "male.born-2000"], "do not overlap"),
        (("sex",), ["male.born-1999"], "is no stratum by sex"),
        ((), ["male"], "is no stratum by nothing"),
        (("sex",), ["Male"], "names no class of sex"),
        (("sex",), ["unknown_male"], "names no class of sex"),
        (("sex",), ["male_female"], "names no class of sex"),
        (("sex",), ["male_male"], "names no class of sex"),
        (("sex",), ["male_"], "names no class of sex"),
        (("territory-1",), ["XX.01"], "is no stratum"),
        (("birth-year",), ["born-2001-1999"], "names no birth years"),
        (("birth-year",), ["born-99"], "names no birth years"),
    ],
)
def test_strata_that_no_rule_leaves_are_refused(by, ids: list[str], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Partition.product(*by).check(ids, [30] * len(ids))


def test_the_same_years_may_stand_under_another_territory() -> None:
    Partition.product("territory-1", "birth-year").check(["XX-01.born-1999", "XX-02.born-1999"], [20, 20])
    with pytest.raises(ValueError, match="fewer than 20"):
        Partition.product("territory-1", "birth-year").check(["XX-01.born-1999", "XX-02.born-1999"], [20, 19])


@pytest.mark.parametrize(
    ("attribute", "text", "inside", "outside"),
    [
        ("sex", "female", ["female"], ["male", None]),
        ("territory-1", "XX-01_XX-03", ["XX-01", "XX-02", "XX-03"], ["XX-04", None]),
        ("territory-1", "XX-02_unknown", ["XX-02", "XX-09", None], ["XX-01"]),
        ("territory-1", "unknown", [None], ["XX-01"]),
        ("birth-year", "born-1999-or-unknown", [1999, None], [2000]),
    ],
)
def test_a_class_says_whom_it_covers(attribute: str, text: str, inside, outside) -> None:
    made = strata.parse(attribute, text)
    assert all(made.covers(value) for value in inside)
    assert not any(made.covers(value) for value in outside)


def test_only_one_value_alone_is_single() -> None:
    assert Class("sex", "male", "male", unknown=False).single
    assert Class("sex", None, None, unknown=True).single
    assert not Class("sex", "male", "male", unknown=True).single
    assert not Class("birth-year", 1999, 2000, unknown=False).single


@pytest.mark.parametrize(
    "partition",
    [Partition.product("sex", "birth-year"), Partition(20, ("sex",), NOTHING, ARTICLE), Partition.product()],
)
def test_a_manifest_says_how_its_list_is_divided(partition: Partition) -> None:
    cohort = people((30, "XX-01", "female", 2001), (30, "XX-01", "male", 2002))
    listed = Cohort.of(partition.divide(cohort, draw="xx-2027-a"))
    manifest = replace(
        terms(Cohort.of(invented(60)), software="22" * 32),
        cohort=CohortTerms.of(listed, total=7, partition=partition),
        audit=None,
    )
    assert transcript.decode(manifest.encode()) == manifest
