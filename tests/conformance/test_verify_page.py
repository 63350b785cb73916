"""verify.html, the second verifier: written by other hands, in another language, and its answers are the same."""

import base64
import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests import secondverifier
from tests.conformance import test_verifier_tampering as tampering
from tests.conformance.test_golden_draw import BORN, MANIFEST
from tests.published import DRAND, Published, sums
from tests.secondverifier import PAGE, SOURCES, Verifier, asked, node

from musterroll import canonical
from musterroll.engine import bundle
from musterroll.ledger.log import grow

QUICKNET = json.loads((DRAND / "quicknet.json").read_bytes())
NEGATIVE = json.loads((DRAND / "negative.json").read_bytes())
LOTTERIES = Path(__file__).parent / "us-lottery"


@pytest.fixture(scope="module")
def page() -> Iterator[Verifier]:
    with secondverifier.verifier() as verifier:
        yield verifier


def golden(folder: Path) -> None:
    """The example of docs/spec/draw.md as three files, made from what the page says and by nothing of ours."""
    tag = hashlib.sha256(b"muster-roll/entry/v1").digest()
    leaves = []
    for i, born in enumerate(BORN):
        record = {"born": born, "draw": "xx-2027-a", "person": f"XX{i:09}", "stratum": f"XX-0{i % 3 + 1}"}
        text = json.dumps(record, sort_keys=True, separators=(",", ":"))
        salt = hashlib.sha256(b"test salt %d" % i).digest()
        leaves.append((i % 3).to_bytes(2, "big") + hashlib.sha256(tag + salt + text.encode()).digest())
        if i == 7:
            value = {"draw": "xx-2027-a", "index": 4, "place": 2, "record": text, "salt": salt.hex()}
            (folder.parent / "receipt.json").write_text(json.dumps(value))
    row = QUICKNET["rounds"][-1]
    (folder / "manifest.json").write_bytes(MANIFEST)
    (folder / "cohort.bin").write_bytes(b"".join(sorted(leaves)))
    (folder / "beacon.json").write_text(json.dumps({k: row[k] for k in ("round", "signature", "randomness")}))
    (folder / "ceremony.txt").write_text("3141592653589793238462643383279502884197")
    said = {
        "manifest_sha256": "07d9c1299a5e8bd0128becd535258596e7f2a2cde726170c171939e407f9e3c3",
        "order_sha256": "deec6fcc29a0f499ea90b39188f1af00e6fcda63cd0f54080e534a33bd8ed75d",
        "seed": "48afb397578ab7741efc2a1f760b44a86299e87c90f43acb6c6e1a46ae51f860",
        "v": 1,
    }
    (folder / "result.json").write_text(json.dumps(said))
    sums(folder)


def test_it_finds_the_golden_example_correct_and_says_what_is_not_stated(page: Verifier, tmp_path: Path) -> None:
    (tmp_path / "bundle").mkdir()
    golden(tmp_path / "bundle")
    shown = page.look(tmp_path / "bundle", receipt=tmp_path / "receipt.json")
    assert shown.code == 3, shown.text
    assert "seed: 48afb397578ab7741efc2a1f760b44a86299e87c90f43acb6c6e1a46ae51f860" in shown.text
    assert "SHA-256 deec6fcc29a0f499ea90b39188f1af00e6fcda63cd0f54080e534a33bd8ed75d" in shown.text
    assert "your draw value is 0.300224914, your place 2 in XX-02" in shown.text
    assert re.search(r"NOT STATED +min_lead\n", shown.text)
    assert "WRONG" not in shown.text


def test_it_takes_the_ticket_of_the_specification(page: Verifier, tmp_path: Path) -> None:
    """The block `example-ticket` in docs/spec/draw.md, over the golden example: it holds, and no other path does."""
    text = (Path(__file__).parents[2] / "docs" / "spec" / "draw.md").read_text()
    block = re.search(r"```example-ticket\nin\n(\{.*\})\n", text)
    assert block is not None
    (tmp_path / "bundle").mkdir()
    golden(tmp_path / "bundle")
    ticket = tmp_path / "my-ticket.json"
    ticket.write_text(block[1])
    shown = page.look(tmp_path / "bundle", receipt=ticket)
    assert shown.code == 3, shown.text
    assert "your draw value is 0.300224914, your place 2 in XX-02" in shown.text
    few = tmp_path / "few"
    few.mkdir()
    shutil.copy(tmp_path / "bundle" / "manifest.json", few)
    assert "your entry is in the list at index 4" in page.look(few, receipt=ticket, alone=True).text
    value = json.loads(block[1])
    value["in"]["path"][0] = "00" * 32
    ticket.write_text(json.dumps(value))
    for folder, alone in ((tmp_path / "bundle", False), (few, True)):
        shown = page.look(folder, receipt=ticket, alone=alone)
        assert shown.code == 1
        assert "Your ticket's path does not lead to the root." in shown.text


def test_it_takes_every_real_round_and_refuses_every_forgery() -> None:
    rows = [*QUICKNET["rounds"], *NEGATIVE["entries"], NEGATIVE["valid_companion"]]
    keyed = [[row.get("public_key", QUICKNET["chain"]["public_key"]), row["round"], row["signature"]] for row in rows]
    key, number, signature = keyed[0]
    malformed = [
        [key, number, signature[:-2]],
        [key, number, ""],
        [key, number, "80" + "00" * 46 + "01"],
        [key[:-2], number, signature],
        ["80" + "00" * 95, number, signature],
        ["9f" + "ff" * 95, number, signature],
    ]
    found = asked("return value.map(([k, r, s]) => page.beacon.signed(unhex(k), r, unhex(s)))", keyed + malformed)
    assert found == [True] * 12 + [False] * 9 + [True] + [False] * 6
    assert asked("return page.beacon.chainHash()") == QUICKNET["chain"]["hash"]


def test_its_hash_is_sha_256() -> None:
    messages = [bytes(range(n % 251)) * (1 + n // 251) for n in [*range(260), 1_000, 10_000, 100_000]]
    found = asked("return value.map((text) => hex(page.sha256(unhex(text))))", [m.hex() for m in messages])
    assert found == [hashlib.sha256(m).hexdigest() for m in messages]


def test_it_reads_the_example_of_signed_notes_with_the_browser_and_without() -> None:
    vkey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
    line = "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM="
    text = "This is an example message.\n"
    good = f"{text}\n— example.com/foo {line}\n"
    script = """
      const out = [];
      for (const text of value.notes) {
        try {
          const note = page.note.split(new TextEncoder().encode(text), "note");
          out.push((await page.note.verified(note, [page.note.key(value.vkey)], "note")).length);
        } catch (error) {
          out.push(error.code);
        }
      }
      const key = page.note.key(value.vkey);
      const note = page.note.split(new TextEncoder().encode(value.notes[0]), "note");
      out.push(page.signedByScript(key.bytes, new TextEncoder().encode(note.text), note.lines[0].signature));
      out.push(page.signedByScript(key.bytes, new TextEncoder().encode("another"), note.lines[0].signature));
      return out;
    """
    notes = [
        good,
        good.replace("message", "massage"),
        good.replace("example.com/foo", "example.com/bar"),
        good.replace("\n\n", "\n"),
        good[:-1],
        good.replace("=\n", "\n"),
    ]
    found = asked(script, {"notes": notes, "vkey": vkey})
    assert found == [1, "note.signature", 0, "note.form", "note.form", "note.form", True, False]


def test_its_tree_of_70_000_leaves_has_the_tiles_of_the_specification() -> None:
    """273 full tiles and one of 112; one full and one of 17; one of 1 (tlog-tiles)."""
    script = """
      const { Tree, leaf, bytesOf, tilePath } = page.tree;
      const tree = new Tree();
      const paths = [];
      for (let first = 0; first < 70000; first += 256) {
        const count = Math.min(256, 70000 - first);
        const hashes = new Int32Array(8 * count);
        for (let i = 0; i < count; i++) hashes.set(leaf(new TextEncoder().encode(`entry ${first + i}`)), 8 * i);
        tree.add(hashes, count);
        paths.push(tilePath(0, first / 256, count));
      }
      const above = {};
      for (const [level, number, count] of [[1, 0, 256], [1, 1, 17], [2, 0, 1]]) {
        above[tilePath(level, number, count)] = hex(page.sha256(tree.tile(level, 256 * number, count)));
      }
      return { root: hex(bytesOf(tree.root())), paths, above, widths: [tree.width(1), tree.width(2), tree.width(3)] };
    """
    found = asked(script)
    ours = grow(0, [b"entry %d" % i for i in range(70_000)], _nothing)
    files = dict(ours.files)
    assert found["root"] == ours.root.hex()
    assert found["widths"] == [273, 1, 0]
    assert found["paths"][-2:] == ["tile/0/272", "tile/0/273.p/112"]
    assert set(found["paths"]) <= set(files)
    assert sorted(found["above"]) == ["tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"]
    assert found["above"] == {path: hashlib.sha256(files[path]).hexdigest() for path in found["above"]}


@pytest.mark.parametrize("size", [1, 2, 3, 7, 255, 256, 257, 513, 700])
def test_its_proofs_are_those_of_rfc_6962(size: int) -> None:
    """Inclusion and consistency, against the definition in RFC 6962 spelt out here."""
    leaves = [b"leaf %d" % i for i in range(size)]
    cases = sorted({0, size // 3, size - 1})
    value = {
        "size": size,
        "root": mth(leaves).hex(),
        "in": [[i, mth([leaves[i]]).hex(), [h.hex() for h in path(i, leaves)]] for i in cases],
        "grown": [
            [m, mth(leaves[:m]).hex(), [h.hex() for h in subproof(m, leaves, True)]]
            for m in sorted({1, size // 2, size})
            if m
        ],
    }
    script = """
      const { rootFromInclusion, consistent } = page.tree;
      const root = unhex(value.root);
      const inside = value.in.map(([index, leaf, path]) => {
        const steps = path.map(unhex);
        const at = (i, p) => {
          const found = rootFromInclusion(i, value.size, unhex(leaf), p);
          return found && hex(found);
        };
        return [at(index, steps), at(index, [...steps, root]), steps.length ? at(index, steps.slice(1)) : null];
      });
      const grown = value.grown.map(([size, old, path]) => {
        const steps = path.map(unhex);
        const other = root.map((byte) => byte ^ 1);
        return [unhex(old), other].map((before) => consistent(size, value.size, before, root, steps));
      });
      return { inside, grown };
    """
    found = asked(script, value)
    for right, more, fewer in found["inside"]:
        assert right == value["root"]
        assert more != value["root"]
        assert fewer != value["root"]
    assert found["grown"] == [[True, False]] * len(value["grown"])


def test_its_fairness_figures_are_those_of_the_page_about_them() -> None:
    """The table in docs/spec/fairness.md: the lotteries of 1969 to 1972."""
    expected = {
        "lottery_1969_for_1970.csv": "0.000050 0.001100 0.005700 0.000050 0.224889 0.346533 0.000750",
        "lottery_1970_for_1971.csv": "0.788211 0.332533 0.774211 0.779211 0.561072 0.355732 0.336983",
    }
    tables = []
    for name in expected:
        rows = (LOTTERIES / name).read_text().splitlines()[1:]
        tables.append([int(row.rsplit(",", 1)[1]) for row in rows])
    script = """
      const report = { progress() {} };
      const out = [];
      for (const table of value) {
        out.push(await page.fairness.figures(Uint16Array.from(table), new Uint8Array(32), report));
      }
      return out.map((tests) => tests.map(([, p]) => p.toFixed(6)).join(" "));
    """
    assert asked(script, tables) == list(expected.values())


TAMPERED = [
    tampering.swap,
    tampering.drop,
    tampering.duplicate,
    tampering.replace,
    tampering.another_round,
    tampering.another_value,
    tampering.torsion,
    tampering.ceremony,
    tampering.quota,
    tampering.whitespace,
    tampering.order_changed,
]


@pytest.mark.parametrize("tamper", TAMPERED, ids=lambda tamper: tamper.__name__)
def test_a_changed_draw_is_wrong(page: Verifier, published: Published, tamper: Callable[[Published], None]) -> None:
    tamper(published)
    sums(published.bundle)
    shown = page.look(published.folder)
    assert shown.code == 1, shown.text
    assert "SOMETHING IS WRONG. Keep these files as they are" in shown.text


def test_a_whole_published_folder_holds(page: Verifier, published: Published, tmp_path: Path) -> None:
    for person in range(0, 60, 13):
        receipt = tmp_path / "receipt.json"
        receipt.write_bytes(published.receipt(person))
        shown = page.look(published.folder, receipt=receipt)
        assert shown.code == 0, shown.text
        stratum, place = published.order.place_of(published.entrants[person].commitment)
        assert f"your place {place} in {published.cohort.strata[stratum]}" in shown.text
    receipt.write_bytes(canonical.encode(json.loads(published.receipt(3)) | {"place": 25}))
    assert page.look(published.folder, receipt=receipt).code == 1
    published.policy.unlink()
    assert page.look(published.folder).code == 3


@pytest.mark.parametrize("count", [1, 60, 300, 256 * 3, 66_000])
def test_one_person_needs_few_files(page: Verifier, tmp_path: Path, count: int) -> None:
    """Manifest, receipt and the tiles on the way of one index; the place is not shown, and no other entry is told."""
    leaves, salts = [], {}
    tag = hashlib.sha256(b"muster-roll/entry/v1").digest()
    for i in range(count):
        salts[i] = hashlib.sha256(b"salt %d" % i).digest()
        record = canonical.encode({"born": "2000-01-01", "draw": "xx-2027-a", "person": f"XX{i:09}", "stratum": "all"})
        leaves.append((hashlib.sha256(tag + salts[i] + record).digest(), i, record))
    leaves.sort()
    files = dict(grow(0, [bytes(2) + leaf for leaf, _, _ in leaves], _nothing).files)
    manifest = json.loads(MANIFEST)
    root = grow(0, [bytes(2) + leaf for leaf, _, _ in leaves], _nothing).root.hex()
    manifest["cohort"] = {"root": root, "size": count, "strata": [{"id": "all", "quota": 1, "size": count}]}
    for index in sorted({0, count // 2, count - 1}):
        _, i, record = leaves[index]
        folder = tmp_path / f"few-{index}"
        folder.mkdir()
        (folder / "manifest.json").write_bytes(canonical.encode(manifest))
        for path in needed(index, count):
            (folder / "cohort" / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / "cohort" / path).write_bytes(files[path])
        value = {"draw": "xx-2027-a", "index": index, "record": record.decode(), "salt": salts[i].hex()}
        receipt = tmp_path / "receipt.json"
        receipt.write_bytes(canonical.encode(value))
        shown = page.look(folder, receipt=receipt, alone=True)
        assert shown.code == 3, shown.text
        assert f"your entry is in the list at index {index}" in shown.text
        assert re.search(r"NOT SHOWN +your place: that needs the whole list", shown.text)
        receipt.write_bytes(canonical.encode(value | {"salt": "00" * 32}))
        assert page.look(folder, receipt=receipt, alone=True).code == 1
        changed = folder / "cohort" / needed(index, count)[0]
        changed.write_bytes(changed.read_bytes()[:-1] + bytes([changed.read_bytes()[-1] ^ 1]))
        receipt.write_bytes(canonical.encode(value))
        assert page.look(folder, receipt=receipt, alone=True).code == 1
        changed.unlink()
        assert page.look(folder, receipt=receipt, alone=True).code == 2


def needed(index: int, size: int) -> list[str]:
    """The tiles on the way of an index, the one of the leaf first, and those at the right edge."""
    out, level = [], 0
    while size:
        index, count, size = index // 256, size % 256, size // 256
        if index < size:
            out.append(f"tile/{level}/{index:03}")
        if count:
            out.append(f"tile/{level}/{size:03}.p/{count}")
        level += 1
    return out


def test_every_sentence_stands_in_four_languages_with_the_same_values() -> None:
    words = asked("return page.languages")
    assert sorted(words) == ["ar", "en", "et", "uk"]

    def flat(value: object, before: str = "") -> dict[str, str]:
        if isinstance(value, str):
            return {before: value}
        rows = value.items() if isinstance(value, dict) else enumerate(value)
        return {key: text for name, inner in rows for key, text in flat(inner, f"{before}/{name}").items()}

    def values(text: str) -> list[str]:
        return sorted(re.findall(r"\{\w+\}", text))

    english = flat(words["en"])
    for code in ("et", "uk", "ar"):
        other = flat(words[code])
        assert sorted(other) == sorted(english), code
        assert {key for key, text in english.items() if values(text) != values(other[key])} == set(), code
        same = {key for key, text in english.items() if len(text) > 12 and text == other[key]}
        assert same == set(), f"left in English in {code}"


def test_every_code_has_words() -> None:
    """What the sources can say has a sentence, and no sentence is left that nothing says."""
    words = asked("return page.languages.en")
    said = set(words["lines"]) | set(words["progress"])
    sources = "".join(p.read_text() for p in SOURCES.glob("*.mjs") if p.name not in ("words.mjs", "build.mjs"))
    made = {f"fairness.{verdict}" for verdict in ("unremarkable", "note", "flag")}
    assert {code for code in said - made if f'"{code}"' not in sources} == set()
    codes = re.findall(
        r'(?:Wrong|Unable|holds|notShown|notStated|notChecked|section|progress)\(\s*"([a-z]+\.[A-Za-z.]+)"', sources
    )
    assert set(codes) - said == set()
    assert len(set(codes)) > 120


def test_it_is_one_file_that_opens_no_connection() -> None:
    """Whatever it runs stands in it and is named by its hash; nothing may be fetched, sent, framed or kept."""
    text = PAGE.read_text()
    script = re.search(r"<script>([^\n]*(?:\n(?!</script>)[^\n]*)*)</script>", text)
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    assert script is not None
    assert style is not None

    def named(part: str) -> str:
        return "'sha256-" + base64.b64encode(hashlib.sha256(part.encode()).digest()).decode() + "'"

    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
    assert policy is not None
    assert policy[1].split("; ") == [
        "default-src 'none'",
        f"script-src {named(script[1])}",
        f"style-src {named(style[1])}",
        "worker-src blob:",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    assert text.count("<script") == 1
    for word in ("fetch(", "XMLHttpRequest", "WebSocket", "sendBeacon", "localStorage", "indexedDB", "cookie", "eval("):
        assert word not in text, word
    assert set(re.findall(r"https?://[a-z.]+", text)) <= {"https://paulmillr.com"}, "named in a licence, never opened"
    assert "new Function" not in text


def test_the_committed_page_is_what_its_sources_make(tmp_path: Path) -> None:
    """Same sources and lock file, same bytes."""
    node()
    if not (SOURCES / "node_modules" / "esbuild").is_dir():
        pytest.skip(
            "THE PAGE WAS NOT MADE ANEW: esbuild is not here. `make verify-page` fetches it and makes the page."
        )
    subprocess.run([node(), SOURCES / "build.mjs", tmp_path / "verify.html"], check=True)
    assert (tmp_path / "verify.html").read_bytes() == PAGE.read_bytes(), "run `make verify-page`"


def test_the_lock_file_names_no_registry_and_only_known_licences() -> None:
    packages = json.loads((SOURCES / "package-lock.json").read_bytes())["packages"]
    assert not any("resolved" in package for package in packages.values())
    inside = {name for name in packages if name.startswith("node_modules/@noble/")}
    assert inside == {"node_modules/@noble/curves", "node_modules/@noble/hashes"}
    assert {packages[name]["license"] for name in packages if name} <= {"MIT"}
    for name in sorted(inside):
        named = f"{name.removeprefix('node_modules/')} {packages[name]['version']}"
        assert named in (SOURCES / "THIRD-PARTY.txt").read_text()
        assert named in PAGE.read_text()


def test_a_bundle_that_names_the_page_is_held_to_it(page: Verifier, published: Published) -> None:
    """`page` in a manifest is the SHA-256 of verify.html in the bundle."""
    value = json.loads((published.bundle / "manifest.json").read_bytes()) | {"page": "22" * 32}
    (published.bundle / "manifest.json").write_bytes(canonical.encode(value))
    shutil.copy(PAGE, published.bundle / "verify.html")
    sums(published.bundle)
    shown = page.look(published.folder)
    assert shown.code == 1
    assert "This is not the verifier that the manifest names." in shown.text
    assert bundle.VERIFIER.name != PAGE.name


def _nothing(path: str) -> bytes:
    raise FileNotFoundError(path)


def h(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def mth(leaves: list[bytes]) -> bytes:
    if len(leaves) <= 1:
        return h(b"\x00", *leaves) if leaves else h()
    k = split(len(leaves))
    return h(b"\x01", mth(leaves[:k]), mth(leaves[k:]))


def split(n: int) -> int:
    return 1 << (n - 1).bit_length() - 1


def path(m: int, leaves: list[bytes]) -> list[bytes]:
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if m < k:
        return [*path(m, leaves[:k]), mth(leaves[k:])]
    return [*path(m - k, leaves[k:]), mth(leaves[:k])]


def subproof(m: int, leaves: list[bytes], whole: bool) -> list[bytes]:
    n = len(leaves)
    if m == n:
        return [] if whole else [mth(leaves)]
    k = split(n)
    if m <= k:
        return [*subproof(m, leaves[:k], whole), mth(leaves[k:])]
    return [*subproof(m - k, leaves[k:], False), mth(leaves[:k])]
