"""A pack's letters as data: words in one language, with named places for what differs from person to person.

1. One YAML file a kind of letter and language, `letters/<kind>.<language>.yaml`; its members are those of `_TEXTS`,
   `glance` and `steps`, and `nothing_to` where the law sends no such letter to people of some classes. `{name}` is a
   place; nothing else in braces means anything, and what is put into a place is never read for places again.
2. A place that nobody fills stops the letter: a letter with a hole in it reaches nobody.
3. A person gets the letter in the first of their languages that there is, else in the pack's first one.
4. `Words` are the headings of the sheet itself, one file a language, `letters/words.<language>.yaml`.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from musterroll import canonical, dates
from musterroll.errors import MusterRollError
from musterroll.notice import place
from musterroll.notice.letter import LEFT_TO_RIGHT, RIGHT_TO_LEFT, Letter, Office, Reason, Row, Step
from musterroll.notice.place import malformed, members, text_of

_TEXTS = ("lead", "why", "wrong", "rights", "genuine")


@dataclass(frozen=True, slots=True)
class Words:
    """The headings of the sheet in one language, and how it writes a date.

    `page` has the places `{page}` and `{pages}`, `date` has `{day}`, `{month}` and `{year}`; `months` are twelve.
    `shortened` has `{hours}`: a demonstration that sends sooner than others says so.
    """

    language: str
    direction: str
    demonstration: str
    notice: str
    reference: str
    dated: str
    what_to_do: str
    by_when: str
    why_you: str
    article: str
    says: str
    we_hold: str
    from_whom: str
    if_wrong: str
    your_rights: str
    genuine: str
    check_code: str
    policy: str
    shortened: str
    picture: str
    page: str
    date: str
    months: tuple[str, ...]

    def __post_init__(self) -> None:
        if self.direction not in (LEFT_TO_RIGHT, RIGHT_TO_LEFT) or len(self.months) != 12:
            raise ValueError("words run ltr or rtl and name twelve months")

    def written(self, day: int) -> str:
        """The day (since 1970-01-01) as this language writes it."""
        on = dates.date_of(day)
        parts = {"day": str(on.day), "month": self.months[on.month - 1], "year": str(on.year)}
        return place.fill(self.date, parts)

    def of_demonstration(self, hours: int, usual: int) -> "Words":
        """The words of a home that waits `hours` before it sends; where that is less than usual, the mark says so."""
        if hours >= usual:
            return self
        said = place.fill(self.shortened, {"hours": str(hours)})
        return dataclasses.replace(self, demonstration=f"{self.demonstration} {said}")

    def encode(self) -> bytes:
        """The words as canonical JSON, for the typesetter."""
        return canonical.encode(dataclasses.asdict(self))


@dataclass(frozen=True, slots=True)
class Template:
    """The words of one kind of letter in one language."""

    kind: str
    language: str
    direction: str
    heading: str
    lead: tuple[str, ...]
    glance: tuple[Row, ...]
    steps: tuple[Step, ...]
    why: tuple[str, ...]
    wrong: tuple[str, ...]
    rights: tuple[str, ...]
    genuine: tuple[str, ...]
    nothing_to: tuple[str, ...] = ()
    """Names of the law's classes whose people get no such letter."""

    @property
    def places(self) -> frozenset[str]:
        """The names of all places that have to be filled."""
        return frozenset(place.names(canonical.encode(dataclasses.asdict(self)).decode()))

    def fill(
        self,
        fields: Mapping[str, str],
        *,
        number: str,
        dated: str,
        office: Office,
        recipient: Sequence[str],
        reference: str,
        reasons: Sequence[Reason],
        check_code: str,
        policy: str,
        fictional: bool,
    ) -> Letter:
        """The letter to one person. Raises MusterRollError `letter.place` where a place has no text to fill it."""
        where = f"letters/{self.kind}.{self.language}.yaml"
        place.check(self.places, fields, where=where)

        def put(text: str) -> str:
            return place.fill(text, fields)

        return Letter(
            kind=self.kind,
            number=number,
            language=self.language,
            direction=self.direction,
            fictional=fictional,
            dated=dated,
            office=office,
            recipient=tuple(recipient),
            reference=reference,
            heading=put(self.heading),
            lead=tuple(map(put, self.lead)),
            glance=tuple(Row(put(row.label), put(row.value)) for row in self.glance),
            steps=tuple(Step(put(step.words), put(step.by)) for step in self.steps),
            why=tuple(map(put, self.why)),
            reasons=tuple(reasons),
            wrong=tuple(map(put, self.wrong)),
            rights=tuple(map(put, self.rights)),
            genuine=tuple(map(put, self.genuine)),
            check_code=check_code,
            policy=policy,
        )


def choose(templates: Sequence[Template], kind: str, languages: Sequence[str]) -> Template:
    """The template of `kind` for somebody who reads `languages`, best first.

    Raises MusterRollError `letter.none` where the pack has no such letter.
    """
    of_kind = [template for template in templates if template.kind == kind]
    if not of_kind:
        raise MusterRollError(
            "letter.none",
            f"The pack has no letter of the kind {kind}.",
            where="letters/",
            remedy=f"Write letters/{kind}.<language>.yaml into the pack.",
        )
    by_language = {template.language: template for template in reversed(of_kind)}
    return next((by_language[language] for language in languages if language in by_language), of_kind[0])


def parse(text: str, *, where: str) -> Template:
    """The template in a YAML file. Raises MusterRollError `letter.malformed`."""
    expected = {"letter", "language", "direction", "heading", "glance", "steps", *_TEXTS}
    fields = members(text, where, expected, optional=frozenset({"nothing_to"}))
    try:
        return Template(
            kind=text_of(fields["letter"]),
            language=text_of(fields["language"]),
            direction=text_of(fields["direction"]),
            heading=text_of(fields["heading"]),
            glance=tuple(Row(text_of(row["label"]), text_of(row["value"])) for row in fields["glance"]),
            steps=tuple(Step(text_of(step["words"]), text_of(step.get("by", ""))) for step in fields["steps"]),
            nothing_to=tuple(map(text_of, fields.get("nothing_to", ()))),
            **{name: tuple(map(text_of, fields[name])) for name in _TEXTS},
        )
    except (KeyError, TypeError, AttributeError, ValueError):
        raise malformed(where) from None


def parse_words(text: str, *, where: str) -> Words:
    """The headings in a YAML file. Raises MusterRollError `letter.malformed`."""
    names = {field.name for field in dataclasses.fields(Words)}
    fields = members(text, where, names)
    try:
        months = tuple(map(text_of, fields.pop("months")))
        return Words(**{name: text_of(text) for name, text in fields.items()}, months=months)
    except (TypeError, ValueError):
        raise malformed(where) from None
