"""Opaque identities are keyed, stable and of the promised size."""

from musterroll import errors, ids

KEY = bytes(32)


def test_a_record_keeps_its_number_and_another_source_has_another():
    number = ids.record_number(KEY, "civil", "123-45-6789")
    assert number == ids.record_number(KEY, "civil", "123-45-6789") < 2**63
    assert number != ids.record_number(KEY, "pay", "123-45-6789")
    assert number != ids.record_number(b"\x01" * 32, "civil", "123-45-6789")


def test_a_ref_is_sixteen_letters():
    assert len(ids.person_ref(KEY, 7)) == 16
    assert ids.person_ref(KEY, 7).islower() or ids.person_ref(KEY, 7).isalnum()


def test_entry_ids_come_from_the_natural_key_of_the_act():
    assert ids.entry_uuid(KEY, "draw/demo") == ids.entry_uuid(KEY, "draw/demo") != ids.entry_uuid(KEY, "draw/other")
    assert ids.entry_uuid(KEY, "draw/demo").version == 8
    assert len(ids.person_key(KEY, "person/7")) == 32


def test_an_error_says_what_where_and_what_to_do():
    bare = errors.MusterRollError("home.busy", "Another muster runs here.")
    assert str(bare) == "Another muster runs here. [home.busy]"
    full = errors.MusterRollError("a.b", "What.", where="file, line 3", remedy="Mend it.", exit_code=2)
    assert str(full) == "What. Where: file, line 3. What to do: Mend it. [a.b]"
    assert full.exit_code == 2


def test_a_matter_s_code_says_what_it_is_of_and_nothing_of_whom():
    code = ids.code(b"k" * 32, "F", "filing", "filing/7/1")
    assert code == ids.code(b"k" * 32, "F", "filing", "filing/7/1")
    assert code != ids.code(b"k" * 32, "F", "case", "filing/7/1")
    letter, digits = code.split("-")
    assert (letter, len(digits), int(digits, 16) < 2**64) == ("F", 16, True)
