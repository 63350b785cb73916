"""Chapter: how files hold rows. Newline-delimited JSON and CSV at their corners, and rows of changes."""

from dataclasses import replace

import pytest

from musterroll.canonical import sha256_hex
from musterroll.dates import parse_day
from musterroll.errors import MusterRollError
from musterroll.extract.apart import MOST_LETTERS, UNREAD
from musterroll.extract.check import receive
from musterroll.extract.declaration import load_source
from musterroll.extract.json_objects import read_object, still_said
from musterroll.extract.lines import lines_of
from musterroll.extract.manifest import Manifest
from musterroll.extract.row import DROP, PUT

DECLARED = """
source: civil
kind: civil register
agency: Registry
legal_basis: art. 1
purpose: administration
format: FORMAT
schema:
  primaryKey: nr
  fields:
    - {name: nr, constraints: {required: yes, pattern: "[0-9]+"}}
    - {name: name, role: given}
    - {name: town, role: town}
founds: persons
rows_per_record: one
records_per_person: one
freshness_days: 30
silence: nobody
cut: [faith]
MORE
"""
ON = parse_day("2026-01-02")
BASE = "ab" * 32
CHANGES = "delta: {column: op, put: [I, U], drop: [D]}"


def source(form="csv", more=""):
    return load_source(DECLARED.replace("FORMAT", form).replace("MORE", more))


JSON = source("ndjson")
CSV = source()


def told(read, text):
    """The message of a file that cannot be read."""
    with pytest.raises(MusterRollError) as refusal:
        lines_of(read, text if isinstance(text, bytes) else text.encode())
    return str(refusal.value)


def rows(read, text):
    return list(lines_of(read, text.encode()).rows)


def delivered(read, text, count, **about):
    file = text.encode()
    about = Manifest(source="civil", as_of=ON, rows=count, sha256=sha256_hex(file), **about)
    return receive(read, about, file, previous=None, today=ON)


def changed(read, text, count):
    return delivered(read, text, count, full=False, base=BASE)


# JSON, one object a line


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ('{"nr": "7", "name": "Zoë"}', {"nr": "7", "name": "Zoë"}),
        ('{"nr": 007}', None),
        ('{"nr": 7, "name": 1.50}', {"nr": "7", "name": "1.50"}),
        (f'{{"nr": {"9" * 5000}}}', {"nr": "9" * 5000}),
        ('{"nr": 1e400}', {"nr": "1e400"}),
        ('{"nr": true, "name": false, "town": null}', {"nr": "true", "name": "false", "town": ""}),
        ('{"nr": "\\ud800"}', {"nr": "\ufffd"}),
        ('{"nr": "\\ud83d\\ude00"}', {"nr": "\U0001f600"}),
        ("{}", {}),
    ],
)
def test_a_member_is_the_text_that_was_written(line, read):
    assert read_object(line) == ((read, "") if read is not None else ({}, "json.format"))


@pytest.mark.parametrize(
    "line",
    ["[]", '"nr"', "7", "null", "{", '{"nr": "7"} {}', '{"nr": NaN}', '{"nr": -Infinity}', "nr,name", "[" * 200_000],
    ids=["list", "text", "number", "null", "open", "two", "nan", "infinity", "csv", "deep"],
)
def test_a_line_that_is_not_one_object_is_set_aside(line):
    assert read_object(line) == ({}, "json.format")


@pytest.mark.parametrize(
    ("line", "row", "reason"),
    [
        ('{"nr": "7", "nr": "8"}', {"nr": "8"}, "json.twice"),
        ('{"nr": "7", "name": ["Ann"]}', {"nr": "7", "name": ""}, "json.nested"),
        ('{"nr": "7", "name": {"first": "Ann"}}', {"nr": "7", "name": ""}, "json.nested"),
        ('{"nr": "7", "name": {}, "name": []}', {"nr": "7", "name": ""}, "json.twice"),
    ],
)
def test_a_member_that_stands_twice_or_holds_several_values_sets_its_line_aside(line, row, reason):
    assert read_object(line) == (row, reason)


def test_of_a_member_that_is_cut_nothing_is_read():
    assert read_object('{"nr": "7", "courses": [{"a": 1}]}', ("courses",)) == ({"nr": "7", "courses": ""}, "")
    assert read_object('{"nr": [7], "courses": []}', ("courses",)) == ({"nr": "", "courses": ""}, "json.nested")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"nr": "7", "name": "An", "town": "Ke', ("7", "An", UNREAD)),  # cut off
        ('{"nr": "7", "name": "An", "town": 19', ("7", "An", UNREAD)),
        ('{"nr": "7", "name": "An, "town": "Kent"}', ("7", UNREAD, "Kent")),  # a quotation mark is missing
        ('{"nr": "7", name": "An", "town": "Kent"}', ("7", UNREAD, "Kent")),
        ('{"nr": "7", "name" "An", "town": "Kent"}', ("7", UNREAD, "Kent")),  # a colon
        ('{"nr": "7" "name": "An", "town": "Kent"}', (UNREAD, UNREAD, "Kent")),  # a comma
        ('{"nr": 007, "name": "An", "town": null,}', (UNREAD, "An", "")),
        ('{"nr": -1, "name": "A\\"n", "town": NaN}', ("-1", 'A"n', UNREAD)),
        ('{"nr": "7", "name": "\\x", "town": "Kent"}', ("7", UNREAD, "Kent")),
        ('{"\\x": "7", "name": "An", "town": "Kent"}', (UNREAD, "An", "Kent")),
        ('"nr": "7", "name": "An", "town": "Kent"}', (UNREAD, "An", "Kent")),
        ('{"nr": "1", "name": "An", "town": "A"}{"nr": "2", "name": "Bo", "town": "B"}', (UNREAD,) * 3),  # two in one
        ('{"nr": "7", "nr": "8", "name": "An"}', (UNREAD, "An", "")),
        ('{"nr": "7", "name": ["An"]}', ("7", UNREAD, "")),
        ('{"name": {"nr": "8"}, "nr": "7"}', ("7", UNREAD, "")),
    ],
)
def test_what_is_whole_in_a_line_that_was_set_aside_is_read(line, said):
    names = ("nr", "name", "town")
    assert still_said(line, names) == dict(zip(names, said, strict=True))


@pytest.mark.parametrize(
    "line",
    ["[]", "{", "nr,name", "{'nr': '7'}", '{"other": "7"', "[" * 1_900, f'{{"nr": "7", "name": "{"A" * MOST_LETTERS}"'],
    ids=["list", "open", "csv", "marks", "other", "deep", "long"],
)
def test_of_a_line_of_which_nothing_is_whole_nothing_is_read(line):
    assert still_said(line, ("nr", "name")) == {}


def test_lines_that_cannot_be_used_keep_their_place_in_the_file():
    text = '{"nr": "1", "name": "Ann", "town": "Kent"}\n\n{"nr": 2, "nr": 3}\n \t\r\n[]\n{"nr": "4", "faith": "x"}\n'
    found = delivered(JSON, text, 4)
    assert [(row.row, row.texts["name"], row.texts["town"]) for row in found.rows] == [(1, "Ann", "Kent"), (4, "", "")]
    assert [(row.row, row.notes[0].reason) for row in found.refused] == [(2, "json.twice"), (3, "json.format")]
    assert found.cut == ("faith",)


def test_a_member_that_nobody_declared_refuses_the_file_and_no_line_below_is_read():
    with pytest.raises(MusterRollError) as refusal:
        delivered(JSON, '{"nr": "1", "party": "x", "debts": 3}\n{"nr": "2", "pets": 1}\n', 2)
    assert str(refusal.value) == (
        "The file has what nobody declared: debts, party. Where: delivery of civil, heading. What to do: Ask the "
        "agency to leave it out. If an article of law needs it, declare it; if none does and it cannot be left out, "
        "list it under `cut`. [delivery.column-extra]"
    )


def test_a_whole_register_in_which_no_line_has_a_declared_member_lacks_it():
    with pytest.raises(MusterRollError) as refusal:
        delivered(JSON, '{"nr": "1", "name": "Ann"}\n', 1)
    assert refusal.value.code == "delivery.column-missing"
    assert refusal.value.what == "The heading lacks: town."


def test_a_json_file_that_ends_inside_its_last_line_is_cut():
    assert lines_of(JSON, b'{"nr": "1"}\n{"nr": "2", "na').cut
    assert not lines_of(JSON, b'{"nr": "1"}\n{"nr": "2"}').cut
    assert not lines_of(JSON, b'{"nr": "1"}\n{"nr": "2", "na\n').cut


# CSV


def test_a_zero_byte_is_no_letter_and_its_place_is_told():
    assert told(CSV, "nr,name,town\n1,Zoë\0,Kent\n") == (
        "The file is not written in utf-8: byte 20 cannot be read. Where: delivery of civil, line 2. What to do: Ask "
        "the agency to write the file in utf-8, without a byte order mark. [delivery.encoding]"
    )


def test_an_encoding_that_may_have_a_byte_order_mark_may_have_it():
    marked = source(more="encoding: utf-8-sig")
    assert rows(marked, "\ufeffnr,name,town\n1,Ann,Kent\n") == [{"nr": "1", "name": "Ann", "town": "Kent"}]
    assert told(marked, "nr,name,town\n1,Ann,Kent\n".encode("utf-16")).startswith(
        "The file is not written in utf-8-sig: byte 1 cannot be read. Where: delivery of civil, line 1. What to do: "
        "Ask the agency to write the file in utf-8-sig. [delivery.encoding]"
    )


def test_blank_lines_are_no_rows_and_a_row_of_another_length_is_set_aside():
    text = 'nr,name,town\r\n\r\n1,"A\r\nnn","K""t"\r\n\r\n2,Ben\r\n3,Cy,York,x\r\n'
    assert rows(CSV, text) == [{"nr": "1", "name": "A\r\nnn", "town": 'K"t'}, "cells", "cells"]


def test_a_file_without_a_heading_has_the_declared_columns_in_order():
    bare = source(more="dialect: {header: no, delimiter: ';', quoteChar: ''}")
    assert rows(bare, '1;"Ann;Kent\n') == [{"nr": "1", "name": '"Ann', "town": "Kent"}]


def test_lines_above_the_heading_and_comments_between_rows_are_passed_over():
    noted = source(more="dialect: {skipRows: 2, commentChar: '#'}")
    text = 'Register of\nKent\nnr,name,town\n# first\n1,"A\n#nn",Kent\n# last\n'
    assert rows(noted, text) == [{"nr": "1", "name": "A\n#nn", "town": "Kent"}]
    assert "delivery of civil, line 4." in told(noted, 'Register of\nKent\nnr,name,town\n1,"A"nn,Kent\n')


def test_a_file_that_has_only_what_stands_above_its_heading_has_no_columns():
    noted = source(more="dialect: {skipRows: 2}")
    assert lines_of(noted, b"Register of\nKent").heading == ()


# Rows of changes


def test_changes_put_entries_and_drop_entries():
    found = changed(source(more=CHANGES), "op,nr,name,town\nI,1,Ann,Kent\nU,2,Ben,York\nD,3,,\n", 3)
    assert [(row.key, row.op, row.values["name"]) for row in found.rows] == [
        ("1", PUT, "Ann"),
        ("2", PUT, "Ben"),
        ("3", DROP, None),
    ]
    assert found.profile.rows == 2  # what is dropped has nothing to count


def test_of_an_entry_that_is_dropped_only_the_key_is_read_and_it_must_be_right():
    found = changed(source(more=CHANGES), "op,nr,name,town\nD,3,\x07,\nD,,Ann,\nD,x,Ann,\n", 3)
    assert [(row.key, row.notes) for row in found.rows] == [("3", ())]
    assert [(row.key, row.notes[0].column, row.notes[0].reason) for row in found.refused] == [
        ("", "nr", "required"),
        ("x", "nr", "text.pattern"),
    ]


def test_an_entry_whose_key_looks_like_a_formula_is_dropped_and_noted():
    free = load_source(DECLARED.replace("FORMAT", "csv").replace("MORE", CHANGES).replace(', pattern: "[0-9]+"', ""))
    found = changed(free, "op,nr,name,town\nD,=x,,\n", 1)
    assert [(row.key, row.op, row.notes[0].reason) for row in found.rows] == [("=x", DROP, "text.formula")]


@pytest.mark.parametrize("word", ["", "X", "i"])
def test_a_change_that_does_not_say_what_to_do_is_set_aside(word):
    found = changed(source(more=CHANGES), f"op,nr,name,town\n{word},1,Ann,Kent\n", 1)
    assert found.rows == ()
    assert [(note.column, note.reason) for note in found.refused[0].notes] == [("op", "change.unknown")]


def test_an_entry_that_is_gone_cannot_stand_in_a_whole_register():
    found = delivered(source(more=CHANGES), "op,nr,name,town\nD,1,Ann,Kent\n,2,Ben,York\n", 2)
    assert [(row.key, row.op) for row in found.rows] == [("2", "")]
    assert [note.reason for note in found.refused[0].notes] == ["change.unknown"]


def test_changes_without_a_column_of_their_own_put_every_entry():
    found = changed(source(more="delta: yes"), "nr,name,town\n1,Ann,Kent\n", 1)
    assert [(row.key, row.op) for row in found.rows] == [("1", PUT)]


def test_changes_must_say_what_to_do_with_an_entry():
    with pytest.raises(MusterRollError) as refusal:
        changed(source(more=CHANGES), "nr,name,town\n1,Ann,Kent\n", 1)
    assert refusal.value.what == "The heading lacks: op."


@pytest.mark.parametrize(
    ("heading", "says"),
    [
        ("nr ,\u200ename,\u00a0town", ""),  # white space, or signs that nobody sees, are no part of a name
        ("nr;name;town", "The heading lacks: nr, name, town. It is one cell: is another delimiter used than the "
            "declared one?"),
        ("nr,name,town,town ", "The file has what nobody declared: town ."),  # neither is taken for the other
        ("Nr,NAME,Town ", ""),  # nor are its capitals
        ("nr,name,town,Town", "The file has what nobody declared: Town."),  # again neither is taken for the other
        ("nr,name,Tovn", "The heading lacks: town."),
    ],
)  # fmt: skip
def test_a_heading_is_read_as_it_is_seen(heading, says):
    text = f"{heading}\n" + ("1,Ann,Kent,x\n" if heading.count(",") == 3 else "1,Ann,Kent\n")
    if not says:
        assert [row.texts["town"] for row in delivered(source(), text, 1).rows] == ["Kent"]
        return
    with pytest.raises(MusterRollError) as refusal:
        delivered(source(), text, 1)
    assert refusal.value.what == says


def test_a_column_without_a_name_is_told_as_such():
    with pytest.raises(MusterRollError) as refusal:
        changed(source(more=CHANGES), "op,nr,name,town,\nI,1,Ann,Kent,\n", 1)
    assert refusal.value.what == (
        "The file has what nobody declared: a column without a name (do its lines end with a delimiter?)."
    )


def test_json_changes_may_leave_out_what_is_empty():
    found = changed(source("ndjson", CHANGES), '{"op": "D", "nr": "3"}\n', 1)
    assert [(row.key, row.op) for row in found.rows] == [("3", DROP)]


@pytest.mark.parametrize("form", ["csv", "ndjson"])
@pytest.mark.parametrize("text", ["", "\n"])
def test_a_day_on_which_nothing_changed_is_an_empty_file(form, text):
    found = changed(source(form, CHANGES), text, 0)
    assert (found.rows, found.refused, found.findings) == ((), (), ())


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_nobody_guesses_in_which_order_the_bytes_of_a_letter_are(encoding):
    declared = replace(source(), encoding=encoding)
    text = "a,b\n1,2\n"
    assert lines_of(declared, text.encode(encoding)).heading == ("a", "b")
    with pytest.raises(MusterRollError) as refused:
        lines_of(declared, text.encode(f"{encoding}-le"))
    assert str(refused.value).startswith(f"The file is not written in {encoding}: byte 1 cannot be read.")


def test_a_wrong_heading_is_told_before_what_is_wrong_further_down():
    seen = []
    with pytest.raises(MusterRollError) as refused:
        lines_of(source(), b'a,b\n1,"2', seen.append)
    assert (seen, refused.value.code) == ([("a", "b")], "delivery.truncated")
