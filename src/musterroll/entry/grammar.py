"""What the members of each public entry are: nothing may stand in the ledger that nobody decided.

1. Each kind has one or more shapes; an entry has exactly the members of one of them (docs/spec/ledger.md, 2.2).
2. The register checks what it writes, a monitor what it reads. Words and texts are short and are no names of people.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from musterroll import dates
from musterroll.entry.kind import Kind
from musterroll.errors import MusterRollError
from musterroll.ledger.note import decode_base64

type Form = Callable[[Any], bool]
type Shape = Mapping[str, Form]
"""Member names with their forms; a name that ends in `?` may be absent."""

_WORD = re.compile(r"[a-z0-9][a-z0-9./_-]{0,63}")
_DIGEST = re.compile("[0-9a-f]{64}")
_LONGEST = 255


def text(value: Any) -> bool:
    """One line of at most 255 characters."""
    return isinstance(value, str) and len(value) <= _LONGEST and value.isprintable()


def word(value: Any) -> bool:
    """A code: small letters, digits, and `.`, `/`, `_`, `-` between."""
    return isinstance(value, str) and _WORD.fullmatch(value) is not None


def sender(value: Any) -> bool:
    """A source's name, or that of its answers: `civil#answers`."""
    return isinstance(value, str) and word(value.removesuffix("#answers"))


def digest(value: Any) -> bool:
    """64 lower-case hexadecimal digits."""
    return isinstance(value, str) and _DIGEST.fullmatch(value) is not None


def count(value: Any) -> bool:
    """An integer from 0."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def whole(value: Any) -> bool:
    """An integer from 1."""
    return count(value) and value > 0


def day(value: Any) -> bool:
    """`YYYY-MM-DD`, or `never`."""
    return isinstance(value, str) and _is(dates.parse_day, value)


def instant(value: Any) -> bool:
    """`YYYY-MM-DDTHH:MM:SSZ`."""
    return isinstance(value, str) and _is(dates.parse_instant, value)


def signature(value: Any) -> bool:
    """64 bytes in base64."""
    try:
        return isinstance(value, str) and len(decode_base64(value)) == 64
    except ValueError:
        return False


def one_of(*values: str) -> Form:
    """One of these words."""
    return lambda value: value in values


def either(*forms: Form) -> Form:
    """Any of these forms."""
    return lambda value: any(form(value) for form in forms)


def or_empty(form: Form) -> Form:
    """That form, or an empty text."""
    return lambda value: value == "" or form(value)


def or_null(form: Form) -> Form:
    """That form, or null."""
    return lambda value: value is None or form(value)


def listed(form: Form) -> Form:
    """A list of it."""
    return lambda value: isinstance(value, list) and all(map(form, value))


def named(name: Form, form: Form) -> Form:
    """An object whose members have names and values of these forms."""
    return lambda value: (
        isinstance(value, dict) and all(map(name, value)) and all(form(member) for member in value.values())
    )


def shaped(shape: Shape) -> Form:
    """An object of exactly this shape."""
    return lambda value: isinstance(value, dict) and _fits(value, shape)


SHAPES: Mapping[Kind, tuple[Shape, ...]] = {
    Kind.IMPORT: (
        {
            "as_of": day,
            "content": or_empty(digest),
            "manifest": digest,
            "outcome": word,
            "refused": count,
            "rows": count,
            "sha256": digest,
            "source": sender,
        },
        {"outcome": word, "sha256": digest, "source": sender},
    ),
    Kind.ROLL: (
        {
            "counts": named(text, either(count, text)),
            "known_at": instant,
            "on": day,
            "packs": listed(digest),
            "parent": or_empty(digest),
            "sha256": digest,
        },
    ),
    Kind.PACK: ({"name": word, "sha256": digest, "sources?": named(word, digest), "version": either(count, word)},),
    Kind.CONFIG: (
        {"granted": listed(word), "office": word},
        {"ended": listed(word), "office": word},
        {"software": named(text, digest)},
        {"rebuilt": shaped({"from": count, "size": count})},
    ),
    Kind.KEY: ({"from": count, "new": text, "old": text, "origin": text, "signature": signature},),
    Kind.YEAR: ({"origin": text, "root": digest, "size": count},),
    Kind.STAT: ({"act": count, "day": day},),
    Kind.ERASURE_STAT: ({"acts?": count, "keys": count, "objects": count, "sha256": digest, "snapshot": digest},),
    Kind.DRAW_MANIFEST: ({"attempt": whole, "draw": word, "sha256": digest, "supersedes": or_null(digest)},),
    Kind.DRAW_POTCHECK: ({"draw": word, "root": digest, "sha256": digest, "verdict": one_of("holds", "locks")},),
    Kind.DRAW_FALLBACK: ({"draw": word, "manifest": digest, "round": count},),
    Kind.DRAW_TABLE: ({"draw": word, "manifest": digest, "sha256": digest},),
    Kind.DRAW_FAIRNESS: (
        {"draw": word, "manifest": digest, "sha256": digest, "verdict": one_of("unremarkable", "note", "flag")},
    ),
    Kind.DRAW_REVIEW: ({"draw": word, "fairness": digest, "manifest": digest},),
    Kind.DRAW_STRATUM: ({"draw": word, "number": whole, "parent": digest, "sha256": digest, "stratum": text},),
    Kind.DRAW_SPARED: (
        {
            "draw": word,
            "hand": shaped({"root": digest, "size": count}),
            "manifest": digest,
            "round": count,
            "sample": count,
            "spared": shaped({"root": digest, "size": count}),
        },
    ),
    Kind.SUPPLEMENT: ({"draw": word, "number": whole, "parent": digest, "sha256": digest},),
    Kind.AUDIT: (
        {
            "cohort": count,
            "draw": word,
            "hand": count,
            "manifest": digest,
            "openings": digest,
            "spared": count,
            "wrong": count,
        },
    ),
    Kind.DRAW_CEREMONY: ({"draw": word, "manifest": digest, "symbols": text},),
    Kind.DRAW_RESULT: ({"draw": word, "manifest": digest, "order": digest, "seed": digest},),
    Kind.ORDER: (
        {
            "draw": word,
            "manifest": digest,
            "number": count,
            "order": digest,
            "pack": digest,
            "report_on": day,
            "sha256": digest,
            "snapshot": digest,
        },
    ),
    Kind.QUESTIONS: ({"batch": count, "rows": count, "sha256": digest, "source": word},),
    Kind.RECALL: ({"digest": digest, "recalled": word, "subject": text},),
    Kind.CAMPAIGN: ({"sha256": digest, "subject": text, "telling": word},),
}


def check(kind: Kind, said: Mapping[str, Any], *, where: str = "ledger entry") -> None:
    """Raise MusterRollError `entry.members` unless `said` has the members that an entry of this kind has."""
    if not any(_fits(said, shape) for shape in SHAPES[kind]):
        raise MusterRollError(
            "entry.members",
            f"An entry of the kind {kind.value} does not have these members: {', '.join(sorted(said))}.",
            where=where,
            remedy="See docs/spec/ledger.md. Keep the entry: a register writes nothing that is not described there.",
        )


def _fits(said: Mapping[str, Any], shape: Shape) -> bool:
    forms = {name.removesuffix("?"): form for name, form in shape.items()}
    needed = {name for name in shape if not name.endswith("?")}
    return needed <= said.keys() <= forms.keys() and all(forms[name](value) for name, value in said.items())


def _is(parse: Callable[[str], object], value: str) -> bool:
    try:
        parse(value)
    except MusterRollError:
        return False
    return True
