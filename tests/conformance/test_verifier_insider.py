"""What a register with every key but the witnesses' could sign, and a third reader of docs/spec found accepted.

Each folder is sound but for one thing, so that only what is to find this can find it. Both verifiers are asked.
"""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from tests import secondverifier
from tests.bundles.files import DRAW, FIRST, LAST, LEAD, served, time_of
from tests.bundles.forged import ANEW, LISTED, REDRAWN, WHOLE, Forged
from tests.bundles.yearlog import YearLog
from tests.published import ROUNDS
from tests.threats import conftest as attacks

from musterroll import canonical
from musterroll.draw import entrant, seed, source, spared, terms
from musterroll.draw import ticket as tickets
from musterroll.draw import transcript as manifests

forge, look = attacks.forge, attacks.look

type Ends = Callable[..., tuple[int, str]]

COUNTED = 4
"""By sex and birth year, 300 people, published counts; two supplements; no pot check."""


@pytest.fixture(scope="module")
def page() -> Iterator[secondverifier.Verifier | None]:
    if shutil.which("node") is None:
        yield None
        return
    with secondverifier.verifier() as verifier:
        yield verifier


@pytest.fixture
def ends(look, page) -> Ends:
    """How both verifiers end, which is alike; and what both say."""

    def run(forged: Forged, receipt: bytes | None = None) -> tuple[int, str]:
        said = look(forged, receipt)
        if page is None:
            return said.code, said.text
        own = None if receipt is None else forged.home / "own.json"
        shown = page.look(forged.home / "published", policy=forged.home / "trust" / "policy.txt", receipt=own)
        assert shown.code == said.code, said.text + shown.text
        return said.code, said.text + shown.text

    return run


def edited(entry: bytes, **members: Any) -> bytes:
    value = json.loads(entry)
    value["p"] |= members
    return canonical.encode(value)


def index_of(forged: Forged, kind: str) -> int:
    return next(i for i, entry in enumerate(forged.logs[0].entries) if json.loads(entry)["k"] == kind)


# The pot check ------------------------------------------------------------------------------------------------------


class Wide(Forged):
    """The register shows its own numbers so widely that they agree with every count: a third of the people are gone."""

    shown: dict[str, int]

    def passed(self, terms: manifests.Manifest, at: int) -> manifests.PotcheckTerms:
        made = super().passed(terms, at)
        value = json.loads(self.files["potcheck.json"]) | self.shown
        count = json.loads(self.files["count.json"])
        for cell in value["cells"]:
            cell["found"] = None if "least" in self.shown else 0
        value["cells"][0]["expected"] = count["cells"][0]["count"] = 3 * count["cells"][0]["count"]
        return self.counted(made, value, count)

    def counted(self, made: manifests.PotcheckTerms, value: Any, count: Any) -> manifests.PotcheckTerms:
        data = canonical.encode(count)
        value["count"] = canonical.sha256_hex(data)
        self.put_count("", canonical.encode(value), data)
        digest = canonical.sha256_hex(self.files["potcheck.json"])
        self.log.entries[-1] = edited(self.log.entries[-1], sha256=digest)
        return replace(made, sha256=digest)


class WideLeast(Wide):
    shown = {"least": 1_000_000}  # noqa: RUF012


class WideRounding(Wide):
    shown = {"rounded_to": 1_000_000}  # noqa: RUF012


class Empty(Wide):
    """The office counted nothing, or nothing that adds up to the list."""

    left: list[Any] = []  # noqa: RUF012

    def passed(self, terms: manifests.Manifest, at: int) -> manifests.PotcheckTerms:
        made = Forged.passed(self, terms, at)
        value, count = json.loads(self.files["potcheck.json"]), json.loads(self.files["count.json"])
        value["cells"] = [one | {"expected": one.pop("count"), "found": 0} for one in json.loads(json.dumps(self.left))]
        count["cells"] = self.left
        return self.counted(made, value, count)


class OnlySources(Empty):
    left = [{"by": "source", "count": 0, "value": "civil"}]  # noqa: RUF012


class AnybodySigns(Forged):
    """The office's key is the neutral point: a signature by it takes no private key."""

    def passed(self, terms: manifests.Manifest, at: int) -> manifests.PotcheckTerms:
        made = super().passed(terms, at)
        self.files["count.sig"] = b"01" + b"00" * 63
        return replace(made, key="01" + "00" * 31)


@pytest.mark.parametrize("kind", [WideLeast, WideRounding, Empty, OnlySources, AnybodySigns])
def test_a_pot_check_that_can_only_hold_is_refused(forge, ends: Ends, kind) -> None:
    assert ends(forge(WHOLE, kind))[0] == 1


class FalseLock(Forged):
    """The office counts again and finds what is there; the register says to have nobody in one stratum."""

    def about(self, found: dict[tuple[str, str], int], stratum: str) -> tuple[str, str]:
        return ("stratum", stratum)

    def failed(self, folder: str, stratum: str, at: int, manifest: str) -> str:
        found, count = self.count({})
        lie = found | {self.about(found, stratum): 0}
        return self.locked(folder, replace(count, manifest=manifest), lie, at)


@pytest.mark.parametrize("number", [REDRAWN, ANEW])
def test_the_registers_word_about_a_stratum_cannot_void_its_own_list(forge, ends: Ends, number: int) -> None:
    assert ends(forge(number))[0] == 0
    assert ends(forge(number, FalseLock))[0] == 1


class DistrictLock(FalseLock):
    """The same lie about a district: no file shows how many of the list live there."""

    def about(self, found: dict[tuple[str, str], int], stratum: str) -> tuple[str, str]:
        return max((cell for cell in found if cell[0] == "district"), key=found.__getitem__)


def test_the_registers_word_about_a_district_is_told_to_be_its_word(forge, ends: Ends) -> None:
    told = "that the register's own numbers of"
    assert told not in ends(forge(REDRAWN))[1]
    code, text = ends(forge(REDRAWN, DistrictLock))
    assert code == 0
    assert told in text


# Counts, quotas and the source's files --------------------------------------------------------------------------------


def stated(change: Callable[[manifests.Manifest], None]) -> type[Forged]:
    """Folders whose manifest is as `change` makes it, past what the program would write."""

    class Stated(Forged):
        def terms(self, at: int, *, counted: bool) -> manifests.Manifest:
            made = super().terms(at, counted=counted)
            change(made)
            return made

    return Stated


def rounded(made: manifests.Manifest) -> None:
    for name, value in {"considered": 10**6, "excluded": 0, "rounded_to": 10**6}.items():
        object.__setattr__(made.source, name, value)


def all_wanted(made: manifests.Manifest) -> None:
    """More are wanted than there are: then everybody, and nothing is wrong."""
    object.__setattr__(made.cohort.quota, "total", made.cohort.size + 7)
    for stratum in made.cohort.strata:
        object.__setattr__(stratum, "quota", stratum.size)


def too_many_floors(made: manifests.Manifest) -> None:
    object.__setattr__(made.cohort.quota, "total", 10)
    object.__setattr__(made.cohort.quota, "floor", 20)
    for stratum in made.cohort.strata:
        object.__setattr__(stratum, "quota", 20)


def a_long_alpha(made: manifests.Manifest) -> None:
    object.__setattr__(made.fairness, "alpha", "0.000000000000000000001")


def holder(text: str) -> Callable[[manifests.Manifest], None]:
    return lambda made: object.__setattr__(made.source, "key_holder", text)


@pytest.mark.parametrize(
    ("number", "change", "code"),
    [
        (COUNTED, rounded, 1),
        (COUNTED, all_wanted, 0),
        (COUNTED, too_many_floors, 1),
        (COUNTED, a_long_alpha, 1),
        (LISTED, holder("Register.Example"), 1),
        (LISTED, holder(" register.example. "), 1),
        (LISTED, holder(" "), 1),
    ],
)
def test_terms_that_two_readers_could_take_in_two_ways(
    forge, ends: Ends, monkeypatch: pytest.MonkeyPatch, number: int, change, code: int
) -> None:
    # An insider's program refuses nothing.
    monkeypatch.setattr(source, "MOST_ROUNDED", 10**9)
    monkeypatch.setattr(terms, "_ALPHA", re.compile(r"0\.[0-9]+"))
    kept = terms._apportioned
    monkeypatch.setattr(
        terms, "_apportioned", lambda rule, sizes: (20,) * len(sizes) if rule.floor else kept(rule, sizes)
    )
    found, text = ends(forge(number, stated(change)))
    assert found == code, text


@pytest.mark.parametrize("name", ["source.bin", "nullifiers.bin", "excluded.bin"])
def test_a_file_of_a_list_that_the_manifest_does_not_name_is_refused(forge, ends: Ends, name: str) -> None:
    forged = forge(COUNTED)
    forged.files[name] = bytes(32)
    forged.write_again()
    assert ends(forged)[0] == 1


# The list -------------------------------------------------------------------------------------------------------------


class Twin(entrant.Entrant):
    """An entry with somebody else's C."""

    __slots__ = ()
    whose = b""

    @property
    def commitment(self) -> bytes:
        return type(self).whose


class TwoStrata(Forged):
    """One person's C stands in two strata: each time at its place, so that the list ascends."""

    def enter(self) -> tuple[entrant.Entrant, ...]:
        made = super().enter()
        one = made[0]
        other = next(e for e in made if e.stratum != one.stratum)
        kind = type("Other", (Twin,), {"__slots__": (), "whose": one.commitment})
        return (*(e for e in made if e is not other), kind(*(getattr(other, n) for n in other.__dataclass_fields__)))


def test_one_entry_in_two_strata_is_refused(forge, ends: Ends) -> None:
    assert ends(forge(COUNTED))[0] == 0
    code, text = ends(forge(COUNTED, TwoStrata))
    assert (code, "somebody stands in the list twice" in text) == (1, True), text


def test_a_tile_beyond_the_list_is_refused(forge, ends: Ends) -> None:
    forged = forge(WHOLE)
    assert any(name.startswith("cohort/tile/") for name in forged.files)
    forged.files["cohort/tile/0/007"] = bytes(8192)
    forged.write_again()
    assert ends(forged)[0] == 1


# Time and the ledger --------------------------------------------------------------------------------------------------


class AtTheRound(Forged):
    """No lead is stated, and the witnesses see the manifest in the very second of the round."""

    def attempts(self, at: int) -> manifests.Manifest:
        return super().attempts(time_of(FIRST) - 30)

    def terms(self, at: int, *, counted: bool) -> manifests.Manifest:
        return replace(super().terms(at, counted=counted), min_lead=0)


def test_a_manifest_seen_in_the_second_of_its_round_is_not_shown_to_be_earlier(forge, ends: Ends) -> None:
    assert ends(forge(COUNTED, AtTheRound))[0] == 3


def entry(kind: str, **members: Any) -> Callable[[Forged], None]:
    """One more entry at the end of the log, as the first of its kind but for `members`."""

    def more(forged: Forged) -> None:
        forged.log.entries.append(edited(forged.log.entries[index_of(forged, kind)], **members))

    return more


@pytest.mark.parametrize(
    "change",
    [
        entry("draw.result", draw="xx-2023-c", seed="77" * 32),
        entry("draw.ceremony", draw="xx-2023-c", symbols="1" * 40),
        entry("draw.fairness", draw="xx-2023-c", verdict="flag"),
        entry("draw.spared", draw="xx-2023-c"),
        entry("draw.spared", manifest="77" * 32),
        entry("supplement", number=3, parent="77" * 32),
    ],
)
def test_an_entry_about_this_manifest_counts_whatever_it_names_beside_it(forge, ends: Ends, change) -> None:
    forged = forge(WHOLE)
    assert ends(forged)[0] == 0
    change(forged)
    forged.write_again()
    assert ends(forged)[0] == 1


@pytest.mark.parametrize("said", [{"attempt": True}, {"attempt": 2}, {"supersedes": "77" * 32}])
def test_the_entry_says_of_the_attempt_what_the_manifest_says(forge, ends: Ends, said) -> None:
    forged = forge(LISTED)
    index = index_of(forged, "draw.manifest")
    forged.log.entries[index] = edited(forged.log.entries[index], **said)
    for name, kind in {"manifest": "draw.manifest", "spared": "draw.spared"}.items():
        at = time_of(FIRST) - LEAD - 4 * 86_400 if name == "manifest" else time_of(LAST) - 60
        forged.files[f"{name}.tlog-proof"] = forged.log.prove(index_of(forged, kind), at)
    forged.write_again()
    assert ends(forged)[0] == 1


def test_a_supplements_proof_is_of_the_ledger_that_is_published(forge, ends: Ends) -> None:
    forged = forge(WHOLE)
    index = index_of(forged, "supplement")
    assert index > 0
    log = forged.logs[0]
    other = YearLog(log.folder, log.origin, log.key, log.entries[: index + 1])
    other.entries[0] = edited(other.entries[0], sha256="77" * 32)
    forged.files["supplement-01/manifest.tlog-proof"] = other.prove(index, forged.seen - 60)
    forged.write_again()
    code, text = ends(forged)
    assert (code, "the manifest's proof is of another ledger" in text) == (1, True), text


class FewOpened(Forged):
    """An auditor is to see two of the spared."""

    def spare(self) -> None:
        super().spare()
        self.log.entries[-1] = edited(self.log.entries[-1], sample=2)
        self.files["spared.tlog-proof"] = self.log.prove(len(self.log.entries) - 1, time_of(LAST) - 60)
        value = seed.drand_value(ROUNDS[LAST])
        self.files["spared.json"] = served(
            LAST, sample=spared.sample(self.manifest.encode(), value, self.spared_list, 2)
        )


def test_fewer_spared_to_open_than_an_auditor_has_to_see_are_not_shown_to_be_enough(forge, ends: Ends) -> None:
    assert ends(forge(WHOLE, FewOpened))[0] == 3


# What people hold -----------------------------------------------------------------------------------------------------

PASSED_OVER = {"draw": DRAW, "ground": "exempt", "kind": "skipped", "person": "XX1", "place": "2", "stratum": "female"}


class Own(Forged):
    """One of the spared has a record that no program would write."""

    record = b""

    def spare(self) -> None:
        kept = spared.excluded
        salt = bytes(32)
        made: list[spared.Entry] = []

        def first(**members: Any) -> spared.Entry:
            one = kept(**members)
            if not made:
                one = replace(one, salt=salt, record=self.record)
                made.append(one)
            return one

        spared.excluded = first  # type: ignore[assignment]
        try:
            super().spare()
        finally:
            spared.excluded = kept
        self.own = made[0]


@pytest.mark.parametrize(
    ("record", "code"),
    [
        (PASSED_OVER, 0),
        (PASSED_OVER | {"ground": "Paid"}, 1),
        (PASSED_OVER | {"ground": ""}, 1),
        (PASSED_OVER | {"stratum": "nobody's"}, 1),
        (PASSED_OVER | {"place": "02"}, 1),
        (PASSED_OVER | {"place": "0"}, 1),
        (PASSED_OVER | {"place": 2}, 1),
        (PASSED_OVER | {"place": "17+S1.1"}, 0),
        (PASSED_OVER | {"person": ["XX1", "XX2"]}, 1),
        (PASSED_OVER | {"note": "x"}, 1),
        (PASSED_OVER | {"kind": "excluded"}, 1),
        ({name: value for name, value in PASSED_OVER.items() if name != "place"}, 1),
    ],
)
def test_a_record_of_the_spared_has_its_form(forge, ends: Ends, record: dict[str, Any], code: int) -> None:
    forged = forge(WHOLE, type("Recorded", (Own,), {"record": canonical.encode(record)}))
    data = tickets.outside(forged.own, forged.manifest, forged.spared_list).encode()
    assert ends(forged)[0] == 0
    assert ends(forged, data)[0] == code


class OneForTwo(Forged):
    """The record of an entry names two people: both would find themselves in it."""

    def enter(self) -> tuple[entrant.Entrant, ...]:
        one, *others = super().enter()
        value = json.loads(one.record)
        self.shared = replace(one, record=canonical.encode(value | {"person": [value["person"], "XX9"]}))
        return (self.shared, *others)


def test_an_entry_is_of_one_person(forge, ends: Ends) -> None:
    forged = forge(COUNTED, OneForTwo)
    assert ends(forged, tickets.inside(forged.shared, forged.manifest, forged.cohort).encode())[0] == 1


def test_a_ticket_says_place_or_label_and_not_both(forge, ends: Ends) -> None:
    forged = forge(COUNTED)
    one = forged.entrants[3]
    value = json.loads(
        tickets.inside(one, forged.manifest, forged.cohort, label=forged.label(forged.main, one)).encode()
    )
    assert ends(forged, canonical.encode(value))[0] == 0
    value["in"]["label"] = "1+S1.1"
    assert ends(forged, canonical.encode(value))[0] == 1


@pytest.mark.parametrize("folder", ["../" + DRAW, ".", "/", "supplement-1"])
def test_a_ticket_names_a_folder_of_its_draw(forge, ends: Ends, folder: str) -> None:
    forged = forge(COUNTED)
    value = json.loads(tickets.inside(forged.entrants[3], forged.manifest, forged.cohort).encode())
    value["in"]["folder"] = folder
    assert ends(forged, canonical.encode(value))[0] == 1


# Files ----------------------------------------------------------------------------------------------------------------


def test_a_file_that_nobody_reads_is_told_though_it_is_listed(forge, ends: Ends) -> None:
    forged = forge(LISTED)
    forged.files["audit-2.json"] = b"{}"
    forged.write_again()
    code, text = ends(forged)
    assert code == 0
    assert "audit-2.json is no file of the bundle, though SHA256SUMS lists it" in text


@pytest.mark.parametrize("link", ["supplement-01", "further", "cohort/tile/zz"])
def test_a_link_is_not_followed(forge, ends: Ends, link: str) -> None:
    forged = forge(WHOLE)
    (forged.bundle / link).unlink(missing_ok=True) if (forged.bundle / link).is_file() else None
    if (forged.bundle / link).is_dir():
        (forged.bundle / link).rename(forged.home / "elsewhere")
    else:
        (forged.home / "elsewhere").mkdir()
    (forged.bundle / link).symlink_to(forged.home / "elsewhere")
    assert ends(forged)[0] == 2


def test_half_of_a_surrogate_pair_is_no_text(forge, ends: Ends) -> None:
    forged = forge(LISTED)
    one = forged.entrants[3]
    ticket = tickets.inside(one, forged.manifest, forged.cohort).encode()
    assert ends(forged, ticket.replace(b'"folder":""', b'"folder":"","\\ud800":1'))[0] == 1
    forged.say("result.json", note="x")
    forged.files["result.json"] = forged.files["result.json"].replace(b'"note":"x"', b'"seed\\ud800":"x"')
    forged.write_again()
    assert ends(forged)[0] == 1
