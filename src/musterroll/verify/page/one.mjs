// One person with few files: the manifest, its proof, one's own receipt, and the tiles on the way of one index.
//
// 1. The root follows from the tiles at the right edge of the tree.
// 2. The leaf hash stands in its tile; the root of each full tile stands in the tile above, up to the right edge.
// 3. The order is NOT computed: that needs the whole list. The place is not shown.
// Source: docs/spec/draw.md 11 and 12; C2SP tlog-tiles.

import { equal, hex, unhex } from "./bytes.mjs";
import { sayStated } from "./draw.mjs";
import { List } from "./list.mjs";
import * as manifests from "./manifest.mjs";
import { checkManifest } from "./only.mjs";
import * as receipts from "./receipt.mjs";
import { Unable, Wrong } from "./report.mjs";
import * as times from "./time.mjs";
import { TILE, bytesOf, fold, leaf as leafHash, rootFromInclusion, tilePath, wordsOf } from "./tree.mjs";

export async function look(context, folder, receipt, report) {
  const manifest = manifests.read(await folder.small("manifest.json"), folder.where("manifest.json"));
  sayStated(manifest, report);
  manifests.follow(manifest, report);
  await times.check(context, folder, manifest, report);
  checkManifest(context, manifest, report);
  const read = receipts.read(receipt.bytes, receipt.name);
  const { own, record, where } = read;
  const list = new List(folder, manifest);
  const root = manifest.value.cohort.root;
  const stratum = list.strata.findIndex((one) => one.id === record.stratum);
  const elsewhere = () => new Wrong("receipt.elsewhere", { where, index: own.index });
  if (read.side !== "in" || read.folder !== "") throw new Unable("one.list", { where });
  if (read.draw !== manifest.value.draw || (read.manifest && read.manifest !== manifest.digest)) throw new Unable("receipt.otherDraw", { draw: read.draw });
  if (stratum < 0 || own.index < list.firsts[stratum] || own.index >= list.firsts[stratum + 1] || record.draw !== read.draw) throw elsewhere();
  const leaf = receipts.leafOf(list, stratum, own, record);
  if (leaf === null) throw elsewhere();
  const hash = bytesOf(leafHash(leaf));
  if (read.ticket) {
    const found = own.size === list.size ? rootFromInclusion(own.index, own.size, hash, own.path.map((step) => unhex(step, 32))) : null;
    if (!found || hex(found) !== root) throw new Wrong("receipt.path", { where });
  } else {
    await throughTiles(folder.inside("cohort"), list.size, own.index, hash, unhex(root, 32), elsewhere);
  }
  report.holds("receipt.entry", { index: own.index, stratum: record.stratum });
  report.notShown("one.place");
}

async function throughTiles(folder, size, index, hash, root, elsewhere) {
  const tile = async (level, number, width) => {
    const path = tilePath(level, number, width);
    const bytes = await folder.small(path);
    if (bytes.length !== 32 * width) throw new Wrong("tile.other", { where: folder.where(path) });
    return wordsOf(bytes);
  };
  let below = null;
  let own = wordsOf(hash);
  let number = index;
  let on = true; // still on the way of this index, not yet at the right edge
  for (let level = 0, left = size; left; level++) {
    const position = number % TILE;
    number = Math.floor(number / TILE);
    const count = left % TILE;
    left = Math.floor(left / TILE);
    const edge = count ? await tile(level, left, count) : null;
    if (on) {
      const here = number === left ? edge : await tile(level, number, TILE);
      if (!here || 8 * position >= here.length || !equal(here.subarray(8 * position, 8 * position + 8), own)) throw elsewhere();
      if (number === left) on = false;
      else own = fold(here.slice(), TILE);
    }
    if (edge) {
      const hashes = new Int32Array(edge.length + (below ? 8 : 0));
      hashes.set(edge);
      if (below) hashes.set(below, edge.length);
      below = fold(hashes, hashes.length / 8);
    }
  }
  if (!equal(bytesOf(below), root)) throw new Wrong("one.root", { where: folder.where("tile"), expected: hex(root), found: hex(bytesOf(below)) });
}
