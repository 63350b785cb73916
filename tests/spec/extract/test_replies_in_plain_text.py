"""Chapter: the letter that an agency gets about each file it sent, whole, as an office reads it."""

from dataclasses import replace

import pytest
from tests.spec.extract.test_bad_deliveries import GOOD, SOURCE, TODAY, manifest
from tests.spec.extract.test_counts_a_manifest_tells import people, received

from musterroll.canonical import decode
from musterroll.errors import MusterRollError
from musterroll.extract.check import receive
from musterroll.extract.reply import letter, outcome_of, reply

HEAD = "Your delivery for source civil, register as of 2020-12-31\nFile (SHA-256): {}\n\n"
BASE = "ab" * 32


def read(text=GOOD, rows=2, source=SOURCE, **told):
    about = manifest(text, rows, **told)
    return about, receive(source, about, text.encode(), previous=None, today=TODAY)


def written(about, outcome):
    """The letter below its head."""
    return letter(reply(about, outcome)).removeprefix(HEAD.format(about.sha256))


def test_what_was_received_is_counted_and_what_was_cut_is_named():
    assert letter(reply(*read())) == (
        HEAD.format(manifest().sha256)
        + """RECEIVED. It is taken in tonight.

Rows delivered 2, kept 2, set aside 0.

Not needed, and dropped: faith. Please leave them out.
"""
    )


def test_rows_set_aside_and_cells_that_were_not_read_are_found_by_their_numbers():
    text = "number,name,born\n100-01,=Zoë,2001-05-06\n,Ben,2002-07-08\n100-03,Cy\n10003,Di,1.2.2003\n"
    about, outcome = read(text, 4, replace(SOURCE, limits=replace(SOURCE.limits, refused=50), cut=()))
    assert (
        written(about, outcome)
        == """RECEIVED. It is taken in tonight.

Rows delivered 4, kept 2, set aside 2.

Rows set aside (send them again, put right, in a file whose manifest says `corrects`):
  - the row has more or fewer cells than the heading (cells), 1 times: row 3
  - `number`: a cell that must be filled is empty (required), 1 times: row 2

Cells that were not read as declared (their rows are kept):
  - `born`: a date is not written as declared (date.format), 1 times: row 4
  - `name`: a text looks like a spreadsheet's formula; it is kept as text (text.formula), 1 times: row 1
  - `number`: a personal number is not written as declared (number.format), 1 times: row 4
"""
    )


def test_of_many_rows_the_first_twenty_are_listed_and_all_are_counted():
    delivery = received([*people(), *["E999;M"] * 21])
    listed = ", ".join(str(row) for row in range(401, 421))
    assert (
        f"  - the row has more or fewer cells than the heading (cells), 21 times: row {listed} and 1 more\n"
    ) in letter(reply(delivery.manifest, delivery))


def test_changes_that_came_before_what_they_go_on_from_wait_for_it():
    about, outcome = read()
    waiting = replace(about, full=False, base=BASE)
    assert (
        written(waiting, replace(outcome_of(outcome), waits=True, cut=()))
        == f"""\
RECEIVED. It is taken in as soon as the delivery has come that it goes on from:
{BASE}

Rows delivered 2, kept 2, set aside 0.
"""
    )


def quarantined():
    """A register that is larger than it can be."""
    return read(source=replace(SOURCE, limits=replace(SOURCE.limits, rows=(1, 1))))


def test_what_looks_wrong_is_not_taken_in_and_the_agency_learns_what_was_measured():
    assert (
        written(*quarantined())
        == """\
NOT TAKEN IN YET. It looks as if something went wrong; what you sent before stays in force, and nobody's
standing changes. What was found:

  - The number of rows is 2; expected is 1 to 1.

What to do: look whether the copy of your register is whole and its columns are in place. If something is
wrong, send it again. If all this is right, say so to the office: two people there can let it through.

Rows delivered 2, kept 2, set aside 0.

Not needed, and dropped: faith. Please leave them out.
"""
    )


@pytest.mark.parametrize(
    ("told", "send"),
    [
        ({}, "Send the whole register again, put right, with a manifest of its own."),
        (
            {"full": False, "base": BASE},
            "Send the changes again, put right, with the same delivery to go on from; or the whole register.",
        ),
    ],
)
def test_what_two_people_rejected_is_out_for_ever_and_the_agency_learns_what_to_send(told, send):
    about, outcome = quarantined()
    about, outcome = replace(about, **told), replace(outcome_of(outcome), rejected=True, cut=())
    assert decode(reply(about, outcome))["outcome"] == "rejected"
    assert (
        written(about, outcome)
        == f"""\
REJECTED. Two people of two offices looked at it and said no. Nothing of it was used or will be used;
what you sent before stays in force, and nobody's standing changes. What had been found:

  - The number of rows is 2; expected is 1 to 1.

What to do: {send} Changes that go on from this
very file are not taken in.

Rows delivered 2, kept 2, set aside 0.
"""
    )


def test_a_file_that_was_refused_is_told_why_where_and_what_to_do():
    about = manifest(rows=3)
    with pytest.raises(MusterRollError) as refusal:
        receive(SOURCE, about, GOOD.encode(), previous=None, today=TODAY)
    assert (
        written(about, refusal.value)
        == """\
REFUSED. Nothing of it was used; what you sent before stays in force.

The file has 2 rows, and its manifest says 3.
Where: delivery of civil
What to do: Ask the agency which of the two is right, and to send file and manifest together again.
Code: delivery.rows
"""
    )


def test_a_refusal_without_a_place_or_a_remedy_has_no_empty_lines_for_them():
    assert (
        written(manifest(), MusterRollError("delivery.strange", "It is strange.", where="", remedy=""))
        == """\
REFUSED. Nothing of it was used; what you sent before stays in force.

It is strange.
Code: delivery.strange
"""
    )


def test_a_letter_about_invented_people_says_so_first():
    text = letter(reply(*read(demonstration=True)))
    assert text.startswith("DEMONSTRATION: none of this is real.\n\nYour delivery for source civil, ")


def test_no_cell_of_a_file_is_in_the_letter_about_it():
    text = "number,name,born,faith\n100-01,Zo\x07ra,1899-12-31,Quaker\n100-02,Ben,2002-07-08,y\n"
    told = letter(reply(*read(text)))
    assert "`born`: a date is before the first that can be right (date.too-early), 1 times: row 1" in told
    assert not [cell for cell in ("100-01", "Zo", "1899", "Quaker", "Ben") if cell in told]
