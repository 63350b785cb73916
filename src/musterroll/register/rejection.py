"""Two people's no to a quarantined delivery: written down first, then the agency is answered and the file removed.

1. Killed in between, the file still lies there: the command done again, or the next night, does what is left.
2. The reply is written before anything is removed: what it tells stands in what is removed.
3. Changes and corrections that waited for it are rejected with it: each agency file is answered, none waits for ever.
"""

from dataclasses import replace

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll.engine.delivery import RECEIPT, is_whole, open_staged
from musterroll.register import chain, inbox, intake
from musterroll.register.actor import Actor
from musterroll.register.acts.delivery import reject_delivery
from musterroll.register.models import Delivery


def reject(*, number: int, approval: int, by: Actor, at: int) -> None:
    """Keep a quarantined delivery out for ever, answer the agency, and remove the file.

    Raises MusterRollError `delivery.unknown`, `delivery.not-quarantined`, `delivery.released`, `approval.missing`.
    """
    reject_delivery(number=number, approval=approval, by=by, at=at)
    finish()


def finish() -> None:
    """Answer and remove what still lies in quarantine of deliveries that two people rejected."""
    for row in Delivery.objects.filter(deliveryrejection__isnull=False).order_by("number"):
        folder = inbox.folder_of(row)
        if is_whole(folder):
            staged = open_staged(folder)
            if not staged.findings:  # nothing was wrong with it but what it goes on from
                staged = replace(staged, findings=(intake.out_of_order(staged.manifest, chain.Place.REJECTED),))
            intake.answer(staged.manifest, row.sha256, staged.told(rejected=True))
            (folder / RECEIPT).unlink()  # what is half removed is nothing, and not read again
        intake.done(row)
