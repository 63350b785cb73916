"""Only the class that follows, without reasons: for whoever asks the same question many thousand times.

1. It is the class that `evaluate.decide` finds, None where that finds none; classes after the answer are not looked at.
2. Of a law that differs from another in one place, what is the same in both is looked at once (`Beside`).
"""

from musterroll.law.evaluate import View
from musterroll.law.model import Condition, Period, Question
from musterroll.law.truth import Truth


def answer(view: View, period: Period, asked: Question) -> str | None:
    """The class of the person whom the view holds, by the law of this period; None for undetermined."""
    of_class: dict[str, list[Condition]] = {one.name: [] for one in asked.classes}
    for rule in period.rules[asked.name]:
        if rule:
            of_class[rule.gives].append(rule.when)
    for index in period.tried[asked.name]:
        name = asked.classes[index].name
        worth = max(map(view.truth, of_class[name]), default=Truth.FALSE)
        if worth is Truth.TRUE:
            return name
        if worth is Truth.UNKNOWN:
            return None
    return asked.otherwise


class Beside(View):
    """The same person on the same day, under a law that shares most conditions with the one `before` looked at.

    What `before` knows is taken over; what only this law has is remembered here. Both laws must outlive it.
    """

    def __init__(self, before: View) -> None:
        self.__dict__.update(before.__dict__)
        self._before = before._known
        self._known = {}
        self._bounds = {}
        self._reached = {}

    def truth(self, condition: Condition) -> Truth:
        """True, false or unknown."""
        known = self._before.get(id(condition))
        return super().truth(condition) if known is None else known
