"""Somebody deleted from the founding register and entered again under another number: what he had protects him."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest
from tests.flow.test_nights_with_judgements import ALL, Place, said
from tests.nights import Hamlet, terms

from musterroll.engine import night
from musterroll.engine.night_weekly import COMPARED, same
from musterroll.engine.roll.erase import erase
from musterroll.engine.roll.table import CONFIRMED, POSSIBLE, REFUTED

NEW = "987-65-4321"


@dataclass
class Office(Hamlet):
    """A hamlet whose pay office knows people by the number they had when they were enlisted, and by nothing else."""

    def delivered(self, name: str) -> list[dict[str, str]]:
        rows = super().delivered(name)
        if name == "pay":
            for row in rows:
                row |= {"ssn": NUMBERS.setdefault(row["entry"], row["ssn"]), "last_name": "", "first_name": ""}
        return rows


NUMBERS: dict[str, str] = {}


class Town(Place):
    def __init__(self, folder: Path) -> None:
        NUMBERS.clear()
        super().__init__(folder)
        self.hamlet = Office(5, folder)
        self.one = next(
            one for one in self.hamlet.people if one.sex == "Male" and self.hamlet.day.year - one.born.year > 20
        )
        self.one.serves = True

    def reproduced(self, **more: object) -> bool:
        """Whether the last night linked anew as a whole is the last night."""
        made = night.run(self.store, self.parent, [], terms(self.hamlet.day, self.number + 1, **more))
        anew = night.run(self.store, self.parent, [], terms(self.hamlet.day, self.number + 1, everybody=True, **more))
        return [name for name in COMPARED if not same(self.store, made.snapshot, anew.snapshot, name)] == []

    def pay(self) -> list[tuple[int, int, str]]:
        """Whose the pay office's row is: person, judgement, by whom."""
        rows = self.held("link").filter(pl.col("source") == "pay")
        return sorted(rows.select("person", "judgement", "by").rows())


@pytest.fixture
def town(tmp_path: Path) -> Town:
    made = Town(tmp_path)
    made.night()
    return made


@pytest.mark.parametrize("names", [("civil",), ALL], ids=["the civil register alone", "all agencies"])
def test_the_new_person_has_the_rows_of_the_old_number_as_possible_ones(town, names):
    """A number alone is nobody's for certain: the weights make it possible for the one who has it."""
    ((was, judged, _),) = town.pay()
    assert judged == POSSIBLE
    town.one.number = NEW
    town.night(names)
    rows = town.held("link").filter((pl.col("by") == "founding") & (pl.col("person") > was))
    new = rows["person"].max()
    assert town.pay() == [(new, POSSIBLE, "namesake")]
    assert POSSIBLE in {link for _, link in town.says(new, "serving")}
    assert town.reproduced()
    for tonight in ((), ("pay",), ALL):
        town.night(tonight)
        assert town.pay() == [(new, POSSIBLE, "namesake")]
    record = town.held("link").filter(pl.col("source") == "pay")["record"][0]
    refuted = said(new, record, REFUTED)
    for tonight in ((), ALL):
        town.night(tonight, human=refuted)
        assert town.pay() == [(new, REFUTED, "officer")]
    assert town.reproduced(human=refuted)


def test_who_comes_back_under_the_old_number_has_his_own_again(town):
    ((was, *_),) = town.pay()
    old, town.one.number = town.one.number, NEW
    town.night(("civil",))
    assert town.held("vanished").height == 1
    town.one.number = old
    town.night(("civil",))
    assert [person for person, *_ in town.pay()] == [was]
    assert town.held("vanished")["number"].to_list() == [NEW.replace("-", "")]


def test_of_whoever_was_erased_nothing_is_kept_and_no_night_goes_by_it(town):
    ((was, *_),) = town.pay()
    town.one.number = NEW
    town.night(("civil",))
    theirs = town.held("link").filter((pl.col("person") == was) & (pl.col("judgement") == CONFIRMED))["record"]
    highest = town.held("link")["person"].max()
    town.parent = erase(town.store, town.parent, persons=[was], records=theirs.to_list()).snapshot
    more = {"erased": tuple(theirs), "highest_erased": highest}
    assert town.parent.refs("vanished") == ()
    assert town.reproduced(**more)
    town.night((), **more)
    assert town.pay() == []
