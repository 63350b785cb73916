"""What becomes of a delivery at the door: the message, the reply, the file kept, and a roll that did not move."""

import hashlib
import json
from dataclasses import replace

import pytest
from tests.registerhome import NIGHT_AT, PROGRAM, TODAY

from musterroll.errors import MusterRollError
from musterroll.extract.manifest import Manifest

HEADING = (
    "entry,first_name,middle_initial,last_name,date_of_birth,sex,"
    "street_number,street_name,unit_number,city,state,zipcode,race_ethnicity"
)
LINES = [
    f"B{n:07d},Zoë{n},M,Hill,{n % 12 + 1:02}{n % 28 + 1:02}2018,{'Female' if n % 2 else 'Male'},"
    f"{n},high street,,Anytown,WA,00000,White"
    for n in range(1, 31)
]
GOOD = "\n".join([HEADING, *LINES]) + "\n"


def manifest(file: bytes, rows=30, **changes) -> Manifest:
    plain = Manifest(
        source="benefit",
        sender="Child Benefit Office",
        as_of=TODAY,
        rows=rows,
        sha256=hashlib.sha256(file).hexdigest(),
        sent=NIGHT_AT - 3600,
        demonstration=True,
    )
    return replace(plain, **changes)


class Door:
    """A home at whose door deliveries arrive."""

    def __init__(self, stage, folder):
        self.home, self.folder = stage.home, folder

    def receive(self, file, said=None):
        from musterroll.register import intake

        data = file if isinstance(file, bytes) else file.encode("utf-8")
        self.folder.mkdir(exist_ok=True)
        (self.folder / "benefit.csv").write_bytes(data)
        (self.folder / "benefit.manifest.json").write_bytes((said or manifest(data)).encode())
        return intake.receive(self.folder / "benefit.csv", by=PROGRAM, at=NIGHT_AT)

    def deliveries(self):
        from musterroll.register.models import Delivery

        return [(row.source, row.outcome, row.rows, list(row.reasons)) for row in Delivery.objects.order_by("number")]

    def roll(self):
        from musterroll.register.models import Snapshot

        return list(Snapshot.objects.order_by("id").values_list("digest", flat=True))

    def kept(self, folder):
        return sorted(path.read_bytes() for path in (self.home.path / folder).glob("*.csv"))

    def staged(self, folder):
        """How many rows lie staged in each delivery's folder."""
        from musterroll.engine.delivery import open_staged

        places = sorted(path for path in (self.home.path / folder).iterdir() if path.is_dir())
        return [open_staged(place).kept for place in places]

    def replies(self):
        return [json.loads(path.read_bytes()) for path in sorted((self.home.path / "replies").glob("benefit-*.json"))]


@pytest.fixture
def door(rolled, tmp_path):
    return Door(rolled, tmp_path / "sent")


def test_a_good_delivery_waits_for_the_night_and_the_agency_is_answered(door):
    taken = door.receive(GOOD)
    assert (taken.outcome.value, taken.rows, taken.refused, taken.findings) == ("received", 30, 0, ())
    assert taken.cut == ("state", "race_ethnicity")
    assert door.staged("inbox") == [30]
    assert door.deliveries() == [("benefit", "received", 30, [])]
    (told,) = door.replies()
    assert told["outcome"] == "received"
    assert told["cut_columns"] == ["state", "race_ethnicity"]


def shorter(text):
    return "\n".join(text.split("\n")[:11]) + "\n"


BAD = {
    "a file that ends early": (
        shorter(GOOD),
        manifest(GOOD.encode()),
        "delivery.truncated",
        "The file ends early: it has 10 rows, and its manifest says 30.",
    ),
    "another encoding": (
        GOOD.encode("iso-8859-1"),
        None,
        "delivery.encoding",
        "The file is not written in utf-8: byte 144 cannot be read.",
    ),
    "a column too few": (
        GOOD.replace(",date_of_birth", ",birthday"),
        None,
        "delivery.column-missing",
        "The heading lacks: date_of_birth.",
    ),
    "a column too many": (
        "\n".join(line + ",x" for line in GOOD.splitlines()) + "\n",
        None,
        "delivery.column-extra",
        "The file has what nobody declared: x.",
    ),
    "a row too many for its manifest": (
        GOOD + LINES[0].replace("B0000001", "B0000099") + "\n",
        manifest(GOOD.encode()),
        "delivery.rows",
        "The file has 31 rows, and its manifest says 30.",
    ),
    "another file than the manifest names": (
        GOOD.replace("Hill", "Hull"),
        manifest(GOOD.encode()),
        "delivery.digest",
        "The file is not the one that the manifest names: its digest is ",
    ),
    "an empty file": ("", manifest(b"", rows=0), "delivery.empty", "The file is empty."),
    "a register without rows": (
        HEADING + "\n",
        manifest((HEADING + "\n").encode(), rows=0),
        "delivery.empty",
        "The file has a heading and no rows.",
    ),
}


@pytest.mark.parametrize(("file", "said", "code", "what"), BAD.values(), ids=list(BAD))
def test_a_bad_delivery_is_refused_answered_and_kept_and_nobody_moves(door, file, said, code, what):
    before = door.roll()
    with pytest.raises(MusterRollError) as refusal:
        door.receive(file, said)
    assert (refusal.value.code, refusal.value.exit_code) == (code, 1)
    assert refusal.value.what.startswith(what)
    assert refusal.value.where.startswith("delivery of benefit")
    assert refusal.value.remedy
    data = file if isinstance(file, bytes) else file.encode("utf-8")
    assert door.kept("quarantine") == [data]
    assert door.staged("inbox") == []
    assert door.deliveries() == [("benefit", "refused", (said or manifest(data)).rows, [code])]
    (told,) = door.replies()
    assert told["outcome"] == "refused"
    assert told["because"]["code"] == code
    assert door.roll() == before


def test_the_same_delivery_twice_changes_nothing_and_says_so(door):
    first = door.receive(GOOD)
    second = door.receive(GOOD)
    assert (second.number, second.again, first.again) == (first.number, True, False)
    assert len(door.deliveries()) == 1


def test_a_refused_delivery_sent_again_as_it_was_is_refused_again(door):
    said = manifest(GOOD.encode(), rows=31)
    with pytest.raises(MusterRollError):
        door.receive(GOOD, said)
    with pytest.raises(MusterRollError) as refusal:
        door.receive(GOOD, said)
    assert str(refusal.value) == (
        "This very file and manifest came before and were refused, as delivery 1. Where: delivery of benefit. "
        "What to do: Its reply says why. Send the corrected file, or the right manifest. [delivery.twice]"
    )
    assert len(door.deliveries()) == 1


def test_a_manifest_put_right_lets_the_refused_file_in(door):
    with pytest.raises(MusterRollError):
        door.receive(GOOD, manifest(GOOD.encode(), rows=31))
    assert door.receive(GOOD).outcome.value == "received"


def test_an_unchanged_register_of_the_next_day_is_fresh_again(door):
    first = door.receive(GOOD, manifest(GOOD.encode(), as_of=TODAY - 1))
    second = door.receive(GOOD)
    assert second.number == first.number + 1
    assert second.outcome.value == "received"


def test_an_older_copy_than_the_last_waits_in_quarantine(door):
    door.receive(GOOD)
    taken = door.receive(GOOD, manifest(GOOD.encode(), as_of=TODAY - 30))
    assert taken.outcome.value == "quarantined"
    assert taken.findings == (
        "The register was copied on 2020-12-01, before the last one that was taken in (2020-12-31).",
    )


def test_thirtieth_of_february_1893_and_two_digit_years_are_unknown_noted_and_told_by_row(door):
    born = ["02302018", "05061893", "050618", "05062018"]
    lines = [line.replace(line.split(",")[4], day) for line, day in zip(LINES, born, strict=False)]
    text = "\n".join([HEADING, *lines, *LINES[4:]]) + "\n"
    taken = door.receive(text)
    assert (taken.outcome.value, taken.rows, taken.refused) == ("received", 30, 0)
    (told,) = door.replies()
    assert [(each["reason"], each["rows"]) for each in told["unread_cells"]] == [
        ("date.not-in-calendar", [1]),
        ("date.too-early", [2]),
        ("date.two-digit-year", [3]),
    ]
    assert "1893" not in json.dumps(told["unread_cells"])


def test_a_row_without_its_number_is_set_aside_and_counted(door):
    taken = door.receive("\n".join([HEADING, LINES[0].replace("B0000001", ""), *LINES[1:]]) + "\n")
    assert (taken.rows, taken.refused) == (29, 1)
    (told,) = door.replies()
    assert told["set_aside"] == [
        {
            "column": "entry",
            "reason": "required",
            "means": "a cell that must be filled is empty",
            "count": 1,
            "rows": [1],
        }
    ]


def test_a_jump_in_the_number_of_rows_waits_in_quarantine_for_two_people(door):
    door.receive(GOOD, manifest(GOOD.encode(), as_of=TODAY - 1))
    before = door.roll()
    twice = GOOD + "\n".join(line.replace("B0000", "B9000") for line in LINES) + "\n"
    taken = door.receive(twice, manifest(twice.encode(), rows=60))
    assert taken.outcome.value == "quarantined"
    assert taken.findings[0] == "The number of rows is 60; expected is 21 to 39."
    assert door.kept("quarantine") == [twice.encode()]
    assert door.deliveries()[-1] == ("benefit", "quarantined", 60, ["birth-year", "rows-moved"])
    assert door.roll() == before


def test_a_register_of_children_that_lists_grown_people_waits_in_quarantine(door):
    text = GOOD.replace("2018,", "1990,")
    taken = door.receive(text)
    assert taken.outcome.value == "quarantined"
    assert taken.findings == ("The share of people aged 0-17 is 0.00 %; expected is 90.00 % to 100.00 %.",)


def test_people_who_changed_sex_or_birth_year_overnight_wait_in_quarantine(door):
    door.receive(GOOD, manifest(GOOD.encode(), as_of=TODAY - 1))
    girls = door.receive(GOOD.replace(",Male,", ",Female,"))
    assert girls.outcome.value == "quarantined"
    assert girls.findings == (
        "Since the last delivery, the share of `Female` in `sex` is 100.00 %; expected is 35.00 % to 65.00 %.",
        "Since the last delivery, the share of `Male` in `sex` is 0.00 %; expected is 35.00 % to 65.00 %.",
    )
    older = door.receive(GOOD.replace("2018,", "2008,"))
    assert older.outcome.value == "quarantined"
    assert "in the decades of birth" in " ".join(older.findings)


def test_a_source_that_nobody_declared_is_refused(door):
    with pytest.raises(MusterRollError) as refusal:
        door.receive(GOOD, manifest(GOOD.encode(), source="police"))
    assert str(refusal.value) == (
        "Nobody declared a source of this name, so nothing of it may be read. Where: manifest, source police. What to "
        "do: Declare it in the pack with its legal basis, or send one of: benefit, civil, dwelling, pay, tax. "
        "[delivery.undeclared]"
    )


def test_a_file_without_its_manifest_cannot_be_looked_at(door, tmp_path):
    from musterroll.register import intake

    with pytest.raises(MusterRollError) as refusal:
        intake.receive(tmp_path / "benefit.csv", by=PROGRAM, at=NIGHT_AT)
    assert (refusal.value.code, refusal.value.exit_code) == ("delivery.file-missing", 2)
    assert refusal.value.where == "benefit.manifest.json"
