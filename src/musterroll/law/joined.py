"""What YAML divides at a comma inside braces, put together again: the lines of a proceeding are written in few words.

1. `{appeal: 15 days from the later of filed, heard, counts: day after}` is read by YAML as three members, one of them
   without a value. A member without a value belongs to the one before it, comma and all.
2. `needs 10 days notice from called` stands without a colon: it is the member `needs`.
3. This is done when a page is read, where members still stand in order; the canonical form has whole members only.
"""

from musterroll.law.article import Value

NEEDS = "needs"


def joined(content: Value) -> Value:
    """The content of a proceeding, each line's members whole."""
    if not isinstance(content, dict):
        return content
    return {name: [_line(item) for item in part] if isinstance(part, list) else part for name, part in content.items()}


def _line(item: Value) -> Value:
    if not isinstance(item, dict):
        return item
    return {cite: _members(said) if isinstance(said, dict) else said for cite, said in item.items()}


def _members(said: dict[str, Value]) -> Value:
    found: dict[str, Value] = {}
    last = ""
    for name, value in said.items():
        before = found.get(last)
        if value == "" and name.startswith(f"{NEEDS} "):
            last = NEEDS
            found[last] = name.removeprefix(f"{NEEDS} ")
        elif value == "" and isinstance(before, str):
            found[last] = f"{before}, {name}"
        else:
            found[name] = value
            last = name
    return found
