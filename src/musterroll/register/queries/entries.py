"""The agencies' entries that are linked to one person, for that person: so that they can say which is not theirs.

An entry is named by the reference of its link, which means something only beside this person (`refs`). What the person
said of it and whether an officer has judged since is read from the judgements; nothing here is decided.
"""

from musterroll.dates import format_instant
from musterroll.engine.roll import person as rolled
from musterroll.fact.timeline import Judgement as Link
from musterroll.register.models import JudgedBy, LinkJudgement
from musterroll.register.models import Judgement as Judged
from musterroll.register.overlay import Now
from musterroll.register.queries.record import EntryHeld
from musterroll.register.refs import link_ref

_WORDS = {Link.CONFIRMED: "confirmed", Link.POSSIBLE: "possible", Link.REFUTED: "refuted"}


def held(seen: Now) -> tuple[EntryHeld, ...]:
    """Every entry linked to the person, by agency; what founds the person first."""
    snapshot = seen.roll.snapshot
    rows = rolled.held(seen.roll.store, snapshot, "link", "person", seen.numbers, snapshot.known_at)
    founding = {row["record"] for row in rows if row["by"] == "founding"}
    said: dict[int, list[LinkJudgement]] = {}
    for one in LinkJudgement.objects.filter(person__in=seen.numbers).order_by("id"):
        said.setdefault(one.record, []).append(one)
    found = [
        EntryHeld(
            link=link_ref(seen.person, one.record),
            agency=seen.roll.agency(one.source),
            judgement=_WORDS[one.judgement],
            founding=one.record in founding,
            disowned=_disowned(said.get(one.record, [])),
            decided=_decided(said.get(one.record, [])),
        )
        for one in seen.facts.links
    ]
    return tuple(sorted(found, key=lambda one: (not one.founding, one.agency, one.link)))


def _disowned(said: list[LinkJudgement]) -> str:
    """When the person said that it is not theirs, where that is their last word."""
    own = [one for one in said if one.by == JudgedBy.PERSON]
    return format_instant(own[-1].at) if own and own[-1].judgement == Judged.REFUTED else ""


def _decided(said: list[LinkJudgement]) -> bool:
    """Whether an officer has judged after the person spoke: then their word is not taken again."""
    return bool(said) and said[-1].by == JudgedBy.OFFICER and any(one.by == JudgedBy.PERSON for one in said)
