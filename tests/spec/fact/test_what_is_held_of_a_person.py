"""Chapter: what is held of a person. The invented republic's sources and law, one man, and what follows from his rows.

Each situation gives the rows that agencies sent about one man or his household, as of 31 December 2020, and what is
held of him then. `?` is unknown: he is asked, and nothing counts against him.
"""

from dataclasses import dataclass
from pathlib import Path

import pytest

from musterroll.dates import FIRST_DAY, NEVER, format_day, parse_day
from musterroll.extract.declaration import load_source
from musterroll.extract.row import typed
from musterroll.fact import coverage, record
from musterroll.fact.attribute import Held, State, ValueType, codes_of
from musterroll.fact.coverage import Delivery
from musterroll.fact.derive import held_of
from musterroll.fact.timeline import Fact, Judgement, Linked, Member, PersonFacts
from musterroll.law import pack as law_pack

EXAMPLE = Path(__file__).parents[3] / "packs" / "example"
PACK = law_pack.load(EXAMPLE)
NAMES = ("civil", "dwelling", "pay", "tax", "benefit")
SOURCES = {name: load_source(EXAMPLE / "sources" / f"{name}.yaml") for name in NAMES}
ON = parse_day("2020-12-31")
HE = 1
CONFIRMED, POSSIBLE = Judgement.CONFIRMED, Judgement.POSSIBLE


@dataclass(frozen=True)
class Sent:
    """A row that an agency sent. `of` says whose it is: his, possibly his, or another person's of the household."""

    source: str
    texts: dict[str, str]
    of: str = "his"


def civil(**texts: str) -> Sent:
    return Sent("civil", {"ssn": "100-00-0001", "event_type": "creation", "event_date": "19900601", **texts})


def dwelling(of: str = "his", **texts: str) -> Sent:
    given = {"household_id": "H1", "housing_type": "Household", "relationship_to_reference_person": "Reference person"}
    return Sent("dwelling", {**given, **texts}, of)


def child(born: str, role: str = "Biological child") -> Sent:
    return dwelling("another's", relationship_to_reference_person=role, date_of_birth=born)


def pay(year: str, of: str = "his") -> Sent:
    return Sent("pay", {"tax_year": year}, of)


def person(*sent: Sent) -> PersonFacts:
    facts: list[Fact] = []
    members: list[Member] = []
    links: list[Linked] = []
    for source in NAMES:
        rows = [one for one in sent if one.source == source]
        delivery = 1 + NAMES.index(source)
        read = []
        for number, one in enumerate(rows, start=1):
            texts = {**dict.fromkeys(SOURCES[source].columns, ""), **one.texts}
            read.append(record.DeliveredRow(delivery, number, ON, texts, typed(SOURCES[source], texts, ON)))
        for of, link in (("his", CONFIRMED), ("possibly his", POSSIBLE), ("another's", None)):
            own = [row for row, one in zip(read, rows, strict=True) if one.of == of]
            if link is not None and own:
                links.append(Linked(delivery * 10 + link, source, link))
                facts += [
                    Fact(
                        said.attribute,
                        said.lo,
                        said.hi,
                        link,
                        0,
                        delivery,
                        said.row,
                        said.n,
                        said.valid_from,
                        said.valid_to,
                    )
                    for said in record.facts(SOURCES[source], own, PACK.attributes)
                ]
            who = HE if link is not None else None
            members += [
                Member(
                    hash(place.group),
                    place.roster,
                    place.role,
                    place.born_lo,
                    place.born_hi,
                    delivery,
                    place.row,
                    place.n,
                    who,
                    link,
                )
                for place in record.places(SOURCES[source], own)
            ]
    return PersonFacts(HE, tuple(facts), (), tuple(members), tuple(links))


def held(*sent: Sent, wide: bool = False, as_of: int = ON) -> dict[str, Held]:
    taken = [Delivery(1 + n, name, as_of, True) for n, name in enumerate(NAMES)]
    agencies = coverage.on_day([coverage.of(one) for one in SOURCES.values()], taken)
    own = coverage.register_coverage(PACK.attributes, agencies, (one.name for one in PACK.derivations))
    names = {1 + n: name for n, name in enumerate(NAMES)}
    return held_of(person(*sent), PACK, {**agencies, "register": own}, ON, sources=names, wide=wide)


def told(name: str, one: Held) -> str:
    """A value as the tables below write it."""
    attribute = PACK.attributes[name]
    if one.lo is None or one.hi is None:
        return "?"
    if attribute.type is ValueType.DATE:
        ends = {FIRST_DAY: "none", NEVER: "never"}
        low, high = (ends.get(day) or format_day(day) for day in (one.lo, one.hi))
        return low if one.exact is not None else f"{low}..{high}"
    if one.among is not None:
        return " | ".join(attribute.values[code] for code in codes_of(one.among))
    return ("no", "yes")[one.lo] if attribute.type is ValueType.BOOL else attribute.values[one.lo]


HOUSEHOLD = (civil(), dwelling())
TWO = (child("05/05/2010"), child("05/05/2012"))
SITUATIONS = {
    # deaths
    "he is in the civil register and no death row is": ((civil(),), "died_on", "never"),
    "he died": ((civil(), civil(event_type="death", event_date="20200501")), "died_on", "2020-05-01"),
    "he died on a day that nobody wrote down": (
        (civil(), civil(event_type="death", event_date="")),
        "died_on",
        "none..2020-12-31",
    ),
    "the only row of his record is ticked as a death": ((civil(event_type="death"),), "died_on", "1990-06-01..never"),
    "a second row does not say what happened": (
        (civil(), civil(event_type="", event_date="20200501")),
        "died_on",
        "2020-05-01..never",
    ),
    # birth dates
    "his birth date is in one source": ((civil(date_of_birth="19900601"),), "born", "1990-06-01"),
    "two sources differ about his birth date": (
        (civil(date_of_birth="19900601"), dwelling(date_of_birth="06/01/1991")),
        "born",
        "1990-06-01..1991-06-01",
    ),
    "his age allows his birth date": ((civil(date_of_birth="19900601"), dwelling(age="29")), "born", "1990-06-01"),
    "only his age is known": ((civil(), dwelling(age="29")), "born", "1989-04-01..1992-04-01"),
    "his birth date is no date": ((civil(date_of_birth="19900631"),), "born", "?"),
    # sex
    "two sources differ about his sex": ((civil(sex="Male"), dwelling(sex="Female")), "sex", "male | female"),
    "his sex is blank in one of two sources": ((civil(sex=""), dwelling(sex="Male")), "sex", "male"),
    # dwelling and housing
    "he is in no dwelling": ((civil(),), "lives_in_dwelling", "?"),
    "he lives in a dwelling": (HOUSEHOLD, "lives_in_dwelling", "yes"),
    "he lives in a nursing home": ((civil(), dwelling(housing_type="Nursing home")), "in_institution", "yes"),
    "his kind of housing is blank, and he is somebody in a household": (
        (civil(), dwelling(housing_type="")),
        "in_institution",
        "no",
    ),
    "his kind of housing is blank, and so is his place in it": (
        (civil(), dwelling(housing_type="", relationship_to_reference_person="")),
        "in_institution",
        "?",
    ),
    "he lives in a college": ((civil(), dwelling(housing_type="College")), "full_time_student", "yes"),
    # service
    "he is on no pay list": ((civil(),), "serving", "no"),
    "he is paid this year": ((civil(), pay("2020")), "serving", "yes"),
    "he is paid this year, and his dwelling is none of the army's": ((*HOUSEHOLD, pay("2020")), "serving", "yes"),
    "he was paid last year": ((civil(), pay("2019")), "has_served", "yes"),
    "he was paid last year and nobody says that he serves now": ((civil(), pay("2019")), "serving", "?"),
    # children at home
    "he has three children at home": ((*HOUSEHOLD, *TWO, child("05/05/2014")), "third_child_born", "2010-05-05"),
    "he has two": ((*HOUSEHOLD, *TWO), "third_child_born", "none"),
    "he has two, and a third whose birth date is blank": (
        (*HOUSEHOLD, *TWO, child("")),
        "third_child_born",
        "none..2010-05-05",
    ),
    "he has two, and a minor of blank place in the household": (
        (*HOUSEHOLD, *TWO, child("05/05/2014", "")),
        "third_child_born",
        "none..2010-05-05",
    ),
    "he has two, and an adult of blank place": (
        (*HOUSEHOLD, *TWO, child("05/05/1970", "")),
        "third_child_born",
        "none..1970-05-05",
    ),
    "his own place in the household is blank": (
        (civil(), dwelling(relationship_to_reference_person=""), *TWO, child("05/05/2014")),
        "third_child_born",
        "none..2010-05-05",
    ),
    "he is the lodger of a family": (
        (civil(), dwelling(relationship_to_reference_person="Roommate or housemate"), *TWO, child("05/05/2014")),
        "third_child_born",
        "none",
    ),
    "he alone cares for a child": ((*HOUSEHOLD, *TWO), "shares_care", "no"),
    "his wife lives with them": ((*HOUSEHOLD, *TWO, child("05/05/1991", "Opposite-sex spouse")), "shares_care", "yes"),
    "nobody knows where he lives": ((civil(),), "youngest_child_born", "?"),
    # dependants and our own decisions
    "he sent no tax return": ((civil(),), "third_dependant_born", "none"),
    "he was granted no postponement": ((civil(),), "postponed_until", "none"),
}


@pytest.mark.parametrize("situation", SITUATIONS)
def test_what_is_held_when(situation: str):
    sent, name, value = SITUATIONS[situation]
    assert told(name, held(*sent)[name]) == value


def test_a_possible_pay_row_asks_him_and_does_not_exempt_him():
    maybe = (*HOUSEHOLD, pay("2020", "possibly his"), pay("2019", "possibly his"))
    for wide, value in ((False, "no"), (True, "?")):
        found = held(*maybe, wide=wide)
        assert [told(name, found[name]) for name in ("serving", "has_served")] == [value, value]


def test_a_row_that_is_possibly_his_establishes_nothing():
    found = held(civil(), dwelling("possibly his", date_of_birth="06/01/1990"), wide=True)
    assert [told(name, found[name]) for name in ("lives_in_dwelling", "born", "third_child_born")] == ["?", "?", "?"]


def test_what_was_delivered_too_long_ago_is_no_longer_said():
    found = held(civil(date_of_birth="19900601"), as_of=ON - 121)
    assert (found["born"].state, found["died_on"].state) == (State.STALE, State.UNKNOWN)


def test_every_value_comes_with_the_rows_that_say_it():
    found = held(civil(date_of_birth="19900601"), dwelling(date_of_birth="06/01/1990"))["born"]
    assert found.state is State.AGREED
    assert [(one.source, one.delivery, one.row) for one in found.evidence] == [("civil", 1, 1), ("dwelling", 2, 1)]
