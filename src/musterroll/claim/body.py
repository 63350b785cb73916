"""Whether a board's decision stands: who may sit, how many must be present, what carries, what a tie means.

1. Nobody may sit who stands to the person in a relation that the pack bars.
2. Without a quorum nothing happens. What is not stated is not assumed: a decision without its numbers does not stand.
3. A decision is carried by more than half of those present, of the votes, or of all members, or by all of them.
4. On an equal division nothing happens until the next meeting, unless the law says which decision it then is.
"""

from dataclasses import dataclass

from musterroll.law.proceeding import Body


@dataclass(frozen=True, slots=True)
class Votes:
    """Who took part in a decision: numbers of members, and the relations to the person of those who sat (`barred`)."""

    members: int | None = None
    present: int | None = None
    against: int | None = None
    favour: int | None = None
    barred: tuple[str, ...] = ()

    @property
    def unanimous(self) -> bool | None:
        """Whether nobody voted otherwise; None where it is not stated."""
        return None if self.against is None else self.against == 0


@dataclass(frozen=True, slots=True)
class Stands:
    """Why a decision does not stand; `code` is empty where it does."""

    code: str = ""
    what: str = ""
    cite: str = ""


def stands(body: Body, event: str, votes: Votes | None) -> Stands:
    """Whether the decision `event` of a body, with these votes, stands."""
    seen = votes or Votes()
    for relation in seen.barred:
        if relation in body.barred:
            return Stands("barred", f"somebody sat who may not: {relation}", body.barred_cite)
    if not _quorum(body, seen):
        return Stands("quorum", "no quorum is shown", body.cite)
    present, favour, against = seen.present, seen.favour, seen.against
    if present is None or favour is None or against is None or favour + against > present:
        return Stands("votes", "its votes are not stated", body.cite)
    if favour == against:
        if body.tie == event:
            return Stands()
        return Stands("tie", f"the votes are equal: {body.tie}", body.cite)
    if not _carried(body, seen.members, present, favour, against):
        return Stands("votes", f"it is not carried: {body.decides}", body.cite)
    return Stands()


def _quorum(body: Body, seen: Votes) -> bool:
    if seen.present is None:
        return False
    if body.quorum.isdigit():
        return seen.present >= int(body.quorum)
    if seen.members is None or seen.present > seen.members:
        return False
    return seen.present == seen.members if body.quorum == "all" else seen.present * 2 > seen.members


def _carried(body: Body, members: int | None, present: int, favour: int, against: int) -> bool:
    match body.decides:
        case "majority of present":
            return favour * 2 > present
        case "majority of votes":
            return favour > against
        case "majority of members":
            return members is not None and favour * 2 > members
        case _:
            return favour == present
