"""The door by columns keeps, sets aside and refuses exactly what the plain door does, Row by Row."""

import csv
import hashlib
import io
import json
import tempfile
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musterroll.dates import parse_day
from musterroll.engine import extract_blocks, extract_stage
from musterroll.engine.delivery import SEPARATOR
from musterroll.errors import MusterRollError
from musterroll.extract import check
from musterroll.extract.declaration import load_source
from musterroll.extract.manifest import Manifest
from musterroll.extract.reply import Tally

TODAY = parse_day("2021-01-05")

FIELDS = {
    "code": "{name: code, type: string, constraints: {enum: [a, b, é, É, ß]}}",
    "born": "{name: born, type: date, format: DD.MM.YYYY, role: born, constraints: {minimum: 1905-01-01}}",
    "count": "{name: count, type: integer, constraints: {minimum: 1, maximum: 50}}",
    "halves": "{name: halves, type: integer, decimalChar: ','}",
    "number": "{name: number, type: string, mask: 999-AA, role: number}",
    "free": "{name: free number, type: string, role: number}",
    "given": "{name: given, type: string, role: given, constraints: {required: yes, maxLength: 12}}",
    "name": "{name: whole, type: string, role: name, order: family given middle}",
    "marked": '{name: marked, type: string, role: street, missingValues: ["", "NULL", "-"]}',
    "formed": "{name: formed, type: string, role: town, constraints: {pattern: '[A-Z][a-z]*'}}",
}
FACTS = {
    "code": "{attribute: c, column: code, values: {a: yes, b: no}}",
    "count": "{attribute: n, column: count}",
    "halves": "{attribute: h, column: halves}",
}
KEYS = {
    "one": "{primaryKey: entry, fields: [{name: entry, type: string, constraints: {required: yes}}, ",
    "two": "{primaryKey: [entry, part], fields: [{name: entry, type: string, constraints: {required: yes}}, "
    "{name: part, type: string, constraints: {required: yes}}, ",
    "none": "{fields: [{name: entry, type: string, role: house}, ",
}


def declaration(fields, key, form, per_record, delta):
    facts = [FACTS[name] for name in fields if name in FACTS]
    return load_source(
        f"""
source: pay
kind: armed forces
agency: Pay Office
legal_basis: art. 1
purpose: administration
format: {form}
encoding: utf-8
founds: nothing
rows_per_record: {per_record}
records_per_person: many
freshness_days: 30
silence: those concerned
{"identity: [entry]" if key == "none" else ""}
{"delta: {column: change, put: [N], drop: [D]}" if delta else ""}
schema: {KEYS[key]}{", ".join(FIELDS[name] for name in fields)}]}}
cut: [wages]
facts: [{", ".join(facts)}]
limits: {{rows: [{int(per_record == "one")}, 10], refused: 100, unread: 100, one_day: 100}}
"""
    )


CELLS = """
a|b|é|É|A|SS|c|| |\u00a0|\x1fa|a\x1f|a\x07|a\ufffd|=1+1|+372|-x|-|@me|01.02.1990|31.02.1990|1.2.1990|01.02.90|01.02.2030
01.02.1900|йЧБ Он|7|07|+7|51|0|123-AB|123-ab|123_AB| 123-AB |--|ß|NULL| NULL|Tamm Jaan Kalle|Tamm|Tamm, Jaan|Xyz|xyz
٠١.٠٢.١٩٩٠|۱۲|१२३-AB|123\u2011AB|xxxxxxxxxxxxx|quo"te|two\x0blines|semi;colon,comma|N|D|٣|\u2003wide\u2003
\u200ba|a\ufeff|\u200f01.02.1990|0１.02.1990|a\u061cb|ع\u061c|\u180ex|x\u1680y|x\u3000y|王x|კx|\u200bD|Tamm\u00adJaan|1２3-AB|７|\u200dz|7,0|7,5|1,000|1.2E+05|7.0|12.00|1.000
"""
CELL = st.one_of(
    st.sampled_from([cell for line in CELLS.strip("\n").split("\n") for cell in line.split("|")]),
    st.text(max_size=6).filter(lambda text: "\0" not in text),
)


@st.composite
def deliveries(draw):
    fields = draw(st.lists(st.sampled_from(sorted(FIELDS)), unique=True, max_size=5))
    if "number" in fields and "free" in fields:
        fields.remove("free")
    form = draw(st.sampled_from(["csv", "csv", "ndjson"]))
    key = draw(st.sampled_from(sorted(KEYS)))
    delta = key != "none" and draw(st.booleans())
    source = declaration(fields, key, form, draw(st.sampled_from(["one", "many"])), delta)
    cut = draw(st.sampled_from([[], ["wages"]]))
    source = source if cut or draw(st.booleans()) else replace(source, cut=())
    heading = [*source.headings, *(["change"] if delta else []), *cut]
    heading = draw(st.permutations(heading))
    around = draw(st.sampled_from(["{}", "{}", "{} ", "\u200e{}"]))
    capitals = draw(st.sampled_from([str, str, str.upper]))
    heading = [around.format(capitals(name)) for name in heading] if form == "csv" else heading
    rows = draw(st.lists(st.lists(CELL, min_size=len(heading), max_size=len(heading)), max_size=8))
    rows += draw(st.sampled_from([[], rows[:2], rows[::-1]]))
    damage = draw(st.sampled_from(["", "", "", "short", "long", "stray", "open", "cut", "newlines", "extra"]))
    full = draw(st.booleans())
    return source, heading, rows, form, damage, full, draw(st.integers(1, 200))


def written(heading, rows, form, damage):
    if form == "ndjson":
        lines = [json.dumps(dict(zip(heading, row, strict=True)), ensure_ascii=False) for row in rows]
        match damage:
            case "short":
                lines.insert(len(lines) // 2, '{"entry": 1')
            case "long":
                lines.insert(len(lines) // 2, '{"entry": {"deep": [1]}}')
            case "stray":
                lines.append('{"entry": 7, "entry": 8}')
            case "cut":
                lines.append("5")
            case "newlines":
                lines.insert(0, "\r")
            case "extra":
                lines.append('{"surprise": null, "entry": true}')
        return "\n".join([*lines, ""]).encode("utf-8", "surrogatepass")
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(heading)
    for number, row in enumerate(rows):
        writer.writerow(row[:-1] if damage == "short" and number % 3 == 1 else row)
        if damage == "long":
            writer.writerow([*row, "more"])
        if damage == "stray" and number == len(rows) // 2:
            out.write('x"y' + "," * (len(heading) - 1) + "\n")
        if damage == "open" and number == len(rows) // 2:
            out.write('7,"cut off within\n')
    text = out.getvalue()
    match damage:
        case "cut":
            text = text[:-2]
        case "newlines":
            text = text.replace("\n", "\r\n", 3) + "\r\n\r"
        case "extra":
            text = text.replace("\n", ",surprise\n", 1)
    return text.encode("utf-8", "surrogatepass")


def tallies(rows):
    found = {}
    for row in rows:
        for note in row.notes:
            found.setdefault((note.column, note.reason), []).append(row.row)
    return tuple(Tally(column, reason, len(at), tuple(at)) for (column, reason), at in sorted(found.items()))


def plainly(source, manifest, file):
    try:
        return check.receive(source, manifest, file, previous=None, today=TODAY)
    except MusterRollError as refusal:
        return str(refusal)


def by_columns(source, manifest, path, folder):
    try:
        return extract_stage.stage(source, manifest, path, folder, previous=None, today=TODAY)
    except MusterRollError as refusal:
        assert not folder.exists()
        return str(refusal)


@settings(max_examples=300, deadline=None)
@given(deliveries())
def test_the_door_by_columns_agrees_with_the_plain_one(delivery):
    source, heading, rows, form, damage, full, piece = delivery
    file = written(heading, rows, form, damage)
    data_rows = len(rows) + (damage in ("short", "long", "stray", "cut", "extra") and form == "ndjson")
    data_rows += (len(rows) if damage == "long" else 1 if damage in ("stray", "open") and rows else 0) * (form == "csv")
    manifest = Manifest(
        source="pay",
        as_of=parse_day("2020-12-31"),
        rows=data_rows,
        sha256=hashlib.sha256(file).hexdigest(),
        full=full,
    )
    chunk, extract_blocks.CHUNK = extract_blocks.CHUNK, piece
    try:
        with tempfile.TemporaryDirectory() as place:
            path, folder = Path(place) / "delivery", Path(place) / "staged"
            path.write_bytes(file)
            wanted = plainly(source, manifest, file)
            found = by_columns(source, manifest, path, folder)
            if isinstance(wanted, str) or isinstance(found, str):
                assert found == wanted
                return
            assert_equal(source, wanted, found)
    finally:
        extract_blocks.CHUNK = chunk


def assert_equal(source, wanted, found):
    columns = list(source.columns)
    kept = [(row.row, row.key, row.op, *(row.texts[name] for name in columns)) for row in wanted.rows]
    staged = [line for part in found.parts() for line in pl.read_parquet(part).rows()]
    assert staged == kept
    refused = [
        (
            row.row,
            " ".join(note.reason for note in row.notes),
            SEPARATOR.join(note.column for note in row.notes),
            row.key,
        )
        for row in wanted.refused
    ]
    assert found.refused().rows() == refused
    apart = [(row.row, row.key, "", *(row.texts[name] for name in columns), row.of) for row in wanted.apart]
    assert found.apart().rows() == apart
    assert found.profile == wanted.profile
    assert found.profile.inverted == wanted.profile.inverted
    assert found.findings == wanted.findings
    assert found.cut == wanted.cut
    assert found.kept == len(wanted.rows)
    assert found.unread == tallies(wanted.rows)
    assert found.refusals == tallies(wanted.refused)


LONG = "x" * 140_000


@pytest.mark.parametrize(
    ("encoding", "file", "code"),
    [
        ("utf-8", f"entry,born,wages\n1,01.02.1990,{LONG}\n", "delivery.csv"),  # nobody looks at that cell
        ("utf-8", f'entry,born,wages\n1,01.02.1990,"{"x\n" * 70_000}"\n', "delivery.csv"),
        ("utf-8", f"entry,born,wages\n{LONG}\n", "delivery.csv"),  # a row that is set aside
        ("utf-8", f"entry,born,wages\n{LONG},,,,\n", "delivery.csv"),
        ("utf-8", "entry,wages\n" + '"', "delivery.column-missing"),  # two faults: the heading's is told
        ("utf-8", 'entry,wages\n1,a"b\n"x" y,1\n', "delivery.column-missing"),
        ("utf-16", "entry,born,wages\n1,01.02.1990,2\n".encode("utf-16-le"), "delivery.encoding"),  # in which order?
        ("utf-32", "entry,born,wages\n1,01.02.1990,2\n".encode("utf-32-be"), "delivery.encoding"),
        (
            "windows-1252",
            "entry,born,wages\n1,01.02.1990,Çağla Çelik\n".encode(),
            "delivery.encoding",
        ),  # UTF-8 throughout
        ("windows-1252", "entry,born,wages\n1,01.02.1990,Ã¤\n", ""),  # so few bytes may be anything
        ("utf-16", "entry,born,wages\n1,01.02.1990,2\n".encode("utf-16"), ""),
        ("utf-32", "entry,born,wages\n1,01.02.1990,2\n".encode("utf-32"), ""),
    ],
)
def test_both_doors_refuse_what_hostile_files_brought_to_light(tmp_path, encoding, file, code):
    source = replace(declaration(["born"], "one", "csv", "many", delta=False), encoding=encoding)
    data = file if isinstance(file, bytes) else file.encode(encoding)
    digest = hashlib.sha256(data).hexdigest()
    manifest = Manifest(source="pay", as_of=parse_day("2020-12-31"), rows=1, sha256=digest)
    path = tmp_path / "delivery"
    path.write_bytes(data)
    wanted, found = plainly(source, manifest, data), by_columns(source, manifest, path, tmp_path / "staged")
    if not code:
        assert_equal(source, wanted, found)
    else:
        assert wanted == found
        assert f"[{code}]" in wanted


def test_a_broken_row_before_a_byte_that_cannot_be_read_refuses_the_file(tmp_path, monkeypatch):
    monkeypatch.setattr(extract_blocks, "CHUNK", 32)
    monkeypatch.setattr(extract_blocks, "LONGEST_ROW", 64)
    source = declaration(["given"], "one", "csv", "one", False)
    file = b'entry,given\n1,"a\n2,"b"\n' + b"3,b\n" * 200 + b"4,\xff\n"
    manifest = Manifest("pay", parse_day("2020-12-31"), 203, hashlib.sha256(file).hexdigest())
    path = tmp_path / "delivery"
    path.write_bytes(file)
    assert by_columns(source, manifest, path, tmp_path / "staged").endswith("[delivery.csv]")
    assert plainly(source, manifest, file).endswith("[delivery.encoding]")
