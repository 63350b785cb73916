// Files of rows of 32 bytes: ascending, each once, and their root.

import { hex } from "./bytes.mjs";
import { Wrong } from "./report.mjs";
import { compareC } from "./order.mjs";
import { TILE, Tree, bytesOf, shortLeaf } from "./tree.mjs";

const STEP = TILE * 512;

/** Rows of 32 bytes in a file of a folder. */
export class Rows {
  constructor(folder, name) {
    this.folder = folder;
    this.name = name;
    this.where = folder.where(name);
    this.count = folder.size(name) / 32;
  }

  rows(from, to) {
    return this.folder.part(this.name, 32 * from, 32 * to);
  }

  checkCount(expected) {
    if (this.folder.has(this.name) && this.count !== expected) {
      throw new Wrong("rows.length", { where: this.where, expected: 32 * expected, found: this.folder.size(this.name) });
    }
  }

  /** Call `each(bytes, first)` for the file, piece by piece. */
  async pieces(each, report) {
    if (!this.folder.has(this.name)) await this.rows(0, 0);
    for (let first = 0; first < this.count; first += STEP) {
      await each(await this.rows(first, Math.min(this.count, first + STEP)), first);
      await report.progress("progress.rows", Math.min(1, (first + STEP) / this.count));
    }
  }

  /** Hold that the rows ascend, each once, and lead to `root` (hexadecimal) where it is given. */
  async check(count, root, report) {
    this.checkCount(count);
    const tree = new Tree();
    const hashes = new Int32Array(8 * TILE);
    let last = null;
    await this.pieces((bytes, first) => {
      for (let at = 0; at < bytes.length; at += 32) {
        const before = at ? [bytes, at - 32] : [last, 0];
        if (before[0] && compareC(bytes, at, ...before) <= 0) throw new Wrong("rows.unordered", { where: this.where, index: first + at / 32 });
      }
      for (let at = 0; at < bytes.length; at += 32 * TILE) {
        const there = Math.min(TILE, (bytes.length - at) / 32);
        for (let i = 0; i < there; i++) shortLeaf(bytes, at + 32 * i, 32, hashes, 8 * i);
        tree.add(hashes, there);
      }
      last = bytes.slice(bytes.length - 32);
    }, report);
    const found = bytesOf(tree.root());
    if (root !== null && hex(found) !== root) throw new Wrong("rows.root", { where: this.where, expected: root, found: hex(found) });
    return found;
  }
}

