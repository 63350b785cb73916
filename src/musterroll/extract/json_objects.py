"""One line of newline-delimited JSON: the members of its object as texts, or what it still says where it is none.

1. Texts are kept, numbers are the characters that were written, true and false are words, null is an empty cell.
2. A line that is not one object, names a member twice or holds a list or an object is set aside (not in a member that
   is cut: that is not read). What stands twice or in a list of its own cannot be read; nor can what is not between its
   name and the next comma as it ought to be.
"""

import json
import re
from collections.abc import Container, Iterator, Sequence
from typing import Any

from musterroll.extract.apart import MOST_LETTERS, UNREAD

_WORDS = {True: "true", False: "false", None: ""}
_TEXT = r'"(?:[^"\\]|\\.)*"'
_MEMBER = re.compile(rf"[{{,]\s*({_TEXT})\s*:\s*({_TEXT}|-?\d[\d.eE+-]*|true|false|null)\s*(?=[,}}])")


def read_object(line: str, cut: Container[str] = ()) -> tuple[dict[str, str], str]:
    """The members of one line as texts, or the members so far and a code of `row.REASONS`. Of those in `cut` any."""
    try:
        pairs = _parsed(line)
    except (ValueError, RecursionError):
        return {}, "json.format"
    row: dict[str, str] = {}
    reason = ""
    for name, value in pairs:
        if name in row:
            reason = "json.twice"
        elif isinstance(value, list) and name not in cut:
            reason = reason or "json.nested"
        row[name] = "" if isinstance(value, list) else _as_text(value)
    return row, reason


def still_said(line: str, names: Sequence[str]) -> dict[str, str]:
    """What a line that was set aside says under these names, or `UNREAD`; nothing where it says nothing, or is long."""
    if len(line) > MOST_LETTERS:
        return {}
    try:
        pairs, left_out = _parsed(line), ""
    except (ValueError, RecursionError):
        pairs, left_out = _Pairs(_whole_members(line)), UNREAD
    found: dict[str, str] = {}
    for name, value in pairs:
        found[name] = UNREAD if name in found or isinstance(value, list) else _as_text(value)
    return {name: found.get(name, left_out) for name in names} if found.keys() & set(names) else {}


class _Pairs(list[tuple[str, Any]]):
    """An object's members in order."""


def _parsed(text: str) -> _Pairs:
    pairs = _value(text)
    if not isinstance(pairs, _Pairs):
        raise ValueError
    return pairs


def _value(text: str) -> Any:
    return json.loads(text, object_pairs_hook=_Pairs, parse_int=str, parse_float=str, parse_constant=_no_constant)


def _whole_members(line: str) -> Iterator[tuple[str, Any]]:
    for name, value in _MEMBER.findall(line):
        try:
            yield _value(name), _value(value)
        except ValueError:
            yield name, []


def _as_text(value: str | bool | None) -> str:
    """A lone value. Half a letter (a lone surrogate) becomes the mark of a lost one."""
    text = value if isinstance(value, str) else _WORDS[value]
    if text.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _no_constant(text: str) -> Any:
    raise ValueError(text)
