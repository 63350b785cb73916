"""What follows for a person from one act, written down in the act's own transaction (data-model 7)."""

from musterroll.register import overlay
from musterroll.register.models import Declaration, FilingEnd, LinkJudgement, StandingNow
from musterroll.register.overlay import Now


def write_standings(
    after: Now,
    at: int,
    *,
    declaration: Declaration | None = None,
    judgement: LinkJudgement | None = None,
    ended: FilingEnd | None = None,
) -> None:
    """What follows now from exactly one of them, with the basis from which it can be decided again (charter S4)."""
    for question, standing in after.standings.items():
        StandingNow.objects.create(
            person=after.person,
            question=question,
            cls=standing.cls or "",
            effect=standing.effect or "",
            callable=standing.callable,
            next_change=standing.next_change,
            declaration=declaration,
            judgement=judgement,
            ended=ended,
            basis=overlay.basis(after, at),
            at=at,
        )
