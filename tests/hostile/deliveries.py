"""Breaks deliveries at random and lets them come to the door: each is taken in rightly, or refused so that the agency
can act. Anything else is a fault of ours.

    python -m tests.hostile.deliveries --rounds 1000 --folder DIR [--seed N] [--long-line-gb 10]

1. A round is made from its number alone: `--seed N --rounds 1` makes a round again that was reported.
2. Four formats; bytes, lines, cells, columns, types, encodings, archives and footers are changed, doubled, taken out,
   or replaced by what is known to hurt readers. Half of the files are broken on their way (the manifest names the file
   that was meant), half are sent so by the agency (the manifest names the broken one).
3. What is taken in is compared, cell by cell and reason by reason, with what the plain door reads; of Parquet files and
   workbooks the plain door is given what another reader finds in them.
4. All rounds together may use `MEMORY` bytes of the process, and one no more than `SLOW` seconds of
   processor time.
"""

import argparse
import csv
import hashlib
import io
import json
import random
import resource
import shutil
import sys
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import python_calamine

from musterroll.dates import parse_day
from musterroll.engine import extract_stage
from musterroll.errors import MusterRollError
from musterroll.extract import check
from musterroll.extract.declaration import load_source
from musterroll.extract.manifest import Manifest
from musterroll.extract.reply import letter, reply
from musterroll.extract.schema import Format, Source

SLOW = 30.0
MEMORY = 3 << 30
WRITTEN = 256 << 20
TODAY = parse_day("2021-01-05")
FORMATS = tuple(Format)

DECLARED = """
source: pay
kind: armed forces
agency: Pay Office
legal_basis: art. 1
purpose: administration
format: {format}
encoding: {encoding}
dialect: {{delimiter: "{delimiter}"}}
founds: nothing
rows_per_record: one
records_per_person: many
freshness_days: 30
silence: nobody
delta: {{column: op, put: [put], drop: [drop]}}
schema:
  primaryKey: entry
  missingValues: ["", "-"]
  fields:
    - {{name: entry, type: string, constraints: {{required: yes}}}}
    - {{name: pin, type: string, mask: 999-99, role: number}}
    - {{name: Ees nimi, type: string, role: given}}
    - {{name: family, type: string, role: family}}
    - {{name: born, type: date, format: DD.MM.YYYY, role: born, constraints: {{minimum: 1905-01-01}}}}
    - {{name: sex, type: string, role: sex, means: {{M: male, N: female}}}}
    - {{name: age, type: integer, role: age, constraints: {{minimum: 0, maximum: 120}}}}
cut: [wages]
limits: {{rows: [1, 1000], refused: 10, districts: {{column: sex}}}}
"""
HEADING = ("entry", "pin", "Ees nimi", "family", "born", "sex", "age", "wages")

HURTFUL = (
    *("", " ", "-", "\t", "\x00", "\x07", "\x1f", "\x7f", "\ufeff", "\ufffd", "\u202e", "\u2028", "\u00a0", "\u3000"),
    *("=1+1", "=cmd|'/c calc'!A0", "+1", "@SUM(A1)", "-2+3", "=HYPERLINK(1)", "'; drop table row; --", "<script>"),
    *("01.01.90", "31.02.1990", "01.01.1893", "01.01.2093", "1.1.1990", "00.00.0000", "99.99.9999", "1990-01-01"),
    *("M", "N", "X", "m", "9" * 400, "1e309", "-1", "0x10", "12\u0661", "²", "NaN", "Infinity", "null", "None", "true"),
    *('"', '""', 'a"b', "a,b", "a;b", "a\nb", "a\r\nb", "x" * 140_000, "é" * 50, "\U0001f600", "a\x0bb", "${jndi:x}"),
    *("[1]", "{}", "../../etc/passwd", "%s%n", "123-45", "123-4a", "E1", "put", "drop"),
)
ENCODINGS = ("utf-8", "utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1251", "koi8-r")

type Rows = list[list[str]]


def source_of(form: Format, encoding: str = "utf-8", delimiter: str = ",") -> Source:
    """The declaration in one format."""
    return load_source(DECLARED.format(format=form.value, encoding=encoding, delimiter=delimiter))


def table(chance: random.Random) -> Rows:
    """Good rows."""
    return [
        [
            f"E{number}",
            f"{chance.randrange(1000):03}-{chance.randrange(100):02}",
            chance.choice(["Mari", "Jaan", "Pyotr", "Anna"]),
            chance.choice(["Tamm", "Saar", "Ivanov"]),
            f"{chance.randrange(1, 29):02}.{chance.randrange(1, 13):02}.{chance.randrange(1950, 2003)}",
            chance.choice("MN"),
            str(chance.randrange(100)),
            "1",
        ]
        for number in range(1, chance.choice([2, 8, 30]))
    ]


def hurt_cells(rows: Rows, heading: list[str], chance: random.Random) -> tuple[Rows, list[str], bool]:
    """Rows and heading with cells, rows and columns changed; whether the file is one of changes."""
    rows, changes = [list(row) for row in rows], False
    for _ in range(chance.choice([0, 1, 3, 12])):
        row = chance.choice(rows)
        row[chance.randrange(len(row))] = chance.choice(HURTFUL)
    match chance.randrange(12):
        case 0:
            rows.append(list(chance.choice(rows)))
        case 1:
            rows = rows[: len(rows) // 2] or rows
        case 2:  # a shifted column
            rows = [row[1:] + row[:1] for row in rows]
        case 3:
            heading = [*heading[:-1], chance.choice(["wage", "faith", "entry", "", "Entry", "sex "])]
        case 4:
            place = chance.randrange(len(heading))
            heading = heading[:place] + heading[place + 1 :]
            rows = [row[:place] + row[place + 1 :] for row in rows]
        case 5:
            heading = [*heading, "op"]
            rows = [[*row, chance.choice(["put", "drop", "", "erase"])] for row in rows]
            changes = chance.random() < 0.8
        case 6:
            chance.shuffle(rows)
    return rows, heading, changes


def hurt_bytes(data: bytes, chance: random.Random) -> bytes:
    """Bytes changed, put in, taken out, doubled or moved."""
    for _ in range(chance.choice([1, 1, 2, 8])):
        place = chance.randrange(len(data) + 1)
        length = chance.choice([1, 1, 2, 16, 300])
        match chance.randrange(7):
            case 0:
                data = data[:place] + bytes([chance.randrange(256)]) + data[place + 1 :]
            case 1:
                data = data[:place] + data[place + length :]
            case 2:
                data = data[:place] + data[place : place + length] * 2 + data[place + length :]
            case 3:
                data = data[:place]
            case 4:
                data = (
                    data[:place]
                    + chance.choice([b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b'"', b"\n\n"])
                    + data[place:]
                )
            case 5:
                bit = 1 << chance.randrange(8)
                data = data[:place] + bytes(byte ^ bit for byte in data[place : place + 1]) + data[place + 1 :]
            case _:
                data = data[:place] + data[place:].replace(b"\n", chance.choice([b"\r\n", b"\r", b"\n\r"]), 3)
    return data


def as_csv(rows: Rows, heading: list[str], chance: random.Random, delimiter: str) -> str:
    """CSV with any line's end, quoted or not, and rows of other widths."""
    out = io.StringIO()
    quoting = chance.choice([csv.QUOTE_MINIMAL, csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
    writer = csv.writer(
        out, delimiter=delimiter, lineterminator=chance.choice(["\n", "\n", "\r\n", "\r"]), quoting=quoting
    )
    writer.writerow(heading)
    wide = chance.random() < 0.15
    for row in rows:
        writer.writerow(row[: chance.randrange(len(row))] if wide and chance.random() < 0.2 else row)
    return out.getvalue()


def as_ndjson(rows: Rows, heading: list[str], chance: random.Random) -> str:
    """One object a line; numbers, nulls and missing members as they come."""
    lines = []
    for row in rows:
        told = {
            name: int(cell)
            if cell.isascii() and cell.isdigit() and len(cell) < 9 and cell[0] != "0" and chance.random() < 0.5
            else cell
            for name, cell in zip(heading, row, strict=False)
        }
        line = json.dumps(told, ensure_ascii=chance.random() < 0.5)
        match chance.randrange(60):
            case 0:
                line = line[:-1] + ', "entry": "again"}'
            case 1:
                line = line[:-1] + ', "age": [[1]]}'
            case 2:
                line = "[" * chance.choice([3, 3_000, 300_000])
            case 3:
                line = line[:-1] + ', "family": 1.50, "age": true, "born": null}'
            case 4:
                line = chance.choice(["5", "null", '"text"', "{}", "{", "{} {}", "NaN", '{"entry": NaN}', "\\"])
            case 5:
                line = line.replace('"entry"', '"surprise"')
            case 6:
                line = line[:-1] + ', "family": "\\ud800"}'
        lines.append(line)
    return "\n".join(lines) + "\n" * chance.choice([0, 1, 1, 2])


def as_parquet(rows: Rows, heading: list[str], chance: random.Random) -> bytes:
    """Parquet with texts, and now and then with numbers, days, structures and raw bytes."""
    columns = {}
    for place, name in enumerate(heading):
        cells: list[object] = [row[place] if place < len(row) else "" for row in rows]
        kind: pa.DataType | None = pa.string()
        match chance.randrange(14):
            case 0 if name == "age":
                cells, kind = (
                    [
                        int(cell) if str(cell).isascii() and str(cell).isdigit() and len(str(cell)) < 9 else None
                        for cell in cells
                    ],
                    pa.int64(),
                )
            case 1 if name == "age":
                cells, kind = [float(len(str(cell))) for cell in cells], pa.float64()
            case 2 if name == "born":
                cells, kind = [date(1990, 1, 1 + len(str(cell)) % 28) for cell in cells], pa.date32()
            case 3 if chance.random() < 0.3:
                cells, kind = [[cell] for cell in cells], pa.list_(pa.string())
            case 4 if chance.random() < 0.3:
                cells, kind = [str(cell).encode() for cell in cells], pa.binary()
            case 5:
                cells = [None if cell == "" else cell for cell in cells]
            case 6:
                kind = pa.dictionary(pa.int32(), pa.string())
            case 7:
                kind = pa.large_string()
        columns[name] = pa.array([_no_half(cell) for cell in cells], kind)
    out = io.BytesIO()
    pq.write_table(
        pa.table(columns),
        out,
        compression=chance.choice(["none", "zstd", "snappy", "gzip"]),
        row_group_size=chance.choice([3, 1000]),
    )
    return out.getvalue()


def _no_half(cell: object) -> object:
    return cell.encode("utf-8", "replace").decode() if isinstance(cell, str) else cell


def as_workbook(rows: Rows, heading: list[str], chance: random.Random) -> bytes:
    """A workbook with one sheet of texts and numbers."""
    lines = []
    for number, row in enumerate([heading, *rows], start=1):
        cells = []
        for place, cell in enumerate(row):
            at = f"{chr(65 + place)}{number}"
            if number > 1 and cell.isascii() and cell.isdigit() and len(cell) < 9 and chance.random() < 0.5:
                cells.append(f'<c r="{at}"><v>{cell}</v></c>')
            elif chance.random() < 0.01:
                cells.append(f'<c r="{at}"><f>1+1</f><v>2</v></c>')
            else:
                shown = "".join(letter for letter in cell if letter >= " " and letter not in "\ufffe\uffff")
                cells.append(f'<c r="{at}" t="inlineStr"><is><t xml:space="preserve">{escape(shown)}</t></is></c>')
        lines.append(f'<row r="{number}">{"".join(cells)}</row>')
    return workbook(f"<sheetData>{''.join(lines)}</sheetData>".encode("utf-8", "replace"))


def workbook(inside: bytes) -> bytes:
    """The archive of a workbook around one sheet."""
    space = "http://schemas.openxmlformats.org"
    main = f'xmlns="{space}/spreadsheetml/2006/main"'
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{space}/package/2006/content-types"><Default Extension="xml" '
        'ContentType="application/xml"/><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{space}/package/2006/relationships"><Relationship Id="r1" '
        f'Type="{space}/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {main} xmlns:r="{space}/officeDocument/2006/relationships"><sheets>'
        '<sheet name="Sheet1" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{space}/package/2006/relationships"><Relationship '
        f'Id="r1" Type="{space}/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>'
        "</Relationships>",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{text}')
        archive.writestr("xl/worksheets/sheet1.xml", f"<worksheet {main}>".encode() + inside + b"</worksheet>")
    return out.getvalue()


def bomb(form: Format, chance: random.Random) -> bytes:
    """A small file that is large inside, or one that no reader should try."""
    match form, chance.randrange(3):
        case Format.XLSX, 0:
            return workbook(b"<sheetData>" + b" " * (600 << 20) + b"</sheetData>")
        case Format.XLSX, 1:
            return workbook(b'<sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')
        case Format.XLSX, _:
            cell = b'<row><c t="inlineStr"><is><t>' + b"A" * (1 << 20) + b"</t></is></c></row>"
            return workbook(b"<sheetData>" + cell * 40 + b"</sheetData>")
        case Format.PARQUET, 0:
            column = pa.DictionaryArray.from_arrays(pa.array([0] * 2_000_000, pa.int32()), pa.array(["x" * 2_000_000]))
            return _written(pa.table(dict.fromkeys(HEADING, column)))
        case Format.PARQUET, 1:
            return _written(pa.table(dict.fromkeys(HEADING, pa.array(["x" * 200_000] * 2_000))))
        case Format.PARQUET, _:
            return b"PAR1" + bytes(chance.randrange(256) for _ in range(200)) + b"\xff\xff\xff\x7fPAR1"
        case Format.NDJSON, _:
            return b'{"entry":' + b"[" * 900_000 + b"\n" + b'{"entry": "' + b"x" * 2_000_000 + b'"}\n'
        case _:
            return ",".join(HEADING).encode() + b"\n" + chance.choice([b"x", b'"', b",", b'"\n']) * 3_000_000


def _written(made: pa.Table) -> bytes:
    out = io.BytesIO()
    pq.write_table(made, out, compression="zstd")
    return out.getvalue()


def made(number: int) -> tuple[Source, bytes, bytes, Manifest, str]:
    """One round's declaration, the file that was meant, the one that comes, its manifest, and what was done to it."""
    chance = random.Random(number)
    form = chance.choice(FORMATS)
    heading, rows, changes = list(HEADING), table(chance), False
    good = rows
    if chance.random() < 0.8:
        rows, heading, changes = hurt_cells(rows, heading, chance)
    encoding, delimiter = "utf-8", ","
    if form is Format.CSV:
        encoding, delimiter = chance.choice(ENCODINGS), chance.choice([",", ";", "\t"])
    source = source_of(form, encoding, delimiter)
    match form:
        case Format.CSV:
            meant = as_csv(rows, heading, chance, delimiter).encode(encoding, "replace")
        case Format.NDJSON:
            meant = as_ndjson(rows, heading, chance).encode("utf-8", "replace")
        case Format.PARQUET:
            meant = as_parquet(rows, list(dict.fromkeys(heading)), chance)
        case _:
            meant = as_workbook(rows, heading, chance)
    done, comes = "cells", meant
    draw = chance.random()
    if draw < 0.03:
        done, comes = "bomb", bomb(form, chance)
    elif draw < 0.08:
        other = table(chance)
        done, comes = (
            "another format",
            chance.choice(
                [
                    as_parquet(other, list(HEADING), chance),
                    as_workbook(other, list(HEADING), chance),
                    b"%PDF-1.7",
                    b"\x1f\x8b\x08\0",
                ]
            ),
        )
    elif draw < 0.45:
        done, comes = "bytes", hurt_bytes(meant, chance)
    elif draw < 0.55:
        done, comes = (
            "encoding",
            meant.decode("latin-1").encode(chance.choice(["utf-16", "utf-8-sig", "utf-8", "cp500"])),
        )
    named = meant if chance.random() < 0.5 else comes
    count = len(rows) if rows is good or chance.random() < 0.9 else len(good)
    manifest = Manifest(
        source="pay",
        as_of=parse_day("2020-12-31"),
        rows=count,
        sha256=hashlib.sha256(named).hexdigest(),
        full=not changes,
    )
    if named is comes and done != "bomb" and chance.random() < 0.8:
        manifest = replace(manifest, rows=rows_in(source, comes, manifest))
    return source, meant, comes, manifest, done


def rows_in(source: Source, file: bytes, manifest: Manifest) -> int:
    """How many rows an agency would count that wrote this file, where it can be read at all."""
    try:
        plain(source, manifest, file)
    except MusterRollError as problem:
        found = problem.what.split()
        return int(found[3]) if problem.code == "delivery.rows" else manifest.rows
    return manifest.rows


def plain(source: Source, manifest: Manifest, file: bytes) -> check.Received:
    """What the plain door reads. Of a Parquet file or workbook it is given what another reader finds in it."""
    if source.format in (Format.CSV, Format.NDJSON):
        return check.receive(source, manifest, file, previous=None, today=TODAY)
    lines = _parquet_lines(file) if source.format is Format.PARQUET else _workbook_lines(file)
    told = "".join(json.dumps(line) + "\n" for line in lines).encode()
    digest = hashlib.sha256(told).hexdigest()
    right = manifest.sha256 == hashlib.sha256(file).hexdigest()
    about = replace(manifest, sha256=digest if right else manifest.sha256)
    return check.receive(replace(source, format=Format.NDJSON), about, told, previous=None, today=TODAY)


def _parquet_lines(file: bytes) -> list[dict[str, str]]:
    path = Path(_SCRATCH[0]) / "plain.parquet"
    path.write_bytes(file)
    try:
        connection = duckdb.connect()
        connection.execute("SET memory_limit = '1GB'; SET threads = 1")
        found = connection.execute(f"SELECT * FROM read_parquet('{path}')")
        names = [column[0] for column in found.description or ()]
        return [{n: _shown(cell) for n, cell in zip(names, row, strict=True)} for row in found.fetchall()]
    except (duckdb.Error, UnicodeDecodeError):
        raise _NOT_READ from None


def _workbook_lines(file: bytes) -> list[dict[str, str]]:
    try:
        lines = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(file)).get_sheet_by_index(0).to_python()
    except (python_calamine.CalamineError, ValueError, OSError, KeyError):
        raise _NOT_READ from None
    names, *rows = [[_shown(cell) for cell in line] for line in lines if any(cell != "" for cell in line)] or [[]]
    if len(set(names)) < len(names):  # one of two columns of a name would be lost in a mapping
        raise _NOT_READ
    return [dict(zip(names, row, strict=True)) for row in rows]


def _shown(cell: object) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return str(cell).lower()
        case float():
            return str(int(cell)) if cell.is_integer() else repr(cell)
        case date():
            return cell.isoformat()[:10]
        case _:
            return str(cell)


_NOT_READ = MusterRollError("delivery.unreadable", "Another reader cannot read it.", where="test", remedy="none")
_SCRATCH = [""]


def round_of(number: int, folder: Path) -> str:
    """One round, made from its number alone: "kept", "quarantined" or the code of the refusal."""
    _SCRATCH[0] = str(folder)
    source, _, comes, manifest, done = made(number)
    path, staged_in = folder / "delivery", folder / "staged"
    path.write_bytes(comes)
    try:
        staged = extract_stage.stage(source, manifest, path, staged_in, previous=None, today=TODAY)
    except MusterRollError as problem:
        told(problem, manifest)
        assert not staged_in.exists(), "something of a refused delivery is left"
        if done != "bomb":
            agree(source, manifest, comes, problem.code)
        return problem.code
    assert done != "bomb", "a file that swells was taken in"
    assert manifest.sha256 == hashlib.sha256(comes).hexdigest(), "another file than the manifest names was taken in"
    letter(reply(manifest, staged.told()))
    received = plain(source, manifest, comes)
    names = list(source.columns)
    rows = [row for part in staged.parts() for row in pl.read_parquet(part).rows()]
    assert rows == [(row.row, row.key, row.op, *(row.texts[name] for name in names)) for row in received.rows]
    aside = [(row.row, " ".join(note.reason for note in row.notes), row.key) for row in received.refused]
    assert staged.refused().select("row", "reasons", "key").rows() == aside
    assert staged.profile == received.profile
    assert staged.findings == received.findings
    return "quarantined" if staged.quarantined else "kept"


def agree(source: Source, manifest: Manifest, file: bytes, code: str) -> None:
    """What the door by columns refuses, the plain one refuses too; where both read the same bytes, for one reason."""
    other, received = "", None
    try:
        received = plain(source, manifest, file)
    except MusterRollError as problem:
        other = problem.code
    if received is None:
        same = other == code or {other, code} <= _NO_TEXT or code == "delivery.format"
        assert same or source.format in (Format.PARQUET, Format.XLSX), f"the plain door says {other}, the other {code}"
        return
    large = code in ("delivery.too-large", "delivery.row-too-long", "delivery.column-type", "delivery.unreadable")
    assert large or not received.rows, f"refused as {code}, and the plain door reads it"


# Bytes that are in no encoding, or in another format: which of the two is said depends on where one begins to look.
_NO_TEXT = {"delivery.encoding", "delivery.format", "delivery.csv", "delivery.truncated", "delivery.row-too-long"}


def told(problem: MusterRollError, manifest: Manifest) -> None:
    """A refusal says what, where and what to do, is short enough to be read, and can be answered."""
    assert problem.code, "no code"
    assert problem.what, "it does not say what"
    assert problem.where, f"it does not say where: {problem.code}"
    assert problem.remedy, f"it does not say what to do: {problem.code}"
    assert len(str(problem)) < 2_000, "too long to be read"
    assert problem.code in letter(reply(manifest, problem))


def long_line(folder: Path, gigabytes: float) -> str:
    """A row that never ends. It is refused when its first megabytes are read, so only those are on the disk: the file
    is as long as said, and after `WRITTEN` bytes a hole in which no line ends either.
    """
    path = folder / "long.csv"
    length = int(gigabytes * (1 << 30))
    with path.open("wb") as file:
        file.write(",".join(HEADING).encode() + b"\n")
        piece = b"x" * (16 << 20)
        for _ in range(min(length, WRITTEN) // len(piece)):
            file.write(piece)
        file.truncate(length)
    manifest = Manifest(source="pay", as_of=TODAY - 5, rows=1, sha256="0" * 64)
    try:
        extract_stage.stage(source_of(Format.CSV), manifest, path, folder / "staged", previous=None, today=TODAY)
    except MusterRollError as problem:
        told(problem, manifest)
        return problem.code
    finally:
        path.unlink()
    raise AssertionError("a row that never ends was taken in")


def rounds(first: int, count: int, folder: Path, say: Callable[[str], None]) -> tuple[Counter[str], list[int]]:
    """Rounds from a number on; what came of them, and the numbers of those that are faults."""
    came: Counter[str] = Counter()
    faults = []
    for number in range(first, first + count):
        began = _spent()
        shutil.rmtree(folder / "staged", ignore_errors=True)
        try:
            came[round_of(number, folder)] += 1
        except Exception:
            faults.append(number)
            say(f"round {number}:\n{traceback.format_exc(limit=-4)[-1_500:]}")
        if _spent() - began > SLOW:
            faults.append(number)
            say(f"round {number}: took {_spent() - began:.1f} s")
    return came, faults


def _spent() -> float:
    """Seconds of processor time, those of other processes that were started included."""
    return time.process_time() + sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description="Break deliveries at random and let them come to the door.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--long-line-gb", type=float, default=0.25)
    parser.add_argument("--folder", type=Path, required=True, help="An empty folder to work in.")
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    resource.setrlimit(resource.RLIMIT_AS, (2 * MEMORY, 2 * MEMORY))
    came, faults = rounds(
        chosen.seed, chosen.rounds, chosen.folder, lambda text: print(text, file=sys.stderr, flush=True)
    )
    code = long_line(chosen.folder, chosen.long_line_gb)
    print(f"a row of {chosen.long_line_gb} GB: {code}")
    for code, count in came.most_common():
        print(f"{count:8}  {code}")
    most = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) // 1024
    print(f"{chosen.rounds} rounds, {len(faults)} faults: {faults or 'none'}; {most} MB at most")
    return int(bool(faults) or most > MEMORY >> 20)


if __name__ == "__main__":
    sys.exit(main())
