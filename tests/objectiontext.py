"""A small law with an order and an objection to it: what tests of proceedings spoil, one line at a time."""

from tests.lawtext import ATTRIBUTES, CALENDAR, HEAD, QUESTION, RULES

from musterroll.law import pack as packs
from musterroll.law.pack import Pack

SHORE = """
```holidays shore
covers: 1999-01-01 .. 2067-01-01
weekend: {is: [Saturday, Sunday], basis: (1)}
closed:
  - (2): [2021-04-02, 2021-04-05]
```
"""

ORDER = """
```proceeding order
title: Call to the ferry
roles:
  - (1): [harbour_office]
facts:
  - (1): {report_on: date}
states:
  - (1): {none: start}
  - (1): {issued: obliges}
  - (3): {cancelled: ended}
  - (1): {served: ended}
moves:
  - (1): {issued: none -> issued, by: harbour_office, tells: report_on, if: report_on >= on + days(20)}
  - (3): {cancelled: issued -> cancelled, by: harbour_office}
  - (1): {reported: issued -> served, by: person, not before: report_on, binds: yes}
```
"""

OBJECTION = """
```proceeding objection
title: Objection to a call
within: order
roles:
  - (2): [harbour_office, ferry_board]
facts:
  - (2): {about: leave | lifeboat}
bodies:
  - (3): {ferry_board: quorum majority of members, decides majority of present, tie next_meeting}
  - (3): {barred: parent or child or employer}
states:
  - (2): {none: start}
  - (2): {filed: pending}
  - (3): {refused: open}
  - (3): {appealed: pending}
  - (2): {granted: ended}
  - (3): {final: ended}
moves:
  - (2): {filed: none -> filed, by: person, tells: about, not after: filing}
  - (2): {granted: filed or appealed -> granted, by: harbour_office or ferry_board, ends: order cancelled}
  - (2): {refused: filed -> refused, by: harbour_office, worsens: told}
  - (3): {appealed: refused -> appealed, by: person, not after: appeal}
  - (3): {dismissed: appealed -> final, by: ferry_board, worsens: told}
  - (3): {lapsed: refused -> final, by: time, after: appeal}
limits:
  - (2): {filing: until order_report_on, counts: day before}
  - (3): {appeal: 15 days from refused, counts: day after, last day: next working shore, pauses: while order_cancelled}
waits:
  - (3): {report_again: 10 days from final, counts: day after}
holds:
  - (3): {order: filed or refused or appealed, then: report_again}
silent:
  - law silent: {decision of the office: no time limit is set; none is invented}
```
"""

LAPSED = "  - (3): {lapsed: refused -> final, by: time, after: appeal}"

COURSE = """
```course appeal on the last day, and a day late
of: objection
given: {born: 1990-01-01, serving: no}
events:
  - 2021-03-01 order issued by harbour_office: {report_on: 2021-03-25}
  - 2021-03-10 filed by person: {about: leave}
  - 2021-03-20 refused by harbour_office: {told: 2021-03-22}
expect:
  - 2021-03-10: filed, held order, may granted by harbour_office
  - 2021-04-06: refused, held order, last day of appeal 2021-04-06, may appealed by person
  - 2021-04-07: final because art. 1 (3), may not appealed because art. 1 (3)
  - 2021-04-17: order issued, not held order
```
"""


def text(order: str = ORDER, objection: str = OBJECTION, more: str = "") -> str:
    """The page of the law."""
    return HEAD + ATTRIBUTES + CALENDAR + SHORE + QUESTION + RULES + order + objection + more


def law(order: str = ORDER, objection: str = OBJECTION, more: str = "") -> Pack:
    """The law itself."""
    return packs.from_text({"small.md": text(order, objection, more)})


def spoiled(*changes: tuple[str, str], more: str = "") -> Pack:
    """The law with pieces of the two proceedings replaced; each must stand there."""
    order, objection = ORDER, OBJECTION
    for old, new in changes:
        assert old in order + objection, old
        order, objection = order.replace(old, new), objection.replace(old, new)
    return law(order, objection, more)
