"""Chapter: what an agency may not send. Each delivery is refused whole, with the message that the agency gets.

A delivery that is refused changes nothing: the last one stays in force.
"""

import hashlib
from dataclasses import replace

import pytest

from musterroll.canonical import decode
from musterroll.dates import parse_day, parse_instant
from musterroll.errors import MusterRollError
from musterroll.extract.check import receive
from musterroll.extract.declaration import load_source
from musterroll.extract.manifest import Manifest
from musterroll.extract.reply import reply

SOURCE = load_source(
    """
source: civil
kind: civil register
agency: Civil Register Office
legal_basis: art. 20 (1)
purpose: administration
format: csv
encoding: utf-8
founds: persons
rows_per_record: one
records_per_person: one
freshness_days: 30
silence: everybody
schema:
  primaryKey: number
  fields:
    - {name: number, type: string, mask: 999-99, role: number, constraints: {required: yes}}
    - {name: name, type: string, role: given}
    - {name: born, type: date, format: YYYY-MM-DD, role: born, constraints: {minimum: 1905-01-01}}
cut: [faith]
facts:
  - {attribute: born, column: born}
limits: {rows: [1, 10], one_day: 100}
"""
)
GOOD = "number,name,born,faith\n100-01,Zoë,2001-05-06,x\n100-02,Ben,2002-07-08,y\n"
TODAY = parse_day("2021-01-05")


def manifest(text=GOOD, rows=2, **changes):
    file = text if isinstance(text, bytes) else text.encode()
    plain = Manifest(
        source="civil",
        sender="Civil Register Office",
        as_of=parse_day("2020-12-31"),
        rows=rows,
        sha256=hashlib.sha256(file).hexdigest(),
        sent=parse_instant("2021-01-01T00:00:00Z"),
    )
    return replace(plain, **changes)


def message(file, about=None, **given):
    file = file if isinstance(file, bytes) else file.encode()
    with pytest.raises(MusterRollError) as refusal:
        receive(SOURCE, about or manifest(file), file, **{"previous": None, "today": TODAY, **given})
    return str(refusal.value)


def test_a_good_delivery_is_kept_and_the_uncited_column_is_cut():
    received = receive(SOURCE, manifest(), GOOD.encode(), previous=None, today=TODAY)
    assert [row.key for row in received.rows] == ["100-01", "100-02"]
    assert received.rows[0].values == {"number": "10001", "name": "Zoë", "born": parse_day("2001-05-06")}
    assert "faith" not in received.rows[0].texts
    assert received.cut == ("faith",)
    assert not received.quarantined


def test_a_truncated_file_is_told_by_its_rows():
    assert message(GOOD[: GOOD.index("100-02")], manifest()) == (
        "The file ends early: it has 1 rows, and its manifest says 2. Where: delivery of civil. "
        "What to do: Ask the agency to send the whole file again. [delivery.truncated]"
    )


def test_a_file_cut_inside_its_last_row_is_truncated():
    assert message(GOOD[:-9], manifest()) == (
        "The file ends early: its last row is cut off. Where: delivery of civil. "
        "What to do: Ask the agency to send the whole file again. [delivery.truncated]"
    )


def test_a_file_cut_inside_quotation_marks_is_truncated():
    assert message(GOOD + '100-03,"Car') == (
        "The file ends early: a quotation mark is still open where it ends. Where: delivery of civil. "
        "What to do: Ask the agency to send the whole file again. [delivery.truncated]"
    )


def test_a_quotation_mark_in_the_middle_of_a_cell_is_no_csv_where_lines_may_be_no_rows():
    text = 'number,name,born,faith\n100-01,"Zo"ë,2001-05-06,x\n100-02,Ben,2002-07-08,y\n'
    assert message(text, manifest(text, rows=1)) == (
        "The file is not written as comma-separated values are (RFC 4180): a quotation mark is out of place. "
        "Where: delivery of civil, line 2. What to do: Ask the agency to write the file again. [delivery.csv]"
    )


def test_a_file_in_another_encoding_is_refused_at_the_first_byte_that_cannot_be_read():
    assert message(GOOD.encode("iso-8859-1")) == (
        "The file is not written in utf-8: byte 33 cannot be read. Where: delivery of civil, line 2. "
        "What to do: Ask the agency to write the file in utf-8, without a byte order mark. [delivery.encoding]"
    )


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig"])
def test_a_byte_order_mark_or_zero_bytes_are_another_encoding(encoding):
    assert "The file is not written in utf-8: byte " in message(GOOD.encode(encoding))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_that_nobody_declared_is_told_with_the_encoding_that_has_it(encoding):
    assert message(GOOD.encode(encoding)) == (
        "The file is not written in utf-8: byte 1 cannot be read. Where: delivery of civil, line 1. What to do: Ask "
        f"the agency to write the file in utf-8, without a byte order mark, or declare `encoding: {encoding}`. "
        "[delivery.encoding]"
    )


def test_a_missing_column_is_named():
    text = GOOD.replace(",born", ",birthday")
    assert message(text) == (
        "The heading lacks: born. Where: delivery of civil, heading. What to do: Ask the agency to send the file with "
        "every declared column, or change the declaration by a new pack. [delivery.column-missing]"
    )


def test_a_column_that_nobody_declared_is_refused_not_ignored():
    text = "\n".join(line + f",{cell}" for line, cell in zip(GOOD.split("\n")[:3], ["party", "a", "b"], strict=True))
    assert message(text + "\n") == (
        "The file has what nobody declared: party. Where: delivery of civil, heading. What to do: Ask the agency to "
        "leave it out. If an article of law needs it, declare it; if none does and it cannot be left out, list it "
        "under `cut`. [delivery.column-extra]"
    )


def test_a_column_that_stands_twice_is_refused():
    assert message(GOOD.replace("faith", "name")) == (
        "The heading names more than once: name. Where: delivery of civil, heading. "
        "What to do: Ask the agency which of the columns is meant. [delivery.column-twice]"
    )


def test_a_row_too_many_for_its_manifest_is_refused():
    assert message(GOOD + "100-03,Cy,2003-01-01,z\n", manifest()) == (
        "The file has 3 rows, and its manifest says 2. Where: delivery of civil. What to do: Ask the agency which of "
        "the two is right, and to send file and manifest together again. [delivery.rows]"
    )


def test_a_manifest_that_counts_wrongly_is_refused_even_with_the_right_digest():
    assert "The file has 2 rows, and its manifest says 5." in message(GOOD, manifest(rows=5))


def test_another_file_than_the_manifest_names_is_refused():
    changed = GOOD.replace("Ben", "Bob")
    assert message(changed, manifest()) == (
        "The file is not the one that the manifest names: its digest is "
        f"{hashlib.sha256(changed.encode()).hexdigest()}, the manifest says "
        f"{hashlib.sha256(GOOD.encode()).hexdigest()}. Where: delivery of civil. What to do: Ask the "
        "agency to send file and manifest together again, and look at the line if it happens twice. [delivery.digest]"
    )


@pytest.mark.parametrize("file", [b"", b"\n\n  \n"])
def test_an_empty_file_is_refused(file):
    assert message(file) == (
        "The file is empty. Where: delivery of civil. "
        "What to do: Ask the agency to send the register again. [delivery.empty]"
    )


def test_a_register_without_rows_is_refused():
    assert message("number,name,born,faith\n", manifest("number,name,born,faith\n", rows=0)) == (
        "The file has a heading and no rows. Where: delivery of civil. What to do: Ask the agency: a register that is "
        "empty overnight is a mistake until it says otherwise. Of a list that may have nobody on it, declare so: "
        "`limits: {rows: [0, ...]}`. [delivery.empty]"
    )


LIST = replace(SOURCE, limits=replace(SOURCE.limits, rows=(0, 100)))
NOBODY = "number,name,born,faith\n"


@pytest.mark.parametrize("file", [NOBODY, "", "\n"])
def test_of_a_list_whose_declared_least_is_no_row_nobody_on_it_is_an_answer(file):
    told = receive(LIST, manifest(file, rows=0), file.encode(), previous=None, today=TODAY)
    assert not told.rows
    assert not told.findings


def test_whoever_is_first_on_such_a_list_does_not_wait_and_very_many_do():
    before = receive(LIST, manifest(NOBODY, rows=0), NOBODY.encode(), previous=None, today=TODAY).profile
    assert not receive(LIST, manifest(), GOOD.encode(), previous=before, today=TODAY).findings
    many = NOBODY + "".join(f"100-{n:02},Ann,19{n}-05-06,x\n" for n in range(10, 40))
    found = receive(LIST, manifest(many, rows=30), many.encode(), previous=before, today=TODAY).findings
    assert [str(each.what) for each in found] == ["The number of rows is 30; expected is 0 to 20."]


def test_such_a_list_does_not_lose_its_rows_on_the_way():
    with pytest.raises(MusterRollError, match="it has 0 rows, and its manifest says 2"):
        receive(LIST, manifest(), NOBODY.encode(), previous=None, today=TODAY)


def test_a_heading_alone_for_a_manifest_with_rows_is_truncated():
    assert "it has 0 rows, and its manifest says 2" in message("number,name,born,faith\n", manifest())


def test_the_same_delivery_twice_is_refused_and_changes_nothing():
    digest = hashlib.sha256(GOOD.encode()).hexdigest()
    assert message(GOOD, taken={digest}) == (
        f"A delivery with the digest {digest} was taken in before. Where: delivery of civil. What to do: Nothing is to "
        "do: it changes nothing. If the agency meant to send another file, ask for it. [delivery.twice]"
    )


def test_a_delivery_of_tomorrow_is_refused():
    assert message(GOOD, manifest(as_of=parse_day("2021-02-01"))) == (
        "The register is said to be as of 2021-02-01; today is 2021-01-05. Where: delivery of civil. "
        "What to do: Ask the agency for the right date. [delivery.future]"
    )


def test_a_delivery_of_another_source_is_refused():
    assert message(GOOD, manifest(source="tax")) == (
        "The manifest is of source tax, and the declaration of civil. Where: delivery of civil. "
        "What to do: Give the file to the source it belongs to. [delivery.source]"
    )


def test_the_agency_is_told_why_a_delivery_was_refused():
    with pytest.raises(MusterRollError) as refusal:
        receive(SOURCE, manifest(source="tax"), b"", previous=None, today=TODAY)
    told = decode(reply(manifest(source="tax"), refusal.value))
    assert told["outcome"] == "refused"
    assert told["because"]["code"] == "delivery.source"
    assert told["because"]["remedy"] == "Give the file to the source it belongs to."


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"v": 3}, "its version is 1 or 2"),
        ({"source": ""}, "`source` is not empty"),
        ({"rows": -1}, "`rows` is not negative"),
        ({"sha256": "AB" * 32}, "`sha256` is 64 lower-case hexadecimal digits"),
        ({"base": "AB" * 32, "full": False}, "`base` is 64 lower-case hexadecimal digits"),
        ({"corrects": "ab", "full": False}, "`corrects` is 64 lower-case hexadecimal digits"),
        ({"base": "a" * 64}, "a delivery with `base`, `corrects` or `answers` is not `full`"),
        (
            {"base": "a" * 64, "corrects": "b" * 64, "full": False},
            "it continues a delivery (`base`), corrects one (`corrects`) or answers questions: one",
        ),
        ({"file": "../civil.csv"}, "`file` is a name without folders"),
        ({"file": ".."}, "`file` is a name without folders"),
        ({"format": "pdf"}, "`format` is one of csv, ndjson, parquet, xlsx"),
        ({"counts": {"faith": {"x": 1}}}, "`counts` are by district, sex, birth_year"),
        ({"key": "2026-a"}, "`key` names the signing key and `signature` is 128 lower-case hexadecimal digits"),
        (
            {"key": "2026-a", "signature": "00"},
            "`key` names the signing key and `signature` is 128 lower-case hexadecimal digits",
        ),
    ],
)
def test_a_manifest_with_a_wrong_member_is_refused(change, rule):
    with pytest.raises(MusterRollError) as refusal:
        manifest(**change)
    assert str(refusal.value) == (
        f"The manifest is not as agreed: {rule}. Where: manifest. "
        "What to do: Ask the agency to send the manifest again. [manifest.malformed]"
    )
