"""What else may lie in a draw's folder: pot check, source, table, the spared, supplements, the page."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

from tests.published import DRAW_ROUND, LAST_ROUND, ROUNDS, SYMBOLS, people, terms

from musterroll import canonical
from musterroll.draw import order, seed, spared, table, transcript
from musterroll.draw.commitment import Cohort
from musterroll.draw.spared import SparedList
from musterroll.draw.table import Table, TableTerms
from musterroll.draw.terms import CohortTerms
from musterroll.engine import bundle
from musterroll.engine.bundle import Before, Bundle, PotcheckFiles, SourceFiles, SparedFiles

COHORT = Cohort.of(people(60))
MANIFEST = terms(COHORT)
COUNTED = PotcheckFiles(b"check", b"count", "aa" * 64)


def test_what_is_given_lies_where_the_page_says() -> None:
    whole = Bundle(
        MANIFEST.encode(),
        COHORT.data,
        stamps={"first": b"1", "second": b"2"},
        source=SourceFiles(b"s", b"n", b"e"),
        potcheck=COUNTED,
        before=Before(b"before", COUNTED),
        fairness=b"{}",
    )
    files = whole.files()
    assert {path: data for path, data in files.items() if not path.startswith("cohort")} == {
        "manifest.json": MANIFEST.encode(),
        "manifest.first.tsr": b"1",
        "manifest.second.tsr": b"2",
        "source.bin": b"s",
        "nullifiers.bin": b"n",
        "excluded.bin": b"e",
        "potcheck.json": b"check",
        "count.json": b"count",
        "count.sig": b"aa" * 64,
        "before/manifest.json": b"before",
        "before/potcheck.json": b"check",
        "before/count.json": b"count",
        "before/count.sig": b"aa" * 64,
        "fairness-private.json": b"{}",
    }


def test_without_a_holder_outside_there_is_no_list_of_those_left_out() -> None:
    quiet = Bundle(MANIFEST.encode(), COHORT.data, source=SourceFiles(b"s", b"n"), before=Before())
    assert "excluded.bin" not in quiet.files()
    assert not any(path.startswith("before/") for path in quiet.files())


def test_the_spared_are_published_before_the_round_and_their_sample_after_it() -> None:
    entries = [
        spared.excluded(draw="xx-2027-a", person=f"Z{i}", ground="ended", kp=hashlib.sha256(bytes([i])).digest())
        for i in range(20)
    ]
    listed = SparedList.of(entries)
    files = SparedFiles(listed.data, b"", b"proof", LAST_ROUND, 5)
    before = Bundle(MANIFEST.encode(), COHORT.data, spared=files).files()
    assert (before["spared.bin"], before["hand.bin"], before["spared.tlog-proof"]) == (listed.data, b"", b"proof")
    assert "spared.json" not in before
    after = Bundle(MANIFEST.encode(), COHORT.data, spared=replace(files, signature=ROUNDS[LAST_ROUND])).files()
    shown = json.loads(after["spared.json"])
    value = seed.drand_value(ROUNDS[LAST_ROUND])
    assert shown["sample"] == list(spared.sample(MANIFEST.encode(), value, listed, 5))
    assert (shown["round"], shown["randomness"]) == (LAST_ROUND, value.hex())


def test_a_supplement_lies_in_a_folder_of_its_own(tmp_path: Path) -> None:
    late = Cohort.of(people(25)[20:])
    manifest = transcript.Manifest(
        draw=MANIFEST.draw,
        register=MANIFEST.register,
        attempt=1,
        supersedes=None,
        cohort=CohortTerms.unquoted(late),
        randomness=(transcript.Drand.quicknet(LAST_ROUND),),
        kind=transcript.SUPPLEMENT,
        parent=MANIFEST.digest,
        number=1,
    )
    value = seed.drand_value(ROUNDS[LAST_ROUND])
    ranked = order.result(manifest.encode(), late.data, [value])
    part = Bundle(manifest.encode(), late.data, beacon=ROUNDS[LAST_ROUND], order=ranked)
    bundle.write(tmp_path, Bundle(MANIFEST.encode(), COHORT.data, parts=(part,)))
    inside = tmp_path / "supplement-01"
    assert (inside / "order.bin").read_bytes() == ranked.data
    assert (inside / "cohort" / "tile" / "entries" / "000.p" / "5").is_file()
    assert not (inside / "fairness.json").exists()
    assert "  supplement-01/manifest.json\n" in (tmp_path / "SHA256SUMS").read_text()


def test_a_draw_by_table_shows_how_the_drums_are_loaded_before_the_table_is_drawn() -> None:
    dated = Cohort.of(people(60), dated=True)
    manifest = replace(terms(dated), algorithm=transcript.BY_TABLE, table=TableTerms(366, "2026-01-01"), fairness=None)
    nothing = Bundle(manifest.encode(), dated.data).files()
    assert "loading.json" not in nothing
    signature = ROUNDS[DRAW_ROUND]
    values = [seed.drand_value(signature), SYMBOLS.encode()]
    drawn = seed.derive(manifest.encode(), values)
    waiting = Bundle(manifest.encode(), dated.data, ceremony=SYMBOLS, beacon=signature).files()
    assert waiting["loading.json"] == table.loading_json(manifest.digest, drawn, 366)
    numbers = Table(tuple(5 * day % 367 for day in range(1, 367)))
    ranked = order.result_by_table(manifest.encode(), dated.data, values, numbers)
    held = Bundle(
        manifest.encode(),
        dated.data,
        ceremony=SYMBOLS,
        beacon=signature,
        order=ranked,
        table=numbers.encode(),
        table_proof=b"proof",
    ).files()
    assert held["loading.json"] == waiting["loading.json"]
    assert (held["table.csv"], held["order.bin"]) == (numbers.encode(), ranked.data)
    assert "fairness.json" not in held


def test_the_page_is_there_where_the_manifest_names_it(tmp_path: Path) -> None:
    named = replace(MANIFEST, page=bundle.page())
    bundle.write(tmp_path, Bundle(named.encode(), COHORT.data))
    assert (tmp_path / "verify.html").read_bytes() == bundle.PAGE.read_bytes()
    old = b"<title>the page of that day</title>"
    other = replace(MANIFEST, page=canonical.sha256_hex(old))
    bundle.write(tmp_path / "old", Bundle(other.encode(), COHORT.data))
    assert not (tmp_path / "old" / "verify.html").exists()
    (tmp_path / "old" / "verify.html").write_bytes(old)
    bundle.write(tmp_path / "old", Bundle(other.encode(), COHORT.data))
    assert (tmp_path / "old" / "verify.html").read_bytes() == old
    assert "  verify.html\n" in (tmp_path / "old" / "SHA256SUMS").read_text()
