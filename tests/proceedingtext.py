"""A small law of orders and claims for tests, and its courses written as a pack writes them."""

from tests.lawtext import BASE, RULES, day

from musterroll.claim import worked
from musterroll.claim.course import run
from musterroll.claim.happening import Event
from musterroll.claim.matter import Matter
from musterroll.fact.attribute import Held
from musterroll.law import pack as packs
from musterroll.law.pack import Pack

HOLIDAYS = """
```holidays town
covers: 1999-01-01 .. 2030-01-01
weekend: {is: [Saturday, Sunday], basis: (1)}
closed:
  - (1): [2021-01-01, 2021-04-05]
```

```parameter long
unit: days
basis: (1)
values: {2000-01-01: 20, 2022-01-01: 25}
```
"""

ORDER = """
```proceeding order
title: Order
roles:
  - (1): [office]
facts:
  - (1): {report_on: date}
states:
  - (1): {none: start}
  - (1): {issued: obliges}
  - (1): {cancelled: ended}
  - (1): {served: ended}
moves:
  - (1): {issued: none -> issued, by: office, tells: report_on, if: report_on >= on + days(10)}
  - (2): {cancelled: issued -> cancelled, by: office}
  - (1): {reported: issued -> served, by: person, not before: report_on, binds: yes}
```
"""

CLAIM = """
```proceeding claim
title: Claim
within: order
roles:
  - (2): [office, board]
facts:
  - (2): {ground: illness | study}
bodies:
  - (3): {board: quorum majority of members, decides majority of present, tie next_meeting}
  - (3): {barred: parent or employer}
states:
  - (2): {none: start}
  - (2): {filed: pending}
  - (2): {denied: open}
  - (3): {appealed: pending}
  - (2): {granted: ended}
  - (3): {final: ended}
moves:
  - (2): {filed: none -> filed, by: person, tells: ground, not after: filing}
  - (2): {granted: filed or appealed -> granted, by: office or board, ends: order cancelled}
  - (2): {denied: filed -> denied, by: office, worsens: told}
  - (3): {appealed: denied -> appealed, by: person, not after: appeal}
  - (3): {dismissed: appealed -> final, by: board, worsens: told}
  - (3): {lapsed: denied -> final, by: time, after: appeal}
limits:
  - (2): {filing: until order_report_on, counts: day before}
  - (3): {appeal: 15 days from denied, counts: day after}
waits:
  - (3): {again: 10 days from final, counts: day after}
holds:
  - (2): {order: filed or denied or appealed, then: again}
silent:
  - law silent: {time to decide: none is set}
```
"""

CALLED = "2021-03-01 order issued by office: {report_on: 2021-06-01, told: 2021-03-02}"
FILED = "2021-03-10 filed by person: {ground: illness}"
DENIED = "2021-03-20 denied by office: {told: 2021-03-22}"
CARRIED = "members: 5, present: 3, for: 2, against: 1"


def law(extra: str = ORDER + CLAIM) -> Pack:
    """The small law with these proceedings."""
    return packs.from_text({"small.md": BASE + HOLIDAYS + RULES + extra})


LAW = law()


def changed(*changes: tuple[str, str], text: str = ORDER + CLAIM) -> Pack:
    """The small law with some words exchanged; each must stand in it."""
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return law(text)


def course(
    events: tuple[str, ...], expect: tuple[str, ...], *, of: str = "claim", given: str = "", more: str = ""
) -> str:
    """A course block."""
    happened = "".join(f"\n  - {event}" for event in events) or " []"
    expected = "".join(f"\n  - {line}" for line in expect)
    return f"\n```course tried\nof: {of}\ngiven: {{{given}}}\nevents:{happened}\nexpect:{expected}\n{more}```\n"


def with_course(pack: Pack, text: str) -> Pack:
    """The same law with one more course."""
    return packs._made(packs.Pages(pack.pages.articles, (*pack.pages.blocks, *packs.article.read(text, "t.md").blocks)))


def told(pack: Pack, events: tuple[str, ...], *expect: str, of: str = "claim", given: str = "", more: str = "") -> str:
    """In what the stage differs from the lines expected; empty where it agrees with all of them."""
    found = worked.run(with_course(pack, course(events, expect, of=of, given=given, more=more)))
    return "; ".join(one.differs for one in found if one.differs)


def events_of(
    pack: Pack, *events: str, of: str = "claim", given: str = ""
) -> tuple[dict[str, Held], tuple[Event, ...]]:
    """The person and the events as values."""
    line = worked.lines(with_course(pack, course(events, ("2021-01-01: not none",), of=of, given=given)))[0]
    return dict(line.held), line.events


def ran(pack: Pack, on: str, *events: str, of: str = "claim", given: str = "") -> Matter:
    """Everything as it stands on a day."""
    held, happened = events_of(pack, *events, of=of, given=given)
    return run(pack, held, happened, day(on))
