"""What `muster source check` finds: what is wrong with a declaration, and what a lawful one may not have meant."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from musterroll.errors import MusterRollError
from musterroll.extract import declaration, given, schema
from musterroll.extract.schema import ColumnType, FactMap, RosterMap, Silence, Source
from musterroll.fact.attribute import Attribute, Kind, ValueType
from musterroll.fact.derivation import Derivation
from musterroll.law import pack as law_pack
from musterroll.law.pack import Pack

HALF_SAID = """look  {file}: whoever is on this list and of whom no row says `{attribute}` on a day is asked:
    the silence of a list speaks of those who are not on it.
    Say what its other rows mean: a second map of `{attribute}`, with its neutral value."""
ENDED = """look  {file}: whoever has an entry here that has ended by `{column}` is asked about `{attribute}`:
    the silence of a list speaks of those who are not on it.
    Say what holds afterwards: a map more of `{attribute}`, with its neutral value and `valid_from: {after}`.
    Where somebody may have several entries, let the pack favour a `yes` (`disagreement: favour yes`)."""
UNHEARD = """look  {file}: whoever is not on this list is asked about `{attribute}`:
    the pack has no neutral value for it, and silence can say nothing else.
    Give `{attribute}` its `neutral` value in the pack; or, where being left out means nothing, `silence: nobody`."""
PLACELESS = """look  {file}: whom a row names in `{column}` only has no place in the roster `{roster}`:
    `{derived}` counts for those who are there as {roles}, and who has no row of their own in this file is not there.
    Say who they are: the role `mother.number` (or another relative's) for `{column}`, and a map more of the roster:
    {{roster: {roster}, group: {column}, as_role: {role}, part: mother}}."""
UNQUOTED = """look  {file}: the pack quotes no `{basis}`, under which the agency is said to send.
    Cite the paragraph that lets it (`legal_basis`), as the pack's pages mark it."""
FOUNDERLESS = """look  no source founds persons: nobody will be in the register, and every row is nobody's.
    Say `founds: persons` in the declaration of the register that says who exists."""
_CITED = re.compile(r"(?:\([\w-]+\)|\d+\)|\s)+")
"""What stands behind an article where one paragraph or point of it is cited, and nothing else."""
TOLD_BY_ROWS = frozenset([Kind.REGISTRATION, Kind.OWN_DECLARATION, Kind.OWN_ORDER])
"""Kinds that need no neutral value and of which a list is often the only source."""


def looks(file: Path, read: Source, law: Pack | None) -> Iterator[str]:
    """What a lawful declaration may not have meant, each with what to do about it."""
    for attribute in half_said(read):
        yield HALF_SAID.format(file=file.name, attribute=attribute)
    for attribute, column, after in ended(read):
        yield ENDED.format(file=file.name, attribute=attribute, column=column, after=after)
    for attribute in unheard(read, law):
        yield UNHEARD.format(file=file.name, attribute=attribute)
    for column, each in placeless(read, law):
        roles = {"roles": " or ".join(each.mine), "role": each.mine[0], "roster": each.roster}
        yield PLACELESS.format(file=file.name, column=column, derived=each.name, **roles)
    if law is not None and unquoted(read.legal_basis, law):
        yield UNQUOTED.format(file=file.name, basis=read.legal_basis)


def founderless(sources: Iterable[Source]) -> Iterator[str]:
    """What to look at where none of a home's sources says who exists."""
    if not any(read.founds for read in sources):
        yield FOUNDERLESS


def twice(file: Path, read: Source, before: dict[str, str]) -> Iterator[MusterRollError]:
    """What is wrong where a file looked at `before` (its name under its source's) declares a source of this name."""
    other = before.setdefault(read.name, file.name)
    if other != file.name:
        yield MusterRollError(
            "source.twice",
            f"Two declarations are called {read.name}: this one and {other}.",
            where=file.name,
            remedy="Give each source a name of its own (`source:`).",
        )


def unquoted(basis: str, law: Pack) -> bool:
    """Whether one paragraph is cited of an article of the pack, and is not there. Others may be of another law."""
    article = max((name for name in law.articles if basis.startswith(f"{name} ")), key=len, default="")
    paragraph = basis[len(article) :].strip() if article else ""
    return bool(_CITED.fullmatch(paragraph)) and law.articles[article].place_of(paragraph) is None


def half_said(read: Source) -> list[str]:
    """Attributes of a list of those concerned that every map gives under a condition or for a time, and to one end."""
    if read.silence is not Silence.THOSE_CONCERNED:
        return []
    return [
        attribute
        for attribute, several in _by_attribute(read).items()
        if len(several) == 1 and (several[0].when or several[0].unless or several[0].valid_to)
    ]


def ended(read: Source) -> list[tuple[str, str, str]]:
    """Attributes of a list of those concerned of which nothing is said once a row's day has passed: that day's column.

    With each the day from which something would have to be said, as a map writes it.
    """
    if read.silence is not Silence.THOSE_CONCERNED:
        return []
    found = {}
    for attribute, several in _by_attribute(read).items():
        always = any(not (each.when or each.unless or each.valid_from or each.valid_to) for each in several)
        begun = {schema.time_read(each.valid_from)[1] for each in several}
        for each in several if len(several) > 1 and not always else ():
            column = schema.time_read(each.valid_to)[1]
            if column and column not in begun and not each.lasting:
                found[attribute, column] = each.valid_to
    return [(attribute, column, after) for (attribute, column), after in found.items()]


def _by_attribute(read: Source) -> dict[str, list[FactMap]]:
    maps: dict[str, list[FactMap]] = {}
    for fact in read.facts:
        maps.setdefault(fact.attribute, []).append(fact)
    return maps


def unheard(read: Source, law: Pack | None) -> list[str]:
    """Attributes of which the silence of a list of those concerned would say something, had they a neutral value."""
    if law is None or read.silence is not Silence.THOSE_CONCERNED:
        return []
    mapped = dict.fromkeys(fact.attribute for fact in read.facts)
    asked = [law.attributes[name] for name in mapped if name in law.attributes]
    return [each.name for each in asked if each.kind in TOLD_BY_ROWS and not each.neutral]


def placeless(read: Source, law: Pack | None) -> list[tuple[str, Derivation]]:
    """Columns by which rows belong to somebody whose own place in the roster no row needs to give, and what counts it.

    In a register that founds persons everybody has a row, which may give it.
    """
    found: list[tuple[str, Derivation]] = []
    for each in law.derivations if law is not None else ():
        maps = [one for one in read.rosters if one.roster == each.roster]
        heads = {one.group for one in maps if _may_be(one, each.mine)}
        members = dict.fromkeys(one.group for one in maps if not one.part and one.group and _may_be(one, each.roles))
        if each.mine and not (heads and read.founds):
            found += [(group, each) for group in members if group not in heads]
    return found


def _may_be(one: RosterMap, roles: tuple[str, ...]) -> bool:
    """Whether a map may give somebody one of these roles; a column of roles whose texts are not listed may give any."""
    if not roles:
        return True
    return one.as_role in roles if one.as_role else not one.roles or any(role in roles for role in one.roles.values())


def problems(file: Path, folder: Path | None) -> tuple[Source | None, tuple[MusterRollError, ...], Pack | None]:
    """The declaration, all that is wrong with it, by itself and under the pack, and the pack where there is one."""
    try:
        read, found = declaration.read(file)
    except MusterRollError as problem:
        return None, (problem,), None
    there = folder if folder is not None else file.resolve().parents[1]
    if folder is None and not (there / "pack.md").exists():
        return read, found, None
    law = law_pack.load(there)
    return read, (*found, *_under(read, file, law)), law


def _under(read: Source, file: Path, law: Pack) -> Iterator[MusterRollError]:
    """What the pack does not ask for, and words that it does not know; each with its line."""
    lines = given.read(file.read_text(encoding="utf-8"), file.name).members
    articles = {name: attribute.basis for name, attribute in law.attributes.items()}
    for problem in schema.uncited(read, articles, {one.roster for one in law.derivations}):
        member, _, item = problem.where.partition(": ")[2].partition(", item ")
        at = lines[member].items[int(item) - 1] if item else lines[member]
        yield MusterRollError(
            problem.code, problem.what, where=f"{file.name}:{at.line}: {member} {item}".strip(), remedy=problem.remedy
        )
    for number, fact in enumerate(read.facts, start=1):
        if fact.attribute in law.attributes:
            where = f"{file.name}:{lines['facts'].items[number - 1].line}: facts {number}"
            yield from _words(read, fact, law.attributes[fact.attribute], where)
    spells = {one.roster for one in law.derivations if one.over_spells}
    for number, roster in enumerate(read.rosters, start=1):
        if roster.roster in spells:
            yield MusterRollError(
                "source.spells",
                f"The pack derives from spells of `{roster.roster}`, and declarations give members of groups only.",
                where=f"{file.name}:{lines['rosters'].items[number - 1].line}: rosters {number}",
                remedy="Let the agency tell the day or the number itself (last day, days served), and map its column.",
            )
        known = law.rosters[roster.roster].roles if roster.roster in law.rosters else ()
        for role in (*roster.roles.values(), roster.as_role):
            if role and known and role not in known:
                where = f"{file.name}:{lines['rosters'].items[number - 1].line}: rosters {number}"
                yield _wrong(where, f"The roster `{roster.roster}` has no role `{role}`; it has {', '.join(known)}.")


def _words(read: Source, fact: FactMap, attribute: Attribute, where: str) -> Iterator[MusterRollError]:
    for word in dict.fromkeys([*fact.values.values(), *([fact.value] if fact.value else [])]):
        try:
            attribute.value_of(word)
        except MusterRollError:
            allowed = {ValueType.BOOL: "yes, no", ValueType.ENUM: ", ".join(attribute.values)}
            kind = allowed.get(attribute.type, attribute.type.value)
            yield _wrong(where, f"`{word}` is no value of `{attribute.name}` ({kind}).")
    column = read.columns.get(fact.column)
    if column is not None and not fact.values:
        wanted = ColumnType.DATE if attribute.type is ValueType.DATE else ColumnType.INT
        if attribute.type in (ValueType.BOOL, ValueType.ENUM) or column.type is not wanted:
            yield _wrong(
                where,
                f"`{attribute.name}` is of the type {attribute.type.value}, and `{fact.column}` gives a "
                f"{column.type.value}.",
            )


def _wrong(where: str, what: str) -> MusterRollError:
    return MusterRollError(
        "source.words", what, where=where, remedy="Correct the declaration, or the pack where the law says so."
    )
