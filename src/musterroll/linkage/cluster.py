"""Which records are one person's: best-first union-find, with a log of every edge it refused.

1. The strongest edge first; equal weights by record numbers. Rows in any order give the same clusters.
2. A cluster holds at most one founding record (two civil records are never merged) and at most one record of a source
   that holds one record a person.
3. A record joins a founding record only when no contradiction stands between the two, whoever brought them together.
4. Connected components first: one that breaks none of the rules is taken whole, and only the others are walked edge by
   edge. Both give the same clusters.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

TWO_FOUNDERS = "two_founders"
ONE_PER_SOURCE = "one_record_per_source"


@dataclass(frozen=True, slots=True)
class Edge:
    """A scored pair of records, the smaller number left. `fixed` edges are judgements of a rule or a human."""

    left: int
    right: int
    weight: int
    fixed: bool = False

    def __post_init__(self) -> None:
        if self.left >= self.right:
            raise ValueError("an edge runs from the smaller record number to the larger")


@dataclass(frozen=True, slots=True)
class Refused:
    """An edge that did not join, and why: a rule's name or a contradiction's."""

    left: int
    right: int
    weight: int
    reason: str


@dataclass(frozen=True, slots=True)
class Clusters:
    """`of` gives for a record its cluster's smallest record, `joined` the weight at which it met its founder."""

    of: Mapping[int, int]
    founder: Mapping[int, int]
    joined: Mapping[int, int]
    refused: tuple[Refused, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """What the clusters must keep. `single_source` names the source of a record that may occur once in a cluster.

    `contradiction(founder, record)` gives the reason why the two cannot be one person, or None.
    """

    founders: frozenset[int]
    single_source: Mapping[int, str]
    contradiction: Callable[[int, int], str | None]


def cluster(edges: Iterable[Edge], rules: Rules) -> Clusters:
    """Cluster the records that `edges` name. Fixed edges join first and are bound by rule 2's founders only."""
    ordered = sorted(set(edges), key=lambda edge: (not edge.fixed, -edge.weight, edge.left, edge.right))
    forest = _Forest(rules)
    for edge in ordered:
        forest.add(edge.left)
        forest.add(edge.right)
    components = _components(ordered)
    for members, inside in components.values():
        forest.careful = _breaks(members, rules, inside)
        for edge in inside:
            forest.meet(edge)
    return forest.clusters()


def _components(edges: list[Edge]) -> dict[int, tuple[list[int], list[Edge]]]:
    parent: dict[int, int] = {}

    def root(node: int) -> int:
        parent.setdefault(node, node)
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for edge in edges:
        a, b = root(edge.left), root(edge.right)
        parent[max(a, b)] = min(a, b)
    found: dict[int, tuple[list[int], list[Edge]]] = {}
    for node in sorted(parent):
        found.setdefault(root(node), ([], []))[0].append(node)
    for edge in edges:
        found[root(edge.left)][1].append(edge)
    return found


def _breaks(members: list[int], rules: Rules, edges: list[Edge]) -> bool:
    """Whether taking the component whole would break a rule."""
    founders = [record for record in members if record in rules.founders]
    sources = [rules.single_source[record] for record in members if record in rules.single_source]
    if len(founders) > 1 or len(sources) > len(set(sources)):
        return True
    if not founders:
        return False
    by_rule = {edge.left + edge.right - founders[0] for edge in edges if edge.fixed and founders[0] in _ends(edge)}
    others = (record for record in members if record != founders[0] and record not in by_rule)
    return any(rules.contradiction(founders[0], record) for record in others)


def _ends(edge: Edge) -> tuple[int, int]:
    return edge.left, edge.right


class _Forest:
    """Union-find that keeps each tree's members, founder, sources and the weight at which a member met the founder."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.careful = True
        self.parent: dict[int, int] = {}
        self.members: dict[int, list[int]] = {}
        self.founder: dict[int, int] = {}
        self.sources: dict[int, set[str]] = {}
        self.joined: dict[int, int] = {}
        self.refused: list[Refused] = []

    def add(self, record: int) -> None:
        if record in self.parent:
            return
        self.parent[record] = record
        self.members[record] = [record]
        self.sources[record] = set()
        if record in self.rules.single_source:
            self.sources[record].add(self.rules.single_source[record])
        if record in self.rules.founders:
            self.founder[record] = record

    def root(self, record: int) -> int:
        while self.parent[record] != record:
            self.parent[record] = self.parent[self.parent[record]]
            record = self.parent[record]
        return record

    def meet(self, edge: Edge) -> None:
        a, b = self.root(edge.left), self.root(edge.right)
        if a == b:
            return
        reason = self.objection(a, b, edge) if self.careful or edge.fixed else None
        if reason is None:
            self.join(a, b, edge.weight)
        else:
            self.refused.append(Refused(edge.left, edge.right, edge.weight, reason))

    def objection(self, a: int, b: int, edge: Edge) -> str | None:
        first, second = self.founder.get(a), self.founder.get(b)
        if first is not None and second is not None:
            return TWO_FOUNDERS
        if edge.fixed:
            return None
        if self.sources[a] & self.sources[b]:
            return ONE_PER_SOURCE
        if first is None and second is None:
            return None
        founder, joining = (first, b) if first is not None else (second, a)
        for record in self.members[joining]:
            assert founder is not None
            reason = self.rules.contradiction(founder, record)
            if reason is not None:
                return reason
        return None

    def join(self, a: int, b: int, weight: int) -> None:
        first, second = self.founder.get(a), self.founder.get(b)
        if first is not None or second is not None:
            for record in self.members[b if first is not None else a]:
                self.joined[record] = weight
        keep, fold = min(a, b), max(a, b)
        self.parent[fold] = keep
        self.members[keep] += self.members.pop(fold)
        self.sources[keep] |= self.sources.pop(fold)
        founder = first if first is not None else second
        if founder is not None:
            self.founder.pop(fold, None)
            self.founder[keep] = founder

    def clusters(self) -> Clusters:
        of = {record: self.root(record) for record in self.parent}
        founder = {record: self.founder[root] for record, root in of.items() if root in self.founder}
        joined = {record: weight for record, weight in self.joined.items() if record not in self.rules.founders}
        return Clusters(of, founder, joined, tuple(self.refused))
