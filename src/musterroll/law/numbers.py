"""The register of permanent numbers, `packs/attributes.json`: given once, never reused: old objects stay readable."""

from pathlib import Path

from musterroll import canonical
from musterroll.errors import MusterRollError
from musterroll.law.build import Law


def check_numbers(register: Path, law: Law) -> None:
    """Refuses a pack whose numbers differ from the register's. A pack outside the project has no register.

    Raises MusterRollError `law.number`.
    """
    if not register.is_file():
        return
    known = canonical.decode(register.read_bytes(), where=register.name)
    try:
        of_pack = {kind: dict(numbers) for kind, numbers in known["packs"].get(law.name, {}).items()}
    except (AttributeError, KeyError, TypeError, ValueError):
        raise MusterRollError(
            "law.number",
            "The register of numbers is not {packs: {PACK: {KIND: {NAME: NUMBER}}}}.",
            where=register.name,
            remedy="Take the file again from its history, or take it away from beside the pack.",
        ) from None
    for kind, numbers in numbers_of(law).items():
        for name, number in numbers.items():
            if of_pack.get(kind, {}).get(name) != number:
                raise MusterRollError(
                    "law.number",
                    f"{kind} `{name}` of {law.name} has number {number}, which the register does not give it.",
                    where=register.name,
                    remedy=f"Add `{name}` under {law.name}, {kind}, with a number never used there before.",
                )


def numbers_of(law: Law) -> dict[str, dict[str, int]]:
    """The numbers that a pack uses, by kind of thing."""
    return {
        "attributes": {name: one.number for name, one in law.attributes.items()},
        "questions": {name: one.number for name, one in law.questions.items()},
        "rosters": {name: one.number for name, one in law.rosters.items()},
    }
