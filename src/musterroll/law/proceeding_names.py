"""What a name means in the conditions and spans of a proceeding (docs/flow/proceeding.md, names).

1. `EVENT` is the day on which it last happened, `EVENT_told` the day on which the person was told of it, `EVENT_posted`
   the day on which word of it was posted; `never` until then. The name of a state that is no event is the day from
   which that state last counted.
2. Of what a body does, `EVENT_for`, `EVENT_against` and `EVENT_present` are numbers of its members, and
   `EVENT_unanimous` is yes where nobody voted against. In the move's own condition they are those of the event itself.
3. A fact is its value. Of another proceeding everything is named with that proceeding before it: `order_report_on`;
   `order_state` is the state in which it stands.
4. An attribute of the person, a parameter and a definition keep their names: nothing of a proceeding may take one.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from musterroll.fact.attribute import Attribute, Kind, ValueType
from musterroll.law.proceeding import Proceeding

VOTES = ("for", "against", "present")
UNANIMOUS = "unanimous"
MOST_VOTES = 1_000


@dataclass(frozen=True, slots=True)
class Named:
    """What one name stands for: `what` of which `item` of which proceeding, and of what type it is.

    `what` is `event`, `told`, `posted`, `for`, `against`, `present`, `unanimous`, `entered`, `fact` or `standing`.
    """

    proceeding: str
    what: str
    item: str
    attribute: Attribute


def made_up(
    name: str, of: ValueType, values: tuple[str, ...] = (), least: int = 0, most: int = MOST_VOTES
) -> Attribute:
    """An attribute of a proceeding: no pack's, with no number of its own."""
    return Attribute(name, 0, Kind.OWN_ORDER, of, "", "", "", (), name, values, "ask", "", least, most)


def own(proceeding: Proceeding) -> dict[str, Named]:
    """The names of one proceeding, as it calls them itself."""
    found: dict[str, Named] = {}

    def add(name: str, what: str, item: str, attribute: Attribute) -> None:
        found.setdefault(name, Named(proceeding.name, what, item, attribute))

    for event in proceeding.events:
        add(event, "event", event, made_up(event, ValueType.DATE))
        for what in ("told", "posted"):
            add(f"{event}_{what}", what, event, made_up(f"{event}_{what}", ValueType.DATE))
        if any(role in proceeding.bodies for move in proceeding.of(event) for role in move.by):
            for what in VOTES:
                add(f"{event}_{what}", what, event, made_up(f"{event}_{what}", ValueType.INT))
            name = f"{event}_{UNANIMOUS}"
            add(name, UNANIMOUS, event, made_up(name, ValueType.BOOL))
    for fact in proceeding.facts.values():
        add(fact.name, "fact", fact.name, fact.attribute)
    for state in proceeding.states:
        add(state, "entered", state, made_up(state, ValueType.DATE))
    return found


def outside(proceeding: Proceeding) -> dict[str, Named]:
    """The names of one proceeding, as others call them, and the state in which it stands."""
    standing = f"{proceeding.name}_state"
    found = {
        standing: Named(proceeding.name, "standing", "", made_up(standing, ValueType.ENUM, tuple(proceeding.states)))
    }
    for inner, named in _once(proceeding, "own", own).items():
        called = f"{proceeding.name}_{inner}"
        found.setdefault(called, replace(named, attribute=replace(named.attribute, name=called, label=called)))
    return found


def _once(proceeding: Proceeding, what: str, make: Callable[[Proceeding], dict[str, Named]]) -> dict[str, Named]:
    """What is made of a proceeding, made once."""
    kept: dict[str, dict[str, Named]] = proceeding.__dict__.setdefault("_names", {})
    if what not in kept:
        kept[what] = make(proceeding)
    return kept[what]


class Names(Mapping[str, Named]):
    """Every name that the conditions of one proceeding may use beside the person's attributes."""

    def __init__(self, proceeding: str, proceedings: Mapping[str, Proceeding]) -> None:
        self._found = dict(_once(proceedings[proceeding], "own", own))
        for name, other in proceedings.items():
            if name != proceeding:
                for called, named in _once(other, "outside", outside).items():
                    self._found.setdefault(called, named)

    def __getitem__(self, name: str) -> Named:
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    @property
    def attributes(self) -> dict[str, Attribute]:
        """The names as attributes, for the language of conditions."""
        return {name: named.attribute for name, named in self._found.items()}
