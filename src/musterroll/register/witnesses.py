"""Asking witnesses to cosign a checkpoint (C2SP tlog-witness, the log's side).

1. Each witness is asked with the size that it cosigned last, as far as known; when it names another (409), once more
   with that one.
2. A witness that has seen a larger log than ours stops the register: our database is an old copy, and signing on would
   fork the log (docs/flow/ledger.md, restored backups). That is asked before anything is signed.
3. A witness that is down, refuses or answers nonsense costs its cosignature, never the act. Whether the rest is enough
   is the policy's question.
"""

import http.client
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from musterroll.errors import MusterRollError
from musterroll.ledger import cosignature
from musterroll.ledger.checkpoint import DECIMAL, parse
from musterroll.ledger.note import Note, Signature, parse_signature
from musterroll.ledger.policy import Witness
from musterroll.ledger.witness import Request

MOST_ANSWER_BYTES = 65_536

type Prove = Callable[[int], tuple[bytes, ...]]
"""The consistency proof from an old size to the checkpoint's."""


@dataclass(frozen=True, slots=True)
class Collected:
    """The verified cosignatures, in the order of the witnesses, and why the others gave none."""

    signatures: tuple[Signature, ...]
    refused: tuple[MusterRollError, ...]


def collect(
    note: Note,
    witnesses: Sequence[Witness],
    prove: Prove,
    *,
    last: Mapping[str, int] | None = None,
    timeout: float = 10.0,
) -> Collected:
    """Ask each of `witnesses` (name, key, submission prefix as url) to cosign the log's signed `note`.

    `last` says which size each cosigned last, by name. Waits at most `timeout` seconds for each answer. Raises
    MusterRollError `witness.ahead` where a witness has seen a larger log.
    """
    signatures: list[Signature] = []
    refused: list[MusterRollError] = []
    for witness in witnesses:
        try:
            signatures.append(ask(note, witness, prove, last=(last or {}).get(witness.name, 0), timeout=timeout))
        except MusterRollError as problem:
            if problem.code == "witness.ahead":
                raise
            refused.append(problem)
    return Collected(tuple(signatures), tuple(refused))


def ask(note: Note, witness: Witness, prove: Prove, *, last: int, timeout: float) -> Signature:
    """The verified cosignature of one witness, which cosigned `last` entries before.

    Raises MusterRollError `witness.down`, `witness.refused`, `witness.conflict`, `witness.answer`, `witness.ahead`.
    """
    size = parse(note.text).size
    status, body = _post(witness, Request(min(last, size), prove(min(last, size)), note), timeout)
    if status == 409:
        old = _size(witness, body)
        if old > size:
            raise ahead(witness, old, size)
        status, body = _post(witness, Request(old, prove(old), note), timeout)
    if status == 422:
        raise MusterRollError(
            "witness.conflict",
            f"The witness {witness.name} has seen another log under this name: {_words(body)}",
            where=witness.url,
            remedy="Keep this checkpoint and the witness's own, publish nothing new, and find out which one is right.",
        )
    if status != 200:
        raise _refused(witness, status, body)
    return _verified(note, witness, body)


def last_size(empty: Note, witness: Witness, *, timeout: float) -> int:
    """How many entries of a log the witness has seen, asked with the signed checkpoint of that log's empty tree.

    Raises MusterRollError `witness.down`, `witness.refused`, `witness.answer`.
    """
    status, body = _post(witness, Request(0, (), empty), timeout)
    if status == 409:
        return _size(witness, body)
    if status != 200:
        raise _refused(witness, status, body)
    return 0


def ahead(witness: Witness, seen: int, size: int) -> MusterRollError:
    """A witness has seen more than the database holds."""
    return MusterRollError(
        "witness.ahead",
        f"The witness {witness.name} has seen {seen} entries of this log, the register holds {size}: this "
        "register works on an old copy of its database, or somebody else signs with its key.",
        where=witness.url,
        remedy="Sign nothing. Rebuild from the published entries (`muster ledger rebuild`), or restore a newer backup.",
    )


def _refused(witness: Witness, status: int, body: bytes) -> MusterRollError:
    return MusterRollError(
        "witness.refused",
        f"The witness {witness.name} refused the checkpoint (HTTP {status}): {_words(body)}",
        where=witness.url,
        remedy="Give the witness this log's key (`muster witness key --log`), and check its address in the policy.",
    )


def _post(witness: Witness, request: Request, timeout: float) -> tuple[int, bytes]:
    if not witness.url.startswith(("http://", "https://")):
        raise _down(witness, "its address is not http or https")
    url = f"{witness.url.rstrip('/')}/add-checkpoint"
    ours = urllib.request.Request(url, data=request.encode(), method="POST")  # noqa: S310 - the scheme is checked above
    ours.add_header("Content-Type", "text/plain; charset=utf-8")
    try:
        with urllib.request.urlopen(ours, timeout=timeout) as answer:  # noqa: S310
            return answer.status, answer.read(MOST_ANSWER_BYTES)
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.code, answer.read(MOST_ANSWER_BYTES)
    except urllib.error.URLError as problem:
        raise _down(witness, str(problem.reason)) from None
    except (OSError, http.client.HTTPException) as problem:
        raise _down(witness, type(problem).__name__) from None


def _verified(note: Note, witness: Witness, body: bytes) -> Signature:
    try:
        lines = [parse_signature(line) for line in body.decode().splitlines(keepends=True)]
    except ValueError:
        raise _nonsense(witness, "it is not a list of signature lines") from None
    for line in lines:
        if line.by(witness.key) and cosignature.times(note.plus(line), [witness.key]):
            return line
    raise _nonsense(witness, "it holds no cosignature by the key that the policy names")


def _size(witness: Witness, body: bytes) -> int:
    text = body.decode("ascii", "replace").removesuffix("\n")
    if not DECIMAL.fullmatch(text):
        raise _nonsense(witness, "a conflict without a size")
    return int(text)


def _words(body: bytes) -> str:
    return body.decode("utf-8", "replace").strip()[:200]


def _down(witness: Witness, why: str) -> MusterRollError:
    return MusterRollError(
        "witness.down",
        f"The witness {witness.name} did not answer: {why}.",
        where=witness.url or witness.name,
        remedy="Start it, or wait: the checkpoint is published as soon as the quorum has cosigned.",
        exit_code=2,
    )


def _nonsense(witness: Witness, why: str) -> MusterRollError:
    return MusterRollError(
        "witness.answer",
        f"The answer of the witness {witness.name} cannot be used: {why}.",
        where=witness.url,
        remedy="Compare the witness's key with the one in trust/policy.txt.",
    )
