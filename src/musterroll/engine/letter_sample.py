"""A pack's letter as a person would get it, to be looked at by those who write and review it (docs/flow/notice.md).

1. Every place of the words is filled with its own name in brackets; nobody is in it.
2. The reasons are those of the class from which the law draws, in the pack's sentences of that language.
3. It is marked as a demonstration, like every letter that has no effect on anybody.
"""

from collections.abc import Iterator
from pathlib import Path

from musterroll.engine.letter_typst import compose
from musterroll.errors import MusterRollError
from musterroll.law.model import attributes_of
from musterroll.law.pack import Pack
from musterroll.law.wording import Wording
from musterroll.notice import check_code, template
from musterroll.notice.letter import Office, Reason

NUMBER = "0000-000000"
LETTERS = "letters"


def kinds(folder: Path, language: str) -> tuple[str, ...]:
    """The letters that the pack has in a language; without the headings and the mail."""
    named = sorted(
        path.name.removesuffix(f".{language}.yaml") for path in (folder / LETTERS).glob(f"*.{language}.yaml")
    )
    return tuple(name for name in named if name not in ("words", "mail"))


def sample(folder: Path, pack: Pack, kind: str, language: str) -> bytes:
    """The letter as a PDF. Raises MusterRollError `letter.none`, `letter.malformed`, `letter.place`."""
    words = template.parse_words(_text(folder, "words", language), where=f"words.{language}.yaml")
    sheet = template.parse(_text(folder, kind, language), where=f"{kind}.{language}.yaml")
    letter = sheet.fill(
        {name: f"[{name}]" for name in sheet.places},
        number=NUMBER,
        dated="[…]",
        office=Office(pack.title, ("[…]",)),
        recipient=("[…]",),
        reference="[…]",
        reasons=tuple(_reasons(pack, language)) if kind == "call" else (),
        check_code=check_code.make(b"sample".ljust(32, b"."), NUMBER),
        policy="0" * 64,
        fictional=True,
    )
    return compose(letter, words, at=0)


def _text(folder: Path, name: str, language: str) -> str:
    path = folder / LETTERS / f"{name}.{language}.yaml"
    if path.is_symlink() or not path.is_file():
        known = ", ".join(kinds(folder, language)) or "none"
        raise MusterRollError(
            "letter.none",
            f"The pack has no such letter in this language; it has: {known}.",
            where=f"{LETTERS}/{path.name}",
            remedy="Add the file to the pack's letters folder.",
            exit_code=2,
        )
    return path.read_text("utf-8")


def _reasons(pack: Pack, language: str) -> Iterator[Reason]:
    wording = Wording(pack, language)
    selection = pack.selection
    for rule in pack.law.periods[-1].rules[selection.question] if selection is not None else ():
        if rule is not None and selection is not None and rule.gives in selection.classes:
            for name in sorted(attributes_of(rule.bare)):
                attribute = pack.attributes[name]
                forms = ("value", "yes", *attribute.values)
                keys = [key for form in forms if wording.sentence(key := f"attribute.{name}.{form}")]
                fact = wording.sentence(keys[0], value="[…]") if keys else wording.label(name)
                said = wording.sentence(f"rule.{rule.name}", wording.label(name))
                yield Reason(attribute.basis, said, fact, wording.answers(attribute.answers[0]))
            return
