"""All proofs about a pack, and the refusal of a pack that may not be published.

| finding | forbids | says |
|---|---|---|
| `unordered-overlap` | yes | two rules meet and no paragraph says which is tried first |
| `adverse-by-unknown` | yes | a class would change if more were known |
| `burden` | yes | a protected fact gives a worse class than its neutral value, and no BURDEN entry allows that pair |
| `not-proved` | yes | the solver gave up, or the law is in force outside the years that proofs speak of |
| `gap` | no | no rule reaches somebody |
| `dead`, `shadowed`, `redundant` | no | a rule makes no difference |
| `kleene-gap` | no | somebody is asked for a fact that does not matter |
| `date-dependent` | no | a rule reaches nobody in some of its years |
| `unused-burden`, `unused-accepted` | no | something allowed or accepted that nothing needs |

Findings about orders, claims and appeals are `law.prove.proceedings`.

1. What is proved, for which people and days, is told with each proof (`Proved`), with the solver's own count of steps.
2. Nothing is taken as proved because the solver gave up.
3. A finding that the pack accepts, with its reason, is told apart; it forbids nothing. What is accepted or allowed is
   then excluded and looked on, so that it hides nothing else.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from musterroll.dates import format_day
from musterroll.errors import MusterRollError
from musterroll.law import lint
from musterroll.law.accepted import Accepted, Key
from musterroll.law.burden import Allowed
from musterroll.law.lint import Finding
from musterroll.law.pack import Pack
from musterroll.law.prove import burden, kleene, overlap, proceedings, reach, years
from musterroll.law.prove.burden import protected
from musterroll.law.prove.ground import Ground, stretches
from musterroll.law.prove.kleene import Missing
from musterroll.law.prove.person import Knowledge
from musterroll.law.prove.reach import Grounds
from musterroll.law.prove.solver import EFFORT, GaveUp, Solver
from musterroll.law.prove.stable import Learning

type Look = Callable[[], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class Proved:
    """One thing proved of one question: of whom, and with how many steps of the solver."""

    code: str
    question: str
    what: str
    steps: int


@dataclass(frozen=True, slots=True)
class Proofs:
    """What was found, what is accepted with its reason, and what is proved."""

    findings: tuple[Finding, ...]
    accepted: tuple[tuple[Finding, Accepted], ...]
    proved: tuple[Proved, ...]


def check(pack: Pack, effort: int = EFFORT) -> Proofs:
    """Every proof about every question of a pack; findings that forbid publication first."""
    looked = [_Looked(pack, question, effort) for question in pack.questions]
    for one in looked:
        one.prove()
    found = [finding for one in looked for finding in one.findings]
    weighing = {used for one in looked for used in one.weighing}
    for name, entry in sorted(pack.burdens.items()):
        for allowed in entry.allows:
            if (name, allowed) not in weighing:
                what = f"The BURDEN entry for `{name}` allows `{allowed}`, which does not happen."
                where = f"{entry.where}, {entry.basis}".removeprefix(", ")
                found.append(Finding("unused-burden", what, where, "Take it out.", forbids=False))
    shown = [Proved(*each) for name in pack.proceedings for each in _of_proceeding(pack, name, effort, found)]
    told = [(one, pack.accepted.get(_key(one))) for one in found]
    accepted = tuple((one, reason) for one, reason in told if reason)
    used = {_key(one) for one, _ in accepted}
    left = [one for one, reason in told if not reason]
    left += [_unused(key, one) for key, one in pack.accepted.items() if key not in used]
    proved = (*(proof for one in looked for proof in one.proved), *shown)
    return Proofs(tuple(sorted(left, key=lambda one: not one.forbids)), accepted, proved)


def _of_proceeding(pack: Pack, name: str, effort: int, found: list[Finding]) -> Iterator[tuple[str, str, str, int]]:
    """Adds what is found about one proceeding; yields what is shown of it."""
    looked = proceedings.Looked(pack, pack.proceedings[name], effort)
    for code, what, look in looked.kinds():
        before = looked.guards.steps
        here = list(look())
        found += here
        if not here:
            yield code, name, what, looked.guards.steps - before


def refuse(pack: Pack) -> None:
    """Raises MusterRollError with the first finding that forbids publication, of the lint or of the proofs."""
    lint.refuse(pack)
    for one in check(pack).findings:
        if one.forbids:
            raise MusterRollError(f"law.{one.code}", one.what, where=one.where, remedy=one.remedy)


def _key(one: Finding) -> Key:
    return one.code, frozenset(one.rules), one.fact


def _unused(key: Key, one: Accepted) -> Finding:
    about = f" about `{key[2]}`" if key[2] else ""
    what = f"The pack accepts `{' '.join([one.code, *sorted(one.names)])}`{about}, which is not found."
    return Finding("unused-accepted", what, one.where or one.basis, "Take it out.", forbids=False)


class _Looked:
    """The proofs about one question, kind by kind."""

    def __init__(self, pack: Pack, question: str, effort: int) -> None:
        self.pack = pack
        self.question = question
        self.effort = effort
        self.findings: list[Finding] = []
        self.proved: list[Proved] = []
        self.weighing: set[tuple[str, Allowed]] = set()
        self.rules = len(pack.questions[question].rules)

    def prove(self) -> None:
        """All of them."""
        every = stretches(self.pack, self.question)
        times = [one for one in every if not one.outside]
        for one in every:
            if one.outside:
                when = f"{format_day(one.first)} to {format_day(one.end)}"
                self._not_proved(f"what holds from {when}, outside the years 1901 to 2099")
        if not times:
            return
        plain, partly, exact = (
            tuple(Ground(self.pack, self.question, one, knowledge, self.effort) for one in times)
            for knowledge in (Knowledge.OR_NOT, Knowledge.PARTLY, Knowledge.EXACTLY)
        )
        learning = tuple(Learning(self.pack, self.question, one, self.effort) for one in times)
        missing = tuple(Missing(one) for one in exact)
        both = tuple(Grounds(*pair) for pair in zip(plain, partly, strict=True))
        read = {name for one in exact for name in one.asked.facts.of}
        allowed = sum(one.question == self.question for entry in self.pack.burdens.values() for one in entry.allows)
        pairs = sum(1 for one in plain for _ in overlap.pairs(one))
        self._kind(
            "adverse-by-unknown",
            lambda: (found for one in learning for found in one.findings()),
            f"each of {len(plain[0].question.classes)} classes, once decided, stays the same whatever more is learnt: "
            "people known exactly, partly or not at all, on every day",
            [one.solver for one in learning],
        )
        self._kind(
            "burden",
            lambda: self._burdens(exact),
            f"none of {len(read.intersection(protected(self.pack)))} protected facts gives a worse class than its "
            f"neutral value, but for {allowed} that BURDEN entries allow by name: people known exactly, on every day",
            [one.solver for one in exact],
        )
        self._kind(
            "unordered-overlap",
            lambda: overlap.findings(plain),
            "no two rules of different classes decide for the same person without a paragraph that says which is tried "
            f"first ({pairs} pairs of rules are not settled by order)",
            [one.solver for one in plain],
        )
        self._kind(
            "reach",
            lambda: reach.rules(both),
            f"each of {self.rules} rules decides for somebody on some day what no other rule decides",
            [solver for ground in both for solver in (ground.plain.solver, ground.partly.solver)],
        )
        self._kind(
            "gap",
            lambda: reach.gaps(plain),
            "everybody known exactly is reached by a rule, on every day",
            [one.solver for one in plain],
        )
        self._kind(
            "date-dependent",
            lambda: years.findings(plain),
            f"each of {self.rules} rules that reaches anybody does so in every year in which it is in force, to 2099",
            [one.solver for one in plain],
        )
        self._kind(
            "kleene-gap",
            lambda: kleene.findings(missing),
            f"nobody is asked needlessly for one of {len(read)} facts while the others are known exactly, on any day "
            "(two facts missing together are not looked at)",
            [one.ground.solver for one in missing],
        )

    def _kind(self, code: str, look: Look, what: str, solvers: Iterable[Solver]) -> None:
        before = sum(one.steps for one in solvers)
        try:
            found = list(look())
        except GaveUp:
            self._not_proved(f"`{code}` ({what})")
            return
        self.findings += found
        if not found:
            self.proved.append(Proved(code, self.question, what, sum(one.steps for one in solvers) - before))

    def _burdens(self, exact: tuple[Ground, ...]) -> Iterator[Finding]:
        for name, what in burden.findings(self.pack, exact):
            if isinstance(what, Allowed):
                self.weighing.add((name, what))
            else:
                yield what

    def _not_proved(self, what: str) -> None:
        asked = self.pack.questions[self.question]
        self.findings.append(
            Finding(
                "not-proved",
                f"Of `{asked.name}` it is not proved: {what}.",
                f"question {asked.name}, {asked.order_basis}",
                "Split the question, or write the conditions more simply; what is not proved may not be published.",
                True,
                asked.name,
            )
        )
