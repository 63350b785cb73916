// Level 1: the source says who should be there, without a name, and both sides are compared.
//
// 1. source.bin is ascending, leads to its root, and is signed by the source.
// 2. nullifiers.bin has one for each entry, nobody's twice.
// 3. With excluded.bin both sets are disjoint and together are source.bin; without it, those in the list are among them.
// Source: docs/spec/draw.md 5.

import { concat, u64, unhex, utf8 } from "./bytes.mjs";
import { signed } from "./ed25519.mjs";
import { byHalves, compareC } from "./order.mjs";
import { Wrong } from "./report.mjs";
import { Rows } from "./rows.mjs";
import { digest } from "./sums.mjs";
import { tag } from "./tags.mjs";

export async function checkSource({ folder, manifest }, report) {
  const said = manifest.value.source;
  if (said?.level !== 1) {
    for (const name of ["source.bin", "nullifiers.bin", "excluded.bin"]) {
      if (folder.has(name)) throw new Wrong("source.unnamed", { where: folder.where(name) });
    }
    return;
  }
  if (folder.has("excluded.bin") && !said.key_holder) throw new Wrong("source.holder", { where: folder.where("excluded.bin") });
  if (folder.has("excluded.bin") && !said.excluded_sha256) throw new Wrong("source.unnamed", { where: folder.where("excluded.bin") });
  const source = new Rows(folder, "source.bin");
  const root = await source.check(said.size, said.root, report);
  const message = concat(tag("source"), root, u64(said.size), utf8(manifest.value.draw));
  if (!(await signed(unhex(said.key, 32), message, unhex(said.signature, 64)))) {
    throw new Wrong("source.signature", { where: source.where });
  }
  report.holds("source.signed", { authority: said.authority, size: said.size });
  report.notChecked("named.key", { name: said.authority, key: said.key });
  const inside = await sorted(folder, "nullifiers.bin", manifest.value.cohort.size, said.nullifiers);
  let outside = null;
  if (said.excluded_sha256) {
    const rows = new Rows(folder, "excluded.bin");
    await rows.check(said.excluded, null, report);
    await hashed(folder, "excluded.bin", said.excluded_sha256);
    outside = { bytes: await rows.rows(0, rows.count), order: null, count: rows.count };
  }
  await compare(source, inside, outside, report);
  if (outside) report.holds("source.equal", { size: manifest.value.cohort.size, excluded: said.excluded });
  else {
    report.holds("source.among", { size: manifest.value.cohort.size });
    report.notChecked("source.others");
  }
}

async function hashed(folder, name, expected) {
  const found = await digest(folder, name);
  if (found !== expected) throw new Wrong("source.hash", { where: folder.where(name), expected, found });
}

/** The rows of a file that is not in order, with the order that they would have. */
async function sorted(folder, name, count, expected) {
  const rows = new Rows(folder, name);
  rows.checkCount(count);
  const bytes = await rows.rows(0, count);
  await hashed(folder, name, expected);
  const high = new Uint32Array(count);
  const low = new Uint32Array(count);
  const order = new Uint32Array(count);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let i = 0; i < count; i++) {
    high[i] = view.getUint32(32 * i);
    low[i] = view.getUint32(32 * i + 4);
    order[i] = i;
  }
  const first = byHalves(order, high, low);
  for (let i = 1; i < count; i++) {
    for (let j = i; j > 0 && compareC(bytes, 32 * first[j - 1], bytes, 32 * first[j]) > 0; j--) {
      [first[j - 1], first[j]] = [first[j], first[j - 1]];
    }
    if (compareC(bytes, 32 * first[i - 1], bytes, 32 * first[i]) === 0) throw new Wrong("source.twice", { where: rows.where });
  }
  return { bytes, order: first, count };
}

/** Go through the source's list, and take from each set what stands there. */
async function compare(source, inside, outside, report) {
  let i = 0;
  let j = 0;
  const other = () => new Wrong("source.unequal", { where: source.where });
  const at = (set, k) => 32 * (set.order ? set.order[k] : k);
  await source.pieces((bytes) => {
    for (let row = 0; row < bytes.length; row += 32) {
      const isIn = i < inside.count && compareC(bytes, row, inside.bytes, at(inside, i)) === 0;
      const isOut = outside && j < outside.count && compareC(bytes, row, outside.bytes, at(outside, j)) === 0;
      if (isIn) i++;
      if (isOut) j++;
      if ((isIn && isOut) || (outside && !isIn && !isOut)) throw other();
    }
  }, report);
  if (i !== inside.count || (outside && j !== outside.count)) throw other();
}
