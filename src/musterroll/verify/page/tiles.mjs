// The files under `tile/`: whatever is there must be what the entries say.
//
// 1. A tile is 256 hashes, or as many as its path says (`.p/112`); a bundle of entries has each behind a u16 length.
// 2. Where any is there, all are: every level, every bundle.
// 3. A partial tile of an earlier size may be left: it must be the beginning of what stands there now.
// Source: C2SP tlog-tiles 0.1.0; docs/spec/ledger.md 2.4.

import { concat, equal, u16 } from "./bytes.mjs";
import { Unable, Wrong } from "./report.mjs";
import { store } from "./sha256.mjs";
import { TILE, tileNumber, tilePath } from "./tree.mjs";

const PATH = /^(entries|0|[1-9][0-9]?)\/((?:x[0-9]{3}\/)*[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/;

export class Tiles {
  /** The files of `folder`, which is the folder `tile`. */
  constructor(folder) {
    this.folder = folder;
    this.count = 0;
    this.strange = [];
    this.at = new Map(); // "level number" to the list of {path, width}
    for (const path of folder.files.keys()) {
      const found = PATH.exec(path);
      const number = found ? Number(found[2].replaceAll(/[x/]/g, "")) : null;
      const width = found?.[3] === undefined ? TILE : Number(found[3]);
      if (!found || tileNumber(number) !== found[2] || width > TILE - (found[3] === undefined ? 0 : 1)) {
        this.strange.push(path);
        continue;
      }
      const key = `${found[1]} ${number}`;
      if (!this.at.has(key)) this.at.set(key, []);
      this.at.get(key).push({ path, width });
    }
    this.seen = new Set();
  }

  /** The path of a bundle of entries: the one of just this width, or the full one, which may come before its checkpoint. */
  entries(number, width) {
    const files = this.at.get(`entries ${number}`) ?? [];
    return files.find((file) => file.width === width)?.path ?? `entries/${tileNumber(number)}${width < TILE ? `.p/${width}` : ""}`;
  }

  /** Hold that each tile of level 0 for group `number` is these leaf hashes. */
  async checkHashes(number, hashes, count) {
    if (!this.at.has(`0 ${number}`)) return;
    const bytes = new Uint8Array(32 * count);
    for (let i = 0; i < count; i++) store(hashes, 8 * i, bytes, 32 * i);
    await this.check("0", number, count, (width) => bytes.subarray(0, 32 * width));
  }

  /** Hold that each bundle for group `number` is these entries, a list of bytes. */
  async checkEntries(number, entries) {
    if (!this.at.has(`entries ${number}`)) return;
    const bundle = (width) => concat(...entries.slice(0, width).flatMap((entry) => [u16(entry.length), entry]));
    await this.check("entries", number, entries.length, bundle);
  }

  /** Hold that the tiles above level 0 are those of `tree`. */
  async checkAbove(tree) {
    for (const key of this.at.keys()) {
      const [level, number] = key.split(" ");
      if (level === "0" || level === "entries") continue;
      const first = Number(number) * TILE;
      const there = Math.max(0, Math.min(TILE, tree.width(Number(level)) - first));
      await this.check(level, Number(number), there, (width) => tree.tile(Number(level), first, width));
    }
  }

  async check(level, number, count, expected) {
    const key = `${level} ${number}`;
    this.seen.add(key);
    for (const { path, width } of this.at.get(key)) {
      const where = this.folder.where(path);
      if (width > count) throw new Wrong("tile.beyond", { where });
      const bytes = await this.folder.small(path);
      if (!equal(bytes, expected(width))) throw new Wrong("tile.other", { where });
      this.count++;
    }
  }

  /** Hold that no tile stands for entries that are not there; and that all are there, if any is. */
  checkWhole(size) {
    for (const [key, files] of this.at) {
      if (!this.seen.has(key)) throw new Wrong("tile.beyond", { where: this.folder.where(files[0].path) });
    }
    if (!this.at.size) return;
    this.checkLevel("entries", size);
    for (let level = 0, width = size; width; level++, width = Math.floor(width / TILE)) this.checkLevel(String(level), width);
  }

  checkLevel(level, width) {
    for (let first = 0; first < width; first += TILE) {
      const count = Math.min(TILE, width - first);
      if (this.at.get(`${level} ${first / TILE}`)?.some((file) => file.width === count)) continue;
      throw new Unable("file.missing", { file: this.folder.where(tilePath(level, first / TILE, count).slice("tile/".length)) });
    }
  }
}
