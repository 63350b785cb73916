// The values of the sources of randomness, in the manifest's order: the beacon's round, and a public ceremony.
//
// 1. The beacon: exactly the round named, signed by the pinned key; value = SHA-256(signature).
// 2. The ceremony: exactly as many symbols of the alphabet as announced, logged after the manifest and over before the round.
// Source: docs/spec/draw.md 2, 7, 13, 14.

import { text, utf8 } from "./bytes.mjs";
import { value as beaconValue } from "./beacon.mjs";
import { about } from "./only.mjs";
import { after, prove } from "./proven.mjs";
import { Unable, Wrong } from "./report.mjs";
import { second, shown } from "./times.mjs";

/** {values, symbols}; Unable where the draw is not held yet. `fixed` is the manifest's own proof, or null. */
export async function values(context, folder, manifest, fixed, report) {
  const items = manifest.value.randomness;
  if (items.filter((item) => item.type === "ceremony").length > 1) {
    throw new Unable("ceremony.several", { where: manifest.where });
  }
  const out = [];
  let symbols = null;
  for (const item of items) {
    if (item.type === "drand") {
      if (!folder.has("beacon.json")) throw new Unable("draw.notHeld", { round: item.round, at: shown(manifest.time) });
      const { value, served } = beaconValue(await folder.small("beacon.json"), item.round, folder.where("beacon.json"));
      report.holds("beacon.holds", { file: folder.where("beacon.json"), round: item.round, value: served.randomness });
      out.push(value);
    } else {
      symbols = await ceremony(context, folder, manifest, item, fixed, report);
      out.push(utf8(symbols));
    }
  }
  return { values: out, symbols };
}

async function ceremony(context, folder, manifest, item, fixed, report) {
  const where = folder.where("ceremony.txt");
  if (!folder.has("ceremony.txt")) throw new Unable("ceremony.missing", { file: where });
  const symbols = text(await folder.small("ceremony.txt"));
  if (symbols === null || symbols.length !== item.length || [...symbols].some((one) => !item.alphabet.includes(one))) {
    throw new Wrong("ceremony.symbols", { where });
  }
  report.holds("ceremony.holds", { file: where, symbols: item.length });
  const { digest } = manifest;
  const { draw } = manifest.value;
  const matches = ({ kind, p }) => kind === "draw.ceremony" && p.draw === draw && p.manifest === digest && p.symbols === symbols;
  const logged = about(context, manifest, "draw.ceremony");
  if (logged.some(({ p }) => p.symbols !== symbols) || logged.length > 1) throw new Wrong("only.ceremony", { where });
  const proof = await prove(context, folder, "ceremony.tlog-proof", manifest.value.register, report, matches);
  if (!proof) return symbols;
  if (fixed && !after(proof, fixed)) throw new Wrong("ceremony.early", { where });
  if (manifest.round === null) {
    // After a fallback without a beacon the witnesses must have seen the manifest long enough before the symbols.
    const least = fixed?.met == null ? null : fixed.met + (manifest.value.min_lead ?? 0);
    if (least !== null && proof.entry.at < least) {
      report.notShown("ceremony.soon", { needed: shown(least), found: shown(proof.entry.at) });
    }
    return symbols;
  }
  const last = item.not_after === undefined ? manifest.time - 1 : second(item.not_after);
  if (proof.met === null) return symbols;
  if (proof.met > last) report.notShown("ceremony.late", { needed: shown(last), found: shown(proof.met) });
  else report.holds("ceremony.time", { needed: shown(last), found: shown(proof.met) });
  return symbols;
}
