"""A delivery over HTTPS: whose manifest is signed may send what it says, in pieces, and is told what became of it."""

import hashlib
import json
import threading
from dataclasses import replace
from io import BytesIO

import pytest
from tests.register.test_chains_and_signatures import PUBLIC, SECRET, with_keys
from tests.register.test_deliveries_at_the_door import GOOD, LINES, Door, manifest
from tests.registerhome import PROGRAM

from musterroll.errors import MusterRollError
from musterroll.extract import manifest as manifests
from musterroll.extract.schema import SigningKey

FILE = GOOD.encode()
HALF = len(FILE) // 2


def signed(data=FILE, **more):
    return manifests.sign(replace(manifest(data), **{"size": len(data), **more}), SECRET, "2026-a").encode()


class Agency:
    """An agency's program in front of the register's door: requests, and what is answered."""

    def __init__(self, home):
        from django.test import RequestFactory

        self.home, self.requests = home, RequestFactory()

    def begin(self, data=None, **headers):
        from musterroll.portal.agency import deliveries

        data = signed() if data is None else data
        return self.read(deliveries.begin(self.requests.generic("POST", "/deliveries/", data, headers=headers)))

    def ask(self, method, begun, data=b"", receipt=None, **headers):
        from musterroll.portal.agency import deliveries

        shown = begun["receipt"] if receipt is None else receipt
        headers = {"Authorization": f"Bearer {shown}", **{name.replace("_", "-"): v for name, v in headers.items()}}
        asked = self.requests.generic(method, f"/deliveries/{begun['upload']}/", data, headers=headers)
        return self.read(deliveries.one(asked, begun["upload"]))

    def put(self, begun, data, offset, **more):
        return self.ask("PUT", begun, data, Upload_Offset=str(offset), **more)

    def reply(self, begun, ending="json", receipt=None):
        from musterroll.portal.agency import deliveries

        shown = begun["receipt"] if receipt is None else receipt
        asked = self.requests.get("/", headers={"Authorization": f"Bearer {shown}"})
        return deliveries.reply(asked, begun["upload"], ending)

    def send(self, file=FILE, data=None):
        status, begun = self.begin(signed(file) if data is None else data)
        assert status == 201
        assert self.put(begun, file, 0)[0] == 202
        return begun

    def left(self):
        return sorted(path.name for path in (self.home.path / "uploads").glob("*/*"))

    @staticmethod
    def read(answer):
        return answer.status_code, json.loads(answer.content)


@pytest.fixture
def agency(rolled, monkeypatch):
    from musterroll.portal.agency import deliveries

    with_keys(monkeypatch, SigningKey("2026-a", PUBLIC))
    monkeypatch.setattr(deliveries, "_begun", {})
    return Agency(rolled.home)


@pytest.fixture
def door(rolled, tmp_path):
    return Door(rolled, tmp_path / "sent")


def take_in(at):
    from musterroll.register import intake, uploads

    told = []
    for one in uploads.arrived():
        try:
            told.append(intake.receive(one.file, by=PROGRAM, at=at).outcome.value)
            uploads.answered(one)
        except MusterRollError as problem:
            told.append(problem.code)
            uploads.answered(one, problem)
    return told


def now():
    from tests.registerhome import NIGHT_AT

    return NIGHT_AT


def refusal(answer):
    status, told = answer
    assert {"code", "what", "where", "remedy"} <= set(told), told
    assert all(told[part] for part in ("code", "what", "where", "remedy")), told
    return status, told["code"]


def test_a_delivery_is_begun_sent_in_pieces_received_and_answered(agency, door):
    status, begun = agency.begin()
    assert status == 201
    assert (begun["state"], begun["offset"], begun["size"]) == ("sending", 0, len(FILE))
    assert begun["upload"] == hashlib.sha256(signed()).hexdigest()
    assert agency.put(begun, FILE[:HALF], 0) == (
        200,
        {"upload": begun["upload"], "state": "sending", "offset": HALF, "size": len(FILE)},
    )
    status, told = agency.put(begun, FILE[HALF:], HALF)
    assert (status, told["state"], told["receipt"]) == (202, "arrived", begun["receipt"])
    assert agency.read(agency.reply(begun)) == (
        404,
        {
            "code": "upload.unanswered",
            "what": "The delivery has not been answered yet.",
            "where": "upload",
            "remedy": "Ask again later.",
        },
    )
    assert take_in(now()) == ["received"]
    assert door.staged("inbox") == [30]
    assert agency.left() == []
    assert agency.ask("GET", begun) == (200, {"upload": begun["upload"], "state": "answered"})
    (written,) = door.replies()
    assert json.loads(agency.reply(begun).content) == written
    assert b"Rows delivered 30, kept 30, set aside 0." in agency.reply(begun, "txt").content


def test_it_lies_in_the_inbox_byte_for_byte_as_the_same_file_from_a_folder(agency, door):
    door.receive(GOOD, manifests.decode(signed()))
    before = {p.name: p.read_bytes() for p in (agency.home.path / "inbox").glob("*/*")}
    agency_again = agency.begin()
    assert agency_again[1]["state"] == "answered"  # known by its manifest, whichever way it came
    assert {p.name: p.read_bytes() for p in (agency.home.path / "inbox").glob("*/*")} == before


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"key": "", "signature": ""}, 403, "manifest.unsigned"),
        ({"rows": 31}, 403, "manifest.signature"),
        ({"key": "stranger"}, 403, "manifest.key-unknown"),
    ],
)
def test_nobody_sends_without_the_agencys_signature(agency, change, status, code):
    told = replace(manifests.decode(signed()), **change)
    assert refusal(agency.begin(told.encode())) == (status, code)
    assert agency.left() == []


def test_a_source_without_keys_sends_nothing_over_https_even_in_a_demonstration(agency, monkeypatch):
    with_keys(monkeypatch)
    assert refusal(agency.begin(manifest(FILE, size=len(FILE)).encode())) == (403, "source.no-keys")


def test_a_manifest_that_is_none_or_is_huge_is_refused_before_anything_else(agency):
    assert refusal(agency.begin(b"{")) == (400, "json.malformed")
    assert refusal(agency.begin(b"[" * 60_000)) == (400, "json.malformed")
    assert refusal(agency.begin(b" " * ((64 << 10) + 1))) == (413, "upload.manifest-too-long")
    assert refusal(agency.begin(signed(size=0))) == (400, "upload.size")


def test_a_body_whose_length_is_not_told_is_not_read(agency):
    from musterroll.portal.agency import deliveries

    asked = agency.requests.generic("POST", "/deliveries/", signed())
    asked.META["CONTENT_LENGTH"] = ""
    asked.headers = type(asked.headers)(asked.META)
    assert refusal(agency.read(deliveries.begin(asked))) == (411, "upload.length")
    assert refusal(agency.read(chunked(agency))) == (411, "upload.length")


def chunked(agency):
    from musterroll.portal.agency import deliveries

    return deliveries.begin(
        agency.requests.generic("POST", "/deliveries/", signed(), headers={"Transfer-Encoding": "chunked"})
    )


def test_more_than_the_manifest_says_is_refused_before_it_is_read(agency):
    _, begun = agency.begin()
    assert refusal(agency.put(begun, FILE + b"x", 0)) == (413, "upload.too-long")
    assert refusal(agency.put(begun, b"x", 10**15)) == (413, "upload.too-long")
    assert refusal(agency.put(begun, b"x" * ((8 << 20) + 1), 0)) == (413, "upload.piece")
    assert agency.ask("GET", begun)[1]["offset"] == 0


def test_a_stream_that_says_less_than_it_sends_is_cut_at_what_the_manifest_says(agency):
    from musterroll.register import uploads

    _, begun = agency.begin()
    with pytest.raises(MusterRollError) as refused:
        uploads.put(begun["upload"], 0, iter([FILE, b"x"]))
    assert refused.value.code == "upload.too-long"


def test_a_piece_goes_where_the_last_one_ended_and_nowhere_else(agency):
    _, begun = agency.begin()
    agency.put(begun, FILE[:HALF], 0)
    for offset in (0, HALF - 1, HALF + 1):
        status, told = agency.put(begun, FILE[HALF : HALF + 5], offset)
        assert (status, told["code"], told["offset"]) == (409, "upload.offset", HALF)
    for wrong in ("", "-1", "1e3", "٣"):
        asked = agency.ask("PUT", begun, b"x", Upload_Offset=wrong)
        assert refusal(asked) == (400, "upload.no-offset")


def test_a_cut_line_costs_nothing_what_came_is_kept(agency):
    _, begun = agency.begin()
    from musterroll.portal.agency import reading
    from musterroll.register import uploads

    with pytest.raises(MusterRollError) as cut:
        uploads.put(begun["upload"], 0, reading.pieces(BytesIO(FILE[:HALF]), len(FILE)))
    assert cut.value.code == "upload.cut"
    assert agency.begin() == (200, {**begun, "offset": HALF})
    assert agency.put(begun, FILE[HALF:], HALF)[0] == 202
    assert take_in(now()) == ["received"]


class Stalled:
    """A line on which something came, and then nothing."""

    def __init__(self, data):
        self.data, self.hung_up = BytesIO(data), threading.Event()

    def read(self, size):
        return self.data.read(size) or (self.hung_up.wait(10), b"")[1]


def test_a_line_on_which_nothing_comes_is_hung_up_and_keeps_what_came(agency):
    from musterroll.portal.agency import reading
    from musterroll.register import uploads

    _, begun = agency.begin()
    line, gone = Stalled(FILE[:HALF]), threading.Event()
    with pytest.raises(MusterRollError) as slow:
        uploads.put(begun["upload"], 0, reading.pieces(line, len(FILE), silence=0.2, ended=gone.set))
    assert not gone.is_set()  # it counts among those that are read until the line is gone
    line.hung_up.set()
    assert gone.wait(10)
    assert slow.value.code == "upload.slow"
    assert agency.ask("GET", begun)[1]["offset"] == HALF


def test_another_file_than_the_manifest_names_leaves_nothing_and_may_be_sent_anew(agency):
    _, begun = agency.begin()
    assert refusal(agency.put(begun, b"x" * len(FILE), 0)) == (422, "upload.digest")
    assert agency.ask("GET", begun)[1]["offset"] == 0
    assert agency.put(begun, FILE, 0)[0] == 202


def test_of_two_at_once_one_sends_and_the_other_is_told_to_wait(agency):
    from musterroll.register import uploads

    _, begun = agency.begin()

    def pieces():
        yield FILE[:HALF]
        assert refusal(agency.put(begun, FILE[:5], 0)) == (409, "upload.busy")
        yield FILE[HALF:]

    assert uploads.put(begun["upload"], 0, pieces()).state.value == "arrived"


def test_replayed_whole_or_in_part_a_delivery_changes_nothing(agency, door):
    begun = agency.send()
    assert agency.begin()[1]["state"] == "arrived"
    assert agency.put(begun, FILE, 0)[0] == 202
    take_in(now())
    before = door.deliveries()
    assert agency.begin()[1]["state"] == "answered"
    assert agency.put(begun, FILE, 0)[0] == 202
    assert (take_in(now()), door.deliveries(), agency.left()) == ([], before, [])


def test_no_name_of_the_senders_becomes_a_files_name(agency):
    _, begun = agency.begin(signed(file="..csv"))
    agency.put(begun, FILE, 0)
    assert agency.left() == ["delivery.csv", "delivery.manifest.json", "lock", "said.json"]
    for name in ("../../keys/seal-1", "a/b.csv", "a\\b"):
        told = manifests.decode(signed()).encode().replace(b'"v":2', f'"file":{json.dumps(name)},"v":2'.encode())
        assert refusal(agency.begin(told)) == (400, "manifest.malformed")


def test_a_receipt_opens_its_own_delivery_and_says_nothing_of_any_other(agency):
    begun = agency.send()
    _, other = agency.begin(signed(("\n".join(LINES)).encode()))
    unknown = {**begun, "upload": "0" * 64}
    answers = [
        agency.ask("GET", begun, receipt=""),
        agency.ask("GET", begun, receipt=other["receipt"]),
        agency.ask("GET", begun, receipt="é" * 64),
        agency.ask("PUT", begun, b"x", receipt=other["receipt"], Upload_Offset="0"),
        agency.ask("GET", unknown),
        agency.ask("GET", {**begun, "upload": "keys"}),
        agency.read(agency.reply(begun, receipt=other["receipt"])),
    ]
    assert {refusal(one) for one in answers} == {(404, "upload.unknown")}
    take_in(now())
    assert refusal(agency.read(agency.reply(begun, receipt=other["receipt"]))) == (404, "upload.unknown")


def test_a_refused_delivery_is_answered_with_its_reason(agency, door):
    short = "\n".join(GOOD.split("\n")[:11]).encode()
    begun = agency.send(short, signed(short))
    assert take_in(now()) == ["delivery.rows"]
    told = json.loads(agency.reply(begun).content)
    assert told["outcome"] == "refused"
    assert agency.left() == []


def test_a_delivery_whose_declaration_went_meanwhile_is_answered_all_the_same(agency, monkeypatch):
    from musterroll.register import intake

    begun = agency.send()
    monkeypatch.undo()
    monkeypatch.setattr(intake, "declared", lambda _name: (_ for _ in ()).throw(gone()))
    assert take_in(now()) == ["delivery.undeclared"]
    assert json.loads(agency.reply(begun).content)["outcome"] == "refused"


def gone():
    return MusterRollError("delivery.undeclared", "Nobody declared it.", where="manifest", remedy="Declare it.")


def test_of_many_begun_uploads_of_a_source_the_first_is_forgotten(agency):
    begun = [agency.begin(signed(rows=30 + n))[1] for n in range(5)]
    states = [agency.ask("GET", one)[0] for one in begun]
    assert states == [404, 200, 200, 200, 200]


def test_a_source_that_begins_without_end_is_told_to_wait(agency, monkeypatch):
    from musterroll.portal.agency import deliveries

    monkeypatch.setattr(deliveries, "BEGUN_A_MINUTE", 3)
    assert [agency.begin()[0] for _ in range(4)] == [201, 201, 201, 429]


def test_where_as_many_as_may_are_reading_others_are_told_to_come_back(agency, monkeypatch):
    from musterroll.portal.agency import deliveries

    monkeypatch.setattr(deliveries, "_slots", threading.BoundedSemaphore(1))
    _, begun = agency.begin()
    assert deliveries._slots.acquire()
    assert refusal(agency.put(begun, FILE, 0)) == (503, "upload.many")
    assert agency.ask("GET", begun)[0] == 200
    deliveries._slots.release()
    assert agency.put(begun, FILE[:HALF], 0)[0] == 200
    assert agency.put(begun, FILE[HALF:], HALF)[0] == 202  # each one's place is free again when it was read


def test_a_full_disk_is_said_before_anything_is_sent(agency, monkeypatch):
    from musterroll.register import uploads

    monkeypatch.setattr(uploads, "SPARE", 1 << 60)
    assert refusal(agency.begin()) == (507, "upload.space")
