"""Whose matter is open: nothing of theirs is forgotten by retention, nor are they erased (charter S13).

A matter is open while somebody is called, is in a draw by which nobody was called yet, has said something that stands
unanswered, or has a case with an officer. What a decision rested on stays until it is final.
"""

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll.claim.progress import CallState
from musterroll.engine.roll import person as rolled
from musterroll.register import draw_policies, judgements
from musterroll.register.models import Call, Case, Declaration, Entrant, Grade, LinkJudgement
from musterroll.register.roll import Roll


def open_matters() -> frozenset[int]:
    """The numbers of everybody with an open matter, those they were merged with included."""
    withdrawn = set(Call.objects.filter(events__state=CallState.WITHDRAWN.value).values_list("pk", flat=True))
    found = set(Call.objects.exclude(pk__in=withdrawn).values_list("person", flat=True))
    found |= set(Case.objects.filter(caseend__isnull=True).values_list("person", flat=True))
    words = Declaration.objects.filter(grade=Grade.DECLARED, filing__filingend__isnull=True)
    found |= set(words.values_list("person", flat=True))
    found |= set(
        Entrant.objects.filter(draw__in=draw_policies.open_lists(), person__isnull=False).values_list(
            "person", flat=True
        )
    )
    judged = set(LinkJudgement.objects.values_list("person", flat=True))
    found |= {one.person for one in judgements.disowned(judged)}
    return frozenset(int(one) for one in found)


def records_of(persons: frozenset[int], current: Roll) -> frozenset[int]:
    """The records linked to these people, confirmed or possible: their rows stay as long as the matter is open."""
    held = rolled.held(current.store, current.snapshot, "link", "person", persons, current.snapshot.known_at)
    return frozenset(row["record"] for row in held)
