// The tree of RFC 6962 over SHA-256: leaf SHA-256(0x00 || data), node SHA-256(0x01 || left || right).
//
// 1. An odd node is promoted, never doubled.
// 2. Hashes are eight words each, side by side in an Int32Array.
// 3. Indices and sizes stay below 2^53 and are halved by division: a shift would cut them to 32 bits.
// Sources: RFC 6962 section 2.1; RFC 9162 sections 2.1.3.2 and 2.1.4.2 (proofs); C2SP tlog-tiles (tiles).

import { Hasher, W, compress, sha256, start, store } from "./sha256.mjs";

export const TILE = 256;
const START = start();
const HALF = new Int32Array(8);

/** The leaf hash of the `length` <= 54 bytes of `bytes` from `at`: one block, for long lists of short leaves. */
export function shortLeaf(bytes, at, length, out, outAt) {
  let word = 0;
  for (let i = 0; i <= length; i++) {
    word = (word << 8) | (i ? bytes[at + i - 1] : 0);
    if ((i & 3) === 3) W[i >> 2] = word;
  }
  const filled = length + 1; // with the 0x00 before the data
  const spare = 4 - (filled & 3);
  W[filled >> 2] = spare === 4 ? 0x80000000 | 0 : (((word << 8) | 0x80) << (8 * (spare - 1))) | 0;
  for (let t = (filled >> 2) + 1; t < 15; t++) W[t] = 0;
  W[15] = filled * 8;
  compress(START, 0, out, outAt);
}

/** The leaf hash of any bytes, as words. */
export function leaf(bytes) {
  return new Hasher().update(Uint8Array.of(0)).update(bytes).words();
}

/** The node over two hashes: `out` may be where one of them stands. */
export function node(left, leftAt, right, rightAt, out, outAt) {
  let before = 1;
  for (let t = 0; t < 8; t++) {
    const word = left[leftAt + t];
    W[t] = (before << 24) | (word >>> 8);
    before = word;
  }
  for (let t = 0; t < 8; t++) {
    const word = right[rightAt + t];
    W[t + 8] = (before << 24) | (word >>> 8);
    before = word;
  }
  compress(START, 0, HALF, 0);
  W[0] = (before << 24) | 0x800000;
  W.fill(0, 1, 15);
  W[15] = 65 * 8;
  compress(HALF, 0, out, outAt);
}

/** The root over `count` = 1 to 256 hashes side by side in `hashes`; they are used up. */
export function fold(hashes, count) {
  while (count > 1) {
    const pairs = count >> 1;
    for (let i = 0; i < pairs; i++) node(hashes, 16 * i, hashes, 16 * i + 8, hashes, 8 * i);
    if (count & 1) hashes.copyWithin(8 * pairs, 8 * (count - 1), 8 * count);
    count = pairs + (count & 1);
  }
  return hashes.slice(0, 8);
}

export function bytesOf(words, at = 0) {
  const out = new Uint8Array(32);
  store(words, at, out, 0);
  return out;
}

export function wordsOf(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const out = new Int32Array(bytes.length >> 2);
  for (let i = 0; i < out.length; i++) out[i] = view.getInt32(4 * i);
  return out;
}

/** A list of hashes that grows, eight words each. */
export class Hashes {
  constructor() {
    this.words = new Int32Array(8 * TILE);
    this.count = 0;
  }

  push(words, at = 0) {
    if (8 * this.count === this.words.length) {
      const wider = new Int32Array(2 * this.words.length);
      wider.set(this.words);
      this.words = wider;
    }
    for (let i = 0; i < 8; i++) this.words[8 * this.count + i] = words[at + i];
    this.count++;
  }

  /** A copy of the hashes from `from` up to `to`. */
  slice(from, to) {
    return this.words.slice(8 * from, 8 * to);
  }
}

/**
 * A tree that is fed 256 leaf hashes at a time, the last time fewer. It keeps one hash for every 256 leaves, and the
 * hashes of the last group: enough for its root, its tiles, and the root it had at any earlier size.
 */
export class Tree {
  constructor() {
    this.size = 0;
    /** levels[k]: the roots of the full groups of 256^(k+1) leaves, which are the hashes in tiles of level k+1. */
    this.levels = [];
    this.tail = new Int32Array(0);
  }

  /** `hashes` holds `count` leaf hashes and stays as it is. */
  add(hashes, count) {
    this.size += count;
    if (count < TILE) {
      this.tail = hashes.slice(0, 8 * count);
      return;
    }
    let root = fold(hashes.slice(0, 8 * TILE), TILE);
    for (let k = 0; ; k++) {
      if (this.levels.length === k) this.levels.push(new Hashes());
      const level = this.levels[k];
      level.push(root);
      if (level.count % TILE) break;
      root = fold(level.slice(level.count - TILE, level.count), TILE);
    }
  }

  root() {
    return this.rootAt(this.size, this.tail);
  }

  /** The root when there were `size` leaves; `tail` are the leaf hashes after the last full group of that size. */
  rootAt(size, tail) {
    if (size === 0) return wordsOf(sha256());
    let below = size % TILE ? fold(tail.slice(0, 8 * (size % TILE)), size % TILE) : null;
    let groups = Math.floor(size / TILE);
    for (let k = 0; groups; k++) {
      const count = groups % TILE;
      groups = Math.floor(groups / TILE);
      // The hashes of this level that stand in no full group of the next, with what is below as the last of them.
      const hashes = new Int32Array(8 * (count + 1));
      const first = groups * TILE;
      hashes.set(this.levels[k].slice(first, first + count));
      below = this._joined(hashes, count, below);
    }
    return below;
  }

  /** The root over perfect trees of one size and, to their right, a smaller one. */
  _joined(hashes, count, below) {
    if (below === null) return count ? fold(hashes, count) : null;
    // A smaller tree at the right end is promoted at each level until it meets a left neighbour: fold does that.
    hashes.set(below, 8 * count);
    return fold(hashes, count + 1);
  }

  /** The hashes that a tile of level 1 or more must hold, as bytes. */
  tile(level, first, count) {
    const words = this.levels[level - 1].slice(first, first + count);
    const out = new Uint8Array(32 * count);
    for (let i = 0; i < count; i++) store(words, 8 * i, out, 32 * i);
    return out;
  }

  /** How many hashes level `level` (1 or more) of the tiles has. */
  width(level) {
    return this.levels[level - 1]?.count ?? 0;
  }
}

/** The root that follows from a leaf hash and its inclusion proof (all bytes); null if the proof has a wrong length. */
export function rootFromInclusion(index, size, leafHash, path) {
  if (index >= size) return null;
  let position = index;
  let last = size - 1;
  let hash = wordsOf(leafHash);
  for (const step of path) {
    if (last === 0) return null;
    const sibling = wordsOf(step);
    if (position % 2 || position === last) {
      node(sibling, 0, hash, 0, hash, 0);
      while (position % 2 === 0 && position) {
        position = Math.floor(position / 2);
        last = Math.floor(last / 2);
      }
    } else {
      node(hash, 0, sibling, 0, hash, 0);
    }
    position = Math.floor(position / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 ? bytesOf(hash) : null;
}

/** Whether `path` proves that the tree of `size` and `root` begins with the tree of `oldSize` and `oldRoot` (bytes). */
export function consistent(oldSize, size, oldRoot, root, path) {
  const same = (one, other) => one.every((byte, i) => byte === other[i]);
  if (oldSize > size) return false;
  if (oldSize === size) return path.length === 0 && same(oldRoot, root);
  if (oldSize === 0) return path.length === 0;
  let steps = path.map(wordsOf);
  let position = oldSize - 1;
  let last = size - 1;
  while (position % 2) {
    position = Math.floor(position / 2);
    last = Math.floor(last / 2);
  }
  if (position) {
    if (!steps.length) return false;
  } else {
    steps = [wordsOf(oldRoot), ...steps];
  }
  const before = steps[0].slice();
  const now = steps[0].slice();
  for (const step of steps.slice(1)) {
    if (last === 0) return false;
    if (position % 2 || position === last) {
      node(step, 0, before, 0, before, 0);
      node(step, 0, now, 0, now, 0);
      while (position % 2 === 0 && position) {
        position = Math.floor(position / 2);
        last = Math.floor(last / 2);
      }
    } else {
      node(now, 0, step, 0, now, 0);
    }
    position = Math.floor(position / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && same(bytesOf(before), oldRoot) && same(bytesOf(now), root);
}

/** `x001/x234/067` for 1,234,067. */
export function tileNumber(number) {
  let out = String(number % 1000).padStart(3, "0");
  for (let rest = Math.floor(number / 1000); rest; rest = Math.floor(rest / 1000)) {
    out = `x${String(rest % 1000).padStart(3, "0")}/${out}`;
  }
  return out;
}

/** The path of tile `number` of a level (or of `entries`), `width` hashes wide. */
export function tilePath(level, number, width) {
  return `tile/${level}/${tileNumber(number)}${width < TILE ? `.p/${width}` : ""}`;
}
