"""What people judged, as nights take it in: never undone by a run, exact when it is ended, and nobody comes back."""

from pathlib import Path

import polars as pl
import pytest
from tests.nights import Hamlet, law, store, terms, views

from musterroll.dates import FIRST_DAY, NEVER
from musterroll.engine import night
from musterroll.engine.linkage_splink import HUMAN
from musterroll.engine.night import Night
from musterroll.engine.roll import Snapshot, Store, archive
from musterroll.engine.roll.erase import erase
from musterroll.engine.roll.table import CONFIRMED, POSSIBLE, REFUTED, TABLES
from musterroll.register.judgements import ALIASES, RECORDS

ALL = ("civil", "dwelling", "pay")


class Place:
    """A roll, and night after night of one hamlet in it."""

    def __init__(self, folder: Path, seed: int = 5) -> None:
        self.store: Store = store(folder)
        self.hamlet = Hamlet(seed, folder)
        self.hamlet.people[0].serves = True  # so that the pay office has something to send
        self.parent: Snapshot | None = None
        self.number = 0
        self.sent = 1

    def night(self, names: tuple[str, ...] = ALL, **more: object) -> Night:
        tonight = self.hamlet.tonight(names, self.sent)
        self.sent += len(tonight)
        self.number += 1
        made = night.run(self.store, self.parent, tonight, terms(self.hamlet.day, self.number, **more))
        self.parent = made.snapshot
        return made

    def held(self, table: str) -> pl.DataFrame:
        found = archive.held(self.store, self.parent, table)
        assert found is not None
        return found

    def links(self, person: int) -> dict[str, tuple[int, int, str]]:
        """Of a person: source -> (record, judgement, by)."""
        rows = self.held("link").filter(pl.col("person") == person)
        return {
            source: (record, judged, by)
            for source, record, judged, by in rows.select("source", "record", "judgement", "by").iter_rows()
        }

    def linked_twice(self) -> list[int]:
        """People with a civil and a dwelling record for certain."""
        sure = self.held("link").filter(pl.col("judgement") == CONFIRMED)
        both = sure.group_by("person").agg(pl.col("source").n_unique())
        return sorted(both.filter(pl.col("source") == 2)["person"])

    def says(self, person: int, attribute: str) -> list[tuple[int, int]]:
        number = law().attributes[attribute].number
        rows = self.held("fact").filter((pl.col("person") == person) & (pl.col("attribute") == number))
        return sorted(rows.select("lo", "link").rows())


@pytest.fixture
def place(tmp_path: Path) -> Place:
    made = Place(tmp_path)
    made.night()
    return made


def said(person: int, record: int, judgement: int, by: str = "officer") -> pl.DataFrame:
    return pl.DataFrame([(person, record, judgement, by, 1)], schema=HUMAN, orient="row")


def merged(person: int, into: int) -> pl.DataFrame:
    return pl.DataFrame([(person, into)], schema=ALIASES, orient="row")


@pytest.mark.parametrize(("judgement", "left"), [(REFUTED, []), (POSSIBLE, [POSSIBLE])])
@pytest.mark.parametrize("by", ["officer", "person"])
def test_no_run_undoes_what_somebody_judged(place, judgement, left, by):
    person = place.linked_twice()[0]
    record, _, rule = place.links(person)["dwelling"]
    assert rule in ("number", "exact", "model")
    human = said(person, record, judgement, by)
    for names in ((), ALL):  # the night that takes it in, and one with new extracts
        place.night(names, human=human)
        assert place.links(person)["dwelling"][1:] == (judgement, by)
        assert [link for _, link in place.says(person, "lives_in_dwelling")] == left


def found_of_everybody(place: Place) -> pl.DataFrame:
    """What no agency of the hamlet says, found by officers of everybody: nobody has three dependants."""
    attribute = law().attributes["third_dependant_born"]
    none = attribute.value_of(attribute.neutral)
    plain = {"attribute": attribute.number, "lo": none, "hi": none, "valid_from": FIRST_DAY, "valid_to": NEVER}
    more = {"link": CONFIRMED, "record": 0, "delivery": -2, "row": 0, "n": 0}
    people = sorted(set(place.held("link")["person"]))
    return pl.DataFrame([{"person": one, **plain, **more} for one in people], schema=TABLES["fact"].plain_schema)


def test_a_worsening_by_a_judgement_has_its_cause_and_waits(place):
    callable_ = [number for number, one in enumerate(law().questions["service"].classes) if one.callable]

    def called() -> dict[int, tuple[str, int]]:
        """Whoever became callable in the last night: person -> (because, effective from)."""
        rows = place.held("standing_change").filter(
            pl.col("class").is_in(callable_) & (pl.col("known_from") == place.parent.known_at)
        )
        return {person: (why, day) for person, why, day in rows.select("person", "because", "effective_from").rows()}

    place.night((), declared=found_of_everybody(place))
    people = sorted(called())
    assert people
    dwelling = {person: place.links(person)["dwelling"][0] for person in people}
    place.night((), human=pl.concat([said(person, record, REFUTED) for person, record in dwelling.items()]))
    assert called() == {}
    made = place.night((), human=pl.concat([said(person, record, CONFIRMED) for person, record in dwelling.items()]))
    assert called() == dict.fromkeys(people, ("link", made.snapshot.on + 30))


def test_of_two_merged_one_has_the_standing_and_parted_both_are_as_they_would_have_been(place, tmp_path):
    first, second = place.linked_twice()[:2]
    merge = merged(first, second)
    made = place.night((), aliases=merge)
    standing = views(place.store, made.snapshot)["standing"]
    assert first not in set(standing["person"])
    assert second in set(standing["person"])
    parted = views(place.store, place.night((), aliases=merge.clear()).snapshot)
    other = Place(tmp_path / "never merged")
    for names in (ALL, (), ()):
        other.night(names)
    untouched = views(other.store, other.parent)
    for name, frame in untouched.items():
        assert parted[name].equals(frame), name


def test_a_split_record_founds_a_person_of_its_own(place):
    person = place.linked_twice()[0]
    record = place.links(person)["dwelling"][0]
    highest = place.held("link")["person"].max()
    founded = pl.DataFrame({"record": [record]}, schema=RECORDS)
    place.night((), human=said(person, record, REFUTED), founded=founded)
    links = place.held("link").filter(pl.col("record") == record).select("person", "judgement", "by").rows()
    # the law registers men of some ages only: whoever is one of them has the next number
    assert (person, REFUTED, "officer") in links
    others = [one for one in links if one[0] != person]
    assert others in ([], [(highest + 1, CONFIRMED, "founding")])


def bytes_of(kept: Store, snapshot: Snapshot) -> list[tuple[str, bytes]]:
    return [(name, kept.get(ref).write_csv().encode()) for name, refs in snapshot.tables.items() for ref in refs]


def test_an_erased_person_does_not_come_back_with_tomorrow_s_extracts(place):
    person = place.linked_twice()[0]
    records = [record for record, judged, _ in place.links(person).values() if judged == CONFIRMED]
    parts = place.held("particular").filter((pl.col("person") == person) & (pl.col("kind") == "number"))
    (number,) = set(parts["text"])
    highest = place.held("link")["person"].max()
    place.parent = erase(place.store, place.parent, persons=[person], records=records).snapshot
    place.store.sweep([place.parent.digest])

    def found() -> list[str]:
        return [name for name, data in bytes_of(place.store, place.parent) if number.encode() in data]

    assert found() == []
    more = {"erased": records, "highest_erased": max(highest, person)}
    for _ in range(2):
        place.night(ALL, **more)
        assert found() == []
        assert person not in set(place.held("link")["person"])
        assert not set(records) & set(place.held("link")["record"])


def test_a_number_of_somebody_erased_is_never_given_again(place):
    highest = place.held("link")["person"].max()
    records = [record for record, _, _ in place.links(highest).values()]
    place.parent = erase(place.store, place.parent, persons=[highest], records=records).snapshot
    for _ in range(8):
        place.hamlet.add(1, 0)
    place.night(ALL, erased=records, highest_erased=highest)
    assert highest not in set(place.held("link")["person"])
