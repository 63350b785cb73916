"""Manifests and profiles are written and read back; what is not as agreed is refused."""

import pytest
from tests.spec.extract.test_bad_deliveries import manifest as made
from tests.spec.extract.test_plausibility import received, rows

from musterroll.canonical import decode as read_json
from musterroll.canonical import encode as write_json
from musterroll.errors import MusterRollError
from musterroll.extract import manifest, profile


def test_a_manifest_is_read_as_it_was_written():
    assert manifest.decode(made().encode()) == made()


@pytest.mark.parametrize(
    "change",
    [
        {"rows": "2"},
        {"rows": True},
        {"full": 1},
        {"source": 7},
        {"surprise": 1},
    ],
)
def test_a_manifest_with_another_form_is_refused(change):
    with pytest.raises(MusterRollError) as refusal:
        manifest.decode(write_json({**read_json(made().encode()), **change}))
    assert refusal.value.code == "manifest.malformed"


def test_a_manifest_that_is_a_list_is_refused():
    with pytest.raises(MusterRollError) as refusal:
        manifest.decode(b"[]")
    assert refusal.value.code == "manifest.malformed"


@pytest.mark.parametrize(
    ("member", "value", "code"), [("as_of", "2021-02-30", "date.malformed"), ("sent", "noon", "time.malformed")]
)
def test_a_manifest_with_an_impossible_time_is_refused(member, value, code):
    with pytest.raises(MusterRollError) as refusal:
        manifest.decode(write_json({**read_json(made().encode()), member: value}))
    assert refusal.value.code == code


def test_a_profile_is_read_as_it_was_written():
    kept = received(rows()).profile
    assert profile.decode(kept.encode()) == kept


@pytest.mark.parametrize("change", [{"v": 4}, {"as_of": "never-ever"}, {"surprise": 1}, {"codes": 3}])
def test_a_profile_of_another_form_is_refused(change):
    text = write_json({**read_json(received(rows()).profile.encode()), **change})
    with pytest.raises(MusterRollError) as refusal:
        profile.decode(text)
    assert refusal.value.code == "profile.malformed"
