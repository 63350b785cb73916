"""Whose rows these are: the judgement of every record from scored pairs, rule by rule, written to be read.

The order (intake 7.2): (a) a personal number that name or birth date verifies and nothing contradicts; (b) full name
and birth date that only one founder has; (c) match weights, clusters, no contradiction with the founder, ten bits for a
confirmed link; (d) what stays is possible from one in a thousand, else unattached.

1. A human's judgement is never undone by a run. A pair of which a human says that it is possible is never confirmed.
2. Two founders are never merged by a run. Those whom officers merged are handed in under one number.
3. A record that a person has for certain is possible for nobody else but namesakes (7). A person who has a source's one
   record for certain has no other of that source as a possible link, unless the evidence alone would confirm it.
4. Only pairs with a record that no rule gave to anybody are weighed: the others have nothing to say.
5. A record whose number is one founder's, and whose full name and birth date are another's, is nobody's for certain
   and possible for both, where given name or birth date is not the first one's: a father and son of one name, twins,
   of whom one's number stands in the other's row. It is not weighed. (A family name may change.) So it is where the row
   has the first one's birth date and not his given name, but that of somebody of its family name and birth date, or one
   a slip away: a twin, misspelt.
6. What brings a record to a founder, his own row or another record of his, is seen beside what would bring it to any
   other. Two namesakes of one birth date have equal records: whichever came first decides nothing, and neither gets it.
7. Two founders of one full name and birth date may be one human who was entered twice, or entered again after he was
   deleted. What is one's, his founding record with it, is possible for the other, unless an officer refuted that one's
   founding record is the other's. Of a founder who left his list (`gone`) it is what has his number and says nothing
   else against the other.

The engines (`engine.linkage_night`) do the same for millions, and must agree with this.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from musterroll.linkage.cluster import Clusters, Edge, Refused, Rules, cluster
from musterroll.linkage.comparison import Compared
from musterroll.linkage.judgement import HUMAN, Author, Verdict
from musterroll.linkage.pair import Forms, Pair, compare
from musterroll.linkage.veto import contradiction, exact, objection, verified, with_his_number
from musterroll.linkage.weight import CERTAIN, CONFIRMED, NEAR, POSSIBLE, among

RULES_VERSION = 8
"""The basis of links made by rule (a) or (b). A home that was linked by others is linked anew (`linkage_terms`)."""

NOTHING_SAID = Pair(0, 0, 0)
ANOTHER_AS_NEAR = "another_as_near"


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """One judgement of a run: whether `record` is the person's whom `founder` founded."""

    founder: int
    record: int
    verdict: Verdict
    by: Author
    basis: int
    weight: int
    agreed: int
    against: int


@dataclass(frozen=True, slots=True)
class Said:
    """A human's standing judgement."""

    founder: int
    record: int
    verdict: Verdict
    by: Author
    basis: int


@dataclass(frozen=True, slots=True)
class Known:
    """Everything a run knows of the records: their rows in every reading, who founds, the single sources.

    `gone` are the last rows of founders who are on their list no more.
    """

    rows: Mapping[int, Sequence[Compared]]
    founders: frozenset[int]
    forms: Forms
    gone: Mapping[int, Sequence[Compared]] = field(default_factory=dict)

    @property
    def single(self) -> dict[int, str]:
        """The source of each record that its source holds once a person."""
        return {record: rows[0].source for record, rows in self.rows.items() if rows and rows[0].single}

    def pair(self, left: int, right: int) -> Pair:
        """The best of the pairs of their rows: no contradiction before one, then more agreement."""
        return self.best(self.rows.get(left, ()), self.rows.get(right, ()))

    def best(self, left: Sequence[Compared], right: Sequence[Compared]) -> Pair:
        """The best of the pairs of some rows and others."""
        return max((compare(a, b, self.forms) for a in left for b in right), key=closeness, default=NOTHING_SAID)


def closeness(pair: Pair) -> tuple[bool, int, int, int, int, int]:
    """What makes one pair of rows closer than another; two pairs that are equally close are equal."""
    fewer = -pair.against.bit_count()
    return contradiction(pair) is None, pair.agreed.bit_count(), fewer, pair.agreed, pair.against, pair.near


@dataclass
class Ruled:
    """What humans and rules (a) and (b) settle: `owner` by record, `said` by (founder, record).

    `contested` are the founders whom the rules name for one record, each with its rule (rule 5).
    """

    owner: dict[int, int] = field(default_factory=dict)
    by: dict[int, Author] = field(default_factory=dict)
    said: dict[tuple[int, int], Said] = field(default_factory=dict)
    contested: dict[int, dict[int, Author]] = field(default_factory=dict)


def by_rules(known: Known, human: Iterable[Said]) -> Ruled:
    """The owners that need no weight. A record that a rule gives to two persons is given to neither."""
    found = Ruled()
    for one in sorted(human, key=lambda said: (said.record, said.founder)):
        found.said[one.founder, one.record] = one
        if one.verdict is Verdict.CONFIRMED and one.record not in known.founders:
            found.owner[one.record], found.by[one.record] = one.founder, one.by
    for author, columns in ((Author.NUMBER, ("number",)), (Author.EXACT, ("given", "family", "born"))):
        holders, kin = (defaultdict[tuple[object, ...], set[int]](set) for _ in range(2))
        for founder in known.founders:
            for key in _keys(known, founder, columns):
                holders[key].add(founder)
            for key in _keys(known, founder, columns[1:]):
                kin[key].add(founder)
        for record in sorted(set(known.rows) - known.founders):
            claimants = set().union(*(holders.get(key, set()) for key in _keys(known, record, columns)))
            by = found.by.get(record)
            if by in HUMAN or (by is Author.NUMBER and _his_own(known, found.owner[record], record)):
                continue
            if by is Author.NUMBER:
                if not known.pair(found.owner[record], record).agrees("given"):
                    claimants |= set().union(*(kin.get(key, set()) for key in _keys(known, record, columns[1:])))
                claimants -= {found.owner[record]}
            good = [founder for founder in sorted(claimants) if _passes(known, found, author, founder, record)]
            if by is Author.NUMBER:
                if good:
                    found.contested[record] = {
                        found.owner.pop(record): found.by.pop(record),
                        **dict.fromkeys(good, author),
                    }
            elif len(good) == 1 and (author is Author.NUMBER or len(claimants) == 1):
                found.owner[record], found.by[record] = good[0], author
    return found


def _keys(known: Known, record: int, columns: tuple[str, ...]) -> set[tuple[object, ...]]:
    keys = {tuple(getattr(row, column) for column in columns) for row in known.rows[record]}
    return {key for key in keys if None not in key}


def _his_own(known: Known, founder: int, record: int) -> bool:
    """Whether given name and birth date are the founder's, so that only his family name may be another now."""
    pair = known.pair(founder, record)
    return pair.agrees("given") and pair.agrees("born")


def _passes(known: Known, found: Ruled, author: Author, founder: int, record: int) -> bool:
    if (founder, record) in found.said:
        return False
    pair = known.pair(founder, record)
    if author is Author.NUMBER:
        return verified(pair)
    return exact(pair) and (pair.agrees("given") or pair.slips("given"))


@dataclass(frozen=True)
class Settled:
    """The links of a run, what it refused, and the records that are nobody's, not even possibly."""

    links: tuple[Link, ...]
    refused: tuple[Refused, ...]
    unattached: frozenset[int]


def settle(known: Known, ruled: Ruled, scores: Mapping[tuple[int, int], int], coverage: float, model: int) -> Settled:
    """Every judgement, from the scored pairs (left < right) of which at least one record has no owner by rule."""
    scores = {both: weight for both, weight in scores.items() if ruled.contested.keys().isdisjoint(both)}
    weighed = _weighed(known, scores, coverage)
    refused: list[Refused] = []
    strong = []
    for (left, right), weight in sorted(weighed.items()):
        if weight >= CONFIRMED:
            reason = objection(known.pair(left, right))
            if reason is None:
                strong.append(Edge(left, right, weight))
            else:
                refused.append(Refused(left, right, weight, reason))
    clusters = _clusters(known, ruled, strong)
    refused += clusters.refused
    verdicts: dict[tuple[int, int], tuple[Verdict, Author, int, int]] = {
        (founder, founder): (Verdict.CONFIRMED, Author.FOUNDING, RULES_VERSION, CERTAIN) for founder in known.founders
    }
    owner = dict(ruled.owner)
    for record, founder in ruled.owner.items():
        if ruled.by[record] not in HUMAN:
            verdicts[founder, record] = (Verdict.CONFIRMED, ruled.by[record], RULES_VERSION, CERTAIN)
    for record, claimants in ruled.contested.items():
        for founder, by in claimants.items():
            verdicts[founder, record] = (Verdict.POSSIBLE, by, RULES_VERSION, POSSIBLE)
    for both, said in ruled.said.items():
        verdicts[both] = (said.verdict, said.by, said.basis, CERTAIN)
    brought = {
        record: founder
        for record, founder in sorted(clusters.founder.items())
        if record not in owner and record not in known.founders
    }
    for record, founder in _as_near(known, owner, brought, scores, coverage):
        refused.append(Refused(*_ordered(founder, record), clusters.joined[record], ANOTHER_AS_NEAR))
        del brought[record]
    for record, founder in brought.items():
        owner[record] = founder
        weight = max(clusters.joined[record], weighed.get(_ordered(founder, record), POSSIBLE))
        verdicts[founder, record] = (Verdict.CONFIRMED, Author.MODEL, model, weight)
    for (founder, record), weight in _candidates(known, owner, weighed).items():
        if (founder, record) not in verdicts and not _outdone(known, owner, founder, record, weight):
            verdicts[founder, record] = (Verdict.POSSIBLE, Author.MODEL, model, weight)
    for both in _of_namesakes(known, ruled, {both: verdict for both, (verdict, *_) in verdicts.items()}):
        verdicts.setdefault(both, (Verdict.POSSIBLE, Author.NAMESAKE, RULES_VERSION, POSSIBLE))
    links = tuple(
        Link(founder, record, *verdict, *_masks(known, founder, record))
        for (founder, record), verdict in sorted(verdicts.items())
    )
    attached = {link.record for link in links if link.verdict is not Verdict.REFUTED}
    return Settled(links, tuple(refused), frozenset(known.rows) - attached)


def _weighed(known: Known, scores: Mapping[tuple[int, int], int], coverage: float) -> dict[tuple[int, int], int]:
    """The weight of every pair; that of a record with a founder is seen beside the record's other founders."""
    found: dict[tuple[int, int], int] = {}
    near: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for (left, right), weight in scores.items():
        if (left in known.founders) == (right in known.founders):
            found[left, right] = weight
        elif left in known.founders:
            near[right].append((left, weight))
        else:
            near[left].append((right, weight))
    for record, pairs in near.items():
        for founder, weight in pairs:
            rivals = [other for rival, other in pairs if rival != founder]
            found[_ordered(founder, record)] = among(weight, rivals, coverage)
    return found


def _clusters(known: Known, ruled: Ruled, strong: list[Edge]) -> Clusters:
    def against(founder: int, record: int) -> str | None:
        said = ruled.said.get((founder, record))
        if said is not None and said.verdict is not Verdict.CONFIRMED:
            return f"refuted_by_{said.by}" if said.verdict is Verdict.REFUTED else f"left_open_by_{said.by}"
        return contradiction(known.pair(founder, record))

    fixed = [Edge(min(both), max(both), CERTAIN, fixed=True) for both in sorted(ruled.owner.items())]
    return cluster([*fixed, *strong], Rules(known.founders, known.single, against))


def _as_near(
    known: Known,
    owner: Mapping[int, int],
    brought: Mapping[int, int],
    scores: Mapping[tuple[int, int], int],
    coverage: float,
) -> list[tuple[int, int]]:
    """Which of the records that weights brought to a founder are not his for certain, seen beside all other founders.

    A founder is as near to a record as the nearest of the records that are his; one whom the record contradicts (a
    brother under the same roof) could not be given it and is no rival. Whoever loses one may thereby lose
    another that only it had brought: so in rounds, until all that is left stands.
    """
    near: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for (left, right), weight in scores.items():
        if weight >= NEAR:
            near[left].append((right, weight))
            near[right].append((left, weight))
    holds = {**dict(owner), **brought, **{founder: founder for founder in known.founders}}
    stays = dict(brought)
    lost: list[tuple[int, int]] = []
    while True:
        falls = []
        for record, founder in stays.items():
            best: dict[int, int] = {}
            for other, weight in near[record]:
                if other in holds:
                    best[holds[other]] = max(weight, best.get(holds[other], weight))
            own = best.pop(founder, None)
            rivals = [weight for rival, weight in best.items() if contradiction(known.pair(rival, record)) is None]
            if own is None or among(own, rivals, coverage) < CONFIRMED:
                falls.append((record, founder))
        if not falls:
            return lost
        for record, _ in falls:
            del stays[record], holds[record]
        lost += falls


def _candidates(
    known: Known, owner: Mapping[int, int], weighed: Mapping[tuple[int, int], int]
) -> dict[tuple[int, int], int]:
    """Whom a record may belong to: founders it was scored with, and founders whose records it was scored with."""
    best: dict[tuple[int, int], int] = {}
    for (left, right), weight in weighed.items():
        for near, record in ((left, right), (right, left)):
            founder = near if near in known.founders else owner.get(near)
            free = record not in known.founders and record not in owner
            if founder is not None and free and weight >= POSSIBLE:
                best[founder, record] = max(weight, best.get((founder, record), weight))
    return best


def _outdone(known: Known, owner: Mapping[int, int], founder: int, record: int, weight: int) -> bool:
    """Whether a possible link says nothing: the founder has that source's one record, or was a child at the time."""
    single = known.single
    taken = (
        record in single
        and weight < CONFIRMED
        and any(owned == founder and single.get(other) == single[record] for other, owned in owner.items())
    )
    return taken or all(
        one.was_a_child_for(row) for one in known.rows.get(founder, ()) for row in known.rows.get(record, ())
    )


def _of_namesakes(known: Known, ruled: Ruled, verdicts: Mapping[tuple[int, int], Verdict]) -> set[tuple[int, int]]:
    """Founder and record, where the record is another founder's who may be the same human (rule 7).

    A human's judgement outlives the rows it is of, and a record without rows is nobody else's.
    """
    officers = {both: said.verdict for both, said in ruled.said.items() if said.by is Author.OFFICER}
    held: dict[int, list[int]] = defaultdict(list)
    for (founder, record), verdict in verdicts.items():
        if verdict is not Verdict.REFUTED:
            held[founder].append(record)
    alike: dict[tuple[object, ...], set[int]] = defaultdict(set)
    for founder in known.founders:
        for key in named(known.rows[founder]):
            alike[key].add(founder)
    found = set()
    for others, here in ((known.rows, True), (known.gone, False)):
        for other in known.founders if here else known.gone:
            for founder in set().union(*(alike[key] for key in named(others[other]))) - ({other} if here else set()):
                if Verdict.REFUTED in {officers.get((founder, other)), officers.get((other, founder))}:
                    continue
                if exact(known.best(known.rows[founder], others[other])):
                    theirs = held[other] if here else _by_number(known, founder, others[other])
                    found |= {(founder, record) for record in theirs if record != founder and record in known.rows}
    return found


def named(rows: Iterable[Compared]) -> set[tuple[object, ...]]:
    """The full names and birth dates that rows tell."""
    return {(row.given, row.family, row.born) for row in rows if row.given and row.family and row.born is not None}


def _by_number(known: Known, founder: int, gone: Sequence[Compared]) -> list[int]:
    """The records with a number of a founder who is gone, of whose rows nothing but that speaks against `founder`."""
    numbers = {row.number for row in gone} - {None}
    theirs = [
        record
        for record, rows in known.rows.items()
        if record not in known.founders and any(row.number in numbers for row in rows)
    ]
    return [record for record in theirs if contradiction(with_his_number(known.pair(founder, record))) is None]


def _masks(known: Known, founder: int, record: int) -> tuple[int, int]:
    pair = NOTHING_SAID if founder == record else known.pair(founder, record)
    return pair.agreed, pair.against


def _ordered(a: int, b: int) -> tuple[int, int]:
    return (a, b) if a < b else (b, a)
