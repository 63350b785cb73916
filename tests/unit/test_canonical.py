"""Canonical JSON: one way to bytes, strict on the way back."""

import hashlib

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from musterroll import canonical
from musterroll.errors import MusterRollError

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(max_codepoint=127)), inner),
    max_leaves=20,
)


@given(values)
def test_what_is_written_is_rfc_8785_and_reads_back_as_it_was(value):
    try:
        written = canonical.encode(value)
    except UnicodeEncodeError:  # lone surrogates have no UTF-8
        return
    assert written == rfc8785.dumps(value)
    assert canonical.decode(written) == value


@pytest.mark.parametrize("value", [1.5, 2**53, -(2**53), {1: 2}, {"é": 1}, [object()], b"bytes"])
def test_values_without_a_canonical_form_are_programming_errors(value):
    with pytest.raises(ValueError):
        canonical.encode(value)


@pytest.mark.parametrize(
    "text",
    [b'{"a":1,"a":2}', b"1.0", b"1e3", b"NaN", b"9007199254740992", b"{", b"\xff", b'{"\xc3\xa9":1}', b"[" * 100_000],
)
def test_anything_else_is_refused_without_repeating_it(text):
    with pytest.raises(MusterRollError) as refused:
        canonical.decode(text, where="manifest.json")
    assert refused.value.code == "json.malformed"
    assert "Where: manifest.json." in str(refused.value)


def test_digests_and_tags():
    assert canonical.sha256_hex(b"") == hashlib.sha256(b"").hexdigest() == canonical.sha256(b"").hex()
    assert canonical.tag("entry").hex() == "4fa85ebef9dc5ae9d4179c91cd03c0e195b0ff95291f07445a7ff95aef803a55"
