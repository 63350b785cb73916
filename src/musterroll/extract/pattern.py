"""The patterns that a declaration may hold: those that every reader of the file understands alike, and in good time."""

import re


def fault(pattern: str) -> str:
    """Why a pattern is not one that every reader of the file understands alike; empty where nothing is wrong."""
    if len(pattern) > 200:
        return "is a pattern of at most 200 letters"
    plain = re.sub(r"\\[dDwWsS.\-/\\()\[\]{}+*?|^$]", "x", pattern)
    try:
        re.compile(pattern, re.ASCII)
    except (re.error, OverflowError):
        return "is no pattern (a regular expression)"
    if "\\" in plain or "(?" in plain.replace("(?:", "("):
        return "is a simple pattern: letters, classes, groups, `|`, `?`, `*`, `+`, `{2,3}` and nothing else"
    bare = re.sub(r"\[[^\]]*\]", "x", plain)
    if re.search(r"[*+?}][*+?{]", bare) or re.search(r"\([^()]*[*+{][^()]*\)[*+{]", bare):
        return "repeats what is repeated already, which may take for ever"
    if bare.count("(") > 1 and re.search(r"\([^)]*\(", bare):
        return "is a simple pattern: no group stands within a group"
    return ""
