"""YAML with places: every scalar stays text, and every part knows its line, so that a finding can name it.

1. `no` is the word no, `01` two digits: nothing is made of a text but what the declaration's reader makes.
2. A member that stands twice is refused, and so is an alias (`*name`): what is declared stands where it is read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import yaml

from musterroll.errors import MusterRollError

type Parts = str | tuple["Given", ...] | Mapping[str, "Given"]


@dataclass(frozen=True, slots=True)
class Given:
    """One part of a declaration: a text, a list or members with names; the line it stands on and the path to it."""

    value: Parts
    line: int
    path: str = ""

    @property
    def members(self) -> Mapping[str, "Given"]:
        """The members by name; none where it is a text or a list."""
        return self.value if isinstance(self.value, Mapping) else MappingProxyType({})

    @property
    def items(self) -> tuple["Given", ...]:
        """The items of a list; the part itself where it is one text; none where it has members."""
        if isinstance(self.value, str):
            return (self,)
        return self.value if isinstance(self.value, tuple) else ()


def read(text: str, name: str) -> Given:
    """The declaration in `text`. Raises MusterRollError `source.yaml` with the line."""
    try:
        for event in yaml.parse(text, Loader=yaml.BaseLoader):
            if isinstance(event, yaml.AliasEvent):
                raise yaml.MarkedYAMLError(problem="an alias (`*`) stands for a text", problem_mark=event.start_mark)  # type: ignore[arg-type]  # the C parser's mark has the same members
        return _given(yaml.compose(text, Loader=yaml.BaseLoader), "")
    except RecursionError:
        raise _refused("it is nested too deeply", name) from None
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        where = f"{name}:{mark.line + 1}" if mark else name
        raise _refused(getattr(problem, "problem", None) or "it cannot be read", where) from None


def _refused(problem: str, where: str) -> MusterRollError:
    return MusterRollError(
        "source.yaml",
        f"This is not YAML as declarations use it: {problem}.",
        where=where,
        remedy="Correct the line.",
    )


def _given(node: yaml.Node | None, path: str) -> Given:
    if node is None:
        return Given("", 1, path)
    line = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        members: dict[str, Given] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.MarkedYAMLError(problem="a member's name is one text", problem_mark=key.start_mark)
            if key.value in members:
                raise yaml.MarkedYAMLError(problem=f"`{key.value}` stands twice", problem_mark=key.start_mark)
            each = _given(value, f"{path}.{key.value}" if path else key.value)
            members[key.value] = Given(each.value, key.start_mark.line + 1, each.path)
        return Given(MappingProxyType(members), line, path)
    if isinstance(node, yaml.SequenceNode):
        return Given(tuple(_given(each, f"{path} {n}") for n, each in enumerate(node.value, start=1)), line, path)
    return Given(str(node.value), line, path)
