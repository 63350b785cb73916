"""What stands in the way of an erasure, what it reaches, and what is done when it is committed.

1. Which tables hold something of a person is written down once, in the order in which it can go (`STATEMENTS`); a test
   fails for a table with a person that is not among them.
2. Records that are possibly somebody else's are not the person's: only confirmed ones are passed over from now on.
3. A row about somebody else that names the erased (a relative in a tax row) stays, and says nothing of them any more,
   today's and tomorrow's.
"""

import shutil
from collections.abc import Iterable
from pathlib import Path

from django.db import connection
from django.db.models import Q

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll import canonical
from musterroll.claim.progress import CallState
from musterroll.engine.night_work import over
from musterroll.engine.roll import person as rolled
from musterroll.engine.roll.table import RELATIVE
from musterroll.engine.row_tables import relatives
from musterroll.errors import MusterRollError
from musterroll.fact.timeline import Judgement
from musterroll.law.evaluate import in_scope, lines_in_force
from musterroll.law.truth import Truth
from musterroll.register import (
    answers,
    asking,
    campaign,
    draw_policies,
    home,
    inbox,
    overlay,
    policies,
    roll,
    touched,
    worklist,
)
from musterroll.register.files import write_whole
from musterroll.register.models import (
    Call,
    Case,
    Delivery,
    Entrant,
    Erasure,
    ErasureGround,
    Notice,
    Outcome,
    QuestionBatch,
    Snapshot,
)
from musterroll.register.overlay import Now
from musterroll.register.roll import Roll

PROCEDURE = "erasure"
"""The pack's procedure whose lines are its own grounds; a line's condition has to hold of the person."""

STATEMENTS = (
    "DELETE FROM register_evidence USING register_notice AS n WHERE notice_id = n.id AND n.person = ANY(%(persons)s)",
    "DELETE FROM register_attempt USING register_notice AS n WHERE notice_id = n.id AND n.person = ANY(%(persons)s)",
    "DELETE FROM register_notice WHERE person = ANY(%(persons)s)",
    "DELETE FROM register_standingnow WHERE person = ANY(%(persons)s)",
    "DELETE FROM register_filingend USING register_filing AS f WHERE filing_id = f.id AND f.person = ANY(%(persons)s)",
    "DELETE FROM register_told USING register_step AS s, register_filing AS f "
    "WHERE step_id = s.id AND s.filing_id = f.id AND f.person = ANY(%(persons)s)",
    "DELETE FROM register_step USING register_filing AS f WHERE filing_id = f.id AND f.person = ANY(%(persons)s)",
    "DELETE FROM register_filing WHERE person = ANY(%(persons)s)",
    "DELETE FROM register_callevent USING register_call AS c WHERE call_id = c.id AND c.person = ANY(%(persons)s)",
    "DELETE FROM register_call WHERE person = ANY(%(persons)s)",
    "DELETE FROM register_declaration WHERE person = ANY(%(persons)s)",
    "DELETE FROM register_split WHERE person = ANY(%(persons)s)",
    "DELETE FROM register_linkjudgement WHERE person = ANY(%(persons)s)",
    "DELETE FROM register_mergeend USING register_merge AS m "
    'WHERE merge_id = m.id AND (m.person = ANY(%(persons)s) OR m."into" = ANY(%(persons)s))',
    'DELETE FROM register_merge WHERE person = ANY(%(persons)s) OR "into" = ANY(%(persons)s)',
    "DELETE FROM register_access WHERE person = ANY(%(persons)s)",
    "DELETE FROM register_presencecode WHERE person = ANY(%(persons)s)",
    "DELETE FROM register_caseend USING register_case AS c WHERE case_id = c.id AND c.person = ANY(%(persons)s)",
    "DELETE FROM register_case WHERE person = ANY(%(persons)s)",
    "DELETE FROM register_nullifier WHERE person = ANY(%(persons)s)",
    "DELETE FROM register_opened WHERE person = ANY(%(persons)s)",
    "UPDATE register_sparedentry SET person = NULL, record = '' WHERE person = ANY(%(persons)s)",
    "UPDATE register_entrant SET person = NULL, record = '' WHERE person = ANY(%(persons)s)",
    "UPDATE register_entry SET payload = NULL, person = NULL, n = NULL, act = NULL, at = at - at %% 3600 "
    "WHERE person = ANY(%(persons)s)",
)
"""What goes of a person, in order. The commitments in published draws and the leaves of the log stay, without them."""


def records_of(seen: Now) -> list[int]:
    """The records that are the person's for certain: no extract brings them back."""
    return sorted(one.record for one in seen.facts.links if one.judgement is Judgement.CONFIRMED)


def relatives_of(current: Roll) -> dict[str, dict[str, tuple[str, ...]]]:
    """The columns in which each source's rows name relatives, by table and number column (`roll.erase`)."""
    return {
        f"row.{name}": {
            f"{RELATIVE}{part}": tuple(column for column, role in source.roles if role.startswith(f"{part}."))
            for part in relatives(source)
        }
        for name, source in current.sources.items()
    }


def check_ground(seen: Now, ground: ErasureGround, named: str) -> None:
    """Raise MusterRollError `erase.ground` unless the law, or a court's order, gives this ground for this person."""
    law = seen.roll.pack
    match ground:
        case ErasureGround.SCOPE:
            holds = not named and in_scope(law, seen.held, seen.on) is Truth.FALSE
        case ErasureGround.PACK:
            lines = lines_in_force(law, PROCEDURE, seen.held, seen.on) if PROCEDURE in law.procedures else ()
            holds = any(term.name == named and truth is Truth.TRUE for term, truth in lines)
        case ErasureGround.COURT:
            holds = len(named) == 64 and set(named) <= set("0123456789abcdef")
    if not holds:
        raise MusterRollError(
            "erase.ground",
            f"This is no ground to erase this person: {ground}.",
            where=named if named.isidentifier() else "ground",
            remedy="Name a line of the law's procedure `erasure` that holds for them, the scope where the law does not "
            "register them, or the SHA-256 of the court's order.",
        )


def check_nothing_open(seen: Now, case: str, at: int) -> None:
    """Raise MusterRollError `erase.open`, `erase.draw-open`, `erase.delivery-waits` or `erase.night-open`."""
    numbers = seen.numbers or {seen.person}
    calls = [one for one in Call.objects.filter(person__in=numbers) if policies.state_of(one) != CallState.WITHDRAWN]
    cases = Case.objects.filter(person__in=numbers, caseend__isnull=True).exclude(code=case)
    if calls or cases.exists() or overlay.has_open_word(seen.person, at):
        raise _open("erase.open", "A call, a case or a word of this person is open", "Wait until it is decided.")
    if Entrant.objects.filter(person__in=numbers, draw__in=draw_policies.open_lists()).exists():
        raise _open("erase.draw-open", "This person is in a draw by which nobody was called yet", "Wait for its order.")
    if any(_names(home.current().path / "inbox")) or _undecided():
        raise _open(
            "erase.delivery-waits",
            "A delivery waits, and may hold rows of this person",
            "Run the night; release or reject what is in quarantine.",
        )
    work = home.current().path / "roll" / "work"
    if any(_names(work)) or any(_names(over(work))):
        raise _open("erase.night-open", "A night was stopped before its end", "Run it again: it goes on.")


def published(replaced: Iterable[tuple[str, str]]) -> str:
    """Publish which objects of the roll were written again, old digest and new ("" for none); the list's digest."""
    objects: list[canonical.Json] = [{"from": old, "to": new} for old, new in replaced]
    data = canonical.encode({"objects": objects, "v": 1})
    digest = canonical.sha256_hex(data)
    folder = home.current().path / "published" / "erasures"
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / f"{digest}.json", data)
    return digest


def counts_without(seen: Now, digest: str) -> dict[str, int]:
    """The counts of the committed snapshot without this person."""
    counts = dict(Snapshot.objects.get(digest=digest).counts)
    rows = rolled.rows(seen.roll.store, seen.roll.snapshot, "standing", "person", seen.numbers or {seen.person})
    numbered = {one.number: (name, one) for name, one in seen.roll.pack.questions.items()}
    for row in rows:
        name, question = numbered[row["question"]]
        known = row["class"] < len(question.classes)
        label = f"{name}/{question.classes[row['class']].effect.value if known else 'undetermined'}"
        if counts.get(label, 0) > 0:
            counts[label] -= 1
    return counts


def finish() -> int:
    """Remove what nobody names any more: old objects and snapshots, letters, files of refused deliveries; how many.

    Done after every erasure, and again by whoever starts one that was stopped here.
    """
    persons = list(Erasure.objects.values_list("person", flat=True))
    newest = policies.newest_snapshot()
    removed = 0 if newest is None else len(roll.store().sweep([newest.digest]))
    letters = set(Notice.objects.values_list("letter_sha256", flat=True))
    for path in (home.current().path / "letters").glob("*.pdf"):
        if path.stem not in letters:
            path.unlink()
            removed += 1
    removed += _question_files(persons)  # while the index still says about whom they were
    touched.erase(persons)
    worklist.erase(persons)
    asking.erase(persons)
    answers.erase(persons)
    campaign.erase(persons)
    removed += _refused_files()
    return removed


def compact() -> None:
    """Write the tables anew, so that what was removed is not left in their files. Outside of any transaction."""
    names = {statement.split()[2 if statement.startswith("DELETE") else 1] for statement in STATEMENTS}
    with connection.cursor() as cursor:
        for name in sorted(names | {"register_personkey"}):
            cursor.execute(f"VACUUM FULL {name}")


def _question_files(persons: list[int]) -> int:
    """Questions about them went to their agency long ago, with its own keys: the files that said so go."""
    removed = 0
    for batch in QuestionBatch.objects.order_by("id"):
        if asking.index(batch)["person"].is_in(persons).any():
            for path in (asking.out() / batch.source).glob(f"*-{batch.sha256[:16]}.*"):
                path.unlink()
                removed += 1
    return removed


def _refused_files() -> int:
    """Files of deliveries that were refused lie in quarantine for nobody: they go, whoever is in them."""
    removed = 0
    for row in Delivery.objects.filter(outcome=Outcome.REFUSED):
        for path in (home.current().path / "quarantine").glob(f"{row.sha256}*"):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
            removed += 1
    return removed


def _undecided() -> bool:
    """Whether a delivery lies in quarantine that two people have not rejected and no night has taken in.

    A delivery is a file with its manifest: the same file may lie there with another manifest, by which it was refused.
    """
    waits = Q(outcome=Outcome.QUARANTINED, deliveryrejection__isnull=True)
    decided = {inbox.folder_of(row).name for row in Delivery.objects.exclude(waits)}
    names = [name for row in Delivery.objects.filter(waits) for name in _names_of(row.sha256)]
    return any(name.split(".")[0] not in decided for name in names)


def _names_of(digest: str) -> list[str]:
    return [name for name in _names(home.current().path / "quarantine") if name.startswith(digest)]


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def _open(code: str, what: str, remedy: str) -> MusterRollError:
    return MusterRollError(code, f"Nobody is erased now: {what}.", remedy=f"{remedy} Nothing was changed.")
