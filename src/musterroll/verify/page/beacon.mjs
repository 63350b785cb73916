// The public beacon: drand quicknet, pinned by its chain, key and clock.
//
// 1. Exactly the round that the manifest names, signed by exactly this key.
// 2. The signature is a canonical, finite point IN THE SUBGROUP of prime order: without that check somebody could choose
//    among about 2^126 values for one round.
// Source: docs/spec/draw.md 2; the curve's arithmetic is @noble/curves (MIT).

import { bls12_381 } from "@noble/curves/bls12-381.js";

import { hex, u64, unhex, utf8 } from "./bytes.mjs";
import { isObject, parse } from "./json.mjs";
import { Unable, Wrong } from "./report.mjs";
import { sha256 } from "./sha256.mjs";

export const QUICKNET = {
  type: "drand",
  chain: "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971",
  group_key:
    "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a",
  scheme: "bls-unchained-g1-rfc9380",
  genesis: 1692803367,
  period: 3,
};
const GROUP_HASH = "f477d5c89f21a17c863a7f937c6a6d15859414d2be09cd448d4279af331c5d3e";
const DST = "BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_";

/** The second at which a round comes. */
export function timeOf(round) {
  return QUICKNET.genesis + (round - 1) * QUICKNET.period;
}

/** The chain's hash, computed from what it names: the pin can be checked. */
export function chainHash() {
  const parts = [u64(QUICKNET.period).subarray(4), u64(QUICKNET.genesis), unhex(QUICKNET.group_key), unhex(GROUP_HASH)];
  return hex(sha256(...parts, utf8("quicknet")));
}

/** Whether the beacon with `key` signed the round. */
export function signed(key, round, signature) {
  try {
    if (signature.length !== 48 || key.length !== 96) return false;
    const point = bls12_381.G1.Point.fromBytes(signature);
    const holder = bls12_381.G2.Point.fromBytes(key);
    if (point.is0() || !point.isTorsionFree() || holder.is0() || !holder.isTorsionFree()) return false;
    if (hex(point.toBytes(true)) !== hex(signature)) return false;
    point.assertValidity();
    holder.assertValidity();
    const message = bls12_381.G1.hashToCurve(sha256(u64(round)), { DST });
    // e(signature, generator) = e(message, key), as one product of pairings that must be one
    const one = bls12_381.fields.Fp12.ONE;
    const product = bls12_381.pairingBatch([
      { g1: point, g2: bls12_381.G2.Point.BASE.negate() },
      { g1: message, g2: holder },
    ]);
    return bls12_381.fields.Fp12.eql(product, one);
  } catch {
    return false;
  }
}

/** The value of `round`, from the bytes of a file `beacon.json` (or of one that has further members of its own). */
export function value(bytes, round, where, further = []) {
  const served = parse(bytes);
  if (!isObject(served)) throw new Wrong("json.form", { where });
  const signature = unhex(served.signature, 48);
  if (!Number.isSafeInteger(served.round) || !signature || !unhex(served.randomness, 32)) throw new Wrong("beacon.form", { where });
  if (served.round !== round) throw new Wrong("beacon.round", { where, expected: round, found: served.round });
  if (!signed(unhex(QUICKNET.group_key), round, signature)) throw new Wrong("beacon.signature", { where, round });
  const out = sha256(signature);
  if (hex(out) !== served.randomness) {
    throw new Wrong("beacon.value", { where, expected: hex(out), found: served.randomness });
  }
  for (const name of Object.keys(served)) {
    if (!["round", "signature", "randomness", ...further].includes(name)) throw new Unable("member.unknown", { where, name });
  }
  return { value: out, served };
}
