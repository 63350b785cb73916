// Another attempt at a draw: only after a pot check that locks, or where the beacon fell silent; each once.
//
// The manifest before lies in `before/manifest.json`, byte for byte. Source: docs/spec/draw.md 7.

import { timeOf } from "./beacon.mjs";
import { equal } from "./bytes.mjs";
import { canonical } from "./json.mjs";
import * as manifests from "./manifest.mjs";
import { about, hasLedger } from "./only.mjs";
import { checkLogged, examine } from "./potcheck.mjs";
import { after } from "./proven.mjs";
import { Wrong } from "./report.mjs";

const MOST = 3;

export async function checkBefore(context, folder, manifest, report) {
  const { value, where } = manifest;
  if (value.attempt === 1 || !value.because) return;
  const inside = folder.inside("before");
  const bytes = await inside.small("manifest.json");
  const before = manifests.read(bytes, inside.where("manifest.json"));
  const { ground } = value.because;
  const wrong = (name) => new Wrong("attempt.wrong", { where, name });
  if (before.digest !== value.supersedes) throw new Wrong("attempt.hash", { where: before.where, expected: value.supersedes, found: before.digest });
  for (const name of ["draw", "register", "kind"]) if (before.value[name] !== value[name]) throw wrong(name);
  if (before.value.attempt !== value.attempt - 1 || value.attempt > MOST) throw wrong("attempt");
  if (before.value.because?.ground === ground) throw new Wrong("attempt.twice", { where });
  const entries = about(context, manifest, "draw.manifest", false);
  const entryBefore = entries.find(({ p }) => p.sha256 === before.digest);
  const entryNow = entries.find(({ p }) => p.sha256 === manifest.digest);
  if (ground === "potcheck") {
    if (!before.value.potcheck) throw new Wrong("attempt.noCount", { where: before.where });
    const found = await examine(inside, before.value.potcheck, value.because.sha256, before, true);
    if (found.verdict !== "locks") throw new Wrong("attempt.notLocked", { where: inside.where("potcheck.json") });
    checkLogged(context, manifest, value.because.sha256, entryBefore, entryNow, inside.where("potcheck.json"));
    report.holds("attempt.potcheck", { attempt: value.attempt, office: before.value.potcheck.office });
    if (found.off.every((cell) => cell.by !== "stratum")) report.notChecked("attempt.word");
  } else {
    fallback(before, value, wrong);
    if (hasLedger(context, manifest)) {
      const due = timeOf(before.round) + before.value.fallback.after;
      const logged = about(context, manifest, "draw.fallback", false).find(
        ({ p, at }) => p.manifest === before.digest && p.round === before.round && at >= due,
      );
      if (!logged || (entryNow && !after(entryNow, logged))) throw new Wrong("attempt.soon", { where });
    }
    report.holds("attempt.fallback", { attempt: value.attempt });
    report.notChecked("attempt.silent");
  }
  report.notChecked("attempt.law", { attempt: value.attempt, earlier: value.attempt - 1 });
}

/** Hold that only the beacon's item was replaced, by the source that had been named. */
function fallback(before, value, wrong) {
  if (!before.value.fallback || before.round === null) throw wrong("fallback");
  const expected = before.value.randomness.map((item) => (item.type === "drand" ? before.value.fallback.second : item));
  const same = (one, other) => equal(canonical(one), canonical(other));
  if (!same(expected, value.randomness)) throw wrong("randomness");
  if (!same(before.value.cohort, value.cohort)) throw wrong("cohort");
  if (before.value.algorithm !== value.algorithm) throw wrong("algorithm");
}
