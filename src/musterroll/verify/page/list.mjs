// A list of leaves, `cohort.bin`: u16 stratum || C, in a draw by table u16 stratum || u16 day || C.
//
// 1. Strictly ascending as unsigned bytes: nobody twice.
// 2. As many of each stratum as the manifest says, and the root it commits to.
// 3. The tiles beside it, where they are there, are the same tree.
// Source: docs/spec/draw.md 2 and 9. Read in pieces: the whole list is never in memory.

import { equal, hex, unhex } from "./bytes.mjs";
import { PIECE } from "./folder.mjs";
import { TABLE } from "./manifest.mjs";
import { Wrong } from "./report.mjs";
import { Tiles } from "./tiles.mjs";
import { TILE, Tree, bytesOf, shortLeaf } from "./tree.mjs";

export class List {
  constructor(folder, manifest) {
    this.folder = folder;
    this.manifest = manifest;
    const { cohort, algorithm, table } = manifest.value;
    this.size = cohort.size;
    this.strata = cohort.strata;
    this.table = table ?? null;
    this.byTable = algorithm === TABLE;
    this.length = this.byTable ? 36 : 34;
    this.ahead = this.length - 32; // what stands before C
    /** The index of each stratum's first leaf, and the end. */
    this.firsts = [0];
    for (const stratum of this.strata) this.firsts.push(this.firsts.at(-1) + stratum.size);
    this.where = folder.where("cohort.bin");
  }

  /** The leaves from index `from` up to `to`, as one array of bytes. */
  leaves(from, to) {
    return this.folder.part("cohort.bin", from * this.length, to * this.length);
  }

  async check(report) {
    const expected = this.size * this.length;
    if (this.folder.has("cohort.bin") && this.folder.size("cohort.bin") !== expected) {
      throw new Wrong("list.length", { where: this.where, expected, found: this.folder.size("cohort.bin") });
    }
    const tiles = new Tiles(this.folder.inside("cohort").inside("tile"));
    const tree = new Tree();
    const hashes = new Int32Array(8 * TILE);
    const last = new Uint8Array(this.length);
    // Within a stratum (and a day) the list ascends. Across them eight bytes of each C are kept, to be sorted.
    const begins = this.byTable || this.strata.length > 1 ? new Uint8Array(8 * this.size) : null;
    const step = Math.floor(PIECE / (34 * TILE)) * TILE;
    for (let first = 0; first < this.size; first += step) {
      const bytes = await this.leaves(first, Math.min(this.size, first + step));
      this.ascending(bytes, first, last);
      this.division(bytes, first);
      if (begins) {
        for (let at = 0; at < bytes.length; at += this.length) {
          const c = at + this.ahead;
          begins.set(bytes.subarray(c, c + 8), 8 * (first + at / this.length));
        }
      }
      for (let at = 0; at < bytes.length; at += this.length * TILE) {
        const count = Math.min(TILE, (bytes.length - at) / this.length);
        for (let i = 0; i < count; i++) shortLeaf(bytes, at + i * this.length, this.length, hashes, 8 * i);
        const group = first / TILE + at / (this.length * TILE);
        await tiles.checkHashes(group, hashes, count);
        await tiles.checkEntries(group, this.entries(bytes, at, count));
        tree.add(hashes, count);
      }
      await report.progress("progress.list", Math.min(1, (first + step) / this.size));
    }
    const root = bytesOf(tree.root());
    const committed = unhex(this.manifest.value.cohort.root);
    if (!equal(root, committed)) throw new Wrong("list.root", { where: this.where, expected: hex(committed), found: hex(root) });
    if (begins) await this.apart(new BigUint64Array(begins.buffer).sort());
    report.holds("list.holds", { size: this.size, root: hex(root) });
    await tiles.checkAbove(tree);
    tiles.checkWhole(this.size);
    if (tiles.count) report.holds("list.tiles", { tiles: tiles.count });
    for (const path of tiles.strange) report.notChecked("file.strange", { file: tiles.folder.where(path) });
  }

  /** Hold that nobody stands in two strata, or at two dates; `begins` are the first eight bytes of each C, sorted. */
  async apart(begins) {
    const words = new Uint32Array(begins.buffer);
    const alike = new Set();
    for (let i = 2; i < words.length; i += 2) {
      if (words[i] === words[i - 2] && words[i + 1] === words[i - 1]) alike.add(begins[i / 2]);
    }
    if (!alike.size) return;
    const seen = new Set();
    for (let first = 0; first < this.size; first += 131_072) {
      const bytes = await this.leaves(first, Math.min(this.size, first + 131_072));
      for (let at = 0; at < bytes.length; at += this.length) {
        const c = bytes.slice(at + this.ahead, at + this.length);
        if (!alike.has(new BigUint64Array(c.buffer, 0, 1)[0])) continue;
        if (seen.has(hex(c))) throw new Wrong("list.twice", { where: this.where, index: first + at / this.length });
        seen.add(hex(c));
      }
    }
  }

  entries(bytes, at, count) {
    const out = [];
    for (let i = 0; i < count; i++) out.push(bytes.subarray(at + i * this.length, at + (i + 1) * this.length));
    return out;
  }

  /** Hold that each leaf is above the one before; `last` is the one before the first, and becomes the last. */
  ascending(bytes, first, last) {
    const { length } = this;
    const at = first ? 0 : length;
    if (first && !above(bytes, 0, last, 0, length)) this.unordered(first);
    for (let i = Math.max(at, length); i < bytes.length; i += length) {
      if (!above(bytes, i, bytes, i - length, length)) this.unordered(first + i / length);
    }
    last.set(bytes.subarray(bytes.length - length));
  }

  unordered(index) {
    throw new Wrong("list.unordered", { where: this.where, index });
  }

  /** Hold that each leaf names the stratum whose turn it is, and in a draw by table a day that the table has. */
  division(bytes, first) {
    let stratum = this.stratumOf(first);
    for (let i = 0; i < bytes.length; i += this.length) {
      const index = first + i / this.length;
      while (index >= this.firsts[stratum + 1]) stratum++;
      const day = this.byTable ? bytes[i + 2] * 256 + bytes[i + 3] : 1;
      if (bytes[i] * 256 + bytes[i + 1] !== stratum) throw new Wrong("list.division", { where: this.where, index });
      if (day < 1 || day > 366 || (day === 60 && this.table?.days === 365)) throw new Wrong("list.day", { where: this.where, index, found: day });
    }
  }

  stratumOf(index) {
    let low = 0;
    let high = this.strata.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.firsts[middle] <= index) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

function above(a, aAt, b, bAt, length) {
  for (let i = 0; i < length; i++) {
    const one = a[aAt + i];
    const other = b[bAt + i];
    if (one !== other) return one > other;
  }
  return false;
}
