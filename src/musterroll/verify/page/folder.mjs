// The files that a person picked, wherever they come from: each is a path, a size and a way to read a part of it.

import { Unable, Wrong } from "./report.mjs";

const SMALL = 1 << 24;
export const PIECE = 34 * 256 * 512; // about 4 MB, a whole number of tiles of 34-byte leaves

export class Folder {
  /** `files` is a Map of paths with `/` between the parts to {size, read(from, to)}. */
  constructor(files, name = "") {
    this.files = files;
    this.name = name;
  }

  has(path) {
    return this.files.has(path);
  }

  /** A folder inside this one; empty if there is none. */
  inside(path) {
    const before = `${path}/`;
    const files = new Map();
    for (const [name, file] of this.files) if (name.startsWith(before)) files.set(name.slice(before.length), file);
    return new Folder(files, this.name ? `${this.name}/${path}` : path);
  }

  /** The names that stand directly in this folder, folders with a `/` at their end, sorted. */
  names() {
    const out = new Set();
    for (const path of this.files.keys()) {
      const end = path.indexOf("/");
      out.add(end < 0 ? path : path.slice(0, end + 1));
    }
    return [...out].sort((a, b) => (a < b ? -1 : 1));
  }

  size(path) {
    return this.files.get(path)?.size ?? 0;
  }

  /** Where a file stands, for people. */
  where(path) {
    return this.name ? `${this.name}/${path}` : path;
  }

  /** A whole file that is small by its nature: of no more than `most` bytes. */
  async small(path, most = SMALL) {
    const file = this.files.get(path);
    if (!file) throw new Unable("file.missing", { file: this.where(path) });
    if (file.size > most) throw new Wrong("file.long", { file: this.where(path), found: file.size });
    return file.read(0, file.size);
  }

  async part(path, from, to) {
    const file = this.files.get(path);
    if (!file) throw new Unable("file.missing", { file: this.where(path) });
    const bytes = await file.read(from, Math.min(to, file.size));
    if (bytes.length !== Math.min(to, file.size) - from) throw new Unable("file.unread", { file: this.where(path) });
    return bytes;
  }
}

/** A folder of the browser's File objects. */
export function ofFiles(pairs, name) {
  const files = new Map();
  for (const [path, file] of pairs) {
    files.set(path, {
      size: file.size,
      read: async (from, to) => new Uint8Array(await file.slice(from, to).arrayBuffer()),
    });
  }
  return new Folder(files, name);
}
