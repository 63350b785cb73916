"""One published folder in the making, by chance, by the project's own code, in the order of time."""

import hashlib
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.bundles.files import (
    DAY,
    DRAW,
    FIRST,
    LAST,
    LEAD,
    OFFICE,
    REGISTER,
    SECOND,
    SOURCE,
    THIRD,
    person_key,
    put,
    put_bundle,
    receipt_of,
    served,
    stamp_on,
    time_of,
)
from tests.bundles.yearlog import YearLog, nothing
from tests.published import LOG_KEY, ROUNDS, SYMBOLS, WITNESS_KEYS

from musterroll import canonical, dates
from musterroll.draw import audit, entrant, fairness, fairness_table, order, potcheck, seed, source, spared, table
from musterroll.draw import partition as partitions
from musterroll.draw import supplement as supplements
from musterroll.draw import ticket as tickets
from musterroll.draw import transcript as manifests
from musterroll.draw.commitment import Cohort
from musterroll.draw.supplement import Label, Part
from musterroll.engine import bundle
from musterroll.entry import codec
from musterroll.entry.kind import Kind
from musterroll.ledger import log, rotation
from musterroll.ledger.note import ED25519, PrivateKey
from musterroll.ledger.policy import Group, Log, Policy, Witness


@dataclass
class Made:
    """What was made: the folder to look at, policy and ticket if there are, how a verifier has to end, and why."""

    look_at: Path
    policy: Path | None
    ticket: Path | None
    status: frozenset[int]
    what: list[str]


class Builder:
    """One folder in the making."""

    def __init__(self, home: Path, chance: random.Random) -> None:
        self.home, self.chance, self.what = home, chance, []
        self.files: dict[str, bytes] = {}  # of the bundle
        self.by_table = chance.random() < 0.25
        self.log = YearLog(home / "published" / "ledger" / "2025", f"{REGISTER}/ledger/2025", LOG_KEY)
        self.log.key = PrivateKey(self.log.origin, ED25519, hashlib.sha256(b"log 2025").digest())
        self.logs = [self.log]
        self.trusted = [self.log.key.public_key]
        self.complete = True

    def maybe(self, share: float, what: str) -> bool:
        """Whether to do so, by chance."""
        if self.chance.random() >= share:
            return False
        self.what.append(what)
        return True

    def people(self, count: int, first: int, years: int) -> list[entrant.Candidate]:
        """Invented people."""
        found = []
        for i in range(first, first + count):
            year, month, day = (
                2000 + self.chance.randrange(years),
                self.chance.randint(1, 12),
                self.chance.randint(1, 28),
            )
            unknown = not self.by_table and self.chance.random() < 0.02
            born = None if unknown else dates.parse_day(f"{year}-{month:02}-{day:02}")
            found.append(
                entrant.Candidate(
                    f"XX{i:09}",
                    born,
                    entrant.salt(person_key(i), DRAW),
                    sex=self.chance.choice(["female", "male", "male", None] if self.mixed else ["male"]),
                    territory=self.chance.choice(["XX-01", "XX-02", "XX-02", "YY", None]),
                    nullifier=source.nullifier(b"k" * 32, DRAW, f"XX{i:09}") if self.listed else None,
                )
            )
        return found

    def build(self) -> None:
        """Everything, in the order of time."""
        self.mixed = self.chance.random() < 0.5
        self.listed = self.maybe(0.3, "source list")
        by = self.chance.choice(
            [None, (), ("sex",), ("territory-1",), ("territory-2", "birth-year"), ("sex", "birth-year")]
        )
        if by is None:
            self.rule = partitions.Partition()
        elif by and self.maybe(0.2, "nothing merged"):
            self.rule = partitions.Partition(20, by, "none/v1", "art. 9")
        else:
            self.rule = partitions.Partition.product(*by)
        self.what += [f"by {by}", "by table" if self.by_table else "by hash"]
        self.candidates = self.people(self.chance.choice([1, 30, 90, 300]), 0, self.chance.choice([1, 3]))
        self.left_out = list(range(5000, 5000 + self.chance.randint(0, 12)))
        self.entrants = self.enter()
        self.cohort = Cohort.of(self.entrants, dated=self.by_table)
        self.final = self.entrants
        begin = time_of(FIRST) - LEAD - 5 * DAY
        self.log.add(Kind.PACK, {"name": "example", "sha256": "11" * 32, "version": 1}, begin)
        self.log.entries += [
            codec.act(b"{}", i.to_bytes(32, "big"), begin) for i in range(self.chance.choice([0, 3, 300]))
        ]
        self.manifest = self.attempts(begin)
        if self.maybe(0.25, "new key"):
            self.replace_key(begin + DAY)
        self.order = self.hold("", self.manifest, self.cohort, FIRST)
        self.main = Part(
            self.manifest, self.order, order.numbers_of(self.cohort, self.table) if self.by_table else None
        )
        self.parts: list[tuple[Part, Cohort, tuple[entrant.Entrant, ...]]] = []
        for n in range(1, self.chance.choice([1, 1, 2, 3])):
            self.supplement(n)
        if not self.by_table and self.manifest.potcheck and self.maybe(0.5, "stratum drawn anew"):
            self.stratum()
        if self.maybe(0.3, "second year"):
            self.next_year()
        if self.manifest.has_round and self.manifest.audit and self.maybe(0.7, "audited"):
            value = seed.drand_value(ROUNDS[LAST])
            picked = audit.sample(self.manifest.encode(), value, self.cohort, self.manifest.audit.samples)
            self.files["audit.json"] = served(LAST, sample=picked)
        if self.maybe(0.5, "spared"):
            self.spare()
        if self.maybe(0.3, "stamped"):
            self.files["manifest.court.tsr"] = stamp_on(
                self.note_of("manifest.tlog-proof"), time_of(FIRST) - LEAD - DAY
            )

    def enter(self) -> tuple[entrant.Entrant, ...]:
        """The people as entrants."""
        return self.rule.divide(self.candidates, draw=DRAW)

    def attempts(self, at: int) -> manifests.Manifest:
        """The manifest of the last attempt, after those before it, logged and proved."""
        grounds = [ground for ground in ("potcheck", "fallback") if self.chance.random() < 0.2]
        if "potcheck" in grounds:  # the first list was a wrong one
            self.list_again([replace(e, salt=canonical.sha256(e.salt)) for e in self.final])
        terms = self.terms(at, counted="potcheck" in grounds)
        self.publish(Kind.DRAW_MANIFEST, terms, at, "")
        for ground in grounds:
            if ground == "fallback" and (self.with_ceremony or terms.fallback is None):
                continue
            self.what.append(f"again because of {ground}")
            self.files = {name: data for name, data in self.files.items() if not name.startswith("before/")}
            self.files["before/manifest.json"] = terms.encode()
            if ground == "potcheck":
                failed = self.failed("before/", terms.cohort.strata[0].id, at + 60, terms.digest)
                because = manifests.Because("potcheck", failed)
                self.list_again(self.final)
                counts = manifests.CohortTerms.of(self.cohort, total=terms.cohort.quota.total, partition=self.rule)
                again = {"because": because, "cohort": counts}
                if terms.source is not None:
                    again["source"] = self.source_terms()
            else:
                silent = time_of(FIRST) + terms.fallback.after
                said = {"draw": DRAW, "manifest": terms.digest, "round": FIRST}
                self.log.add(Kind.DRAW_FALLBACK, said, silent)
                second = [terms.fallback.second if isinstance(i, manifests.Drand) else i for i in terms.randomness]
                at = silent + 60
                again = {"because": manifests.Because("fallback"), "randomness": tuple(second), "audit": None}
                again["fallback"] = None
            terms = replace(terms, attempt=terms.attempt + 1, supersedes=terms.digest, **again)
            if ground == "potcheck":
                terms = replace(terms, potcheck=self.passed(terms, at + 90))
            self.publish(Kind.DRAW_MANIFEST, terms, at + 120, "")
        return terms

    def list_again(self, entrants: Sequence[entrant.Entrant]) -> None:
        """Take another list of the same people."""
        self.entrants = tuple(entrants)
        self.cohort = Cohort.of(self.entrants, dated=self.by_table)
        self.files = {name: data for name, data in self.files.items() if name != "excluded.bin"}

    def terms(self, at: int, *, counted: bool) -> manifests.Manifest:
        """The first manifest."""
        total = self.chance.randint(0, self.cohort.size)
        ceremony = manifests.Ceremony("0123456789", 40, "00" * 32, dates.format_instant(time_of(FIRST) - 3600))
        self.with_ceremony = self.maybe(0.4, "ceremony")
        stated: dict[str, Any] = {
            "min_lead": LEAD,
            "source": self.source_terms(),
            "audit": manifests.Audit(LAST, tuple(self.chance.randint(0, 4) for _ in self.cohort.strata)),
            "fallback": manifests.Fallback(
                DAY, manifests.Ceremony("0123456789", 40, "00" * 32, "2026-01-01T00:00:00Z")
            ),
            "legal": "Example Act, art. 7",
            "pack": "11" * 32,
            "software": bundle.software(),
        }
        if self.by_table and self.chance.random() < 0.7:
            stated["fairness"] = None  # twenty thousand tables of chance take long
            self.complete = False
        else:
            stated["fairness"] = manifests.Fairness(fairness_table.SUITE if self.by_table else fairness.SUITE, "0.001")
        if self.with_ceremony:
            stated["fallback"] = manifests.Fallback(DAY, manifests.Drand.quicknet(SECOND))
        if self.maybe(0.15, "a member not stated"):
            stated[self.chance.choice(["min_lead", "source", "audit", "legal", "pack", "software"])] = None
            self.complete = False
        rounds = (
            (manifests.Drand.quicknet(FIRST), ceremony) if self.with_ceremony else (manifests.Drand.quicknet(FIRST),)
        )
        terms = manifests.Manifest(
            draw=DRAW,
            register=REGISTER,
            attempt=1,
            supersedes=None,
            cohort=manifests.CohortTerms.of(self.cohort, total=total, partition=self.rule),
            randomness=rounds,
            reference_day="2023-06-30",
            algorithm=manifests.BY_TABLE if self.by_table else manifests.ALGORITHM,
            table=manifests.TableTerms(366, "2023-07-01") if self.by_table else None,
            **stated,
        )
        if self.maybe(1.0 if counted else 0.5, "pot check"):
            terms = replace(terms, potcheck=self.passed(terms, at - 60))
        return terms

    def source_terms(self) -> manifests.SourceCounts | manifests.SourceList:
        """Published counts, or the source's signed list with its files."""
        out = len(self.left_out)
        if not self.listed:
            return manifests.SourceCounts(self.cohort.size + out, out, 1)
        by_salt = {e.commitment: c.nullifier for e, c in zip(self.entrants, self.candidates, strict=True)}
        ordered = [by_salt[leaf[-32:]] for leaf in self.cohort.leaves]
        listed, inside, excluded = source.files(ordered, self.known_to_source())
        self.files |= {"source.bin": listed, "nullifiers.bin": inside}
        held = self.maybe(0.5, "key held outside")
        if held:
            self.files["excluded.bin"] = excluded
        root, size = source.root(listed), len(listed) // 32
        return manifests.SourceList(
            authority="population register",
            key=SOURCE.public_key().public_bytes_raw().hex(),
            size=size,
            root=root.hex(),
            signature=SOURCE.sign(source.signed_message(DRAW, size, root)).hex(),
            nullifiers=canonical.sha256_hex(inside),
            excluded=size - self.cohort.size,
            key_holder="a court" if held else None,
            excluded_sha256=canonical.sha256_hex(excluded) if held else None,
        )

    def known_to_source(self) -> list[bytes]:
        """The nullifiers of everybody in the source's own list."""
        others = [source.nullifier(b"k" * 32, DRAW, f"XX{i:09}") for i in self.left_out]
        return [c.nullifier for c in self.candidates] + others

    def count(self, change: dict[tuple[str, str], int]) -> tuple[dict[tuple[str, str], int], potcheck.Count]:
        """What the register finds in each cell, and what the office counted: the same, but for `change`."""
        found: dict[tuple[str, str], int] = {}
        for entry, candidate in zip(self.entrants, self.candidates, strict=True):
            year = entry.born[:4] if candidate.born is not None else "unknown"
            for cell in (
                ("stratum", entry.stratum),
                ("birth-year", year),
                ("district", candidate.territory or "unknown"),
            ):
                found[cell] = found.get(cell, 0) + 1
        return found, potcheck.Count(DRAW, "statistics office", "2023-06-30", 1, found | change)

    def passed(self, terms: manifests.Manifest, at: int) -> manifests.PotcheckTerms:
        """A pot check that holds, logged."""
        found, count = self.count({})
        rounded = self.chance.choice([1, 5])
        check = potcheck.examine(
            count,
            found,
            root=terms.cohort.root,
            size=terms.cohort.size,
            per_mille=50,
            rounded_to=rounded,
            least=rounded,
        )
        assert check.verdict == "holds"
        assert check.adds_up({s.id: s.size for s in terms.cohort.strata})
        self.put_count("", check.encode(), count.encode())
        said = {"draw": DRAW, "root": check.root, "sha256": check.digest, "verdict": "holds"}
        self.log.add(Kind.DRAW_POTCHECK, said, at)
        key = OFFICE.public_key().public_bytes_raw().hex()
        return manifests.PotcheckTerms(check.digest, count.office, key, 50)

    def failed(self, folder: str, stratum: str, at: int, manifest: str) -> str:
        """The SHA-256 of a later pot check of the same list that locks it, logged."""
        found, count = self.count({("stratum", stratum): self.cohort.size * 3 + 50})
        return self.locked(folder, replace(count, manifest=manifest), found, at)

    def locked(self, folder: str, count: potcheck.Count, found: dict[tuple[str, str], int], at: int) -> str:
        """The SHA-256 of the pot check by which this count locks what was `found`, published and logged."""
        cohort = manifests.CohortTerms.unquoted(self.cohort)
        check = potcheck.examine(count, found, root=cohort.root, size=cohort.size, per_mille=50)
        assert check.verdict == "locks"
        self.put_count(folder, check.encode(), count.encode())
        said = {"draw": DRAW, "root": check.root, "sha256": check.digest, "verdict": "locks"}
        self.log.add(Kind.DRAW_POTCHECK, said, at)
        return check.digest

    def put_count(self, folder: str, check: bytes, count: bytes) -> None:
        signature = OFFICE.sign(potcheck.signed_message(count)).hex().encode()
        self.files |= {f"{folder}potcheck.json": check, f"{folder}count.json": count, f"{folder}count.sig": signature}

    def publish(self, kind: Kind, manifest: manifests.Manifest, at: int, folder: str) -> None:
        """Log a manifest and prove it."""
        said: dict[str, Any] = {"draw": DRAW, "sha256": manifest.digest}
        if kind is Kind.DRAW_MANIFEST:
            said |= {"attempt": manifest.attempt, "supersedes": manifest.supersedes}
        else:
            said |= {"number": manifest.number, "parent": manifest.parent}
        if kind is Kind.DRAW_STRATUM:
            said["stratum"] = manifest.stratum
        index = self.log.add(kind, said, at)
        self.files[f"{folder}manifest.json"] = manifest.encode()
        self.files[f"{folder}manifest.tlog-proof"] = self.log.prove(index, at + 30)
        self.seen = at + 30

    def hold(self, folder: str, manifest: manifests.Manifest, cohort: Cohort, number: int) -> order.Order:
        """Ceremony, round, table, order, result and figures of one list."""
        said: dict[str, Any] = {"draw": DRAW, "manifest": manifest.digest}
        at, values = time_of(number), []
        for item in manifest.randomness:
            if isinstance(item, manifests.Drand):
                self.files[f"{folder}beacon.json"] = served(number)
                values.append(seed.drand_value(ROUNDS[number]))
                continue
            held = at - DAY if manifest.has_round else self.seen + LEAD + 60
            index = self.log.add(Kind.DRAW_CEREMONY, said | {"symbols": SYMBOLS}, held)
            self.files[f"{folder}ceremony.txt"] = SYMBOLS.encode()
            self.files[f"{folder}ceremony.tlog-proof"] = self.log.prove(index, held + 30)
            values.append(SYMBOLS.encode())
            at = max(at, held)
        if self.by_table and not folder:
            self.draw_table(manifest, values, at + 60)
        if self.by_table:
            made = order.result_by_table(manifest.encode(), cohort.data, values, self.table)
        else:
            made = order.result(manifest.encode(), cohort.data, values)
        self.files |= {f"{folder}cohort.bin": cohort.data, f"{folder}result.json": made.result()}
        if self.maybe(0.7, f"{folder}order.bin"):
            self.files[f"{folder}order.bin"] = made.data
        if self.maybe(0.7, f"{folder}tiles"):
            for path, data in log.grow(0, cohort.leaves, nothing).files:
                self.files[f"{folder}cohort/{path}"] = data
        self.log.add(Kind.DRAW_RESULT, said | {"order": made.digest, "seed": made.seed.hex()}, at + 120)
        if manifest.fairness is not None:
            if self.by_table:
                digest = canonical.sha256(manifest.encode())
                report = fairness_table.examine(self.table.numbers, digest, manifest.fairness.alpha)
            else:
                report = fairness.examine(cohort, made.seed, manifest.fairness.alpha)
            self.files["fairness.json"] = report.encode()
            figures = {"sha256": canonical.sha256_hex(report.encode()), "verdict": report.verdict}
            self.log.add(Kind.DRAW_FAIRNESS, said | figures, at + 180)
        return made

    def draw_table(self, manifest: manifests.Manifest, values: list[bytes], at: int) -> None:
        numbers = list(range(1, 367))
        self.chance.shuffle(numbers)
        self.table = table.Table(tuple(numbers))
        made = seed.derive(manifest.encode(), values)
        self.files["loading.json"] = table.loading_json(manifest.digest, made, 366)
        self.files["table.csv"] = self.table.encode()
        said = {"draw": DRAW, "manifest": manifest.digest, "sha256": canonical.sha256_hex(self.table.encode())}
        self.files["table.tlog-proof"] = self.log.prove(self.log.add(Kind.DRAW_TABLE, said, at), at + 30)

    def part_terms(self, number: int, round_number: int, **more: Any) -> manifests.Manifest:
        rounds = (manifests.Drand.quicknet(round_number),)
        return manifests.Manifest(
            draw=DRAW,
            register=REGISTER,
            attempt=1,
            supersedes=None,
            randomness=rounds,
            min_lead=LEAD,
            reference_day="2025-06-30",
            legal="Example Act, art. 8",
            pack="11" * 32,
            software=bundle.software(),
            algorithm=manifests.BY_TABLE if self.by_table else manifests.ALGORITHM,
            parent=self.manifest.digest,
            number=number,
            **more,
        )

    def supplement(self, number: int) -> None:
        """People found missing, with their own round."""
        self.what.append("supplement")
        found = []
        for i, one in enumerate(self.people(self.chance.randint(1, 6), 7000 + 100 * number, 1)):
            like = self.chance.choice(self.entrants)
            found.append(replace(one, born=dates.parse_day(like.born) if like.born != "unknown" else None))
            found[i] = found[i].entrant(DRAW, like.stratum)
        cohort = Cohort.of(found, dated=self.by_table)
        terms = self.part_terms(
            number, SECOND, kind=manifests.SUPPLEMENT, cohort=manifests.CohortTerms.unquoted(cohort)
        )
        folder = f"supplement-{number:02}/"
        self.publish(Kind.SUPPLEMENT, terms, time_of(SECOND) - LEAD - DAY, folder)
        made = self.hold(folder, terms, cohort, SECOND)
        numbers = order.numbers_of(cohort, self.table) if self.by_table else None
        self.parts.append((Part(terms, made, numbers), cohort, tuple(found)))

    def stratum(self) -> None:
        """One stratum that was wrong as a whole."""
        name = self.chance.choice(self.cohort.strata)
        inside = [e for e in self.entrants if e.stratum == name]
        more = [replace(e, salt=canonical.sha256(e.salt)) for e in inside]
        cohort = Cohort.of(more)
        at = time_of(THIRD) - LEAD - DAY
        failed = self.failed("stratum-01/before/", name, at - 60, self.manifest.digest)
        quota = {s.id: s.quota for s in self.manifest.cohort.strata}
        terms = self.part_terms(
            1,
            THIRD,
            kind=manifests.STRATUM,
            cohort=manifests.CohortTerms.unquoted(cohort, quota),
            stratum=name,
            because=manifests.Because("potcheck", failed),
        )
        self.publish(Kind.DRAW_STRATUM, terms, at, "stratum-01/")
        made = self.hold("stratum-01/", terms, cohort, THIRD)
        self.parts.append((Part(terms, made), cohort, tuple(more)))

    def spare(self) -> None:
        """Those who were left out, and facts by hand; the sample once its round is there."""
        self.left = [
            spared.excluded(draw=DRAW, person=f"XX{i:09}", ground="ended", kp=person_key(i)) for i in self.left_out
        ]
        for place in range(1, self.chance.randint(1, 4)):
            self.left.append(
                spared.skipped(
                    draw=DRAW,
                    person=f"XX{place:09}",
                    ground="medical finding",
                    stratum=self.cohort.strata[0],
                    place=Label(place),
                    kp=person_key(place),
                )
            )
        hand = [
            spared.by_hand(
                draw=DRAW, person="XX1", fact=f"fact-{i}", entered=dates.parse_day("2023-06-01"), kp=person_key(i)
            )
            for i in range(self.chance.randint(0, 3))
        ]
        lists = spared.SparedList.of(self.left), spared.SparedList.of(hand)
        self.spared_list = lists[0]
        said = spared.payload(
            draw=DRAW, manifest=self.manifest.digest, spared=lists[0], hand=lists[1], round_number=LAST,
            sample=self.chance.choice([299, 400]),
        )  # fmt: skip
        at = time_of(LAST) - DAY
        index = self.log.add(Kind.DRAW_SPARED, said, at)
        self.files |= {"spared.bin": lists[0].data, "hand.bin": lists[1].data}
        self.files["spared.tlog-proof"] = self.log.prove(index, at + 30)
        value = seed.drand_value(ROUNDS[LAST])
        picked = spared.sample(self.manifest.encode(), value, lists[0], int(said["sample"]))
        self.files["spared.json"] = served(LAST, sample=picked)

    def replace_key(self, at: int) -> None:
        """The log's key is replaced by another; the policy knows the old one only."""
        new = PrivateKey(self.log.origin, ED25519, self.chance.randbytes(32))
        stated = rotation.rotate(self.log.key, new.public_key, len(self.log.entries) + 1)
        self.log.add(Kind.KEY, stated.fields, at)
        self.log.key = new

    def next_year(self) -> None:
        """The log ends, after it has named the next one's key; another begins."""
        new = PrivateKey(f"{REGISTER}/ledger/2026", ED25519, self.chance.randbytes(32))
        at = time_of(THIRD) + 2 * DAY
        if self.maybe(0.5, "next key named by the old one"):
            self.log.add(Kind.KEY, rotation.rotate(self.log.key, new.public_key, 0).fields, at)
        else:
            self.trusted.append(new.public_key)
        link = {"origin": self.log.origin, "root": self.log.reader().root().hex(), "size": len(self.log.entries)}
        self.log = YearLog(self.home / "published" / "ledger" / "2026", new.name, new)
        self.log.add(Kind.YEAR, link, at)
        self.logs.append(self.log)

    def note_of(self, name: str) -> bytes:
        """The checkpoint in a proof."""
        return self.files[name].partition(b"\n\n")[2]

    def write(self) -> Made:
        """Everything onto the disk, with policy and ticket as chance has it."""
        self.files["verify.py"] = bundle.VERIFIER.read_bytes()
        home, folder = self.home, self.home / "published" / "draws" / DRAW
        for one in self.logs:
            put(one.folder, one.files(time_of(LAST) + DAY))
            if self.maybe(0.3, "anchor"):
                note = one.signed(time_of(LAST))
                size = len(one.entries)
                stamp = stamp_on(note, time_of(LAST))
                put(one.folder / "anchor" / str(size), {"checkpoint": note, "court.tsr": stamp})
        put_bundle(folder, self.files)
        status, policy = {0 if self.complete else 3}, home / "trust" / "policy.txt"
        if self.maybe(0.9, "policy"):
            logs = tuple(Log(key) for key in self.trusted)
            witnesses = tuple(Witness(name, key.public_key) for name, key in WITNESS_KEYS.items())
            trust = Policy(logs, witnesses, (Group("outside", 3, tuple(WITNESS_KEYS)),), "outside")
            put(policy.parent, {"policy.txt": trust.encode()})
        else:
            status = {3}
        look_at = home / "published" if self.chance.random() < 0.8 else folder
        made = Made(look_at, policy if policy.is_file() else None, None, frozenset(status), self.what)
        self.give_ticket(made)
        return made

    def give_ticket(self, made: Made) -> None:
        """A receipt or a ticket of somebody, by chance."""
        lists = [(self.main, self.cohort, self.entrants), *self.parts]
        kind = self.chance.choice(["none", "receipt", "in", "out"])
        made.what.append(f"ticket: {kind}")
        if kind == "receipt":
            data = receipt_of(self.chance.choice(self.entrants), self.cohort, self.order)
        elif kind == "in":
            part, cohort, entrants = self.chance.choice(lists)
            one = self.chance.choice(entrants)
            data = tickets.inside(one, part.manifest, cohort, label=self.label(part, one)).encode()
        elif kind == "out" and "spared.bin" in self.files and self.left:
            data = tickets.outside(self.chance.choice(self.left), self.manifest, self.spared_list).encode()
        else:
            return
        made.ticket = self.home / "ticket.json"
        made.ticket.write_bytes(data)
        value = json.loads(data)
        again = {part.manifest.stratum for part, _, _ in self.parts if part.manifest.stratum}
        main = kind == "receipt" or (kind == "in" and value["in"]["folder"] == "")
        if main and json.loads(value["record"] if kind == "receipt" else value["in"]["record"])["stratum"] in again:
            made.status = frozenset({3})

    def label(self, part: Part, one: entrant.Entrant) -> Label:
        parts = [p for p, _, _ in self.parts]
        if part.manifest.kind == manifests.SUPPLEMENT:
            placed = supplements.placed(self.main, parts, one.stratum)
            return next(p.label for p in placed if p.commitment == one.commitment and p.folder == part.folder)
        return Label(part.order.place_of(one.commitment)[1])
