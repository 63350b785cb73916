"""Putting a version of the law into force, with the declarations under which agencies' files are read."""

from collections.abc import Mapping

from musterroll import canonical
from musterroll.entry.kind import Kind
from musterroll.errors import MusterRollError
from musterroll.extract import declaration, schema
from musterroll.law import prove
from musterroll.law.pack import Pack as LawPack
from musterroll.register import permissions
from musterroll.register.actor import Actor
from musterroll.register.acts import writing
from musterroll.register.acts.act import act
from musterroll.register.models import Approved, Pack


def publication_digest(pack: LawPack, sources: Mapping[str, str]) -> str:
    """What two people approve: the pack and the text of every source declaration, in one digest."""
    return canonical.sha256_hex(canonical.encode({"pack": pack.digest, "sources": _digests(sources)}))


@act
def publish_pack(*, pack: LawPack, sources: Mapping[str, str], approval: int, by: Actor, at: int) -> str:
    """Publish `pack` and put it into force; give its digest.

    A pack in which `law.lint` or a proof finds what forbids publication is refused with that finding. `sources` are
    source declarations (YAML) by name. Two people have approved (name, `publication_digest`). Raises MusterRollError
    `pack.version` as `check_is_new`.
    """
    permissions.check_may("publish_pack", by)
    if not check_is_new(pack, sources):
        return pack.digest
    prove.refuse(pack)
    _refuse_uncited(pack, sources)
    agreed = permissions.approved(
        Approved.PUBLISH_PACK, approval, subject=pack.name, digest=publication_digest(pack, sources)
    )
    payload: dict[str, canonical.Json] = {
        "name": pack.name,
        "sha256": pack.digest,
        "sources": _digests(sources),
        "version": pack.version,
    }
    entry = writing.public(Kind.PACK, payload, label=f"pack/{pack.digest}", at=at)
    Pack.objects.create(
        digest=pack.digest,
        name=pack.name,
        version=pack.version,
        canonical=pack.canonical(),
        sources=dict(sources),
        approval=agreed,
        entry=entry,
        at=at,
    )
    return pack.digest


def check_is_new(pack: LawPack, sources: Mapping[str, str]) -> bool:
    """Whether this is not yet in force. Raises MusterRollError `pack.version` where its version was already published
    and is another law, has other declarations, or has been replaced.
    """
    row = Pack.objects.filter(name=pack.name, version=pack.version).first()
    if row is None:
        return True
    if row.digest != pack.digest:
        what = "with another text"
    elif row.sources != dict(sources):
        what = "with other source declarations"
    elif row != Pack.objects.order_by("-id").first():
        what = "and has been replaced since"
    else:
        return False
    raise MusterRollError(
        "pack.version",
        f"Version {pack.version} of {pack.name} was published here before, {what}.",
        where=f"pack {pack.name}, version {pack.version}",
        remedy="Give the pack a new `version`: a law, and the declarations beside it, come into force with one.",
    )


def _refuse_uncited(pack: LawPack, sources: Mapping[str, str]) -> None:
    """Charter S2, X5: no source of another kind, and none that maps what the law does not ask for, comes into force."""
    articles = {name: attribute.basis for name, attribute in pack.attributes.items()}
    rosters = {each.roster for each in pack.derivations}
    for text in sources.values():
        schema.check_cited(declaration.load_source(text), articles, rosters)


def _digests(sources: Mapping[str, str]) -> dict[str, canonical.Json]:
    return {name: canonical.sha256_hex(text.encode()) for name, text in sorted(sources.items())}
